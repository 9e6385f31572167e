//! Names of people for ids, read once for a page.

use std::collections::HashMap;

use crate::accounts::Account;
use crate::ids::AccountId;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// Staff by id.
pub(in crate::web) struct StaffNames(HashMap<AccountId, String>);

impl StaffNames {
    pub async fn read(visit: &Visit) -> Result<StaffNames, WebError> {
        Ok(StaffNames::of_accounts(&visit.app.accounts.list().await?))
    }

    pub fn of_accounts(accounts: &[Account]) -> StaffNames {
        StaffNames(accounts.iter().map(|account| (account.id.clone(), account.display_name.clone())).collect())
    }

    pub fn of(&self, id: Option<&AccountId>) -> String {
        match id {
            None => "Nobody yet".into(),
            Some(id) => self.0.get(id).cloned().unwrap_or_else(|| "Somebody who has left".into()),
        }
    }
}
