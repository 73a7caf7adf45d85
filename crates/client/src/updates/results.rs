//! What the result of a call says about updates.
//!
//! Results of calls are updates too (mtproto.md section 5.1), and so are the numbers of `messages.affected…`: without
//! them the next update looks like a gap (pitfall 38). They are taken out where packets arrive, so that they keep their
//! place among the pushed ones.

use offhook_tl::Schema;

use super::inbox::Inbound;

/// What goes to the sorter out of the answer `result` to the boxed call `call`.
pub(crate) fn from_result(call: &[u8], result: &[u8]) -> Option<Inbound> {
    let name = Schema::api().by_id(constructor_id(result)?)?.name;
    if is_updates(name) {
        return Some(Inbound::Result(result.to_vec()));
    }
    if name.starts_with("messages.affected") && !names_channel(call) {
        // All of them begin with `pts:int pts_count:int`. A channel's numbers are found by its own gap.
        let number = |at: usize| result.get(at..)?.first_chunk().map(|bytes| i32::from_le_bytes(*bytes));
        return Some(Inbound::Affected { pts: number(4)?, count: number(8)? });
    }
    None
}

/// The id a boxed object begins with.
pub(crate) fn constructor_id(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|id| u32::from_le_bytes(*id))
}

/// Whether a constructor belongs to `Updates`.
pub(crate) fn is_updates(constructor: &str) -> bool {
    matches!(constructor, "updates" | "updatesCombined" | "updatesTooLong")
        || constructor.starts_with("updateShort")
}

/// Whether a call is about a channel, so that the numbers in its answer are the channel's.
fn names_channel(call: &[u8]) -> bool {
    const INPUT_PEER_CHANNEL: [u8; 4] = 0x27bc_bbfc_u32.to_le_bytes();
    let method = constructor_id(call).and_then(|id| Schema::api().by_id(id));
    method.is_some_and(|method| method.name.starts_with("channels."))
        // The peer stands within the first fields.
        || call.chunks_exact(4).take(8).any(|word| word == INPUT_PEER_CHANNEL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use offhook_tl::{Object, Value, encode};

    fn bytes(object: Object) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(Schema::api(), &Value::Object(object), &mut bytes).unwrap();
        bytes
    }

    fn affected() -> Vec<u8> {
        bytes(Object::new("messages.affectedMessages").with("pts", 12).with("pts_count", 2))
    }

    fn read_history(peer: Object) -> Vec<u8> {
        bytes(Object::new("messages.readMentions").with("peer", peer))
    }

    #[test]
    fn numbers_of_a_private_chat_advance_the_account() {
        let call = read_history(Object::new("inputPeerSelf"));
        assert_eq!(from_result(&call, &affected()), Some(Inbound::Affected { pts: 12, count: 2 }));
    }

    #[test]
    fn numbers_of_a_channel_do_not() {
        let peer = Object::new("inputPeerChannel").with("channel_id", 1_i64).with("access_hash", 2_i64);
        assert_eq!(from_result(&read_history(peer), &affected()), None);
    }

    #[test]
    fn other_results_and_cut_ones_say_nothing() {
        let call = read_history(Object::new("inputPeerSelf"));
        let whole = affected();
        for length in 0..whole.len() {
            assert_eq!(from_result(&call, &whole[..length]), None, "{length} bytes");
        }
        let config =
            bytes(Object::new("nearestDc").with("country", "").with("this_dc", 1).with("nearest_dc", 1));
        assert_eq!(from_result(&call, &config), None);
    }
}
