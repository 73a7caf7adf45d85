#!/usr/bin/env python3
"""Telethon (1.45.0) in groups and channels of the local Telegram, and its files.

  telethon_groups.py (--dc ADDR --dc-key FILE | --serve 'COMMAND') [--code CODE] [--phone-a P] [--phone-b P]
                     [--user-b NAME] [--control SOCKET] [--seconds N]

Needs the users +10000000001 and +10000000002 (@bob), as telethon_login.py does.  Two users write both ways in a basic
group, a supergroup and a broadcast channel; one of them is away while the channel goes on, and catches up; a photo and
a file of exactly 1 MiB come back byte by byte; a profile photo is set and seen.  With the server's control socket an
update of the channel is lost on its way, too, while both are connected.  Prints a JSON line per check and one
of totals; exit code 0 only when every check held.
"""
import argparse, asyncio, io, json, random, secrets, struct, sys, zlib

from telethon import TelegramClient, errors, events, functions, types
from telethon.crypto import rsa
from telethon.sessions import MemorySession

import local_dc


def client(a, session=None, catch_up=False):
    if session is None:
        session = MemorySession()
        session.set_dc(a.dc_id, a.host, a.port)
    return TelegramClient(
        session, 1, "local", connection_retries=1, request_retries=1, auto_reconnect=False, catch_up=catch_up,
    )


async def log_in(a, phone):
    it = client(a)
    await it.connect()
    await it.send_code_request(phone)
    await it.sign_in(phone, a.code)
    await it.get_me()
    return it


def inbox(it):
    queue = asyncio.Queue()

    @it.on(events.NewMessage(incoming=True))
    async def _(event):
        queue.put_nowait(event.message)

    return queue


async def next_text(queue):
    return await asyncio.wait_for(queue.get(), 15)


