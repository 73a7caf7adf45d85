//! States of an association, and the cookie that carries one of them through the peer.

use std::time::{Duration, Instant};

use offhook_crypto::{ct, hash};

use super::chunk::Init;
use super::{Ended, OPENING_CAP};

/// What is known of the peer from its INIT or INIT ACK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Peer {
    pub(super) tag: u32,
    /// Its first sequence number.
    pub(super) tsn: u32,
    /// Bytes it has room for.
    pub(super) room: u32,
}

#[derive(Debug)]
pub(super) enum State {
    /// INIT is out or will be, unless the peer's comes first.
    CookieWait { next: Instant, rto: Duration },
    /// COOKIE ECHO is out.
    CookieEchoed { peer: Peer, cookie: Vec<u8>, next: Instant, rto: Duration },
    /// Messages flow.
    Up { peer: Peer },
    /// Nothing more happens.
    Over { why: Ended, told: bool },
}

impl State {
    /// The peer, once it is known for sure.
    pub(super) fn peer(&self) -> Option<&Peer> {
        match self {
            Self::CookieEchoed { peer, .. } | Self::Up { peer } => Some(peer),
            Self::CookieWait { .. } | Self::Over { .. } => None,
        }
    }

    /// Sets the next attempt after one at `at`.
    pub(super) fn back_off(next: &mut Instant, rto: &mut Duration, at: Instant) {
        *next = at + *rto;
        *rto = (*rto * 2).min(OPENING_CAP);
    }
}

impl From<Init> for Peer {
    fn from(init: Init) -> Self {
        Self { tag: init.tag, tsn: init.tsn, room: init.room }
    }
}

impl Peer {
    const FIELDS: usize = 12;

    /// What we want to remember of an INIT until the peer sends it back, and a proof that we wrote it.
    pub(super) fn cookie(self, secret: &[u8; 32]) -> Vec<u8> {
        let mut cookie = Vec::with_capacity(Self::FIELDS + 32);
        for field in [self.tag, self.tsn, self.room] {
            cookie.extend_from_slice(&field.to_be_bytes());
        }
        let proof = hash::hmac_sha256(secret, &[&cookie]);
        cookie.extend_from_slice(&proof);
        cookie
    }

    /// The peer in a cookie of ours.
    pub(super) fn from_cookie(cookie: &[u8], secret: &[u8; 32]) -> Option<Self> {
        let (fields, proof) = cookie.split_at_checked(Self::FIELDS)?;
        if !ct::eq(proof, &hash::hmac_sha256(secret, &[fields])) {
            return None;
        }
        let mut words = fields.as_chunks::<4>().0.iter().map(|word| u32::from_be_bytes(*word));
        Some(Self { tag: words.next()?, tsn: words.next()?, room: words.next()? })
    }
}
