#!/usr/bin/env python3
"""Tiny Telegram-style UDP reflector for two-peer call tests (Python >= 3.7, no dependencies).

Framing (established by running it against real libtgvoip 2.4.4):

  every datagram  = peer_tag[16] + opaque payload
  special request = peer_tag[16] + ff*12 + i32 code     (code -2 = self info, -1 = peer info)
  self-info query = ... i32 -2 + i64 query_id
  self-info reply = peer_tag[16] + ff*12 + u32 0xc01572c7 + i32 date + i64 query_id
                    + ip[16] (IPv4-mapped IPv6) + i32 port
  peer-info reply = peer_tag[16] + ff*12 + u32 0x27d9371c
                    + u32 my_ip + u32 my_port + u32 peer_ip + u32 peer_port   (only with --p2p)

Two sockets belong to one call when their tags are equal after clearing the role
bit (default: lowest bit of the last byte).  A peer drops every datagram that does
not start with *its own* tag, so the reflector rewrites the tag to the recipient's
before forwarding (--no-rewrite shows what happens otherwise).

Impairments are applied to forwarded traffic only, independently per datagram and
per direction:  --loss P (percent), --delay MS (fixed), --jitter MS (extra delay,
uniform in [0, MS]; reordering is allowed).  --seed makes it repeatable.

Listens on 127.0.0.1 only.  Prints one JSON line of counters on SIGTERM/SIGINT/--seconds.
"""
import argparse, heapq, json, random, select, signal, socket, struct, sys, time


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--port", type=int, default=5599, help="0: any; the port is printed as one JSON line")
    ap.add_argument("--loss", type=float, default=0.0, help="percent")
    ap.add_argument("--delay", type=float, default=0.0, help="ms")
    ap.add_argument("--jitter", type=float, default=0.0, help="ms, uniform [0,J] extra")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--role-byte", type=int, default=15)
    ap.add_argument("--role-mask", type=lambda s: int(s, 0), default=0x01)
    ap.add_argument("--no-rewrite", action="store_true", help="forward the sender's tag unchanged")
    ap.add_argument("--no-self-info", action="store_true", help="do not answer UDP pings")
    ap.add_argument("--p2p", action="store_true", help="answer peer-info requests")
    ap.add_argument("--seconds", type=float, default=0.0, help="stop by itself")
    ap.add_argument("--trace", type=int, default=0, help="print the first N datagrams")
    a = ap.parse_args()

    rng = random.Random(a.seed)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    s.bind(("127.0.0.1", a.port))
    print(json.dumps(dict(port=s.getsockname()[1])), flush=True)
    s.setblocking(False)
    groups = {}                      # group id -> {(tag, addr): last_seen}
    heap, seq = [], 0
    c = dict(rx=0, fwd=0, dropped=0, ping=0, peerinfo=0, nopeer=0, rx_bytes=0)
    per = {}                         # tag hex -> [packets, bytes, first, last]
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    signal.signal(signal.SIGINT, lambda *_: stop.append(1))
    t_end = time.monotonic() + a.seconds if a.seconds else None
    shown = 0

    def group_of(tag):
        b = bytearray(tag)
        b[a.role_byte] &= ~a.role_mask & 0xFF
        return bytes(b)

    while not stop:
        now = time.monotonic()
        if t_end and now >= t_end:
            break
        while heap and heap[0][0] <= now:
            _, _, data, addr = heapq.heappop(heap)
            s.sendto(data, addr)
        wait = min(0.5, max(0.0, heap[0][0] - now)) if heap else 0.5
        if not select.select([s], [], [], wait)[0]:
            continue
        while True:
            try:
                d, addr = s.recvfrom(2048)
            except BlockingIOError:
                break
            now = time.monotonic()
            if shown < a.trace:
                shown += 1
                print("%s:%d len=%d %s" % (addr[0], addr[1], len(d), d[:48].hex()), flush=True)
            if len(d) < 16:
                continue
            c["rx"] += 1
            c["rx_bytes"] += len(d)
            tag = d[:16]
            p = per.setdefault(tag.hex(), [0, 0, now, now])
            p[0] += 1; p[1] += len(d); p[3] = now
            g = groups.setdefault(group_of(tag), {})
            g[(tag, addr)] = now
            for k in [k for k, v in g.items() if now - v > 15]:
                del g[k]
            if len(d) >= 32 and d[16:28] == b"\xff" * 12:
                code = struct.unpack_from("<i", d, 28)[0]
                if code == -2 and len(d) >= 40:
                    c["ping"] += 1
                    if not a.no_self_info:
                        ip = b"\0" * 10 + b"\xff\xff" + socket.inet_aton(addr[0])
                        s.sendto(tag + b"\xff" * 12 + struct.pack("<Ii", 0xC01572C7, int(time.time()))
                                 + d[32:40] + ip + struct.pack("<i", addr[1]), addr)
                elif code == -1:
                    c["peerinfo"] += 1
                    peer = [k for k in g if k[1] != addr]
                    if a.p2p and peer:
                        s.sendto(tag + b"\xff" * 12 + struct.pack("<I", 0x27D9371C)
                                 + socket.inet_aton(addr[0]) + struct.pack("<I", addr[1])
                                 + socket.inet_aton(peer[-1][1][0]) + struct.pack("<I", peer[-1][1][1]), addr)
                continue
            others = [k for k in g if k[1] != addr]
            if not others:
                c["nopeer"] += 1
                continue
            for otag, oaddr in others:
                if rng.random() * 100.0 < a.loss:
                    c["dropped"] += 1
                    continue
                out = d if a.no_rewrite else otag + d[16:]
                c["fwd"] += 1
                lag = (a.delay + (rng.random() * a.jitter if a.jitter else 0.0)) / 1000.0
                if lag <= 0:
                    s.sendto(out, oaddr)
                else:
                    seq += 1
                    heapq.heappush(heap, (now + lag, seq, out, oaddr))
    c["tags"] = {k: dict(packets=v[0], bytes=v[1], seconds=round(v[3] - v[2], 2)) for k, v in per.items()}
    print(json.dumps(c), flush=True)


if __name__ == "__main__":
    main()
