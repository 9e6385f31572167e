//! The one door through which an involvement moves.
