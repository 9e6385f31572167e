//! Settings, read once at start; the only reader of the environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What the service is told from outside. Every setting has a default that works on one machine.
#[derive(Debug, Clone)]
pub struct Config {
    /// `sqlite:data/milepost.db` or `postgres://...`.
    pub database: String,
    pub listen: SocketAddr,
    /// The address people type, without a trailing slash: links in messages begin with it.
    pub address: String,
    /// Shown on every page.
    pub council: String,
    /// Seals secrets; lies outside the database. Made at first start.
    pub key_file: PathBuf,
    pub workflows: PathBuf,
    /// Where weaknesses are reported to: a `mailto:` or `https:` address.
    pub security_contact: Option<String>,
    /// The people are fictional, and every page says so.
    pub demonstration: bool,
    pub log_as_json: bool,
    pub connections_most: usize,
    pub patience: Patience,
}

/// How long the server waits for people's connections. Longer than any honest browser on a poor line takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From connecting, or the end of the answer before, to the end of a request's head.
    pub head_within: Duration,
    /// Without a byte in either direction.
    pub silence_most: Duration,
    /// While the other side takes in nothing of an answer.
    pub stall_most: Duration,
    /// For the whole body of a form, however steadily it drips.
    pub body_within: Duration,
    /// For requests under way when the service is told to stop.
    pub stop_within: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            head_within: Duration::from_secs(10),
            silence_most: Duration::from_secs(30),
            stall_most: Duration::from_secs(15),
            body_within: Duration::from_secs(20),
            stop_within: Duration::from_secs(20),
        }
    }
}

/// A setting that cannot be used, with its name and what would do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}={value} cannot be used: {why}")]
pub struct ConfigError {
    pub name: &'static str,
    pub value: String,
    pub why: &'static str,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            database: "sqlite:data/milepost.db".into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            address: "http://localhost:8080".into(),
            council: "Your council".into(),
            key_file: "data/milepost.key".into(),
            workflows: "workflows".into(),
            security_contact: None,
            demonstration: false,
            log_as_json: false,
            connections_most: 1_000,
            patience: Patience::default(),
        }
    }
}

impl Config {
    /// The settings of the environment: `MILEPOST_DATABASE`, `MILEPOST_LISTEN`, `MILEPOST_ADDRESS`, `MILEPOST_COUNCIL`,
    /// `MILEPOST_KEY_FILE`, `MILEPOST_WORKFLOWS`, `MILEPOST_SECURITY_CONTACT`, `MILEPOST_LOG` (`text` or `json`).
    ///
    /// # Errors
    /// When a setting is there and cannot be used.
    pub fn from_environment() -> Result<Config, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let read = |name: &'static str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Config::from_settings(read)
    }

    fn from_settings(read: impl Fn(&'static str) -> Option<String>) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        if let Some(database) = read("MILEPOST_DATABASE") {
            config.database = database;
        }
        if let Some(listen) = read("MILEPOST_LISTEN") {
            let why = "write an address and a port, such as 127.0.0.1:8080";
            config.listen = listen.parse().map_err(|_| ConfigError { name: "MILEPOST_LISTEN", value: listen, why })?;
            config.address = format!("http://localhost:{}", config.listen.port());
        }
        if let Some(address) = read("MILEPOST_ADDRESS") {
            if !address.starts_with("http://") && !address.starts_with("https://") {
                let why = "write the whole address people type, such as https://send.example.gov.uk";
                return Err(ConfigError { name: "MILEPOST_ADDRESS", value: address, why });
            }
            config.address = address.trim_end_matches('/').to_owned();
        }
        if let Some(council) = read("MILEPOST_COUNCIL") {
            config.council = council;
        }
        if let Some(path) = read("MILEPOST_KEY_FILE") {
            config.key_file = path.into();
        }
        if let Some(path) = read("MILEPOST_WORKFLOWS") {
            config.workflows = path.into();
        }
        if let Some(contact) = read("MILEPOST_SECURITY_CONTACT") {
            let is_address = contact.starts_with("mailto:") || contact.starts_with("https://");
            if !is_address || contact.contains(char::is_whitespace) {
                let why = "write where weaknesses are reported to, such as mailto:security@example.gov.uk";
                return Err(ConfigError { name: "MILEPOST_SECURITY_CONTACT", value: contact, why });
            }
            config.security_contact = Some(contact);
        }
        config.log_as_json = read("MILEPOST_LOG").as_deref() == Some("json");
        Ok(config)
    }

    /// The host names that requests may be addressed to.
    pub fn hosts(&self) -> Vec<String> {
        let host = self.address.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
        let port = self.listen.port();
        vec![host.to_owned(), format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}")]
    }
}

/// Whether the person wants colour where a terminal can show it (<https://no-color.org>).
pub fn may_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_settings(|name| settings.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_setting_that_cannot_be_used_is_named_with_what_would_do() {
        let error = config(&[("MILEPOST_LISTEN", "8080")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "MILEPOST_LISTEN=8080 cannot be used: write an address and a port, such as 127.0.0.1:8080"
        );
    }

    #[test]
    fn a_contact_is_an_address_that_a_browser_understands() {
        assert!(config(&[("MILEPOST_SECURITY_CONTACT", "ring the bell")]).is_err());
        let config = config(&[("MILEPOST_SECURITY_CONTACT", "mailto:security@example.gov.uk")]).expect("good settings");
        assert_eq!(config.security_contact.as_deref(), Some("mailto:security@example.gov.uk"));
    }

    #[test]
    fn requests_may_name_the_configured_address_and_this_machine() {
        let config = config(&[("MILEPOST_ADDRESS", "https://send.example.gov.uk/")]).expect("good settings");
        assert!(config.hosts().contains(&"send.example.gov.uk".to_owned()));
        assert_eq!(config.address, "https://send.example.gov.uk");
    }
}
