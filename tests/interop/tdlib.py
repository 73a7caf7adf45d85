#!/usr/bin/env python3
"""TDLib (tdjson 1.8.69) on the local Telegram: what official apps are built on, unchanged but for addresses and keys.

  tdlib.py --offhook PATH [--http] [--seconds N] [--log FILE]

Needs the wheel `tdjson` in the interpreter that runs it, and root: TDLib knows port 443 alone, so the server listens there,
on a loopback address of its own (127.100.x.y).  Everything happens in a temporary folder, and nothing leaves the machine.

Log-in by code and by password; setting, changing and removing the password; messages both ways, reading, history, chats,
contacts; a call that is given up and one that is answered, with emoji, servers, rating; the list of devices; and a server
that dies and comes back while a message is on its way.  With --http TDLib takes the server for a proxy that understands
HTTP alone, so every packet is a POST, with long polls beside them.  Prints a JSON line per check and one of totals; exit code 0 only when
every check held.
"""
import argparse, json, os, pathlib, random, signal, subprocess, sys, tempfile, threading, time

import local_dc, patched, td_library

ALICE, BOB, CAROL, PASSWORD = "+10000000001", "+10000000002", "+10000000003", "hunter2"
VERSIONS = ["13.0.0", "9.0.0", "2.4.4"]


