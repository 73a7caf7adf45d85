//! Where sound goes.
//!
//! [`open_sink`] turns a path into a [`Sink`]; what cannot be written is an error now. Files and FIFOs are written by
//! one thread for all of them, fed through a ring of one second each. A ring that is full loses its own sound, which
//! is counted and keeps its place as silence: time is the truth of a recording, and the call never waits for a disk.

mod ogg;
mod pcm;
mod queue;
mod spec;
mod writers;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

pub use spec::{OpenSinkError, SinkFormat, SinkSpec, open_sink};

use crate::MediaTime;

/// Takes what is heard, a frame at a time.
///
/// Implement it to bring your own; then every method runs on the media thread and must not block.
pub trait Sink: Send {
    /// 48 kHz mono that was heard, silence included. Never blocks, never allocates.
    fn write(&mut self, pcm: &[i16]);

    /// Wants [`Sink::write`]. When nobody does, nothing need be decoded.
    fn wants_pcm(&self) -> bool {
        !self.wants_packets()
    }

    /// Wants [`Sink::write_packet`] and [`Sink::write_gap`].
    fn wants_packets(&self) -> bool {
        false
    }

    /// The packet of the next piece of time, in the order of playing.
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
pub struct Closing(State);

#[derive(Debug)]
enum State {
    Waiting(Receiver<Report>),
    Many(Vec<Closing>),
    Done(Report),
}

impl Closing {
    /// For custom sinks that are done at once.
    #[must_use]
    pub fn done(report: Report) -> Self {
        Self(State::Done(report))
    }

    fn of(report: Receiver<Report>) -> Self {
        Self(State::Waiting(report))
    }

    /// Waits for the last byte. Not for the media thread.
    #[must_use]
    pub fn wait(self) -> Report {
        match self.0 {
            State::Done(report) => report,
            State::Waiting(receiver) => receiver.recv().unwrap_or_else(|_| Report::unknown()),
            State::Many(parts) => Report::of_many(parts.into_iter().map(Self::wait).collect()),
        }
    }

    /// The report, if it is there already. Never waits.
    #[must_use]
    pub fn poll(&mut self) -> Option<Report> {
        let report = match &mut self.0 {
            State::Done(report) => return Some(report.clone()),
            State::Waiting(receiver) => match receiver.try_recv() {
                Ok(report) => report,
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => Report::unknown(),
            },
            State::Many(parts) => {
                for part in parts.iter_mut() {
                    let report = part.poll()?;
                    part.0 = State::Done(report);
                }
                Report::of_many(parts.iter_mut().filter_map(Self::poll).collect())
            }
        };
        self.0 = State::Done(report.clone());
        Some(report)
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
    /// The reports of the parts, when there are several.
    pub parts: Vec<Report>,
}

impl Report {
    fn unknown() -> Self {
        Self { error: Some("the writer thread is gone".into()), ..Self::default() }
    }

    /// Length and frames of the longest; loss and bytes of all; the first error.
    fn of_many(parts: Vec<Self>) -> Self {
        Self {
            path: None,
            length: parts.iter().map(|part| part.length).max().unwrap_or_default(),
            frames: parts.iter().map(|part| part.frames).max().unwrap_or_default(),
            lost: parts.iter().map(|part| part.lost).fold(MediaTime::ZERO, |sum, lost| sum + lost),
            bytes: parts.iter().map(|part| part.bytes).sum(),
            error: parts.iter().find_map(|part| part.error.clone()),
            parts,
        }
    }
}

/// Takes everything, keeps nothing but the count.
#[derive(Debug, Default)]
pub struct NullSink {
    samples: u64,
    frames: u64,
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
        self.frames += 1;
    }

    fn close(self: Box<Self>) -> Closing {
        let length = MediaTime::from_samples(self.samples);
        Closing::done(Report { length, frames: self.frames, ..Report::default() })
    }
}

/// Several sinks that all get everything. Sinks of packets among them get packets, the others PCM.
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

    /// The sinks that take packets, or those that take PCM.
    fn those(&mut self, packets: bool) -> impl Iterator<Item = &mut Box<dyn Sink>> {
        self.sinks
            .iter_mut()
            .filter(move |sink| if packets { sink.wants_packets() } else { sink.wants_pcm() })
    }
}

impl Sink for Tee {
    fn write(&mut self, pcm: &[i16]) {
        self.those(false).for_each(|sink| sink.write(pcm));
    }

    fn wants_pcm(&self) -> bool {
        self.sinks.iter().any(|sink| sink.wants_pcm())
    }

    fn wants_packets(&self) -> bool {
        self.sinks.iter().any(|sink| sink.wants_packets())
    }

    fn write_packet(&mut self, packet: &[u8]) {
        self.those(true).for_each(|sink| sink.write_packet(packet));
    }

    fn write_gap(&mut self, time: Duration) {
        self.those(true).for_each(|sink| sink.write_gap(time));
    }

    fn close(self: Box<Self>) -> Closing {
        Closing(State::Many(self.sinks.into_iter().map(|sink| sink.close()).collect()))
    }
}
