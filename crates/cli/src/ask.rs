//! Questions to the person at the terminal.

use std::io::{BufRead, IsTerminal, Stdin, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::exit::{Exit, Failure};

/// Whether a person can be asked twice.
pub(crate) fn is_person() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks for a line; when nobody answers, says which flag to give instead.
pub(crate) fn line(question: &str, flag: &str) -> Result<String, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprint!("{question}");
        let _ = std::io::stderr().flush();
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(|error| Failure::new(Exit::File, error))?;
    let line = line.trim_end_matches(['\r', '\n']).to_owned();
    if line.is_empty() {
        return Err(Failure::new(Exit::Usage, format!("nobody is there to type; give {flag}")));
    }
    Ok(line)
}

/// Asks for something that must not be seen on the screen.
pub(crate) fn secret(question: &str, flag: &str) -> Result<String, Failure> {
    let stdin = std::io::stdin();
    let silence = Silence::begin(&stdin);
    let answer = line(question, flag);
    if silence.is_some() {
        // The Enter that ended the answer was not shown either.
        eprintln!();
    }
    answer
}

/// Keeps a terminal from showing what is typed, as long as it lives.
struct Silence<'a> {
    stdin: &'a Stdin,
    before: Termios,
}

impl<'a> Silence<'a> {
    /// `None` when standard input is no terminal.
    fn begin(stdin: &'a Stdin) -> Option<Self> {
        let before = tcgetattr(stdin).ok()?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(stdin, OptionalActions::Flush, &quiet).ok()?;
        Some(Self { stdin, before })
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.stdin, OptionalActions::Now, &self.before);
    }
}
