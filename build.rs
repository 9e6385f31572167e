//! Rebuilds when a migration is added or changed: they are compiled into the binary, and cargo does not see them otherwise.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=assets/dist");
    if !Path::new("assets/dist/app.css").exists() {
        println!("cargo:warning=assets/dist is not there yet, and the pages need it. Make it with: make assets");
    }
}
