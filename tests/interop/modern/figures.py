"""What is measured: time to connect, quality and delay on a clean and a bad path, processor time."""
import asyncio, statistics
from dataclasses import replace

from modern import judge
from modern.call import Call
from modern.cell import SHORT, Cell, name_of
from modern.functions import directions

CONNECT_LIMIT_S = 0.150                   # median of the later side of each call
CLEAN_FLOOR = 3.7                         # PESQ-WB
DELAY_LIMIT_MS = 120                      # from ntgcalls to us
NTG_HEARS_NTG = 1.83                      # its own sender and its own receiver on the same path, seeds 1 and 2
HEARD_FLOOR = 1.3                         # below it nothing was understood
LOSSY_FLOOR = 2.3                         # PESQ-WB between two of ours at 10 % loss and U[0,50] ms
CPU_SHARE = 0.5                           # of what ntgcalls uses in the same call
CPU_SHARE_BUSY = 0.8                      # where others empty the caches: 0.52 to 0.54 was seen with ten builds beside it
OURS = "offhook"


def connect(place, setup, calls):
    setup = replace(setup, said=place.tones)

    async def run(outcome, folder):
        times = []
        for n in range(calls):
            async with Call(place, setup, f"{folder}/{n}") as call:
                await call.connected()
                await asyncio.sleep(0.3)
                await call.finish()
                times.append(call.setup_s())
        later = statistics.median(max(pair) for pair in times)
        outcome.tell(median_ms=round(later * 1000), caller_ms=round(statistics.median(c for c, _ in times) * 1000),
                     callee_ms=round(statistics.median(c for _, c in times) * 1000), worst_ms=round(max(map(max, times)) * 1000), calls=calls)
        outcome.demand(later <= CONNECT_LIMIT_S, f"connects in {later * 1000:.0f} ms (median of {calls}), the limit is {CONNECT_LIMIT_S * 1000:.0f}")

    return Cell("connect", name_of(setup), run, alone=True)


async def talk(place, setup, folder, seconds):
    """Both sides speak for `seconds`; gives (speaker, listener, metrics) of both directions and what the relay saw."""
    setup = replace(setup, said=place.speech, mode="external")
    async with Call(place, setup, folder) as call:
        await call.connected()
        await asyncio.sleep(1.0)
        if call.helper and not setup.way.startswith("own-"):
            call.helper.say("mark")
        await asyncio.sleep(seconds - 1.0)
        await call.finish()
        heard = await asyncio.gather(*(judge.speech(said, speaker, listener, 5, seconds - 1) for said, speaker, listener in directions(call, place.speech)))
        sent = (call.net or {}).get("sent", {})
        return [(speaker, listener, m, sent.get(speaker.role, {})) for (_, speaker, listener), m in zip(directions(call, place.speech), heard)]


def tell_direction(outcome, speaker, listener, m, sent, suffix=""):
    key = f"heard_by_{listener.role}{suffix}"
    outcome.tell(**{key: dict(pesq=m.get("pesq_wb"), delay_ms=m.get("delay_ms", {}).get("median"), corr=m.get("corr"), gaps_s=m.get("gaps_s"),
                              opus_kbps=sent.get("opus_kbps"), packet_ms=sent.get("packet_ms"), error=m.get("error"))})
    return m.get("pesq_wb", {}).get("mean", 0)


def clean(place, setup, seconds, floor=CLEAN_FLOOR):
    async def run(outcome, folder):
        for speaker, listener, m, sent in await talk(place, setup, folder, seconds):
            pesq = tell_direction(outcome, speaker, listener, m, sent)
            outcome.demand(pesq >= floor, f"{listener.engine} {listener.role} hears {speaker.engine} at PESQ-WB {pesq}, the floor is {floor}")
            if listener.engine == OURS:
                delay = m.get("delay_ms", {}).get("median", 1e9)
                outcome.demand(delay <= DELAY_LIMIT_MS, f"{listener.engine} {listener.role} hears {speaker.engine} after {delay} ms, the limit is {DELAY_LIMIT_MS}")

    return Cell("clean", name_of(setup), run, alone=True)


def lossy(place, setups, seeds, seconds, floor=None):
    """10 % loss and U[0,50] ms, every setup with every seed.

    `floor` holds for the mean of all directions.  Where ours and theirs meet, what we hear of them and what they hear of us are
    both compared with what they hear of themselves: of each pair one half is the same.  Give both orders then, because the two
    clips do not score alike.
    """
    async def run(outcome, folder):
        scores = {}
        for setup in setups:
            for seed in seeds:
                bad = replace(setup, loss=10.0, jitter=50.0, seed=seed)
                for speaker, listener, m, sent in await talk(place, bad, f"{folder}/{SHORT[setup.caller]}-{seed}", seconds):
                    pesq = tell_direction(outcome, speaker, listener, m, sent, f"_from_{SHORT[setup.caller]}_seed_{seed}")
                    scores.setdefault(f"{SHORT[listener.engine]}_hears_{SHORT[speaker.engine]}", []).append(pesq)
        means = {who: round(statistics.mean(all_), 2) for who, all_ in scores.items()}
        outcome.tell(**means)
        if floor is not None:
            mean = statistics.mean(means.values())
            outcome.demand(mean >= floor, f"speech arrives at PESQ-WB {mean:.2f} at 10 % loss, the floor is {floor}")
        deaf = [who for who, all_ in scores.items() if min(all_) < HEARD_FLOOR]
        outcome.demand(not deaf, f"not understood at 10 % loss: {', '.join(deaf)} (PESQ-WB under {HEARD_FLOOR})")
        for who in ("us_hears_ntg", "ntg_hears_us"):
            if who in means:
                outcome.demand(means[who] > NTG_HEARS_NTG, f"{who} at PESQ-WB {means[who]}, ntgcalls hears itself at {NTG_HEARS_NTG}: it must be more")

    names = ", ".join(name_of(setup).split(" ", 2)[2] for setup in setups)
    return Cell("lossy", f"{setups[0].version} {setups[0].way} {names}", run, alone=True)


def processor(place, setup, seconds):
    """Processor time of both processes over the same seconds of one call, the files read and written by each engine itself."""
    setup = replace(setup, said=place.speech, mode="file")

    async def run(outcome, folder):
        async with Call(place, setup, folder) as call:
            await call.connected()
            await asyncio.sleep(2.0)
            before = [side.cpu() for side in call.sides]
            await asyncio.sleep(seconds)
            used = [(side.cpu() - begun) * 60 / seconds for side, begun in zip(call.sides, before)]
            for side, cpu in zip(call.sides, used):
                peak, resident = side.memory_kib()
                outcome.tell(**{side.role: dict(cpu_s_per_minute=round(cpu, 2), resident_kib=resident, peak_kib=peak)})
            await call.finish()
        if setup.caller != setup.callee:
            ours = used[setup.engines.index(OURS)]
            theirs = used[1 - setup.engines.index(OURS)]
            limit = CPU_SHARE if place.quiet else CPU_SHARE_BUSY
            outcome.tell(share=round(ours / theirs, 2))
            outcome.demand(ours <= limit * theirs, f"we use {ours:.2f} s of processor a minute, ntgcalls {theirs:.2f}: at most {limit:g} of it is allowed")

    return Cell("processor", name_of(setup), run, alone=True)
