//! A recording in memory, for the verdict.

use std::sync::{Arc, Mutex, PoisonError};

use offhook_media::{Closing, MediaTime, Report, Sink};

/// What was heard, readable once the sink is closed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<i16>>>);

impl Heard {
    pub(crate) fn take(&self) -> Vec<i16> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Keeps samples up to a bound that is allocated at the start; what comes later is counted, not kept.
#[derive(Debug)]
pub(crate) struct MemorySink {
    samples: Vec<i16>,
    given: u64,
    heard: Heard,
}

impl MemorySink {
    /// Room for so many samples.
    pub(crate) fn new(most: usize) -> (Self, Heard) {
        let heard = Heard::default();
        (Self { samples: Vec::with_capacity(most), given: 0, heard: heard.clone() }, heard)
    }
}

impl Sink for MemorySink {
    fn write(&mut self, pcm: &[i16]) {
        let room = self.samples.capacity() - self.samples.len();
        self.samples.extend_from_slice(&pcm[..pcm.len().min(room)]);
        self.given += pcm.len() as u64;
    }

    fn close(mut self: Box<Self>) -> Closing {
        let length = MediaTime::from_samples(self.given);
        *self.heard.0.lock().unwrap_or_else(PoisonError::into_inner) = std::mem::take(&mut self.samples);
        Closing::done(Report { length, ..Report::default() })
    }
}
