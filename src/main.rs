//! The `wangjia` program; see [`wangjia::cli`].

fn main() -> std::process::ExitCode {
    wangjia::cli::main()
}
