#!/usr/bin/env python3
"""A small TURN server (RFC 8656 over UDP and IPv4, long-term credentials), for calls whose only way is TURN.

  turn.py [--listen 127.0.0.1] [--user u] [--password p]

Answers Binding, Allocate, Refresh, CreatePermission, ChannelBind, Send and ChannelData; a permission or a channel is asked
for before anything is forwarded, as real servers do.  Prints {"port": N}; at the end of stdin it prints its counters.
"""
import argparse, collections, hashlib, hmac, json, os, select, socket, struct, time, zlib

COOKIE = 0x2112A442
BINDING, ALLOCATE, REFRESH, SEND, DATA, PERMIT, CHANNEL = 1, 3, 4, 6, 7, 8, 9
ERROR_CODE, REALM, NONCE, INTEGRITY, FINGERPRINT, MAPPED, RELAYED, PEER, LIFETIME, CHANNEL_NUMBER, PAYLOAD, USER = (
    0x09, 0x14, 0x15, 0x08, 0x8028, 0x20, 0x16, 0x12, 0x0D, 0x0C, 0x13, 0x06)
TEXT = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 437: "Allocation Mismatch", 438: "Stale Nonce", 486: "Quota Reached"}


def attributes(d):
    """Type -> value, and where MESSAGE-INTEGRITY begins."""
    found, at, sealed = {}, 20, None
    while at + 4 <= len(d):
        kind, n = struct.unpack_from(">HH", d, at)
        if at + 4 + n > len(d):
            raise ValueError("an attribute leaves the message")
        found.setdefault(kind, d[at + 4:at + 4 + n])
        if kind == INTEGRITY and sealed is None:
            sealed = at
        at += 4 + (n + 3 & ~3)
    return found, sealed


def xored(addr):
    return struct.pack(">BBHI", 0, 1, addr[1] ^ COOKIE >> 16, int.from_bytes(socket.inet_aton(addr[0]), "big") ^ COOKIE)


def address(value):
    _, family, port, ip = struct.unpack(">BBHI", value[:8])
    if family != 1:
        raise ValueError("not IPv4")
    return socket.inet_ntoa((ip ^ COOKIE).to_bytes(4, "big")), port ^ COOKIE >> 16


def message(kind, transaction, attrs, key=None):
    body = b"".join(struct.pack(">HH", k, len(v)) + v + bytes(-len(v) % 4) for k, v in attrs)
    head = lambda extra: struct.pack(">HHI", kind, len(body) + extra, COOKIE) + transaction
    if key:
        body += struct.pack(">HH", INTEGRITY, 20) + hmac.new(key, head(24) + body, hashlib.sha1).digest()
    body += struct.pack(">HHI", FINGERPRINT, 4, zlib.crc32(head(8) + body) ^ 0x5354554E)
    return head(0) + body


class Allocation:
    def __init__(self, ip, lifetime):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((ip, 0))
        self.sock.setblocking(False)
        self.until = time.monotonic() + lifetime
        self.permitted, self.channels, self.numbers = {}, {}, {}    # ip -> until; number -> peer; peer -> number


