//! Who may do what to which child: pure rules, asked before every handler runs.
//!
//! A route names the [`Action`] it needs, and the gate asks [`may`]. Where the action is about one child, the handler also
//! gives the [`Relation`] of the person to that child and asks [`may_about_child`]; the answer to "no" is always "not
//! found".

mod role;

pub use role::Role;

/// What can be done, in the grain that permission is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// See the register, the work tray and every involvement of the authority.
    SeeCases,
    /// Open involvements and move them; the definition says which role may fire which transition.
    MoveCases,
    /// See timelines, their drawings and their findings.
    SeeTimelines,
    /// See figures about the authority's work, which name nobody.
    SeeFigures,
    /// Move running involvements from one version of a timeline to another.
    MoveVersions,
    /// Follow the progress of one's own children.
    FollowChildren,
    /// See and change one's own account.
    KeepOwnAccount,
}

impl Action {
    pub const ALL: &[Action] = &[
        Action::SeeCases,
        Action::MoveCases,
        Action::SeeTimelines,
        Action::SeeFigures,
        Action::MoveVersions,
        Action::FollowChildren,
        Action::KeepOwnAccount,
    ];
}

/// What somebody is to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The authority shares this child's information with them.
    Shared,
    None,
}

/// Whether somebody with these roles may do this at all.
pub fn may(roles: &[Role], action: Action) -> bool {
    roles.iter().any(|role| match action {
        Action::SeeCases | Action::MoveCases => matches!(role, Role::Caseworker | Role::SendManager),
        Action::SeeTimelines => role.is_staff(),
        Action::SeeFigures => matches!(role, Role::Caseworker | Role::SendManager | Role::Analyst),
        Action::MoveVersions => *role == Role::SendManager,
        Action::FollowChildren => matches!(role, Role::Parent | Role::YoungPerson),
        // Whoever has a role at all.
        Action::KeepOwnAccount => true,
    })
}

/// Whether somebody with these roles may do this to a child they are so related to.
pub fn may_about_child(roles: &[Role], action: Action, relation: Relation) -> bool {
    may(roles, action) && (action != Action::FollowChildren || relation == Relation::Shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_follow_only_children_that_are_shared_with_them() {
        assert!(may_about_child(&[Role::Parent], Action::FollowChildren, Relation::Shared));
        assert!(!may_about_child(&[Role::Parent], Action::FollowChildren, Relation::None));
        assert!(!may_about_child(&[Role::Parent], Action::SeeCases, Relation::Shared));
    }

    #[test]
    fn staff_who_do_not_work_on_cases_see_timelines_and_no_child() {
        for role in [Role::Analyst, Role::PortalAdministrator] {
            assert!(may(&[role], Action::SeeTimelines));
            assert!(!may(&[role], Action::SeeCases));
            assert!(!may(&[role], Action::FollowChildren));
        }
    }

    #[test]
    fn nobody_may_do_anything_without_a_role() {
        assert!(Action::ALL.iter().all(|action| !may(&[], *action)));
    }
}
