//! From the playlist to packets.

use offhook_opus::{Bandwidth, Bitrate, Encoder, Error};

use crate::profile::clamp_bitrate;
use crate::{EncoderHints, FRAME_SAMPLES, FrameLen, Playlist, Profile, PulledPacket};

/// How a call's sound is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UplinkConfig {
    /// What to spend. `quality` by default.
    pub profile: Profile,
    /// Sound per packet. 60 ms by default.
    pub frame: FrameLen,
    /// Bits a second; the profile's own when `None`.
    pub bitrate: Option<u32>,
    /// Pass ready-made packets of sources on without decoding. On by default.
    pub pass_through: bool,
    /// Bytes a packet may have. 1000 by default: a libtgvoip peer has slots of 1024.
    pub max_packet: usize,
}

impl Default for UplinkConfig {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            frame: FrameLen::default(),
            bitrate: None,
            pass_through: true,
            max_packet: crate::profile::MAX_PACKET,
        }
    }
}

/// What the packet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// Sound, encoded here.
    Encoded,
    /// A packet of the source, untouched.
    Passed,
    /// Nothing is playing: an encoded silence, to be sent or withheld.
    Silence,
}

/// Counters of an uplink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UplinkStats {
    /// Packets encoded here, silence included.
    pub encoded: u64,
    /// Packets passed through.
    pub passed: u64,
    /// Packets of silence because nothing was playing.
    pub silent: u64,
    /// Samples of silence because a source was late.
    pub dry_samples: u64,
    /// Bytes of all packets.
    pub bytes: u64,
}

/// The sending half of a call's sound: pulls the playlist, encodes, counts. No allocation after the first packet.
#[derive(Debug)]
pub struct Uplink {
    config: UplinkConfig,
    encoder: Encoder,
    applied: Applied,
    pcm: Box<[i16; MAX_FRAMES * FRAME_SAMPLES]>,
    /// Engine frames of the present packet already taken, for [`Uplink::tick`].
    taken: usize,
    playing: bool,
    passing: bool,
    stats: UplinkStats,
}

/// Engine frames in the longest packet.
const MAX_FRAMES: usize = 3;

/// What the encoder was last told, so that telling it again costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Applied {
    bitrate: u32,
    loss: u8,
    fec: bool,
    /// Held to wide band, because a hybrid packet of more than 20 ms carries a copy of 20 ms only, a SILK packet of all.
    wide: bool,
}

/// Expected loss, in percent, from which the copies are worth the sound above 8 kHz.
const LOSS_FOR_WIDE: u8 = 3;

impl Uplink {
    /// Sets the encoder up.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new(config: UplinkConfig) -> Result<Self, Error> {
        let mut encoder = config.profile.encoder()?;
        let bitrate = clamp_bitrate(config.bitrate.unwrap_or(config.profile.bitrate()), config.frame);
        encoder.set_bitrate(Bitrate::Bits(bitrate))?;
        Ok(Self {
            config,
            encoder,
            applied: Applied { bitrate, loss: 0, fec: false, wide: false },
            pcm: Box::new([0; MAX_FRAMES * FRAME_SAMPLES]),
            taken: 0,
            playing: false,
            passing: false,
            stats: UplinkStats::default(),
        })
    }

    /// The packet for the next [`UplinkConfig::frame`] of time, written over `out`. Call once per that time.
    ///
    /// # Errors
    /// None known; a libopus failure is passed on.
    pub fn next_packet(&mut self, playlist: &mut Playlist, out: &mut Vec<u8>) -> Result<Outgoing, Error> {
        loop {
            if let Some(outgoing) = self.tick(playlist, out)? {
                return Ok(outgoing);
            }
        }
    }

    /// One engine frame of time (20 ms): every first, second or third call completes a packet, by the frame length.
    ///
    /// For owners of an audio clock that want live sound taken as it is made. A packet of the source is taken with the
    /// first frame it stands for and given with the last; `out` must be the same buffer until then.
    ///
    /// # Errors
    /// As [`Uplink::next_packet`].
    pub fn tick(&mut self, playlist: &mut Playlist, out: &mut Vec<u8>) -> Result<Option<Outgoing>, Error> {
        if self.taken == 0 {
            self.playing = false;
            self.passing = self.config.pass_through
                && playlist.pull_packet(self.config.frame.duration(), self.config.max_packet, out)
                    == PulledPacket::Yes;
        }
        if !self.passing {
            let begin = self.taken * FRAME_SAMPLES;
            if let Some(frame) = self.pcm[begin..].first_chunk_mut::<FRAME_SAMPLES>() {
                let filled = playlist.pull(frame);
                self.playing |= filled.playing;
                self.stats.dry_samples += filled.dry as u64;
            }
        }
        self.taken += 1;
        if self.taken < self.config.frame.frames() {
            return Ok(None);
        }
        self.taken = 0;
        self.complete(out).map(Some)
    }

    fn complete(&mut self, out: &mut Vec<u8>) -> Result<Outgoing, Error> {
        let outgoing = if self.passing {
            self.stats.passed += 1;
            Outgoing::Passed
        } else {
            out.resize(self.config.max_packet, 0);
            let len = self.encoder.encode(&self.pcm[..self.config.frame.samples()], out)?;
            out.truncate(len);
            self.stats.encoded += 1;
            self.stats.silent += u64::from(!self.playing);
            if self.playing { Outgoing::Encoded } else { Outgoing::Silence }
        };
        self.stats.bytes += out.len() as u64;
        Ok(outgoing)
    }

    /// What the network asks for; free when nothing changed.
    pub fn set_hints(&mut self, hints: EncoderHints) {
        let own = self.config.bitrate.unwrap_or(self.config.profile.bitrate());
        let bitrate = clamp_bitrate(hints.bitrate.map_or(own, |most| most.min(own)), self.config.frame);
        let loss = hints.expected_loss.min(100);
        let wide = hints.fec
            && loss >= LOSS_FOR_WIDE
            && self.config.frame != FrameLen::Ms20
            && self.config.profile != Profile::Dense;
        let wanted = Applied { bitrate, loss, fec: hints.fec, wide };
        if wanted == self.applied {
            return;
        }
        self.applied = wanted;
        // All three are in range: libopus does not refuse them.
        let told = self.tell();
        debug_assert_eq!(told, Ok(()));
    }

    fn tell(&mut self) -> Result<(), Error> {
        self.encoder.set_bitrate(Bitrate::Bits(self.applied.bitrate))?;
        self.encoder.set_packet_loss(self.applied.loss)?;
        let most = if self.applied.wide { Bandwidth::Wide } else { self.config.profile.max_bandwidth() };
        self.encoder.set_max_bandwidth(most)?;
        self.encoder.set_inband_fec(self.applied.fec)
    }

    /// Another profile from the next packet on. Allocates a new encoder when libopus is to be told another application.
    ///
    /// # Errors
    /// Out of memory; the old one stays.
    pub fn set_profile(&mut self, profile: Profile) -> Result<(), Error> {
        if profile.application() == self.config.profile.application() {
            profile.set_up(&mut self.encoder)?;
        } else {
            self.encoder = profile.encoder()?;
        }
        self.config.profile = profile;
        let own = self.config.bitrate.unwrap_or(profile.bitrate());
        self.applied.bitrate = clamp_bitrate(own, self.config.frame);
        self.tell()
    }

    /// The profile in use.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.config.profile
    }

    /// Counters so far.
    #[must_use]
    pub fn stats(&self) -> UplinkStats {
        self.stats
    }
}
