//! Generators that nobody here wrote make the same codes: `oathtool` of OATH Toolkit, and pyotp.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use milepost::accounts::{code_at, seed_text};
use milepost::clock::Instant;

use crate::support::{Dice, installed};

/// So many seeds, each at a time of its own.
const CODES: usize = 1_000;

/// A key as an app is given it, an instant in seconds, and our code.
fn ours() -> Vec<(String, i64, String)> {
    let mut dice = Dice(6_238);
    (0..CODES)
        .map(|_| {
            let seed: Vec<u8> = (0..20).map(|_| u8::try_from(dice.up_to(256)).expect("a byte")).collect();
            // Up to the year 2100.
            let second = i64::try_from(dice.up_to(2_051_222_400)).expect("31 bits") * 2;
            let code = code_at(&seed, Instant(second * 1_000)).expect("a code");
            (seed_text(&seed), second, code)
        })
        .collect()
}

#[test]
fn oathtool_makes_the_same_thousand_codes() {
    if Command::new("oathtool").arg("--version").output().is_err() {
        eprintln!(
            "PASSED OVER: oathtool is not installed (apt-get install oathtool), so its codes were not compared with ours"
        );
        return;
    }
    for (key, second, code) in ours() {
        let made = Command::new("oathtool")
            .args(["--totp", "--base32", &format!("--now=@{second}"), &key])
            .output()
            .expect("oathtool runs");
        assert_eq!(String::from_utf8_lossy(&made.stdout).trim(), code, "{key} at {second}");
    }
}

#[test]
fn pyotp_makes_the_same_thousand_codes() {
    let python = installed().join("bin/python");
    let has_pyotp = Command::new(&python).args(["-c", "import pyotp"]).stderr(Stdio::null()).status();
    if !has_pyotp.is_ok_and(|ended| ended.success()) {
        eprintln!(
            "PASSED OVER: pyotp is not installed in {} (run tests/tools), so its codes were not compared with ours",
            python.display()
        );
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/codes.py");
    let mut process =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
    let ours = ours();
    let asked: String = ours.iter().map(|(key, second, _)| format!("{key} {second}\n")).collect();
    let mut stdin = process.stdin.take().expect("piped");
    let asking = std::thread::spawn(move || stdin.write_all(asked.as_bytes()).expect("Python reads"));
    let made = process.wait_with_output().expect("Python ends");
    asking.join().expect("all was asked");
    let made = String::from_utf8_lossy(&made.stdout).into_owned();
    let theirs: Vec<&str> = made.lines().collect();
    assert_eq!(theirs, ours.iter().map(|(_, _, code)| code.as_str()).collect::<Vec<_>>());
}
