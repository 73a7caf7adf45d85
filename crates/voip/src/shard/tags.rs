//! Whose datagrams those on the shared socket are.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::claim::Key;

/// What the tags of the two ends of a modern call, and of the sockets of one end, have in common at a relay
/// (tgcalls.md 7.3). A relay may answer with nothing more.
type Prefix = [u8; 12];

/// Leads datagrams to the places of calls.
#[derive(Default)]
pub(super) struct Tags {
    whole: HashMap<Key, u32>,
    /// Calls whose relays may answer with a prefix; a number that more than one call has leads nowhere.
    prefixes: HashMap<(SocketAddr, Prefix), Vec<u32>>,
}

fn prefix(bytes: &[u8]) -> Option<Prefix> {
    bytes.first_chunk().copied()
}

impl Tags {
    /// These datagrams belong to the call at `place`; with `prefixed`, also those with the beginning of the tag alone.
    pub(super) fn insert(&mut self, key: Key, place: u32, prefixed: bool) {
        self.whole.insert(key, place);
        if prefixed && let Some(prefix) = prefix(&key.1.0) {
            let places = self.prefixes.entry((key.0, prefix)).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }

    pub(super) fn remove(&mut self, key: &Key, place: u32) {
        self.whole.remove(key);
        let Some(prefix) = prefix(&key.1.0) else { return };
        if let Some(places) = self.prefixes.get_mut(&(key.0, prefix)) {
            places.retain(|other| *other != place);
            if places.is_empty() {
                self.prefixes.remove(&(key.0, prefix));
            }
        }
    }

    /// The place of the call that a datagram belongs to.
    pub(super) fn find(&self, from: SocketAddr, datagram: &[u8]) -> Option<u32> {
        let tag = datagram.first_chunk::<16>()?;
        let whole = self.whole.get(&(from, offhook_voip_proto::PeerTag(*tag)));
        whole.copied().or_else(|| {
            // A crowd of the first family does not pay for a second look.
            if self.prefixes.is_empty() {
                return None;
            }
            match self.prefixes.get(&(from, prefix(datagram)?))?.as_slice() {
                [only] => Some(*only),
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use offhook_voip_proto::PeerTag;

    use super::*;

    fn relay(port: u16) -> SocketAddr {
        ([127, 0, 0, 1], port).into()
    }

    fn tag(prefix: u8, r: u8) -> PeerTag {
        let mut tag = [prefix; 16];
        tag[12..].fill(r);
        PeerTag(tag)
    }

    #[test]
    fn a_whole_tag_leads_to_its_call_and_its_beginning_when_one_call_alone_has_it() {
        let mut tags = Tags::default();
        tags.insert((relay(1), tag(1, 1)), 10, true);
        tags.insert((relay(1), tag(1, 2)), 20, true);
        tags.insert((relay(1), tag(3, 1)), 30, true);
        tags.insert((relay(1), tag(3, 2)), 30, true);
        tags.insert((relay(1), tag(4, 1)), 40, false);
        let find = |tags: &Tags, port, tag: PeerTag| tags.find(relay(port), &tag.0);
        assert_eq!(find(&tags, 1, tag(1, 1)), Some(10));
        assert_eq!(find(&tags, 1, tag(1, 2)), Some(20));
        assert_eq!(find(&tags, 2, tag(1, 1)), None, "another relay");
        assert_eq!(find(&tags, 1, tag(1, 9)), None, "two calls have it");
        assert_eq!(find(&tags, 1, tag(3, 9)), Some(30));
        assert_eq!(find(&tags, 1, tag(4, 9)), None, "the first family has whole tags only");
        assert_eq!(tags.find(relay(1), &tag(3, 1).0[..15]), None);

        tags.remove(&(relay(1), tag(1, 1)), 10);
        assert_eq!(find(&tags, 1, tag(1, 1)), Some(20), "one call is left");
        tags.remove(&(relay(1), tag(1, 2)), 20);
        assert_eq!(find(&tags, 1, tag(1, 2)), None);
        tags.remove(&(relay(1), tag(3, 1)), 30);
        tags.remove(&(relay(1), tag(3, 2)), 30);
        tags.remove(&(relay(1), tag(4, 1)), 40);
        assert!(tags.whole.is_empty() && tags.prefixes.is_empty());
    }
}
