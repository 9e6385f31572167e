//! What people are shown of where they signed in: a network address, and their browser in words.

/// Where a request came from. What the browser says of itself is not believed for anything; it is shown to its owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// Empty when it is not known.
    pub address: String,
    pub agent: String,
}

impl Device {
    /// `said` is what the browser says of itself, in the header `user-agent`: kept as a few words, never as it came.
    pub fn new(address: Option<std::net::IpAddr>, said: &str) -> Device {
        Device { address: address.map(|address| address.to_string()).unwrap_or_default(), agent: in_words(said) }
    }
}

fn in_words(said: &str) -> String {
    // Browsers name their ancestors too: the first that fits is the one.
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("SamsungBrowser", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("CrOS", "a Chromebook"),
        ("Windows", "Windows"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
    ];
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name);
    match (first(&BROWSERS), first(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => "A browser we do not know".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_in_a_few_words() {
        for (said, words) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0",
                "Edge on Windows",
            ),
            ("<script>alert(1)</script>", "A browser we do not know"),
        ] {
            assert_eq!(Device::new(None, said).agent, words);
        }
    }
}
