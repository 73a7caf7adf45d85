//! What is heard when: a queue, a hold list, and the edges between them.
//!
//! | word | what happens |
//! |---|---|
//! | play | appended; hold music is cut at once |
//! | hold | the list goes round while the queue is empty; replaced as a whole; a source in it that breaks leaves it |
//! | skip | the current track ends, the next begins in the same frame; hold music goes on to its next piece |
//! | stop | everything ends, queue and hold list are empty |
//! | pause, resume | stands still where it was; `play` while paused is only appended |
//! | seek | within the current track |
//! | gain, mute | of everything; time goes on while muted |
//!
//! Every word is idempotent. Tracks join to the sample: a frame may hold the end of one and the beginning of the next.
//! Where sound is cut in the middle it ends in a ramp of 5 ms laid over what follows, and what begins in its middle
//! begins with one, so that nothing clicks and nothing is late.

mod event;
mod lists;
mod ramp;
mod sound;

use std::collections::VecDeque;
use std::time::Duration;

use ramp::{RAMP, Tail, ramp_down};

pub use event::{Current, EndReason, Event, Filled, TrackId};

use crate::{FRAME_SAMPLES, MediaTime, Pulled, PulledPacket, SeekError, Source};

/// Events that may wait for the owner. An owner polls with every frame; one that does not loses the oldest, counted.
const MAX_EVENTS: usize = 1024;
/// Tracks that may wait. More are refused with [`Playlist::play_as`].
const MAX_QUEUE: usize = 512;
/// Rounds without a single sample after which a hold list is given up in a frame.
const EMPTY_ROUNDS: usize = 2;

/// One source and what has become of it.
struct Track {
    id: TrackId,
    source: Box<dyn Source>,
    started: bool,
    /// Samples heard, all rounds of a hold track together.
    played: u64,
}

impl Track {
    fn new(id: TrackId, source: Box<dyn Source>) -> Self {
        Self { id, source, started: false, played: 0 }
    }
}

/// Which list the sound comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Playing {
    Nothing,
    Queue,
    Hold,
}

/// The playlist of one call.
///
/// The owner pulls frames (or packets), says the words, and polls events after each.
pub struct Playlist {
    queue: VecDeque<Track>,
    hold: Vec<Track>,
    /// Which hold track is next or playing.
    hold_at: usize,
    /// Hold music has been announced as heard and not yet as ended.
    hold_told: bool,
    playing: Playing,
    paused: bool,
    muted: bool,
    tail: Tail,
    /// Samples of the ramp at the beginning that are still to come.
    fade_in: usize,
    gain: f32,
    /// Gain at the end of the last frame; differs from the target for one frame.
    applied: f32,
    events: VecDeque<Event>,
    lost_events: u64,
}

impl Default for Playlist {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            hold: Vec::new(),
            hold_at: 0,
            hold_told: false,
            playing: Playing::Nothing,
            paused: false,
            muted: false,
            tail: Tail { samples: [0; RAMP], left: 0 },
            fade_in: 0,
            gain: 1.0,
            applied: 1.0,
            events: VecDeque::with_capacity(64),
            lost_events: 0,
        }
    }
}

impl Playlist {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a track; hold music stops at once.
    pub fn play(&mut self, source: Box<dyn Source>) -> TrackId {
        let id = TrackId::unique();
        self.play_as(id, source);
        id
    }

    /// Appends a track under a name taken before from [`TrackId::unique`]. The 513th waiting track ends at once as
    /// [`EndReason::Refused`].
    pub fn play_as(&mut self, id: TrackId, source: Box<dyn Source>) {
        if self.queue.len() >= MAX_QUEUE {
            self.emit(Event::TrackEnded { id, reason: EndReason::Refused, played: MediaTime::ZERO });
            return;
        }
        if self.playing == Playing::Hold {
            self.cut();
        }
        self.queue.push_back(Track::new(id, source));
    }

