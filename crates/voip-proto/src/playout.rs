//! The receiving side of the sound: what to play next.
//!
//! The buffer is pulled: whoever plays asks for more when its decoded sound runs short. A frame waits for the time that
//! nearly all frames need to get here ([`delay`]), measured from its own timestamp, so that one place in it is one
//! moment of the speaker. Rules, against the weaknesses listed in libtgvoip.md 7.6:
//!
//! * A timestamp that is missing while a later one is there is a loss. It is filled from a redundant copy, else from the
//!   in-band redundancy of the following packet (which is played all the same afterwards), else concealed in steps of
//!   20 ms; if the frame arrives during these steps it is still played.
//! * Nothing there at all is either lateness or a pause; the next arrival tells: a burst means lateness, a steady rhythm
//!   means that the sender's clock stood still.
//! * Depth changes by stretching single frames by up to 20 ms, and never by throwing sound away unless the buffer is
//!   half a second too deep.
//! * A timestamp that runs back on a newer packet means that the sender started anew.

mod buffer;
mod delay;

use std::time::{Duration, Instant};

use buffer::{Buffer, Frame, Stored};
use delay::Delays;

use crate::{Stats, toc};

/// By how much the time-stretcher should change the length of a frame, at most 20 ms. A wish: it may do less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// Play as it is.
    #[default]
    None,
    /// Play it in less time: the buffer is deeper than it has to be.
    Shorten(Duration),
    /// Play it in more time: the buffer is too shallow.
    Lengthen(Duration),
}

/// The next piece of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playout {
    /// Decode the packet in the buffer. `copy`: it is a redundant copy whose encoder may be another than the primary one's.
    Frame {
        /// What the packet holds, read from its Opus header.
        duration: Duration,
        /// How to stretch it.
        stretch: Stretch,
        /// It came as a redundant copy.
        copy: bool,
    },
    /// Decode the packet in the buffer for its in-band redundancy: it gives the frame before it. The packet itself comes
    /// again as the next [`Playout::Frame`].
    Recovered {
        /// The length of the missing frame.
        duration: Duration,
    },
    /// Nothing is there though the peer speaks: extrapolate.
    Conceal {
        /// For how long.
        duration: Duration,
    },
    /// Nothing is there and nothing is expected: fade to silence.
    Silence {
        /// For how long.
        duration: Duration,
    },
}

impl Playout {
    /// How much sound this is, before any stretch.
    pub fn duration(self) -> Duration {
        match self {
            Self::Frame { duration, .. }
            | Self::Recovered { duration }
            | Self::Conceal { duration }
            | Self::Silence { duration } => duration,
        }
    }
}

/// The step of concealment and of waiting: the engine's tick.
const STEP_US: i64 = 20_000;
/// Waiting time beyond the measured spread: timers and threads are not exact.
const MARGIN_US: i64 = 6000;
/// The least a frame waits on a perfect path.
const LEAST_US: i64 = 10_000;
/// The most: beyond it a conversation is no longer one.
const MOST_US: i64 = 600_000;
/// What the first frame waits while nothing is known about the path.
const OPENING_US: i64 = 40_000;
/// The path counts as known after so long.
const KNOWN_AFTER_US: i64 = 1_500_000;
/// A delay that rises by this much at once is a pause, or a stall.
const RISE_US: i64 = 150_000;
/// A timestamp that runs ahead of the clock by this much is a jump.
const JUMP_US: i64 = 1_000_000;
/// Sound is thrown away when the buffer is this much too deep…
const SKIP_US: i64 = 500_000;
/// … or this much, and something was already played in its place.
const SKIP_FILLED_US: i64 = 240_000;
/// After trouble the depth is not reduced for so long.
const CALM_US: i64 = 1_000_000;
/// Time between two reductions of the depth, unless it is far too deep.
const SHORTEN_EVERY_US: i64 = 180_000;
/// Extrapolation sounds like speech for about so long.
const FADE_AFTER_US: i64 = 160_000;

