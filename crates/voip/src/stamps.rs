//! When frames passed by, for measuring mouth-to-ear delay from outside.

use rustix::time::{ClockId, clock_gettime};

/// Seconds of `CLOCK_MONOTONIC` (the clock of Python's `time.monotonic()`) for each frame of 960 samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamps {
    /// When the n-th frame was taken from a source. Frames of one packet are taken together, as late as possible.
    pub sent: Vec<f64>,
    /// When the n-th frame was handed to the output.
    pub got: Vec<f64>,
    /// Frames that came when there was no room for their stamp.
    pub dropped: u64,
}

/// Room for stamps, taken once so that a frame costs two stores.
pub(crate) struct Recorder {
    sent: Vec<f64>,
    got: Vec<f64>,
    dropped: u64,
}

impl Recorder {
    /// For up to `frames` frames in each direction; the newest beyond that are only counted, so that the n-th stamp
    /// always belongs to the n-th frame.
    pub(crate) fn new(frames: usize) -> Self {
        Self { sent: Vec::with_capacity(frames), got: Vec::with_capacity(frames), dropped: 0 }
    }

    pub(crate) fn taken(&mut self, frames: usize) {
        let now = monotonic();
        for _ in 0..frames {
            self.dropped += u64::from(!push_within(&mut self.sent, now));
        }
    }

    pub(crate) fn handed(&mut self) {
        self.dropped += u64::from(!push_within(&mut self.got, monotonic()));
    }

    pub(crate) fn into_stamps(self) -> Stamps {
        Stamps { sent: self.sent, got: self.got, dropped: self.dropped }
    }
}

/// Pushes without ever growing; false when there is no room.
fn push_within(list: &mut Vec<f64>, value: f64) -> bool {
    let room = list.len() < list.capacity();
    if room {
        list.push(value);
    }
    room
}

/// Seconds of `CLOCK_MONOTONIC`. `Instant` reads the same clock but does not tell its value.
fn monotonic() -> f64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_beyond_the_room_are_counted_and_the_first_ones_stay() {
        let mut recorder = Recorder::new(4);
        let room = recorder.sent.capacity();
        recorder.taken(room + 3);
        recorder.handed();
        let first = recorder.sent[0];
        let stamps = recorder.into_stamps();
        assert_eq!((stamps.sent.len(), stamps.got.len(), stamps.dropped), (room, 1, 3));
        assert_eq!(stamps.sent[0], first);
        assert!(stamps.got[0] >= first);
    }

    #[test]
    fn the_clock_is_the_one_that_counts_since_boot() {
        let uptime: f64 =
            std::fs::read_to_string("/proc/uptime").unwrap().split(' ').next().unwrap().parse().unwrap();
        // CLOCK_MONOTONIC and the uptime differ by time asleep and by a container's offset; on a machine that
        // never sleeps, by nothing.
        let now = monotonic();
        assert!(now > 0.0 && now <= uptime + 1.0, "{now} {uptime}");
    }
}
