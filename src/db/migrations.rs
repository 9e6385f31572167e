//! Bringing the schema up to date. Steps are twin files in `migrations/sqlite` and `migrations/postgres`; one that has
//! been released is never edited.

use sqlx::migrate::{MigrateError, Migrator};

use super::{Conn, Db, Dialect, StoreError};
use crate::params;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

const SQLITE_HAS_STEPS: &str = "select 1 from sqlite_schema where type = 'table' and name = '_sqlx_migrations'";
const POSTGRES_HAS_STEPS: &str = "select 1 where to_regclass('_sqlx_migrations') is not null";
const STEPS_TAKEN: &str = "select version from _sqlx_migrations order by version";

impl Db {
    /// Takes the steps of the schema that are still to be taken; gives their numbers. Several nodes may call it at once.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer program has been here, before anything is changed; otherwise when a step fails,
    /// which leaves the steps before it taken and itself undone.
    pub async fn migrate(&self) -> Result<Vec<i64>, StoreError> {
        let missing = self.steps_missing().await?;
        match self {
            Db::Sqlite { writer, .. } => SQLITE.run(writer).await?,
            Db::Postgres(pool) => {
                // A step over a large table may take longer than any statement of a person may.
                let mut conn = pool.acquire().await?.detach();
                sqlx::query("set statement_timeout = 0").execute(&mut conn).await?;
                POSTGRES.run(&mut conn).await?;
            }
        }
        Ok(missing)
    }

    /// The steps of the schema that this program knows and the database has not taken: none when it is ready to be used.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when the database has taken steps that this program does not know.
    pub async fn steps_missing(&self) -> Result<Vec<i64>, StoreError> {
        let taken = self.read(steps_taken).await?;
        let known: Vec<i64> = self.migrator().iter().map(|step| step.version).collect();
        match taken.iter().find(|step| !known.contains(step)) {
            Some(unknown) => Err(StoreError::Newer(*unknown)),
            None => Ok(known.into_iter().filter(|step| !taken.contains(step)).collect()),
        }
    }

    fn migrator(&self) -> &'static Migrator {
        match self.dialect() {
            Dialect::Sqlite => &SQLITE,
            Dialect::Postgres => &POSTGRES,
        }
    }
}

async fn steps_taken(c: &mut Conn) -> Result<Vec<i64>, StoreError> {
    let has_steps = c.say(SQLITE_HAS_STEPS, POSTGRES_HAS_STEPS);
    if c.fetch_optional(has_steps, params![]).await?.is_none() {
        return Ok(Vec::new());
    }
    c.fetch_all(STEPS_TAKEN, params![]).await?.iter().map(|row| row.get(0)).collect()
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> StoreError {
        match error {
            MigrateError::VersionMissing(step) => StoreError::Newer(step),
            MigrateError::VersionMismatch(step) => StoreError::Altered(step),
            MigrateError::Execute(error) => error.into(),
            MigrateError::ExecuteMigration(error, step) => {
                StoreError::Migration(format!("step {step}: {}", StoreError::from(error)))
            }
            other => StoreError::Migration(other.to_string()),
        }
    }
}
