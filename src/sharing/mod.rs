//! Which portal user may see which child.
