//! What two call programs can speak together.
//!
//! Telegram does not publish its rule. As open servers do: the higher of the minima, the lower of the maxima, and of the
//! library versions both know the one the caller prefers. An empty list stands for the one version that existed before
//! lists did.

use super::CallError;

/// The version meant by an empty list.
const ORIGINAL_VERSION: &str = "2.4.4";
/// Versions looked at in one list; longer lists are cut.
const MOST_VERSIONS: usize = 64;

/// `phoneCallProtocol`: what one side can do, or what both do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Protocol {
    pub udp_p2p: bool,
    pub udp_reflector: bool,
    pub min_layer: i32,
    pub max_layer: i32,
    pub versions: Vec<String>,
}

impl Protocol {
    /// Whether this is what a call of the modern family (tgcalls) agreed on.
    pub(crate) fn is_modern(&self) -> bool {
        self.versions.first().is_some_and(|version| version != ORIGINAL_VERSION)
    }

    /// Refuses what makes no sense on its own.
    pub(crate) fn check(&self) -> Result<(), CallError> {
        if !self.udp_p2p && !self.udp_reflector {
            return Err(CallError::ProtocolFlags);
        }
        if self.min_layer <= 0 || self.min_layer > self.max_layer {
            return Err(CallError::ProtocolLayer);
        }
        Ok(())
    }

    /// What a caller and a callee use together, when each makes sense on its own ([`Protocol::check`]).
    pub(crate) fn merge(caller: &Self, callee: &Self) -> Result<Self, CallError> {
        let min_layer = caller.min_layer.max(callee.min_layer);
        let max_layer = caller.max_layer.min(callee.max_layer);
        if min_layer > max_layer {
            return Err(CallError::ProtocolCompat);
        }
        let known = callee.known();
        let version = caller.known().into_iter().find(|version| known.contains(version));
        let version = version.ok_or(CallError::ProtocolCompat)?;
        let udp_p2p = caller.udp_p2p && callee.udp_p2p;
        let udp_reflector = caller.udp_reflector && callee.udp_reflector;
        if !udp_p2p && !udp_reflector {
            return Err(CallError::ProtocolFlags);
        }
        Ok(Self { udp_p2p, udp_reflector, min_layer, max_layer, versions: vec![version.to_owned()] })
    }

    /// Whether there is a library version that both know.
    pub(crate) fn shares_version(&self, other: &Self) -> bool {
        let known = other.known();
        self.known().iter().any(|version| known.contains(version))
    }

    /// The same with the version that an empty list means.
    pub(crate) fn named(&self) -> Self {
        Self { versions: self.known().into_iter().map(str::to_owned).collect(), ..self.clone() }
    }

    fn known(&self) -> Vec<&str> {
        if self.versions.is_empty() {
            return vec![ORIGINAL_VERSION];
        }
        self.versions.iter().take(MOST_VERSIONS).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protocol(flags: (bool, bool), layers: (i32, i32), versions: &[&str]) -> Protocol {
        Protocol {
            udp_p2p: flags.0,
            udp_reflector: flags.1,
            min_layer: layers.0,
            max_layer: layers.1,
            versions: versions.iter().map(|&version| version.to_owned()).collect(),
        }
    }

    const BOTH: (bool, bool) = (true, true);

    #[test]
    fn layers_and_versions_merge_as_in_this_table() {
        type Side = ((i32, i32), &'static [&'static str]);
        type Merged = Result<((i32, i32), &'static str), CallError>;
        let table: &[(Side, Side, Merged)] = &[
            (((65, 92), &["2.4.4"]), ((65, 92), &["2.4.4"]), Ok(((65, 92), "2.4.4"))),
            (((65, 92), &["2.4.4"]), ((65, 74), &["2.4.4"]), Ok(((65, 74), "2.4.4"))),
            (((92, 92), &["2.4.4"]), ((65, 92), &["2.4.4"]), Ok(((92, 92), "2.4.4"))),
            (((65, 92), &["13.0.0", "9.0.0"]), ((65, 92), &["9.0.0", "13.0.0"]), Ok(((65, 92), "13.0.0"))),
            (((65, 92), &["9.0.0", "13.0.0"]), ((65, 92), &["13.0.0", "9.0.0"]), Ok(((65, 92), "9.0.0"))),
            (((65, 92), &["13.0.0", "2.4.4"]), ((65, 92), &["2.4.4"]), Ok(((65, 92), "2.4.4"))),
            (((65, 92), &[]), ((65, 92), &["2.4.4"]), Ok(((65, 92), "2.4.4"))),
            (((65, 92), &[]), ((65, 92), &[]), Ok(((65, 92), "2.4.4"))),
            (((65, 92), &["13.0.0"]), ((65, 92), &["2.4.4"]), Err(CallError::ProtocolCompat)),
            (((65, 92), &["13.0.0"]), ((65, 92), &[]), Err(CallError::ProtocolCompat)),
            (((65, 73), &["2.4.4"]), ((74, 92), &["2.4.4"]), Err(CallError::ProtocolCompat)),
            (((65, 92), &["99.0.0"]), ((65, 92), &["13.0.0", "2.4.4"]), Err(CallError::ProtocolCompat)),
            (
                ((65, 92), &["9.0.0", "8.0.0", "7.0.0", "5.0.0", "2.7.7", "13.0.0"]),
                ((92, 92), &["8.0.0", "13.0.0", "9.0.0"]),
                Ok(((92, 92), "9.0.0")),
            ),
        ];
        for (caller, callee, expected) in table {
            let merged =
                Protocol::merge(&protocol(BOTH, caller.0, caller.1), &protocol(BOTH, callee.0, callee.1));
            let merged = merged.map(|it| ((it.min_layer, it.max_layer), it.versions));
            let expected = expected.map(|(layers, version)| (layers, vec![version.to_owned()]));
            assert_eq!(merged, expected, "{caller:?} calls {callee:?}");
        }
    }

    #[test]
    fn a_path_is_used_only_when_both_sides_have_it() {
        let side = |flags| protocol(flags, (65, 92), &["2.4.4"]);
        let merged = Protocol::merge(&side((true, true)), &side((false, true))).unwrap();
        assert_eq!((merged.udp_p2p, merged.udp_reflector), (false, true));
        assert_eq!(
            Protocol::merge(&side((true, false)), &side((false, true))),
            Err(CallError::ProtocolFlags)
        );
    }

    #[test]
    fn what_makes_no_sense_on_its_own_is_refused() {
        let check = |flags, layers| protocol(flags, layers, &["2.4.4"]).check();
        assert_eq!(check(BOTH, (65, 92)), Ok(()));
        assert_eq!(check((false, false), (65, 92)), Err(CallError::ProtocolFlags));
        assert_eq!(check(BOTH, (92, 65)), Err(CallError::ProtocolLayer));
        assert_eq!(check(BOTH, (0, 92)), Err(CallError::ProtocolLayer));
    }

    #[test]
    fn only_the_first_version_is_not_modern() {
        for (versions, modern) in
            [(&["2.4.4"][..], false), (&["13.0.0"], true), (&["2.7.7"], true), (&[], false)]
        {
            assert_eq!(protocol(BOTH, (65, 92), versions).is_modern(), modern, "{versions:?}");
        }
    }
}
