//! What every request shares.

use std::sync::Arc;

use super::render::{Pages, RenderError};
use crate::accounts::{Accounts, Key, KeyError};
use crate::audit::Notes;
use crate::children::Children;
use crate::clock::Clock;
use crate::closures::Closures;
use crate::config::Config;
use crate::db::{Db, StoreError};
use crate::involvements::{Involvements, PublishError};
use crate::sharing::Sharing;

/// The running service: settings, database, features and templates.
#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub db: Db,
    pub key: Arc<Key>,
    pub accounts: Accounts,
    /// What people look at, for the audit trail.
    pub notes: Notes,
    pub children: Children,
    pub closures: Closures,
    pub involvements: Involvements,
    pub sharing: Sharing,
    pub pages: Pages,
    /// The hash of the layout's inline script, for the content security policy.
    pub script_hash: String,
}

/// Why the service could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Template(#[from] RenderError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("{0} cannot be listened on: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
}

impl App {
    /// Opens the database, brings its schema up to date, reads the key and the templates, and publishes the timelines
    /// of the workflows folder that are sound.
    ///
    /// # Errors
    /// When any of these is not possible.
    pub async fn start(config: Config, clock: Clock) -> Result<Arc<App>, StartError> {
        let db = Db::open(&config.database).await?;
        db.migrate().await?;
        let key = Arc::new(Key::of_file(&config.key_file)?);
        let app = App::assemble(config, clock, db, key)?;
        app.involvements.publish_folder(&app.config.workflows).await?;
        Ok(Arc::new(app))
    }

    fn assemble(config: Config, clock: Clock, db: Db, key: Arc<Key>) -> Result<App, StartError> {
        let pages = Pages::embedded()?;
        Ok(App {
            script_hash: super::headers::script_hash(&pages)?,
            notes: Notes::begin(db.clone()),
            accounts: Accounts::new(db.clone(), clock.clone(), key.clone()),
            children: Children::new(db.clone(), clock.clone()),
            closures: Closures::new(db.clone(), clock.clone()),
            involvements: Involvements::new(db.clone(), clock.clone()),
            sharing: Sharing::new(db.clone(), clock.clone()),
            pages,
            config,
            clock,
            db,
            key,
        })
    }
}
