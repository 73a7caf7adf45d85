#!/usr/bin/env python3
"""Telethon (1.45.0) and `offhook` call each other on the local Telegram: both must see the same key, by their emoji.

  telethon_and_offhook.py --offhook target/release/offhook

Starts `offhook dc`, logs bob in with `offhook login`, then: Telethon's alice calls `offhook answer`, and `offhook call`
calls Telethon's alice.  There is no media on Telethon's side, so what ends each call is Telethon's hang-up.
Prints a JSON line per check; exit code 0 only when every check held.
"""
import argparse, json, os, subprocess, sys, tempfile

import local_dc

HERE = os.path.dirname(os.path.abspath(__file__))


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offhook", required=True)
    a = parser.parse_args()
    check = local_dc.Checks()
    with tempfile.TemporaryDirectory() as folder:
        users = ["--user", "10000000001:alice:Alice", "--user", "10000000002:bob:Bob"]
        dc = subprocess.Popen([a.offhook, "dc", "--json", "--code", "12345", *users], stdout=subprocess.PIPE, text=True)
        try:
            hello = json.loads(dc.stdout.readline())
            key, session = f"{folder}/dc.pem", f"{folder}/bob.session"
            open(key, "w").write(hello["pem"])
            where = ["--dc", hello["addr"], "--dc-key", key]
            login = subprocess.run([a.offhook, "login", "--session", session, *where, "--phone", "+10000000002", "--code", "12345"],
                                   capture_output=True, text=True, timeout=60)
            check("offhook logs in", login.returncode == 0, stderr=login.stderr[-300:])

            answer = subprocess.Popen([a.offhook, "answer", "--session", session, "--once", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while "waiting for calls" not in (said := answer.stderr.readline()):
                if not said:
                    break  # it ended; the checks below tell
            placed = subprocess.run([sys.executable, f"{HERE}/telethon_call.py", *where, "--code", "12345", "--phone", "10000000001",
                                     "--place", "@bob", "--hang-up-after", "1"], capture_output=True, text=True, timeout=90)
            heard = lines(answer.communicate(timeout=60)[0])
            theirs = next((line["emoji"] for line in lines(placed.stdout) if "emoji" in line), None)
            ours = next((line["emoji"] for line in heard if line.get("emoji")), None)
            check("Telethon calls offhook", placed.returncode == 0, stderr=placed.stderr[-300:])
            check("the callee's emoji are the caller's", theirs and list(theirs) == list(ours or []), theirs=theirs, ours=ours)

            callee = subprocess.Popen([sys.executable, f"{HERE}/telethon_call.py", *where, "--code", "12345", "--phone", "10000000001",
                                       "--answer", "--hang-up-after", "1"], stdout=subprocess.PIPE, text=True)
            callee.stdout.readline()  # {"ready": true}
            called = subprocess.run([a.offhook, "call", "--session", session, "@alice", "--json"], capture_output=True, text=True, timeout=90)
            told = lines(callee.communicate(timeout=60)[0])
            theirs = next((line["emoji"] for line in told if "emoji" in line), None)
            ours = next((line["emoji"] for line in lines(called.stdout) if line.get("emoji")), None)
            check("offhook calls Telethon", callee.returncode == 0, code=called.returncode, stderr=called.stderr[-300:])
            check("the caller's emoji are the callee's", theirs and list(theirs) == list(ours or []), theirs=theirs, ours=ours)
        finally:
            dc.terminate()
            dc.wait(10)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
