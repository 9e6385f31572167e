//! Pages for parents, carers and young people.

pub(super) mod children;
pub(super) mod progress;
