//! Which of our packets have arrived, and how many were lost.
//!
//! Every number counts, whatever the packet was. A packet is judged when the peer has received one [`SETTLING`] numbers
//! later: by then an overtaken packet is either in the mask or lost. Judging by order instead of by time makes the measure
//! independent of how often the peer sends.

use std::time::{Duration, Instant};

use crate::wire::Seq;
use crate::wire::ack::{Ack, Dialect};

const SLOTS: usize = 256;
/// How many numbers later a packet is judged.
const SETTLING: u32 = 6;
/// How many judgements the loss is taken from: about five seconds.
const MEMORY: u32 = 100;
/// A share of fewer judgements than this is taken as if there were so many.
const LEAST: u32 = 30;

#[derive(Clone, Copy, Debug)]
struct Slot {
    seq: Seq,
    at: Instant,
    acked: bool,
}

/// The last 256 numbers sent.
#[derive(Debug)]
pub(crate) struct SentLog {
    slots: [Option<Slot>; SLOTS],
    next: Seq,
    /// The first number not judged yet; `None` until the first acknowledgement. What that one covers is not judged: the
    /// peer was not listening yet, or a mask that still fits both dialects makes its first number look lost.
    undecided: Option<Seq>,
    newest_acked: Option<Seq>,
    dialect: Dialect,
    /// Judgements, newest in bit 0, set = lost.
    lost: u128,
    judged: u32,
    smoothed: Option<Duration>,
    least: Option<Duration>,
}

impl SentLog {
    /// Nothing sent; the first number is 1.
    pub(crate) fn new() -> Self {
        Self {
            slots: [None; SLOTS],
            next: Seq(1),
            undecided: None,
            newest_acked: None,
            dialect: Dialect::default(),
            lost: 0,
            judged: 0,
            smoothed: None,
            least: None,
        }
    }

    /// Takes the next number for a packet sent now.
    pub(crate) fn send(&mut self, now: Instant) -> Seq {
        let seq = self.next;
        self.next = seq.plus(1);
        self.slots[seq.0 as usize % SLOTS] = Some(Slot { seq, at: now, acked: false });
        seq
    }

    /// Takes an acknowledgement. True when it tells of a newer packet than all before.
    pub(crate) fn on_ack(&mut self, ack: Ack, now: Instant) -> bool {
        let unsent = !self.next.is_after(ack.newest);
        let old = self.newest_acked.is_some_and(|newest| newest.is_after(ack.newest));
        if unsent || old || ack.newest == Seq(0) && self.newest_acked.is_none() {
            return false;
        }
        self.undecided.get_or_insert(ack.newest.plus(1));
        self.dialect = self.dialect.learn(ack.newest, ack.mask);
        if let Some(rtt) = self.mark(ack.newest, now) {
            self.on_rtt(rtt);
        }
        for behind in 1..=32 {
            let seq = ack.newest.minus(behind);
            if ack.has(self.dialect, seq) {
                self.mark(seq, now);
            }
        }
        let advanced = self.newest_acked != Some(ack.newest);
        self.newest_acked = Some(ack.newest);
        self.judge(ack.newest.minus(SETTLING));
        advanced
    }

    /// Marks a packet as arrived and gives its age if that is news.
    fn mark(&mut self, seq: Seq, now: Instant) -> Option<Duration> {
        let slot =
            self.slots[seq.0 as usize % SLOTS].as_mut().filter(|slot| slot.seq == seq && !slot.acked)?;
        slot.acked = true;
        Some(now.saturating_duration_since(slot.at))
    }

    fn on_rtt(&mut self, rtt: Duration) {
        self.least = Some(self.least.map_or(rtt, |least| least.min(rtt)));
        self.smoothed = Some(self.smoothed.map_or(rtt, |smoothed| (smoothed * 7 + rtt) / 8));
    }

    /// Judges everything up to and including `last`.
    fn judge(&mut self, last: Seq) {
        let Some(mut seq) = self.undecided else { return };
        // After a long silence only what the log still holds can be judged.
        if last.is_after(seq) && last.since(seq) > 128 {
            seq = last.minus(128);
        }
        while !seq.is_after(last) {
            if let Some(slot) = self.slots[seq.0 as usize % SLOTS].filter(|slot| slot.seq == seq) {
                self.lost = self.lost << 1 | u128::from(!slot.acked);
                self.judged = (self.judged + 1).min(MEMORY);
            }
            seq = seq.plus(1);
        }
        self.undecided = Some(seq);
    }

    /// Share of our recent packets that were lost, 0 to 1. Few judgements weigh little.
    pub(crate) fn loss(&self) -> f32 {
        let memory = self.lost & ((1 << MEMORY) - 1);
        memory.count_ones() as f32 / self.judged.max(LEAST) as f32
    }

    /// Share of our recent packets that were lost together with the `after` packets behind them: what as many copies
    /// would not have helped.
    pub(crate) fn loss_in_row(&self, after: u32) -> f32 {
        let mut together = self.lost & ((1 << MEMORY) - 1);
        // Bit i - 1 was sent after bit i.
        (1..=after).for_each(|distance| together &= self.lost << distance);
        together.count_ones() as f32 / self.judged.max(LEAST) as f32
    }

