//! What everybody sees and changes of their own account, whatever their role.

pub(super) mod codes;
pub(super) mod contact;
pub(super) mod kept;
pub(super) mod leave;
pub(super) mod overview;
pub(super) mod password;
pub(super) mod prove;
pub(super) mod renew;
pub(super) mod set_up;
pub(super) mod sign_ins;
