//! What idle accounts cost: memory and processor time of one process that holds many, against an `offhook dc` in another.
//!
//! Method: one account is logged in first, so that what all share (code, schema, runtime) is there already; then the others
//! log in, each with a client, a session in memory, a connection and its temporary key of its own. Once each has its state
//! of updates and nothing but keep-alives has passed for a while, resident memory is read again: the difference divided by
//! the accounts is the memory of one. Processor time of the process is then taken over the given seconds.
//!
//! `cargo bench --bench idle [-- ACCOUNTS SECONDS]`; 500 and 120 unless told otherwise.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on says why and stops"
)]

use std::process::Stdio;
use std::time::Duration;

use offhook::client::{Client, ClientConfig, DcId, SignIn, TimeOuts};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

const CODE: &str = "12345";
/// Accounts that log in at once.
const TOGETHER: usize = 8;
/// Threads that only made keys end after ten seconds without work; what they held is not the accounts'.
const SETTLE: Duration = Duration::from_secs(20);

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (accounts, seconds) =
        (numbers.first().map_or(500, |n| *n), numbers.get(1).map_or(120, |n| *n as u64));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(measure(accounts, seconds));
}

async fn measure(accounts: usize, seconds: u64) {
    let (dc, config) = start(accounts + 1).await;
    let dc_process = dc.id().expect("it runs");
    let mut clients = vec![log_in(config.clone(), 0).await];
    tokio::time::sleep(SETTLE).await;
    let (before, dc_before) = (resident(std::process::id()), resident(dc_process));
    let mut logins = JoinSet::new();
    for number in 1..=accounts {
        if logins.len() == TOGETHER {
            clients.push(logins.join_next().await.expect("some are under way").expect("no panic"));
        }
        logins.spawn(log_in(config.clone(), number));
    }
    clients.extend(logins.join_all().await);
    assert!(clients.iter().all(|client| client.user().is_some()), "all are logged in");
    tokio::time::sleep(SETTLE).await;
    let (after, dc_after) = (resident(std::process::id()), resident(dc_process));
    let traffic = |clients: &[Client]| clients.iter().map(|it| it.stats().bytes_received).sum::<u64>();
    let (bytes, processor) = (traffic(&clients), processor_time());
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let spent = processor_time() - processor;
    let received = traffic(&clients) - bytes;
    assert!(clients.iter().all(|client| client.dc().is_some()), "all are connected");
    let reconnects: u64 = clients.iter().map(|client| client.stats().reconnects).sum();
    let per_account = |kib: u64| kib as f64 / accounts as f64;
    let minutes = seconds as f64 / 60.0;
    println!("{accounts} idle accounts in one process, {reconnects} reconnects");
    println!(
        "memory: {before} KiB with one, {after} KiB with all: {:.1} KiB each",
        per_account(after - before)
    );
    println!(
        "processor: {:.3} s in {seconds} s: {:.3} ms per account and minute; {:.0} bytes received",
        spent.as_secs_f64(),
        spent.as_secs_f64() * 1000.0 / clients.len() as f64 / minutes,
        received as f64 / clients.len() as f64 / minutes,
    );
    println!("the local Telegram: {:.1} KiB each", per_account(dc_after - dc_before));
    drop(dc);
}

/// A local Telegram in a process of its own that knows so many numbers, and how to connect to it.
async fn start(accounts: usize) -> (Child, ClientConfig) {
    let users = (0..accounts).flat_map(|n| ["--user".to_owned(), format!("{}:idle{n}:Idle {n}", phone(n))]);
    let mut dc = Command::new(env!("CARGO_BIN_EXE_offhook"))
        .args(["dc", "--json", "--no-turn", "--no-reflectors", "--code", CODE])
        .args(users)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("offhook starts");
    let mut line = String::new();
    let output = dc.stdout.take().expect("its output is ours");
    BufReader::new(output).read_line(&mut line).await.expect("its first line");
    let told: Value = serde_json::from_str(&line).expect("a line of JSON");
    let text = |name: &str| told[name].as_str().expect("a text").to_owned();
    let number = told["dc_id"].as_i64().expect("a number") as i32;
    let patient = Duration::from_secs(120);
    let time_outs = TimeOuts { connect: patient, exchange: patient, call: patient, ..TimeOuts::default() };
    let config =
        ClientConfig::new(DcId(number), text("addr").parse().expect("an address"), 1, "0123456789abcdef")
            .server_key(text("pem"))
            .time_outs(time_outs);
    (dc, config)
}

fn phone(number: usize) -> String {
    format!("+1000{number:07}")
}

async fn log_in(config: ClientConfig, number: usize) -> Client {
    // A session of its own: the store of a configuration is shared by its clones.
    let config = config.session(offhook::client::SessionStore::memory());
    let client = Client::connect(config).await.expect("a connection");
    let sent = client.request_code(&phone(number).parse().expect("a number")).await.expect("a code");
    let signed = client.sign_in(&sent, &CODE.into()).await.expect("the right code");
    assert!(matches!(signed, SignIn::Authorized(_)));
    client
}

/// Resident memory of a process, KiB.
fn resident(process: u32) -> u64 {
    let status =
        std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process of this machine");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it has memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Processor time of this process so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
