//! Signing in, in two steps, and out.

pub(super) mod code;
pub(super) mod password;

use super::error::WebError;
use super::reply::Reply;
use super::visit::Visit;
use crate::audit::Action;

pub(super) async fn sign_out(visit: Visit) -> Result<Reply, WebError> {
    visit.app.accounts.sign_out(&visit.cookie).await?;
    if let Some(who) = &visit.who {
        visit.note(who, Action::SignedOut).await?;
    }
    Ok(Reply::SignedOut)
}

/// Where to go after signing in: a path of ours and nothing else.
fn local_path(next: &str) -> Option<&str> {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (plain && next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/sign-")).then_some(next)
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
