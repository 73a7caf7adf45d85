//! Peers met, with what is needed to address them again.
//!
//! Rule of mtproto.md section 5.2: a `min` object never overwrites a full one, it only refreshes what it shows.

use std::collections::HashMap;

use super::{Peer, PeerId, PeerKind};
use crate::secret::PhoneNumber;

/// Bounded map of peers. At the bound the eighth part met longest ago is forgotten.
#[derive(Debug)]
pub(crate) struct PeerCache {
    peers: HashMap<PeerId, Entry>,
    usernames: HashMap<String, PeerId>,
    phones: HashMap<PhoneNumber, PeerId>,
    bound: usize,
    /// Counts meetings, so that the oldest can be told.
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    peer: Peer,
    met: u64,
}

impl PeerCache {
    pub(crate) fn new(bound: usize, known: impl IntoIterator<Item = Peer>) -> Self {
        let mut cache = Self {
            peers: HashMap::new(),
            usernames: HashMap::new(),
            phones: HashMap::new(),
            bound,
            clock: 0,
        };
        for peer in known {
            cache.remember(peer);
        }
        cache
    }

    /// Merges what was just seen. True when something new was learned.
    pub(crate) fn remember(&mut self, seen: Peer) -> bool {
        self.clock += 1;
        let id = seen.peer_id();
        let merged = match self.peers.get(&id) {
            Some(known) => merge(&known.peer, seen),
            None => seen,
        };
        let news = self.peers.get(&id).is_none_or(|known| known.peer != merged);
        if news {
            self.forget_names(id);
            self.learn_names(&merged);
        }
        self.peers.insert(id, Entry { peer: merged, met: self.clock });
        if self.peers.len() > self.bound {
            self.shrink();
        }
        news
    }

    pub(crate) fn by_id(&self, id: PeerId) -> Option<&Peer> {
        self.peers.get(&id).map(|entry| &entry.peer)
    }

    pub(crate) fn by_username(&self, name: &str) -> Option<&Peer> {
        self.by_id(*self.usernames.get(&name.to_ascii_lowercase())?)
    }

    pub(crate) fn by_phone(&self, phone: &PhoneNumber) -> Option<&Peer> {
        self.by_id(*self.phones.get(phone)?)
    }

    /// Forgets whom a username belongs to: the server said it is free or taken by another.
    pub(crate) fn forget_username(&mut self, name: &str) {
        self.usernames.remove(&name.to_ascii_lowercase());
    }

    /// All peers, the one met last at the end.
    pub(crate) fn in_order_met(&self) -> Vec<Peer> {
        let mut entries: Vec<&Entry> = self.peers.values().collect();
        entries.sort_unstable_by_key(|entry| entry.met);
        entries.into_iter().map(|entry| entry.peer.clone()).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.peers.len()
    }

    fn learn_names(&mut self, peer: &Peer) {
        let id = peer.peer_id();
        if let Some(name) = &peer.username {
            self.usernames.insert(name.to_ascii_lowercase(), id);
        }
        if let Some(phone) = &peer.phone {
            self.phones.insert(phone.clone(), id);
        }
    }

    fn forget_names(&mut self, id: PeerId) {
        let Some(Entry { peer, .. }) = self.peers.get(&id) else { return };
        if let Some(name) = peer.username.as_ref().map(|name| name.to_ascii_lowercase())
            && self.usernames.get(&name) == Some(&id)
        {
            self.usernames.remove(&name);
        }
        if let Some(phone) = &peer.phone
            && self.phones.get(phone) == Some(&id)
        {
            self.phones.remove(phone);
        }
    }

    fn shrink(&mut self) {
        let mut met: Vec<(u64, PeerId)> = self.peers.iter().map(|(id, entry)| (entry.met, *id)).collect();
        met.sort_unstable();
        let keep = self.bound - self.bound / 8;
        for (_, id) in &met[..met.len() - keep.max(1)] {
            self.forget_names(*id);
            self.peers.remove(id);
        }
    }
}

