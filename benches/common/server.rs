//! The real server as a process of its own, so that its memory and its threads are its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The server; ends with the benchmark.
pub struct Server {
    process: Child,
    pub url: String,
}

impl Server {
    pub fn start(folder: &std::path::Path) -> Result<Self, Box<dyn std::error::Error>> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_wangjia"))
            .args(["serve", "--bind", "127.0.0.1:0", "--lang", "en"])
            .current_dir(folder)
            .env("RUST_LOG", "error")
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = process.stderr.take().ok_or("no standard error")?;
        let mut lines = BufReader::new(stderr).lines();
        let said = lines.next().ok_or("the server said nothing")??;
        let url = said.split_whitespace().find(|word| word.starts_with("http")).ok_or("no address")?;
        let url = url.trim_end_matches('/').to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, url })
    }

    /// Most memory it has had since the last [`Server::forget_peak`], MiB.
    pub fn peak(&self) -> Result<f64, Box<dyn std::error::Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }

    pub fn forget_peak(&self) -> std::io::Result<()> {
        std::fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            self.process.wait().ok();
        }
    }
}

/// The value below which `percent` of the samples lie, milliseconds.
pub fn percentile(samples: &mut [f64], percent: usize) -> f64 {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    samples.get(last * percent / 100).copied().unwrap_or(f64::NAN)
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().new_agent()
}
