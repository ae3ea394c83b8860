//! A second reading of JSON, which shares no code with the library: RFC 8259 to the letter, each name once in an object.

pub enum Json {
    Null,
    Boolean(bool),
    /// As it is written.
    Number(String),
    Text(String),
    Array,
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn field(&self, name: &str) -> Option<&Json> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|field| field.0 == name).map(|field| &field.1)
    }

    /// A number without fraction and exponent.
    #[allow(dead_code, reason = "each target uses a part of it")]
    pub fn integer(&self) -> Option<i64> {
        let Self::Number(number) = self else { return None };
        // Which is a number with a fraction to some.
        if number == "-0" { None } else { number.parse().ok() }
    }

    pub fn text(&self) -> Option<&str> {
        let Self::Text(text) = self else { return None };
        Some(text)
    }
}

/// The value, if the bytes are JSON on which no two readers can differ.
pub fn read(bytes: &[u8]) -> Option<Json> {
    let mut reader = Reader { rest: std::str::from_utf8(bytes).ok()? };
    let value = reader.value(DEEPEST)?;
    reader.rest.trim_start_matches(WHITE).is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Option<Json> {
        self.rest = self.rest.trim_start_matches(WHITE);
        for (word, value) in [("null", Json::Null), ("true", Json::Boolean(true)), ("false", Json::Boolean(false))] {
            if self.take(word) {
                return Some(value);
            }
        }
        if self.take("\"") {
            return self.text().map(Json::Text);
        }
        if self.take("[") {
            let depth = depth.checked_sub(1)?;
            self.items("]", |reader| reader.value(depth))?;
            return Some(Json::Array);
        }
        if self.take("{") {
            let depth = depth.checked_sub(1)?;
            let fields = self.items("}", |reader| {
                let name = reader.after_white("\"").then(|| reader.text())??;
                reader.after_white(":").then_some(())?;
                Some((name, reader.value(depth)?))
            })?;
            let is_twice =
                |(i, (name, _)): (usize, &(String, Json))| fields[..i].iter().any(|(other, _)| other == name);
            // A JSON library may read another value in place of such an object.
            let is_private = |(name, _): &(String, Json)| name.starts_with("$serde_json::private::");
            let is_clear = !fields.iter().any(is_private) && !fields.iter().enumerate().any(is_twice);
            return is_clear.then_some(Json::Object(fields));
        }
        self.number()
    }

    /// What stands between commas, up to the bracket.
    fn items<T>(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        if self.after_white(end) {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.after_white(end) {
                return Some(items);
            }
            self.after_white(",").then_some(())?;
        }
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return Some(text),
                '\\' => text.push(match self.next()? {
                    c @ ('"' | '\\' | '/') => c,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => match self.unit()? {
                        high @ 0xd800..0xdc00 => {
                            self.take("\\u").then_some(())?;
                            let low = self.unit().filter(|low| (0xdc00..0xe000).contains(low))?;
                            char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?
                        }
                        unit => char::from_u32(unit)?,
                    },
                    _ => return None,
                }),
                '\0'..' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + self.next()?.to_digit(16)?))
    }

    fn number(&mut self) -> Option<Json> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && !"+-.eE".contains(c)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        let unsigned = number.strip_prefix('-').unwrap_or(number);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && digits(fraction)
            && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        // Beyond the range of a double, some readers see infinity.
        (is_number && number.parse::<f64>().ok()?.is_finite()).then(|| Json::Number(number.to_owned()))
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn after_white(&mut self, word: &str) -> bool {
        self.rest = self.rest.trim_start_matches(WHITE);
        self.take(word)
    }
}

const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];
/// How many brackets the library opens inside each other.
const DEEPEST: u32 = 127;
