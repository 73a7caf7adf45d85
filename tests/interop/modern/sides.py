"""The two engines behind one face: `offhook leg --family tgcalls` and the ntgcalls peer, each its own process."""
import asyncio, base64, json, os, signal, time

HERE = os.path.dirname(os.path.abspath(__file__))
now = time.monotonic


class Silent(Exception):
    """An engine did not say in time what was waited for."""


def signal_to(process, number):
    """As process.send_signal(), which may reap the child before the event loop does and make it complain."""
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:
        pass


class Side:
    """One end of a call.  `on_signal(side, bytes)` gets what it wants carried to the other end."""
    engine = ""

    def __init__(self, place, role, folder, on_signal, inside=lambda command: command):
        self.place, self.role, self.on_signal, self.inside = place, role, on_signal, inside
        self.heard = os.path.join(folder, role + ".raw")
        self.log = os.path.join(folder, role + ".log")
        self.process, self.report, self.events, self.early = None, {}, [], []
        self.t0 = self.up = None                             # when it was told to connect, and when it said it is connected
        self.remote_muted = False                            # what it has last been told of the other side
        self.changed = asyncio.Event()

    async def spawn(self, command):
        self.process = await asyncio.create_subprocess_exec(
            *self.inside(command), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=open(self.log, "w"), limit=1 << 22)
        self.reader = asyncio.ensure_future(self.read())

    async def read(self):
        while line := await self.process.stdout.readline():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                self.take(event, now())
                self.changed.set()
        self.changed.set()

    def note(self, at, event):
        self.events.append((round(at - self.t0, 4) if self.t0 else None, event))

    async def until(self, what, holds, timeout):
        """Waits until `holds()`; fails when the time or the process is over."""
        end = now() + timeout
        while not holds():
            self.changed.clear()
            if self.reader.done() and not holds():
                raise Silent(f"{self.engine} {self.role} ended before {what}: {self.last_words()}")
            try:
                await asyncio.wait_for(self.changed.wait(), max(0.001, end - now()))
            except asyncio.TimeoutError:
                if not holds():
                    raise Silent(f"{self.engine} {self.role}: not {what} within {timeout:g} s") from None

    async def recorded(self, what, holds, timeout):
        """Waits until `holds(recording)`, a look at what has been heard so far; the file tells no one that it has grown."""
        end = now() + timeout
        while not holds(self.heard):
            if self.reader.done():
                raise Silent(f"{self.engine} {self.role} ended before it had recorded {what}: {self.last_words()}")
            if now() >= end:
                raise Silent(f"{self.engine} {self.role} has not recorded {what} within {timeout:g} s")
            await asyncio.sleep(0.1)

    def last_words(self):
        text = open(self.log).read().strip()[-300:] if os.path.exists(self.log) else ""
        return text or json.dumps(self.report)[:300]

    def write(self, line):
        if self.process and self.process.returncode is None:
            self.process.stdin.write(json.dumps(line).encode() + b"\n")

    def cpu(self):
        """Seconds of processor the process has used so far, all its threads."""
        with open(f"/proc/{self.process.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_kib(self):
        """(peak, now) of the resident set."""
        with open(f"/proc/{self.process.pid}/status") as f:
            sizes = {line.split(":")[0]: int(line.split()[1]) for line in f if line.startswith(("VmHWM", "VmRSS"))}
        return sizes["VmHWM"], sizes["VmRSS"]

    async def kill(self):
        if self.process and self.process.returncode is None:
            signal_to(self.process, signal.SIGKILL)
        if self.process:
            await self.process.wait()
            await asyncio.gather(self.reader, return_exceptions=True)


class Ntgcalls(Side):
    engine = "ntgcalls"

    async def prepare(self, key, said, mode):
        self.ready = self.open = self.stopped = False
        self.errors = []
        await self.spawn([self.place.peer_python, os.path.join(HERE, "peer.py")])
        await self.until("ready", lambda: self.ready, 15)
        self.write(dict(cmd="open", key=key.hex(), outgoing=self.role == "caller", said=said, heard=self.heard, mode=mode))
        await self.until("open", lambda: self.open or self.errors, 10)

    async def connect(self, at, version, ways):
        self.t0 = at
        servers = []
        for n, way in enumerate(ways):
            if way["kind"] == "turn":
                servers.append(dict(id=9000 + n, ip=way["ip"], port=way["port"], turn=True, stun=True, user=way["user"], password=way["password"]))
            elif way["kind"] in ("udp", "tcp"):
                servers.append(dict(id=7001, ip=way["ip"], port=way["port"], tag=way["tags"][self.role], tcp=way["kind"] == "tcp"))
        self.write(dict(cmd="connect", at=at, version=version, p2p=any(way["kind"] == "host" for way in ways), servers=servers))

    def take(self, event, at):
        kind = event["ev"]
        if kind == "sig":
            return self.on_signal(self, base64.b64decode(event["data"]))
        if kind in ("ready", "open", "stopped"):
            setattr(self, kind, True)
        elif kind == "report":
            self.report, self.t0 = event, event["t0"] or self.t0
        elif kind == "error":
            self.errors.append(event)
        elif kind == "state" and event["state"] == "CONNECTED":
            self.up = self.up or event["t"]
        elif kind == "remote" and event["device"] == "MICROPHONE":
            self.remote_muted = event["state"] != "ACTIVE"
        self.note(event.get("t") or at, event)

    def signal(self, data):
        self.write(dict(cmd="sig", data=base64.b64encode(data).decode()))

    def mute(self, on):
        self.write(dict(cmd="mute" if on else "unmute"))

    def hang_up(self):
        self.write(dict(cmd="stop"))

    async def ended(self, timeout=6):
        """After hang_up(): its report is there and the recording is whole."""
        await self.until("its report", lambda: self.report, timeout)
        try:
            await self.until("stopped", lambda: self.stopped, timeout)
        except Silent:
            self.note(now(), dict(crashed=await self.process.wait()))    # in stop(), after a TCP relay; the sound is on the disk

    def setup_s(self):
        return self.up and round(self.up - self.t0, 4)

    def lost(self):
        """When it said that the other side cannot be reached, or None."""
        return next((t for t, e in self.events if e.get("state") in ("TIMEOUT", "FAILED", "CLOSED")), None)


class Offhook(Side):
    engine = "offhook"

    async def prepare(self, key, said, mode):
        self.key, self.said, self.stamps = key, said, mode == "external"
        self.reader = asyncio.ensure_future(asyncio.sleep(3600))         # until it runs, it has not ended

    async def connect(self, at, version, ways):
        command = [self.place.offhook, "leg", "--role", self.role, "--key", self.key.hex(), "--family", "tgcalls",
                   "--version", version, "--signalling", "stdio", "--play", self.said, "--record", self.heard, "--json"]
        for way in ways:
            if way["kind"] == "host":
                command += ["--p2p"]
            elif way["kind"] == "turn":
                command += ["--server", f"turn:{way['user']}:{way['password']}@{way['ip']}:{way['port']}"]
            else:
                relay = f"{way['ip']}:{way['port']}"
                command += ["--reflector", "tcp:" + relay if way["kind"] == "tcp" else relay, "--tag", way["tags"][self.role]]
        if self.stamps:
            command += ["--stamps", self.heard + ".stamps"]
        self.t0 = at
        await asyncio.sleep(max(0.0, at - now()))
        self.reader.cancel()
        await self.spawn(command)
        for data in self.early:
            self.signal(data)

    def take(self, event, at):
        if "sig" in event:
            return self.on_signal(self, base64.b64decode(event["sig"]))
        if "outcome" in event:
            self.report = event
        if event.get("state") == "established":
            self.up = self.up or at
        if "peer_muted" in event:
            self.remote_muted = event["peer_muted"]
        self.note(at, event)

    def signal(self, data):
        if self.process is None:
            self.early.append(data)
        else:
            self.write(dict(sig=base64.b64encode(data).decode()))

    def mute(self, on):
        self.write(dict(mute=on))

    def hang_up(self):
        self.write(dict(hangup=True))

    async def ended(self, timeout=6):
        await self.until("its report", lambda: self.report, timeout)
        await asyncio.wait_for(self.process.wait(), timeout)

    def setup_s(self):
        return self.report.get("established_s")

    def lost(self):
        return next((t for t, e in self.events if "outcome" in e), None)


ENGINES = {"ntgcalls": Ntgcalls, "offhook": Offhook}
