//! Sound out and in: RTP, redundancy, and what the reports of the path say about them.
//!
//! Timestamps count samples at 48 kHz and go on over a pause, as receivers of RTP expect. Under a measured loss the frames
//! before ride along (RED) when the peer reads that, by the same rule as in libtgvoip ([`crate::uplink`]); else the encoder
//! is asked for in-band redundancy.

use std::time::{Duration, Instant};

use super::{Call, Stage};
use crate::link::Arrival;
use crate::playout::Arrived;
use crate::tgcalls::red;
use crate::tgcalls::session::Stream;
use crate::tgcalls::transport::{Measured, Outgoing};
use crate::uplink::{Loss, MOST_COPIES, Uplink};
use crate::wire::Seq;
use crate::{EncoderHints, Event, FrameLen, PushError};

/// Frames that can wait to be polled.
pub(super) const WAITING: usize = 32;
/// The longest frame: with all headers it stays below 1200 bytes.
const MAX_FRAME: usize = 1000;
/// Ticks of the RTP clock in a millisecond.
const TICKS: u32 = 48;
/// Frames whose timestamps are remembered, for those sent along again.
const RING: usize = 8;
/// Protection against loss is kept for so long after the loss has gone.
const CALM: Duration = Duration::from_secs(5);
/// Seconds of reports that count for the loss, and packets that they must tell about.
const SECONDS: usize = 8;
const RECENT: usize = 3;
const ENOUGH: u32 = 20;
/// RTP, SRTP, UDP and IP around a frame, in bytes.
const HEADERS: u32 = 12 + 12 + 10 + 28;
/// A bitrate estimate below this says more about the estimate than about the path.
const LEAST_BITRATE: u32 = 8_000;

/// The sending side of the sound.
#[derive(Debug)]
pub(super) struct Speech {
    frame: FrameLen,
    stream: Option<Stream>,
    uplink: Uplink,
    stamps: [u32; RING],
    timestamp: u32,
    last: Option<Instant>,
    payload: Vec<u8>,
    loss_for_copies: f32,
    lossy_at: Option<Instant>,
    losses: [(u32, u32); SECONDS],
    second: usize,
    loss: f32,
    rtt: Option<Duration>,
    bitrate: Option<u32>,
}

impl Speech {
    pub(super) fn new(frame: FrameLen, loss_for_copies: f64, timestamp: u32) -> Self {
        Self {
            frame,
            stream: None,
            uplink: Uplink::new(frame, loss_for_copies),
            stamps: [0; RING],
            timestamp,
            last: None,
            payload: Vec::with_capacity(1200),
            loss_for_copies: loss_for_copies as f32,
            lossy_at: None,
            losses: [(0, 0); SECONDS],
            second: 0,
            loss: 0.0,
            rtt: None,
            bitrate: None,
        }
    }

    /// The peer has answered our offer.
    pub(super) fn agree(&mut self, stream: Option<Stream>) {
        self.stream = stream;
        self.uplink.set_listable(stream.is_some_and(|stream| stream.red.is_some()));
    }

    pub(super) fn is_agreed(&self) -> bool {
        self.stream.is_some()
    }

    pub(super) fn copies(&self) -> u8 {
        self.uplink.copies() as u8
    }

    pub(super) fn loss(&self) -> f32 {
        self.loss
    }

    pub(super) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    pub(super) fn hints(&self) -> EncoderHints {
        let hints = self.uplink.hints();
        let Some(bitrate) = self.bitrate else { return hints };
        // The estimate is for all that is sent: headers, and each frame as often as it goes.
        let headers = HEADERS * 8 * 1000 / u32::from(self.frame.millis());
        let sound = bitrate.saturating_sub(headers) / (self.uplink.copies() as u32 + 1);
        EncoderHints { max_bitrate: hints.max_bitrate.min(sound.max(LEAST_BITRATE)), ..hints }
    }

    /// Takes the reports of a second.
    pub(super) fn on_measured(&mut self, measured: Measured, now: Instant) {
        self.rtt = measured.rtt.or(self.rtt);
        self.bitrate = measured.bitrate.map(|bitrate| bitrate.min(u64::from(u32::MAX)) as u32);
        self.losses[self.second % SECONDS] = measured.lost;
        self.second += 1;
        let sum = |seconds: usize| {
            let recent = (1..=seconds).map(|back| self.losses[(self.second + SECONDS - back) % SECONDS]);
            let (lost, sent) = recent.fold((0, 0), |(a, b), (lost, sent)| (a + lost, b + sent));
            if sent < ENOUGH { 0.0 } else { lost as f32 / sent as f32 }
        };
        self.loss = sum(RECENT).max(sum(SECONDS));
        if self.loss > self.loss_for_copies {
            self.lossy_at = Some(now);
        }
        let calm = self.lossy_at.is_none_or(|at| now >= at + CALM);
        let _ = self.uplink.set_loss(Loss { all: self.loss, ..Loss::default() }, calm);
    }

