//! How others wake a shard.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd};
use rustix::fd::OwnedFd;

use super::ready::{Interest, Readiness, Source};

/// Wakes a shard that waits for datagrams.
pub(crate) struct Bell {
    event: OwnedFd,
    rung: AtomicBool,
}

impl Bell {
    pub(crate) fn new() -> io::Result<Self> {
        let event = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?;
        Ok(Self { event, rung: AtomicBool::new(false) })
    }

    /// Something was put into a queue.
    pub(crate) fn ring(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            // Fails only when the counter is full, and then the shard wakes anyway.
            let _ = rustix::io::write(&self.event, &1_u64.to_ne_bytes());
        }
    }

    /// Before the queues are looked at, so that what comes later rings again.
    pub(super) fn silence(&self) {
        if self.rung.swap(false, Ordering::AcqRel) {
            let _ = rustix::io::read(&self.event, &mut [0_u8; 8]);
        }
    }

    pub(super) fn watched_by(&self, ready: &Readiness) -> io::Result<()> {
        ready.watch(&self.event, Source::Bell, Interest::Read)
    }

    pub(super) fn poll_fd(&self) -> PollFd<'_> {
        PollFd::new(&self.event, PollFlags::IN)
    }
}
