"""Two network namespaces joined by a veth pair: two machines with one cable between them, made for one run and removed after it.

The peer's libwebrtc makes no candidates on `lo`, so host candidates need another interface; and with two namespaces nothing
but the cable leads from one side to the other.  Needs root and `ip`.
"""
import os, subprocess

PREFIX, PREFIX6 = "10.209.77.", "fd77:209::"


def ip(*args):
    subprocess.run(["ip", *args], check=True, capture_output=True, text=True)


class Cable:
    """`with Cable() as cable`: `cable.inside(side, command)` runs a command on that side (0 or 1)."""

    def __init__(self):
        self.names = [f"offhook-{os.getpid()}-{side}" for side in (0, 1)]
        self.devices = [f"oh{os.getpid() % 100000}-{side}" for side in (0, 1)]
        self.addresses = [PREFIX + "1", PREFIX + "2"]

    def __enter__(self):
        try:
            for name in self.names:
                ip("netns", "add", name)
            for name in self.names:
                quick = "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad"
                subprocess.run(["ip", "netns", "exec", name, "sh", "-c", quick], capture_output=True)
            ip("link", "add", self.devices[0], "netns", self.names[0], "type", "veth", "peer", "name", self.devices[1],
               "netns", self.names[1])
            for name, device, address in zip(self.names, self.devices, self.addresses):
                ip("-n", name, "addr", "add", address + "/24", "dev", device)
                ip("-n", name, "link", "set", "lo", "up")
                ip("-n", name, "link", "set", device, "up")
                # Where the kernel has IPv6. Without the wait for duplicates: the first call would otherwise begin before it is over.
                subprocess.run(["ip", "-n", name, "addr", "add", PREFIX6 + address[-1] + "/64", "dev", device, "nodad"], capture_output=True)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def inside(self, side, command):
        return ["ip", "netns", "exec", self.names[side], *command]

    def plugged(self, side, up):
        ip("-n", self.names[side], "link", "set", self.devices[side], "up" if up else "down")


def why_not():
    """None, or why no cable can be laid here."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    try:
        with Cable():
            return None
    except FileNotFoundError:
        return "`ip` (iproute2) is not installed"
    except subprocess.CalledProcessError as error:
        return error.stderr.strip() or "the kernel refuses network namespaces"