fn merge(known: &Peer, seen: Peer) -> Peer {
    if seen.min && !known.min {
        return Peer {
            name: if seen.name.is_empty() { known.name.clone() } else { seen.name },
            username: seen.username.or_else(|| known.username.clone()),
            ..known.clone()
        };
    }
    Peer {
        // A full object without a hash still says nothing against the one we have.
        access_hash: seen.access_hash.or(known.access_hash),
        phone: seen.phone.or_else(|| known.phone.clone()),
        ..seen
    }
}

impl PeerId {
    /// A user's id.
    #[must_use]
    pub fn user(id: i64) -> Self {
        Self { kind: PeerKind::User, id }
    }

    /// A basic group's id.
    #[must_use]
    pub fn chat(id: i64) -> Self {
        Self { kind: PeerKind::Chat, id }
    }

    /// A channel's id.
    #[must_use]
    pub fn channel(id: i64) -> Self {
        Self { kind: PeerKind::Channel, id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64, hash: i64, name: &str) -> Peer {
        Peer {
            access_hash: Some(hash),
            name: name.to_owned(),
            username: Some(name.to_owned()),
            ..Peer::new(PeerKind::User, id)
        }
    }

    #[test]
    fn a_min_user_does_not_overwrite_a_full_one() {
        let mut cache = PeerCache::new(10, [user(1, 99, "ada")]);
        cache.remember(Peer {
            min: true,
            access_hash: Some(5),
            name: "Ada L".into(),
            ..Peer::new(PeerKind::User, 1)
        });
        let known = cache.by_id(PeerId::user(1)).unwrap();
        assert_eq!((known.access_hash, known.min), (Some(99), false));
        assert_eq!((known.name.as_str(), known.username.as_deref()), ("Ada L", Some("ada")));
    }

    #[test]
    fn a_full_user_replaces_a_min_one() {
        let min = Peer { min: true, ..user(1, 5, "ada") };
        let mut cache = PeerCache::new(10, [min]);
        assert!(cache.remember(user(1, 99, "ada")));
        let known = cache.by_id(PeerId::user(1)).unwrap();
        assert_eq!((known.access_hash, known.min), (Some(99), false));
    }

    #[test]
    fn seeing_the_same_again_is_no_news() {
        let mut cache = PeerCache::new(10, [user(1, 99, "ada")]);
        assert!(!cache.remember(user(1, 99, "ada")));
    }

    #[test]
    fn a_username_follows_its_owner_whatever_the_case() {
        let mut cache = PeerCache::new(10, [user(1, 1, "Ada")]);
        assert_eq!(cache.by_username("aDA").unwrap().id, 1);
        cache.remember(user(2, 2, "ada"));
        assert_eq!(cache.by_username("ada").unwrap().id, 2);
        cache.remember(user(1, 1, "ada_old"));
        assert_eq!(cache.by_username("ada").unwrap().id, 2, "the new owner keeps it");
        assert_eq!(cache.by_username("ada_old").unwrap().id, 1);
    }

    #[test]
    fn users_and_chats_of_one_number_are_two_peers() {
        let cache = PeerCache::new(10, [user(1, 1, "ada"), Peer::new(PeerKind::Chat, 1)]);
        assert_eq!(cache.len(), 2);
        assert_eq!(cache.by_id(PeerId::chat(1)).unwrap().access_hash, None);
    }

    #[test]
    fn at_the_bound_those_met_longest_ago_are_forgotten() {
        let mut cache = PeerCache::new(8, (0..8).map(|n| user(n, n, &format!("user{n}"))));
        cache.remember(user(0, 0, "user0"));
        cache.remember(user(8, 8, "user8"));
        let left: Vec<i64> = cache.in_order_met().iter().map(|peer| peer.id).collect();
        assert_eq!(left, [3, 4, 5, 6, 7, 0, 8]);
        assert!(cache.by_username("user1").is_none());
    }
}
