"""Which cells a run has."""
from dataclasses import replace
from itertools import product

from modern import figures, functions
from modern.call import Setup

VERSIONS = ("8.0.0", "9.0.0", "12.0.0", "13.0.0")
NAMES = {"us": "offhook", "ntg": "ntgcalls"}
OWN = ("own-udp", "own-tcp")


def cells(place, pairs, short):
    """`pairs`: caller-callee, each `us` or `ntg`."""
    pairs = [tuple(NAMES[name] for name in pair.split("-")) for pair in pairs]
    mixed = [pair for pair in pairs if pair[0] != pair[1]] or pairs
    ours = bool(place.offhook)
    ways = (["host"] if place.cable else []) + ["udp", "tcp", "turn"] + (list(OWN) if ours else [])
    plan = short_plan if short else full_plan
    return plan(place, pairs, mixed, ways)


def full_plan(place, pairs, mixed, ways):
    todo = []
    for version, way, pair in product(VERSIONS, ways, mixed):
        if way in OWN and version not in ("9.0.0", "13.0.0"):
            continue
        todo.append(functions.matrix(place, Setup(*pair, version=version, way=way)))
    if ("offhook", "offhook") in pairs:
        todo += [functions.matrix(place, Setup("offhook", "offhook", way=way)) for way in ways]
    for pair, version in product(mixed, ("13.0.0", "9.0.0")):
        base = Setup(*pair, version=version)
        todo.append(functions.mute(place, base))
        todo += [functions.hang_up(place, base, who) for who in functions.ROLES]
        todo += [functions.signalling(place, Setup(*pair, version=version, seed=seed)) for seed in range(1, 6)]
    for pair in mixed:
        todo += [functions.left_alone(place, Setup(*pair), who) for who in functions.ROLES]
    for pair, way in product(pairs, [w for w in ways if w in ("host", "udp")]):
        todo.append(functions.cut(place, Setup(*pair, way=way)))
    for pair, version, way in product(pairs, ("13.0.0", "9.0.0"), [w for w in ways if w in ("host", "udp")]):
        todo.append(figures.connect(place, Setup(*pair, version=version, way=way), 10))
    for pair in pairs:
        todo.append(figures.clean(place, Setup(*pair), 46))
    meetings = [pair for pair in pairs if pair[0] != pair[1]]
    if meetings:
        todo.append(figures.lossy(place, [Setup(*pair) for pair in meetings], (1, 2), 46))
    for pair in pairs:
        if pair not in meetings:
            todo.append(figures.lossy(place, [Setup(*pair)], (1, 2), 46, figures.LOSSY_FLOOR if "offhook" in pair else None))
    todo += [figures.processor(place, Setup(*pair), 30) for pair in pairs]
    return todo


def short_plan(place, pairs, mixed, ways):
    """What CI runs: each version, way, role and behaviour at least once, with nothing that only a quiet machine can show.

    Time to connect, delay and quality on a clean and on a bad path are figures of the full run. The share of the processor
    counts here as well: it is processor time of the two processes of one call, which share whatever disturbs them.
    """
    first, second = mixed[0], mixed[-1]
    chosen = [("13.0.0", "host", first), ("9.0.0", "host", second), ("13.0.0", "udp", second), ("8.0.0", "udp", first),
              ("12.0.0", "tcp", first), ("13.0.0", "turn", second), ("9.0.0", "own-udp", first), ("13.0.0", "own-tcp", second)]
    todo = [functions.cut_and_back(place, Setup(*first)), functions.cut_and_back(place, Setup(*second, version="9.0.0"))]
    todo += [functions.matrix(place, Setup(*pair, version=version, way=way)) for version, way, pair in chosen if way in ways]
    todo += [functions.mute(place, Setup(*first)), functions.mute(place, Setup(*second, version="9.0.0")),
             functions.hang_up(place, Setup(*first), "caller"), functions.hang_up(place, Setup(*second, version="9.0.0"), "caller"),
             functions.signalling(place, Setup(*first)), functions.signalling(place, Setup(*second, version="9.0.0"))]
    todo.append(replace(figures.processor(place, Setup(*first), 10), alone=False))
    return todo
