#!/usr/bin/env python3
"""`offhook leg` against a real libtgvoip 2.4.4, both roles, both directions, over several paths.

  libtgvoip.py --offhook target/release/offhook --peer-python VENV39/bin/python --speech a.wav --speech2 b.wav
               [--short] [--only TEXT] [--keep DIR] [--seconds N]

Run it with a Python that has numpy, scipy and pesq (the judge, call_metrics.py beside this file); --peer-python is
one that has pytgvoip.  Each cell is one call of its own processes on 127.0.0.1: a reflector (reflector.py or
`offhook reflector`), a libtgvoip peer (tgvoip_peer.py) and `offhook leg`, or two of either for the yardsticks.
Prints one JSON line per direction, then a line of totals; exit code 0 only when every limit below held.

Limits: established in at most 0.7 s on a clean path; what we hear of libtgvoip comes within 200 ms, what we hear of
ourselves within 160 ms (median, clean); every direction carries intelligible speech (PESQ-WB over the floor of its path).
A cell that misses a limit is run once more, since the machine may have been disturbed; both results are printed.
"""
import argparse, json, os, secrets, signal, subprocess, sys, tempfile, time, wave

HERE = os.path.dirname(os.path.abspath(__file__))
PATHS = {  # name: (loss as a share, jitter in ms)
    "clean": (0.0, 0), "loss5": (0.05, 0), "jitter50": (0.0, 50), "loss10_jitter50": (0.10, 50),
}
# Least PESQ-WB of (path, who listens): well under what a quiet machine gives (the README has those figures), so that a
# busy one does not fail.  The peer's clock runs up to 1 % slow in --mode callback, which either listener has to stretch.
FLOOR = {
    ("clean", "us"): 2.0, ("clean", "them"): 2.5, ("loss5", "us"): 1.3, ("loss5", "them"): 1.5,
    ("jitter50", "us"): 1.9, ("jitter50", "them"): 2.4, ("loss10_jitter50", "us"): 1.2, ("loss10_jitter50", "them"): 1.3,
}
FLOOR_OWN = {"clean": 3.4, "loss5": 2.0, "jitter50": 3.2, "loss10_jitter50": 1.8}


