//! Type language: schemas of every layer, static types, and values that go to and from bytes and JSON.
