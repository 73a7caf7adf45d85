//! One line of a schema, taken apart.

use std::fmt;

/// Whether a definition makes an object or asks for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A constructor: what answers and fields are made of.
    Constructor,
    /// A function: what a client calls.
    Function,
}

/// A constructor or a function of one schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The id that stands in front of the boxed object.
    pub id: u32,
    /// The full name with its namespace: `phone.requestCall`, `user`.
    pub name: &'static str,
    /// The fields in wire order. Flag words (`flags:#`) are among them.
    pub params: Vec<Parameter>,
    /// The type as the schema writes it: of a constructor the type it belongs to (`User`), of a function
    /// the type of its answer (`Vector<User>`, `Bool`, `X` for a wrapper that answers what its query does).
    pub result: &'static str,
    /// Constructor or function.
    pub kind: Kind,
}

impl Definition {
    /// The parameter of this name, flag words included.
    pub fn param(&self, name: &str) -> Option<&Parameter> {
        self.params.iter().find(|param| param.name == name)
    }

    /// Whether this is a wrapper such as `invokeWithLayer`, which ends in another call.
    pub fn is_wrapper(&self) -> bool {
        self.params.iter().any(|param| param.ty == Type::Query)
    }
}

/// One field of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name of the field.
    pub name: &'static str,
    /// What the field holds.
    pub ty: Type,
    /// Set when the field is there only if a bit of an earlier flag word is.
    pub flag: Option<Flag>,
}

/// The bit that tells whether a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Which flag word of the object, counted from 0 in wire order (`flags`, `flags2`).
    pub word: u8,
    /// The bit in that word, 0 to 31.
    pub bit: u8,
}

/// A type as the wire knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `#`: a word of flags, computed when written.
    Flags,
    /// `int`.
    Int,
    /// An `int` that counts the bytes of the `Object` after it (`message`): computed when written.
    BodyLength,
    /// `long`.
    Long,
    /// `double`.
    Double,
    /// `int128`: 16 raw bytes.
    Int128,
    /// `int256`: 32 raw bytes.
    Int256,
    /// `string`.
    Str,
    /// `bytes`.
    Bytes,
    /// `Bool`: boxed.
    Bool,
    /// `true`: no bytes of its own, told by its flag.
    True,
    /// `Vector<T>`: id, count, elements.
    Vector(Box<Type>),
    /// `vector<T>`: count, elements.
    BareVector(Box<Type>),
    /// A type of several constructors: the id tells which.
    Boxed(&'static str),
    /// One constructor without its id: `future_salt`.
    Bare(&'static str),
    /// The one constructor of a type without its id: `%Message`.
    BareOf(&'static str),
    /// `!X`: any function, boxed, up to the end.
    Query,
    /// `Object`: anything boxed.
    Object,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flags => "#",
            Self::Int | Self::BodyLength => "int",
            Self::Long => "long",
            Self::Double => "double",
            Self::Int128 => "int128",
            Self::Int256 => "int256",
            Self::Str => "string",
            Self::Bytes => "bytes",
            Self::Bool => "Bool",
            Self::True => "true",
            Self::Vector(of) => return write!(f, "Vector<{of}>"),
            Self::BareVector(of) => return write!(f, "vector<{of}>"),
            Self::Boxed(name) | Self::Bare(name) => name,
            Self::BareOf(name) => return write!(f, "%{name}"),
            Self::Query => "!X",
            Self::Object => "Object",
        })
    }
}
