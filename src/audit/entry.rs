//! One entry of the trail.

use serde::Serialize;
use serde_json::Value as Json;

use super::Action;
use crate::access::Role;
use crate::clock::Instant;
use crate::db::Value;
use crate::engine::Actor;
use crate::ids::{AccountId, ChildId, InvolvementId, RequestId};

/// Who did or saw what. No personal data beyond ids: entries outlive what they speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub at: Instant,
    pub who: Actor,
    pub action: Action,
    /// The route, command or job through which it was done.
    pub why: String,
    pub child: Option<ChildId>,
    pub involvement: Option<InvolvementId>,
    /// The id of whatever else it touched.
    pub object: Option<String>,
    pub request: Option<RequestId>,
    pub session: Option<String>,
    /// The network address it came from.
    pub address: Option<String>,
    /// Ids and names of fields, never what they hold.
    pub details: Json,
}

impl Entry {
    pub fn new(at: Instant, who: Actor, action: Action, why: impl Into<String>) -> Entry {
        Entry {
            at,
            who,
            action,
            why: why.into(),
            child: None,
            involvement: None,
            object: None,
            request: None,
            session: None,
            address: None,
            details: Json::Object(serde_json::Map::new()),
        }
    }

    pub fn about_child(self, child: ChildId) -> Entry {
        Entry { child: Some(child), ..self }
    }

    pub fn about_involvement(self, involvement: InvolvementId) -> Entry {
        Entry { involvement: Some(involvement), ..self }
    }

    pub fn about(self, object: impl Into<String>) -> Entry {
        Entry { object: Some(object.into()), ..self }
    }

    pub fn in_request(self, request: RequestId) -> Entry {
        Entry { request: Some(request), ..self }
    }

    pub fn in_session(self, session: &str) -> Entry {
        Entry { session: Some(session.to_owned()), ..self }
    }

    /// `address` is empty when it is not known.
    pub fn from(self, address: &str) -> Entry {
        Entry { address: Some(address.to_owned()).filter(|address| !address.is_empty()), ..self }
    }

    pub fn with(self, details: Json) -> Entry {
        Entry { details, ..self }
    }
}

/// An entry as the set-based insert takes it, one of a JSON array: field names are the table's columns.
#[derive(Debug, Serialize)]
pub(crate) struct Written<'a> {
    at: Instant,
    account_id: Option<&'a str>,
    role: Option<Role>,
    action: &'static str,
    why: &'a str,
    child_id: Option<&'a str>,
    involvement_id: Option<&'a str>,
    object: Option<&'a str>,
    request_id: Option<&'a str>,
    session_id: Option<&'a str>,
    address: Option<&'a str>,
    details: String,
    salt: String,
}

/// The entry with a fresh salt.
pub(crate) fn written(entry: &Entry) -> Written<'_> {
    Written {
        at: entry.at,
        account_id: entry.who.account().map(AccountId::as_str),
        role: entry.who.role(),
        action: entry.action.text(),
        why: &entry.why,
        child_id: entry.child.as_ref().map(ChildId::as_str),
        involvement_id: entry.involvement.as_ref().map(InvolvementId::as_str),
        object: entry.object.as_deref(),
        request_id: entry.request.as_ref().map(RequestId::as_str),
        session_id: entry.session.as_deref(),
        address: entry.address.as_deref(),
        details: entry.details.to_string(),
        salt: salt(),
    }
}

/// The entry with a fresh salt, a value for each column in the order of [`Written`].
pub(crate) fn values(entry: &Entry) -> [Value; 13] {
    let entry = written(entry);
    [
        Value::from(entry.at),
        Value::from(entry.account_id),
        Value::from(entry.role.map(Role::name)),
        Value::from(entry.action),
        Value::from(entry.why),
        Value::from(entry.child_id),
        Value::from(entry.involvement_id),
        Value::from(entry.object),
        Value::from(entry.request_id),
        Value::from(entry.session_id),
        Value::from(entry.address),
        Value::from(entry.details),
        Value::from(entry.salt),
    ]
}

/// 128 random bits in hexadecimal.
fn salt() -> String {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    crate::ids::hexadecimal(&bytes)
}
