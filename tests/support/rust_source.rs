//! Reads the project's own source far enough for rules about it: code, comments and strings told apart.

use std::path::{Path, PathBuf};

/// A source file, without its tests.
pub struct RustSource {
    /// From the package's root: `src/engine/decide.rs`.
    pub path: String,
    /// As written.
    pub text: String,
    /// Comments and the insides of strings replaced by spaces; lines stay where they are.
    pub code: String,
    /// The insides of string literals, with the line each begins on.
    pub strings: Vec<(usize, String)>,
}

impl RustSource {
    /// Lines of code that hold a word, as `path:line: text`.
    pub fn lines_with(&self, word: &str) -> Vec<String> {
        let holds = |line: &str| line.match_indices(word).any(|(at, _)| stands_alone(line, at, word));
        let lines = self.code.lines().enumerate().filter(|(_, line)| holds(line));
        lines.map(|(at, line)| format!("{}:{}: {}", self.path, at + 1, line.trim())).collect()
    }

    /// The modules of this crate that it names: `engine` of `crate::engine::Actor`.
    pub fn modules_named(&self) -> Vec<String> {
        let after = self.code.match_indices("crate::").map(|(at, found)| &self.code[at + found.len()..]);
        after.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
    }
}

/// Not part of a longer name: `env::var` is not meant by `env::vars`, nor `rand` by `operand`.
fn stands_alone(line: &str, at: usize, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let before = line[..at].chars().next_back();
    let after = line[at + word.len()..].chars().next();
    let open_start = !word.starts_with(is_name) || !before.is_some_and(is_name);
    let open_end = !word.ends_with(is_name) || !after.is_some_and(is_name);
    open_start && open_end
}

/// Every file below `src`, by path.
pub fn all() -> Vec<RustSource> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    gather(&root.join("src"), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a source file can be read");
        let path = path.strip_prefix(root).expect("it lies below the root").display().to_string();
        read(path, text)
    };
    paths.iter().map(read).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a source folder can be read") {
        let path = entry.expect("a source folder can be read").path();
        if path.is_dir() {
            gather(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn read(path: String, text: String) -> RustSource {
    // Unit tests stand last in a file, or in one of their own.
    let is_tests = path.ends_with("/tests.rs");
    let untested = if is_tests { "" } else { text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default() };
    let (code, strings) = separate(untested);
    RustSource { path, text, code, strings }
}

/// Code with everything else blanked, and the strings.
fn separate(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (taken, string) = piece(rest);
        let Some(length) = taken else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        if let Some(inside) = string {
            let line = code.lines().count().max(1);
            strings.push((line, inside.to_owned()));
        }
        code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[length..];
    }
    (code, strings)
}

/// The length of the comment or literal that the text begins with, and what a string holds.
fn piece(text: &str) -> (Option<usize>, Option<&str>) {
    if text.starts_with("//") {
        return (Some(text.find('\n').unwrap_or(text.len())), None);
    }
    if text.starts_with("/*") {
        return (Some(text.find("*/").map_or(text.len(), |at| at + 2)), None);
    }
    if let Some(hashes) = text.strip_prefix('r').filter(|rest| rest.starts_with(['"', '#'])) {
        let fence = hashes.len() - hashes.trim_start_matches('#').len();
        if hashes[fence..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(fence));
            let inside = &hashes[fence + 1..];
            let length = inside.find(&end).unwrap_or(inside.len());
            return (Some((1 + fence + 1 + length + end.len()).min(text.len())), Some(&inside[..length]));
        }
    }
    if let Some(inside) = text.strip_prefix('"') {
        let length = unescaped(inside, '"');
        return (Some((length + 2).min(text.len())), Some(&inside[..length]));
    }
    // A character, not a lifetime: a quote one character (or an escape) further on.
    if let Some(inside) = text.strip_prefix('\'') {
        let first = inside.chars().next();
        let length = match first {
            Some('\\') => unescaped(inside, '\''),
            Some(c) if inside[c.len_utf8()..].starts_with('\'') => c.len_utf8(),
            _ => return (None, None),
        };
        return (Some((length + 2).min(text.len())), None);
    }
    (None, None)
}

/// Up to the closing quote that no backslash stands before.
fn unescaped(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}

#[test]
fn comments_strings_and_characters_are_told_from_code() {
    let text = "let a = \"x // \\\" y\"; // env::var\nlet b = 'q'; let c: &'static str = r#\"sel\"ect\"#; b('\\'')";
    let (code, strings) = separate(text);
    assert!(!code.contains("env") && !code.contains('x') && !code.contains('q'), "{code}");
    assert!(code.contains("&'static str"), "{code}");
    assert_eq!(strings, [(1, "x // \\\" y".into()), (2, "sel\"ect".into())]);
}
