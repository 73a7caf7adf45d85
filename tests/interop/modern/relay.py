#!/usr/bin/env python3
"""A relay as the modern call family uses it, over UDP and TCP, with a network as bad as one likes (CPython 3.8 and later).

  relay.py [--listen 127.0.0.1] [--loss P] [--delay MS] [--jitter MS] [--seed N]

UDP:  own tag   = prefix[12] + r[4]                       r is chosen by each socket, not zero
      hello     = own tag + 12 * ff + fe ff ff ff + u64   answered with itself; ties (prefix, r) to the sender's address
      data      = prefix[12] + r of the receiver + r of the sender + u32 BE length + payload + padding
TCP:  ee ee ee ee once, then frames of u32 LE length + packet; hello = own tag + u32 0; data as over UDP
A side drops what does not begin with its own prefix, and the prefixes of a call's two sides differ in byte 0 (00 caller,
01 callee), so data leaves with the receiver's prefix.  UDP and TCP sides of one call reach each other.

Impairments hit data alone, each datagram and direction by itself (own random stream for each role of the sender), from
the first packet: --loss percent, a delay of --delay + U[0, --jitter] ms; reordering happens.  TCP is never impaired.

Prints {"port": N} (the same for UDP and TCP).  Lines on stdin: `cut` loses everything, hellos too, `heal` ends it, `mark`
starts the counters anew, `end` (or the end of stdin) prints them by role of the sender and stops.
"""
import argparse, collections, heapq, json, os, random, select, socket, sys, time

now = time.monotonic


def kind_of(x):
    """What a payload is, by its first byte: RFC 7983."""
    if not x:
        return "empty"
    if x[0] < 4:
        return "stun"
    if 20 <= x[0] < 64:
        return "dtls"
    if len(x) > 12 and 128 <= x[0] < 192:
        return "rtcp" if 64 <= x[1] & 127 < 96 else "rtp"
    return "other"


def rtp_payload(x):
    """Length of what stands behind the header and its extension; the SRTP tag is still in it."""
    head = 12 + 4 * (x[0] & 15)
    if x[0] & 16:
        head += 4 + 4 * int.from_bytes(x[head + 2:head + 4], "big")
    return len(x) - head


class Stream:
    """A TCP connection: bytes in, packets out; what the socket does not take at once is kept, up to a bound."""

    def __init__(self, sock):
        self.sock, self.got, self.wait, self.begun = sock, bytearray(), bytearray(), False

    def packets(self):
        if not self.begun and len(self.got) >= 4:
            if bytes(self.got[:4]) != b"\xee" * 4:
                raise ConnectionError("does not begin with the transport's mark")
            self.begun = True
            del self.got[:4]
        while self.begun and len(self.got) >= 4:
            n = int.from_bytes(self.got[:4], "little")
            if n > 4096:
                raise ConnectionError("a frame of %d bytes" % n)
            if len(self.got) < 4 + n:
                return
            yield bytes(self.got[4:4 + n])
            del self.got[:4 + n]

    def send(self, packet):
        if len(self.wait) < 1 << 16:
            self.wait += len(packet).to_bytes(4, "little") + packet
        self.flush()

    def flush(self):
        try:
            while self.wait:
                del self.wait[:self.sock.send(self.wait)]
        except BlockingIOError:
            pass
        except OSError:
            self.wait.clear()


