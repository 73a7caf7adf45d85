"""Reads the signalling of a call whose key is known, for the eye: raw, acknowledged (8, 9) and SCTP (12, 13) framings."""
import hashlib, json, struct, zlib


class Trace:
    """`emit` gets one object for each packet. Needs the package `cryptography`."""

    def __init__(self, key, emit):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        self.cipher = lambda k, iv: Cipher(algorithms.AES(k), modes.CTR(iv)).decryptor()
        self.key, self.emit, self.parts = key, emit, {}

    def unseal(self, packet, from_caller):
        x, msg_key = 128 + (0 if from_caller else 8), packet[:16]
        a = hashlib.sha256(msg_key + self.key[x:x + 36]).digest()
        b = hashlib.sha256(self.key[40 + x:76 + x] + msg_key).digest()
        plain = self.cipher(a[:8] + b[8:24] + a[24:], b[:4] + a[8:16] + b[24:28]).update(packet[16:])
        return plain if hashlib.sha256(self.key[88 + x:120 + x] + plain).digest()[8:24] == msg_key else None

    @staticmethod
    def text(body):
        try:
            if body[:2] in (b"\x1f\x8b", b"\x78\x9c"):
                body = zlib.decompress(body, 47)
            return json.loads(body)
        except (ValueError, zlib.error):
            return body.hex()

    def packet(self, from_caller, d, fate):
        """`fate`: what the bridge does with it ("lost", or the milliseconds it holds it)."""
        line = {"from": "caller" if from_caller else "callee", "bytes": len(d), "fate": fate}
        if d[:4] == b"\x13\x88\x13\x88":
            line.update(framing="sctp", chunks=self.chunks(from_caller, d))
        else:
            plain = self.unseal(d, from_caller)
            if plain is None:
                line["error"] = "not sealed with this key"
            elif plain[4:6] in (b"\x1f\x8b", b"\x78\x9c", b'{"'):
                line.update(framing="raw", message=self.text(plain[4:]))
            else:
                line.update(framing="acked", items=self.items(plain))
        self.emit(line)

    def chunks(self, from_caller, d):
        names = {0: "data", 1: "init", 2: "init_ack", 3: "sack", 4: "heartbeat", 5: "heartbeat_ack", 6: "abort", 7: "shutdown",
                 10: "cookie_echo", 11: "cookie_ack"}
        at, found = 12, []
        while at + 4 <= len(d):
            kind, flags, n = struct.unpack_from(">BBH", d, at)
            if n < 4:
                break
            chunk = names.get(kind, kind)
            if kind == 0:
                tsn, = struct.unpack_from(">I", d, at + 4)
                chunk = dict(data=tsn)
                part = self.parts.setdefault(from_caller, bytearray())
                if flags & 2:
                    del part[:]
                part += d[at + 16:at + n]
                if flags & 1:
                    plain = self.unseal(bytes(part), from_caller)
                    chunk["message"] = "not sealed with this key" if plain is None else self.text(plain[4:])
            found.append(chunk)
            at += n + 3 & ~3
        return found

    def items(self, plain):
        at, found = 0, []
        while at + 5 <= len(plain):
            seq, kind = struct.unpack_from(">IB", plain, at)
            at += 5
            item = dict(n=seq & 0x3FFFFFFF, type={255: "ack", 254: "empty", 127: "message"}.get(kind, kind))
            if kind == 127:
                n = int.from_bytes(plain[at:at + 4], "big")
                item["message"] = self.text(plain[at + 4:at + 4 + n])
                at += 4 + n
            found.append(item)
            if kind not in (127, 254, 255):
                break
        return found