/// The jitter buffer of one stream. All times inside are microseconds; timestamps have their own zero.
#[derive(Debug)]
pub(crate) struct Jitter {
    epoch: Instant,
    buffer: Buffer,
    delays: Delays,
    /// The timestamp to play next. `None` until the first frame.
    next: Option<i64>,
    /// A frame has been played.
    opened: bool,
    /// The buffer has run empty since the last frame.
    dry: bool,
    /// Sound already invented in place of `next`.
    covered: i64,
    /// Sound invented since the last frame.
    invented: i64,
    /// Newest primary by packet number: (timestamp, arrival).
    newest: Option<(i64, i64)>,
    /// First timestamp since the sender started: (timestamp, arrival).
    origin: (i64, i64),
    /// What a timestamp on the wire counts.
    clock: Clock,
    /// The last timestamp on the wire, which has 32 bits, and the same extended.
    last_wire: Option<(u32, i64)>,
    /// Sound per frame.
    step: i64,
    muted: bool,
    calm_until: i64,
    shortened_at: i64,
    depth: i64,
}

/// What the timestamps of a stream count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Milliseconds, as in libtgvoip.
    Millis,
    /// Samples at 48 kHz, as RTP counts Opus (RFC 7587).
    Samples,
}

impl Clock {
    /// The same in microseconds. Frames of Opus are multiples of 2.5 ms, so that their distances stay exact.
    fn micros(self, ticks: i64) -> i64 {
        match self {
            Self::Millis => ticks * 1000,
            Self::Samples => (ticks * 125).div_euclid(6),
        }
    }
}

/// One frame as it came from the network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived<'a> {
    pub(crate) at: Instant,
    pub(crate) pts: u32,
    pub(crate) data: &'a [u8],
    /// The packet is the newest by its number: its timestamp says where the sender is.
    pub(crate) newest: bool,
}

impl Jitter {
    pub(crate) fn new(now: Instant, clock: Clock) -> Self {
        Self {
            epoch: now,
            buffer: Buffer::new(),
            delays: Delays::new(),
            next: None,
            opened: false,
            dry: true,
            covered: 0,
            invented: 0,
            newest: None,
            origin: (0, 0),
            clock,
            last_wire: None,
            step: 60_000,
            muted: false,
            calm_until: 0,
            shortened_at: 0,
            depth: 0,
        }
    }

    /// The peer says that it is muted or speaks again.
    pub(crate) fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// Takes the primary frame of a packet. False when it is no Opus packet.
    pub(crate) fn insert(&mut self, arrived: Arrived<'_>, stats: &mut Stats) -> bool {
        let Some(duration) = toc::duration(arrived.data) else { return false };
        let (at, duration) = (self.micros(arrived.at), duration.as_micros() as i64);
        let pts = self.unwrap_pts(arrived.pts);
        self.step = duration;
        if arrived.newest {
            self.follow_sender(pts, at, stats);
        }
        match self.next {
            None => (self.next, self.origin) = (Some(pts), (pts, at)),
            // Nothing has been played: an overtaken frame may still be the first.
            Some(next) if !self.opened => self.next = Some(next.min(pts)),
            Some(_) => {}
        }
        let (playable, first) = self.buffer.note(pts, true);
        if playable {
            self.delays.add(at, at - pts);
        }
        if !first {
            stats.frames_duplicate += 1;
            return true;
        }
        stats.frames_received += 1;
        let redundant = toc::has_redundancy(arrived.data);
        if redundant && pts - duration >= self.origin.0 {
            self.note_redundancy(pts - duration, at);
        }
        if self.next.is_some_and(|next| pts < next) {
            stats.frames_late += 1;
            self.calm_until = at + CALM_US;
            return true;
        }
        let frame = Frame { pts, duration, copy: false, redundant };
        if self.buffer.insert(frame, arrived.data) == Stored::Evicted {
            stats.frames_skipped += 1;
            self.next = self.buffer.first().map(|frame| frame.pts).or(self.next);
            self.covered = 0;
        }
        true
    }

    /// Takes a redundant copy for the frame `distance` before the one with the timestamp `of`.
    pub(crate) fn insert_copy(&mut self, at: Instant, of: u32, distance: u8, data: &[u8]) {
        let pts = self.unwrap_pts(of) - i64::from(distance) * self.step;
        if distance > 0 {
            self.insert_earlier(at, pts, data);
        }
    }

