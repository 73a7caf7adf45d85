//! Where commands come from: a file, standard input, a socket.

use std::io::BufRead;
use std::path::Path;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

use super::orders::{Hand, Order, read};
use crate::exit::{Exit, Failure};
use crate::output;

/// Longest line of a command, bytes.
const LONGEST: u64 = 4096;

/// The commands of a script, in order.
pub(super) enum Script {
    File(Vec<(String, Order)>),
    /// Each line is obeyed when it comes.
    Stdin,
}

impl Script {
    /// Reads a file at once, so that a mistake in it is an error before anything starts.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Stdin);
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(Exit::File, format!("cannot read {}: {error}", path.display())))?;
        let mut orders = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let wrong = |error| {
                Failure::new(Exit::Usage, format!("line {} of {}: {error}", index + 1, path.display()))
            };
            if let Some(order) = read(line) {
                orders.push((line.trim().to_owned(), order.map_err(wrong)?));
            }
        }
        Ok(Self::File(orders))
    }

    /// Obeys it to its end, and tells what came of each command.
    pub(super) async fn run(self, hand: Hand, as_json: bool) {
        match self {
            Self::File(orders) => {
                for (line, order) in orders {
                    tell(&line, hand.obey(&order).await, as_json);
                    hand.finish(&order);
                }
            }
            Self::Stdin => {
                // A read of the terminal cannot be called off, so it has a thread that ends with the program.
                let (sender, mut lines) = mpsc::channel(16);
                std::thread::spawn(move || {
                    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                        if sender.blocking_send(line).is_err() {
                            return;
                        }
                    }
                });
                while let Some(line) = lines.recv().await {
                    match read(&line) {
                        None => {}
                        Some(Err(error)) => tell(line.trim(), Err(error), as_json),
                        Some(Ok(order)) => {
                            tell(line.trim(), hand.obey(&order).await, as_json);
                            hand.finish(&order);
                        }
                    }
                }
            }
        }
    }
}

fn answer(line: &str, done: Result<Value, String>) -> Value {
    let command = line.split_whitespace().next();
    match done {
        Ok(done) => json!({ "command": command, "done": done }),
        Err(error) => json!({ "command": command, "error": error }),
    }
}

fn tell(line: &str, done: Result<Value, String>, as_json: bool) {
    // Nobody reads any more: the server goes on.
    let _ = if as_json {
        output::json(&answer(line, done))
    } else {
        match done {
            Ok(Value::Bool(true)) => output::line(line),
            Ok(done) => output::line(&format!("{line}: {done}")),
            Err(error) => output::line(&format!("{line}: {error}")),
        }
    };
}

/// A socket that only its owner can use.
pub(super) struct Control {
    listener: UnixListener,
    path: std::path::PathBuf,
}

impl Control {
    /// Needs a runtime.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        use std::os::unix::fs::PermissionsExt;
        let failed = |error: std::io::Error| {
            let hint = "a socket that an earlier server left must be removed first";
            Failure::new(Exit::Network, format!("cannot listen on {}: {error}; {hint}", path.display()))
        };
        let listener = UnixListener::bind(path).map_err(failed)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Self { listener, path: path.to_owned() })
    }

    /// Answers each line of everybody who connects with a line of JSON.
    pub(super) async fn serve(self, hand: Hand) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(serve(stream, hand.clone()))),
                Err(error) => return tracing::error!(%error, "control socket"),
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn serve(stream: UnixStream, hand: Hand) {
    let (input, mut output) = stream.into_split();
    let mut input = BufReader::new(input);
    let mut line = String::new();
    loop {
        line.clear();
        let read_all = (&mut input).take(LONGEST).read_line(&mut line).await;
        // Nothing more comes, or more than a command can be.
        if !matches!(read_all, Ok(1..)) || line.len() as u64 == LONGEST {
            return;
        }
        let (order, done) = match read(&line) {
            None => continue,
            Some(Err(error)) => (None, Err(error)),
            Some(Ok(order)) => {
                let done = hand.obey(&order).await;
                (Some(order), done)
            }
        };
        let text = format!("{}\n", answer(&line, done));
        let heard = output.write_all(text.as_bytes()).await;
        if let Some(order) = &order {
            hand.finish(order);
        }
        if heard.is_err() {
            return;
        }
    }
}
