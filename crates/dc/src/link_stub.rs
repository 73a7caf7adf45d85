//! Placeholder until the network simulation is here.
use std::time::{Duration, Instant};

/// How a link treats datagrams.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkConfig {
    /// Share of datagrams lost, 0 to 1.
    pub loss: f64,
    /// Fixed delay.
    pub delay: Duration,
    /// Extra delay, uniform from 0.
    pub jitter: Duration,
}

#[derive(Debug)]
pub(crate) struct Link;
impl Link {
    pub(crate) fn new(_: LinkConfig, _: u64) -> Self {
        Self
    }
    pub(crate) fn send(&mut self, now: Instant) -> Option<Instant> {
        Some(now)
    }
}
