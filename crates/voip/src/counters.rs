//! Counts of a shard that others may read at any time.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use crate::{Lateness, Outcome, Outcomes};

/// A frame later than this is counted.
pub(crate) const LATE: Duration = Duration::from_millis(5);

/// Written by one shard, read by anybody.
#[derive(Default)]
pub(crate) struct Counters {
    /// Calls assigned to the shard, those on their way to it included.
    pub(crate) calls: AtomicUsize,
    pub(crate) late_frames: AtomicU64,
    pub(crate) datagrams_in: AtomicU64,
    pub(crate) datagrams_out: AtomicU64,
    pub(crate) datagrams_unknown: AtomicU64,
    pub(crate) send_failures: AtomicU64,
    /// Sockets that calls own.
    pub(crate) own_sockets: AtomicUsize,
    pub(crate) sockets_opened: AtomicU64,
    pub(crate) socket_failures: AtomicU64,
    pub(crate) stream_dropped: AtomicU64,
    pub(crate) signals_dropped: AtomicU64,
    pub(crate) stepped_down: AtomicU64,
    pub(crate) cpu_nanos: AtomicU64,
    pub(crate) codec_nanos: AtomicU64,
    /// Share of the time the thread worked lately, per mille.
    pub(crate) load: AtomicU32,
    /// Typical lateness lately, microseconds.
    pub(crate) lag: AtomicU32,
    pub(crate) lateness: Histogram,
}

/// Adds to a counter that only one thread writes; cheaper than a locked addition.
pub(crate) fn add(counter: &AtomicU64, more: u64) {
    counter.store(counter.load(Relaxed) + more, Relaxed);
}

/// Eight buckets per octave from 16 µs to 8 s.
const PER_OCTAVE: u32 = 8;
const FIRST: u64 = 16;
const BUCKETS: usize = 19 * PER_OCTAVE as usize + 1;

/// Lateness of frames. Recording costs two stores.
pub(crate) struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    max: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: std::array::from_fn(|_| AtomicU64::new(0)), max: AtomicU64::new(0) }
    }
}

impl Histogram {
    pub(crate) fn record(&self, late: Duration) {
        let micros = late.as_micros() as u64;
        add(&self.buckets[bucket(micros)], 1);
        if micros > self.max.load(Relaxed) {
            self.max.store(micros, Relaxed);
        }
    }

    fn add_to(&self, sum: &mut [u64; BUCKETS]) -> u64 {
        for (sum, bucket) in sum.iter_mut().zip(&self.buckets) {
            *sum += bucket.load(Relaxed);
        }
        self.max.load(Relaxed)
    }
}

/// Lateness over several shards.
pub(crate) fn lateness<'a>(histograms: impl Iterator<Item = &'a Histogram>) -> LatenessCounts {
    let mut counts = LatenessCounts::default();
    counts.max = histograms.map(|histogram| histogram.add_to(&mut counts.buckets)).max().unwrap_or(0);
    counts
}

/// How many frames were how late, for taking the difference of two moments or the sum of two engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatenessCounts {
    buckets: [u64; BUCKETS],
    /// Microseconds.
    max: u64,
}

impl Default for LatenessCounts {
    fn default() -> Self {
        Self { buckets: [0; BUCKETS], max: 0 }
    }
}

impl LatenessCounts {
    /// What was counted after `before`. Its maximum is exact when it lies in this time, else right within an eighth.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let mut buckets = self.buckets;
        buckets.iter_mut().zip(&before.buckets).for_each(|(now, then)| *now = now.saturating_sub(*then));
        let highest = buckets.iter().rposition(|count| *count > 0);
        Self { max: highest.map_or(0, |bucket| upper(bucket).min(self.max)), buckets }
    }

    /// Both counts together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut buckets = self.buckets;
        buckets.iter_mut().zip(&other.buckets).for_each(|(sum, more)| *sum += more);
        Self { buckets, max: self.max.max(other.max) }
    }

    /// Frames, quantiles and the latest.
    #[must_use]
    pub fn summary(&self) -> Lateness {
        summary(&self.buckets, self.max)
    }
}

fn summary(sum: &[u64; BUCKETS], max: u64) -> Lateness {
    let frames: u64 = sum.iter().sum();
    let quantile = |share: f64| {
        let wanted = (frames as f64 * share).ceil() as u64;
        let mut below = 0;
        let at = sum.iter().position(|count| {
            below += count;
            below >= wanted
        });
        Duration::from_micros(at.map_or(0, upper).min(max))
    };
    if frames == 0 {
        return Lateness::default();
    }
    Lateness { frames, p50: quantile(0.5), p99: quantile(0.99), max: Duration::from_micros(max) }
}

