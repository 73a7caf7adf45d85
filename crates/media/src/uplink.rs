//! From the playlist to packets.
use offhook_opus::Error;

use crate::{EncoderHints, FrameLen, Playlist, Profile};

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

/// The sending half of a call's sound: pulls the playlist, encodes, counts. No allocation after construction.
#[derive(Debug)]
pub struct Uplink {
    config: UplinkConfig,
    stats: UplinkStats,
}

impl Uplink {
    /// Sets the encoder up.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new(config: UplinkConfig) -> Result<Self, Error> {
        Ok(Self { config, stats: UplinkStats::default() })
    }

    /// The packet for the next [`UplinkConfig::frame`] of time, written over `out`. Call once per that time.
    ///
    /// # Errors
    /// None known; a libopus failure is passed on.
    pub fn next_packet(&mut self, playlist: &mut Playlist, out: &mut Vec<u8>) -> Result<Outgoing, Error> {
        let _ = (playlist, out);
        todo!()
    }

    /// One engine frame of time (20 ms): every first, second or third call completes a packet, by the frame length.
    ///
    /// For owners of an audio clock that want live sound taken as it is made. Do not mix with
    /// [`Uplink::next_packet`] inside one packet.
    ///
    /// # Errors
    /// As [`Uplink::next_packet`].
    pub fn tick(&mut self, playlist: &mut Playlist, out: &mut Vec<u8>) -> Result<Option<Outgoing>, Error> {
        let _ = (playlist, out);
        todo!()
    }

    /// What the network asks for; cheap when nothing changed.
    pub fn set_hints(&mut self, hints: EncoderHints) {
        let _ = hints;
        todo!()
    }

    /// Another profile from the next packet on. Allocates a new encoder.
    ///
    /// # Errors
    /// Out of memory; the old one stays.
    pub fn set_profile(&mut self, profile: Profile) -> Result<(), Error> {
        self.config.profile = profile;
        Ok(())
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
