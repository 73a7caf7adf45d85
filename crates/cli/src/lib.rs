//! The commands of the `offhook` binary.
//!
//! Each command is a module with its arguments and a `run`. Results go to stdout, everything else to stderr; `--json`
//! makes the result one line of JSON; what went wrong is told by the exit code too ([`exit`]).

mod accept;
mod account;
mod api;
mod ask;
mod call;
mod clips;
mod correlate;
mod cpu;
mod dc;
mod demo;
pub mod exit;
mod home;
mod impairment;
mod leg;
mod local;
mod logging;
mod login;
mod media_args;
mod output;
mod password;
mod protocol_args;
mod reflector;
mod report;
mod session;
mod stop;
mod updates;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;

/// Places, answers, streams and records Telegram voice calls.
#[derive(Debug, Parser)]
#[command(name = "offhook", version, after_help = exit::HELP)]
struct Arguments {
    /// Say more on stderr; twice for every detail. `OFFHOOK_LOG` takes filters such as `offhook_voip=debug`.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Dc(dc::DcArgs),
    Login(login::LoginArgs),
    AcceptLogin(accept::AcceptArgs),
    Session(session::SessionCommand),
    Password(password::PasswordArgs),
    Call(call::CallArgs),
    Answer(call::AnswerArgs),
    Updates(updates::UpdatesArgs),
    Api(api::ApiArgs),
    Leg(leg::LegArgs),
    Reflector(reflector::ReflectorArgs),
}

/// Parses the command line, runs the command and tells the exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, and go to stdout; a closed pipe behind them is no failure.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Success.into() };
        }
    };
    logging::start(arguments.verbose);
    let done = match arguments.command {
        Command::Demo(args) => demo::run(args),
        Command::Dc(args) => dc::run(&args),
        Command::Login(args) => login::run(&args),
        Command::AcceptLogin(args) => accept::run(&args),
        Command::Session(args) => session::run(&args),
        Command::Password(args) => password::run(&args),
        Command::Call(args) => call::run_call(&args),
        Command::Answer(args) => call::run_answer(&args),
        Command::Updates(args) => updates::run(&args),
        Command::Api(args) => api::run(&args),
        Command::Leg(args) => leg::run(args),
        Command::Reflector(args) => reflector::run(&args),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("offhook: {failure}");
            failure.exit().into()
        }
    }
}
