//! Restarts of ICE: credentials of the next generation, and what the peer answers to them.

use std::time::Instant;

use rand::Rng;
use rand_chacha::ChaCha12Rng;

use super::{MAX_ANSWERS, Order, PATIENCE, Session, parse_fingerprint};
use crate::FailReason;
use crate::tgcalls::message::InitialSetup;

/// Generations of credentials in a call; further restarts are neither begun nor followed. What both sides remember of the
/// peer's addresses grows with each.
pub(super) const MAX_GENERATIONS: u32 = 256;

/// What ICE knows a side by. No `Debug`: it holds the password.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::tgcalls) struct Credentials {
    pub(in crate::tgcalls) ufrag: String,
    pub(in crate::tgcalls) pwd: String,
}

impl Credentials {
    pub(in crate::tgcalls) fn draw(random: &mut ChaCha12Rng) -> Self {
        Self { ufrag: ice_chars(random, 8), pwd: ice_chars(random, 24) }
    }
}

/// Characters that ICE allows in names and passwords (RFC 8839); 64, so that six bits draw one evenly.
fn ice_chars(random: &mut ChaCha12Rng, len: usize) -> String {
    const CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..len).map(|_| char::from(CHARS[random.random_range(0..64)])).collect()
}

impl Session {
    /// Begins a restart of ICE, or says again the one that the peer has not answered: what follows, if it does, is
    /// [`Order::Renew`]. The own addresses are to be told again now. False: the peer would not follow, or has too often.
    pub(in crate::tgcalls) fn restart(&mut self, now: Instant) -> bool {
        if !self.follows || self.generation >= MAX_GENERATIONS {
            return false;
        }
        if self.next.is_none() {
            self.next = Some((Credentials::draw(&mut self.random), 0));
        }
        self.own_candidates.clear();
        self.tell_next();
        if self.lossy {
            self.again_at.get_or_insert(now + PATIENCE);
        }
        true
    }

    pub(super) fn tell_next(&mut self) {
        if let Some((next, told)) = &mut self.next {
            *told = told.saturating_add(1);
            let next = next.clone();
            self.send_setup_of(next, self.generation + 1);
        }
    }

    /// A setup of a restart, or one of before.
    pub(super) fn on_generation(&mut self, setup: InitialSetup, generation: u32) {
        let in_use = self.setups.last() == Some(&setup);
        if generation <= self.generation || generation > MAX_GENERATIONS {
            self.stats.ignored += 1;
            if in_use && self.lossy && self.repeats < MAX_ANSWERS {
                // Our answer may have got lost.
                self.repeats += 1;
                self.send_setup();
            }
            return;
        }
        let Some(fingerprint) = setup.fingerprints.first().and_then(parse_fingerprint) else {
            self.orders.push_back(Order::Fail(FailReason::Fingerprint));
            return;
        };
        // Ours of an older generation is overtaken.
        let told = self.next.take().filter(|_| generation == self.generation + 1);
        let at_once = told.is_some();
        let own = told.map_or_else(|| Credentials::draw(&mut self.random), |(own, _)| own);
        (self.local.ice, self.generation, self.repeats) = (own.clone(), generation, 0);
        // Another generation, other addresses.
        self.candidates = 0;
        self.own_candidates.clear();
        if !at_once {
            self.send_setup();
        }
        let theirs = Credentials { ufrag: setup.ufrag.clone(), pwd: setup.pwd.clone() };
        self.orders.push_back(Order::Renew { own, theirs, fingerprint, at_once });
        self.remember(setup);
    }
}
