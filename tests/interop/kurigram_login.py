#!/usr/bin/env python3
"""Kurigram (2.2.26) on the local Telegram: login by code and password, sign-up, messages both ways, a stored session.

  kurigram_login.py (--dc ADDR --dc-key FILE | --serve 'COMMAND') [--code CODE] [--phone-a P] [--phone-b P]
                    [--user-b NAME] [--seconds N]

Needs three users on the server, by default +10000000001, +10000000002 (@bob) and +10000000003 with a password:
  --serve 'offhook dc --json --code 12345 --user 10000000001:alice:Alice --user 10000000002:bob:Bob
           --user 10000000003:carol:Carol --user-password 10000000003:hunter2'
and signs up a fourth one (a test number, whose code is known).  Prints a JSON line per check and one of totals;
exit code 0 only when every check held.
"""
import argparse, asyncio, base64, contextlib, hashlib, io, random, secrets, sys

with contextlib.redirect_stdout(io.StringIO()):  # it prints an advertisement when imported
    from pyrogram import Client, errors, raw
    from pyrogram.connection import Connection
    from pyrogram.connection.transport import TCPAbridged, TCPIntermediate
    from pyrogram.crypto import rsa
    from pyrogram.handlers import MessageHandler
    from pyrogram.session import Auth

import local_dc


def key_of(pem):
    """Modulus and exponent of a PKCS#1 public key."""
    der = base64.b64decode("".join(line for line in pem.split("\n") if "-----" not in line))

    def item(at):
        length, at = der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(der[at : at + size], "big"), at + size
        return at, at + length

    start, _ = item(0)
    numbers = []
    for _ in range(2):
        begin, start = item(start)
        numbers.append(int.from_bytes(der[begin:start], "big"))
    return numbers


def tl_bytes(number):
    raw_bytes = number.to_bytes((number.bit_length() + 7) // 8, "big")
    head = bytes([len(raw_bytes)]) if len(raw_bytes) < 254 else b"\xfe" + len(raw_bytes).to_bytes(3, "little")
    body = head + raw_bytes
    return body + bytes(-len(body) % 4)


def know(pem):
    n, e = key_of(pem)
    fingerprint = int.from_bytes(hashlib.sha1(tl_bytes(n) + tl_bytes(e)).digest()[-8:], "little", signed=True)
    rsa.server_public_keys[fingerprint] = rsa.PublicKey(n, e)


def client(a, name, protocol=TCPAbridged, **more):
    class Local(Connection):
        """Every data centre is ours."""

        def __init__(self, *args, **kwargs):
            kwargs.update(server_address=a.host, port=a.port)
            super().__init__(*args, **kwargs)

    return Client(name, api_id=1, api_hash="local", in_memory=True, connection_factory=Local, protocol_factory=protocol,
                  no_updates=False, hide_password=True, workers=1, **more)


async def begin(a, it):
    """Connects to our data centre under a key of its own."""
    await it.storage.open()
    await it.storage.dc_id(a.dc_id)
    await it.storage.server_address(a.host)
    await it.storage.port(a.port)
    await it.storage.test_mode(False)
    await it.storage.auth_key(await Auth(it, a.dc_id, a.host, a.port, False).create())
    await it.connect()


async def log_in(a, phone, protocol=TCPAbridged):
    it = client(a, f"user{secrets.token_hex(4)}", protocol)
    await begin(a, it)
    sent = await it.send_code(phone)
    await it.sign_in(phone, sent.phone_code_hash, a.code)
    await it.initialize()
    it.me = await it.get_me()
    return it


def inbox(it):
    queue = asyncio.Queue()

    async def take(_, message):
        if not message.outgoing:
            queue.put_nowait(message)

    it.add_handler(MessageHandler(take))
    return queue


async def leave(it):
    if it.is_initialized:
        await it.terminate()
    await it.disconnect()


async def wrong_code(a, check):
    it = client(a, "wrong")
    await begin(a, it)
    sent = await it.send_code(a.phone_a)
    try:
        await it.sign_in(a.phone_a, sent.phone_code_hash, a.code[::-1] + "0")
        check("wrong_code", False)
    except errors.PhoneCodeInvalid:
        check("wrong_code", True)
    await leave(it)


async def messages(a, check):
    alice, bob = await log_in(a, a.phone_a), await log_in(a, a.phone_b, TCPIntermediate)
    check("login", alice.me.phone_number == a.phone_a.lstrip("+") and bob.me.username == a.user_b)
    to_alice, to_bob = inbox(alice), inbox(bob)
    text = f"hello {secrets.token_hex(4)} " + "x" * 600
    sent = await alice.send_message(a.user_b, text)
    got = await asyncio.wait_for(to_bob.get(), 10)
    check("alice_to_bob", got.text == text == sent.text and got.from_user.id == alice.me.id)
    await got.reply("and hello to you")
    got = await asyncio.wait_for(to_alice.get(), 10)
    check("bob_to_alice", got.text == "and hello to you" and got.reply_to_message_id == sent.id)
    note = await alice.send_message("me", "a note")
    check("note_to_oneself", note.id == got.id + 1)
    history = [m.text async for m in alice.get_chat_history(a.user_b, limit=2)]
    check("history", history == ["and hello to you", text])
    dialogs = [d.chat.username async for d in alice.get_dialogs()]
    check("dialogs", a.user_b in dialogs)
    full = await alice.invoke(raw.functions.users.GetFullUser(id=await alice.resolve_peer(a.user_b)))
    check("full_user", full.full_user.id == bob.me.id and full.full_user.phone_calls_available)
    stored = await alice.export_session_string()
    await leave(alice)
    again = client(a, "again", session_string=stored)
    await again.connect()
    check("stored_session", (await again.get_me()).id == alice.me.id)
    await again.disconnect()
    await leave(bob)


async def sign_up(a, check):
    it = client(a, "new")
    await begin(a, it)
    phone = f"999662{random.randint(0, 9999):04}"
    sent = await it.send_code(phone)
    answer = await it.sign_in(phone, sent.phone_code_hash, phone[5] * 5)
    check("sign_up_required", not hasattr(answer, "id"))
    user = await it.sign_up(phone, sent.phone_code_hash, "New", "User")
    me = await it.get_me()
    check("sign_up", user.id == me.id and (me.first_name, me.phone_number) == ("New", phone))
    await leave(it)


async def second_step(a, check):
    it = client(a, "second")
    await begin(a, it)
    sent = await it.send_code(a.phone_c)
    try:
        await it.sign_in(a.phone_c, sent.phone_code_hash, a.code)
        check("password_needed", False)
    except errors.SessionPasswordNeeded:
        check("password_needed", True)
    try:
        await it.check_password(a.password_c + "x")
        check("wrong_password", False)
    except errors.PasswordHashInvalid:
        check("wrong_password", True)
    user = await it.check_password(a.password_c)
    check("password_login", user.phone_number == a.phone_c.lstrip("+"))
    check("password_changed", await it.change_cloud_password(a.password_c, "another", new_hint="a word"))
    check("hint", await it.get_password_hint() == "a word")
    check("password_removed", await it.remove_cloud_password("another"))
    check("password_set_again", await it.enable_cloud_password(a.password_c))
    await leave(it)


async def main(a):
    know(a.pem)
    check = local_dc.Checks()
    for part in (wrong_code, messages, sign_up, second_step):
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
    parser.add_argument("--seconds", type=float, default=90, help="give up after this long")
    args = parser.parse_args()
    with local_dc.server(args):
        sys.exit(asyncio.run(asyncio.wait_for(main(args), args.seconds)))
