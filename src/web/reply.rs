//! What a handler answers with.

/// An answer before its headers are put on.
#[derive(Debug)]
pub enum Reply {
    Html {
        status: u16,
        html: String,
    },
    /// After a form: the browser fetches the next page itself, so that going back or reloading sends nothing twice.
    SeeOther(String),
    Text {
        status: u16,
        text: String,
    },
    Json {
        status: u16,
        json: String,
    },
    /// A picture of our own drawing, to look at or to keep.
    Svg(String),
    /// One of our own files, which never changes under its name and version.
    Asset {
        media_type: &'static str,
        etag: String,
        bytes: std::borrow::Cow<'static, [u8]>,
    },
    /// Signs in: the cookie's new value, and where to go.
    SignedIn {
        token: crate::accounts::Token,
        next: String,
    },
    /// Signs in, on a page that is seen only now: the cookie's new value, and the page.
    SignedInHere {
        token: crate::accounts::Token,
        html: String,
    },
    SignedOut,
}

impl Reply {
    pub fn see(path: impl Into<String>) -> Reply {
        Reply::SeeOther(path.into())
    }
}
