//! The receiving side of one call's sound: from the core's pieces to the output.

use std::time::{Duration, Instant};

use offhook_media::{
    Activity, ActivityChange, Closing, Decode, Downlink, DownlinkStats, FRAME, FRAME_SAMPLES, MediaTime, Sink,
};
use offhook_voip_proto::{Playout, Stretch};

use crate::family::Family;
use crate::stamps::Recorder;
use crate::{MediaOptions, SpeechEvents};

/// Pieces asked for in one tick at most: 20 ms never need more than one, and a piece shorter than a frame one or two.
const PIECES: usize = 8;

/// Frames of silence written at once, 20 s: an output's ring holds no more anyway.
const LOSE_LIMIT: u64 = 1_000;

/// Buffers lent to every call of a shard in turn.
pub(crate) struct Scratch {
    /// An Opus packet.
    pub(crate) packet: Vec<u8>,
    /// An engine frame.
    pub(crate) frame: [i16; FRAME_SAMPLES],
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self { packet: Vec::with_capacity(2048), frame: [0; FRAME_SAMPLES] }
    }
}

pub(crate) struct Ear {
    /// Made on a user's thread and sent along with what first needs it.
    downlink: Option<Box<Downlink>>,
    sink: Option<Box<dyn Sink>>,
    sink_wants_packets: bool,
    activity: Activity,
    speech: SpeechEvents,
    /// Sound that was taken from the core and not played yet, while nothing is decoded.
    undecoded: Duration,
    heard: MediaTime,
}

impl Ear {
    pub(crate) fn new(options: &MediaOptions) -> Self {
        Self {
            downlink: None,
            sink: None,
            sink_wants_packets: false,
            activity: Activity::new(options.activity.clone()),
            speech: options.speech_events,
            undecoded: Duration::ZERO,
            heard: MediaTime::ZERO,
        }
    }

    pub(crate) fn set_downlink(&mut self, downlink: Box<Downlink>) {
        self.downlink.get_or_insert(downlink);
    }

    /// Puts another output in place; the one before begins to close.
    pub(crate) fn set_sink(&mut self, sink: Option<Box<dyn Sink>>) -> Option<Closing> {
        self.sink_wants_packets = sink.as_ref().is_some_and(|sink| sink.wants_packets());
        std::mem::replace(&mut self.sink, sink).map(Sink::close)
    }

    pub(crate) fn heard(&self) -> MediaTime {
        self.heard
    }

    pub(crate) fn stats(&self) -> DownlinkStats {
        self.downlink.as_ref().map(|downlink| downlink.stats()).unwrap_or_default()
    }

    /// True when somebody needs samples and there is a decoder for them.
    fn decodes(&self) -> bool {
        let wanted = self.speech == SpeechEvents::Always || (self.sink.is_some() && !self.sink_wants_packets);
        wanted && self.downlink.is_some()
    }

    /// One engine frame of time. Returns what changed in what is heard.
    pub(crate) fn tick(
        &mut self,
        family: &mut Family,
        now: Instant,
        scratch: &mut Scratch,
        stamps: Option<&mut Recorder>,
    ) -> [Option<ActivityChange>; 2] {
        self.heard += MediaTime::from_samples(FRAME_SAMPLES as u64);
        if !self.decodes() {
            self.pass_on(family, now, &mut scratch.packet);
            if self.sink.is_some()
                && let Some(stamps) = stamps
            {
                stamps.handed();
            }
            return [None, None];
        }
        self.decode(family, now, &mut scratch.packet);
        let Some(downlink) = &mut self.downlink else { return [None, None] };
        let level = downlink.pull(&mut scratch.frame);
        if let Some(sink) = &mut self.sink {
            if !self.sink_wants_packets {
                sink.write(&scratch.frame);
            }
            if let Some(stamps) = stamps {
                stamps.handed();
            }
        }
        match self.speech {
            SpeechEvents::Never => [None, None],
            _ => self.activity.frame(level),
        }
    }

