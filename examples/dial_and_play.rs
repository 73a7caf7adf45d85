//! Dial somebody and play: a greeting, then a second clip, with music while there is nothing else.
//!
//!     cargo run --release --example dial_and_play
//!
//! The other side records what it hears in `recordings/dial_and_play.wav`.

mod common;

use std::sync::Arc;

use common::{clip, phone, recording, telegram};
use offhook::phone::CallOptions;
use offhook::voip::{Engine, EngineConfig, MediaOptions};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let dc = telegram(&[("+15550001", "alice"), ("+15550002", "bob")]).await?;
    let engine = Arc::new(Engine::start(EngineConfig::default())?);
    let alice = phone(&dc, &engine, "+15550001").await?;
    let bob = phone(&dc, &engine, "+15550002").await?;

    let path = recording("dial_and_play.wav")?;
    let mut incoming = bob.incoming();
    let answering = tokio::spawn(async move {
        let call = incoming.next().await.expect("alice calls").accept()?;
        call.set_output_file(path)?;
        anyhow::Ok(call.wait().await)
    });

    // This is all that dialling takes. Sound is queued at once and heard when bob picks up.
    let options = CallOptions::default().media(MediaOptions::default().hang_up_when_done(true));
    let call = alice.call_with("@bob", options).await?;
    call.play(clip("speech.wav"))?.then(clip("chime.flac"))?.play_on_hold([clip("hold.ogg")])?;
    let report = call.wait().await;

    println!("{} after {:.1} s", report.outcome, report.talked.as_secs_f64());
    let heard = answering.await??;
    for file in &heard.recordings {
        println!(
            "bob heard {:.1} s: {}",
            file.length.seconds(),
            file.path.as_deref().unwrap_or("-".as_ref()).display()
        );
    }
    dc.shutdown().await;
    Ok(())
}
