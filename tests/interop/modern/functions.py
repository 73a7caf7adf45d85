"""What must work whatever the figures: every version, way and role; mute, hang-up, a cut path, bad signalling.

A step of a call ends with what it is about (a tone is recorded, a state is told), never with a time: on a busy machine
libwebrtc needs seconds from "connected" to the first sound.  How long a step took is a figure, and demanded in full runs.
"""
import asyncio, time
from dataclasses import replace

from modern import judge
from modern.call import Call
from modern.cell import Cell, name_of
from modern.place import PAUSE_S, TONE_S, TONES

now = time.monotonic
LEAST_TONE = 0.9                          # share of the energy in the clearest half second
INTELLIGIBLE = 2.0                        # PESQ-WB, of calls that share the processor with other calls
INTELLIGIBLE_BUSY = 1.4                   # and with who knows what: both engines are held up; noise would have 1.0 to 1.1
ROLES = ("caller", "callee")
NEWS_S = 1.0                              # a mute or unmute is known to the other side within
STEP_S = 25                               # no step of a call that works takes longer, on any machine


def directions(call, said):
    """(what was said, by whom, heard by whom) of both directions."""
    first, second = call.sides
    return (said[0], first, second), (said[1], second, first)


def demand_tone(outcome, speaker, listener, found, where):
    share, rms = found
    outcome.demand(share >= LEAST_TONE and rms > 1000,
                   f"{listener.engine} {listener.role} hears no clear {TONES[speaker.role]} Hz {where} (share {share}, level {rms})")


async def hear_tone(call, where, seconds=1.0):
    """Waits until the last `seconds` that each side has recorded are the other side's tone."""
    def clear(speaker):
        def holds(path):
            share, rms = judge.last_tone(path, TONES[speaker.role], seconds)
            return share >= LEAST_TONE and rms > 1000
        return holds

    await asyncio.gather(*(listener.recorded(f"{seconds:g} s of {TONES[speaker.role]} Hz {where}", clear(speaker), STEP_S)
                           for speaker, listener in (call.sides, call.sides[::-1])))


def matrix(place, setup):
    """The tone that tells the sides apart, then intelligible speech, both ways; then both hang up."""
    setup = replace(setup, said=place.greeting)
    begin = TONE_S + PAUSE_S + 0.5
    end = begin + 8

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected(STEP_S)
            await asyncio.gather(*(side.recorded(f"{end + 1:g} s", lambda path: len(judge.tail(path, end + 1)) >= (end + 1) * judge.RATE, end + STEP_S)
                                   for side in call.sides))
            await call.finish()
            outcome.tell(setup_ms=[s and round(s * 1000) for s in call.setup_s()])
            for said, speaker, listener in directions(call, place.greeting):
                demand_tone(outcome, speaker, listener, judge.best_tone(listener.heard, TONES[speaker.role], 0, TONE_S + 1.5), "at the start")
                m = await judge.speech(said, speaker, listener, begin, end)
                pesq = m.get("pesq_wb", {}).get("mean", 0)
                outcome.tell(**{f"pesq_heard_by_{listener.role}": pesq})
                outcome.demand(pesq >= (INTELLIGIBLE if place.quiet else INTELLIGIBLE_BUSY), f"{listener.engine} {listener.role} hears speech at PESQ-WB {pesq} {m.get('error', '')}")

    return Cell("matrix", name_of(setup), run)


async def heard_of(outcome, listener, muted, what):
    """Waits for the other side's mute state to be `muted`; gives the seconds it took."""
    began = now()
    await listener.until(f"told of the {what}", lambda: listener.remote_muted is muted, STEP_S)
    took = now() - began
    if listener.place.quiet:
        outcome.demand(took <= NEWS_S, f"{listener.engine} {listener.role} knows of the {what} only after {took:.2f} s")
    return round(took * 1000)


def mute(place, setup):
    """Each side mutes and unmutes: the other is told, hears silence meanwhile and the tone again afterwards."""
    setup = replace(setup, said=place.tones)

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected(STEP_S)
            await hear_tone(call, "before the mute")
            for speaker, listener in (call.sides, call.sides[::-1]):
                speaker.mute(True)
                took = await heard_of(outcome, listener, True, "mute")
                await listener.recorded("0.8 s of silence while the other side is mute", lambda path: judge.is_silent(path, 0.8), STEP_S)
                speaker.mute(False)
                back = await heard_of(outcome, listener, False, "unmute")
                outcome.tell(**{f"{speaker.role}_mute_ms": took, f"{speaker.role}_unmute_ms": back})
                await hear_tone(call, "after the mute")
            await call.finish()

    return Cell("mute", name_of(setup), run)


