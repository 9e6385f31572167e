//! The append-only, hash-chained trail of who did and saw what.
