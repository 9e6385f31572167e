//! The headers that every answer carries, errors included.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use salvo::http::header::{HeaderName, HeaderValue};
use salvo::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use super::render::{Chrome, Page, Pages, RenderError};

/// The hash of the layout's inline script, taken from a page as it is served.
pub(super) fn script_hash(pages: &Pages) -> Result<String, RenderError> {
    let page = super::error::ErrorPage::sample();
    let html = pages.render(&page, &Chrome::for_tests())?;
    let script =
        html.split_once("<script>").and_then(|(_, rest)| rest.split_once("</script>")).map(|(script, _)| script);
    let script = script.ok_or_else(|| RenderError {
        template: super::error::ErrorPage::TEMPLATE.to_owned(),
        why: "the layout has no inline script".into(),
    })?;
    Ok(BASE64_STANDARD.encode(Sha256::digest(script.as_bytes())))
}

/// Puts the headers on that do not depend on what is answered.
pub(super) fn protect(headers: &mut HeaderMap, script_hash: &str) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'sha256-{script_hash}'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    const ALWAYS: [(HeaderName, &str); 8] = [
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
