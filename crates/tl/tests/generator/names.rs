//! Names of the schema as names of Rust.

/// Namespace (or nothing) and last part of a name.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or(("", name))
}

/// `phoneCall`, `p_q_inner_data`, `resPQ` as `PhoneCall`, `PQInnerData`, `ResPQ`.
pub(crate) fn camel(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('_') {
        let mut chars = word.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// The name of a variant: the constructor's without the type's in front.
pub(crate) fn variant(constructor: &str, ty: &str) -> String {
    let whole = camel(split(constructor).1);
    let ty = camel(split(ty).1);
    match whole.strip_prefix(&ty) {
        Some(rest)
            if rest.starts_with(|c: char| c.is_ascii_uppercase()) && !["Self", "Other"].contains(&rest) =>
        {
            rest.to_owned()
        }
        _ => whole,
    }
}

/// A field's name, in lower case; words of Rust get a raw prefix.
pub(crate) fn field(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    if name == "self" {
        // No raw form exists of this one.
        return "is_self".to_owned();
    }
    let words =
        ["type", "final", "static", "virtual", "mod", "ref", "loop", "move", "box", "where", "use", "for"];
    if words.contains(&name.as_str()) { format!("r#{name}") } else { name }
}
