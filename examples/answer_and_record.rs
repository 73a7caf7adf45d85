//! An answering machine: take every call, greet, record, hang up after a while.
//!
//!     cargo run --release --example answer_and_record
//!
//! Three callers leave messages in `recordings/message-N.ogg`; Ogg Opus recordings are not even decoded.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{clip, phone, recording, telegram};
use offhook::phone::{CallOptions, IncomingCall};
use offhook::voip::{Engine, EngineConfig, HangupReason, MediaOptions};

/// How long a message may be.
const LONGEST: Duration = Duration::from_secs(8);

async fn take(ringing: IncomingCall, number: usize) -> anyhow::Result<()> {
    let caller = ringing.party().to_string();
    let call = ringing.accept()?;
    call.set_output_file(recording(&format!("message-{number}.ogg"))?)?.play(clip("speech.wav"))?;
    let report = match tokio::time::timeout(LONGEST, call.wait()).await {
        Ok(report) => report,
        Err(_) => {
            call.hangup(HangupReason::Local);
            call.wait().await
        }
    };
    for file in &report.recordings {
        let path = file.path.as_deref().unwrap_or("-".as_ref()).display();
        println!("{caller}: {}, {:.1} s in {path}", report.outcome, file.length.seconds());
    }
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let accounts = [("+15550001", "ann"), ("+15550002", "ben"), ("+15550003", "cat"), ("+15550009", "desk")];
    let dc = telegram(&accounts).await?;
    let engine = Arc::new(Engine::start(EngineConfig::default())?);
    let desk = phone(&dc, &engine, "+15550009").await?;

    // The machine: one task per call, as many as come.
    let mut incoming = desk.incoming();
    let machine = tokio::spawn(async move {
        let mut calls = tokio::task::JoinSet::new();
        for number in 1..=3 {
            let Some(ringing) = incoming.next().await else { break };
            calls.spawn(take(ringing, number));
        }
        calls.join_all().await.into_iter().collect::<anyhow::Result<Vec<()>>>()
    });

    // Three people call at once; two finish their message, one talks longer than the machine listens.
    let mut callers = tokio::task::JoinSet::new();
    for ((number, name), tracks) in accounts[..3].iter().copied().zip([1, 1, 4]) {
        let phone = phone(&dc, &engine, number).await?;
        callers.spawn(async move {
            let media = MediaOptions::default().hang_up_when_done(true);
            let call = phone.call_with("@desk", CallOptions::default().media(media)).await?;
            for _ in 0..tracks {
                call.play(clip("story.wav"))?;
            }
            println!("{name} hung up: {}", call.wait().await.outcome);
            anyhow::Ok(())
        });
    }
    callers.join_all().await.into_iter().collect::<anyhow::Result<Vec<()>>>()?;
    machine.await??;
    dc.shutdown().await;
    Ok(())
}
