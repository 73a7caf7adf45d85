#!/usr/bin/env python3
"""A Telethon (1.45.0) user who places or answers the signalling of a call with raw phone.* requests, no media.

  telethon_call.py (--dc ADDR --dc-key FILE | --serve 'COMMAND') [--code CODE] --phone P --answer
  telethon_call.py (--dc ADDR --dc-key FILE | --serve 'COMMAND') [--code CODE] --phone P --place PEER
  telethon_call.py (--dc ADDR --dc-key FILE | --serve 'COMMAND') [--code CODE] --both

  --answer          waits for one call, rings, answers it
  --place PEER      calls @username or +phone
  --both            both ends in one process: +10000000001 calls @bob, +10000000002; also checks refusals on the way
  --hang-up-after S hangs up S seconds after the call is established (default: --place after 1, --answer never: it waits
                    for the other side)
  --decline         with --answer: declines (busy) instead; then exit code 0 means that it was declined
  --version V       library version to offer, may be given several times (default 2.4.4)
  --seconds N       gives up after this long (default 60)

Does the key exchange with every check of the protocol (prime, generator, ranges, commitment, fingerprint).  Prints one
JSON line when it is ready to be called ({"ready": true}), one when the call is established (key_fingerprint as hex,
emoji, protocol, connections) and one at its end (reason, duration).  Exit code 0 only when the call was established,
the key was verified, and the call ended by a hang-up.
"""
import argparse, asyncio, hashlib, json, os, secrets, sys

from telethon import TelegramClient, errors, events, functions, types
from telethon.crypto import rsa
from telethon.sessions import MemorySession

import local_dc

EMOJI = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../crates/voip-proto/src/handshake/emoji.txt")
REASONS = {
    types.PhoneCallDiscardReasonMissed: "missed", types.PhoneCallDiscardReasonBusy: "busy",
    types.PhoneCallDiscardReasonHangup: "hangup", types.PhoneCallDiscardReasonDisconnect: "disconnect",
}


class Refused(Exception):
    """A check of the protocol failed."""


def require(ok, what):
    if not ok:
        raise Refused(what)