def png(side):
    """A picture of noise, so that nothing can make it smaller unnoticed."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + secrets.token_bytes(3 * side) for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def group(a, check, alice, bob):
    to_alice, to_bob = inbox(alice), inbox(bob)
    made = await alice(functions.messages.CreateChatRequest([a.user_b], "Tea"))
    chat = made.updates.chats[0]
    await bob.get_dialogs()
    await alice.send_message(-chat.id, "hello group")
    got = await next_text(to_bob)
    check("group_alice_to_bob", got.raw_text == "hello group" and got.is_group and got.chat_id == -chat.id)
    sent = await bob.send_message(got.chat_id, "hello alice", reply_to=got.id)
    got = await next_text(to_alice)
    check("group_bob_to_alice", got.raw_text == "hello alice" and got.reply_to is not None)
    await sent.edit("hello, alice")
    history = [m.raw_text async for m in alice.iter_messages(-chat.id, limit=2)]
    check("group_history_with_an_edit", history == ["hello, alice", "hello group"], history=history)
    members = {u.first_name async for u in alice.iter_participants(-chat.id)}
    check("group_members", members == {"Alice", "Bob"}, members=sorted(members))
    await alice(functions.messages.EditChatTitleRequest(chat.id, "Coffee"))
    titles = {d.title async for d in bob.iter_dialogs()}
    check("group_title", "Coffee" in titles, titles=sorted(titles))


async def channel(a, check, alice, bob):
    to_alice, to_bob = inbox(alice), inbox(bob)
    made = await alice(functions.channels.CreateChannelRequest("Room", "a room", megagroup=True))
    hers = made.chats[0]
    await alice(functions.channels.InviteToChannelRequest(hers, [a.user_b]))
    his = next(d.entity for d in await bob.get_dialogs() if d.title == "Room")
    check("channel_access_hashes_differ", hers.id == his.id and hers.access_hash != his.access_hash)
    await alice.send_message(hers, "hello room")
    got = await next_text(to_bob)
    check("channel_alice_to_bob", got.raw_text == "hello room" and got.is_channel and got.is_group)
    await bob.send_message(his, "hello alice")
    got = await next_text(to_alice)
    check("channel_bob_to_alice", got.raw_text == "hello alice")
    seen = asyncio.Queue()
    alice.add_event_handler(seen.put, events.MessageRead(chats=hers))
    last = await alice.send_message(hers, "read me")
    before = {d.title: d.unread_count async for d in bob.iter_dialogs()}
    read = await bob.send_read_acknowledge(his)
    after = {d.title: d.unread_count async for d in bob.iter_dialogs()}
    check("channel_reading", read and (before["Room"], after["Room"]) == (1, 0), before=before, after=after)
    check("channel_author_sees_it_read", (await next_text(seen)).max_id == last.id)
    names = {u.first_name async for u in bob.iter_participants(his)}
    check("channel_members", names == {"Alice", "Bob"}, members=sorted(names))
    gone = await alice.delete_messages(hers, [got.id])
    check("channel_deleting", gone[0].pts_count == 1)

    # Bob goes away, the channel goes on, Bob comes back and is told of every message, once and in order.
    state = (await bob(functions.channels.GetFullChannelRequest(his))).full_chat.pts
    session = bob.session
    await bob.disconnect()
    texts = [f"while you were away {i} {secrets.token_hex(3)}" for i in range(random.randint(3, 6))]
    for text in texts:
        await alice.send_message(hers, text)
    bob = client(a, session=session, catch_up=True)
    queue = inbox(bob)
    await bob.connect()
    await bob.get_me()
    try:
        heard = [(await next_text(queue)).raw_text for _ in texts]
    except asyncio.TimeoutError:
        heard = None
    check("channel_gap_is_recovered", heard == texts, heard=heard)
    missed = await bob(functions.updates.GetChannelDifferenceRequest(his, types.ChannelMessagesFilterEmpty(), state, 100))
    check("channel_difference", [m.message for m in missed.new_messages] == texts and missed.final
          and missed.pts == state + len(texts), before=state, after=missed.pts)
    await alice.send_message(hers, "back again")
    check("channel_updates_after_the_gap", (await next_text(queue)).raw_text == "back again")
    return bob


async def lost_update(a, check, alice, bob):
    if not a.control:
        return
    made = await alice(functions.channels.CreateChannelRequest("Leaky", "", megagroup=True))
    hers = made.chats[0]
    await alice(functions.channels.InviteToChannelRequest(hers, [a.user_b]))
    queue = inbox(bob)
    await alice.send_message(hers, "heard at once")
    first = (await next_text(queue)).raw_text
    reader, writer = await asyncio.open_unix_connection(a.control)
    writer.write(b"swallow-updates 2\n")  # one for other devices of Alice, one for Bob
    await writer.drain()
    done = json.loads(await reader.readline())
    await alice.send_message(hers, "lost on its way")
    await alice.send_message(hers, "shows the gap")
    heard = [first, (await next_text(queue)).raw_text, (await next_text(queue)).raw_text]
    check("lost_update_of_a_channel", heard == ["heard at once", "lost on its way", "shows the gap"], heard=heard,
          answer=done)
    writer.close()


async def broadcast(a, check, alice, bob):
    to_bob = inbox(bob)
    made = await alice(functions.channels.CreateChannelRequest("News", "", broadcast=True))
    hers = made.chats[0]
    await alice(functions.channels.UpdateUsernameRequest(hers, "the_news"))
    his = await bob.get_entity("the_news")
    await bob(functions.channels.JoinChannelRequest(his))
    await alice.send_message(hers, "first news")
    got = await next_text(to_bob)
    check("broadcast", got.raw_text == "first news" and got.post)
    try:
        await bob.send_message(his, "me too")
        check("readers_do_not_write", False)
    except errors.ChatAdminRequiredError:
        check("readers_do_not_write", True)
    await bob(functions.channels.LeaveChannelRequest(his))
    check("left", "News" not in {d.title async for d in bob.iter_dialogs()})


async def files(a, check, alice, bob):
    to_bob = inbox(bob)
    await bob.get_dialogs()
    picture = png(200)
    file = io.BytesIO(picture)
    file.name = "noise.png"
    await alice.send_file(a.user_b, file)
    got = await next_text(to_bob)
    same = await bob.download_media(got, bytes) == picture
    check("photo", got.photo is not None and same, bytes=len(picture), kind=type(got.media).__name__)
    content = secrets.token_bytes(1 << 20)
    file = io.BytesIO(content)
    file.name = "one mebibyte.bin"
    await alice.send_file(a.user_b, file, caption="a file", force_document=True)
    got = await next_text(to_bob)
    check("file", got.document is not None and got.raw_text == "a file" and got.file.name == file.name
          and await bob.download_media(got, bytes) == content, bytes=got.file.size)
    parts = b"".join([part async for part in bob.iter_download(got.document, request_size=64 << 10)])
    check("file_in_small_pieces", parts == content)

    picture = png(160)
    handle = await alice.upload_file(io.BytesIO(picture), file_name="me.png")
    await alice(functions.photos.UploadProfilePhotoRequest(file=handle))
    entity = (await bob(functions.users.GetUsersRequest([await bob.get_input_entity(a.phone_a)])))[0]
    seen = await bob.download_profile_photo(entity, bytes)
    check("profile_photo", entity.photo is not None and seen == picture)
    photos = await bob.get_profile_photos(entity)
    check("profile_photos", len(photos) == 1 and photos[0].id == entity.photo.photo_id)
    own = await alice.get_profile_photos("me")
    await alice(functions.photos.DeletePhotosRequest([own[0]]))
    check("profile_photo_taken_down", len(await bob.get_profile_photos(entity)) == 0)


async def main(a):
    rsa.add_key(a.pem, old=False)
    check = local_dc.Checks()
    alice, bob = await log_in(a, a.phone_a), await log_in(a, a.phone_b)
    # Both know each other's access hash from here on.
    await alice(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, a.phone_b, "Bob", "")]))
    await bob(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, a.phone_a, "Alice", "")]))
    for part in (group, channel, lost_update, broadcast, files):
        try:
            bob = await part(a, check, alice, bob) or bob
        except Exception as error:  # a part that breaks is a failed check, and the others still run
            check(part.__name__, False, error=repr(error))
    await asyncio.gather(alice.disconnect(), bob.disconnect())
    return check.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    local_dc.arguments(parser)
    parser.add_argument("--phone-a", default="+10000000001")
    parser.add_argument("--phone-b", default="+10000000002")
    parser.add_argument("--user-b", default="bob")
    parser.add_argument("--control", metavar="SOCKET", help="of offhook dc --control")
    parser.add_argument("--seconds", type=float, default=90, help="give up after this long")
    args = parser.parse_args()
    with local_dc.server(args):
        sys.exit(asyncio.run(asyncio.wait_for(main(args), args.seconds)))
