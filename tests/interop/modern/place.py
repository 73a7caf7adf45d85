"""Where calls are made: the two engines' programs, the addresses, and the clips they say."""
import array, math, os, socket, wave

from modern.network import PREFIX

RATE = 48000
TONES = {"caller": 440, "callee": 660}
TONE_S, PAUSE_S = 2.0, 0.5                # how the clips of Place.greeting begin


def pcm_of(path):
    with wave.open(path) as w:
        assert (w.getframerate(), w.getnchannels(), w.getsampwidth()) == (RATE, 1, 2), path
        return w.readframes(w.getnframes())


def tone(hz, seconds, level=0.3):
    """Whole hertz, so that a repeated second does not click."""
    second = array.array("h", (int(level * 32767 * math.sin(2 * math.pi * hz * n / RATE)) for n in range(RATE))).tobytes()
    return (second * (int(seconds) + 1))[:int(seconds * RATE) * 2]


def write(path, pcm, seconds):
    with open(path, "wb") as f:
        f.write((pcm * (int(seconds * RATE * 2) // len(pcm) + 1))[:int(seconds * RATE) * 2])
    return path


class Place:
    def __init__(self, a, cable, folder):
        self.offhook, self.peer_python, self.trace, self.cable = a.offhook, a.peer_python, a.trace, cable
        self.folder = folder
        self.quiet = not a.short              # nothing else is on the machine: times and qualities can be demanded
        # Without an interface beside `lo` the peer finds no way at all; then everything happens on the cable.
        self.on_cable = bool(cable) and {name for _, name in socket.if_nameindex()} <= {"lo"}
        self.relay_address = PREFIX + "1" if self.on_cable else "127.0.0.1"
        speech = [pcm_of(a.speech), pcm_of(a.speech2)]
        path = lambda name: os.path.join(folder, name)
        self.speech = [write(path(f"speech-{n}.raw"), pcm, 60) for n, pcm in enumerate(speech)]
        self.tones = [write(path(f"tone-{hz}.raw"), tone(hz, 60), 60) for hz in TONES.values()]
        # A tone that tells the sides apart, then speech.
        self.greeting = [write(path(f"greeting-{n}.raw"), tone(hz, TONE_S) + bytes(int(PAUSE_S * RATE) * 2) + pcm, 60)
                         for n, (hz, pcm) in enumerate(zip(TONES.values(), speech))]

    def inside(self, side, kind):
        if kind == "host" or self.on_cable:
            return lambda command: self.cable.inside(side, command)
        return lambda command: command

    def relay_inside(self, command):
        return self.cable.inside(0, command) if self.on_cable else command
