//! Where to go after signing in.

/// The first step of signing in again, for somebody who typed too many wrong codes.
pub(super) const TOO_MANY: &str = "/sign-in?again=codes";

/// A path of ours and nothing else.
pub(super) fn local_path(next: &str) -> Option<&str> {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let leads_on = !next.starts_with("/sign-") && !next.starts_with("/account/two-step/set-up");
    (plain && leads_on && next.starts_with('/') && !next.starts_with("//")).then_some(next)
}

/// An address with the page to go on to after it.
pub(super) fn with_next(path: &str, next: &str) -> String {
    format!("{path}?next={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>())
}

/// The page of a form that was kept while its person proved who they are.
pub(super) fn kept_path(id: &str) -> String {
    format!("/account/kept/{id}")
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_ours_are_gone_to_after_signing_in() {
        assert_eq!(local_path("/office?group=overdue"), Some("/office?group=overdue"));
        for bad in ["", "//evil.test", "/\\evil.test", "https:evil.test", "/a\r\nSet-Cookie: x", "/sign-out", "office"]
        {
            assert_eq!(local_path(bad), None, "{bad}");
        }
    }
}
