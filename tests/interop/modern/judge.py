"""What a recording is worth: the tone that tells the sides apart, and speech by call_metrics.py."""
import asyncio, json, os, sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
METRICS = os.path.join(os.path.dirname(HERE), "call_metrics.py")
RATE = 48000


def samples(path):
    return np.fromfile(path, "<i2").astype(np.float64) if os.path.exists(path) else np.zeros(0)


def tone_share(x, hz):
    """Share of the energy of `x` that is a tone of `hz`."""
    total = np.sum(x ** 2)
    if total == 0:
        return 0.0
    wave = np.exp(-2j * np.pi * hz / RATE * np.arange(len(x)))
    return float(2 * abs(np.sum(x * wave)) ** 2 / (len(x) * total))


def best_tone(path, hz, begin=0.0, end=None, window=0.5):
    """The clearest `window` seconds of a recording between two times: (share of the tone, RMS)."""
    x = samples(path)[int(begin * RATE):None if end is None else int(end * RATE)]
    n, best = int(window * RATE), (0.0, 0)
    for at in range(0, len(x) - n + 1, n // 2):
        part = x[at:at + n]
        rms = float(np.sqrt(np.mean(part ** 2)))
        if rms > 100:
            best = max(best, (round(tone_share(part, hz), 3), round(rms)))
    return best


def tail(path, seconds):
    """The last `seconds` of what a recording has so far."""
    bytes_ = int(seconds * RATE) * 2
    if not os.path.exists(path):
        return np.zeros(0)
    with open(path, "rb") as f:
        whole = os.fstat(f.fileno()).st_size // 2 * 2
        f.seek(max(0, whole - bytes_))
        return np.frombuffer(f.read(min(whole, bytes_)), "<i2").astype(np.float64)


def last_tone(path, hz, seconds=1.0):
    """(share of the tone, RMS) of the last `seconds` of a recording so far."""
    part = tail(path, seconds)
    if len(part) < int(seconds * RATE):
        return 0.0, 0
    return round(tone_share(part, hz), 3), round(float(np.sqrt(np.mean(part ** 2))))


def is_silent(path, seconds):
    """The last `seconds` of a recording so far are there and quiet."""
    part = tail(path, seconds)
    return len(part) == int(seconds * RATE) and float(np.sqrt(np.mean(part ** 2))) < 50


def levels(path, window=0.1):
    """RMS of each `window` seconds."""
    x, n = samples(path), int(window * RATE)
    x = x[:len(x) // n * n].reshape(-1, n)
    return np.sqrt(np.mean(x ** 2, axis=1)) if len(x) else np.zeros(0)


def stamped(path):
    return os.path.exists(path + ".stamps")


async def speech(said, said_by, heard_by, begin, end, quality=True):
    """call_metrics.py over one direction; delays need the stamps of both sides, the quality 8 s of speech or more."""
    command = [sys.executable, METRICS, "--said", said, "--heard", heard_by.heard, "--from", str(begin), "--to", str(end)]
    command += [] if quality else ["--no-pesq"]
    if stamped(said_by.heard) and stamped(heard_by.heard):
        command += ["--said-stamps", said_by.heard + ".stamps", "--heard-stamps", heard_by.heard + ".stamps"]
    p = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    out, err = await p.communicate()
    try:
        return json.loads(out)
    except ValueError:
        return dict(error=err.decode().strip()[-300:])


def sound_since(path, when, level=300):
    """Seconds from `when` (CLOCK_MONOTONIC) until 100 ms of a stamped recording are loud again, or None."""
    with open(path + ".stamps") as f:
        got = json.load(f)["got"]
    loud = levels(path) > level
    for n, is_loud in enumerate(loud):
        at = got[min(n * 5, len(got) - 1)]
        if is_loud and at >= when:
            return round(at - when, 2)
    return None
