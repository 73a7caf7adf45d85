//! The commands of the offhook binary.

/// Parses the command line, runs the command and tells the exit code.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
