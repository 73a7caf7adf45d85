#!/usr/bin/env python3
"""Telethon (1.45.0) on the local Telegram: login by code and password, sign-up, messages both ways, updates after an absence.

  telethon_login.py (--dc ADDR --dc-key FILE | --serve 'COMMAND') [--code CODE] [--phone-a P] [--phone-b P]
                    [--user-b NAME] [--new-phone P] [--seconds N]

Needs three users on the server, by default +10000000001, +10000000002 (@bob) and +10000000003 with a password:
  --serve 'offhook dc --json --code 12345 --user 10000000001:alice:Alice --user 10000000002:bob:Bob
           --user 10000000003:carol:Carol --user-password 10000000003:hunter2'
and signs up a fourth one (a test number, whose code is known).  Prints a JSON line per check and one of totals;
exit code 0 only when every check held.
"""
import argparse, asyncio, random, secrets, sys, time

from telethon import TelegramClient, errors, events, functions, types
from telethon.crypto import rsa
from telethon.network import connection
from telethon.sessions import MemorySession

import local_dc

TRANSPORTS = {
    "full": connection.ConnectionTcpFull,
    "abridged": connection.ConnectionTcpAbridged,
    "intermediate": connection.ConnectionTcpIntermediate,
    "obfuscated": connection.ConnectionTcpObfuscated,
}


def client(a, session=None, transport="full", catch_up=False):
    if session is None:
        session = MemorySession()
        session.set_dc(a.dc_id, a.host, a.port)
    return TelegramClient(
        session, 1, "local", connection=TRANSPORTS[transport], connection_retries=1, request_retries=1,
        auto_reconnect=False, catch_up=catch_up,
    )


async def log_in(a, phone, transport="full"):
    it = client(a, transport=transport)
    await it.connect()
    await it.send_code_request(phone)
    await it.sign_in(phone, a.code)
    return it


async def refused(error, call):
    """Whether a call is refused with this error, and how fast."""
    start = time.monotonic()
    try:
        await call
    except error:
        return True, time.monotonic() - start
    except errors.RPCError as other:
        print(f"refused with {other!r}", file=sys.stderr)
    return False, time.monotonic() - start


def inbox(it):
    queue = asyncio.Queue()

    @it.on(events.NewMessage(incoming=True))
    async def _(event):
        queue.put_nowait(event.message)

    return queue


async def transports(a, check):
    for name in TRANSPORTS:
        it = await log_in(a, a.phone_a, name)
        me = await it.get_me()
        ok = me.phone == a.phone_a.lstrip("+") and me.is_self
        await it.disconnect()
        again = client(a, session=it.session, transport=name)
        await again.connect()
        check("login", ok and await again.is_user_authorized(), transport=name)
        key = again.session.auth_key
        await again.log_out()
        last = client(a, transport=name)
        last.session.auth_key = key
        await last.connect()
        check("logged_out", not await last.is_user_authorized(), transport=name)
        await last.disconnect()


async def wrong_turns(a, check):
    it = client(a)
    await it.connect()
    ok, took = await refused(errors.AuthKeyUnregisteredError, it(functions.updates.GetStateRequest()))
    check("before_login_401", ok and took < 1)
    await it.send_code_request(a.phone_a)
    ok, _ = await refused(errors.PhoneCodeInvalidError, it.sign_in(a.phone_a, a.code[::-1] + "0"))
    check("wrong_code", ok)
    await it.sign_in(a.phone_a, a.code)
    ok, took = await refused(errors.RPCError, it(functions.messages.GetStickersRequest("x", 0)))
    check("unknown_method_is_refused_at_once", ok and took < 1, seconds=round(took, 3))
    ok, _ = await refused(errors.UsernameNotOccupiedError, it(functions.contacts.ResolveUsernameRequest("nobody_at_all")))
    check("unknown_username", ok)
    peer = await it.get_input_entity(a.user_b)
    stranger = types.InputPeerUser(peer.user_id, peer.access_hash ^ 1)
    ok, _ = await refused(errors.PeerIdInvalidError, it(functions.messages.SendMessageRequest(stranger, "x")))
    check("wrong_access_hash", ok)
    number = secrets.randbits(62)
    once = [await it(functions.messages.SendMessageRequest(peer, "once", random_id=number)) for _ in range(2)]
    ids = [[u.id for u in r.updates if isinstance(u, types.UpdateMessageID)] for r in once]
    last = [m.id async for m in it.iter_messages(peer, limit=2)]
    check("sent_twice_is_one_message", ids[0] == ids[1] == last[:1] and len(set(last)) == len(last), ids=ids)
    await it.disconnect()


