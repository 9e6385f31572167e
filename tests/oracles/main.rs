//! The checker and the engine beside judges that nobody here wrote.

mod scion;
mod support;
mod walk;
mod woflan;