def hang_up(place, setup, who):
    """One side hangs up and reports at once with all it has heard; the other, told as by the server, does the same."""
    setup = replace(setup, said=place.tones)

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected(STEP_S)
            up = now()
            await hear_tone(call, "before the end")
            first = call.sides[ROLES.index(who)]
            second = call.sides[1 - ROLES.index(who)]
            for side in (first, second):
                began = now()
                side.hang_up()
                await side.ended(STEP_S)
                took = now() - began
                outcome.tell(**{f"{side.role}_ended_ms": round(took * 1000)})
                if place.quiet:
                    outcome.demand(took < 3, f"{side.engine} {side.role} takes {took:.1f} s to hang up")
            most = now() - up + 1
            for _, speaker, listener in directions(call, place.tones):
                demand_tone(outcome, speaker, listener, judge.best_tone(listener.heard, TONES[speaker.role]), "before the end")
                seconds = len(judge.samples(listener.heard)) / judge.RATE
                outcome.demand(1.0 <= seconds < most, f"{listener.engine} {listener.role} recorded {seconds:.1f} s, the call had {most - 1:.1f}")

    return Cell("hang-up", f"{name_of(setup)} by the {who}", run)


def left_alone(place, setup, who):
    """The side `who` vanishes without a word: the other says that the call is lost, after 10 to 30 s, and ends well."""
    setup = replace(setup, said=place.tones)

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected(STEP_S)
            await hear_tone(call, "before the end")
            gone, left = call.sides[ROLES.index(who)], call.sides[1 - ROLES.index(who)]
            began = now()
            await gone.kill()
            await left.until("sure that the call is lost", left.lost, 45)
            took = now() - began
            outcome.tell(noticed_s=round(took, 1))
            # Ten seconds from its last packet, which was a moment before it was seen to be gone.
            outcome.demand(took > 9.5, f"{left.engine} {left.role} gives the call up after {took:.1f} s already")
            left.hang_up()
            await left.ended()

    return Cell("left alone", f"{name_of(setup)}, the {who} vanishes", run)


def signalling(place, setup):
    """Signalling packets get lost and overtake each other: the call comes up all the same."""
    setup = replace(setup, said=place.tones, signal_loss=0.2, signal_delay=(0, 150), signal_first_lost=1)

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected(STEP_S)
            took = now() - call.sides[0].t0
            # Both are connected before both offers are answered: sound may take another repetition or two.
            await hear_tone(call, "although signalling is lost")
            outcome.tell(connected_s=round(took, 2), heard_s=round(now() - call.sides[0].t0, 2))
            await call.finish()
            outcome.tell(signalling=call.bridge.count)

    return Cell("signalling", f"{name_of(setup)} seed {setup.seed}", run)


CUT_S, BEFORE_S, AFTER_S = 8.0, 9.0, 13.0


def cut_and_back(place, setup):
    """The path is cut for 8 s: ours says that it reconnects and that it is back, and both hear each other again."""
    setup = replace(setup, said=place.tones)

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            told = lambda side, state: any(event.get("state") == state for _, event in side.events)
            ours = [side for side in call.sides if side.engine == "offhook"]
            await call.connected(STEP_S)
            await hear_tone(call, "before the cut")
            call.cut(True)
            healing = asyncio.ensure_future(asyncio.sleep(CUT_S))
            await asyncio.gather(*(side.recorded("silence in the cut", lambda path: judge.is_silent(path, 0.5), STEP_S) for side in call.sides))
            await asyncio.gather(*(side.until("reconnecting", lambda side=side: told(side, "reconnecting"), STEP_S) for side in ours))
            await healing
            call.cut(False)
            began = now()
            await hear_tone(call, "after the cut")
            outcome.tell(heard_again_s=round(now() - began, 1))
            for side in ours:
                outcome.demand(told(side, "reconnected"), f"{side.engine} {side.role} hears again and does not say so")
            await call.finish()

    return Cell("cut", f"{name_of(setup)} and back", run, alone=setup.way == "host")


def cut(place, setup):
    """The path is cut for 8 s: sound comes back by itself both ways, and each source is where its clock says."""
    setup = replace(setup, said=place.speech, mode="external")

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected()
            await asyncio.sleep(BEFORE_S)
            call.cut(True)
            await asyncio.sleep(CUT_S)
            call.cut(False)
            healed = now()
            await asyncio.sleep(AFTER_S)
            await call.finish()
            for said, speaker, listener in directions(call, place.speech):
                back = judge.sound_since(listener.heard, healed)
                outcome.tell(**{f"back_s_{listener.role}": back})
                if not outcome.demand(back is not None and back < AFTER_S - 7, f"{listener.engine} {listener.role} hears nothing again within {AFTER_S - 7:g} s"):
                    continue
                begin = BEFORE_S + CUT_S + back + 1.5
                before = await judge.speech(said, speaker, listener, 2, BEFORE_S - 1, quality=False)
                after = await judge.speech(said, speaker, listener, begin, BEFORE_S + CUT_S + AFTER_S - 1, quality=False)
                delays = [m.get("delay_ms", {}).get("median") for m in (before, after)]
                outcome.tell(**{f"delay_ms_{listener.role}": delays, f"corr_{listener.role}": after.get("corr")})
                good = None not in delays and abs(delays[1] - delays[0]) <= 250 and after["corr"] >= 0.7
                outcome.demand(good, f"{listener.engine} {listener.role} hears another place of the clip after the cut (delays {delays}, correlation {after.get('corr')})")

    # On the one cable there is, nothing else may be under way.
    return Cell("cut", name_of(setup), run, alone=setup.way == "host")
