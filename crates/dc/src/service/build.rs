//! Short ways to write and read objects.

use offhook_tl::{Object, Value};

/// An object without fields yet.
pub(crate) fn object(name: &'static str) -> Object {
    Object::new(name)
}

/// A value for a field or an answer.
pub(crate) fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::Vector(items.into_iter().map(Into::into).collect())
}

/// Fields that say yes by being there.
pub(crate) trait Build {
    /// Sets a `true` field when it is on, else leaves it away.
    fn with_flag(self, field: &'static str, on: bool) -> Self;
}

impl Build for Object {
    fn with_flag(self, field: &'static str, on: bool) -> Self {
        if on { self.with(field, true) } else { self }
    }
}
