//! Results on stdout.

use std::io::{self, Write};

use serde_json::Value;

use crate::exit::{Exit, Failure};

/// Prints one line. A reader that has gone away is no failure.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::File, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints one line of JSON.
pub(crate) fn json(value: &Value) -> Result<(), Failure> {
    line(&value.to_string())
}