def raw_of(path, out):
    """A WAV clip (48 kHz mono 16 bit) as headerless PCM, repeated to a minute."""
    with wave.open(path) as w:
        assert (w.getframerate(), w.getnchannels(), w.getsampwidth()) == (48000, 1, 2), path
        pcm = w.readframes(w.getnframes())
    with open(out, "wb") as f:
        f.write((pcm * (60 * 96000 // len(pcm) + 1))[: 60 * 96000])
    return out


def reflector(a, kind, tags, path, seed):
    loss, jitter = PATHS[path]
    if kind == "python":
        cmd = [sys.executable, f"{HERE}/reflector.py", "--port", "0", "--loss", str(loss * 100), "--jitter", str(jitter), "--seed", str(seed)]
    else:
        cmd = [a.offhook, "reflector", "--listen", "127.0.0.1:0", "--pair", f"{tags[0]}:{tags[1]}", "--loss", str(loss),
               "--jitter", str(jitter), "--seed", str(seed), "--json"]
    p = subprocess.Popen(cmd, stdout=subprocess.PIPE, text=True)
    first = json.loads(p.stdout.readline())
    addr = f"127.0.0.1:{first['port']}" if "port" in first else first["addr"]
    return p, addr


def start(a, engine, role, key, addr, tag, speech, out, seconds, at):
    common = ["--role", role, "--key", key, "--reflector", addr, "--tag", tag, "--seconds", str(seconds), "--stamps", out + ".stamps"]
    if engine == "libtgvoip":
        cmd = [a.peer_python, f"{HERE}/tgvoip_peer.py", *common, "--input", speech, "--output", out, "--mode", "callback", "--start-at", str(at)]
    else:
        cmd = [a.offhook, "leg", *common, "--play", speech, "--record", out, "--json"]
    return subprocess.Popen(cmd, stdout=subprocess.PIPE, stderr=open(out + ".log", "w"), text=True)


def judge(said, heard, seconds):
    p = subprocess.run([sys.executable, f"{HERE}/call_metrics.py", "--said", said["speech"], "--heard", heard["out"],
                        "--said-stamps", said["out"] + ".stamps", "--heard-stamps", heard["out"] + ".stamps",
                        "--from", "4", "--to", str(seconds - 1.5)], capture_output=True, text=True)
    return json.loads(p.stdout) if p.returncode == 0 and p.stdout else dict(error=p.stderr[-400:])


def cell(a, folder, kind, path, caller, callee, seed, seconds):
    key, t = secrets.token_hex(256), secrets.token_hex(15)
    tags = (t + "00", t + "01")
    refl, addr = reflector(a, kind, tags, path, seed)
    sides, lines, faults = [], [], []
    try:
        at = time.monotonic() + 1.0
        for role, engine, tag, speech in (("caller", caller, tags[0], a.raw[0]), ("callee", callee, tags[1], a.raw[1])):
            out = f"{folder}/{role}.raw"
            if engine == "offhook":
                time.sleep(max(0.0, at - time.monotonic()))
            sides.append(dict(role=role, engine=engine, out=out, speech=speech,
                              p=start(a, engine, role, key, addr, tag, speech, out, seconds, at)))
        for s in sides:
            text, _ = s["p"].communicate(timeout=seconds + 60)
            try:
                s["report"] = json.loads(text.strip().splitlines()[-1])
                open(s["out"] + ".json", "w").write(text)
            except (IndexError, ValueError):
                s["report"] = {}
                faults.append(f"{s['engine']} {s['role']} gave no report: {open(s['out'] + '.log').read()[-400:]}")
    finally:
        for s in sides:
            s["p"].kill()
        refl.send_signal(signal.SIGTERM)
        refl.wait(10)
    reported = not faults
    for said, heard in (sides, sides[::-1]):
        est = heard["report"].get("established_s")
        m = judge(said, heard, seconds) if reported else {}
        line = dict(path=path, reflector=kind, said_by=said["engine"], heard_by=heard["engine"], hearer=heard["role"],
                    established_s=est, **m)
        own = said["engine"] == heard["engine"] == "offhook"
        judged = "offhook" in (said["engine"], heard["engine"])
        if judged and reported:
            floor = FLOOR_OWN[path] if own else FLOOR[(path, "us" if heard["engine"] == "offhook" else "them")]
            if "error" in m or m.get("pesq_wb", {}).get("mean", 0) < floor:
                line.setdefault("faults", []).append(f"PESQ-WB under {floor}")
            if path == "clean":
                if est is None or est > 0.7:
                    line.setdefault("faults", []).append("not established within 0.7 s")
                limit = 160 if own else 200
                if heard["engine"] == "offhook" and m.get("delay_ms", {}).get("median", 1e9) > limit:
                    line.setdefault("faults", []).append(f"mouth to ear over {limit} ms")
        lines.append(line)
        faults += line.get("faults", [])
    return lines, faults


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--offhook", required=True); ap.add_argument("--peer-python", default="")
    ap.add_argument("--speech", required=True); ap.add_argument("--speech2", required=True)
    ap.add_argument("--short", action="store_true"); ap.add_argument("--only", default="")
    ap.add_argument("--seconds", type=float, default=0); ap.add_argument("--keep", default="")
    ap.add_argument("--yardstick", action="store_true", help="also libtgvoip against itself")
    a = ap.parse_args()
    a.keep = a.keep or tempfile.mkdtemp(prefix="offhook-interop-")
    os.makedirs(a.keep, exist_ok=True)
    a.raw = (raw_of(a.speech, f"{a.keep}/said-a.raw"), raw_of(a.speech2, f"{a.keep}/said-b.raw"))
    seconds = a.seconds or (16 if a.short else 40)
    pairs = [("offhook", "libtgvoip"), ("libtgvoip", "offhook")] if a.peer_python else []
    pairs.append(("offhook", "offhook"))
    if a.yardstick:
        pairs.append(("libtgvoip", "libtgvoip"))
    cells = []
    for path in PATHS:
        for kind in ("python", "ours"):
            for caller, callee in pairs:
                # The short run: clean both ways through our reflector, and one impaired path each through the other.
                if a.short and not ((path == "clean" and kind == "ours") or (path in ("loss5", "jitter50") and kind == "python" and caller == "offhook" and callee != "offhook")
                                    or (path == "loss10_jitter50" and kind == "ours" and caller == callee == "offhook")):
                    continue
                cells.append((kind, path, caller, callee))
    passed = failed = 0
    for kind, path, caller, callee in cells:
        name = f"{path}-{kind}-{caller}-{callee}"
        if a.only and a.only not in name:
            continue
        for attempt in (1, 2):
            folder = f"{a.keep}/{name}-{attempt}"
            os.makedirs(folder, exist_ok=True)
            lines, faults = cell(a, folder, kind, path, caller, callee, attempt, seconds)
            for line in lines:
                print(json.dumps(dict(cell=name, attempt=attempt, **line)), flush=True)
            if not faults:
                break
            print(json.dumps(dict(cell=name, attempt=attempt, faults=faults)), flush=True)
        passed += not faults
        failed += bool(faults)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
