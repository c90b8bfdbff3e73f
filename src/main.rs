//! The command line.

use antritt::server::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
