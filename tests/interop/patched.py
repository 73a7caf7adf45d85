"""Copies of programs of Telegram's that know only a local server.

Their addresses and RSA keys are compiled in.  `patch` writes a copy in which every one of them is replaced by others of at most
the same length, so that nothing can leave this machine.
"""
import re

ADDRESSES = re.compile(rb"(?<=\0)(149\.154\.1\d\d\.\d{1,3}|95\.161\.\d{1,3}\.\d{1,3}|91\.108\.\d{1,3}\.\d{1,3})(?=\0)")
ADDRESSES_V6 = re.compile(rb"(?<=\0)2001:0?(b28|67c):[0-9a-f:]+(?=\0)")
KEY = re.compile(rb"-----BEGIN RSA PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END RSA PUBLIC KEY-----")


def patch(source, target, address, pem):
    """Writes the copy; returns how many addresses and keys were replaced."""

    def put(new):
        def fill(match):
            # These are read as C strings: what is left over is cut off.
            assert len(new) <= len(match.group()), f"{new} is longer than {match.group()}"
            return new.ljust(len(match.group()), b"\0")

        return fill

    content, v4 = ADDRESSES.subn(put(address.encode()), source.read_bytes())
    content, v6 = ADDRESSES_V6.subn(put(b"::1"), content)
    content, keys = KEY.subn(put(pem.strip().encode()), content)
    target.write_bytes(content)
    target.chmod(0o755)
    return {"addresses": v4, "addresses_v6": v6, "keys": keys}
