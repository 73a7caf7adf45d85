"""TDLib (the wheel `tdjson`): where its library is, and clients on a copy of it (patched.py)."""
import ctypes, json, pathlib, site, threading, time


def wheel():
    """The library in the wheel that this interpreter has installed."""
    for place in site.getsitepackages():
        for found in pathlib.Path(place).glob("tdjson.libs/libtdjson*"):
            return found
    raise SystemExit("the wheel tdjson is not installed here")


class Error(Exception):
    """What TDLib answered instead of a result."""

    def __init__(self, method, answer):
        super().__init__(f"{method}: {answer['code']} {answer['message']}")
        self.code, self.message = answer["code"], answer["message"]


class Library:
    """One loaded copy and the thread that hands out what it reports."""

    def __init__(self, path, verbosity=1, log=None):
        self.json = ctypes.CDLL(str(path))
        self.json.td_receive.restype = self.json.td_execute.restype = ctypes.c_char_p
        self.json.td_receive.argtypes = [ctypes.c_double]
        self.json.td_send.argtypes = [ctypes.c_int, ctypes.c_char_p]
        self.json.td_execute.argtypes = [ctypes.c_char_p]
        self.execute("setLogVerbosityLevel", new_verbosity_level=verbosity)
        if log:
            stream = {"@type": "logStreamFile", "path": str(log), "max_file_size": 1 << 30}
            self.execute("setLogStream", log_stream=stream)
        self.clients = {}
        self.proxy = None  # what every client goes through, as TDLib's object
        threading.Thread(target=self.receive, daemon=True).start()

    def execute(self, method, **fields):
        return json.loads(self.json.td_execute(json.dumps({"@type": method, **fields}).encode()))

    def receive(self):
        while True:
            text = self.json.td_receive(1.0)
            if text:
                event = json.loads(text)
                client = self.clients.get(event.pop("@client_id"))
                if client:
                    client.take(event)


class Client:
    """One TDLib client.  Requests wait for their answers; updates are kept in order."""

    def __init__(self, library, folder, seconds=20):
        self.library, self.folder, self.seconds = library, folder, seconds
        self.id = library.json.td_create_client_id()
        self.changed = threading.Condition()
        self.updates, self.answers, self.requests = [], {}, 0
        library.clients[self.id] = self

    def take(self, event):
        with self.changed:
            if "@extra" in event:
                self.answers[event["@extra"]] = event
            else:
                self.updates.append(event)
            self.changed.notify_all()

    def ask(self, method, **fields):
        """The result of a request."""
        with self.changed:
            self.requests += 1
            number = self.requests
        request = {"@type": method, "@extra": number, **fields}
        self.library.json.td_send(self.id, json.dumps(request).encode())
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers, self.seconds):
                raise TimeoutError(f"no answer to {method} in {self.seconds} s")
            answer = self.answers.pop(number)
        if answer["@type"] == "error":
            raise Error(method, answer)
        return answer

    def mark(self):
        """A place in the updates: `wait` looks at those after it."""
        with self.changed:
            return len(self.updates)

    def wait(self, kind, fits=lambda update: True, since=0, seconds=None):
        """The first update of a kind that fits."""
        found = []

        def look():
            found[:] = [u for u in self.updates[since:] if u["@type"] == kind and fits(u)][:1]
            return bool(found)

        with self.changed:
            if not self.changed.wait_for(look, seconds or self.seconds):
                raise TimeoutError(f"no {kind} in {seconds or self.seconds} s")
        return found[0]

    def state(self, *kinds, since=0):
        """The next authorization state of these kinds."""
        fits = lambda u: u["authorization_state"]["@type"] in kinds
        return self.wait("updateAuthorizationState", fits, since)["authorization_state"]

    def start(self):
        """Gives TDLib its parameters; it then says what it wants to know."""
        self.ask(
            "setTdlibParameters", use_test_dc=False, database_directory=str(self.folder), use_file_database=True,
            use_chat_info_database=True, use_message_database=True, use_secret_chats=False, api_id=1, api_hash="local",
            system_language_code="en", device_model="test", system_version="1", application_version="1",
        )
        if self.library.proxy:
            self.ask("addProxy", proxy=self.library.proxy, enable=True)

    def log_in(self, phone, code, password=None):
        """Logs in; returns the states TDLib went through."""
        self.start()
        self.state("authorizationStateWaitPhoneNumber")
        self.ask("setAuthenticationPhoneNumber", phone_number=phone)
        self.state("authorizationStateWaitCode")
        self.ask("checkAuthenticationCode", code=code)
        if password:
            self.state("authorizationStateWaitPassword")
            self.ask("checkAuthenticationPassword", password=password)
        self.state("authorizationStateReady")

    def close(self):
        self.ask("close")
        self.state("authorizationStateClosed")
