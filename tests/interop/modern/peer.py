#!/usr/bin/env python3
"""One real libwebrtc peer of the modern call family: the PyPI wheel ntgcalls 3.0.5 (CPython 3.11), driven by JSON lines.

Nothing here talks to Telegram; signalling bytes are carried by whoever drives it.  Commands on stdin:
  {"cmd":"open","key":HEX,"outgoing":bool,"said":RAW,"heard":RAW,"mode":"file"|"external"}
  {"cmd":"connect","at":T,"version":"13.0.0","p2p":bool,"servers":[
       {"id":1,"ip":"127.0.0.1","port":598,"tag":HEX,"tcp":false}, {"id":2,"ip":..,"port":3478,"turn":true,"stun":true,"user":..,"password":..}]}
  {"cmd":"sig","data":BASE64}   {"cmd":"mute"}   {"cmd":"unmute"}   {"cmd":"stop"}
Events on stdout: ready, open, sig, state (with a time), remote (what the other side's media state says), error, report, stopped.

Sound is raw s16le, 48 kHz, mono.  In "file" mode the library reads and writes the files itself: use it for processor time.
In "external" mode each 10 ms frame passes through Python with a CLOCK_MONOTONIC time, from the moment of the connect on;
`heard`.stamps then holds one pair of lists, a time for every 960 samples said and heard: use it for delay.

What cost time to find out: the machine needs an interface other than `lo`; the methods return awaitables, not coroutines;
callbacks come on native threads; stop() may crash after a call over a TCP relay, so the report is given before it.
"""
import asyncio, base64, json, os, sys, time

import ntgcalls as N

UID, FRAME = 1, 960                                          # bytes of 10 ms
now = time.monotonic


def say(event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def name(value):
    return str(value).rsplit(".", 1)[-1]


class Peer:
    def __init__(self):
        self.loop, self.lib = asyncio.get_running_loop(), N.NTgCalls()
        self.config, self.sent, self.got, self.speaking, self.t0 = {}, [], [], None, None
        post = lambda event: self.loop.call_soon_threadsafe(say, event)
        self.lib.on_signaling_data(lambda _, d: post(dict(ev="sig", data=base64.b64encode(bytes(d)).decode())))
        self.lib.on_connection_change(lambda _, i: post(dict(ev="state", state=name(i.state), t=now())))
        self.lib.on_remote_source_change(
            lambda _, s: post(dict(ev="remote", device=name(s.device), state=name(s.state), t=now())))
        self.lib.on_frames(self.hear)

    def hear(self, _, mode, device, frames):
        if mode == N.StreamMode.PLAYBACK and frames:
            self.got.append((now(), bytes(frames[0].data)))

    async def open(self, c):
        self.config = c
        external = c["mode"] == "external"
        source = N.MediaSource.EXTERNAL if external else N.MediaSource.FILE
        await self.lib.create_p2p_call(UID)
        for mode, path in ((N.StreamMode.CAPTURE, c["said"]), (N.StreamMode.PLAYBACK, c["heard"])):
            sound = N.AudioDescription(source, 48000, 1, "" if external else path, False)
            await self.lib.set_stream_sources(UID, mode, N.MediaDescription(sound, None, None, None))
        await self.lib.skip_exchange(UID, bytes.fromhex(c["key"]), c["outgoing"])
        say(dict(ev="open"))

    async def connect(self, c):
        servers = [N.RTCServer(s["id"], s["ip"], "", s["port"], s.get("user"), s.get("password"), s.get("turn", False),
                               s.get("stun", False), s.get("tcp", False), bytes.fromhex(s["tag"]) if "tag" in s else None)
                   for s in c["servers"]]
        await asyncio.sleep(max(0.0, c["at"] - now()))
        self.t0 = now()
        if self.config["mode"] == "external":
            self.speaking = asyncio.ensure_future(self.speak())
        await self.lib.connect_p2p(UID, servers, [c["version"]], c["p2p"], None)

    async def speak(self):
        with open(self.config["said"], "rb") as f:
            pcm = f.read()
        for k in range(len(pcm) // FRAME):
            wait = self.t0 + k * 0.01 - now()
            if wait > 0:
                await asyncio.sleep(wait)
            frame = self.lib.send_external_frame(UID, N.StreamDevice.MICROPHONE, pcm[k * FRAME:k * FRAME + FRAME], N.FrameData())
            self.sent.append(now())
            try:
                await frame
            except Exception as error:                       # the call ended between two frames
                return say(dict(ev="error", where="speak", error=type(error).__name__))

    def keep(self):
        got = self.got[:len(self.got) // 2 * 2]
        with open(self.config["heard"], "wb") as f:
            f.write(b"".join(data for _, data in got))
        with open(self.config["heard"] + ".stamps", "w") as f:
            json.dump(dict(t0=self.t0, sent=self.sent[::2], got=[t for t, _ in got[::2]]), f)

    async def stop(self):
        if self.speaking:
            self.speaking.cancel()
        if self.config.get("mode") == "external":
            self.keep()
        say(dict(ev="report", t0=self.t0, stopped_at=now()))
        try:
            await asyncio.wait_for(asyncio.ensure_future(self.lib_stop()), 3)
        except Exception as error:
            say(dict(ev="error", where="stop", error=type(error).__name__))
        say(dict(ev="stopped"))

    async def lib_stop(self):
        await self.lib.stop(UID)

    async def command(self, c):
        if c["cmd"] == "open":
            await self.open(c)
        elif c["cmd"] == "connect":
            await self.connect(c)
        elif c["cmd"] == "sig":
            await self.lib.send_signaling_data(UID, base64.b64decode(c["data"]))
        elif c["cmd"] in ("mute", "unmute"):
            await getattr(self.lib, c["cmd"])(UID)


async def main():
    lines = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    peer = Peer()
    say(dict(ev="ready", versions=list(N.NTgCalls.get_protocol().library_versions)))
    while line := await lines.readline():
        c = json.loads(line)
        if c["cmd"] == "stop":
            break
        try:
            await peer.command(c)
        except Exception as error:                           # a packet after the end, for one
            say(dict(ev="error", where=c["cmd"], error="%s: %s" % (type(error).__name__, error)))
    await peer.stop()
    sys.stdout.flush()
    os._exit(0)                                              # native threads of the wheel may outlive the interpreter


asyncio.run(main())