    /// True when `seq` or anything sent after it has been acknowledged.
    pub(crate) fn is_acked_since(&self, seq: Seq) -> bool {
        self.newest_acked.is_some_and(|newest| !seq.is_after(newest))
    }

    /// True when something sent has not been acknowledged by number.
    pub(crate) fn has_unacked(&self) -> bool {
        self.newest_acked.is_none_or(|newest| self.next.minus(1).is_after(newest))
    }

    /// How much longer acknowledgements take than they once did: waiting in queues, mostly.
    pub(crate) fn queueing(&self) -> Duration {
        self.smoothed
            .zip(self.least)
            .map_or(Duration::ZERO, |(smoothed, least)| smoothed.saturating_sub(least))
    }

    /// The path has changed: old round trips say nothing about it.
    pub(crate) fn forget_rtt(&mut self) {
        (self.smoothed, self.least) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Window;
    use crate::testing::origin;

    /// Sends `count` packets, of which `arrives` says which reach the peer, and acknowledges each that does.
    fn run(count: u32, shifted: bool, arrives: impl Fn(u32) -> bool) -> SentLog {
        let (mut log, mut peer, now) = (SentLog::new(), Window::default(), origin());
        for _ in 0..count {
            let seq = log.send(now);
            if arrives(seq.0) {
                peer.accept(seq);
                let mut ack = peer.ack();
                if shifted {
                    ack.mask = ack.mask >> 1 | 1 << 31;
                }
                log.on_ack(ack, now);
            }
        }
        log
    }

    #[test]
    fn nothing_is_lost_when_the_first_acknowledgement_comes_late() {
        for shifted in [false, true] {
            let (mut log, mut peer, now) = (SentLog::new(), Window::default(), origin());
            // The peer's first acknowledgement tells of two packets, so that its mask fits both dialects.
            for _ in 0..50 {
                let seq = log.send(now);
                peer.accept(seq);
                let mut ack = peer.ack();
                if shifted {
                    ack.mask = ack.mask >> 1 | 1 << 31;
                }
                if seq != Seq(1) {
                    log.on_ack(ack, now);
                }
            }
            assert_eq!(log.loss(), 0.0);
        }
    }

    #[test]
    fn an_isolated_loss_is_seen_in_both_dialects() {
        for shifted in [false, true] {
            let log = run(206, shifted, |seq| seq % 10 != 3);
            assert!((log.loss() - 0.1).abs() < 1e-6, "{shifted} {}", log.loss());
            assert_eq!(run(200, shifted, |_| true).loss(), 0.0);
        }
    }

    #[test]
    fn losses_in_a_row_are_told_from_single_ones() {
        // Of every twenty, four in a row are lost. Of the last four, one has been judged.
        let log = run(206, false, |seq| seq % 20 >= 4);
        let shares = [1, 2, 3, 4].map(|after| (log.loss_in_row(after) * 100.0).round());
        assert_eq!(shares, [14.0, 9.0, 4.0, 0.0]);
        assert_eq!(run(206, false, |seq| seq % 5 != 0).loss_in_row(1), 0.0);
    }

    #[test]
    fn packets_sent_before_the_peer_listened_do_not_count() {
        let (mut log, now) = (SentLog::new(), origin());
        (0..10).for_each(|_| {
            log.send(now);
        });
        let mut peer = Window::default();
        for _ in 0..40 {
            peer.accept(log.send(now));
            log.on_ack(peer.ack(), now);
        }
        assert_eq!(log.loss(), 0.0);
    }

    #[test]
    fn an_overtaken_packet_is_not_lost() {
        let (mut log, mut peer, now) = (SentLog::new(), Window::default(), origin());
        let mut held = None;
        for _ in 0..100 {
            let seq = log.send(now);
            if seq.0 % 5 == 0 {
                held = Some((seq, 3));
                continue;
            }
            peer.accept(seq);
            held = held.and_then(|(late, wait)| {
                if wait > 0 {
                    return Some((late, wait - 1));
                }
                peer.accept(late);
                None
            });
            log.on_ack(peer.ack(), now);
        }
        assert_eq!(log.loss(), 0.0);
    }

    #[test]
    fn an_acknowledgement_of_what_was_never_sent_is_ignored() {
        let (mut log, now) = (SentLog::new(), origin());
        log.send(now);
        assert!(!log.on_ack(Ack { newest: Seq(2), mask: 0 }, now));
        assert!(!log.on_ack(Ack { newest: Seq(0), mask: 0 }, now));
        assert!(log.on_ack(Ack { newest: Seq(1), mask: 0 }, now));
        assert!(!log.on_ack(Ack { newest: Seq(1), mask: 0 }, now));
    }

    #[test]
    fn one_loss_among_the_first_packets_is_not_taken_for_a_storm() {
        let log = run(16, false, |seq| seq != 4);
        assert!(log.loss() < 0.04 && log.loss() > 0.02, "{}", log.loss());
    }
}
