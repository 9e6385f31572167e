//! How long somebody waits after wrong passwords and codes.

/// The wait after so many failures in a row, in milliseconds: nothing, then 1, 3, 5 and 10 seconds, then 15 minutes.
pub(super) fn wait_millis(failures: i64) -> i64 {
    match failures {
        ..=1 => 0,
        2 => 1_000,
        3 => 3_000,
        4 => 5_000,
        5 => 10_000,
        _ => 15 * 60_000,
    }
}
