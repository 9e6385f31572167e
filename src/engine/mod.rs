//! The pure engine: command -> events -> effects.
