//! The engine: its shards, and who gets which call.

use std::io;

use offhook_voip_proto::CallConfig;

use crate::{Controller, EngineConfig, EngineStats, MediaOptions, StartError};

/// Carries calls on a fixed number of threads. Dropping it ends its calls and waits for its threads.
#[derive(Debug)]
pub struct Engine(());

impl Engine {
    /// Binds the sockets and starts the threads.
    ///
    /// # Errors
    /// A socket cannot be bound or a thread cannot be started.
    pub fn start(config: EngineConfig) -> io::Result<Self> {
        let _ = config;
        todo!()
    }

    /// Starts a call whose key is known.
    ///
    /// # Errors
    /// [`StartError`]; calls that are up are not touched.
    pub fn start_call(&self, call: CallConfig, options: MediaOptions) -> Result<Controller, StartError> {
        let (controller, reservation) = self.prepare(options)?;
        reservation.start(call)?;
        Ok(controller)
    }

    /// A controller for a call that still rings: media can be queued, outputs set, and it can be hung up. The reservation
    /// starts the call; dropping it ends it as [`crate::HangupReason::Abandoned`].
    ///
    /// # Errors
    /// [`StartError::Overloaded`], [`StartError::Codec`], [`StartError::Stopped`].
    pub fn prepare(&self, options: MediaOptions) -> Result<(Controller, Reservation), StartError> {
        let _ = options;
        todo!()
    }

    /// What has been counted until now. Never waits.
    #[must_use]
    pub fn stats(&self) -> EngineStats {
        todo!()
    }

    /// Ends every call as [`crate::HangupReason::EngineStopped`], flushes their recordings and stops the threads. Blocks
    /// until that is done, at most about five seconds. Idempotent; controllers stay valid and say the calls are over.
    pub fn shutdown(&self) {
        todo!()
    }
}

/// The right to start a call that was prepared.
#[derive(Debug)]
pub struct Reservation(());

impl Reservation {
    /// Shown by [`Controller::emoji`] from now on.
    pub fn set_emoji(&self, emoji: [&'static str; 4]) {
        let _ = emoji;
        todo!()
    }

    /// The key and the relays are known: media starts.
    ///
    /// # Errors
    /// [`StartError::Config`], [`StartError::TagInUse`], [`StartError::NoIpv6`], [`StartError::Ended`] when it was hung up
    /// in the meantime. The call is over then.
    pub fn start(self, call: CallConfig) -> Result<(), StartError> {
        let _ = call;
        todo!()
    }
}
