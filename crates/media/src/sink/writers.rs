//! The threads that write: two for all files and FIFOs of the process, one for standard output.
//!
//! Two, so that one stuck disk costs at most half of the recordings. Each sleeps until a sink has a quarter of a
//! second, or has been closed; only a FIFO whose reader is slow makes it look again by itself.

use super::Report;
use super::queue::{Queue, Record};
use crate::MediaTime;
use crate::pool::{Next, Pool, Task, Waker};

/// How often a slow reader is offered the rest after the sink was closed, every 10 ms: two seconds.
const PATIENCE: u32 = 200;

/// Which thread writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Files and FIFOs.
    Shared,
    /// Standard output, which may block for ever.
    Stdout,
}

/// How a commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// Everything is written.
    Done,
    /// The other side is slow: there is a rest to write.
    Later,
}

/// What has been written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Samples of time.
    pub(super) samples: u64,
    pub(super) bytes: u64,
    /// Samples that found no reader.
    pub(super) lost: u64,
}

/// A format and a place. Runs on a writer thread.
pub(super) trait Backend: Send {
    /// Takes one record; writes nothing yet that could fail.
    fn take(&mut self, record: Record<'_>);
    /// Writes what was taken and leaves the file valid.
    fn commit(&mut self) -> std::io::Result<Flow>;
    /// Writes what ends the file. `commit` is called after.
    fn finish(&mut self) {}
    /// Gives up on the rest.
    fn abandon(&mut self) {}
    /// What has been written.
    fn tally(&self) -> Tally;
    /// Where.
    fn path(&self) -> Option<std::path::PathBuf>;
}

struct Job {
    queue: Queue,
    backend: Box<dyn Backend>,
    /// A rest waits for a slow reader.
    busy: bool,
    finished: bool,
    waited: u32,
    error: Option<String>,
    /// Samples thrown away after an error.
    discarded: u64,
}

/// Files and FIFOs.
static FILES: Pool<Job, 2> = Pool::new("offhook-write");
/// Standard output.
static STDOUT: Pool<Job, 1> = Pool::new("offhook-write");

/// Gives a sink to a writer thread. Locks for a moment: for openers, not for the media thread.
pub(super) fn adopt(lane: Lane, queue: Queue, backend: Box<dyn Backend>) -> std::io::Result<Waker> {
    let job = Job { queue, backend, busy: false, finished: false, waited: 0, error: None, discarded: 0 };
    match lane {
        Lane::Shared => FILES.adopt(job),
        Lane::Stdout => STDOUT.adopt(job),
    }
}

impl Task for Job {
    fn step(&mut self) -> Next {
        if !self.busy && !self.queue.is_wanted() {
            return Next::Woken;
        }
        match self.write() {
            true => Next::Done,
            // The other side of a FIFO cannot wake us.
            false if self.busy => Next::Soon,
            false => Next::Turn,
        }
    }
}

impl Job {
    /// Writes what there is; true when the sink is finished and reported.
    fn write(&mut self) -> bool {
        // Asked before looking: what was written before the sink was dropped is seen.
        let last = self.queue.is_abandoned();
        self.queue.listen();
        if self.busy {
            self.waited += u32::from(last);
            if self.waited > PATIENCE {
                self.backend.abandon();
            }
            self.commit();
            if self.busy {
                return false;
            }
        }
        if self.finished {
            return self.report();
        }
        let Self { queue, backend, error, discarded, .. } = self;
        while queue.take(|record| match error {
            None => backend.take(record),
            Some(_) => *discarded += samples(record),
        }) {}
        if last {
            let gap = queue.tail_gap();
            if gap > 0 && error.is_none() {
                backend.take(Record::Gap(gap));
            }
            backend.finish();
            self.finished = true;
        }
        self.commit();
        if self.finished && !self.busy { self.report() } else { false }
    }

    fn commit(&mut self) {
        self.busy = false;
        if self.error.is_some() {
            return;
        }
        match self.backend.commit() {
            Ok(Flow::Done) => {}
            Ok(Flow::Later) => self.busy = true,
            Err(error) => self.error = Some(error.to_string()),
        }
    }

    fn report(&mut self) -> bool {
        let tally = self.backend.tally();
        let (frames, lost) = self.queue.counts();
        // Nobody may be waiting for it.
        let _ = self.queue.report.send(Report {
            path: self.backend.path(),
            length: MediaTime::from_samples(tally.samples),
            frames,
            lost: MediaTime::from_samples(lost + tally.lost + self.discarded),
            bytes: tally.bytes,
            error: self.error.take(),
            parts: Vec::new(),
        });
        true
    }
}

fn samples(record: Record<'_>) -> u64 {
    match record {
        Record::Pcm(bytes) => bytes.len() as u64 / 2,
        Record::Packet(packet) => offhook_opus::packet::samples(packet).unwrap_or(0) as u64,
        Record::Gap(samples) => samples,
    }
}
