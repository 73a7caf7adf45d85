//! The `offhook` command.

fn main() -> std::process::ExitCode {
    offhook_cli::main()
}
