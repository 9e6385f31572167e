//! The authority's register of children.
