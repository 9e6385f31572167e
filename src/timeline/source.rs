//! Where things stand in a RON file: a small tree of spans, so that findings can point. What the file means is said by
//! `ron` and serde alone.

/// A file's text with the positions of everything in it.
#[derive(Debug, Clone)]
pub struct Source {
    pub file: String,
    pub text: String,
    root: Option<Node>,
    line_starts: Vec<usize>,
}

/// Bytes of the text, from and until.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    pub from: usize,
    pub until: usize,
}

/// A value and what is inside it.
#[derive(Debug, Clone)]
struct Node {
    span: Span,
    /// Named fields of a struct, in order.
    fields: Vec<(String, Node)>,
    /// Items of a list or tuple, in order.
    items: Vec<Node>,
}

impl Node {
    fn leaf(span: Span) -> Node {
        Node { span, fields: Vec::new(), items: Vec::new() }
    }
}

/// One step of the way to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

impl Source {
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let root = Reader::new(&text).document();
        Source { file: file.into(), text, root, line_starts }
    }

    /// The span of a value, or of the nearest thing around it that can be found.
    pub fn span(&self, path: &[Step<'_>]) -> Span {
        let Some(mut node) = self.root.as_ref() else { return Span::default() };
        for step in path {
            let next = match step {
                Step::Field(name) => node.fields.iter().find(|(held, _)| held == name).map(|(_, node)| node),
                Step::Item(at) => node.items.get(*at),
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node.span
    }

    /// The smallest item of a list that holds a position, if any: what can be left out to read on.
    pub fn item_around(&self, at: usize) -> Option<Span> {
        fn look(node: &Node, at: usize, found: &mut Option<Span>) {
            let holds = |node: &Node| node.span.from <= at && at <= node.span.until;
            for item in node.items.iter().filter(|item| holds(item)) {
                if !item.fields.is_empty() {
                    *found = Some(item.span);
                }
                look(item, at, found);
            }
            for (_, field) in node.fields.iter().filter(|(_, field)| holds(field)) {
                look(field, at, found);
            }
        }
        let mut found = None;
        look(self.root.as_ref()?, at, &mut found);
        found
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn line_and_column(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= at).max(1);
        let start = self.line_starts[line - 1];
        let column = self.text.get(start..at).map_or(at - start, |text| text.chars().count()) + 1;
        (line, column)
    }

    /// The byte at a line and column as `ron` counts them, both from 1.
    pub fn byte_at(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.line_starts.get(line.saturating_sub(1)) else { return self.text.len() };
        let rest = &self.text[*start..];
        start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }

    /// A line's text, counted from 1.
    pub fn line(&self, line: usize) -> &str {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        let text = self.text.get(start..end).unwrap_or_default();
        text.strip_suffix('\r').unwrap_or(text)
    }
}

/// Reads just enough of RON to know where things are. Anything it cannot make sense of ends the tree there.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Deeper than any definition, and shallow enough for every stack.
const DEPTH_MOST: usize = 200;

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    fn document(mut self) -> Option<Node> {
        self.skip();
        while self.rest().starts_with("#!") {
            self.at += self.rest().find(']').map_or(self.rest().len(), |end| end + 1);
            self.skip();
        }
        self.value(0)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over white space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                self.block_comment();
            } else {
                return;
            }
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                match rest.chars().next() {
                    Some(c) => self.at += c.len_utf8(),
                    None => return,
                }
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > DEPTH_MOST {
            return None;
        }
        self.skip();
        let from = self.at;
        match self.peek()? {
            '[' => self.inside(from, ']', depth),
            '(' => self.inside(from, ')', depth),
            '{' => self.inside(from, '}', depth),
            '"' => {
                self.string();
                Some(Node::leaf(Span { from, until: self.at }))
            }
            '\'' => {
                self.at += 1;
                let mut escaped = false;
                while let Some(c) = self.peek() {
                    self.at += c.len_utf8();
                    if c == '\'' && !escaped {
                        break;
                    }
                    escaped = c == '\\' && !escaped;
                }
                Some(Node::leaf(Span { from, until: self.at }))
            }
            'r' if self.raw_string() => Some(Node::leaf(Span { from, until: self.at })),
            _ => {
                let word = self.word();
                if word == 0 {
                    return None;
                }
                let name_until = self.at;
                self.skip();
                if self.peek() == Some('(')
                    && self.text[from..name_until].starts_with(|c: char| c.is_alphabetic() || c == '_')
                {
                    self.inside(from, ')', depth)
                } else {
                    self.at = name_until;
                    Some(Node::leaf(Span { from, until: name_until }))
                }
            }
        }
    }

    /// A name, a number or the like; its length.
    fn word(&mut self) -> usize {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_+-.#".contains(c))).unwrap_or(rest.len());
        self.at += end;
        end
    }

    fn string(&mut self) {
        self.at += 1;
        let mut escaped = false;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                '"' if !escaped => return,
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
    }

    fn raw_string(&mut self) -> bool {
        let rest = self.rest();
        let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
        if !rest[1 + hashes..].starts_with('"') {
            return false;
        }
        let end = format!("\"{}", "#".repeat(hashes));
        let body = &rest[hashes + 2..];
        self.at += hashes + 2 + body.find(&end).map_or(body.len(), |at| at + end.len());
        true
    }

    /// What stands between brackets: `name: value`, or just values.
    fn inside(&mut self, from: usize, close: char, depth: usize) -> Option<Node> {
        self.at += 1;
        let mut node = Node::leaf(Span { from, until: self.at });
        loop {
            self.skip();
            match self.peek() {
                None => break,
                Some(c) if c == close => {
                    self.at += c.len_utf8();
                    break;
                }
                Some(',') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let start = self.at;
            let name_length = self.word();
            let name_until = self.at;
            self.skip();
            if name_length > 0 && self.peek() == Some(':') {
                self.at += 1;
                let name = self.text[start..name_until].to_owned();
                node.fields.push((name, self.value(depth + 1)?));
            } else {
                self.at = start;
                let item = self.value(depth + 1)?;
                self.skip();
                if self.peek() == Some(':') {
                    // A map's key: what counts is its value.
                    self.at += 1;
                    node.items.push(self.value(depth + 1)?);
                } else {
                    node.items.push(item);
                }
            }
        }
        node.span.until = self.at;
        Some(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "// first\n#![enable(implicit_some)]\nTimeline(id: \"x\", /* a /* b */ */ states: [\n  State(id: \"é\", label: r#\"a \"b\"\"#),\n  State(id: \"two\"),\n])";

    #[test]
    fn a_path_leads_to_the_value_and_its_line_and_column() {
        let source = Source::new("a.ron", TEXT);
        let span = source.span(&[Step::Field("states"), Step::Item(1), Step::Field("id")]);
        assert_eq!(&source.text[span.from..span.until], "\"two\"");
        assert_eq!(source.line_and_column(span.from), (5, 13));
    }

    #[test]
    fn columns_count_characters_and_not_bytes() {
        let source = Source::new("a.ron", TEXT);
        let span = source.span(&[Step::Field("states"), Step::Item(0), Step::Field("label")]);
        assert_eq!(source.line_and_column(span.from), (4, 25));
    }

    #[test]
    fn the_item_around_a_position_is_the_smallest_struct_in_a_list() {
        let source = Source::new("a.ron", TEXT);
        let at = TEXT.find("\"two\"").expect("there");
        let item = source.item_around(at).expect("inside a list");
        assert_eq!(&TEXT[item.from..item.until], "State(id: \"two\")");
    }

    #[test]
    fn text_that_is_no_ron_at_all_is_read_without_harm() {
        for text in ["", "(", "[[[[", "\"", "/*", "r#\"", "'", "a(b:", "\u{0}", ")(", ","] {
            let source = Source::new("a.ron", text);
            source.span(&[Step::Field("x"), Step::Item(3)]);
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Source::new("a.ron", deep).span(&[]), Span::default());
    }
}