class Server:
    """`offhook dc` with a memory of its own, which can be killed and started again at the same address."""

    def __init__(self, offhook, folder):
        self.offhook, self.folder = offhook, folder
        self.address = f"127.100.{random.randint(10, 99)}.{random.randint(10, 99)}"
        self.process = None

    def start(self):
        users = {ALICE: "alice:Alice", BOB: "bob:Bob", CAROL: "carol:Carol"}
        command = [self.offhook, "dc", "--json", "--code", "12345", "--need-rating", "--data", str(self.folder)]
        command += ["--listen", f"{self.address}:443", "--user-password", f"{CAROL}:{PASSWORD}"]
        for phone, name in users.items():
            command += ["--user", f"{phone}:{name}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        hello = self.process.stdout.readline()
        if not hello:
            sys.exit("the server did not start")
        return json.loads(hello)["pem"]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it properly; returns what it counted."""
        if self.process.poll() is not None:
            raise RuntimeError(f"the server has ended by itself: {self.process.returncode}")
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        return json.loads(out.splitlines()[-1])


def text(words):
    return {"@type": "inputMessageText", "text": {"@type": "formattedText", "text": words}}


def words(message):
    return message["content"].get("text", {}).get("text")


def protocol(versions=VERSIONS):
    return {
        "@type": "callProtocol", "udp_p2p": True, "udp_reflector": True, "min_layer": 65, "max_layer": 92,
        "library_versions": versions,
    }


def incoming(words_):
    return lambda u: not u["message"]["is_outgoing"] and words(u["message"]) == words_


def in_state(kind, call=None):
    return lambda u: u["call"]["state"]["@type"] == kind and call in (None, u["call"]["unique_id"])


def fails(call):
    """The message of the error a request is answered with."""
    try:
        call()
    except td_library.Error as error:
        return error.message
    return None


def log_in(ctx, check):
    alice, bob = ctx["client"]("alice"), ctx["client"]("bob")
    alice.log_in(ALICE, "12345")
    bob.start()
    bob.state("authorizationStateWaitPhoneNumber")
    bob.ask("setAuthenticationPhoneNumber", phone_number=BOB)
    bob.state("authorizationStateWaitCode")
    check("wrong_code", fails(lambda: bob.ask("checkAuthenticationCode", code="54321")) == "PHONE_CODE_INVALID")
    bob.ask("checkAuthenticationCode", code="12345")
    bob.state("authorizationStateReady")
    me = [it.ask("getMe") for it in (alice, bob)]
    check("login_by_code", [it["phone_number"] for it in me] == [ALICE[1:], BOB[1:]])
    for it in (alice, bob):
        it.wait("updateConnectionState", lambda u: u["state"]["@type"] == "connectionStateReady")
        it.ask("setOption", name="online", value={"@type": "optionValueBoolean", "value": True})
    ctx.update(alice=alice, bob=bob, alice_id=me[0]["id"], bob_id=me[1]["id"])


def passwords(ctx, check):
    carol = ctx["client"]("carol")
    carol.start()
    carol.state("authorizationStateWaitPhoneNumber")
    carol.ask("setAuthenticationPhoneNumber", phone_number=CAROL)
    carol.state("authorizationStateWaitCode")
    carol.ask("checkAuthenticationCode", code="12345")
    carol.state("authorizationStateWaitPassword")
    wrong = fails(lambda: carol.ask("checkAuthenticationPassword", password=PASSWORD + "x"))
    check("wrong_password", wrong == "PASSWORD_HASH_INVALID", error=wrong)
    carol.ask("checkAuthenticationPassword", password=PASSWORD)
    carol.state("authorizationStateReady")
    check("login_by_password", carol.ask("getMe")["phone_number"] == CAROL[1:])

    def put(it, old, new, hint=""):
        return it.ask("setPassword", old_password=old, new_password=new, new_hint=hint,
                      set_recovery_email_address=False, new_recovery_email_address="")

    state = put(carol, PASSWORD, "another", "a word")
    check("password_changed", state["has_password"] and state["password_hint"] == "a word")
    wrong = fails(lambda: put(carol, PASSWORD, "third"))
    check("old_password_is_refused", wrong == "PASSWORD_HASH_INVALID", error=wrong)
    check("password_removed", not put(carol, "another", "")["has_password"])
    check("password_set", put(carol, "", PASSWORD)["has_password"])
    again = ctx["client"]("carol-again")
    again.log_in(CAROL, "12345", PASSWORD)
    devices = again.ask("getActiveSessions")["sessions"]
    check("two_devices", [it["is_current"] for it in devices].count(True) == 1 and len(devices) == 2)
    other = next(it for it in devices if not it["is_current"])
    told = [other[it] for it in ("device_model", "system_version", "application_version", "api_id")]
    check("device_is_described", told == ["test", "1", told[2], 1] and told[2].startswith("1, TDLib "), told=told)
    again.ask("terminateSession", session_id=other["id"])
    check("device_logged_out_from_afar", len(again.ask("getActiveSessions")["sessions"]) == 1)
    check("it_is_refused", fails(lambda: carol.ask("searchPublicChat", username="alice")) is not None)
    carol.state("authorizationStateClosed")
    again.ask("logOut")
    again.state("authorizationStateClosed")


def contacts(ctx, check):
    alice, bob_id = ctx["alice"], ctx["bob_id"]
    contact = {"@type": "importedContact", "phone_number": BOB, "first_name": "Bob", "last_name": ""}
    check("contact_imported", alice.ask("importContacts", contacts=[contact])["user_ids"] == [bob_id])
    check("contacts", alice.ask("getContacts")["user_ids"] == [bob_id])
    check("user_by_name", alice.ask("searchPublicChat", username="bob")["id"] == bob_id)
    check("user_by_phone", alice.ask("searchUserByPhoneNumber", phone_number=BOB)["id"] == bob_id)
    check("full_info", alice.ask("getUserFullInfo", user_id=bob_id)["can_be_called"])
    check("no_photos", alice.ask("getUserProfilePhotos", user_id=bob_id, offset=0, limit=9)["total_count"] == 0)


def messages(ctx, check):
    alice, bob, alice_id, bob_id = (ctx[it] for it in ("alice", "bob", "alice_id", "bob_id"))
    alice.ask("createPrivateChat", user_id=bob_id)
    long = "hello, and a very long tail " + "x" * 600
    alice.ask("sendMessage", chat_id=bob_id, input_message_content=text(long))
    sent = alice.wait("updateMessageSendSucceeded")["message"]
    got = bob.wait("updateNewMessage", incoming(long))["message"]
    check("alice_to_bob", (got["chat_id"], got["sender_id"]["user_id"]) == (alice_id, alice_id))
    bob.ask("openChat", chat_id=alice_id)
    source = {"@type": "messageSourceChatHistory"}
    bob.ask("viewMessages", chat_id=alice_id, message_ids=[got["id"]], source=source, force_read=True)
    read = alice.wait("updateChatReadOutbox", lambda u: u["chat_id"] == bob_id)
    check("read", read["last_read_outbox_message_id"] == sent["id"])
    bob.ask("sendMessage", chat_id=alice_id, input_message_content=text("and hello to you"))
    alice.wait("updateNewMessage", incoming("and hello to you"))
    # TDLib shows typing only to somebody who seems to be there, as one who has just written does.
    alice.ask("sendChatAction", chat_id=bob_id, action={"@type": "chatActionTyping"})
    check("typing", bob.wait("updateChatAction")["action"]["@type"] == "chatActionTyping")
    mine = alice.ask("createPrivateChat", user_id=alice_id)["id"]
    alice.ask("sendMessage", chat_id=mine, input_message_content=text("a note"))
    done = alice.wait("updateMessageSendSucceeded", lambda u: words(u["message"]) == "a note")
    check("note_to_oneself", done["message"]["chat_id"] == alice_id)
    fresh = ctx["client"]("alice-elsewhere")
    fresh.log_in(ALICE, "12345")
    fresh.ask("loadChats", chat_list={"@type": "chatListMain"}, limit=10)
    check("chats", fresh.ask("getChats", limit=10)["chat_ids"] == [alice_id, bob_id])
    check("history", history(fresh, bob_id) == ["and hello to you", long])
    unread = fresh.ask("getChat", chat_id=bob_id)["unread_count"]
    check("unread", unread == 1, unread=unread)
    fresh.ask("logOut")
    fresh.state("authorizationStateClosed")


def history(client, chat):
    """All texts of a chat as the server has them, newest first.  TDLib answers with parts of what was asked for."""
    found, last = [], 0
    while True:
        page = client.ask("getChatHistory", chat_id=chat, from_message_id=last, offset=0, limit=100, only_local=False)
        if not page["messages"]:
            return found
        found += [words(it) for it in page["messages"]]
        last = page["messages"][-1]["id"]


def calls(ctx, check):
    alice, bob, alice_id, bob_id = (ctx[it] for it in ("alice", "bob", "alice_id", "bob_id"))

    def hang_up(it, number, seconds):
        it.ask("discardCall", call_id=number, is_disconnected=False, invite_link="", duration=seconds, is_video=False,
               connection_id=0)

    mark = bob.mark()
    number = alice.ask("createCall", user_id=bob_id, protocol=protocol(), is_video=False)["id"]
    ringing = bob.wait("updateCall", in_state("callStatePending"), mark)["call"]
    check("it_rings", (ringing["user_id"], ringing["is_outgoing"]) == (alice_id, False))
    alice.wait("updateCall", lambda u: u["call"]["id"] == number and u["call"]["state"].get("is_received"))
    hang_up(alice, number, 0)
    ended = bob.wait("updateCall", in_state("callStateDiscarded", ringing["unique_id"]))["call"]["state"]
    check("given_up", ended["reason"]["@type"] == "callDiscardReasonMissed" and not ended["need_rating"], state=ended)

    marks = alice.mark(), bob.mark()
    number = alice.ask("createCall", user_id=bob_id, protocol=protocol(), is_video=False)["id"]
    ringing = bob.wait("updateCall", in_state("callStatePending"), marks[1])["call"]
    bob.ask("acceptCall", call_id=ringing["id"], protocol=protocol(VERSIONS[1:]))
    same = ringing["unique_id"]
    ready = [it.wait("updateCall", in_state("callStateReady", same))["call"]["state"] for it in (alice, bob)]
    emojis = [it["emojis"] for it in ready]
    check("same_emojis", emojis[0] == emojis[1] and len(emojis[0]) == 4, emojis=emojis[0])
    check("same_key", ready[0]["encryption_key"] == ready[1]["encryption_key"])
    check("best_common_version", [it["protocol"]["library_versions"] for it in ready] == [["9.0.0"]] * 2)
    kinds = [sorted({it["type"]["@type"] for it in state["servers"]}) for state in ready]
    both = ["callServerTypeTelegramReflector", "callServerTypeWebrtc"]
    check("servers", kinds == [both] * 2, count=[len(it["servers"]) for it in ready])
    bob.ask("sendCallSignalingData", call_id=ringing["id"], data="c2lnbmFs")
    signal_ = alice.wait("updateNewCallSignalingData", since=marks[0])
    check("signalling", (signal_["call_id"], signal_["data"]) == (number, "c2lnbmFs"))
    hang_up(alice, number, 7)
    ends = [it.wait("updateCall", in_state("callStateDiscarded", same))["call"]["state"] for it in (alice, bob)]
    check("hung_up", [it["reason"]["@type"] for it in ends] == ["callDiscardReasonHungUp"] * 2)
    check("rating_is_asked_for", [it["need_rating"] for it in ends] == [True, True])
    rated = {"@type": "inputCallDiscarded", "call_id": number}
    alice.ask("sendCallRating", call_id=rated, rating=5, comment="", problems=[])
    is_call = lambda u: u["message"]["content"].get("unique_id") == same
    told = bob.wait("updateNewMessage", is_call, marks[1])["message"]
    check("call_in_history", told["chat_id"] == alice_id and not told["is_outgoing"])
    number = alice.ask("createCall", user_id=bob_id, protocol=protocol(["13.0.0"]), is_video=False)["id"]
    same = alice.wait("updateCall", lambda u: u["call"]["id"] == number and u["call"]["unique_id"] != "0")["call"]["unique_id"]
    ringing = bob.wait("updateCall", in_state("callStatePending", same))["call"]
    hang_up(bob, ringing["id"], 0)
    ended = alice.wait("updateCall", in_state("callStateDiscarded", same))["call"]["state"]
    check("declined", ended["reason"]["@type"] == "callDiscardReasonDeclined", state=ended)


def loss_of_the_server(ctx, check):
    server, alice, bob, alice_id, bob_id = (ctx[it] for it in ("server", "alice", "bob", "alice_id", "bob_id"))
    for how in ("stopped", "killed"):
        marks = alice.mark(), bob.mark()
        if how == "stopped":
            counted(server.stop(), check)
        else:
            server.kill()
        question, answer = f"sent while {how}", f"back from {how}"
        alice.ask("sendMessage", chat_id=bob_id, input_message_content=text(question))
        server.start()
        # Clients try again after a pause that doubles.
        got = bob.wait("updateNewMessage", incoming(question), marks[1], seconds=40)["message"]
        check("message_arrives_after_the_loss", got["chat_id"] == alice_id, server=how)
        bob.ask("sendMessage", chat_id=alice_id, input_message_content=text(answer))
        alice.wait("updateNewMessage", incoming(answer), marks[0], seconds=40)
        texts = [it for it in history(alice, bob_id) if it]
        check("nothing_lost_nothing_doubled", texts[:2] == [answer, question] and len(set(texts)) == len(texts), server=how)
        check("same_history_on_both_sides", [it for it in history(bob, alice_id) if it] == texts, messages=len(texts))


def counted(totals, check):
    """A question that is repeated without end would show in the numbers of a server that ended properly."""
    check("few_questions", totals["requests"] < 1000, requests=totals["requests"])
    check("no_bad_packets", totals["bad_packets"] == 0)
    check("every_method_is_known", totals["unknown_methods"] == 0, unknown=totals["unknown_methods"])


def main(a):
    check = local_dc.Checks()
    with tempfile.TemporaryDirectory(prefix="offhook-tdlib-") as folder:
        folder = pathlib.Path(folder)
        server = Server(a.offhook, folder / "server")
        done = patched.patch(td_library.wheel(), folder / "libtdjson.so", server.address, server.start())
        check("patched", done["addresses"] >= 5 and done["keys"] >= 2, **done)
        library = td_library.Library(folder / "libtdjson.so", a.verbosity, a.log)
        if a.http:
            kind = {"@type": "proxyTypeHttp", "username": "", "password": "", "http_only": True}
            library.proxy = {"@type": "proxy", "server": server.address, "port": 443, "type": kind}
        clients = []

        def client(name):
            clients.append(td_library.Client(library, folder / name))
            return clients[-1]

        ctx = {"server": server, "client": client}
        try:
            for part in (log_in, passwords, contacts, messages, calls, loss_of_the_server):
                start = time.monotonic()
                try:
                    part(ctx, check)
                except Exception as error:  # a part that breaks is a failed check, and the others still run
                    check(part.__name__, False, error=repr(error))
                print(json.dumps({"part": part.__name__, "seconds": round(time.monotonic() - start, 1)}), flush=True)
            for it in (ctx.get("alice"), ctx.get("bob")):
                if it:
                    it.close()
            totals = server.stop()
            counted(totals, check)
            check("posted", (totals["posts"] > 0) == a.http, posts=totals["posts"], connections=totals["connections"])
        finally:
            if server.process.poll() is None:
                server.kill()
    return check.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offhook", required=True, metavar="PATH")
    parser.add_argument("--http", action="store_true", help="packets travel as HTTP requests")
    parser.add_argument("--seconds", type=float, default=150, help="give up after this long")
    parser.add_argument("--log", metavar="FILE", help="where TDLib's own log goes")
    parser.add_argument("--verbosity", type=int, default=0, help="of that log, 0 to 5")
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("tdlib.py needs root: TDLib knows port 443 alone")
    limit = threading.Timer(args.seconds, lambda: (print("took too long", file=sys.stderr), os._exit(1)))
    limit.daemon = True
    limit.start()
    code = main(args)
    sys.stdout.flush()
    os._exit(code)  # TDLib's threads do not end by themselves
