"""One call between two processes: its ways through the network, and the hand-carried signalling."""
import asyncio, json, os, random, secrets, signal, sys, time
from dataclasses import dataclass

from modern.sides import ENGINES, HERE, signal_to
from modern.trace import Trace

now = time.monotonic


@dataclass
class Setup:
    """What is tried.  `mode` "external" stamps the sound of the ntgcalls peer (see peer.py), "file" spares the processor."""
    caller: str
    callee: str
    version: str = "13.0.0"
    way: str = "udp"                      # host, udp, tcp, turn; own-udp and own-tcp go through `offhook reflector`
    mode: str = "file"
    loss: float = 0.0                     # percent, of datagrams through the relay
    jitter: float = 0.0                   # ms
    seed: int = 1
    signal_loss: float = 0.0              # share
    signal_first_lost: int = 0            # of each side
    signal_delay: tuple = (0.0, 0.0)      # ms, uniform: packets overtake each other
    said: tuple = ()                      # what caller and callee say

    @property
    def engines(self):
        return self.caller, self.callee


class Helper:
    """A relay or TURN server beside the call."""

    async def start(self, command):
        self.process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
        self.first = json.loads(await asyncio.wait_for(self.process.stdout.readline(), 10))
        return self

    def say(self, word):
        self.process.stdin.write(word.encode() + b"\n")

    async def end(self):
        """Its counters, if it has any to tell."""
        if self.process.returncode is not None:
            return None
        self.process.stdin.close()
        if not self.ends_with_stdin:
            signal_to(self.process, signal.SIGTERM)
        try:
            out = await asyncio.wait_for(self.process.stdout.read(), 5)
            await asyncio.wait_for(self.process.wait(), 5)
            return json.loads(out.strip().splitlines()[-1])
        except (asyncio.TimeoutError, ValueError, IndexError):
            if self.process.returncode is None:
                signal_to(self.process, signal.SIGKILL)
                await self.process.wait()
            return None

    ends_with_stdin = True


class Bridge:
    """Carries signalling packets; loses, delays and so reorders them as the setup says, the same way for the same seed."""

    def __init__(self, setup, key, trace_file):
        self.setup, self.peers = setup, {}
        self.rng = {role: random.Random(f"{setup.seed} {role}") for role in ("caller", "callee")}
        self.count = {role: dict(packets=0, bytes=0, lost=0) for role in self.rng}
        self.file = open(trace_file, "w") if trace_file else None
        self.trace = Trace(key, lambda line: self.file.write(json.dumps(dict(t=round(now(), 4), **line)) + "\n")) if self.file else None

    def carry(self, side, data):
        setup, count, rng = self.setup, self.count[side.role], self.rng[side.role]
        count["packets"] += 1
        count["bytes"] += len(data)
        lost = rng.random() < setup.signal_loss or count["packets"] <= setup.signal_first_lost
        hold = rng.uniform(*setup.signal_delay)
        if self.trace:
            self.trace.packet(side.role == "caller", data, "lost" if lost else round(hold))
        if lost:
            count["lost"] += 1
        elif hold > 0:
            asyncio.get_running_loop().call_later(hold / 1000, self.peers[side.role].signal, data)
        else:
            self.peers[side.role].signal(data)

    def close(self):
        if self.file:
            self.file.close()


class Call:
    """`async with Call(place, setup, folder) as call:` connects both sides at one moment; nothing survives the block."""

    def __init__(self, place, setup, folder):
        self.place, self.setup, self.folder = place, setup, folder
        self.helper = self.net = None
        os.makedirs(folder, exist_ok=True)

    async def __aenter__(self):
        setup = self.setup
        key = secrets.token_bytes(256)
        self.bridge = Bridge(setup, key, os.path.join(self.folder, "signalling.jsonl") if self.place.trace else None)
        self.sides = []
        try:
            way = await self.lay_way()
            for n, (role, engine) in enumerate(zip(("caller", "callee"), setup.engines)):
                inside = self.place.inside(n, way["kind"])
                self.sides.append(ENGINES[engine](self.place, role, self.folder, self.bridge.carry, inside))
            caller, callee = self.sides
            self.bridge.peers = {"caller": callee, "callee": caller}
            await asyncio.gather(*(side.prepare(key, said, setup.mode) for side, said in zip(self.sides, setup.said)))
            at = now() + 0.1
            await asyncio.gather(*(side.connect(at, setup.version, [way]) for side in self.sides))
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def lay_way(self):
        setup, place = self.setup, self.place
        body = secrets.token_hex(15)
        tags = {"caller": "00" + body, "callee": "01" + body}
        kind = setup.way.rsplit("-", 1)[-1]
        if kind == "host":
            return dict(kind="host")
        ip = place.relay_address
        self.helper = Helper()
        if kind == "turn":
            command = [sys.executable, os.path.join(HERE, "turn.py"), "--listen", ip]
        elif setup.way.startswith("own-"):
            self.helper.ends_with_stdin = False
            command = [place.offhook, "reflector", "--listen", f"{ip}:0", "--pair", f"{tags['caller']}:{tags['callee']}",
                       "--loss", str(setup.loss / 100), "--jitter", str(setup.jitter), "--seed", str(setup.seed), "--json"]
        else:
            command = [sys.executable, os.path.join(HERE, "relay.py"), "--listen", ip, "--loss", str(setup.loss),
                       "--jitter", str(setup.jitter), "--seed", str(setup.seed)]
        first = (await self.helper.start(place.relay_inside(command))).first
        port = first.get("port") or int(first["addr"].rsplit(":", 1)[1])
        return dict(kind=kind, ip=ip, port=port, tags=tags, user="u", password="p")

    async def connected(self, timeout=10):
        await asyncio.gather(*(side.until("connected", lambda side=side: side.up, timeout) for side in self.sides))

    def cut(self, on):
        """Takes the path away: the relay loses everything, or the cable is pulled at the caller."""
        if self.setup.way == "host":
            self.place.cable.plugged(0, not on)
        else:
            self.helper.say("cut" if on else "heal")

    async def finish(self):
        """Hangs up on both sides and waits for their reports."""
        for side in self.sides:
            side.hang_up()
        await asyncio.gather(*(side.ended() for side in self.sides))
        self.net = await self.helper.end() if self.helper else None

    async def __aexit__(self, *_):
        for side in self.sides:
            await side.kill()
        if self.helper:
            await self.helper.end()
        self.bridge.close()
        with open(os.path.join(self.folder, "events.jsonl"), "w") as f:
            for side in self.sides:
                for at, event in side.events:
                    f.write(json.dumps(dict(role=side.role, engine=side.engine, after=at, event=event)) + "\n")

    def setup_s(self):
        return [side.setup_s() for side in self.sides]