class Relay:
    def __init__(self, a):
        self.a, self.heap, self.n, self.cut = a, [], 0, False
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        for _ in range(20):                                  # a UDP port whose TCP twin is free as well
            self.udp.bind((a.listen, 0))
            try:
                self.listener.bind(self.udp.getsockname())
                break
            except OSError:
                self.udp.close()
                self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listener.listen(8)
        for s in (self.udp, self.listener):
            s.setblocking(False)
        self.rng = {r: random.Random(a.seed * 1000 + r) for r in (0, 1)}
        self.known, self.roles, self.streams = {}, {}, {}    # r -> (way, prefix); way -> role; socket -> Stream
        self.mark()

    def mark(self):
        self.since, self.stats = now(), {r: collections.Counter() for r in (0, 1)}
        self.steps, self.last = {0: collections.Counter(), 1: collections.Counter()}, {}

    def packet(self, d, way):
        """`way`: the address of a UDP peer, or a Stream."""
        if self.cut or len(d) < 20:
            return
        udp = isinstance(way, tuple)
        if (udp and d[16:28] == b"\xff" * 12) or (not udp and len(d) == 20 and d[16:] == bytes(4)):
            self.known[d[12:16]] = (way, d[:12])
            self.roles[way] = d[0] & 1
            if udp:
                self.udp.sendto(d[:40], way)
            return
        to, role = self.known.get(d[12:16]), self.roles.get(way)
        if to is None or role is None or to[1][1:] != d[1:12] or len(d) < 24:
            self.stats[role or 0]["no_destination"] += 1
            return
        self.count(role, d)
        d = to[1] + d[12:]
        rng, lag = self.rng[role], 0.0
        if udp:
            lost, u = rng.random() * 100 < self.a.loss, rng.random()
            if lost:
                self.stats[role]["lost"] += 1
                return
            lag = (self.a.delay + u * self.a.jitter) / 1000
        if lag <= 0:
            return self.forward(d, to[0])
        self.n += 1
        heapq.heappush(self.heap, (now() + lag, self.n, d, to[0]))

    def forward(self, d, way):
        if isinstance(way, tuple):
            self.udp.sendto(d, way)
        else:
            way.send(d)

    def count(self, role, d):
        c, x = self.stats[role], d[24:24 + int.from_bytes(d[20:24], "big")]
        kind = kind_of(x)
        c["packets"] += 1
        c["bytes"] += len(d)
        c[kind] += 1
        if kind == "rtp" and x[1] & 127 in (111, 63):        # Opus, or redundancy around it; the rest is padding probes
            c["opus"] += 1
            c["opus_bytes"] += rtp_payload(x) - 10           # less the tag of AES128_CM_HMAC_SHA1_80
            ssrc, at = x[8:12], int.from_bytes(x[4:8], "big")
            if ssrc in self.last:
                self.steps[role][(at - self.last[ssrc]) & 0xFFFFFFFF] += 1
            self.last[ssrc] = at

    def report(self):
        took, out = now() - self.since, {}
        for role, name in enumerate(("caller", "callee")):
            c, steps = self.stats[role], self.steps[role]
            o = dict(c)
            if took > 1:
                o.update(udp_kbps=round(c["bytes"] * 8 / took / 1000, 1), opus_kbps=round(c["opus_bytes"] * 8 / took / 1000, 1),
                         packets_per_s=round(c["packets"] / took, 1), packet_ms=steps.most_common(1)[0][0] / 48 if steps else None)
            out[name] = o
        return dict(seconds=round(took, 2), sent=out)

    def command(self, line):
        if line == "cut":
            self.cut = True
            self.heap.clear()
        elif line == "heal":
            self.cut = False
        elif line == "mark":
            self.mark()
        elif line == "end":
            return False
        return True

    def read_stream(self, s):
        stream = self.streams[s]
        try:
            got = s.recv(1 << 16)
            if not got:
                raise ConnectionError("closed")
            stream.got += got
            for packet in stream.packets():
                self.packet(packet, stream)
        except BlockingIOError:
            pass
        except OSError:
            del self.streams[s]
            self.known = {r: v for r, v in self.known.items() if v[0] is not stream}
            s.close()

    def run(self):
        os.set_blocking(0, False)
        line = b""
        while True:
            t = now()
            while self.heap and self.heap[0][0] <= t:
                self.forward(*heapq.heappop(self.heap)[2:])
            wait = min(0.5, max(0.0, self.heap[0][0] - t)) if self.heap else 0.5
            backed_up = [s for s, stream in self.streams.items() if stream.wait]
            ready, writable, _ = select.select([self.udp, self.listener, 0, *self.streams], backed_up, [], wait)
            for s in writable:
                self.streams[s].flush()
            for s in ready:
                if s == 0:
                    got = os.read(0, 4096)
                    line += got
                    *lines, line = line.split(b"\n")
                    if not got or not all(self.command(x.decode().strip()) for x in lines):
                        return
                elif s is self.udp:
                    try:
                        while True:
                            d, src = s.recvfrom(4096)
                            self.packet(d, src)
                    except BlockingIOError:
                        pass
                elif s is self.listener:
                    c, _ = s.accept()
                    c.setblocking(False)
                    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.streams[c] = Stream(c)
                elif s in self.streams:
                    self.read_stream(s)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--listen", default="127.0.0.1")
    ap.add_argument("--loss", type=float, default=0.0, help="percent")
    ap.add_argument("--delay", type=float, default=0.0, help="ms")
    ap.add_argument("--jitter", type=float, default=0.0, help="ms")
    ap.add_argument("--seed", type=int, default=1)
    relay = Relay(ap.parse_args())
    print(json.dumps(dict(port=relay.udp.getsockname()[1])), flush=True)
    relay.run()
    print(json.dumps(relay.report()), flush=True)


if __name__ == "__main__":
    main()
