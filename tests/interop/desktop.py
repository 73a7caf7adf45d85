#!/usr/bin/env python3
"""Telegram Desktop, the official app, on the local Telegram: it logs in, writes, is called, hears and is heard.

  desktop.py --offhook target/release/offhook --speech a.wav --speech2 b.wav [--keep DIR]

Run it as root with a Python that has numpy and scipy, on Debian 12 with the packages that run.sh installs: the app is Debian's
telegram-desktop 4.6.5, with the addresses and the RSA keys of Telegram's servers replaced in a copy of it, so that nothing can
leave this machine.  It runs on a virtual screen and is worked by mouse and keyboard; its ears and its mouth are sinks of a
PulseAudio of its own.  What it has done is read off the requests that the server sees, not off the screen.  Places on the
screen are those of this version of the app; --keep leaves a picture of each step.
"""
import argparse, json, os, pathlib, re, signal, subprocess, sys, tempfile, threading, time

import numpy as np
from scipy.io import wavfile
from scipy.signal import fftconvolve, resample_poly

import patched

APP = pathlib.Path("/usr/bin/telegram-desktop")
ADDRESS = "127.0.0.1"                                 # the longest that fits into every place
START, BY_PHONE, FIRST_CHAT, CALL = (500, 498), (500, 553), (230, 153), (817, 93)
ACCEPT, MUTE, END = (571, 597), (605, 597), (536, 597)
SOUNDS_LIKE = 0.7                                     # a word that went through codec and gain control against itself


class Failed(Exception):
    pass


