#!/usr/bin/env bash
# Runs the independent peers against us: real libtgvoip 2.4.4 and real libwebrtc (ntgcalls) on the media, Telethon,
# Kurigram, mtcute, TDLib and Telegram Desktop on the local Telegram.
# The short run is for machines that do other things as well: figures that need a quiet one are left to the full run.
#   tests/interop/run.sh [--short] [libtgvoip|ntgcalls|moves|telethon|kurigram|mtcute|tdlib|desktop]...
# Installs what it needs: system packages, and Python and Node environments under target/interop.
set -euo pipefail
cd "$(dirname "$0")/../.."
short=() which=()
for arg in "$@"; do
    case "$arg" in --short) short=(--short) ;; *) which+=("$arg") ;; esac
done
if [ ${#which[@]} -eq 0 ]; then
    which=(libtgvoip ntgcalls moves telethon kurigram mtcute tdlib)
    # Some 150 MB of packages, a screen and a sound system.
    [ ${#short[@]} -gt 0 ] || which+=(desktop)
fi
home=${CARGO_TARGET_DIR:-target}/interop
mkdir -p "$home"
wants() { [[ " ${which[*]} " == *" $1 "* ]]; }

packages() { # PACKAGE...: installs those that dpkg does not know as installed
    local missing=() package
    for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
    [ ${#missing[@]} -eq 0 ] && return
    echo "== installing from the system's packages: ${missing[*]}"
    local as_root=(); [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

environment() { # NAME PYTHON PACKAGE...: a virtual environment, made once
    local name=$1 python=$2; shift 2
    local stamp="$home/$name/packages"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$*" ]; then
        rm -rf "${home:?}/$name"
        "$python" -m venv "$home/$name"
        local package try
        for package in "$@"; do
            for try in 1 2 3; do # a registry may fail once
                "$home/$name/bin/pip" install -q --disable-pip-version-check "$package" && break
                [ "$try" -lt 3 ] || return 1
                sleep "$((5 * try))"
            done
        done
        echo "$*" >"$stamp"
    fi
}

old_python() { # a CPython that the libtgvoip binding builds with
    local candidate
    for candidate in python3.9 python3.8 python3.7 "$HOME"/.pyenv/versions/3.[987].*/bin/python; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 7) <= sys.version_info[:2] <= (3, 9))' 2>/dev/null; then
            echo "$candidate"; return
        fi
    done
}

judge() { environment judge python3 numpy scipy cython pesq==0.0.4; }

webrtc_python() { # a CPython that the ntgcalls wheel is made for
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3.10 python3; do
        if "$candidate" -c 'import sys; sys.exit(not sys.version_info[:2] >= (3, 10))' 2>/dev/null; then
            echo "$candidate"; return
        fi
    done
}

cargo build --release --bin offhook
offhook=${CARGO_TARGET_DIR:-target}/release/offhook

if wants libtgvoip; then
    packages g++ cmake libopus-dev libssl-dev
    judge
    python=$(old_python)
    peer=()
    if [ -n "$python" ]; then
        environment libtgvoip "$python" wheel setuptools pytgvoip==0.0.7.1
        peer=(--peer-python "$home/libtgvoip/bin/python")
    else
        echo "== no CPython 3.7 to 3.9 here: real libtgvoip is left out, only our own legs are judged"
    fi
    echo "== libtgvoip"
    "$home/judge/bin/python" tests/interop/libtgvoip.py "${short[@]}" --offhook "$offhook" "${peer[@]}" \
        --speech audio/speech.wav --speech2 audio/story.wav
fi

if wants ntgcalls; then
    judge
    environment ntgcalls "$(webrtc_python)" ntgcalls==3.0.5
    [ "$(id -u)" -ne 0 ] || packages iproute2 # host candidates are tried in a network of their own
    echo "== ntgcalls"
    "$home/judge/bin/python" tests/interop/ntgcalls.py "${short[@]}" --offhook "$offhook" \
        --peer-python "$home/ntgcalls/bin/python" --speech audio/speech.wav --speech2 audio/story.wav \
        --json "$home/ntgcalls.json"
fi

if wants moves; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "== moves to another network: left out, it needs root for a network of its own"
    else
        packages iproute2
        echo "== a call moves to another network"
        tests/interop/moves.sh "$(realpath "$offhook")"
    fi
fi

users="--user 10000000001:alice:Alice --user 10000000002:bob:Bob"
users+=" --user 10000000003:carol:Carol --user-password 10000000003:hunter2"
if wants telethon; then
    environment telethon python3 telethon==1.45.0
    echo "== Telethon: log in, write, catch up"
    "$home/telethon/bin/python" tests/interop/telethon_login.py --serve "$offhook dc --json --code 12345 $users"
    echo "== Telethon: groups, channels, files"
    rm -f "$home/control" # a server that was killed leaves it
    "$home/telethon/bin/python" tests/interop/telethon_groups.py --control "$home/control" \
        --serve "$offhook dc --json --code 12345 --control $home/control $users"
    echo "== Telethon: a call's signalling"
    "$home/telethon/bin/python" tests/interop/telethon_call.py --both --serve "$offhook dc --json --code 12345 $users"
    echo "== Telethon and offhook call each other"
    "$home/telethon/bin/python" tests/interop/telethon_and_offhook.py --offhook "$offhook"
fi

if wants kurigram; then
    environment kurigram python3 kurigram==2.2.26
    echo "== Kurigram: log in, write, a stored session"
    "$home/kurigram/bin/python" tests/interop/kurigram_login.py --serve "$offhook dc --json --code 12345 $users"
fi
if wants mtcute; then
    command -v npm >/dev/null || packages nodejs npm
    mkdir -p "$home/mtcute"
    cp tests/interop/mtcute.mjs "$home/mtcute/"
    # Its optional database is compiled at installation and not used here.
    [ -d "$home/mtcute/node_modules/@mtcute/node" ] ||
        npm install --prefix "$home/mtcute" --ignore-scripts --no-audit --no-fund --silent @mtcute/node@0.30.3
    echo "== mtcute: log in, write, ring; with and without temporary keys"
    node "$home/mtcute/mtcute.mjs" "$(realpath "$offhook")"
    node "$home/mtcute/mtcute.mjs" "$(realpath "$offhook")" --pfs
fi
if wants tdlib; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "== TDLib is left out: it knows port 443 alone, which only root may listen on"
    else
        environment tdlib python3 tdjson==1.8.69
        echo "== TDLib: log in, write, call, lose the server"
        "$home/tdlib/bin/python" tests/interop/tdlib.py --offhook "$offhook"
        echo "== TDLib over HTTP: the same"
        "$home/tdlib/bin/python" tests/interop/tdlib.py --offhook "$offhook" --http
    fi
fi
if wants desktop; then
    if [ "$(id -u)" -ne 0 ] || ! apt-cache show telegram-desktop >/dev/null 2>&1; then
        echo "== Telegram Desktop is left out: it needs root (port 443) and Debian's package"
    else
        packages telegram-desktop xvfb openbox xdotool imagemagick pulseaudio pulseaudio-utils libasound2-plugins
        judge
        echo "== Telegram Desktop: log in, write, call and be called"
        "$home/judge/bin/python" tests/interop/desktop.py --offhook "$offhook" --speech audio/speech.wav --speech2 audio/story.wav
    fi
fi
echo "== independent peers: done"