fn bucket(micros: u64) -> usize {
    if micros < FIRST {
        return 0;
    }
    let octave = micros.ilog2();
    let within = (micros >> (octave - 3)) & 7;
    let index = (octave - FIRST.ilog2()) * PER_OCTAVE + within as u32 + 1;
    (index as usize).min(BUCKETS - 1)
}

/// The largest lateness a bucket holds, microseconds.
fn upper(bucket: usize) -> u64 {
    if bucket == 0 {
        return FIRST - 1;
    }
    let index = bucket as u32 - 1;
    let octave = index / PER_OCTAVE + FIRST.ilog2();
    let within = u64::from(index % PER_OCTAVE);
    (1 << octave) + ((within + 1) << (octave - 3)) - 1
}

/// Calls that are over, of a whole engine.
#[derive(Default)]
pub(crate) struct OutcomeCounters {
    completed: AtomicU64,
    cancelled: AtomicU64,
    connect_failed: AtomicU64,
    key_mismatch: AtomicU64,
    media_lost: AtomicU64,
    incompatible: AtomicU64,
    internal: AtomicU64,
}

impl OutcomeCounters {
    pub(crate) fn count(&self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Completed(_) => &self.completed,
            Outcome::Cancelled(_) => &self.cancelled,
            Outcome::ConnectFailed => &self.connect_failed,
            Outcome::KeyMismatch => &self.key_mismatch,
            Outcome::MediaLost => &self.media_lost,
            Outcome::Incompatible | Outcome::WrongCall => &self.incompatible,
            Outcome::Internal => &self.internal,
        };
        counter.fetch_add(1, Relaxed);
    }

    pub(crate) fn read(&self) -> Outcomes {
        Outcomes {
            completed: self.completed.load(Relaxed),
            cancelled: self.cancelled.load(Relaxed),
            connect_failed: self.connect_failed.load(Relaxed),
            key_mismatch: self.key_mismatch.load(Relaxed),
            media_lost: self.media_lost.load(Relaxed),
            incompatible: self.incompatible.load(Relaxed),
            internal: self.internal.load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lateness_lies_in_its_bucket_within_an_eighth() {
        let mut before = 0;
        for micros in 0..5_000_000_u64 {
            if micros > 100_000 && micros % 97 != 0 {
                continue;
            }
            let bucket = bucket(micros);
            assert!(bucket >= before, "{micros}");
            before = bucket;
            assert!(upper(bucket) >= micros, "{micros}: {bucket} reaches only {}", upper(bucket));
            assert!(micros < 16 || upper(bucket) <= micros + micros / 8 + 1, "{micros}: {}", upper(bucket));
        }
    }

    #[test]
    fn quantiles_of_two_shards_count_together() {
        let (one, two) = (Histogram::default(), Histogram::default());
        (0..98).for_each(|_| one.record(Duration::from_micros(100)));
        two.record(Duration::from_micros(9_000));
        two.record(Duration::from_micros(70_000));
        let all = lateness([&one, &two].into_iter()).summary();
        assert_eq!((all.frames, all.max), (100, Duration::from_millis(70)));
        assert_eq!(all.p50, Duration::from_micros(103));
        assert!(all.p99 >= Duration::from_millis(9) && all.p99 < Duration::from_millis(11), "{all:?}");
    }

    #[test]
    fn nothing_measured_is_no_lateness() {
        assert_eq!(lateness([&Histogram::default()].into_iter()).summary(), Lateness::default());
    }

    #[test]
    fn what_was_late_before_a_moment_does_not_count_after_it() {
        let histogram = Histogram::default();
        histogram.record(Duration::from_millis(300));
        let before = lateness([&histogram].into_iter());
        (0..100).for_each(|_| histogram.record(Duration::from_micros(500)));
        let after = lateness([&histogram].into_iter());
        let since = after.since(&before).summary();
        assert_eq!(since.frames, 100);
        assert!((500..563).contains(&since.max.as_micros()), "{since:?}");
        assert_eq!(after.and(&after).summary().frames, 202);
        assert_eq!(after.since(&after).summary(), Lateness::default());
    }
}
