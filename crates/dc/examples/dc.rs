//! A local Telegram to point a client at.
//!
//! ```text
//! cargo run -p offhook-dc --example dc -- [--listen ADDR] [--user PHONE:USERNAME:NAME]… [--code CODE]
//!                                         [--data DIR] [--reflectors N] [--max-layer N]
//! ```
//!
//! Prints one line of JSON with `addr`, `pem` and `reflectors`, then serves until its standard input ends or it is
//! interrupted, and prints its counters to standard error. Without `--code` every login code is printed to standard
//! error when it is made.

use std::{error::Error, net::SocketAddr, path::PathBuf};

use offhook_dc::{CodePolicy, Dc, UserSpec};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Dc::builder().codes(CodePolicy::random(|issued| {
        eprintln!("code {} for {}", issued.code.as_str(), issued.phone.as_str());
    }));
    let mut args = std::env::args().skip(1);
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("{flag} needs a value"))?;
        builder = match flag.as_str() {
            "--listen" => builder.listen(value.parse::<SocketAddr>()?),
            "--user" => builder.user(user(&value)?),
            "--code" => builder.codes(CodePolicy::fixed(value)),
            "--data" => builder.data(PathBuf::from(value)),
            "--reflectors" => builder.reflectors(value.parse()?),
            "--max-layer" => builder.max_layer(value.parse()?),
            _ => return Err(format!("unknown option {flag}").into()),
        };
    }
    let dc = builder.start().await?;
    let reflectors: Vec<String> = dc.reflectors().iter().map(ToString::to_string).collect();
    let line = serde_json::json!({
        "addr": dc.addr().to_string(),
        "dc_id": dc.dc_id(),
        "pem": dc.public_key_pem(),
        "reflectors": reflectors,
    });
    println!("{line}");
    tokio::select! {
        _ = input_ends() => {}
        result = tokio::signal::ctrl_c() => result?,
    }
    eprintln!("{:#?}", dc.counters());
    dc.shutdown().await;
    Ok(())
}

/// Waits until nobody holds the other end of standard input.
async fn input_ends() {
    let (sender, end) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(sender);
    });
    let _ = end.await;
}

/// `PHONE:USERNAME:NAME`; the last two may be left out.
fn user(text: &str) -> Result<UserSpec, String> {
    let mut parts = text.splitn(3, ':');
    let phone = parts.next().filter(|phone| !phone.is_empty()).ok_or("a user needs a phone number")?;
    let username = parts.next().unwrap_or("");
    let name = parts.next().filter(|name| !name.is_empty()).unwrap_or(if username.is_empty() {
        "User"
    } else {
        username
    });
    Ok(UserSpec::new(phone, name).username(username))
}
