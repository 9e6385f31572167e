//! The checker, the engine and the codes of the second step beside judges that nobody here wrote.

mod codes;
mod scion;
mod support;
mod walk;
mod woflan;
