//! Many short calls, one after another on several lines at once: nothing may stay behind.
//!
//! Ignored by default; `tests/soak.sh` runs it. The number of calls is in `OFFHOOK_SOAK_CALLS` (1000).

use std::sync::Arc;

use offhook::client::{Client, ClientConfig, DcId, LoginCode, PhoneNumber, SignIn};
use offhook::dc::{CodePolicy, Dc, DcHandle, UserSpec};
use offhook::phone::{CallOptions, Outcome, Phone, PhoneConfig};
use offhook::voip::{Engine, EngineConfig, MediaOptions};

/// Pairs of accounts that call each other at the same time.
const LINES: usize = 10;
/// Memory a call may leave in the local Telegram's books: two service messages and the call itself.
const BOOKS_PER_CALL: usize = 8 << 10;
/// What an allocator keeps back for later, whatever the number of calls.
const SLACK: usize = 8 << 20;
/// Half a second of a tone.
const TONE: usize = 24_000;

/// What the process holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    memory: usize,
    files: usize,
    threads: usize,
}

fn held() -> Held {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux tells the memory");
    let pages: usize = statm.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number");
    let count = |folder: &str| std::fs::read_dir(folder).expect("Linux tells").count();
    Held { memory: pages * 4096, files: count("/proc/self/fd"), threads: count("/proc/self/task") }
}

async fn log_in(dc: &DcHandle, number: &str, engine: &Arc<Engine>) -> Phone {
    let config = ClientConfig::new(DcId(dc.dc_id()), dc.addr(), 1, "hash").server_key(dc.public_key_pem());
    let client = Client::connect(config).await.expect("the server is there");
    let number: PhoneNumber = number.parse().expect("a number");
    let sent = client.request_code(&number).await.expect("a code is sent");
    let signed = client.sign_in(&sent, &LoginCode::from("22222")).await.expect("the code is right");
    assert!(matches!(signed, SignIn::Authorized(_)));
    Phone::new(client, Arc::clone(engine), PhoneConfig::default()).await.expect("the phone starts")
}

/// One short call: half a second of a tone, recorded, hung up by the caller.
async fn one(caller: &Phone, callee: &Phone, name: &str, file: &std::path::Path) {
    let mut incoming = callee.incoming();
    let file = file.to_owned();
    let answer = tokio::spawn(async move {
        let call = incoming.next().await.expect("it rings").accept().expect("it can be taken");
        call.set_output_file(file).expect("the recording opens");
        call.wait().await
    });
    let media = MediaOptions::default().hang_up_when_done(true);
    let call = caller.call_with(name, CallOptions::default().media(media)).await.expect("it can be dialled");
    let tone = (0..TONE).map(|i| ((i as f32 * 0.06).sin() * 8_000.0) as i16).collect::<Vec<i16>>();
    call.play(offhook::media::PcmSource::new(tone)).expect("the tone plays");
    assert_eq!(call.wait().await.outcome, Outcome::Completed);
    let heard = answer.await.expect("the callee lives");
    assert_eq!(heard.outcome, Outcome::Completed);
    assert_eq!(heard.recordings.len(), 1);
}

/// Threads in which the runtime may open and close files. They come and go, so their number is bounded here: a thread
/// that a call leaves behind is then seen.
const FILE_THREADS: usize = 4;

#[test]
#[ignore = "minutes long: tests/soak.sh"]
fn a_thousand_short_calls_leave_no_memory_no_file_and_no_thread_behind() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).max_blocking_threads(FILE_THREADS).enable_all().build();
    runtime.expect("the runtime starts").block_on(soak());
}

async fn soak() {
    let calls: usize =
        std::env::var("OFFHOOK_SOAK_CALLS").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let folder = tempfile::tempdir().expect("a folder");
    let mut dc = Dc::builder().codes(CodePolicy::fixed("22222"));
    let number = |line: usize, side: usize| format!("+1555{side}{line:04}");
    for line in 0..LINES {
        for side in 1..=2 {
            let name = format!("side{side}line{line:02}");
            dc = dc.user(UserSpec::new(&number(line, side), name.clone()).username(name));
        }
    }
    let dc = dc.start().await.expect("the local Telegram starts");
    let engine = Arc::new(Engine::start(EngineConfig::default()).expect("the engine starts"));
    let mut lines = Vec::new();
    for line in 0..LINES {
        lines.push((
            log_in(&dc, &number(line, 1), &engine).await,
            log_in(&dc, &number(line, 2), &engine).await,
        ));
    }
    let rounds = calls.div_ceil(LINES);
    let warm = (rounds / 5).max(1);
    let mut before = None;
    for round in 0..rounds {
        let each = lines.iter().enumerate().map(|(line, (caller, callee))| {
            let (caller, callee) = (caller.clone(), callee.clone());
            let file = folder.path().join(format!("{line}.wav"));
            async move { one(&caller, &callee, &format!("@side2line{line:02}"), &file).await }
        });
        let mut running = tokio::task::JoinSet::new();
        for call in each {
            running.spawn(call);
        }
        running.join_all().await;
        if round + 1 == warm {
            before = Some(held());
        }
    }
    let (before, after) = (before.expect("there is a first round"), held());
    println!("{} calls; after {} {before:?}; after all {after:?}", rounds * LINES, warm * LINES);
    let allowed = SLACK + BOOKS_PER_CALL * (rounds - warm) * LINES;
    assert!(after.memory <= before.memory + allowed, "memory grew from {before:?} to {after:?}");
    assert!(after.files <= before.files, "files stay open: {before:?}, then {after:?}");
    assert!(after.threads <= before.threads + FILE_THREADS, "threads stay: {before:?}, then {after:?}");
    dc.shutdown().await;
}