    /// Makes the payload of a frame. True: after a pause.
    fn pack(&mut self, now: Instant, opus: &[u8], stream: Stream) -> (u8, bool, usize) {
        let step = u32::from(self.frame.millis()) * TICKS;
        let passed = self.last.map(|last| now.saturating_duration_since(last));
        let marker = passed.is_none_or(|passed| passed > 3 * self.frame.duration());
        let steps = match passed {
            None => 0,
            Some(passed) if marker => (passed.as_millis() / u128::from(self.frame.millis())) as u32,
            Some(_) => 1,
        };
        self.timestamp = self.timestamp.wrapping_add(steps.wrapping_mul(step));
        // The schedule, not the moment: frames come now and then a little early or late.
        self.last = match self.last {
            Some(last) if !marker => Some(last + self.frame.duration()),
            _ => Some(now),
        };
        let number = self.uplink.push(opus);
        self.stamps[number as usize % RING] = self.timestamp;
        self.payload.clear();
        let mut list = [&[][..]; MOST_COPIES + 1];
        let copies = match stream.red {
            Some(_) => self.uplink.list(number, &mut list).saturating_sub(1),
            None => 0,
        };
        let Some(red) = stream.red.filter(|_| copies > 0) else {
            self.payload.extend_from_slice(opus);
            return (stream.opus, marker, 0);
        };
        let blocks = list[..copies].iter().enumerate().map(|(index, data)| {
            let earlier = self.stamps[(number as usize - (copies - index)) % RING];
            red::Block { payload_type: stream.opus, offset: self.timestamp.wrapping_sub(earlier), data }
        });
        red::write(stream.opus, blocks, opus, &mut self.payload);
        (red, marker, copies)
    }
}

impl Call {
    pub(super) fn check_frame(&self, opus: &[u8]) -> Result<(), PushError> {
        if !self.is_up() || !self.speech.is_agreed() {
            return Err(PushError::NotReady);
        }
        if self.muted {
            return Err(PushError::Muted);
        }
        if opus.len() > MAX_FRAME {
            return Err(PushError::TooLong { got: opus.len(), limit: MAX_FRAME });
        }
        if !self.speech.uplink.is_one_frame(opus) {
            return Err(PushError::Duration);
        }
        if self.outbox.len() >= WAITING {
            return Err(PushError::Full);
        }
        Ok(())
    }

    pub(super) fn send_frame(&mut self, opus: &[u8]) {
        let Some(stream) = self.speech.stream else { return };
        let (payload_type, marker, copies) = self.speech.pack(self.now, opus, stream);
        let timestamp = self.speech.timestamp;
        let payload = &self.speech.payload;
        self.transport.send(self.now, Outgoing { payload_type, timestamp, marker, payload });
        self.stats.frames_sent += 1;
        self.stats.copies_sent += copies as u64;
        self.drive_transport();
    }

    pub(super) fn on_rtp(&mut self, at: Instant, seq: u64, timestamp: u32, payload_type: u8, payload: &[u8]) {
        let Some(stream) = self.hearing else { return };
        let arrival = self.window.accept(Seq(seq as u32));
        if arrival == Arrival::Replayed {
            self.stats.dropped_replayed += 1;
            return;
        }
        if payload.is_empty() {
            // libwebrtc measures the path with padding under the number and the source of its sound (seen: some twenty in
            // the first second, then one now and then). It says that the peer is there, and nothing about sound.
            self.padding += 1;
            return;
        }
        let newest = arrival == Arrival::Newest;
        let mut earlier = red::blocks();
        let (count, data) = if payload_type == stream.opus {
            (0, payload)
        } else if stream.red == Some(payload_type) {
            match red::read(payload, &mut earlier) {
                Some((count, block)) if block.payload_type == stream.opus => (count, block.data),
                _ => {
                    self.stats.dropped_malformed += 1;
                    return;
                }
            }
        } else {
            // Comfort noise and dialled digits: nothing that was agreed.
            self.stats.dropped_unasked += 1;
            return;
        };
        if !self.playout.insert(Arrived { at, pts: timestamp, data, newest }, &mut self.stats) {
            self.stats.dropped_malformed += 1;
            return;
        }
        for block in earlier[..count].iter().filter(|block| block.payload_type == stream.opus) {
            self.playout.insert_redundant(at, timestamp, block.offset, block.data);
        }
        self.sound_at = Some(self.now);
        if !self.first_audio {
            self.first_audio = true;
            self.reach(Stage::FirstAudio);
            self.emit(Event::FirstAudio);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::origin;
    use crate::{CallConfig, CallKey, Endpoint, Family, PeerTag, Role};

    #[test]
    fn padding_alone_is_neither_sound_nor_a_fault() {
        let now = origin();
        let relay = Endpoint::relay(1, "192.0.2.1:599".parse().unwrap(), PeerTag([1; 16]));
        let mut config = CallConfig::new(Role::Caller, CallKey::new([7; 256]), vec![relay], [9; 32]);
        config.family = Family::Tgcalls(crate::tgcalls::Version::V13);
        let mut call = Call::new(config, now).unwrap();
        call.hearing = Some(Stream { ssrc: 5, opus: 111, red: None, again: false });
        for seq in 0..20 {
            call.on_rtp(now, seq, 0, 111, &[]);
        }
        assert_eq!((call.report().padding, call.stats().dropped_malformed, call.first_audio), (20, 0, false));
        // A sequence number counts as arrived, whatever it brought.
        call.on_rtp(now, 7, 0, 111, &[]);
        assert_eq!((call.report().padding, call.stats().dropped_replayed), (20, 1));
        // One byte names a packet of two frames and has none.
        call.on_rtp(now, 20, 0, 111, &[0xFF]);
        assert_eq!((call.report().padding, call.stats().dropped_malformed), (20, 1));
    }
}
