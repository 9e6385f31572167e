//! The one place from which account holders are told of what was done to their sign-in.

use crate::db::{Conn, StoreError};
use crate::ids::AccountId;

/// What the holder of an account is told, whoever did it: if it was not them, somebody else can sign in as them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    RecoveryCodeUsed,
    SecondStepChanged,
    RecoveryCodesMade,
    PasswordChanged,
    Left,
}

/// Writes the message to be sent, inside the unit of work that did what it tells of.
pub(super) async fn tell_holder(_: &mut Conn, _: &AccountId, _: Told) -> Result<(), StoreError> {
    // Messages to account holders are not sent yet: the audit trail has what was done.
    Ok(())
}
