//! Who can sign in to the demonstration. Their secrets are known to everybody, and exist nowhere else.

use sha2::{Digest, Sha256};

use crate::access::Role;
use crate::accounts::code_at;
use crate::clock::Instant;

/// Everybody's password.
pub const PASSWORD: &str = "northmoor demonstration";

/// Somebody who can sign in.
#[derive(Debug, Clone, Copy)]
pub struct Login {
    pub email: &'static str,
    pub name: &'static str,
    pub role: Role,
}

impl Login {
    /// The seed of the second step, the same in every demonstration.
    pub(super) fn seed(&self) -> [u8; 20] {
        let digest: [u8; 32] = Sha256::digest(format!("milepost demonstration {}", self.email)).into();
        std::array::from_fn(|at| digest[at])
    }

    /// The key to type into an authenticator app.
    pub fn totp_key(&self) -> String {
        crate::accounts::seed_text(&self.seed())
    }
}

pub fn logins() -> [Login; 6] {
    [
        Login { email: "priya@northmoor.example", name: "Priya Nair", role: Role::Caseworker },
        Login { email: "tom@northmoor.example", name: "Tom Ashworth", role: Role::Caseworker },
        Login { email: "miriam@northmoor.example", name: "Miriam Cole", role: Role::SendManager },
        Login { email: "dev@northmoor.example", name: "Dev Sandhu", role: Role::PortalAdministrator },
        Login { email: "grace@family.example", name: "Grace Okafor", role: Role::Parent },
        Login { email: "daniel@family.example", name: "Daniel Whitlock", role: Role::Parent },
    ]
}

/// The code that somebody's authenticator app would show now.
pub fn code_of(email: &str, now: Instant) -> Option<String> {
    let login = logins().into_iter().find(|login| login.email.eq_ignore_ascii_case(email))?;
    code_at(&login.seed(), now)
}
