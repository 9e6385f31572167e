//! Timeline definitions: parse, check, draw.
