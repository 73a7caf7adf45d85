//! Schema text to definitions.
//!
//! The grammar is the part of TL that the public schemas use: `name#id {X:Type} field:type … = Type;`, one or
//! more definitions a line, `//` comments, and the marks `---types---` and `---functions---`. Names are
//! slices of the text: a schema is parsed without a copy.

use crate::definition::{Definition, Flag, Kind, Parameter, Type};

/// Why a schema text was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The text between two semicolons is no definition.
    #[error("definition {text:?}: {why}")]
    Syntax {
        /// The start of the offending text.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Two definitions share a name or an id.
    #[error("{name} is defined twice")]
    Duplicate {
        /// The name of the second one.
        name: String,
    },
}

/// How many words of flags one definition may have. Telegram's use at most two.
pub(crate) const FLAG_WORDS: usize = 4;

/// Takes a whole text apart.
pub(crate) fn definitions(text: &'static str) -> Result<Vec<Definition>, SchemaError> {
    let mut found = Vec::new();
    let mut kind = Kind::Constructor;
    for line in text.lines() {
        let code = line.split("//").next().unwrap_or_default().trim();
        if let Some(switched) = mark(code) {
            kind = switched;
            continue;
        }
        for piece in code.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
            found.push(definition(piece, kind)?);
        }
    }
    Ok(found)
}

/// The kind of what follows, if the line is a mark.
pub(crate) fn mark(line: &str) -> Option<Kind> {
    match line {
        "---functions---" => Some(Kind::Function),
        "---types---" => Some(Kind::Constructor),
        _ => None,
    }
}

/// Takes one definition apart. `text` has no comment and no semicolon.
pub(crate) fn definition(text: &'static str, kind: Kind) -> Result<Definition, SchemaError> {
    let wrong = |why| SchemaError::Syntax { text: text.chars().take(80).collect(), why };
    let (left, result) = text.split_once('=').ok_or(wrong("no result type"))?;
    let mut words = left.split_ascii_whitespace();
    let head = words.next().ok_or(wrong("no name"))?;
    let (name, id) = match head.split_once('#') {
        Some((name, id)) => {
            (name, u32::from_str_radix(id, 16).map_err(|_| wrong("the constructor id is not hexadecimal"))?)
        }
        None => (head, computed_id(text)),
    };
    if name.is_empty() {
        return Err(wrong("no name"));
    }
    let mut flag_words: Vec<&str> = Vec::new();
    let mut params = Vec::new();
    for word in words.filter(|word| !word.starts_with('{')) {
        let (name, ty) = word.split_once(':').ok_or(wrong("a field without a type"))?;
        let (flag, ty) = match ty.split_once('?') {
            Some((flag, ty)) => (Some(parse_flag(flag, &flag_words).ok_or(wrong("an unknown flag"))?), ty),
            None => (None, ty),
        };
        let ty = parse_type(ty).ok_or(wrong("a type that cannot be read"))?;
        if ty == Type::Flags {
            flag_words.push(name);
            if flag_words.len() > FLAG_WORDS {
                return Err(wrong("too many flag words"));
            }
        }
        if let (Type::Object, Some(Parameter { name: "bytes", ty: length @ Type::Int, .. })) =
            (&ty, params.last_mut())
        {
            *length = Type::BodyLength;
        }
        params.push(Parameter { name, ty, flag });
    }
    let result = result.trim();
    if result.is_empty() {
        return Err(wrong("no result type"));
    }
    Ok(Definition { id, name, params, result, kind })
}

fn parse_flag(text: &str, words: &[&str]) -> Option<Flag> {
    let (name, bit) = text.split_once('.')?;
    let word = words.iter().position(|word| *word == name)?;
    let bit = bit.parse().ok().filter(|bit| *bit < 32)?;
    Some(Flag { word: u8::try_from(word).ok()?, bit })
}

/// Reads a type expression; a name that starts with a capital is boxed, one that does not is bare.
pub(crate) fn parse_type(text: &'static str) -> Option<Type> {
    let inner = |prefix: &str| text.strip_prefix(prefix)?.strip_suffix('>');
    Some(match text {
        "#" => Type::Flags,
        "int" => Type::Int,
        "long" => Type::Long,
        "double" => Type::Double,
        "int128" => Type::Int128,
        "int256" => Type::Int256,
        "string" => Type::Str,
        "bytes" => Type::Bytes,
        "Bool" => Type::Bool,
        "true" => Type::True,
        "Object" | "X" => Type::Object,
        _ => {
            if let Some(of) = inner("Vector<") {
                return Some(Type::Vector(Box::new(parse_type(of)?)));
            }
            if let Some(of) = inner("vector<") {
                return Some(Type::BareVector(Box::new(parse_type(of)?)));
            }
            if text.starts_with('!') {
                return Some(Type::Query);
            }
            let (name, bare_of) = text.strip_prefix('%').map_or((text, false), |name| (name, true));
            let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            if name.is_empty() || !name.chars().all(legal) {
                return None;
            }
            let last = name.rsplit('.').next()?;
            match (bare_of, last.starts_with(|c: char| c.is_ascii_uppercase())) {
                (true, _) => Type::BareOf(name),
                (false, true) => Type::Boxed(name),
                (false, false) => Type::Bare(name),
            }
        }
    })
}

/// The id of a definition that names none: CRC-32 of its text in the normal form of the TL description
/// (no id, no braces, `true` flags left out, `bytes` written as `string`, `<T>` as ` T`).
pub(crate) fn computed_id(text: &str) -> u32 {
    let is_true_flag = |word: &str| word.ends_with("?true");
    let mut normal = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace().filter(|word| !is_true_flag(word)) {
        let word = if normal.is_empty() { word.split('#').next().unwrap_or(word) } else { word };
        let word = match word.rsplit_once([':', '?']) {
            Some((left, "bytes")) => format!("{}string", &word[..=left.len()]),
            _ => word.to_owned(),
        };
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.extend(word.chars().filter(|c| !"{}>".contains(*c)).map(|c| if c == '<' { ' ' } else { c }));
    }
    !normal.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}
