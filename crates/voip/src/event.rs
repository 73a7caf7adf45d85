//! What a call tells.

use std::fmt;
use std::sync::Arc;

use offhook_media::{EndReason, MediaTime, Profile, Report, SeekError, TrackId};
use offhook_voip_proto::FailReason;

use crate::{CallStats, ConnectReport, Stamps};

/// Where a call stands, as seen by its controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CallState {
    /// There is no key yet: it rings, or signalling goes on.
    Prepared = 0,
    /// The other side is being reached.
    Connecting = 1,
    /// Both directions work.
    Established = 2,
    /// Nothing has arrived for two seconds.
    Reconnecting = 3,
    /// Over; the recording is being closed.
    Ending = 4,
    /// Over, and [`Event::Ended`] is out.
    Ended = 5,
}

impl CallState {
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Prepared,
            1 => Self::Connecting,
            2 => Self::Established,
            3 => Self::Reconnecting,
            4 => Self::Ending,
            _ => Self::Ended,
        }
    }

    /// True when no word will be followed any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Ending | Self::Ended)
    }
}

/// Why somebody hung up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HangupReason {
    /// This side wanted to.
    #[default]
    Local,
    /// Everything queued has been heard ([`crate::MediaOptions::hang_up_when_done`]).
    Done,
    /// The other side hung up.
    Peer,
    /// The other side declined.
    Declined,
    /// Somebody is on another call.
    Busy,
    /// Nobody picked up.
    Missed,
    /// Signalling was lost.
    Disconnected,
    /// The reservation was dropped before the call was started.
    Abandoned,
    /// The engine was shut down.
    EngineStopped,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Both sides heard each other, then somebody hung up.
    Completed(HangupReason),
    /// Somebody hung up before it was established.
    Cancelled(HangupReason),
    /// The other side was never reached within the connect time-out.
    ConnectFailed,
    /// Something was heard, but sealed with another key.
    KeyMismatch,
    /// Established, then nothing valid arrived for the receive time-out.
    MediaLost,
    /// The peer speaks no version that we do.
    Incompatible,
    /// The peer's packets name another call.
    WrongCall,
    /// A source, a sink or this program is broken: the call was given up so that the others live on.
    Internal,
}

impl Outcome {
    /// A stable word for machines: `completed`, `cancelled`, `connect-failed`, `key-mismatch`, `media-lost`,
    /// `incompatible`, `wrong-call`, `internal`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed(_) => "completed",
            Self::Cancelled(_) => "cancelled",
            Self::ConnectFailed => "connect-failed",
            Self::KeyMismatch => "key-mismatch",
            Self::MediaLost => "media-lost",
            Self::Incompatible => "incompatible",
            Self::WrongCall => "wrong-call",
            Self::Internal => "internal",
        }
    }

    /// What a failure of the core means to the user.
    pub(crate) fn of_failure(reason: FailReason, heard: bool, forged: u64) -> Self {
        match reason {
            FailReason::ConnectTimeout if !heard && forged > 0 => Self::KeyMismatch,
            FailReason::ReceiveTimeout => Self::MediaLost,
            FailReason::Incompatible => Self::Incompatible,
            FailReason::WrongCall => Self::WrongCall,
            _ => Self::ConnectFailed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Everything there is to say about a call that is over.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How it ended.
    pub outcome: Outcome,
    /// The final counts.
    pub stats: CallStats,
    /// When each frame was taken and handed over, if that was asked for.
    pub stamps: Option<Stamps>,
    /// How the two sides were connected; only calls of the modern family have that.
    pub connect: Option<Box<ConnectReport>>,
}

/// What happens in a call, in order. The last one is [`Event::Ended`], exactly once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The key is there; the other side is being reached.
    Connecting,
    /// Both directions work: from here on sound is sent.
    Established,
    /// Nothing has arrived for two seconds.
    Reconnecting,
    /// It works again.
    Reconnected,
    /// The first frame of the peer's sound has arrived.
    FirstAudio,
    /// The first sample of a track has left.
    TrackStarted {
        /// Which.
        id: TrackId,
    },
    /// A track is over; exactly one for each track.
    TrackEnded {
        /// Which.
        id: TrackId,
        /// Why.
        reason: EndReason,
        /// How much of it was heard.
        played: MediaTime,
    },
    /// The last sample of the last queued track has left.
    PlaylistEmpty,
    /// Hold music begins to be heard.
    HoldStarted,
    /// Hold music is no longer heard.
    HoldEnded,
    /// A [`crate::Controller::seek`] could not be followed.
    SeekFailed(SeekError),
    /// A recording is complete on disk.
    OutputClosed {
        /// What became of it.
        report: Report,
    },
    /// The peer switched its microphone off or on.
    PeerMuted(bool),
    /// Somebody began to speak.
    SpeechStarted,
    /// Nobody speaks any more.
    SpeechStopped,
    /// Nothing was heard for [`offhook_media::ActivityConfig::silence`].
    SilenceWatchdog,
    /// The machine is overloaded: the encoder now spends less.
    ProfileChanged(Profile),
    /// The call is over. Recordings are closed, sockets and buffers free.
    Ended(Arc<Ended>),
}

impl Event {
    /// Ends of things are never given up on their way; there are as many as there were beginnings.
    pub(crate) fn is_vital(&self) -> bool {
        self.is_state()
            || matches!(self, Self::TrackEnded { .. } | Self::PlaylistEmpty | Self::OutputClosed { .. })
    }

    /// State changes and the end of the call outlive everything else in the history.
    pub(crate) fn is_state(&self) -> bool {
        matches!(
            self,
            Self::Connecting | Self::Established | Self::Reconnecting | Self::Reconnected | Self::Ended(_)
        )
    }
}
