//! The demonstration: Northmoor Council, a fictional authority with children at every stage of the process.
//!
//! Everything is done through the same functions that people's clicks go through, with dates counted back from today, so
//! that the work tray shows every kind of urgency on whatever day somebody looks.

mod people;
mod stories;

pub use people::{Login, PASSWORD, code_of, logins};

use chrono::Datelike;

use crate::access::Role;
use crate::accounts::{AccountError, NewAccount};
use crate::calendar::{Closure, Date, date};
use crate::children::{ChildDetails, ChildError, LikeOthers};
use crate::clock::Instant;
use crate::db::StoreError;
use crate::engine::{Actor, Asked, Opening};
use crate::ids::{AccountId, ChildId, InvolvementId};
use crate::involvements::{Open, Origin, Step, Trouble, linked_from};
use crate::timeline::Value;
use crate::web::App;

const TIMELINE: &str = "ehc-needs-assessment";

/// Why the demonstration could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("an account: {0}")]
    Account(#[from] AccountError),
    #[error("a child: {0}")]
    Child(#[from] ChildError),
    #[error("an involvement: {0}")]
    Involvement(#[from] Trouble),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills an empty database; one that has accounts already is left as it is. Whether anything was done.
///
/// # Errors
/// When a step is refused, which is a fault of the demonstration.
pub async fn fill(app: &App) -> Result<bool, DemoError> {
    if !app.accounts.list().await?.is_empty() {
        return Ok(false);
    }
    let staff = accounts(app).await?;
    let today = app.clock.today();
    let stories = stories::all();
    close_settings(app, &stories, &staff.manager).await?;
    for (number, story) in stories.into_iter().enumerate() {
        let owner = &staff.caseworkers[number % staff.caseworkers.len()];
        let child = add_child(app, &story, &staff.manager).await?;
        if let Some(parent) = story.parent {
            let by = person(&staff.manager, Role::SendManager);
            app.sharing.share(&staff.parents[parent], &child, "parent", &by).await?;
        }
        if let Some(days_ago) = story.received_days_ago {
            tell(app, &story, &child, owner, &staff.manager, before(today, days_ago)).await?;
        }
    }
    app.involvements.pass_day().await?;
    Ok(true)
}

struct Staff {
    caseworkers: Vec<AccountId>,
    manager: AccountId,
    parents: Vec<AccountId>,
}

async fn accounts(app: &App) -> Result<Staff, AccountError> {
    let mut staff = Staff { caseworkers: Vec::new(), manager: AccountId::from(""), parents: Vec::new() };
    for login in logins() {
        let new = NewAccount {
            email: login.email.into(),
            display_name: login.name.into(),
            roles: vec![login.role],
            password: PASSWORD.into(),
        };
        let id = app.accounts.enrol(new, Some(login.seed())).await?.id;
        match login.role {
            Role::Caseworker => staff.caseworkers.push(id),
            Role::SendManager => staff.manager = id,
            Role::Parent => staff.parents.push(id),
            _ => {}
        }
    }
    Ok(staff)
}

async fn add_child(app: &App, story: &stories::Story, by: &AccountId) -> Result<ChildId, ChildError> {
    let today = app.clock.today();
    let details = ChildDetails {
        given_name: story.given.into(),
        family_name: story.family.into(),
        born_on: Some(before(today, story.age_in_days)),
        address: format!("{} Fictional Street, Northmoor", story.age_in_days % 90 + 1),
        postcode: "NM1 1AA".into(),
        setting_name: story.setting.into(),
        ..ChildDetails::default()
    };
    app.children.add(details, &person(by, Role::SendManager), LikeOthers::AddAllTheSame).await
}

/// The school holidays of this year and the next, for each setting of the stories.
async fn close_settings(app: &App, stories: &[stories::Story], by: &AccountId) -> Result<(), StoreError> {
    let this_year = app.clock.today().year();
    let mut settings: Vec<&str> = stories.iter().map(|story| story.setting).filter(|name| !name.is_empty()).collect();
    settings.sort_unstable();
    settings.dedup();
    let mut closures = Vec::new();
    for year in this_year..=this_year + 1 {
        for setting in &settings {
            let mut closed = |from: (i32, u32, u32), open: (i32, u32, u32)| {
                let (from, reopens_on) = (date(from.0, from.1, from.2), date(open.0, open.1, open.2));
                closures.push(Closure { setting: (*setting).to_owned(), from, reopens_on });
            };
            closed((year, 7, 22), (year, 9, 3));
            closed((year, 12, 19), (year + 1, 1, 5));
        }
    }
    app.closures.record(&closures, &person(by, Role::SendManager)).await.map(|_| ())
}

/// Opens the involvement and does what its story says, each thing on its own day.
async fn tell(
    app: &App,
    story: &stories::Story,
    child: &ChildId,
    owner: &AccountId,
    manager: &AccountId,
    received: Date,
) -> Result<(), Trouble> {
    let origin = || Origin::new("demonstration");
    let born_on = Some(before(app.clock.today(), story.age_in_days));
    let open = Open {
        child: child.clone(),
        timeline: TIMELINE.into(),
        opening: Opening {
            on: received,
            born_on,
            owner: Some(owner.clone()),
            facts: story.opening_facts(),
            linked: None,
        },
        asked: asked(owner, Role::Caseworker, received),
        key: None,
        origin: origin(),
    };
    let involvement: InvolvementId = app.involvements.open(open).await?.involvement;
    for deed in &story.deeds {
        let on = received + chrono::TimeDelta::days(deed.day);
        if on > app.clock.today() {
            break;
        }
        let (by, role) = if deed.by_manager { (manager, Role::SendManager) } else { (owner, Role::Caseworker) };
        let step = Step {
            involvement: involvement.clone(),
            command: deed.command(on),
            asked: asked(by, role, on),
            seen: None,
            key: None,
            origin: origin(),
        };
        app.involvements.take(step).await?;
        if let Some(about) = deed.can_be_appealed() {
            for timeline in ["mediation", "appeal"] {
                follow(app, &involvement, timeline, about, owner, on).await?;
            }
        }
    }
    Ok(())
}

/// Opens what follows a decision against the family, linked with the involvement that it was taken in.
async fn follow(
    app: &App,
    involvement: &InvolvementId,
    timeline: &str,
    about: &str,
    owner: &AccountId,
    on: Date,
) -> Result<(), Trouble> {
    let origin = app.involvements.find(involvement).await?.ok_or(Trouble::NotFound)?;
    let open = Open {
        child: origin.child.clone(),
        timeline: timeline.into(),
        opening: Opening {
            on,
            born_on: origin.involvement.born_on,
            owner: Some(owner.clone()),
            facts: vec![("appeal-about".into(), Value::Choice(about.into()))],
            linked: Some(linked_from(&origin)),
        },
        asked: asked(owner, Role::Caseworker, on),
        key: None,
        origin: Origin::new("demonstration"),
    };
    app.involvements.open(open).await.map(|_| ())
}

fn person(account: &AccountId, role: Role) -> Actor {
    Actor::Person { account: account.clone(), role }
}

/// Half past nine in the morning of a day.
fn asked(account: &AccountId, role: Role, on: Date) -> Asked {
    Asked::new(person(account, role), Instant::at_start_of(on).plus_millis(9 * 3_600_000 + 1_800_000))
}

fn before(today: Date, days: i64) -> Date {
    today - chrono::TimeDelta::days(days)
}