class Stage:
    """The server, the screen, the sound and the app; `with` takes all of it down."""

    def __init__(self, a, folder):
        self.a, self.folder, self.children, self.seen = a, folder, [], []
        self.display = f":{90 + os.getpid() % 900}"
        self.env = dict(os.environ, DISPLAY=self.display, XDG_RUNTIME_DIR=str(folder), HOME=str(folder), QT_QPA_PLATFORM="xcb")
        (folder / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        folder.chmod(0o700)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()

    def start(self, *command, **kwargs):
        kwargs = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **kwargs}
        child = subprocess.Popen([str(word) for word in command], env=self.env, **kwargs)
        self.children.append(child)
        return child

    def serve(self):
        users = ["--user", "19996610001:alice:Alice", "--user", "19996620002:bob:Bob"]
        self.env["OFFHOOK_LOG"] = "offhook_dc=debug"
        dc = self.start(self.a.offhook, "dc", "--json", "--code", "12345", "--listen", f"{ADDRESS}:443", *users,
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        hello = dc.stdout.readline()
        if not hello:
            raise Failed("the server did not start; is the port free?")
        threading.Thread(target=self.read, args=(dc.stderr,), daemon=True).start()
        return json.loads(hello)["pem"]

    def read(self, log):
        for line in log:
            found = re.search(r'method="([\w.]+)" layer=(\d+)', re.sub(r"\x1b\[[0-9;]*m", "", line))
            if found:
                self.seen.append((found[1], int(found[2])))

    def wait(self, what, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                self.picture(f"waiting-for-{what}".replace(" ", "-"))
                raise Failed(f"{what}: not within {seconds} s")
            time.sleep(0.2)
        print(f"ok  {what}", flush=True)

    def asked(self, method, times=1):
        """By the app, which speaks an old layer."""
        return lambda: sum(name == method and layer < 200 for name, layer in self.seen) >= times

    def run(self, *command):
        return subprocess.run([str(word) for word in command], env=self.env, check=True, capture_output=True, text=True).stdout

    def click(self, place, pause=1.0):
        time.sleep(pause)                             # windows of this app move in before they take clicks
        self.run("xdotool", "mousemove", *place, "click", 1)

    def type(self, text):
        self.run("xdotool", "type", "--delay", 50, text)

    def press(self, key):
        self.run("xdotool", "key", key)

    def picture(self, name):
        if self.a.keep:
            subprocess.run(["import", "-window", "root", f"{self.folder}/{name}.png"], env=self.env, check=False)

    def bob(self, *words):
        return self.run(self.a.offhook, *words[:1], "--session", self.folder / "bob", *words[1:])


def stage_app(stage, folder, pem):
    counts = patched.patch(APP, folder / "telegram", ADDRESS, pem)
    if 0 in counts.values():
        raise Failed(f"not everything was found in the app: {counts}")
    stage.start("Xvfb", stage.display, "-screen", "0", "1000x760x24")
    stage.wait("a screen", lambda: pathlib.Path(f"/tmp/.X11-unix/X{stage.display[1:]}").exists())
    stage.start("openbox")
    sinks = [f"--load=module-null-sink sink_name={name} rate=48000" for name in ("ear", "mouth")]
    stage.start("pulseaudio", "-n", "--exit-idle-time=-1", *sinks, "--load=module-native-protocol-unix")
    stage.wait("a sound system", lambda: subprocess.run(["pactl", "set-default-sink", "ear"], env=stage.env, capture_output=True).returncode == 0)
    stage.run("pactl", "set-default-source", "mouth.monitor")
    stage.start(folder / "telegram", "-workdir", folder)


def log_in(stage):
    stage.wait("the app reaches the server", stage.asked("help.getConfig"))
    stage.click(START, 8)
    stage.wait("it shows a QR code", stage.asked("auth.exportLoginToken"))
    stage.click(BY_PHONE, 3)
    time.sleep(3)
    stage.type("9996610001")                          # the country's 1 is there already
    stage.press("Return")
    stage.wait("it asks for a code", stage.asked("auth.sendCode"))
    time.sleep(3)
    stage.type("12345")
    stage.wait("it is logged in", stage.asked("messages.getDialogs"))


def write(stage):
    def history():
        limits = '"offset_id":0,"offset_date":0,"add_offset":0,"limit":9,"max_id":0,"min_id":0,"hash":0'
        found = json.loads(stage.bob("api", "messages.getHistory", '{"peer":"@alice",%s}' % limits))
        return [message.get("message") for message in found["messages"]]

    stage.bob("login", "--dc", f"{ADDRESS}:443", "--dc-key", stage.folder / "key.pem", "--phone", "19996620002", "--code", "12345")
    stage.bob("api", "messages.sendMessage", '{"peer":"@alice","message":"Hello, desktop"}')
    stage.click(FIRST_CHAT, 4)
    time.sleep(3)
    stage.type("Hello, Bob")
    stage.press("Return")
    stage.wait("both have written", lambda: "Hello, Bob" in history())
    stage.picture("written")


class Recorder:
    """What the app plays, and what it is given as its microphone."""

    def __init__(self, stage, said):
        self.path = stage.folder / "ear.raw"
        self.ear = stage.start("parec", "-d", "ear.monitor", "--rate=48000", "--channels=1", "--format=s16le", stdout=self.path.open("wb"))
        self.mouth = stage.start("bash", "-c", f"while paplay -d mouth {said}; do :; done", start_new_session=True)

    def stop(self):
        os.killpg(self.mouth.pid, signal.SIGTERM)
        self.ear.send_signal(signal.SIGTERM)
        self.ear.wait(10)


def call(stage, name, command, incoming):
    """A call of twenty seconds, hung up by the app; what either side heard is compared with what the other said."""
    record, news, out = (stage.folder / f"{name}.{end}" for end in ("wav", "err", "json"))
    recorder = Recorder(stage, stage.a.speech2)
    media = ["--play", stage.a.speech, "--then", stage.a.speech2, "--record", record, "--json"]
    received, accepted = (sum(seen[0] == f"phone.{word}Call" for seen in stage.seen) for word in ("received", "accept"))
    bob = stage.start(stage.a.offhook, command[0], "--session", stage.folder / "bob", *command[1:], *media,
                      stdout=out.open("w"), stderr=news.open("w"))
    if incoming:
        stage.wait(f"{name}: the app rings", lambda: sum(seen[0] == "phone.receivedCall" for seen in stage.seen) > received)
        stage.click(ACCEPT, 3)
    else:
        stage.wait(f"{name}: somebody listens", lambda: "waiting for calls" in news.read_text())
        stage.click(CALL, 4)
    stage.wait(f"{name}: accepted", lambda: sum(seen[0] == "phone.acceptCall" for seen in stage.seen) > accepted)
    stage.wait(f"{name}: sound", lambda: "first-audio" in news.read_text(), 30)
    time.sleep(18)
    stage.picture(name)
    stage.click(END)
    stage.wait(f"{name}: over", lambda: bob.poll() is not None)
    recorder.stop()
    report = json.loads(out.read_text().strip().splitlines()[-1])
    heard = {"app": sounds(stage.a.speech, raw(recorder.path)), "we": sounds(stage.a.speech2, wav(record))}
    print(json.dumps(dict(call=name, outcome=report["outcome"], family=report["family"], heard=heard, frames=report["frames"])), flush=True)
    if report["outcome"] != "completed" or min(heard.values()) < SOUNDS_LIKE:
        raise Failed(f"{name}: {report['outcome']}, heard {heard}")


def raw(path):
    return resample_poly(np.fromfile(path, dtype="<i2").astype(float), 1, 6)


def wav(path):
    rate, samples = wavfile.read(path)
    return resample_poly(samples.astype(float), 1, rate // 8000)


def sounds(said, heard):
    """Of the pieces of two seconds of what was said, how well the third best is found in what was heard: 0 to 1."""
    said, length, found = wav(said), 16000, []
    energy = np.sqrt(fftconvolve(heard ** 2, np.ones(length), "valid").clip(1))
    for start in range(0, len(said) - length, length):
        piece = said[start:start + length]
        if piece.std() > 50:
            found.append(float(np.max(np.abs(fftconvolve(heard, piece[::-1], "valid")) / energy) / np.linalg.norm(piece)))
    return round(sorted(found)[-3], 3)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--offhook", required=True); ap.add_argument("--speech", required=True); ap.add_argument("--speech2", required=True)
    ap.add_argument("--keep", default="")
    a = ap.parse_args()
    a.offhook, a.speech, a.speech2 = map(os.path.abspath, (a.offhook, a.speech, a.speech2))
    folder = pathlib.Path(os.path.abspath(a.keep) if a.keep else tempfile.mkdtemp(prefix="offhook-desktop-"))
    folder.mkdir(parents=True, exist_ok=True)
    with Stage(a, folder) as stage:
        try:
            pem = stage.serve()
            (folder / "key.pem").write_text(pem)
            stage_app(stage, folder, pem)
            log_in(stage)
            write(stage)
            call(stage, "we-call", ["call", "@alice"], True)
            call(stage, "the-app-calls", ["answer", "--once"], False)
            call(stage, "we-call-libtgvoip", ["call", "--protocol", "libtgvoip", "@alice"], True)
        except Failed as failed:
            sys.exit(f"failed: {failed}; pictures and logs with --keep")
    print("Telegram Desktop: all passed")


if __name__ == "__main__":
    main()