    /// Replaces the hold list: an endless round while the queue is empty. An empty list is silence.
    pub fn play_on_hold(&mut self, sources: Vec<(TrackId, Box<dyn Source>)>) {
        if self.playing == Playing::Hold {
            self.cut();
            self.fade_in = 0;
        }
        self.end_hold_tracks(&EndReason::Replaced);
        let hears_nothing = sources.is_empty();
        for (id, mut source) in sources {
            if source.set_repeat(true) || source.info().live {
                self.hold.push(Track::new(id, source));
            } else {
                self.emit(Event::TrackEnded { id, reason: EndReason::Refused, played: MediaTime::ZERO });
            }
        }
        if hears_nothing {
            self.leave_hold();
        }
    }

    /// Ends the current track and goes on to the next. Nothing happens when nothing plays.
    pub fn skip(&mut self) {
        match self.playing() {
            Playing::Nothing => {}
            Playing::Queue => {
                self.cut();
                self.end_current(EndReason::Skipped);
            }
            Playing::Hold => {
                self.cut();
                if let Some(track) = self.hold.get_mut(self.hold_at) {
                    // A source that cannot go back goes on where it is when its turn comes.
                    let _ = track.source.seek(MediaTime::ZERO);
                }
                self.hold_at = (self.hold_at + 1) % self.hold.len().max(1);
            }
        }
    }

    /// Ends everything and forgets queue and hold list. A pause ends too.
    pub fn stop(&mut self) {
        self.end_all(&EndReason::Stopped);
    }

    /// Ends every track with [`EndReason::Closed`]; the events remain to be polled.
    pub fn close(&mut self) {
        self.end_all(&EndReason::Closed);
    }

    /// Holds still; silence is heard.
    pub fn pause(&mut self) {
        if !self.paused {
            self.cut();
            self.paused = true;
        }
    }

    /// Goes on.
    pub fn resume(&mut self) {
        if std::mem::take(&mut self.paused) {
            self.fade_in = if self.is_under_way() { RAMP } else { 0 };
        }
    }

    /// True between `pause` and `resume`.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Moves within the current track.
    ///
    /// # Errors
    /// Nothing plays, the source is live, or the place is behind its end.
    pub fn seek(&mut self, to: MediaTime) -> Result<(), SeekError> {
        let under_way = self.is_under_way();
        // Asked first, so that a refused seek cuts nothing.
        let track = self.current_track().ok_or(SeekError::NothingPlaying)?;
        if track.source.info().live {
            return Err(SeekError::Live);
        }
        if let Some(end) = track.source.info().duration.filter(|&end| to > end) {
            return Err(SeekError::BehindEnd { end });
        }
        if under_way && !self.paused {
            self.cut();
        }
        let track = self.current_track_mut().ok_or(SeekError::NothingPlaying)?;
        track.source.seek(to)?;
        self.fade_in = if to > MediaTime::ZERO { RAMP } else { 0 };
        Ok(())
    }

    /// Loudness of everything, in dB; 0 is unchanged. Clamped to -60 (which is silence) to +20.
    pub fn set_gain_db(&mut self, db: f32) {
        let db = if db.is_nan() { 0.0 } else { db.clamp(-60.0, 20.0) };
        self.gain = match db {
            -60.0 => 0.0,
            0.0 => 1.0,
            db => 10_f32.powf(db / 20.0),
        };
    }

    /// Silence goes out while time goes on.
    pub fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// True while muted.
    #[must_use]
    pub fn is_muted(&self) -> bool {
        self.muted
    }

