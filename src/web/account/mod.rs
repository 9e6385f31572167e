//! What everybody does for their own account, whatever their role.

pub(super) mod codes;
pub(super) mod set_up;