    /// So many frames of time have passed without anybody to hear them.
    pub(crate) fn lose(&mut self, frames: u64) {
        let lost = MediaTime::from_samples(frames * FRAME_SAMPLES as u64);
        self.heard += lost;
        let Some(sink) = &mut self.sink else { return };
        if self.sink_wants_packets {
            sink.write_gap(lost.duration());
        } else {
            for _ in 0..frames.min(LOSE_LIMIT) {
                sink.write(&[0; FRAME_SAMPLES]);
            }
        }
    }

    fn decode(&mut self, family: &mut Family, now: Instant, packet: &mut Vec<u8>) {
        // What was taken undecoded just before is gone; the decoder begins with what comes next.
        self.undecoded = Duration::ZERO;
        for _ in 0..PIECES {
            let Some(downlink) = &mut self.downlink else { return };
            if !downlink.is_short() {
                return;
            }
            let queued = MediaTime::from_samples(downlink.buffered() as u64).duration();
            let playout = family.pull_frame(now, queued, packet);
            if self.sink_wants_packets
                && let Some(sink) = &mut self.sink
            {
                hand_packet(sink.as_mut(), playout, packet);
            }
            match playout {
                Playout::Frame { duration, stretch, .. } => {
                    let stretch = media_stretch(stretch, family);
                    downlink.feed(Decode::Frame(packet), duration, stretch)
                }
                Playout::Recovered { duration } => {
                    downlink.feed(Decode::Fec(packet), duration, offhook_media::Stretch::None)
                }
                Playout::Conceal { duration } => {
                    downlink.feed(Decode::Conceal, duration, offhook_media::Stretch::None)
                }
                Playout::Silence { duration } => {
                    downlink.feed(Decode::Silence, duration, offhook_media::Stretch::None)
                }
            };
        }
    }

    /// Keeps the core's time going without decoding; packets go on as they are.
    fn pass_on(&mut self, family: &mut Family, now: Instant, packet: &mut Vec<u8>) {
        for _ in 0..PIECES {
            if self.undecoded >= FRAME {
                break;
            }
            let playout = family.pull_frame(now, self.undecoded, packet);
            if let Some(sink) = &mut self.sink {
                hand_packet(sink.as_mut(), playout, packet);
            }
            // Nobody hears the seams, so every wish to stretch can be fulfilled to the letter.
            let played = playout.duration();
            self.undecoded += match playout {
                Playout::Frame { stretch: Stretch::Shorten(by), .. } => played.saturating_sub(by),
                Playout::Frame { stretch: Stretch::Lengthen(by), .. } => played + by,
                _ => played,
            };
        }
        self.undecoded = self.undecoded.saturating_sub(FRAME);
    }
}

/// A recovered frame is a gap to who keeps packets: its sound is inside the next packet, which comes again by itself.
fn hand_packet(sink: &mut dyn Sink, playout: Playout, packet: &[u8]) {
    match playout {
        Playout::Frame { .. } => sink.write_packet(packet),
        Playout::Recovered { duration } | Playout::Conceal { duration } | Playout::Silence { duration } => {
            sink.write_gap(duration);
        }
    }
}

/// Delay beyond the aim that is left alone. A call begins with more than a clean path turns out to need, and to cut that
/// away would cost more (a splice in the sound) than it gains (a delay nobody notices).
const DELAY_LEFT_ALONE: Duration = Duration::from_millis(50);

fn media_stretch(stretch: Stretch, family: &Family) -> offhook_media::Stretch {
    match stretch {
        Stretch::None => offhook_media::Stretch::None,
        Stretch::Lengthen(_) => offhook_media::Stretch::Lengthen,
        Stretch::Shorten(_) => {
            let stats = family.stats();
            match stats.jitter_depth > stats.jitter_target + DELAY_LEFT_ALONE {
                true => offhook_media::Stretch::Shorten,
                false => offhook_media::Stretch::None,
            }
        }
    }
}
