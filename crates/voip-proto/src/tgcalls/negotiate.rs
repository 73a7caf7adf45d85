//! Which family and version a call is made in.
//!
//! Both sides tell the server what they can; the server puts the best common version first into the protocol of the call it
//! returns. Everybody uses that first one, so nobody may choose another.

use std::fmt;

use super::Version;

/// Version of the libtgvoip family; also what an empty answer means.
pub const LIBTGVOIP: &str = "2.4.4";
/// What is offered unless told otherwise, best first. 12.0.0 is understood, but not to be handed out.
pub const DEFAULT_VERSIONS: [&str; 4] = ["13.0.0", "9.0.0", "8.0.0", LIBTGVOIP];
/// Lowest layer of `phoneCallProtocol`.
pub const MIN_LAYER: i32 = 65;
/// Highest layer of `phoneCallProtocol`.
pub const MAX_LAYER: i32 = 92;

/// What carries a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// The modern family under this version.
    Tgcalls(Version),
    /// The first family, [`crate::Call`].
    Libtgvoip,
}

impl Family {
    /// The family that a version string means, if this crate speaks it.
    pub fn of(version: &str) -> Option<Self> {
        if version == LIBTGVOIP { Some(Self::Libtgvoip) } else { version.parse().ok().map(Self::Tgcalls) }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tgcalls(version) => write!(f, "tgcalls {version}"),
            Self::Libtgvoip => write!(f, "libtgvoip {LIBTGVOIP}"),
        }
    }
}

/// The versions one side offers, best first; each of them known to this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    versions: Vec<String>,
}

/// Why a list of versions cannot be offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferError {
    /// There is nothing to offer.
    #[error("no version to offer; the default is {}", DEFAULT_VERSIONS.join(", "))]
    Empty,
    /// This crate does not speak it.
    #[error("version {0:?} is not known; known are 7.0.0, 8.0.0, 9.0.0, 12.0.0, 13.0.0 and {LIBTGVOIP}")]
    Unknown(String),
    /// It is there twice.
    #[error("version {0} is listed twice")]
    Twice(String),
}

/// The sides have no version in common. The call must end at once, by this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no common version of calls: we speak {}, the other side {}", Listed(ours), Listed(theirs))]
pub struct VersionsDoNotMeet {
    /// What we offered.
    pub ours: Vec<String>,
    /// What the server returned, at most 16 of at most 32 characters.
    pub theirs: Vec<String>,
}

struct Listed<'a>(&'a [String]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing it names");
        }
        for (i, version) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{}", version.escape_debug())?;
        }
        Ok(())
    }
}

impl Default for Offer {
    fn default() -> Self {
        Self { versions: DEFAULT_VERSIONS.map(str::to_owned).into() }
    }
}

impl Offer {
    /// An offer of these versions, best first.
    ///
    /// # Errors
    /// When the list is empty, names a version this crate does not speak, or names one twice.
    pub fn new(versions: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, OfferError> {
        let versions: Vec<String> = versions.into_iter().map(Into::into).collect();
        for (i, version) in versions.iter().enumerate() {
            if Family::of(version).is_none() {
                return Err(OfferError::Unknown(version.clone()));
            }
            if versions[..i].contains(version) {
                return Err(OfferError::Twice(version.clone()));
            }
        }
        if versions.is_empty() { Err(OfferError::Empty) } else { Ok(Self { versions }) }
    }

    /// For `library_versions`.
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// The family of a call whose final protocol has these `library_versions`: that of the first, [`LIBTGVOIP`] when there
    /// is none.
    ///
    /// # Errors
    /// When it is not among those offered: the other side will use it all the same, so no later one may be taken.
    pub fn choose<S: AsRef<str>>(&self, returned: &[S]) -> Result<Family, VersionsDoNotMeet> {
        let first = returned.first().map_or(LIBTGVOIP, AsRef::as_ref);
        let offered = self.versions.iter().any(|version| version == first);
        Family::of(first).filter(|_| offered).ok_or_else(|| VersionsDoNotMeet {
            ours: self.versions.clone(),
            theirs: returned
                .iter()
                .take(16)
                .map(|version| version.as_ref().chars().take(32).collect())
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_offer_is_best_first_and_all_of_it_is_spoken() {
        assert_eq!(Offer::default().versions(), ["13.0.0", "9.0.0", "8.0.0", "2.4.4"]);
        assert_eq!(Offer::new(DEFAULT_VERSIONS), Ok(Offer::default()));
        assert_eq!((MIN_LAYER, MAX_LAYER), (65, 92));
    }

    #[test]
    fn the_first_version_returned_decides_and_an_empty_answer_means_the_first_family() {
        let (all, modern) = (Offer::default(), Offer::new(["13.0.0", "12.0.0"]).unwrap());
        let meet = |offer: &Offer, returned: &[&str]| offer.choose(returned).ok();
        assert_eq!(meet(&all, &["13.0.0"]), Some(Family::Tgcalls(Version::V13)));
        assert_eq!(meet(&all, &["9.0.0", "13.0.0"]), Some(Family::Tgcalls(Version::V9)));
        assert_eq!(meet(&all, &["8.0.0"]), Some(Family::Tgcalls(Version::V8)));
        assert_eq!(meet(&all, &["2.4.4"]), Some(Family::Libtgvoip));
        assert_eq!(meet(&all, &[]), Some(Family::Libtgvoip));
        assert_eq!(meet(&modern, &["12.0.0"]), Some(Family::Tgcalls(Version::V12)));
        let apart: [(&Offer, &[&str]); 6] = [
            (&all, &["14.0.0"]),
            (&all, &["14.0.0", "13.0.0"]),
            (&all, &["12.0.0"]),
            (&all, &["garbage"]),
            (&modern, &["2.4.4"]),
            (&modern, &[]),
        ];
        for (offer, returned) in apart {
            assert_eq!(meet(offer, returned), None, "{returned:?}");
        }
    }

    #[test]
    fn when_nothing_is_common_both_lists_are_named_and_theirs_is_tamed() {
        let error = Offer::default().choose(&["14.0.0", "18.0.0"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no common version of calls: we speak 13.0.0, 9.0.0, 8.0.0, 2.4.4, the other side 14.0.0, 18.0.0"
        );
        let error = Offer::new(["13.0.0"]).unwrap().choose::<&str>(&[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no common version of calls: we speak 13.0.0, the other side nothing it names"
        );
        let hostile = vec!["\u{1b}[31m\n".to_owned() + &"x".repeat(1000); 1000];
        let error = Offer::default().choose(&hostile).unwrap_err();
        assert_eq!((error.theirs.len(), error.theirs[0].len()), (16, 32));
        assert!(!error.to_string().contains(['\u{1b}', '\n']));
    }

    #[test]
    fn an_offer_that_cannot_be_kept_is_refused_with_the_reason() {
        assert_eq!(Offer::new(Vec::<String>::new()), Err(OfferError::Empty));
        assert_eq!(Offer::new(["13.0.0", "14.0.0"]), Err(OfferError::Unknown("14.0.0".into())));
        assert_eq!(Offer::new(["9.0.0", "9.0.0"]), Err(OfferError::Twice("9.0.0".into())));
    }
}
