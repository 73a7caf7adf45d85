//! Where sound goes.
//!
//! [`open_sink`] turns a path into a [`Sink`]; what cannot be written is an error now. Files and FIFOs are written by
//! one thread for all of them, fed through a ring of one second each. A ring that is full loses its own sound, which
//! is counted and keeps its place as silence: time is the truth of a recording, and the call never waits for a disk.

mod spec;

use std::path::PathBuf;
use std::time::Duration;

pub use spec::{OpenSinkError, SinkFormat, SinkSpec, open_sink};

use crate::MediaTime;

/// Takes what is heard, a frame at a time.
///
/// Implement it to bring your own; then every method runs on the media thread and must not block.
pub trait Sink: Send {
    /// 48 kHz mono that was heard, silence included. Never blocks, never allocates.
    fn write(&mut self, pcm: &[i16]);

    /// Wants [`Sink::write_packet`] and [`Sink::write_gap`] instead of [`Sink::write`]: nothing need be decoded.
    fn wants_packets(&self) -> bool {
        false
    }

    /// A packet in the order of playing, `None` of it lost.
    fn write_packet(&mut self, packet: &[u8]) {
        let _ = packet;
    }

    /// No packet for this much time: lost, or the peer sent nothing.
    fn write_gap(&mut self, time: Duration) {
        let _ = time;
    }

    /// Finishes without waiting; the report comes through the handle. Dropping a sink finishes it too.
    fn close(self: Box<Self>) -> Closing;
}

/// A sink that is finishing.
#[derive(Debug)]
pub struct Closing(());

impl Closing {
    /// For custom sinks that are done at once.
    #[must_use]
    pub fn done(report: Report) -> Self {
        let _ = report;
        todo!()
    }

    /// Waits for the last byte. Not for the media thread.
    #[must_use]
    pub fn wait(self) -> Report {
        todo!()
    }

    /// The report, if it is there already.
    #[must_use]
    pub fn poll(&mut self) -> Option<Report> {
        todo!()
    }
}

/// What became of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Where it is.
    pub path: Option<PathBuf>,
    /// How long it is: all time that was given, lost sound included as silence.
    pub length: MediaTime,
    /// Engine frames given (or packets, for a sink of packets).
    pub frames: u64,
    /// Sound lost because the disk or the reader was too slow.
    pub lost: MediaTime,
    /// Bytes written, headers included.
    pub bytes: u64,
    /// Why writing stopped early, such as a full disk.
    pub error: Option<String>,
}

/// Takes everything, keeps nothing but the count.
#[derive(Debug, Default)]
pub struct NullSink {
    samples: u64,
}

impl NullSink {
    /// A fresh one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Sink for NullSink {
    fn write(&mut self, pcm: &[i16]) {
        self.samples += pcm.len() as u64;
    }

    fn close(self: Box<Self>) -> Closing {
        todo!()
    }
}

/// Several sinks that all get everything.
#[derive(Default)]
pub struct Tee {
    sinks: Vec<Box<dyn Sink>>,
}

impl Tee {
    /// Of these.
    #[must_use]
    pub fn new(sinks: Vec<Box<dyn Sink>>) -> Self {
        Self { sinks }
    }
}

impl Sink for Tee {
    fn write(&mut self, pcm: &[i16]) {
        self.sinks.iter_mut().for_each(|sink| sink.write(pcm));
    }

    fn close(self: Box<Self>) -> Closing {
        todo!()
    }
}
