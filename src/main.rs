//! The `milepost` binary: everything it does is a command in [`milepost::cli`].

fn main() -> std::process::ExitCode {
    milepost::cli::run()
}
