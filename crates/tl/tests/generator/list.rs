//! What is generated.

use std::collections::BTreeSet;

/// The list of `schema/static.txt`.
#[derive(Default)]
pub(crate) struct List {
    all: bool,
    types: BTreeSet<String>,
    constructors: BTreeSet<String>,
    functions: BTreeSet<String>,
}

impl List {
    pub(crate) fn parse(text: &str) -> Self {
        let mut list = Self::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (kind, name) = line.split_once(' ').expect("a kind and a name");
            let names = match kind {
                "type" => &mut list.types,
                "constructor" => &mut list.constructors,
                "function" => &mut list.functions,
                other => panic!("{other} is no kind"),
            };
            assert!(names.insert(name.to_owned()), "{name} is listed twice");
        }
        list
    }

    /// All there is.
    pub(crate) fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    pub(crate) fn takes_function(&self, name: &str) -> bool {
        self.all || takes(&self.functions, name)
    }

    pub(crate) fn takes_constructor(&self, name: &str, ty: &str) -> bool {
        self.all || takes(&self.types, ty) || takes(&self.constructors, name)
    }

    /// Every name that was written out in full.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let sets =
            [("type", &self.types), ("constructor", &self.constructors), ("function", &self.functions)];
        let named =
            sets.into_iter().flat_map(|(kind, set)| set.iter().map(move |name| (kind, name.as_str())));
        named.filter(|(_, name)| !name.ends_with('*'))
    }
}

fn takes(set: &BTreeSet<String>, name: &str) -> bool {
    set.contains(name) || name.split_once('.').is_some_and(|(space, _)| set.contains(&format!("{space}.*")))
}
