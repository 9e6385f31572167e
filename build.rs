//! Rebuilds when a migration is added or changed: they are compiled into the binary, and cargo does not see them otherwise.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
