//! The SQL of sharing; each change commits with its audit entry.

use crate::audit::{self, Action, Entry};
use crate::clock::Instant;
use crate::db::{Conn, StoreError};
use crate::engine::Actor;
use crate::ids::{AccountId, ChildId};
use crate::params;

/// Somebody who can see a child.
#[derive(Debug, Clone)]
pub struct Shared {
    pub account: AccountId,
    pub display_name: String,
    pub relationship: String,
    pub given_at: Instant,
}

pub(super) async fn insert(
    c: &mut Conn,
    account: &AccountId,
    child: &ChildId,
    relationship: &str,
    by: &Actor,
    now: Instant,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into sharings (account_id, child_id, relationship, given_at, given_by) \
                       values ($1, $2, $3, $4, $5) on conflict do nothing";
    if c.execute(SQL, params![account, child, relationship, now, by.account()]).await? == 1 {
        audit::record(c, &[entry(Action::SharingGranted, account, child, by, now)]).await?;
    }
    Ok(())
}

pub(super) async fn end(
    c: &mut Conn,
    account: &AccountId,
    child: &ChildId,
    by: &Actor,
    now: Instant,
) -> Result<(), StoreError> {
    const SQL: &str = "update sharings set ended_at = $3, ended_by = $4 \
                       where account_id = $1 and child_id = $2 and ended_at is null";
    if c.execute(SQL, params![account, child, now, by.account()]).await? == 1 {
        audit::record(c, &[entry(Action::SharingEnded, account, child, by, now)]).await?;
    }
    Ok(())
}

fn entry(action: Action, account: &AccountId, child: &ChildId, by: &Actor, now: Instant) -> Entry {
    Entry::new(now, by.clone(), action, "sharing").about_child(child.clone()).about(account.as_str())
}

pub(super) async fn children_of(c: &mut Conn, account: &AccountId) -> Result<Vec<ChildId>, StoreError> {
    const SQL: &str =
        "select child_id from sharings where account_id = $1 and ended_at is null order by given_at, child_id";
    c.fetch_all(SQL, params![account]).await?.iter().map(|row| row.get("child_id")).collect()
}

pub(super) async fn is_shared(c: &mut Conn, account: &AccountId, child: &ChildId) -> Result<bool, StoreError> {
    const SQL: &str = "select 1 as one from sharings where account_id = $1 and child_id = $2 and ended_at is null";
    Ok(c.fetch_optional(SQL, params![account, child]).await?.is_some())
}

pub(super) async fn of_child(c: &mut Conn, child: &ChildId) -> Result<Vec<Shared>, StoreError> {
    const SQL: &str = "select s.account_id, a.display_name, s.relationship, s.given_at \
                       from sharings s join accounts a on a.id = s.account_id \
                       where s.child_id = $1 and s.ended_at is null order by a.display_name, s.account_id";
    let rows = c.fetch_all(SQL, params![child]).await?;
    rows.iter()
        .map(|row| {
            Ok(Shared {
                account: row.get("account_id")?,
                display_name: row.get("display_name")?,
                relationship: row.get("relationship")?,
                given_at: row.get("given_at")?,
            })
        })
        .collect()
}