class Server:
    def __init__(self, a):
        self.ip, self.realm, self.nonce = a.listen, b"interop", os.urandom(8).hex().encode()
        self.user = a.user.encode()
        self.key = hashlib.md5(self.user + b":" + self.realm + b":" + a.password.encode()).digest()
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((a.listen, 0))
        self.sock.setblocking(False)
        self.allocations, self.count = {}, collections.Counter()

    def answer(self, src, kind, transaction, attrs, key=None):
        self.sock.sendto(message(kind, transaction, attrs, key), src)

    def refuse(self, src, method, transaction, code):
        self.count["refused_%d" % code] += 1
        attrs = [(ERROR_CODE, struct.pack(">HBB", 0, code // 100, code % 100) + TEXT[code].encode())]
        if code in (401, 438):
            attrs += [(REALM, self.realm), (NONCE, self.nonce)]
        self.answer(src, method | 0x110, transaction, attrs)

    def verified(self, d, found, sealed):
        """0, or the code of the error."""
        if sealed is None:
            return 401
        covered = struct.pack(">HH", struct.unpack_from(">H", d)[0], sealed + 24 - 20) + d[4:sealed]
        good = hmac.new(self.key, covered, hashlib.sha1).digest()
        if found.get(USER) != self.user or not hmac.compare_digest(good, found[INTEGRITY]):
            return 401
        return 0 if found.get(NONCE) == self.nonce else 438

    def handle(self, d, src):
        allocation = self.allocations.get(src)
        if 0x40 <= d[0] < 0x50 and len(d) >= 4:
            number, n = struct.unpack_from(">HH", d)
            if allocation and number in allocation.channels:
                self.outward(allocation, allocation.channels[number], d[4:4 + n])
            return
        if len(d) < 20 or int.from_bytes(d[4:8], "big") != COOKIE:
            return
        kind, transaction = int.from_bytes(d[:2], "big"), d[8:20]
        found, sealed = attributes(d)
        if kind == BINDING:
            return self.answer(src, 0x101, transaction, [(MAPPED, xored(src))])
        if kind == SEND | 0x10:
            if allocation and PEER in found:
                self.outward(allocation, address(found[PEER]), found.get(PAYLOAD, b""))
            return
        if kind not in (ALLOCATE, REFRESH, PERMIT, CHANNEL):
            return
        code = self.verified(d, found, sealed)
        if not code and (allocation is None) == (kind != ALLOCATE):
            code = 437
        if not code and kind == ALLOCATE and len(self.allocations) >= 64:
            code = 486
        if code:
            return self.refuse(src, kind, transaction, code)
        lifetime = min(600, int.from_bytes(found.get(LIFETIME, struct.pack(">I", 600)), "big"))
        attrs = []
        if kind == ALLOCATE:
            allocation = self.allocations[src] = Allocation(self.ip, lifetime)
            self.count["allocations"] += 1
            attrs = [(RELAYED, xored(allocation.sock.getsockname())), (MAPPED, xored(src)), (LIFETIME, struct.pack(">I", lifetime))]
        elif kind == REFRESH:
            allocation.until = time.monotonic() + lifetime
            self.count["freed" if lifetime == 0 else "refreshed"] += 1
            attrs = [(LIFETIME, struct.pack(">I", lifetime))]
        else:
            peer = address(found[PEER])
            allocation.permitted[peer[0]] = time.monotonic() + 300
            if kind == CHANNEL:
                number = int.from_bytes(found[CHANNEL_NUMBER][:2], "big")
                if not 0x4000 <= number < 0x5000 or allocation.channels.get(number, peer) != peer:
                    return self.refuse(src, kind, transaction, 400)
                allocation.channels[number], allocation.numbers[peer] = peer, number
                self.count["channels"] += 1
        self.answer(src, kind | 0x100, transaction, attrs, self.key)

    def outward(self, allocation, peer, payload):
        if allocation.permitted.get(peer[0], 0) < time.monotonic():
            self.count["not_permitted"] += 1
            return
        self.count["outward"] += 1
        allocation.sock.sendto(payload, peer)

    def inward(self, client, allocation, d, peer):
        if allocation.permitted.get(peer[0], 0) < time.monotonic():
            self.count["not_permitted"] += 1
            return
        self.count["inward"] += 1
        if peer in allocation.numbers:
            self.sock.sendto(struct.pack(">HH", allocation.numbers[peer], len(d)) + d, client)
        else:
            self.answer(client, DATA | 0x10, os.urandom(12), [(PEER, xored(peer)), (PAYLOAD, d)])

    def run(self):
        while True:
            for client in [c for c, al in self.allocations.items() if al.until <= time.monotonic()]:
                self.allocations.pop(client).sock.close()
            owners = {al.sock: (c, al) for c, al in self.allocations.items()}
            for s in select.select([self.sock, 0, *owners], [], [], 0.5)[0]:
                if s == 0:
                    if not os.read(0, 4096):
                        return
                    continue
                try:
                    d, src = s.recvfrom(4096)
                    if s is self.sock:
                        self.handle(d, src)
                    else:
                        self.inward(*owners[s], d, src)
                except (ValueError, KeyError, struct.error):
                    self.count["malformed"] += 1
                except OSError:                              # an ICMP answer to an earlier datagram
                    self.count["unreachable"] += 1


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--listen", default="127.0.0.1")
    ap.add_argument("--user", default="u")
    ap.add_argument("--password", default="p")
    server = Server(ap.parse_args())
    print(json.dumps(dict(port=server.sock.getsockname()[1])), flush=True)
    server.run()
    print(json.dumps(dict(server.count)), flush=True)


if __name__ == "__main__":
    main()
