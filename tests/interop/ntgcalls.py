#!/usr/bin/env python3
"""`offhook leg --family tgcalls` against real libwebrtc (the PyPI wheel ntgcalls 3.0.5), every version, both roles, every way.

  ntgcalls.py --offhook target/release/offhook --peer-python VENV311/bin/python --speech a.wav --speech2 b.wav
              [--short] [--pairs us-ntg,ntg-us,us-us,ntg-ntg] [--only TEXT]... [--keep DIR] [--json FILE] [--trace] [--list]

Run it with a Python that has numpy, scipy and pesq; --peer-python is one that has ntgcalls.  Each call is made by its own
processes on this machine; the script carries the signalling.  Host candidates are tried in two network namespaces with a
veth pair between them, made for the run and removed after it: that needs root, and without it only relays are tried.

  matrix      right tone and intelligible speech both ways, for each version, way and pair of roles
  mute        mute and unmute are seen by the other side, which hears silence and then sound again
  hang-up     either side ends the call; left alone: one side vanishes
  signalling  20 % of the signalling lost, the rest reordered
  cut         the path is gone for 8 s
  connect     time until both sides are connected, median of several calls
  clean       PESQ-WB and mouth-to-ear delay
  lossy       the same at 10 % loss and U[0,50] ms jitter
  processor   processor time a call-minute, both processes in one call

A step of a call is over when its state is there (a tone is recorded, a mute is told), not after a time.  --short is for
machines that do other things as well: it has every version, way, role and behaviour, and of the figures only the
processor's, which is processor time and not wall-clock time.

`us-us` and `ntg-ntg` are the yardsticks: ours with itself, libwebrtc with itself.  A cell that misses a limit is tried
once more, since the machine may have been disturbed.  Prints a line for each cell and a table; --json writes all figures;
exit code 1 with the names of what failed.  --trace leaves the decrypted signalling (needs `cryptography`) in --keep.
"""
import argparse, asyncio, json, os, sys, tempfile, time

from modern import network
from modern.cell import Outcome
from modern.place import Place
from modern.plan import cells
from modern.sides import Silent

MISHAPS = (Silent, OSError, asyncio.TimeoutError, ValueError, StopIteration)


async def attempt(cell, folder):
    for n in range(1, cell.attempts + 1):
        cell.outcome = outcome = Outcome()
        outcome.tell(attempt=n)
        try:
            await cell.run(outcome, f"{folder}/{cell.part}-{cell.name}-{n}".replace(" ", "_").replace("->", "-").replace(",", ""))
        except MISHAPS as mishap:
            outcome.faults.append(f"{type(mishap).__name__}: {mishap}" if not isinstance(mishap, Silent) else str(mishap))
        print(json.dumps(dict(part=cell.part, cell=cell.name, **outcome.figures, **({"faults": outcome.faults} if outcome.faults else {}))), flush=True)
        if not outcome.faults:
            return


async def run_all(todo, folder, jobs):
    gate = asyncio.Semaphore(jobs)

    async def gated(cell):
        async with gate:
            await attempt(cell, folder)

    await asyncio.gather(*(gated(cell) for cell in todo if not cell.alone))
    for cell in todo:
        if cell.alone:
            await attempt(cell, folder)


def brief(value):
    """A figure for the table."""
    if isinstance(value, dict):
        return "/".join(brief(v.get("mean") if isinstance(v, dict) else v) for k, v in value.items() if v is not None and k not in ("corr", "gaps_s"))
    if isinstance(value, list):
        return "/".join(map(brief, value))
    return "-" if value is None else str(value)


def table(todo):
    for part in dict.fromkeys(cell.part for cell in todo):
        print(f"\n{part}")
        for cell in todo:
            if cell.part == part:
                figures = "  ".join(f"{k} {brief(v)}" for k, v in cell.outcome.figures.items() if k not in ("attempt", "signalling", "calls"))
                print(f"  {'FAIL' if cell.outcome.faults else 'ok':4} {cell.name:38} {figures}")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--offhook", default="")
    ap.add_argument("--peer-python", required=True)
    ap.add_argument("--speech", required=True)
    ap.add_argument("--speech2", required=True)
    ap.add_argument("--short", action="store_true")
    ap.add_argument("--pairs", default="us-ntg,ntg-us,us-us")
    ap.add_argument("--only", action="append", default=[], help="cells whose `part name` contains this; may be repeated")
    ap.add_argument("--jobs", type=int, default=0, help="calls at a time where no figure counts (4)")
    ap.add_argument("--keep", default="")
    ap.add_argument("--json", default="")
    ap.add_argument("--trace", action="store_true")
    ap.add_argument("--list", action="store_true")
    a = ap.parse_args()
    for path in ("offhook", "peer_python"):                  # a virtual environment's link must stay a link
        if getattr(a, path):
            setattr(a, path, os.path.abspath(getattr(a, path)))
    folder = os.path.abspath(a.keep or tempfile.mkdtemp(prefix="offhook-ntgcalls-"))
    os.makedirs(folder, exist_ok=True)
    reason = network.why_not()
    if reason:
        print(f"host candidates are not tried: {reason}", flush=True)
    began = time.monotonic()
    with network.Cable() if not reason else open(os.devnull) as cable:
        place = Place(a, None if reason else cable, folder)
        todo = [cell for cell in cells(place, a.pairs.split(","), a.short)
                if all(text in f"{cell.part} {cell.name}" for text in a.only)]
        if a.list:
            return print("\n".join(f"{cell.part:11} {cell.name}" for cell in todo))
        asyncio.run(run_all(todo, folder, a.jobs or 4))
    table(todo)
    if a.json:
        with open(a.json, "w") as f:
            json.dump([dict(part=cell.part, cell=cell.name, figures=cell.outcome.figures, faults=cell.outcome.faults) for cell in todo], f, indent=1)
    failed = [cell for cell in todo if cell.outcome.faults]
    print(f"\n{len(todo) - len(failed)} passed, {len(failed)} failed in {time.monotonic() - began:.0f} s; recordings in {folder}")
    for cell in failed:
        print(f"failed: {cell.part} {cell.name}: {'; '.join(cell.outcome.faults)}")
    sys.exit(1 if failed or not todo else 0)


if __name__ == "__main__":
    main()