    /// What is playing now.
    #[must_use]
    pub fn current(&self) -> Option<Current<'_>> {
        let track = self.current_track()?;
        let info = track.source.info();
        Some(Current {
            id: track.id,
            title: &info.title,
            position: track.source.position(),
            duration: info.duration,
            hold: self.playing() == Playing::Hold,
        })
    }

    /// Tracks waiting behind the current one.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queue.len().saturating_sub(1)
    }

    /// Nothing queued and nothing on hold.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.hold.is_empty()
    }

    /// The next event, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Events dropped because nobody polled.
    #[must_use]
    pub fn lost_events(&self) -> u64 {
        self.lost_events
    }

    /// One engine frame; silence where nothing plays.
    pub fn pull(&mut self, out: &mut [i16; FRAME_SAMPLES]) -> Filled {
        let mut filled = Filled::default();
        if self.paused {
            out.fill(0);
        } else {
            self.fill(out, &mut filled);
        }
        self.mix_tail(out);
        self.apply_gain(out);
        filled
    }

    /// A ready-made packet, when the current source has one and no gain, fade, pause or boundary is in the way.
    pub fn pull_packet(&mut self, want: Duration, max: usize, out: &mut Vec<u8>) -> PulledPacket {
        let untouched = self.gain == 1.0 && self.applied == 1.0 && self.tail.left == 0 && self.fade_in == 0;
        if self.paused || self.muted || !untouched {
            return PulledPacket::No;
        }
        self.choose();
        let Some(track) = self.current_track_mut() else { return PulledPacket::No };
        let before = track.source.position();
        if track.source.pull_packet(want, max, out) == PulledPacket::No {
            return PulledPacket::No;
        }
        let heard = track.source.position().saturating_sub(before).samples();
        self.heard(heard);
        PulledPacket::Yes
    }

    /// Fills the frame from one source after the other.
    fn fill(&mut self, out: &mut [i16; FRAME_SAMPLES], report: &mut Filled) {
        let mut at = 0;
        let mut empty = 0;
        while at < out.len() {
            self.choose();
            let Some(track) = self.current_track_mut() else {
                out[at..].fill(0);
                // What begins after silence begins at its own beginning.
                self.fade_in = 0;
                return;
            };
            report.playing = true;
            let pulled = track.source.pull(&mut out[at..]);
            let room = out.len() - at;
            let count = match &pulled {
                Pulled::Pcm => room,
                Pulled::Dry(count) | Pulled::End(count) | Pulled::Failed(count, _) => (*count).min(room),
            };
            self.heard(count as u64);
            self.ramp_up(&mut out[at..at + count]);
            at += count;
            match pulled {
                Pulled::Pcm => {}
                Pulled::Dry(_) => {
                    report.dry = out.len() - at;
                    out[at..].fill(0);
                    // The source stopped in its middle, and will go on there.
                    let ramp = count.min(RAMP);
                    ramp_down(&mut out[at - ramp..at]);
                    self.fade_in = RAMP;
                    return;
                }
                Pulled::End(_) if self.playing == Playing::Hold => {
                    empty = if count == 0 { empty + 1 } else { 0 };
                    self.next_hold();
                    if empty > EMPTY_ROUNDS * self.hold.len() {
                        // A list of empty sounds: silence for this frame.
                        out[at..].fill(0);
                        return;
                    }
                }
                Pulled::End(_) => self.end_current(EndReason::Finished),
                Pulled::Failed(_, error) => self.end_current(EndReason::Failed(error)),
            }
        }
    }

    /// Which list sounds next, when the present one has nothing more.
    fn choose(&mut self) {
        let next = self.playing();
        if next != self.playing {
            if next != Playing::Hold {
                self.leave_hold();
            } else if self.is_under_way() {
                // Hold music goes on where it was cut.
                self.fade_in = RAMP;
            }
            self.playing = next;
        }
    }

    /// Which list sounds now, by what is in them.
    fn playing(&self) -> Playing {
        match (self.queue.is_empty(), self.hold.is_empty()) {
            // Only resuming cuts hold music that was paused.
            (false, false) if self.paused && self.playing == Playing::Hold => Playing::Hold,
            (false, _) => Playing::Queue,
            (true, false) => Playing::Hold,
            (true, true) => Playing::Nothing,
        }
    }

    fn current_track(&self) -> Option<&Track> {
        match self.playing() {
            Playing::Nothing => None,
            Playing::Queue => self.queue.front(),
            Playing::Hold => self.hold.get(self.hold_at),
        }
    }

    fn current_track_mut(&mut self) -> Option<&mut Track> {
        match self.playing() {
            Playing::Nothing => None,
            Playing::Queue => self.queue.front_mut(),
            Playing::Hold => self.hold.get_mut(self.hold_at),
        }
    }

    /// Some of the current track has been heard, so that cutting it would click.
    fn is_under_way(&self) -> bool {
        self.current_track().is_some_and(|track| track.source.position() > MediaTime::ZERO)
    }
}
