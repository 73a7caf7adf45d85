//! The client's commands through the real binary: logins, sessions, methods by name, updates, proxies, and a local
//! Telegram that goes wrong on command.

mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use program::{Beside, Dir, Ran};
use serde_json::{Value, json};

const TOKEN: &str = "12345678:secret";

/// A folder with a Telegram that its commands can be pointed at.
struct Town {
    dir: Dir,
    dc: Beside,
    addr: String,
    others: Value,
}

impl Town {
    fn new(more: &[&str]) -> Self {
        let dir = Dir::new();
        let bot = format!("{TOKEN}:robot:Robot");
        let users = ["--user", "+10000000001:alice:Alice", "--user", "+10000000002:bob:Bob", "--bot", &bot];
        let args = [&["dc", "--json", "--no-turn", "--code", "12345"], &users[..], more].concat();
        let mut dc = Beside::start(&dir, &args);
        let told = dc.line();
        dir.write("key.pem", told["pem"].as_str().expect("a key"));
        let addr = told["addr"].as_str().expect("an address").to_owned();
        Self { dir, dc, addr, others: told["others"].clone() }
    }

    fn login(&self, more: &[&str]) -> Vec<String> {
        let begin = ["login", "--dc", &self.addr, "--dc-key", "key.pem", "--json"];
        begin.iter().chain(more).map(|word| (*word).to_owned()).collect()
    }

    fn log_in(&self, session: &str, phone: &str) {
        let args = self.login(&["--session", session, "--phone", phone, "--code", "12345"]);
        succeeded(&self.dir.run(&args, &[]));
    }
}

/// The lines of JSON of a command that did its work.
fn succeeded(ran: &Ran) -> Vec<Value> {
    assert_eq!(ran.code(), 0, "{}", ran.stderr());
    ran.stdout().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn accounts_share_an_encrypted_database_and_their_logins_travel_as_strings() {
    let town = Town::new(&[]);
    let open = [("OFFHOOK_PASSPHRASE", "correct horse")];
    let run = |args: &[&str]| town.dir.run(args, &open);
    let all = ["--session", "all.db"];
    let alice = [&all[..], &["--account", "alice", "--phone", "+10000000001", "--code", "12345"]].concat();
    let told = succeeded(&town.dir.run(&town.login(&alice), &open));
    assert_eq!(
        (&told[0]["username"], &told[0]["bot"], &told[0]["account"]),
        (&json!("alice"), &json!(false), &json!("alice"))
    );
    let robot = [&all[..], &["--account", "robot", "--bot-token", TOKEN]].concat();
    let told = succeeded(&town.dir.run(&town.login(&robot), &open));
    assert_eq!((&told[0]["username"], &told[0]["bot"]), (&json!("robot"), &json!(true)));
    let wrong = [&all[..], &["--account", "other", "--bot-token", "12345678:guess"]].concat();
    town.dir.run(&town.login(&wrong), &open).fails(5, &["token is not valid"]);

    let listed = succeeded(&run(&["session", "list", "all.db", "--json"]));
    let names: Vec<&str> = listed.iter().map(|line| line["account"].as_str().expect("a name")).collect();
    assert_eq!(names, ["alice", "robot"], "no trace of a login that failed");
    assert_eq!((&listed[0]["user"]["name"], &listed[0]["in_use"]), (&json!("Alice"), &json!(false)));
    assert_eq!(listed[1]["user"]["bot"], true);
    let wrong = [("OFFHOOK_PASSPHRASE", "wrong")];
    town.dir.run(&["session", "list", "all.db"], &wrong).fails(3, &["passphrase", "wrong"]);
    town.dir.run(&["session", "list", "all.db"], &[]).fails(2, &["OFFHOOK_PASSPHRASE"]);
    run(&["session", "show", "--session", "all.db"]).fails(2, &["--account", "alice, robot"]);
    run(&["session", "show", "--session", "all.db", "--account", "eve"]).fails(3, &["eve", "alice, robot"]);

    for format in ["telethon", "pyrogram"] {
        let export = ["session", "export", "--session", "all.db", "--account", "alice", "--format", format];
        let ran = run(&export);
        assert_eq!(ran.code(), 0, "{}", ran.stderr());
        let string = ran.stdout();
        let import =
            ["session", "import", "--session", format, "--dc", &town.addr, "--dc-key", "key.pem", "--json"];
        let told = succeeded(&town.dir.run(&import, &[("OFFHOOK_SESSION_STRING", string.trim())]));
        assert_eq!(told[0]["username"], "alice");
        let shown = succeeded(&town.dir.run(&["session", "show", "--session", format, "--json"], &[]));
        assert_eq!(shown[0]["user"]["id"], told[0]["id"]);
        town.dir
            .run(&import, &[("OFFHOOK_SESSION_STRING", string.trim())])
            .fails(2, &["has a login already"]);
    }
    let import = ["session", "import", "--session", "none", "--dc", &town.addr, "--dc-key", "key.pem"];
    town.dir.run(&import, &[("OFFHOOK_SESSION_STRING", "1abc")]).fails(2, &["no session string"]);
    assert!(!town.dir.path("none").exists());

    // The same login under three names: one log-out ends it for all.
    let out = succeeded(&town.dir.run(&["session", "log-out", "--session", "telethon", "--json"], &[]));
    assert_eq!(out[0]["logged_out"], listed[0]["user"]["id"]);
    assert!(!town.dir.path("telethon").exists() && !town.dir.path("telethon.server").exists());
    town.dir
        .run(&["api", "help.getConfig", "--session", "pyrogram"], &[])
        .fails(5, &["not logged in any more"]);
    succeeded(&run(&["session", "log-out", "--session", "all.db", "--account", "alice", "--json"]));
    let left = succeeded(&run(&["session", "list", "all.db", "--json"]));
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["account"], "robot");
}

