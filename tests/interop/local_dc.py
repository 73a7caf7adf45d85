"""Where the local Telegram is: arguments shared by the scripts beside this file.

  --dc ADDR --dc-key FILE   a server that runs already: its TCP address, and its public key (PEM) in a file
  --serve 'COMMAND …'       a server to run for the time of the script: a command whose first line on standard output
                            is JSON with "addr" and "pem" (and "dc_id", else 2); it is terminated at the end
  --code CODE               the login code the server accepts (default 12345)
"""
import contextlib, json, shlex, subprocess, sys


def arguments(parser):
    parser.add_argument("--dc", metavar="ADDR")
    parser.add_argument("--dc-key", metavar="FILE")
    parser.add_argument("--dc-id", type=int, default=2)
    parser.add_argument("--serve", metavar="COMMAND")
    parser.add_argument("--code", default="12345")


@contextlib.contextmanager
def server(a):
    """Fills a.host, a.port, a.pem, a.dc_id; runs the server meanwhile when there is one to run."""
    process = None
    if a.serve:
        process = subprocess.Popen(shlex.split(a.serve), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        hello = json.loads(process.stdout.readline())
        a.dc, a.pem, a.dc_id = hello["addr"], hello["pem"], hello.get("dc_id", a.dc_id)
    elif a.dc and a.dc_key:
        a.pem = open(a.dc_key).read()
    else:
        sys.exit("give --dc and --dc-key, or --serve")
    a.host, _, port = a.dc.rpartition(":")
    a.host, a.port = a.host.strip("[]"), int(port)
    try:
        yield a
    finally:
        if process:
            process.stdin.close()
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


class Checks:
    """Counts what was checked; prints one JSON line per check and one of totals."""

    def __init__(self):
        self.passed, self.failed = 0, []

    def __call__(self, name, ok, **facts):
        print(json.dumps({"check": name, "ok": bool(ok), **facts}), flush=True)
        if ok:
            self.passed += 1
        else:
            self.failed.append(name)
        return ok

    def finish(self):
        print(json.dumps({"passed": self.passed, "failed": self.failed}), flush=True)
        return 0 if self.passed and not self.failed else 1
