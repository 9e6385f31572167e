//! Values for placeholders. An absent one keeps its type, which PostgreSQL needs to know.

use serde::Serialize;

use super::StoreError;
use crate::calendar::Date;
use crate::clock::Instant;
use crate::ids::{AccountId, ChildId, DefinitionId, InvolvementId, RequestId};

/// One value for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Bool(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// JSON text of anything that can be serialised.
    ///
    /// # Errors
    /// When it cannot be said in JSON (a map whose keys are not text).
    pub fn json(value: &impl Serialize) -> Result<Value, StoreError> {
        serde_json::to_string(value).map(Value::from).map_err(StoreError::unstorable)
    }
}

/// A type with a `null` of its own.
pub trait Bindable: Into<Value> {
    const NULL: Value;
}

impl<T: Bindable> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(T::NULL, Into::into)
    }
}

macro_rules! bindable {
    ($null:expr; $($type:ty: $value:ident => $made:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Value {
                $made
            }
        }

        impl Bindable for $type {
            const NULL: Value = $null;
        }
    )*};
}

bindable! { Value::Text(None);
    &str: text => Value::Text(Some(text.to_owned()));
    String: text => Value::Text(Some(text));
    &String: text => Value::Text(Some(text.clone()));
    Date: date => Value::Text(Some(date.to_string()));
    &ChildId: id => Value::from(id.as_str());
    &InvolvementId: id => Value::from(id.as_str());
    &AccountId: id => Value::from(id.as_str());
    &DefinitionId: id => Value::from(id.as_str());
    &RequestId: id => Value::from(id.as_str());
}

bindable! { Value::Int(None);
    i64: number => Value::Int(Some(number));
    i32: number => Value::Int(Some(i64::from(number)));
    u32: number => Value::Int(Some(i64::from(number)));
    Instant: at => Value::Int(Some(at.0));
}

bindable! { Value::Bool(None);
    bool: yes => Value::Bool(Some(yes));
}

bindable! { Value::Bytes(None);
    Vec<u8>: bytes => Value::Bytes(Some(bytes));
    &[u8]: bytes => Value::Bytes(Some(bytes.to_vec()));
    [u8; 32]: bytes => Value::Bytes(Some(bytes.to_vec()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_value_keeps_its_type() {
        assert_eq!(Value::from(None::<Instant>), Value::Int(None));
        assert_eq!(Value::from(None::<&ChildId>), Value::Text(None));
        assert_eq!(Value::from(Some(true)), Value::Bool(Some(true)));
    }

    #[test]
    fn a_date_is_stored_as_it_is_written() {
        let date = Date::from_ymd_opt(2026, 2, 28).unwrap();
        assert_eq!(Value::from(date), Value::Text(Some("2026-02-28".into())));
    }
}
