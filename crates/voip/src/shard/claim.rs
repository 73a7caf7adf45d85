//! Which relays and tags a shard's calls use. Two calls with the same pair on one socket could not be told apart.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use offhook_voip_proto::PeerTag;

/// A relay and this side's tag there.
pub(crate) type Key = (SocketAddr, PeerTag);

/// The pairs in use on one shard.
#[derive(Default)]
pub(crate) struct Claims {
    used: Mutex<HashSet<Key>>,
}

impl Claims {
    /// Takes all pairs of a call, or none when one is in use.
    pub(crate) fn take(self: &Arc<Self>, keys: &[Key]) -> Option<Claim> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.iter().any(|key| used.contains(key)) {
            return None;
        }
        used.extend(keys);
        drop(used);
        Some(Claim { claims: Arc::clone(self), keys: keys.to_vec() })
    }
}

/// Pairs that belong to one call until this is dropped.
pub(crate) struct Claim {
    claims: Arc<Claims>,
    keys: Vec<Key>,
}

impl Claim {
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut used = self.claims.used.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            used.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_taken_by_one_call_at_a_time_and_all_or_none() {
        let claims = Arc::new(Claims::default());
        let endpoint = |id: u8| (SocketAddr::from(([127, 0, 0, 1], 599)), PeerTag([id; 16]));
        let first = claims.take(&[endpoint(1), endpoint(2)]).unwrap();
        assert!(claims.take(&[endpoint(3), endpoint(2)]).is_none());
        let third = claims.take(&[endpoint(3)]).unwrap();
        drop(first);
        assert_eq!(claims.take(&[endpoint(1), endpoint(2)]).unwrap().keys().len(), 2);
        drop(third);
    }
}
