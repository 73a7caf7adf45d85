//! What calls get to send their media through: places on reflectors, and logins to the TURN server.

use std::{fmt::Write, time::Instant};

use offhook_mtproto::Moment;

use super::Service;
use crate::{
    PeerTag,
    calls::{Allotment, Relayed, TurnAccess},
    reflector::relay::Lifetime,
    turn::TurnLogin,
};

impl Service {
    /// Ids, tags and logins for a call: on every reflector, the one to begin with drawn by lot, and on the TURN server.
    pub(super) fn draw_allotment(&mut self, now: Moment) -> Allotment {
        let count = self.reflectors.len();
        let first = self.random_long().unsigned_abs() as usize % count.max(1);
        let mut ids = Vec::new();
        let relays = (0..count)
            .map(|turn| Relayed {
                id: self.draw_id(&mut ids),
                reflector: (first + turn) % count,
                tags: self.draw_tags(),
            })
            .collect();
        let expires = now.unix.saturating_add(self.config.timers.longest).as_secs();
        let turn = self.turn.is_some().then(|| TurnAccess {
            id: self.draw_id(&mut ids),
            logins: [self.draw_login(expires), self.draw_login(expires)],
        });
        Allotment { relays, turn }
    }

    /// Makes known what a call was given.
    pub(super) fn open_allotment(&self, id: i64, now: Instant) {
        let Some(call) = self.calls.find(id) else { return };
        for relay in &call.allotment.relays {
            let Some(reflector) = self.reflectors.get(relay.reflector) else { continue };
            let [caller, callee] = relay.tags;
            // 88 random bits do not collide; if they did, the call would use its other reflectors.
            if reflector.add(caller, callee, Lifetime::WhileUsed).is_err() {
                tracing::warn!("tag drawn twice");
            }
        }
        if let Some((turn, access)) = self.turn.as_ref().zip(call.allotment.turn.as_ref()) {
            let expires = now + self.config.timers.longest;
            access.logins.iter().for_each(|login| turn.add_login(login, expires));
        }
    }

    /// Takes back what a call was given.
    pub(super) fn close_allotment(&self, allotment: &Allotment) {
        for relay in &allotment.relays {
            if let Some(reflector) = self.reflectors.get(relay.reflector) {
                reflector.remove(relay.tags[0]);
            }
        }
        if let Some((turn, access)) = self.turn.as_ref().zip(allotment.turn.as_ref()) {
            access.logins.iter().for_each(|login| turn.remove_login(login));
        }
    }

    /// An id that is unique among those of one call. Never negative: clients sort by it, some of them as an unsigned number.
    fn draw_id(&mut self, known: &mut Vec<i64>) -> i64 {
        loop {
            let id = self.random_long() & i64::MAX;
            if id != 0 && !known.contains(&id) {
                known.push(id);
                return id;
            }
        }
    }

    /// Tags of caller and callee. As far as is known of Telegram's they differ in the first byte. The last four are zero,
    /// since modern calls put the numbers of their sockets there, which are not: so a tag in use as a whole, as
    /// libtgvoip uses it, is never mistaken for a name of theirs.
    fn draw_tags(&mut self) -> [PeerTag; 2] {
        let random = self.random_bytes(11);
        [0, 1].map(|role| {
            let mut tag = [0; 16];
            tag[0] = role;
            tag[1..12].copy_from_slice(&random);
            PeerTag(tag)
        })
    }

    /// A login of which the name tells when it ends, as TURN servers with a shared secret have it.
    fn draw_login(&mut self, expires: u64) -> TurnLogin {
        let hex = |bytes: Vec<u8>| {
            bytes.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        };
        let username = format!("{expires}:{}", hex(self.random_bytes(8)));
        TurnLogin { username, password: hex(self.random_bytes(16)) }
    }
}