    /// Takes a redundant copy for the frame `offset` ticks before the timestamp `of`.
    pub(crate) fn insert_redundant(&mut self, at: Instant, of: u32, offset: u32, data: &[u8]) {
        self.unwrap_pts(of);
        let of = self.last_wire.map_or(0, |(_, ticks)| ticks);
        if offset > 0 {
            self.insert_earlier(at, self.clock.micros(of - i64::from(offset)), data);
        }
    }

    fn insert_earlier(&mut self, at: Instant, pts: i64, data: &[u8]) {
        let (Some(duration), Some(next)) = (toc::duration(data), self.next) else { return };
        let (at, duration) = (self.micros(at), duration.as_micros() as i64);
        if pts < self.origin.0 && self.opened {
            return;
        }
        self.note_redundancy(pts, at);
        if pts < next && self.opened {
            return;
        }
        self.next = Some(next.min(pts));
        self.buffer.insert(Frame { pts, duration, copy: true, redundant: false }, data);
    }

    /// The next piece of sound. See [`crate::Call::pull_frame`].
    pub(crate) fn pull(
        &mut self,
        now: Instant,
        queued: Duration,
        out: &mut Vec<u8>,
        stats: &mut Stats,
    ) -> Playout {
        out.clear();
        let now = self.micros(now);
        let mut playout = self.choose(now, out, stats);
        if let Playout::Frame { stretch, .. } = &mut playout {
            *stretch = self.stretch(now, stats);
        }
        if let Playout::Frame { duration, .. } | Playout::Recovered { duration } = playout {
            self.next = self.next.map(|next| next + duration.as_micros() as i64);
            (self.opened, self.dry, self.covered, self.invented) = (true, false, 0, 0);
        }
        stats.jitter_target = micros(self.target(now));
        stats.jitter_depth = micros(self.depth.max(0)) + queued;
        playout
    }

    /// Decides what is next. For a frame, `next` is still its timestamp afterwards.
    fn choose(&mut self, now: i64, out: &mut Vec<u8>, stats: &mut Stats) -> Playout {
        loop {
            let Some(next) = self.next else { return silence() };
            let Some(first) = self.buffer.first() else { return self.wait(now, stats) };
            let depth = now - self.delays.base() - first.pts;
            let excess = depth - self.target(now);
            if first.pts - next > self.step / 4 {
                match self.bridge(first, excess, out, stats) {
                    Some(playout) => return playout,
                    None => continue,
                }
            }
            // Not playing anyway: wait until the frame is due instead of stretching it later.
            if self.dry && excess < 0 {
                return self.conceal(stats);
            }
            if excess > SKIP_US || excess > SKIP_FILLED_US && self.covered >= first.duration {
                self.skip(first, stats);
                continue;
            }
            (self.next, self.depth) = (Some(first.pts), depth);
            self.buffer.take_first(out);
            if first.copy {
                stats.frames_recovered += 1;
                stats.frames_lost += 1;
            } else {
                stats.frames_played += 1;
            }
            let duration = micros(first.duration);
            return Playout::Frame { duration, stretch: Stretch::None, copy: first.copy };
        }
    }

    /// The buffer is empty.
    fn wait(&mut self, now: i64, stats: &mut Stats) -> Playout {
        self.dry = true;
        self.calm_until = now + CALM_US;
        self.conceal(stats)
    }

    /// Invents one step of sound.
    fn conceal(&mut self, stats: &mut Stats) -> Playout {
        self.covered += STEP_US;
        self.invented += STEP_US;
        if self.muted || !self.opened || self.invented > FADE_AFTER_US {
            return silence();
        }
        stats.concealed += micros(STEP_US);
        Playout::Conceal { duration: micros(STEP_US) }
    }

    /// Gives up a frame that would keep the buffer too deep.
    fn skip(&mut self, first: Frame, stats: &mut Stats) {
        self.buffer.drop_first();
        stats.frames_skipped += 1;
        self.covered = (self.covered - first.duration).max(0);
        self.next = Some(first.pts + first.duration);
    }