#[test]
fn methods_are_called_by_name_and_updates_come_as_lines() {
    let town = Town::new(&[]);
    town.log_in("alice", "+10000000001");
    town.log_in("bob", "+10000000002");
    let api = |method: &str, parameters: &str| {
        town.dir.run(&["api", method, parameters, "--session", "alice"], &[])
    };
    let sent =
        succeeded(&api("messages.sendMessage", r#"{"peer":"@bob","message":"what happened while away"}"#));
    assert!(sent[0]["_"].as_str().is_some_and(|name| name.starts_with("update")), "{}", sent[0]);
    let args = ["updates", "--session", "bob", "--only", "updateNewMessage", "--count", "2", "--json"];
    let mut updates = Beside::start(&town.dir, &args);
    let first = updates.line();
    assert_eq!(first["update"]["message"]["message"], "what happened while away");
    assert_eq!(first["origin"], "difference");
    let busy = succeeded(&town.dir.run(&["session", "show", "--session", "bob", "--json"], &[]));
    assert_eq!(busy[0]["in_use"], true);
    succeeded(&api("messages.sendMessage", r#"{"peer":"@bob","message":"now"}"#));
    let second = updates.line();
    assert_eq!(
        (&second["update"]["message"]["message"], &second["origin"]),
        (&json!("now"), &json!("pushed"))
    );
    assert_eq!(updates.ends(), 0);

    let users = succeeded(&api("users.getUsers", r#"{"id":["me","@bob"]}"#));
    let names: Vec<&Value> =
        users[0].as_array().expect("users").iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["alice", "bob"]);
    api("messages.sendMessage", r#"{"peer":"@nobody","message":"x"}"#).fails(19, &["@nobody"]);
    api("messages.sendMessage", r#"{"peer":"@bob"}"#).fails(2, &["message"]);
    api("messages.sendMessage", r#"{"peer":"@bob","text":"x"}"#).fails(2, &["text", "no such field"]);
    api("messages.sendMessage", "[1]").fails(2, &["no JSON object"]);
    api("messages.sendNothing", "{}").fails(2, &["no method messages.sendNothing"]);
    api("messages.sendMessage", r#"{"peer":"@bob","message":""}"#).fails(24, &["MESSAGE_EMPTY"]);
}

#[test]
fn a_qr_code_lets_a_device_in_and_a_password_still_counts() {
    let town = Town::new(&["--user-password", "10000000001:hunter2"]);
    let alice = town.login(&["--session", "alice", "--phone", "+10000000001", "--code", "12345"]);
    town.dir.run(&alice, &[("OFFHOOK_PASSWORD", "wrong")]).fails(5, &["password is wrong"]);
    succeeded(&town.dir.run(&alice, &[("OFFHOOK_PASSWORD", "hunter2")]));
    let qr = town.login(&["--session", "second", "--qr", "--password", "hunter2"]);
    let mut second = Beside::start(&town.dir, &qr);
    let link = second.told("offhook accept-login ");
    let accept = |link: &str| town.dir.run(&["accept-login", link, "--session", "alice", "--json"], &[]);
    accept("https://example.org").fails(2, &["no link of a QR login"]);
    accept("tg://login?token=AAAA").fails(5, &["AUTH_TOKEN_INVALID"]);
    let accepted = succeeded(&accept(&link));
    let logged_in = second.line();
    assert_eq!(logged_in["username"], "alice");
    assert_eq!(logged_in["id"], accepted[0]["id"]);
    assert_eq!(second.ends(), 0);
    succeeded(&town.dir.run(&["api", "users.getUsers", r#"{"id":["me"]}"#, "--session", "second"], &[]));
}

#[test]
fn a_local_telegram_goes_wrong_on_command() {
    let dir = Dir::new();
    dir.write("faults", "# a comment\nexpire-salts\nexplode\n");
    dir.offhook(&["dc", "--script", "faults"]).fails(2, &["line 3 of faults", "explode"]);
    dir.offhook(&["dc", "--flood-limit", "messages.sendMessage:2"]).fails(2, &["METHOD:CALLS:SECONDS"]);
    dir.offhook(&["dc", "--bot", "robot:Robot"]).fails(2, &["TOKEN:USERNAME:NAME"]);
    let mut town = Town::new(&["--script", "-", "--control", "control"]);
    let order = |dc: &mut Beside, line: &str| {
        dc.say(line);
        dc.line()
    };
    assert_eq!(order(&mut town.dc, "drop-connections"), json!({ "command": "drop-connections", "done": 0 }));
    order(&mut town.dc, "add-user +10000000003:carol:Carol");
    let twice = order(&mut town.dc, "add-user +10000000003:carol:Carol");
    assert!(twice["error"].as_str().is_some_and(|text| text.contains("used twice")), "{twice}");
    town.log_in("carol", "+10000000003");
    let write = |wait: &str| {
        let message = r#"{"peer":"me","message":"hello"}"#;
        town.dir
            .run(&["api", "messages.sendMessage", message, "--session", "carol", "--flood-wait", wait], &[])
    };
    let mut socket = Talk::new(UnixStream::connect(town.dir.path("control")).expect("a socket"));
    assert_eq!(socket.ask("flood-limit messages.sendMessage:1:600")["done"], true);
    succeeded(&write("0"));
    write("0").fails(24, &["FLOOD_WAIT", "420"]);
    assert_eq!(socket.ask("no-flood-limits")["done"], true);
    succeeded(&write("0"));
    let counters = socket.ask("counters");
    assert!(counters["done"]["request_errors"].as_u64().is_some_and(|count| count >= 1), "{counters}");
    for (fault, counter) in
        [("duplicate-packets", "packets_doubled"), ("reorder-packets", "packets_overtaken")]
    {
        let count = |socket: &mut Talk| socket.ask("counters")["done"][counter].as_u64();
        assert_eq!(count(&mut socket), Some(0));
        assert_eq!(socket.ask(&format!("{fault} on"))["done"], true);
        succeeded(&write("0"));
        let after = count(&mut socket);
        assert!(after > Some(0), "{counter}");
        assert_eq!(socket.ask(&format!("{fault} off"))["done"], true);
        succeeded(&write("0"));
        assert_eq!(count(&mut socket), after);
    }
    assert!(socket.ask("explode")["error"].is_string());
    assert_eq!(socket.ask("stop")["done"], true);
    assert!(town.dc.line()["connections"].is_u64(), "the last line is the report");
    assert_eq!(town.dc.ends(), 0);
    assert!(!town.dir.path("control").exists());
}

#[test]
fn proxies_are_gone_through() {
    let town = Town::new(&[]);
    let proxy = Proxy::start();
    let url = format!("http://ada:hunter2@{}", proxy.addr);
    let args =
        town.login(&["--session", "alice", "--phone", "+10000000001", "--code", "12345", "--proxy", &url]);
    succeeded(&town.dir.run(&args, &[]));
    let first = proxy.streams.load(Ordering::SeqCst);
    assert!(first > 0);
    let config = ["api", "help.getConfig", "--session", "alice"];
    succeeded(&town.dir.run(&config, &[("OFFHOOK_PROXY", &url)]));
    assert!(proxy.streams.load(Ordering::SeqCst) > first);
    let ran = town.dir.run(&config, &[("OFFHOOK_PROXY", "gopher://ada:hunter2@127.0.0.1:1")]);
    ran.fails(2, &["--proxy", "socks5://"]);
    assert!(!ran.stderr().contains("hunter2"));
}

#[test]
fn the_way_packets_travel_can_be_chosen() {
    let town = Town::new(&["--control", "control"]);
    town.log_in("alice", "+10000000001");
    let mut socket = Talk::new(UnixStream::connect(town.dir.path("control")).expect("a socket"));
    let mut run = |transport: &str| {
        let config = ["api", "help.getConfig", "--session", "alice", "--transport", transport];
        succeeded(&town.dir.run(&config, &[]));
        socket.ask("counters")["done"]["posts"].as_u64().expect("a count")
    };
    for transport in [
        "abridged",
        "intermediate",
        "padded",
        "full",
        "obfuscated-abridged",
        "obfuscated-intermediate",
        "obfuscated-padded",
        "websocket",
    ] {
        assert_eq!(run(transport), 0, "{transport}");
    }
    assert!(run("http") > 0);
    let wrong = ["api", "help.getConfig", "--session", "alice", "--transport", "pigeon"];
    town.dir.run(&wrong, &[]).fails(2, &["pigeon", "obfuscated-padded", "websocket"]);
}

#[test]
fn an_account_that_moves_to_another_data_center_is_followed() {
    let another = ["--another", "4=127.0.0.1:0", "--user-home", "+10000000002:4", "--script", "-"];
    let mut town = Town::new(&another);
    let other = format!("4={}", town.others["4"].as_str().expect("an address"));
    let here = town.login(&["--session", "bob", "--phone", "+10000000002", "--code", "12345"]);
    town.dir.run(&here, &[]).fails(5, &["lives on data center 4"]);
    let login = |town: &Town, session: &str, phone: &str| {
        let args = ["--session", session, "--phone", phone, "--code", "12345", "--other-dc", &other];
        succeeded(&town.dir.run(&town.login(&args), &[]));
    };
    let dc = |town: &Town, session: &str| {
        let config = ["api", "users.getUsers", r#"{"id":["me"]}"#, "--session", session];
        succeeded(&town.dir.run(&config, &[]));
        succeeded(&town.dir.run(&["session", "show", "--session", session, "--json"], &[]))[0]["dc"].clone()
    };
    login(&town, "bob", "+10000000002");
    login(&town, "alice", "+10000000001");
    assert_eq!((dc(&town, "alice"), dc(&town, "bob")), (json!(2), json!(4)));
    town.dc.say("move-user +10000000001 4");
    assert_eq!(town.dc.line(), json!({ "command": "move-user", "done": true }));
    assert_eq!(dc(&town, "alice"), json!(4));
    town.dir.offhook(&["dc", "--another", "4"]).fails(2, &["--another 4", "N=ADDR"]);
    town.dir.offhook(&["dc", "--user-home", "+1000:4"]).fails(2, &["no --user"]);
}

/// A conversation line by line.
struct Talk(BufReader<UnixStream>);

impl Talk {
    fn new(stream: UnixStream) -> Self {
        Self(BufReader::new(stream))
    }

    fn ask(&mut self, line: &str) -> Value {
        writeln!(self.0.get_mut(), "{line}").expect("the server reads");
        let mut answer = String::new();
        self.0.read_line(&mut answer).expect("the server answers");
        serde_json::from_str(&answer).expect("a line of JSON")
    }
}

/// An HTTP proxy for `ada` with her password.
struct Proxy {
    addr: SocketAddr,
    /// Streams that went through.
    streams: Arc<AtomicUsize>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let streams = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&streams);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = Arc::clone(&count);
                std::thread::spawn(move || Self::serve(stream, &count));
            }
        });
        Self { addr, streams }
    }

    fn serve(mut near: TcpStream, count: &AtomicUsize) {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            near.read_exact(&mut byte).expect("a request");
            head.extend_from_slice(&byte);
        }
        let head = String::from_utf8(head).expect("text");
        // base64 of ada:hunter2
        assert!(head.contains("Basic YWRhOmh1bnRlcjI="), "{head}");
        let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).expect("a target");
        let mut far = TcpStream::connect(target).expect("the target is there");
        near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("the client reads");
        count.fetch_add(1, Ordering::SeqCst);
        let (mut near_reader, mut far_writer) =
            (near.try_clone().expect("a clone"), far.try_clone().expect("a clone"));
        std::thread::spawn(move || std::io::copy(&mut near_reader, &mut far_writer));
        let _ = std::io::copy(&mut far, &mut near);
    }
}
