//! How a call came about: the stages with their times, and what became of every pair of addresses.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::paths::{PathReport, PathState};
use super::session::SessionStats;
use super::transport::{Pair, Route, TransportStats};
use super::{SignallingStats, Version};
use crate::{FailReason, Role};

/// What was tried to connect, and how it went.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectReport {
    /// The version both sides agreed on.
    pub version: Version,
    /// Which end this is.
    pub role: Role,
    /// Why it came to nothing, or ended, if it did.
    pub failure: Option<FailReason>,
    /// When each stage was reached for the first time, after the start; in the order of time.
    pub stages: Vec<(Stage, Duration)>,
    /// Every pair of addresses that was tried, the one in use first.
    pub pairs: Vec<PairReport>,
    /// Every server and socket.
    pub paths: Vec<PathReport>,
    /// What the signalling did.
    pub signalling: SignallingStats,
    /// What of the peer's messages was not followed.
    pub session: SessionStats,
    /// What came of restarts of ICE.
    pub restarts: RestartStats,
    /// What of the peer's datagrams was not followed.
    pub transport: TransportStats,
    /// Packets of the peer's stream with nothing but padding, by which it measures the path.
    pub padding: u64,
}

/// Restarts of ICE: new credentials on both sides, after contact was lost or a network changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestartStats {
    /// This side asked for one.
    pub begun: u64,
    /// Both sides have taken new credentials, whoever asked.
    pub agreed: u64,
    /// Not asked for at once, because the last one was too young.
    pub put_off: u64,
    /// Not asked for: the peer does not follow restarts, or there were too many.
    pub refused: u64,
}

/// A step on the way to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The first own address was found.
    Gathered,
    /// The first message of the peer arrived.
    Heard,
    /// Its credentials arrived.
    Trusted,
    /// It answered our offer.
    Agreed,
    /// A pair of addresses works.
    Reached,
    /// The keys are exchanged: the call is established.
    Connected,
    /// Its first sound arrived.
    FirstAudio,
}

impl Stage {
    /// A word for it, lower case with hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gathered => "gathered",
            Self::Heard => "heard",
            Self::Trusted => "trusted",
            Self::Agreed => "agreed",
            Self::Reached => "reached",
            Self::Connected => "connected",
            Self::FirstAudio => "first-audio",
        }
    }
}

/// A pair of addresses. Those of relays are made up where the relay does not give its clients addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PairReport {
    /// This side's address.
    pub local: SocketAddr,
    /// The peer's address.
    pub remote: SocketAddr,
    /// Checks sent.
    pub asked: u32,
    /// Checks answered.
    pub answered: u32,
    /// Round trip of the last one answered.
    pub rtt: Option<Duration>,
    /// What became of it.
    pub outcome: PairOutcome,
}

/// What became of a pair of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PairOutcome {
    /// It carries the media, or carried it at the end.
    InUse,
    /// It was in use before.
    Left,
    /// It works, another was preferred.
    Spare,
    /// No check was ever answered: blocked on the way, or refused as a pair of a relay and a real address.
    Unanswered,
}

impl PairOutcome {
    /// A word for it, lower case with hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::InUse => "in-use",
            Self::Left => "left",
            Self::Spare => "spare",
            Self::Unanswered => "unanswered",
        }
    }
}

impl fmt::Display for ConnectReport {
    /// One line for people: the stages, the pair that won, and how many others there were.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {}", self.version)?;
        for (stage, at) in &self.stages {
            write!(f, ", {} {:.0} ms", stage.name(), at.as_secs_f64() * 1e3)?;
        }
        let count = |outcome| self.pairs.iter().filter(|pair| pair.outcome == outcome).count();
        match self.pairs.iter().find(|pair| pair.outcome == PairOutcome::InUse) {
            Some(pair) => {
                write!(f, "; through {} to {}", pair.local, pair.remote)?;
                if let Some(rtt) = pair.rtt {
                    write!(f, " ({:.1} ms)", rtt.as_secs_f64() * 1e3)?;
                }
            }
            None => f.write_str("; no pair of addresses worked")?,
        }
        for outcome in [PairOutcome::Left, PairOutcome::Spare, PairOutcome::Unanswered] {
            if count(outcome) > 0 {
                write!(f, ", {} {}", count(outcome), outcome.name())?;
            }
        }
        if self.restarts.agreed > 0 {
            write!(f, "; {} restarts", self.restarts.agreed)?;
        }
        let ready = self.paths.iter().filter(|path| path.state == PathState::Ready).count();
        write!(f, "; {ready} of {} servers answered", self.paths.len())?;
        match self.failure {
            Some(failure) => write!(f, "; failed: {failure}"),
            None => Ok(()),
        }
    }
}

/// When stages were reached.
#[derive(Debug)]
pub(super) struct Stages {
    start: Instant,
    reached: Vec<(Stage, Duration)>,
}

impl Stages {
    pub(super) fn new(start: Instant) -> Self {
        Self { start, reached: Vec::with_capacity(8) }
    }

    pub(super) fn reach(&mut self, stage: Stage, now: Instant) {
        if self.reached.iter().all(|(reached, _)| *reached != stage) {
            self.reached.push((stage, now.saturating_duration_since(self.start)));
        }
    }

    pub(super) fn list(&self) -> Vec<(Stage, Duration)> {
        self.reached.clone()
    }
}

pub(super) fn pairs<'a>(routes: impl Iterator<Item = &'a Route>, current: Option<Pair>) -> Vec<PairReport> {
    let report = |route: &Route| PairReport {
        local: route.pair.0,
        remote: route.pair.1,
        asked: route.asked,
        answered: route.answered,
        rtt: route.rtt,
        outcome: match route.answered {
            _ if Some(route.pair) == current => PairOutcome::InUse,
            _ if route.nominated => PairOutcome::Left,
            0 => PairOutcome::Unanswered,
            _ => PairOutcome::Spare,
        },
    };
    let mut pairs: Vec<_> = routes.map(report).collect();
    pairs.sort_by_key(|pair| (pair.outcome != PairOutcome::InUse, pair.answered == 0));
    pairs
}