    /// `next` is missing and `first` comes after it. `None` = the gap has become smaller, look again.
    fn bridge(&mut self, first: Frame, excess: i64, out: &mut Vec<u8>, stats: &mut Stats) -> Option<Playout> {
        let next = self.next.expect("a gap lies between two timestamps");
        let gap = first.pts - next;
        let adjoins = gap <= first.duration + self.step / 4;
        // Recovering takes `gap`. After some concealment it also makes the buffer deeper: only if that is wanted anyway.
        if adjoins && first.redundant && (self.covered <= STEP_US || excess + gap < 0) {
            self.buffer.copy_first(out);
            stats.frames_recovered += 1;
            stats.frames_lost += 1;
            return Some(Playout::Recovered { duration: micros(gap) });
        }
        let one = self.step.min(gap);
        if self.covered >= one {
            self.next = Some(next + one);
            self.covered -= one;
            stats.frames_lost += 1;
            stats.frames_concealed += 1;
            return None;
        }
        // `first` is overdue: the rest of the gap is not worth waiting for.
        if excess >= 2 * STEP_US || gap > 8 * self.step && excess >= 0 {
            let frames = (gap + self.step / 2) / self.step;
            stats.frames_lost += frames as u64;
            stats.frames_concealed += frames as u64;
            (self.next, self.covered) = (Some(first.pts), 0);
            return None;
        }
        Some(self.conceal(stats))
    }

    /// How long a frame should wait.
    fn target(&self, now: i64) -> i64 {
        let least = if now - self.origin.1 < KNOWN_AFTER_US { OPENING_US } else { LEAST_US };
        (self.delays.spread() + MARGIN_US).clamp(least, MOST_US)
    }

    /// How the frame at `depth` should be stretched.
    fn stretch(&mut self, now: i64, stats: &mut Stats) -> Stretch {
        let excess = self.depth - self.target(now);
        if excess < -MARGIN_US {
            stats.lengthened += 1;
            return Stretch::Lengthen(micros((-excess).min(STEP_US)));
        }
        let hurry = excess > 5 * STEP_US;
        if !hurry && (now < self.calm_until || now - self.shortened_at < SHORTEN_EVERY_US) {
            return Stretch::None;
        }
        let slack = STEP_US + 3000 + self.delays.spread() / 8;
        if excess <= slack {
            return Stretch::None;
        }
        self.shortened_at = now;
        stats.shortened += 1;
        Stretch::Shorten(micros(STEP_US))
    }

    /// Follows the sender's clock and notices when it starts anew, stands still or jumps.
    fn follow_sender(&mut self, pts: i64, at: i64, stats: &mut Stats) {
        let Some((last_pts, last_at)) = self.newest.replace((pts, at)) else { return };
        let (advanced, passed) = (pts - last_pts, at - last_at);
        if advanced <= 0 {
            self.buffer.clear();
            self.delays.restart();
            (self.next, self.origin, self.dry, self.covered) = (Some(pts), (pts, at), true, 0);
            stats.resyncs += 1;
        } else if advanced - passed > JUMP_US {
            self.delays.restart();
            stats.resyncs += 1;
        } else if passed - advanced > RISE_US && at - pts > self.delays.base() + RISE_US {
            self.delays.rise(at, at - pts);
            stats.resyncs += 1;
        }
    }

    /// Notes that a frame has become playable through redundancy.
    fn note_redundancy(&mut self, pts: i64, at: i64) {
        if self.buffer.note(pts, false).0 {
            self.delays.add(at, at - pts);
        }
    }

    /// Extends the 32 bits of the wire by the turn that is nearest to the last timestamp.
    fn unwrap_pts(&mut self, wire: u32) -> i64 {
        let ticks = match self.last_wire {
            None => i64::from(wire),
            Some((last, unwrapped)) => unwrapped + i64::from(wire.wrapping_sub(last) as i32),
        };
        self.last_wire = Some((wire, ticks));
        self.clock.micros(ticks)
    }

    fn micros(&self, at: Instant) -> i64 {
        at.saturating_duration_since(self.epoch).as_micros() as i64
    }
}

fn silence() -> Playout {
    Playout::Silence { duration: micros(STEP_US) }
}

fn micros(us: i64) -> Duration {
    Duration::from_micros(us as u64)
}
