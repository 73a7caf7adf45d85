//! A socket of this call's own: asked for, had, lost, asked for again.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::Step;
use crate::Via;

/// A socket that does not come within this time is given up: a connection attempt that nobody answers.
const PATIENCE: Duration = Duration::from_secs(10);
/// First and longest pause before a socket that was lost is asked for again. It doubles.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A socket that has lasted so long was a good one: the next loss begins with the first pause.
const STABLE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Socket {
    via: Via,
    to: SocketAddr,
    state: State,
    /// The owner still has one that is not wanted any more.
    stale: bool,
    failures: u32,
    attempts: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not wanted.
    Idle,
    /// Wanted, from this instant on.
    Wanted { from: Instant },
    /// Asked for.
    Asked { at: Instant },
    /// Had.
    Open { local: SocketAddr, since: Instant },
}

impl Socket {
    /// One that is not wanted yet.
    pub(super) fn new(via: Via, to: SocketAddr) -> Self {
        Self { via, to, state: State::Idle, stale: false, failures: 0, attempts: 0 }
    }

    pub(super) fn via(&self) -> Via {
        self.via
    }

    /// Wants it, unless it is wanted already.
    pub(super) fn want(&mut self, now: Instant) {
        if self.state == State::Idle {
            self.state = State::Wanted { from: now };
        }
    }

    /// Wants it from then on, if it was never asked for and is not wanted before.
    pub(super) fn postpone(&mut self, until: Instant) {
        if let State::Wanted { from } = &mut self.state
            && self.attempts == 0
        {
            *from = until.max(*from);
        }
    }

    /// Does without it, if it was never asked for.
    pub(super) fn spare(&mut self) {
        if self.attempts == 0 {
            self.state = State::Idle;
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    /// Wants a new one in place of what there is.
    pub(super) fn renew(&mut self, now: Instant) {
        if self.state != State::Idle {
            self.give_up();
            (self.state, self.failures) = (State::Wanted { from: now }, 0);
        }
    }

    /// Wants none any more.
    pub(super) fn drop(&mut self) {
        self.give_up();
        self.state = State::Idle;
    }

    /// Its bytes make no sense any more: gives it up and wants another after a pause.
    pub(super) fn fail(&mut self, now: Instant) {
        self.give_up();
        self.pause(now);
    }

    /// The owner has it. False when it is not one that was asked for.
    pub(super) fn on_opened(&mut self, local: SocketAddr, now: Instant) -> bool {
        let asked = matches!(self.state, State::Asked { .. });
        if asked {
            self.state = State::Open { local, since: now };
        }
        asked
    }

    /// The owner could not have it, or has lost it. False when it was given up already.
    pub(super) fn on_closed(&mut self, now: Instant) -> bool {
        let had = matches!(self.state, State::Asked { .. } | State::Open { .. });
        if had {
            self.pause(now);
        }
        had
    }

    /// Its own address, while there is one.
    pub(super) fn local(&self) -> Option<SocketAddr> {
        match self.state {
            State::Open { local, .. } => Some(local),
            _ => None,
        }
    }

    /// How often it was asked for.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(super) fn poll(&mut self, now: Instant) -> Option<Step> {
        if std::mem::take(&mut self.stale) {
            return Some(Step::Close { via: self.via });
        }
        match self.state {
            State::Wanted { from } if now >= from => {
                self.state = State::Asked { at: now };
                self.attempts = self.attempts.saturating_add(1);
                Some(Step::Open { via: self.via, to: self.to })
            }
            State::Asked { at } if now >= at + PATIENCE => {
                self.pause(now);
                Some(Step::Close { via: self.via })
            }
            _ => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Wanted { from } => Some(from),
            State::Asked { at } => Some(at + PATIENCE),
            State::Idle | State::Open { .. } => None,
        }
    }

    fn give_up(&mut self) {
        self.stale |= matches!(self.state, State::Asked { .. } | State::Open { .. });
    }

    fn pause(&mut self, now: Instant) {
        if matches!(self.state, State::Open { since, .. } if now >= since + STABLE) {
            self.failures = 0;
        }
        let pause = PAUSE.saturating_mul(1 << self.failures.min(5)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        self.state = State::Wanted { from: now + pause };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::origin;

    const VIA: Via = Via::Tcp(0);

    fn socket() -> Socket {
        Socket::new(VIA, addr())
    }

    fn addr() -> SocketAddr {
        "192.0.2.1:599".parse().unwrap()
    }

    fn open() -> Option<Step> {
        Some(Step::Open { via: VIA, to: addr() })
    }

    #[test]
    fn a_socket_that_cannot_be_had_is_asked_for_after_growing_pauses() {
        let (mut socket, mut now) = (socket(), origin());
        assert_eq!((socket.poll(now), socket.deadline()), (None, None));
        socket.want(now);
        let pauses: Vec<u64> = (0..7)
            .map(|_| {
                assert_eq!(socket.poll(now), open());
                assert!(socket.on_closed(now));
                let deadline = socket.deadline().unwrap();
                let pause = (deadline - now).as_secs();
                now = deadline;
                pause
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(socket.attempts(), 7);
    }

    #[test]
    fn an_attempt_that_nobody_answers_ends_after_ten_seconds() {
        let (mut socket, now) = (socket(), origin());
        socket.want(now);
        assert_eq!(socket.poll(now), open());
        let later = socket.deadline().unwrap();
        assert_eq!(later, now + Duration::from_secs(10));
        assert_eq!(socket.poll(later), Some(Step::Close { via: VIA }));
        assert_eq!(socket.poll(later), None);
        assert!(!socket.on_opened(addr(), later), "too late");
        assert!(!socket.on_closed(later));
        assert_eq!(socket.poll(later + PAUSE), open());
    }

    #[test]
    fn a_socket_that_lasted_is_asked_for_again_after_the_first_pause() {
        let (mut socket, mut now) = (socket(), origin());
        socket.want(now);
        for (lasted, pause) in [(1, 1), (1, 2), (29, 4), (30, 1), (0, 2)] {
            assert_eq!(socket.poll(now), open());
            assert!(socket.on_opened(addr(), now));
            assert_eq!(socket.local(), Some(addr()));
            now += Duration::from_secs(lasted);
            assert!(socket.on_closed(now));
            assert_eq!(socket.local(), None);
            assert_eq!(socket.deadline(), Some(now + Duration::from_secs(pause)));
            now += Duration::from_secs(pause);
        }
    }

    #[test]
    fn a_new_one_is_asked_for_at_once_and_the_old_one_closed_first() {
        let (mut socket, now) = (socket(), origin());
        socket.renew(now);
        assert_eq!(socket.poll(now), None, "nobody wanted one");
        socket.want(now);
        assert_eq!(socket.poll(now), open());
        socket.renew(now);
        socket.renew(now);
        assert_eq!(socket.poll(now), Some(Step::Close { via: VIA }));
        assert_eq!(socket.poll(now), open());
        assert!(socket.on_opened(addr(), now));
        socket.drop();
        assert_eq!(socket.poll(now), Some(Step::Close { via: VIA }));
        assert_eq!((socket.poll(now), socket.deadline()), (None, None));
    }
}
