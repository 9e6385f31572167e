//! Help, completions, colour and exit codes.

use crate::support::Place;

#[test]
fn help_lists_the_commands_and_each_has_its_own() {
    let place = Place::new();
    let help = place.run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["serve", "demo", "check", "dates", "migrate", "user", "verify-audit", "completions"] {
        assert!(help.out.contains(&format!("\n  {command} ")), "{command} is not listed:\n{}", help.out);
        let own = place.run(&[command, "--help"]);
        assert_eq!(own.code, 0);
        assert!(own.out.contains("Usage: milepost"), "{}", own.out);
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_was_meant() {
    let place = Place::new();
    for arguments in [
        &[][..],
        &["dats"],
        &["dates"],
        &["check", "--jsn"],
        &["user", "add", "a@b.c", "--name", "A", "--role", "king"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    assert!(place.run(&["dats"]).err.contains("'dates'"));
}

#[test]
fn every_shell_gets_its_completions() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = place.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        assert!(ran.out.contains("verify-audit"), "{shell}");
    }
}

#[test]
fn a_pipe_gets_no_colours() {
    let place = Place::new();
    let file = place.file("broken.ron", "Timeline(");
    let ran = place.run(&["check", file]);
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{ran:?}");
    assert!(!place.run(&["--help"]).out.contains('\u{1b}'));
}
