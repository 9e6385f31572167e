//! Accounts: every change of one is in the audit trail, and ends what it must at once.

use std::sync::Arc;

use milepost::access::Role;
use milepost::accounts::{AccountError, Accounts, Device, Key, NewAccount, code_at};
use milepost::calendar::date;
use milepost::clock::{Clock, Instant};
use milepost::db::Db;
use milepost::params;

use crate::support::databases::on_both_databases;

const PASSWORD: &str = "a long password of her own";
const SEED: [u8; 20] = [5; 20];

fn accounts(db: &Db) -> Accounts {
    let clock = Clock::set_to(Instant::at_start_of(date(2026, 3, 2)).plus_millis(36_000_000));
    Accounts::new(db.clone(), clock, Arc::new(Key::random()))
}

fn priya() -> NewAccount {
    NewAccount {
        email: " Priya@Northmoor.example ".into(),
        display_name: "Priya Nair".into(),
        roles: vec![Role::Caseworker],
        password: PASSWORD.into(),
    }
}

async fn noted(db: &Db) -> Vec<String> {
    let rows = db.read(async |c| c.fetch_all("select action from audit order by id", params![]).await).await.unwrap();
    rows.iter().map(|row| row.get("action").unwrap()).collect()
}

on_both_databases! {
    async fn every_change_of_an_account_is_in_the_trail(db: Db) {
        let accounts = accounts(&db);
        accounts.enrol(priya(), Some(SEED)).await.unwrap();
        assert!(matches!(accounts.enrol(priya(), None).await, Err(AccountError::Taken(_))));
        accounts.reset_password("priya@northmoor.example", "another long password".into()).await.unwrap();
        accounts.reset_second_step("priya@northmoor.example").await.unwrap();
        accounts.disable("priya@northmoor.example").await.unwrap();
        assert_eq!(noted(&db).await, ["account-added", "password-changed", "second-step-changed", "account-closed"]);
    }

    async fn somebody_who_is_disabled_is_signed_out_at_once_and_cannot_come_back(db: Db) {
        let accounts = accounts(&db);
        accounts.enrol(priya(), Some(SEED)).await.unwrap();
        let half = accounts.try_password("priya@northmoor.example", PASSWORD.into()).await.unwrap().unwrap();
        let code = code_at(&SEED, Instant::at_start_of(date(2026, 3, 2)).plus_millis(36_000_000)).unwrap();
        let (token, _) = accounts.try_code(&half, &code, &Device::default()).await.unwrap().unwrap();
        assert!(accounts.session(&token).await.unwrap().is_some());

        accounts.disable("priya@northmoor.example").await.unwrap();

        assert!(accounts.session(&token).await.unwrap().is_none());
        assert!(accounts.try_password("priya@northmoor.example", PASSWORD.into()).await.unwrap().is_none());
    }
}
