//! Proof that a form was filled in on a page of ours: a token bound to the session's cookie, and where the browser
//! says the request came from.

use subtle::ConstantTimeEq;

use crate::accounts::{Key, Token};

/// The token for forms of this session.
pub(super) fn token(key: &Key, cookie: &Token) -> String {
    key.tag("form", cookie.as_str())
}

/// Whether a form's token belongs to this session; takes the same time whatever is wrong with it.
pub(super) fn is_valid(key: &Key, cookie: &Token, given: &str) -> bool {
    token(key, cookie).as_bytes().ct_eq(given.as_bytes()).into()
}

/// Whether the browser says that the request came from this site. Browsers that say nothing are judged by the token.
pub(super) fn came_from_here(fetch_site: Option<&str>, origin: Option<&str>, hosts: &[String]) -> bool {
    let site_fits = fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_fits = match origin {
        None => true,
        Some(origin) => {
            origin.split_once("://").is_some_and(|(_, host)| hosts.iter().any(|held| held.eq_ignore_ascii_case(host)))
        }
    };
    site_fits && origin_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_session_only() {
        let (key, cookie) = (Key::random(), Token::random());
        assert!(is_valid(&key, &cookie, &token(&key, &cookie)));
        assert!(!is_valid(&key, &Token::random(), &token(&key, &cookie)));
        assert!(!is_valid(&key, &cookie, ""));
    }

    #[test]
    fn requests_from_elsewhere_are_known_by_what_the_browser_says() {
        let hosts = ["localhost:8080".to_owned()];
        assert!(came_from_here(Some("same-origin"), Some("http://localhost:8080"), &hosts));
        assert!(came_from_here(None, None, &hosts));
        assert!(!came_from_here(Some("cross-site"), None, &hosts));
        assert!(!came_from_here(Some("same-site"), None, &hosts));
        assert!(!came_from_here(None, Some("https://evil.test"), &hosts));
        assert!(!came_from_here(None, Some("null"), &hosts));
    }
}
