#!/usr/bin/env bash
# Runs every fuzz target for a while: tests/fuzz.sh [--seconds N] [TARGET]...   (default: 60 seconds each)
# Needs a nightly toolchain, which it does not install; without one it says so and the corpora stay plain tests.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=60 targets=()
while [ $# -gt 0 ]; do
    case "$1" in --seconds) seconds=$2; shift 2 ;; *) targets+=("$1"); shift ;; esac
done
if ! rustup toolchain list 2>/dev/null | grep -q nightly; then
    echo "== no nightly toolchain here: fuzzing is left out"
    exit 0
fi
tools=${CARGO_TARGET_DIR:-$PWD/target}/tools
command -v cargo-fuzz >/dev/null || PATH="$tools/bin:$PATH"
command -v cargo-fuzz >/dev/null || { echo "== installing cargo-fuzz under target/tools"; cargo install --quiet --locked --root "$tools" cargo-fuzz; PATH="$tools/bin:$PATH"; }
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cd crates/fuzz && cargo +nightly fuzz list --fuzz-dir .)
for target in "${targets[@]}"; do
    echo "== fuzzing $target for $seconds s"
    # Leaks are looked for by the soak; inputs stay under the largest frame a peer may send us.
    (cd crates/fuzz && cargo +nightly fuzz run --fuzz-dir . "$target" -- -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -timeout=5 -verbosity=0)
done
echo "${#targets[@]} passed, 0 failed"
