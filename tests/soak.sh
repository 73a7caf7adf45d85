#!/usr/bin/env bash
# Many short calls on the embedded Telegram; memory, files and threads must be as before.
#   tests/soak.sh [--calls N]     (default: 1000, some two minutes)
set -euo pipefail
cd "$(dirname "$0")/.."
calls=1000
[ "${1:-}" != --calls ] || calls=$2
OFFHOOK_SOAK_CALLS=$calls cargo test --release --test soak -- --ignored --nocapture
