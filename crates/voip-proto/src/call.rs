//! One side of the media of a call.

use std::time::{Duration, Instant};

use crate::{CallConfig, ConfigError, EncoderHints, Input, Output, Playout, PushError, State, Stats};

/// One side of the media of one call. See the crate's page for how to drive it.
#[derive(Debug)]
pub struct Call {}

impl Call {
    /// Starts a call; the first [`Call::poll`] sends the first datagrams.
    ///
    /// # Errors
    /// [`ConfigError`] when the configuration makes no call possible.
    pub fn new(config: CallConfig, now: Instant) -> Result<Self, ConfigError> {
        let _ = (config, now);
        todo!()
    }

    /// Takes one input. Then [`Call::poll`].
    pub fn handle(&mut self, input: Input<'_>) {
        let _ = input;
        todo!()
    }

    /// The next thing to do. `out` is cleared and filled for [`Output::Send`]; give it 1500 bytes of room once and lend it
    /// again and again.
    pub fn poll(&mut self, out: &mut Vec<u8>) -> Output {
        let _ = out;
        todo!()
    }

    /// Hands over one Opus packet of exactly the configured frame length. Then [`Call::poll`].
    ///
    /// # Errors
    /// [`PushError`] when it is not wanted; the frame is then forgotten.
    pub fn push_frame(&mut self, now: Instant, opus: &[u8]) -> Result<(), PushError> {
        let _ = (now, opus);
        todo!()
    }

    /// True when [`Call::push_frame`] would take a frame: there is no use in encoding one otherwise.
    pub fn wants_frames(&self) -> bool {
        todo!()
    }

    /// The next piece of sound to play, called when the decoded sound has run short (less than 20 ms is left).
    /// `queued` is the decoded sound that has not been played yet. `out` receives the packet for [`Playout::Frame`] and
    /// [`Playout::Recovered`].
    pub fn pull_frame(&mut self, now: Instant, queued: Duration, out: &mut Vec<u8>) -> Playout {
        let _ = (now, queued, out);
        todo!()
    }

    /// Ends the call. The family has no word for it on the wire: the peer learns it through signalling. Idempotent.
    pub fn close(&mut self, now: Instant) {
        let _ = now;
        todo!()
    }

    /// Where the call stands.
    pub fn state(&self) -> State {
        todo!()
    }

    /// What has been counted until now.
    pub fn stats(&self) -> Stats {
        todo!()
    }

    /// What the path would like the encoder to do.
    pub fn encoder_hints(&self) -> EncoderHints {
        todo!()
    }
}
