//! A radio: one FIFO, many listeners. It is read and encoded once, however many calls there are.
//!
//!     cargo run --release --example fifo_radio
//!
//! In a radio of your own any program writes the FIFO (`ffmpeg -i http://… -f s16le -ar 48000 -ac 1 radio.fifo`); here a
//! thread does, goes away in the middle, and comes back. Listeners hear silence meanwhile, and no call is disturbed.
//! What the first of them heard is in `recordings/fifo_radio.wav`.

mod common;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use common::{phone, recording, telegram};
use offhook::media::{Broadcast, FrameLen, Profile, Source, SourceSpec, open};
use offhook::phone::CallOptions;
use offhook::voip::{Engine, EngineConfig, HangupReason, MediaOptions};

/// A writer as slow as real time, for `seconds`: a tone of `hz`.
fn write_tone(path: &Path, hz: f64, seconds: u32) -> anyhow::Result<()> {
    let mut fifo = OpenOptions::new().write(true).open(path)?;
    let mut phase = 0.0_f64;
    for _ in 0..seconds * 10 {
        let block: Vec<u8> = (0..4800)
            .flat_map(|_| {
                phase = (phase + hz / 48_000.0).fract();
                (((phase * std::f64::consts::TAU).sin() * 8_000.0) as i16).to_le_bytes()
            })
            .collect();
        fifo.write_all(&block)?;
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let fifo = folder.path().join("radio.fifo");
    let made = Command::new("mkfifo").arg(&fifo).status().context("cannot run mkfifo")?;
    anyhow::ensure!(made.success(), "mkfifo failed");

    let accounts = [("+15550001", "ann"), ("+15550002", "ben"), ("+15550003", "cat"), ("+15550009", "radio")];
    let dc = telegram(&accounts).await?;
    let engine = Arc::new(Engine::start(EngineConfig::default())?);
    let radio = phone(&dc, &engine, "+15550009").await?;
    let broadcast = Broadcast::new(open(SourceSpec::new(&fifo))?, Profile::Quality, FrameLen::Ms60)?;

    let mut listeners = Vec::new();
    for (number, name) in &accounts[..3] {
        let listener = phone(&dc, &engine, number).await?;
        let mut incoming = listener.incoming();
        let path = recording("fifo_radio.wav")?;
        let first = *name == "ann";
        listeners.push(tokio::spawn(async move {
            let call = incoming.next().await.context("nobody calls")?.accept()?;
            if first {
                call.set_output_file(path)?;
            }
            anyhow::Ok(call.wait().await)
        }));
    }

    let mut calls = Vec::new();
    for (_, name) in &accounts[..3] {
        let options = CallOptions::default().media(MediaOptions::default());
        let call = radio.call_with(&format!("@{name}"), options).await?;
        let listener: Box<dyn Source> = Box::new(broadcast.listen()?);
        call.play(listener)?;
        calls.push(call);
    }

    let path = fifo.clone();
    let writer = tokio::task::spawn_blocking(move || {
        write_tone(&path, 440.0, 4)?;
        println!("the writer is gone for two seconds");
        std::thread::sleep(Duration::from_secs(2));
        println!("the writer is back");
        write_tone(&path, 660.0, 4)
    });
    writer.await??;

    for call in &calls {
        call.hangup(HangupReason::Local);
        println!("{}: {}", call.party(), call.wait().await.outcome);
    }
    for listener in listeners {
        for file in &listener.await??.recordings {
            println!(
                "{:.1} s in {}",
                file.length.seconds(),
                file.path.as_deref().unwrap_or("-".as_ref()).display()
            );
        }
    }
    dc.shutdown().await;
    Ok(())
}
