//! The SQL of the register.

use super::ChildrenPage;
use super::rules::{ChildDetails, Search, year_group};
use crate::calendar::Date;
use crate::clock::Instant;
use crate::db::{Conn, Dialect, Row, StoreError, Value};
use crate::ids::ChildId;
use crate::params;

/// A child on the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    pub id: ChildId,
    pub reference: String,
    pub details: ChildDetails,
    pub created_at: Instant,
    /// When the details were last changed.
    pub changed_at: Instant,
}

impl Child {
    /// Given and family name.
    pub fn name(&self) -> String {
        format!("{} {}", self.details.given_name, self.details.family_name)
    }

    /// What the child is called.
    pub fn first_name(&self) -> &str {
        self.details.preferred_name.as_deref().unwrap_or(&self.details.given_name)
    }

    pub fn year_group_on(&self, today: Date) -> String {
        self.details.born_on.map_or_else(String::new, |born_on| year_group(born_on, today))
    }
}

macro_rules! columns {
    () => {
        "id, reference, given_name, family_name, preferred_name, born_on, upn, nhs_number, address, postcode, setting_name, setting_kind, created_at, updated_at"
    };
}

pub(super) async fn insert(c: &mut Conn, child: &Child) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "insert into children (",
        columns!(),
        ", folded_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    let details = &child.details;
    let values = params![
        &child.id,
        &child.reference,
        &details.given_name,
        &details.family_name,
        details.preferred_name.clone(),
        details.born_on,
        details.upn.clone(),
        details.nhs_number.clone(),
        &details.address,
        &details.postcode,
        &details.setting_name,
        &details.setting_kind,
        child.created_at,
        child.changed_at,
        searchable_name(details),
    ];
    c.execute(SQL, values).await.map(|_| ())
}

/// The name with a space before it, so that the beginning of every word can be looked for alike.
fn searchable_name(details: &ChildDetails) -> String {
    format!(" {}", details.folded_name())
}

/// Writes what a child on the register is to be; with `seen`, only if nothing was changed since that instant. Whether it
/// was written.
pub(super) async fn update(
    c: &mut Conn,
    child: &Child,
    seen: Option<Instant>,
    now: Instant,
) -> Result<bool, StoreError> {
    const SQL: &str = "update children set given_name = $2, family_name = $3, preferred_name = $4, born_on = $5, upn = $6, \
        nhs_number = $7, address = $8, postcode = $9, setting_name = $10, setting_kind = $11, folded_name = $12, \
        updated_at = $13 where id = $1 and updated_at = coalesce($14, updated_at)";
    let details = &child.details;
    let values = params![
        &child.id,
        &details.given_name,
        &details.family_name,
        details.preferred_name.clone(),
        details.born_on,
        details.upn.clone(),
        details.nhs_number.clone(),
        &details.address,
        &details.postcode,
        &details.setting_name,
        &details.setting_kind,
        searchable_name(details),
        now,
        seen,
    ];
    Ok(c.execute(SQL, values).await? == 1)
}

/// Those who share a number, or a birthday and a name, with somebody to be added.
pub(super) async fn like(c: &mut Conn, details: &ChildDetails) -> Result<Vec<Child>, StoreError> {
    const SQL: &str = concat!(
        "select ",
        columns!(),
        " from children where upn = $1 or nhs_number = $2 or (born_on = $3 and folded_name = $4) order by id limit 10"
    );
    let values = params![details.upn.clone(), details.nhs_number.clone(), details.born_on, searchable_name(details)];
    c.fetch_all(SQL, values).await?.iter().map(child).collect()
}

pub(super) async fn by_ids(c: &mut Conn, ids: &[ChildId]) -> Result<Vec<Child>, StoreError> {
    const SQLITE: &str = concat!("select ", columns!(), " from children where id in (select value from json_each($1))");
    const POSTGRES: &str = concat!(
        "select ",
        columns!(),
        " from children where id in (select jsonb_array_elements_text(cast($1 as jsonb)))"
    );
    let sql = if c.dialect() == Dialect::Sqlite { SQLITE } else { POSTGRES };
    let ids = Value::json(&ids.iter().map(ChildId::as_str).collect::<Vec<_>>())?;
    c.fetch_all(sql, vec![ids]).await?.iter().map(child).collect()
}

pub(super) async fn by_reference(c: &mut Conn, reference: &str) -> Result<Option<Child>, StoreError> {
    const SQL: &str = concat!("select ", columns!(), " from children where reference = $1");
    c.fetch_optional(SQL, params![reference]).await?.as_ref().map(child).transpose()
}

pub(super) async fn search(c: &mut Conn, asked: &Search, most: i64, skip: i64) -> Result<ChildrenPage, StoreError> {
    macro_rules! found {
        () => {
            " from children where $4 = '' or upn = $4 or nhs_number = $4 or reference = $4 or born_on = $5 \
             or ($1 is not null and folded_name like $1 and ($2 is null or folded_name like $2) and ($3 is null or folded_name like $3))"
        };
    }
    const COUNT: &str = concat!("select count(*) as total", found!());
    const PAGE: &str = concat!("select ", columns!(), found!(), " order by folded_name, id limit $6 offset $7");
    let [first, second, third] = asked.words.clone();
    let values = params![first, second, third, &asked.number, asked.born_on];
    let total = c.fetch_one(COUNT, values.clone()).await?.get("total")?;
    let mut page = values;
    page.extend([Value::from(most), Value::from(skip)]);
    let children = c.fetch_all(PAGE, page).await?.iter().map(child).collect::<Result<_, _>>()?;
    Ok(ChildrenPage { total, children })
}

fn child(row: &Row) -> Result<Child, StoreError> {
    Ok(Child {
        id: row.get("id")?,
        reference: row.get("reference")?,
        details: ChildDetails {
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            preferred_name: row.get("preferred_name")?,
            born_on: Some(row.get("born_on")?),
            upn: row.get("upn")?,
            nhs_number: row.get("nhs_number")?,
            address: row.get("address")?,
            postcode: row.get("postcode")?,
            setting_name: row.get("setting_name")?,
            setting_kind: row.get("setting_kind")?,
        },
        created_at: row.get("created_at")?,
        changed_at: row.get("updated_at")?,
    })
}