def probably_prime(n, rounds=6):
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(rounds):
        x = pow(secrets.randbelow(n - 3) + 2, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


class Group:
    """The numbers of the key exchange, checked."""

    def __init__(self, config):
        self.p, self.g = int.from_bytes(config.p, "big"), config.g
        require(len(config.p) == 256 and self.p >> 2047 == 1, "prime of 2048 bits")
        require(probably_prime(self.p) and probably_prime((self.p - 1) // 2), "safe prime")
        residue = {2: (8, {7}), 3: (3, {2}), 4: (1, {0}), 5: (5, {1, 4}), 6: (24, {19, 23}), 7: (7, {3, 5, 6})}
        require(self.g in residue and self.p % residue[self.g][0] in residue[self.g][1], "generator")
        # What the server adds to our randomness cannot weaken it.
        mixed = bytes(a ^ b for a, b in zip(secrets.token_bytes(256), config.random))
        require(len(config.random) == 256, "as many random bytes as asked for")
        self.secret = int.from_bytes(mixed, "big")
        self.public = pow(self.g, self.secret, self.p)
        while not self.in_range(self.public) or self.public >> 2040 == 0:
            self.secret = secrets.randbits(2048)
            self.public = pow(self.g, self.secret, self.p)

    def in_range(self, x):
        return 1 < x < self.p - 1 and 1 << 1984 <= x <= self.p - (1 << 1984)

    def own(self):
        return self.public.to_bytes(256, "big")

    def key(self, other):
        number = int.from_bytes(other, "big")
        require(self.in_range(number), "the other half of the key is in range")
        return pow(number, self.secret, self.p).to_bytes(256, "big")


def fingerprint(key):
    return int.from_bytes(hashlib.sha1(key).digest()[-8:], "little", signed=True)


def emoji(key, g_a):
    table = open(EMOJI, encoding="utf-8").read().split()
    require(len(table) == 333, "333 emoji")
    digest = hashlib.sha256(key + g_a).digest()
    return [table[(int.from_bytes(digest[i : i + 8], "big") & (2**63 - 1)) % 333] for i in range(0, 32, 8)]


class Caller:
    """One logged-in user, and the calls the server tells it of."""

    def __init__(self, a, phone):
        self.a, self.phone, self.calls, self.signals, self.placed = (
            a, phone, asyncio.Queue(), asyncio.Queue(), asyncio.Queue())

    async def __aenter__(self):
        rsa.add_key(self.a.pem, old=False)
        session = MemorySession()
        session.set_dc(self.a.dc_id, self.a.host, self.a.port)
        self.client = TelegramClient(session, 1, "local", connection_retries=1, auto_reconnect=False)
        await self.client.connect()
        self.client.add_event_handler(self.on_update, events.Raw())
        await self.client.send_code_request(self.phone)
        await self.client.sign_in(self.phone, self.a.code)
        await self.client.get_me()
        return self

    async def __aexit__(self, *_):
        await self.client.disconnect()

    async def on_update(self, update):
        if isinstance(update, types.UpdatePhoneCall):
            self.calls.put_nowait(update.phone_call)
        elif isinstance(update, types.UpdatePhoneCallSignalingData):
            self.signals.put_nowait(update)

    async def wait(self, *kinds, call_id=None):
        """The next call object of these kinds; any other end of the call is an error."""
        while True:
            call = await self.calls.get()
            if call_id is not None and call.id != call_id:
                continue
            if isinstance(call, kinds):
                return call
            if isinstance(call, types.PhoneCallDiscarded):
                raise Refused(f"the call goes on, but it {end_of(call)}")

    def protocol(self):
        return types.PhoneCallProtocol(65, 92, list(self.a.version or ["2.4.4"]), udp_p2p=True, udp_reflector=True)

    async def group(self):
        return Group(await self.client(functions.messages.GetDhConfigRequest(version=0, random_length=256)))

    def established(self, role, call, key, g_a):
        require(call.key_fingerprint == fingerprint(key), "fingerprint of the key")
        # Modern calls are also told the TCP ports of the relays, and a TURN server.
        relays = [c for c in call.connections if isinstance(c, types.PhoneConnection) and not c.tcp]
        tags = [c.peer_tag for c in relays]
        require(tags and all(len(tag) == 16 for tag in tags), "reflectors with tags")
        return {
            "state": "established", "role": role, "call_id": call.id,
            "key_fingerprint": f"{fingerprint(key) & (2**64 - 1):016x}", "emoji": emoji(key, g_a),
            "protocol": {"min_layer": call.protocol.min_layer, "max_layer": call.protocol.max_layer,
                         "library_versions": call.protocol.library_versions},
            "p2p_allowed": bool(call.p2p_allowed),
            "connections": [{"id": c.id, "addr": f"{c.ip or '[' + c.ipv6 + ']'}:{c.port}", "peer_tag": c.peer_tag.hex()}
                            for c in relays],
        }

    async def place(self, peer):
        group = await self.group()
        g_a = group.own()
        entity = await self.client.get_input_entity(peer)
        answer = await self.client(functions.phone.RequestCallRequest(
            user_id=entity, g_a_hash=hashlib.sha256(g_a).digest(), protocol=self.protocol(), random_id=secrets.randbits(31)))
        call = answer.phone_call
        require(isinstance(call, types.PhoneCallWaiting) and call.receive_date is None, "contacting")
        self.peer = types.InputPhoneCall(call.id, call.access_hash)
        self.placed.put_nowait(call.id)
        ringing = await self.wait(types.PhoneCallWaiting, call_id=call.id)
        require(ringing.receive_date is not None, "ringing")
        accepted = await self.wait(types.PhoneCallAccepted, call_id=call.id)
        key = group.key(accepted.g_b)
        answer = await self.client(functions.phone.ConfirmCallRequest(
            peer=self.peer, g_a=g_a, key_fingerprint=fingerprint(key), protocol=self.protocol()))
        require(isinstance(answer.phone_call, types.PhoneCall), "confirmed")
        require(answer.phone_call.g_a_or_b == accepted.g_b, "the same half of the key twice")
        return self.established("caller", answer.phone_call, key, g_a)

    async def ring(self, call_id=None):
        requested = await self.wait(types.PhoneCallRequested, call_id=call_id)
        require(len(requested.g_a_hash) == 32, "commitment of 32 bytes")
        self.peer = types.InputPhoneCall(requested.id, requested.access_hash)
        require(await self.client(functions.phone.ReceivedCallRequest(self.peer)), "received")
        return requested

    async def answer(self, requested):
        group = await self.group()
        answer = await self.client(functions.phone.AcceptCallRequest(self.peer, g_b=group.own(), protocol=self.protocol()))
        require(isinstance(answer.phone_call, types.PhoneCallWaiting), "waiting for the caller")
        call = await self.wait(types.PhoneCall, call_id=requested.id)
        g_a = call.g_a_or_b
        require(hashlib.sha256(g_a).digest() == requested.g_a_hash, "the caller's half is what it committed to")
        return self.established("callee", call, group.key(g_a), g_a)

    async def discard(self, reason, duration=0):
        answer = await self.client(functions.phone.DiscardCallRequest(
            peer=self.peer, duration=duration, reason=reason, connection_id=0))
        return next(u.phone_call for u in answer.updates if isinstance(u, types.UpdatePhoneCall))

    async def end(self, after):
        """Hangs up after a while, or (None) waits for the other side to do so."""
        if after is None:
            ended = await self.wait(types.PhoneCallDiscarded, call_id=self.peer.id)
        else:
            try:
                ended = await asyncio.wait_for(self.wait(types.PhoneCallDiscarded, call_id=self.peer.id), after)
            except asyncio.TimeoutError:
                ended = await self.discard(types.PhoneCallDiscardReasonHangup(), round(after))
        return end_of(ended)


def end_of(call):
    return {"state": "ended", "reason": REASONS.get(type(call.reason)), "duration": call.duration,
            "need_rating": bool(call.need_rating)}


def say(facts):
    print(json.dumps(facts, ensure_ascii=False), flush=True)
    return facts


async def one(a):
    async with Caller(a, a.phone) as me:
        after = a.hang_up_after
        if a.answer:
            say({"ready": True})
            requested = await me.ring()
            if a.decline:
                ended = say(end_of(await me.discard(types.PhoneCallDiscardReasonBusy())))
                return ended["reason"] == "busy"
            say(await me.answer(requested))
        else:
            say(await me.place(a.place))
            after = 1.0 if after is None else after
        return say(await me.end(after))["reason"] == "hangup"


async def refused(call, text):
    try:
        await call
    except errors.RPCError as error:
        name = "".join(word.capitalize() for word in text.split("_")) + "Error"
        require(text in (error.message or "") or type(error).__name__ == name, f"{text}, got {error!r}")
        return
    raise Refused(f"nothing, {text} was expected")


async def both(a):
    check = local_dc.Checks()
    async with Caller(a, "+10000000001") as alice, Caller(a, "+10000000002") as bob, Caller(a, "+10000000002") as tablet:
        before = await bob.client(functions.updates.GetStateRequest())
        placing = asyncio.create_task(alice.place("bob"))
        requested = await bob.ring(await alice.placed.get())
        wrong = types.InputPhoneCall(requested.id, requested.access_hash ^ 1)
        await refused(bob.client(functions.phone.AcceptCallRequest(wrong, bytes(256), bob.protocol())), "CALL_PEER_INVALID")
        senseless = types.PhoneCallProtocol(92, 65, ["2.4.4"], udp_reflector=True)
        await refused(bob.client(functions.phone.AcceptCallRequest(bob.peer, bytes(256), senseless)), "CALL_PROTOCOL_LAYER_INVALID")
        check("refusals", True)
        await tablet.wait(types.PhoneCallRequested, call_id=requested.id)
        callee = say(await bob.answer(requested))
        caller = say(await placing)
        gone = await tablet.wait(types.PhoneCallDiscarded, call_id=requested.id)
        check("other_device_is_told", gone.reason is None)
        same = ("key_fingerprint", "emoji", "protocol", "call_id")
        check("same_key_and_emoji", all(caller[field] == callee[field] for field in same))
        endpoints = [[(c["id"], c["addr"]) for c in side["connections"]] for side in (caller, callee)]
        tags = [c["peer_tag"] for side in (caller, callee) for c in side["connections"]]
        check("same_reflectors_other_tags", endpoints[0] == endpoints[1] and len(set(tags)) == len(tags))
        data = secrets.token_bytes(1200)
        await alice.client(functions.phone.SendSignalingDataRequest(alice.peer, data))
        signal = await bob.signals.get()
        check("signalling", signal.data == data and signal.phone_call_id == requested.id)
        ended = await asyncio.gather(alice.end(1.2), bob.end(None))
        check("hung_up", [e["reason"] for e in ended] == ["hangup"] * 2 and {e["duration"] for e in ended} == {1}, ended=ended)
        again = end_of(await bob.discard(types.PhoneCallDiscardReasonDisconnect()))
        check("ended_once", again["reason"] == "hangup")
        after = await bob.client(functions.updates.GetDifferenceRequest(pts=before.pts, date=before.date, qts=before.qts))
        call_message = after.new_messages[-1]
        check("service_message", isinstance(call_message.action, types.MessageActionPhoneCall)
              and call_message.action.call_id == requested.id and call_message.action.duration == 1
              and after.state.pts == before.pts + 1 and not call_message.out)

        placing = asyncio.create_task(alice.place("bob"))
        await bob.ring(await alice.placed.get())
        end = end_of(await bob.discard(types.PhoneCallDiscardReasonBusy()))
        try:
            await placing
            check("declined", False)
        except Refused as error:
            check("declined", end["reason"] == "busy" and "busy" in str(error))
        await tablet.wait(types.PhoneCallDiscarded)

        placing = asyncio.create_task(alice.place("bob"))
        await bob.ring(await alice.placed.get())
        await tablet.wait(types.PhoneCallRequested, call_id=bob.peer.id)
        end = end_of(await alice.discard(types.PhoneCallDiscardReasonMissed()))
        ended = await bob.wait(types.PhoneCallDiscarded)
        check("given_up", end["reason"] == end_of(ended)["reason"] == "missed" and ended.duration is None)
        placing.cancel()
        await tablet.wait(types.PhoneCallDiscarded, call_id=bob.peer.id)

        placing = asyncio.create_task(alice.place("bob"))
        await bob.ring(await alice.placed.get())
        old = types.PhoneCallProtocol(10, 60, ["2.4.4"], udp_reflector=True)
        await refused(bob.client(functions.phone.AcceptCallRequest(bob.peer, bytes(256), old)), "CALL_PROTOCOL_COMPAT_LAYER_INVALID")
        ended = [end_of(await device.wait(types.PhoneCallDiscarded, call_id=bob.peer.id)) for device in (bob, tablet)]
        try:
            await placing
            check("nothing_in_common_ends_the_call", False)
        except Refused as error:
            check("nothing_in_common_ends_the_call",
                  [e["reason"] for e in ended] == ["disconnect"] * 2 and "disconnect" in str(error), ended=ended)
    return check.finish() == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    local_dc.arguments(parser)
    parser.add_argument("--phone", default="+10000000001")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--answer", action="store_true")
    what.add_argument("--place", metavar="PEER")
    what.add_argument("--both", action="store_true")
    parser.add_argument("--decline", action="store_true")
    parser.add_argument("--hang-up-after", type=float)
    parser.add_argument("--version", action="append")
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    with local_dc.server(args):
        try:
            good = asyncio.run(asyncio.wait_for((both if args.both else one)(args), args.seconds))
        except (Refused, errors.RPCError, asyncio.TimeoutError) as error:
            say({"state": "failed", "error": repr(error)})
            good = False
    sys.exit(0 if good else 1)
