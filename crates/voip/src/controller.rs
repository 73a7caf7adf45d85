//! What users hold of a call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::TrySendError;
use offhook_media::{Downlink, MediaTime, Sink, SinkSpec, Source, TrackId, open_sink};

use crate::engine::ShardHandle;
use crate::shard::command::{Command, Vital, Word};
use crate::shared::Shared;
use crate::signals::SIGNAL;
use crate::{
    CallState, CallStats, ControlError, Ended, Event, Events, HangupReason, Signals, Track, interfaces,
};

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
#[derive(Clone)]
pub struct Controller {
    pub(crate) shared: Arc<Shared>,
    pub(crate) shard: Arc<ShardHandle>,
}

impl Controller {
    pub(crate) fn new(shared: Arc<Shared>, shard: Arc<ShardHandle>) -> Self {
        Self { shared, shard }
    }

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
        let id = TrackId::unique();
        self.say(|| Ok(Word::Play(id, track.into().open()?)))?;
        Ok(id)
    }

    /// Replaces the hold list: an endless round while the playlist is empty. An empty list is silence.
    ///
    /// # Errors
    /// As [`Controller::play`]; then the old list stays.
    pub fn play_on_hold<T: Into<Track>>(
        &self,
        tracks: impl IntoIterator<Item = T>,
    ) -> Result<&Self, ControlError> {
        self.say(|| {
            let mut opened: Vec<(TrackId, Box<dyn Source>)> = Vec::new();
            for track in tracks {
                opened.push((TrackId::unique(), track.into().open()?));
            }
            Ok(Word::Hold(opened))
        })
    }

    /// Records the other side into a file, FIFO or `-`; the format is told by the name, or by the spec. What was recorded
    /// into before is flushed, closed and reported.
    ///
    /// # Errors
    /// [`ControlError::OpenSink`] when it cannot be written, [`ControlError::Ended`], [`ControlError::Busy`]; then the old
    /// output stays.
    pub fn set_output_file(&self, output: impl Into<SinkSpec>) -> Result<&Self, ControlError> {
        self.say_output(|| Ok(open_sink(output)?))
    }

    /// Gives what is heard to a sink. It is called on the media thread and must not block.
    ///
    /// # Errors
    /// [`ControlError::Ended`], [`ControlError::Busy`].
    pub fn set_output(&self, sink: Box<dyn Sink>) -> Result<&Self, ControlError> {
        self.say_output(|| Ok(sink))
    }

    /// Ends the recording, which is flushed, closed and reported. Nothing happens when there is none.
    ///
    /// # Errors
    /// As [`Controller::set_output`].
    pub fn unset_output(&self) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::SetOutput(None, None)))
    }

    /// Ends the current track and goes on to the next.
    ///
    /// # Errors
    /// [`ControlError::Ended`], [`ControlError::Busy`].
    pub fn skip(&self) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::Skip))
    }

    /// Ends everything that plays and forgets playlist and hold list.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn stop(&self) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::Stop))
    }

    /// Holds the playlist still; silence is heard.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn pause(&self) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::Pause))
    }

    /// Goes on after [`Controller::pause`].
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn resume(&self) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::Resume))
    }

    /// Moves within the current track. What turns out to be impossible is told by [`crate::Event::SeekFailed`].
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn seek(&self, to: Duration) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::Seek(MediaTime::from_duration(to))))
    }

    /// Loudness of everything that is played, in dB; 0 is unchanged, -60 is silence, +20 the most.
    ///
    /// # Errors
    /// As [`Controller::skip`]; [`ControlError::OutOfRange`] when it is no number.
    pub fn gain(&self, db: f32) -> Result<&Self, ControlError> {
        if !db.is_finite() {
            return Err(ControlError::OutOfRange { what: "gain" });
        }
        self.say(|| Ok(Word::Gain(db)))
    }

    /// Switches this side's sound off and on. Tracks go on meanwhile, unheard, and the peer is told.
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn mute(&self, muted: bool) -> Result<&Self, ControlError> {
        self.say(|| Ok(Word::Mute(muted)))
    }

    /// Ends the call, whatever its state. Returns at once and may be said any number of times: the first reason counts.
    pub fn hangup(&self, reason: HangupReason) {
        if self.shared.ask_hangup(reason) {
            self.shard.tell(Vital::Hangup(self.shared.id));
        }
    }

    /// The address or interface of this machine has changed. The engine sees by itself when the default routes lead
    /// elsewhere ([`EngineConfig::watch_network`](crate::EngineConfig::watch_network)).
    ///
    /// # Errors
    /// As [`Controller::skip`].
    pub fn network_changed(&self) -> Result<&Self, ControlError> {
        let (bind_v4, bind_v6) = self.shard.bind;
        self.say(|| Ok(Word::NetworkChanged(interfaces::addresses(bind_v4, bind_v6))))
    }

    /// Hands the call a packet of its own signalling (`updatePhoneCallSignalingData`). Packets that come before the call is
    /// started are kept until it is. A packet that means nothing is counted by the call and has no other effect.
    ///
    /// # Errors
    /// [`ControlError::SignalsFull`] when [`crate::SIGNALS_IN`] wait already, [`ControlError::OutOfRange`] when it is longer
    /// than 128 KiB, [`ControlError::Ended`], [`ControlError::Busy`]. Nothing of it was taken then.
    pub fn signal(&self, packet: impl Into<Vec<u8>>) -> Result<&Self, ControlError> {
        let packet = packet.into();
        let length = packet.len();
        if length > SIGNAL {
            return Err(ControlError::OutOfRange { what: "length of a signalling packet" });
        }
        if !self.shared.signals.take_room(length) {
            return Err(ControlError::SignalsFull);
        }
        let said = self.say(|| Ok(Word::Signal(packet)));
        if said.is_err() {
            self.shared.signals.give_room(length);
        }
        said
    }

    /// Packets of the call's own signalling, to be handed to the server for the other side (`phone.sendSignalingData`).
    #[must_use]
    pub fn signals(&self) -> Signals {
        Signals::new(Arc::clone(&self.shared))
    }

    /// Where the call stands.
    #[must_use]
    pub fn state(&self) -> CallState {
        self.shared.state()
    }

    /// Sound sent since the call was established, silence included.
    #[must_use]
    pub fn position(&self) -> MediaTime {
        self.shared.position()
    }

    /// What is playing.
    #[must_use]
    pub fn current(&self) -> Option<Current> {
        self.shared.current().map(|track| Current {
            id: track.id,
            title: track.title,
            position: self.shared.track_position(),
            duration: track.duration,
            hold: track.hold,
        })
    }

    /// The four emoji both users compare; `None` until they are known.
    #[must_use]
    pub fn emoji(&self) -> Option<[&'static str; 4]> {
        self.shared.emoji()
    }

    /// What has been counted, at most a fifth of a second old.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        self.shared.stats()
    }

    /// Follows the call's events from its beginning.
    #[must_use]
    pub fn events(&self) -> Events {
        Events::new(Arc::clone(&self.shared))
    }

    /// Waits for the end of the call.
    pub async fn ended(&self) -> Arc<Ended> {
        let mut events = self.events();
        loop {
            match events.next().await {
                Some(Event::Ended(ended)) => return ended,
                Some(_) => {}
                None => unreachable!("a history closes with the end of its call"),
            }
        }
    }

    /// The same for blocking code.
    pub fn wait_ended(&self) -> Arc<Ended> {
        let mut events = self.events();
        loop {
            match events.next_blocking() {
                Some(Event::Ended(ended)) => return ended,
                Some(_) => {}
                None => unreachable!("a history closes with the end of its call"),
            }
        }
    }

    /// Sends a word to the shard. It is made only when the call still lives: nothing is opened for one that is over.
    fn say(&self, make: impl FnOnce() -> Result<Word, ControlError>) -> Result<&Self, ControlError> {
        if self.shared.hangup_asked().is_some() || self.state().is_over() {
            return Err(ControlError::Ended);
        }
        let command = Command { call: self.shared.id, word: make()? };
        match self.shard.commands.try_send(command) {
            Ok(()) => {
                self.shard.bell.ring();
                Ok(self)
            }
            Err(TrySendError::Full(_)) => Err(ControlError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(ControlError::Ended),
        }
    }

    /// The first output that needs samples brings the decoder along.
    fn say_output(
        &self,
        open: impl FnOnce() -> Result<Box<dyn Sink>, ControlError>,
    ) -> Result<&Self, ControlError> {
        let mut brought = false;
        let said = self.say(|| {
            let sink = open()?;
            brought = !sink.wants_packets() && self.shared.needs_decoder();
            let downlink = if brought { Some(Box::new(Downlink::new()?)) } else { None };
            Ok(Word::SetOutput(Some(sink), downlink))
        });
        if said.is_err() && brought {
            self.shared.forget_decoder();
        }
        said
    }
}

impl fmt::Debug for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controller")
            .field("call", &self.shared.id)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
