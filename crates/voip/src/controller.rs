//! What users hold of a call.

use std::sync::Arc;
use std::time::Duration;

use offhook_media::{MediaTime, Sink, SinkSpec, TrackId};

use crate::{CallState, CallStats, ControlError, Ended, Events, HangupReason, Track};

/// What is playing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Which track.
    pub id: TrackId,
    /// Its name.
    pub title: String,
    /// How far it is.
    pub position: MediaTime,
    /// How long it is, where known.
    pub duration: Option<MediaTime>,
    /// It is hold music.
    pub hold: bool,
}

/// A call, from outside. Clones name the same call. Dropping it does not hang up.
///
/// Words return at once: what can be wrong with a file is an error now, the rest happens on the call's shard in the order
/// of the words. Looks never wait. Everything works from the moment the controller exists; media queued before the call
/// is established starts then.
#[derive(Clone, Debug)]
pub struct Controller(());

impl Controller {
    /// Appends to the playlist; cuts hold music at once. Paths are opened and probed now, on this thread.
    ///
    /// # Errors
    /// [`ControlError::Open`], [`ControlError::Ended`], [`ControlError::Busy`].
    pub fn play(&self, track: impl Into<Track>) -> Result<&Self, ControlError> {
        self.enqueue(track)?;
        Ok(self)
    }

    /// The same as [`Controller::play`]; reads well in a chain.
    ///
    /// # Errors
    /// As [`Controller::play`].
    pub fn then(&self, track: impl Into<Track>) -> Result<&Self, ControlError> {
        self.play(track)
    }

    /// The same as [`Controller::play`], and tells the name under which events will speak of the track.
    ///
    /// # Errors
    /// As [`Controller::play`].
    pub fn enqueue(&self, track: impl Into<Track>) -> Result<TrackId, ControlError> {
        let _ = track.into().open()?;
        todo!()
    }

    /// Replaces the hold list: an endless round while the playlist is empty. An empty list is silence.
    ///
    /// # Errors
    /// As [`Controller::play`]; then the old list stays.
    pub fn play_on_hold<T: Into<Track>>(
        &self,
        tracks: impl IntoIterator<Item = T>,
    ) -> Result<&Self, ControlError> {
        let _ = tracks;
        todo!()
    }

    /// Records the other side into a file, FIFO or `-`; the format is told by the name, or by the spec. What was recorded
    /// into before is flushed, closed and reported.
    ///
    /// # Errors
    /// [`ControlError::OpenSink`] when it cannot be written, [`ControlError::Ended`], [`ControlError::Busy`]; then the old
    /// output stays.
    pub fn set_output_file(&self, output: impl Into<SinkSpec>) -> Result<&Self, ControlError> {
        let _ = output.into();
        todo!()
    }

    /// Gives what is heard to a sink. It is called on the media thread and must not block.
    ///
    /// # Errors
    /// [`ControlError::Ended`], [`ControlError::Busy`].
    pub fn set_output(&self, sink: Box<dyn Sink>) -> Result<&Self, ControlError> {
        let _ = sink;
        todo!()
    }

    /// Ends the recording, which is flushed, closed and reported. Nothing happens when there is none.
    ///
    /// # Errors
    /// As [`Controller::set_output`].
    pub fn unset_output(&self) -> Result<&Self, ControlError> {
        todo!()
    }

    /// Ends the current track and goes on to the next.
    ///
    /// # Errors
    /// [`ControlError::Ended`], [`ControlError::Busy`].
    pub fn skip(&self) -> Result<&Self, ControlError> {
        todo!()
    }

    /// Ends everything that plays and forgets playlist and hold list.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn stop(&self) -> Result<&Self, ControlError> {
        todo!()
    }

    /// Holds the playlist still; silence is heard.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn pause(&self) -> Result<&Self, ControlError> {
        todo!()
    }

    /// Goes on after [`Controller::pause`].
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn resume(&self) -> Result<&Self, ControlError> {
        todo!()
    }

    /// Moves within the current track. What turns out to be impossible is told by [`crate::Event::SeekFailed`].
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn seek(&self, to: Duration) -> Result<&Self, ControlError> {
        let _ = to;
        todo!()
    }

    /// Loudness of everything that is played, in dB; 0 is unchanged, -60 is silence, +20 the most.
    ///
    /// # Errors
    /// As [`Controller::skip`]; [`ControlError::OutOfRange`] when it is no number.
    pub fn gain(&self, db: f32) -> Result<&Self, ControlError> {
        let _ = db;
        todo!()
    }

    /// Switches this side's sound off and on. Tracks go on meanwhile, unheard, and the peer is told.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn mute(&self, muted: bool) -> Result<&Self, ControlError> {
        let _ = muted;
        todo!()
    }

    /// Ends the call, whatever its state. Returns at once and may be said any number of times: the first reason counts.
    pub fn hangup(&self, reason: HangupReason) {
        let _ = reason;
        todo!()
    }

    /// The address or interface of this machine has changed.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn network_changed(&self) -> Result<&Self, ControlError> {
        todo!()
    }

    /// Where the call stands.
    #[must_use]
    pub fn state(&self) -> CallState {
        todo!()
    }

    /// Sound sent since the call was established, silence included.
    #[must_use]
    pub fn position(&self) -> MediaTime {
        todo!()
    }

    /// What is playing.
    #[must_use]
    pub fn current(&self) -> Option<Current> {
        todo!()
    }

    /// The four emoji both users compare; `None` until they are known.
    #[must_use]
    pub fn emoji(&self) -> Option<[&'static str; 4]> {
        todo!()
    }

    /// What has been counted, at most a fifth of a second old.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        todo!()
    }

    /// Follows the call's events from its beginning.
    #[must_use]
    pub fn events(&self) -> Events {
        todo!()
    }

    /// Waits for the end of the call.
    pub async fn ended(&self) -> Arc<Ended> {
        todo!()
    }

    /// The same for blocking code.
    #[must_use]
    pub fn wait_ended(&self) -> Arc<Ended> {
        todo!()
    }
}
