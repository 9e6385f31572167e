//! The parts people play. An account has one or more.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    Caseworker,
    SendManager,
    Analyst,
    PortalAdministrator,
    Parent,
    YoungPerson,
    Professional,
}

impl Role {
    pub const ALL: [Role; 7] = [
        Role::Caseworker,
        Role::SendManager,
        Role::Analyst,
        Role::PortalAdministrator,
        Role::Parent,
        Role::YoungPerson,
        Role::Professional,
    ];

    /// As staff and families call it.
    pub fn label(self) -> &'static str {
        match self {
            Role::Caseworker => "caseworker",
            Role::SendManager => "SEND manager",
            Role::Analyst => "analyst",
            Role::PortalAdministrator => "portal administrator",
            Role::Parent => "parent or carer",
            Role::YoungPerson => "young person",
            Role::Professional => "professional",
        }
    }

    /// As it is stored: the name that `serde` gives it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Caseworker => "Caseworker",
            Role::SendManager => "SendManager",
            Role::Analyst => "Analyst",
            Role::PortalAdministrator => "PortalAdministrator",
            Role::Parent => "Parent",
            Role::YoungPerson => "YoungPerson",
            Role::Professional => "Professional",
        }
    }

    /// Works for the authority.
    pub fn is_staff(self) -> bool {
        matches!(self, Role::Caseworker | Role::SendManager | Role::Analyst | Role::PortalAdministrator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_stored_under_the_name_that_serde_gives_it() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
    }
}
