//! An account that can dial and answer.