async def messages(a, check):
    alice, bob = await log_in(a, a.phone_a), await log_in(a, a.phone_b, "intermediate")
    to_alice, to_bob = inbox(alice), inbox(bob)
    await bob.get_me(), await alice.get_me()
    text = f"hello {secrets.token_hex(4)} **bold** and a very long tail " + "x" * 600
    sent = await alice.send_message(a.user_b, text)
    got = await asyncio.wait_for(to_bob.get(), 10)
    check("alice_to_bob", got.raw_text == sent.raw_text and got.sender_id == (await alice.get_me()).id)
    check("formatting", [type(e).__name__ for e in got.entities or []] == ["MessageEntityBold"])
    answer = await got.reply("and hello to you")
    got = await asyncio.wait_for(to_alice.get(), 10)
    check("bob_to_alice", got.raw_text == answer.raw_text and got.reply_to_msg_id == sent.id)
    note = await alice.send_message("me", "a note")
    check("note_to_oneself", note.id == got.id + 1)
    history = [m.raw_text async for m in alice.iter_messages(a.user_b, limit=2)]
    check("history", history == ["and hello to you", sent.raw_text])
    dialogs = {d.name: d.unread_count async for d in alice.iter_dialogs()}
    await alice.send_read_acknowledge(a.user_b)
    read = {d.name: d.unread_count async for d in alice.iter_dialogs()}
    check("reading", max(dialogs.values()) >= 1 and read["Bob"] == 0 and dialogs["Alice"] == 0, before=dialogs, after=read)
    await asyncio.gather(alice.disconnect(), bob.disconnect())


async def absence(a, check):
    alice, bob = await log_in(a, a.phone_a), await log_in(a, a.phone_b)
    state = await bob(functions.updates.GetStateRequest())
    await bob.get_dialogs()
    session = bob.session
    await bob.disconnect()
    texts = [f"while you were away {i} {secrets.token_hex(3)}" for i in range(random.randint(3, 6))]
    for text in texts:
        await alice.send_message(a.user_b, text)
    bob = client(a, session=session)
    await bob.connect()
    missed = await bob(functions.updates.GetDifferenceRequest(pts=state.pts, date=state.date, qts=state.qts))
    check("difference", [m.message for m in missed.new_messages] == texts)
    check("pts_is_continuous", missed.state.pts == state.pts + len(texts), before=state.pts, after=missed.state.pts)
    again = await bob(functions.updates.GetDifferenceRequest(pts=missed.state.pts, date=state.date, qts=state.qts))
    check("nothing_left", isinstance(again, types.updates.DifferenceEmpty))
    queue = inbox(bob)
    await bob.get_me()
    await alice.send_message(a.user_b, "back again")
    check("updates_after_reconnect", (await asyncio.wait_for(queue.get(), 10)).raw_text == "back again")
    await asyncio.gather(alice.disconnect(), bob.disconnect())


async def sign_up(a, check):
    it = client(a)
    await it.connect()
    phone = a.new_phone or f"999661{random.randint(0, 9999):04}"
    code = phone[5] * 5
    sent = await it(functions.auth.SendCodeRequest(phone, 1, "local", types.CodeSettings()))
    answer = await it(functions.auth.SignInRequest(phone, sent.phone_code_hash, code))
    check("sign_up_required", isinstance(answer, types.auth.AuthorizationSignUpRequired))
    done = await it(functions.auth.SignUpRequest(phone, sent.phone_code_hash, "New", "User"))
    me = await it.get_me()
    check("sign_up", me.id == done.user.id and (me.first_name, me.last_name, me.phone) == ("New", "User", phone))
    state = await it(functions.updates.GetStateRequest())
    check("pts_starts_at_one", state.pts == 1)
    await it.disconnect()


async def second_step(a, check):
    it = client(a)
    await it.connect()
    await it.send_code_request(a.phone_c)
    ok, _ = await refused(errors.SessionPasswordNeededError, it.sign_in(a.phone_c, a.code))
    check("password_needed", ok and not await it.is_user_authorized())
    ok, _ = await refused(errors.PasswordHashInvalidError, it.sign_in(password=a.password_c + "x"))
    check("wrong_password", ok)
    me = await it.sign_in(password=a.password_c)
    check("password_login", me.phone == a.phone_c.lstrip("+"))
    changed = await it.edit_2fa(current_password=a.password_c, new_password="another", hint="a word")
    state = await it(functions.account.GetPasswordRequest())
    check("password_changed", changed and state.has_password and state.hint == "a word")
    again = client(a)
    await again.connect()
    await again.send_code_request(a.phone_c)
    await refused(errors.SessionPasswordNeededError, again.sign_in(a.phone_c, a.code))
    await again.sign_in(password="another")
    check("login_with_the_changed_password", await again.is_user_authorized())
    removed = await it.edit_2fa(current_password="another")
    state = await it(functions.account.GetPasswordRequest())
    check("password_removed", removed and not state.has_password)
    check("password_set_again", await it.edit_2fa(new_password=a.password_c))
    await asyncio.gather(it.disconnect(), again.disconnect())


async def main(a):
    rsa.add_key(a.pem, old=False)
    check = local_dc.Checks()
    for part in (transports, wrong_turns, messages, absence, sign_up, second_step):
        try:
            await part(a, check)
        except Exception as error:  # a part that breaks is a failed check, and the others still run
            check(part.__name__, False, error=repr(error))
    return check.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    local_dc.arguments(parser)
    parser.add_argument("--phone-a", default="+10000000001")
    parser.add_argument("--phone-b", default="+10000000002")
    parser.add_argument("--user-b", default="bob")
    parser.add_argument("--phone-c", default="+10000000003", help="has a second-step password")
    parser.add_argument("--password-c", default="hunter2")
    parser.add_argument("--new-phone", help="a test number 99966XYYYY nobody has; default a random one")
    parser.add_argument("--seconds", type=float, default=60, help="give up after this long")
    args = parser.parse_args()
    with local_dc.server(args):
        sys.exit(asyncio.run(asyncio.wait_for(main(args), args.seconds)))
