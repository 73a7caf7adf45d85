#!/usr/bin/env bash
# A call whose machine moves to another network: the demo in a network namespace whose address changes in the middle.
#   tests/interop/moves.sh OFFHOOK        (as root)
# The engine has to notice by itself, and both ends to restart ICE; nothing of what is said may be lost, because the path between
# them, over loopback, stays.
set -euo pipefail
offhook=$1
inside=offhook-moves-$$ outside=offhook-router-$$ report=$(mktemp) news=$(mktemp)
clean() {
    for space in "$inside" "$outside"; do ip netns del "$space" 2>/dev/null || true; done
    rm -f "$report" "$news"
}
trap clean EXIT

if ! ip netns add "$inside"; then
    echo "== the kernel refuses a network of its own here: left out"
    exit 0
fi
ip netns add "$outside"
ip link add inside netns "$inside" type veth peer name outside netns "$outside"
ip -n "$inside" link set lo up
ip -n "$inside" link set inside up
ip -n "$outside" link set outside up
ip -n "$outside" addr add 198.51.100.1/24 dev outside
ip -n "$outside" addr add 203.0.113.1/24 dev outside

on() { # NETWORK: the only one from now on
    ip -n "$inside" addr flush dev inside
    ip -n "$inside" addr add "$1.2/24" dev inside
    ip -n "$inside" route add default via "$1.1"
}

on 198.51.100
OFFHOOK_LOG=offhook_phone=debug ip netns exec "$inside" "$offhook" demo --seconds 20 --json >"$report" 2>"$news" &
demo=$!
# Both sides have heard the other: the call has some twenty seconds left.
timeout 60 sh -c 'until [ "$(grep -c first-audio "$1")" -ge 2 ]; do sleep 0.2; done' sh "$news"
on 203.0.113
wait "$demo"
python3 - "$report" <<'PYTHON'
import json, sys
told = json.load(open(sys.argv[1]))
restarts = {side: told[side]["connect"]["restarts"] for side in ("caller", "callee")}
print(json.dumps({"outcome": told["outcome"], "frames": told["frames"], "restarts": restarts}))
assert told["outcome"] == "ok", told["outcome"]
for side, counts in restarts.items():
    assert counts["agreed"] >= 1, f"the {side} has not restarted ICE: {counts}"
PYTHON
