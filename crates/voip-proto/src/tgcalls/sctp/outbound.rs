//! What we send: fragments in order, a window, and one timer.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::chunk::{Data, Sack};
use super::{MAX_MESSAGE, MAX_PACKET, PushError};

/// Fragments without an answer are sent again after this, then after twice as long, up to [`RTO_CAP`].
const RTO: Duration = Duration::from_millis(700);
const RTO_CAP: Duration = Duration::from_secs(3);
/// Bytes on their way at most. Signalling is small; every packet is a request to the server.
const WINDOW: usize = 10 * Data::MAX_PIECE;
/// Bytes that wait or are on their way at most.
const MAX_QUEUED: usize = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Queued,
    Flying,
    /// The timer ran out on it.
    Lost,
    /// Arrived ahead of something missing, by the last word of the peer, which it may take back.
    Ahead,
}

#[derive(Debug)]
struct Fragment {
    tsn: u32,
    ssn: u16,
    begins: bool,
    ends: bool,
    bytes: Vec<u8>,
    progress: Progress,
}

/// The sending half of an association.
#[derive(Debug)]
pub(super) struct Outbound {
    first_tsn: u32,
    next_tsn: u32,
    next_ssn: u16,
    fragments: VecDeque<Fragment>,
    queued: usize,
    peer_room: usize,
    timer: Option<Instant>,
    rto: Duration,
    retransmitted: u64,
}

impl Outbound {
    pub(super) fn new(first_tsn: u32) -> Self {
        Self {
            first_tsn,
            next_tsn: first_tsn,
            next_ssn: 0,
            fragments: VecDeque::new(),
            queued: 0,
            peer_room: 0,
            timer: None,
            rto: RTO,
            retransmitted: 0,
        }
    }

    pub(super) fn push(&mut self, message: &[u8]) -> Result<(), PushError> {
        match message.len() {
            0 => return Err(PushError::Empty),
            got if got > MAX_MESSAGE => return Err(PushError::TooLong { got }),
            got if self.queued + got > MAX_QUEUED => return Err(PushError::Full),
            got => self.queued += got,
        }
        let last = message.len().div_ceil(Data::MAX_PIECE) - 1;
        for (i, piece) in message.chunks(Data::MAX_PIECE).enumerate() {
            self.fragments.push_back(Fragment {
                tsn: self.next_tsn,
                ssn: self.next_ssn,
                begins: i == 0,
                ends: i == last,
                bytes: piece.to_vec(),
                progress: Progress::Queued,
            });
            self.next_tsn = self.next_tsn.wrapping_add(1);
        }
        self.next_ssn = self.next_ssn.wrapping_add(1);
        Ok(())
    }

    /// The number of the very first fragment.
    pub(super) fn first_tsn(&self) -> u32 {
        self.first_tsn
    }

    pub(super) fn set_peer_room(&mut self, room: u32) {
        self.peer_room = room as usize;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fragments.is_empty()
    }

    pub(super) fn retransmitted(&self) -> u64 {
        self.retransmitted
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.timer
    }

    /// Gives up on what is on its way when the timer has run out.
    pub(super) fn expire(&mut self, at: Instant) {
        if self.timer.is_none_or(|timer| timer > at) {
            return;
        }
        self.timer = None;
        self.rto = (self.rto * 2).min(RTO_CAP);
        for fragment in &mut self.fragments {
            if fragment.progress == Progress::Flying {
                fragment.progress = Progress::Lost;
            }
        }
    }

    /// What went along with a packet that is repeated goes along again.
    pub(super) fn rewind(&mut self) {
        self.timer = None;
        for fragment in &mut self.fragments {
            if fragment.progress == Progress::Flying {
                fragment.progress = Progress::Lost;
            }
        }
    }

    /// True when a fragment waits and the window lets it go.
    pub(super) fn wants_to_send(&self) -> bool {
        let next = self.fragments.iter().find(|fragment| fragment.waits());
        next.is_some_and(|fragment| self.has_room(self.flying(), fragment.bytes.len()))
    }

    /// Appends as many fragments as the window and the packet let go.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>, at: Instant) {
        let mut flying = self.flying();
        for i in 0..self.fragments.len() {
            let fragment = &self.fragments[i];
            if !fragment.waits() {
                continue;
            }
            let len = fragment.bytes.len();
            let fits = out.len() + Data::HEAD + len.next_multiple_of(4) <= MAX_PACKET;
            if !fits || !self.has_room(flying, len) {
                break;
            }
            self.retransmitted += u64::from(fragment.progress == Progress::Lost);
            let Fragment { tsn, ssn, begins, ends, ref bytes, .. } = *fragment;
            Data { tsn, stream: 0, ssn, begins, ends, piece: bytes }.write(out);
            self.fragments[i].progress = Progress::Flying;
            flying += len;
            self.timer.get_or_insert(at + self.rto);
        }
    }

    /// Takes a SACK. False when it says nothing about what has been sent.
    pub(super) fn handle(&mut self, sack: &Sack, at: Instant) -> bool {
        let Some(first) = self.fragments.front().map(|fragment| fragment.tsn) else {
            return sack.cumulative == self.next_tsn.wrapping_sub(1);
        };
        let sent = self.fragments.iter().take_while(|fragment| fragment.progress != Progress::Queued).count();
        let arrived = sack.cumulative.wrapping_sub(first).wrapping_add(1) as usize;
        // An overtaken SACK is behind all that we still hold: a huge number.
        if arrived > sent {
            return false;
        }
        for fragment in self.fragments.drain(..arrived) {
            self.queued -= fragment.bytes.len();
        }
        for fragment in self.fragments.iter_mut().filter(|fragment| fragment.progress != Progress::Queued) {
            let offset = fragment.tsn.wrapping_sub(sack.cumulative);
            let ahead = sack.gaps.iter().any(|(a, b)| (u32::from(*a)..=u32::from(*b)).contains(&offset));
            if ahead {
                fragment.progress = Progress::Ahead;
            } else if fragment.progress == Progress::Ahead {
                fragment.progress = Progress::Flying;
            }
        }
        self.peer_room = sack.room as usize;
        let flies = self.fragments.iter().any(|fragment| fragment.progress == Progress::Flying);
        if arrived > 0 {
            self.rto = RTO;
            self.timer = flies.then_some(at + self.rto);
        } else if flies {
            self.timer.get_or_insert(at + self.rto);
        }
        true
    }

    fn flying(&self) -> usize {
        let flying = self.fragments.iter().filter(|fragment| fragment.progress == Progress::Flying);
        flying.map(|fragment| fragment.bytes.len()).sum()
    }

    /// One fragment may always go, to learn whether the peer has room again.
    fn has_room(&self, flying: usize, len: usize) -> bool {
        flying == 0 || flying + len <= WINDOW.min(self.peer_room)
    }
}

impl Fragment {
    fn waits(&self) -> bool {
        matches!(self.progress, Progress::Queued | Progress::Lost)
    }
}
