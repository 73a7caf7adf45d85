//! What goes into a call and what comes out of it.

use std::net::SocketAddr;
use std::time::Instant;

/// What the outside world tells a call.
#[derive(Debug)]
pub enum Input<'a> {
    /// A datagram has arrived. It is decrypted in place.
    Datagram {
        /// When the socket gave it up, not when we got round to it: jitter is measured by it.
        at: Instant,
        /// Who sent it.
        from: SocketAddr,
        /// The whole datagram.
        bytes: &'a mut [u8],
    },
    /// The deadline of the last [`Output::WaitUntil`] has passed (or any other moment has come).
    Tick(Instant),
    /// The interface or address of this machine has changed.
    NetworkChanged(Instant),
    /// The local side is muted or speaks again. While muted no frame is taken and the peer is told.
    Mute {
        /// When.
        at: Instant,
        /// Muted from now on?
        muted: bool,
    },
}

/// What a call asks of the outside world. Poll until [`Output::WaitUntil`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Output {
    /// Send the bytes written into the buffer given to [`crate::Call::poll`].
    Send {
        /// To whom.
        to: SocketAddr,
    },
    /// Something the owner wants to know.
    Event(Event),
    /// Nothing to do before this instant. Ends the drain.
    WaitUntil(Instant),
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Started, the peer has not been heard.
    WaitInit,
    /// The peer has been heard, it has not acknowledged us yet.
    WaitInitAck,
    /// Both directions work.
    Established,
    /// Established before, but nothing valid has arrived for two seconds.
    Reconnecting,
    /// Over, because of a [`FailReason`]. Final.
    Failed,
    /// Closed by its owner. Final.
    Closed,
}

impl State {
    /// True when nothing will happen any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Failed | Self::Closed)
    }
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailReason {
    /// No INIT_ACK within the connect time-out.
    ConnectTimeout,
    /// Nothing valid arrived within the receive time-out.
    ReceiveTimeout,
    /// The peer speaks no version that we do.
    Incompatible,
    /// The peer's packet names another call although it is sealed with our key.
    WrongCall,
}

/// Something the owner of a call wants to know. At most 64 wait; then the oldest is dropped and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The call has moved on. Each state is reported once when it is entered.
    StateChanged(State),
    /// Follows `StateChanged(Failed)`.
    Failed(FailReason),
    /// Datagrams now go through another endpoint.
    EndpointChanged {
        /// Its id.
        id: i64,
    },
    /// The first frame of the peer's sound has arrived.
    FirstAudio,
    /// The peer switched its microphone off or on.
    PeerMuted(bool),
    /// The relay told how this machine looks from outside.
    PublicAddress(SocketAddr),
}

/// Why a frame was not taken. None of them is fatal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// The peer has not acknowledged us yet, or the call is over. The frame is forgotten; the timestamp stands still.
    #[error("the call is not established")]
    NotReady,
    /// The local side is muted.
    #[error("the call is muted")]
    Muted,
    /// The frame is longer than a receiver can hold.
    #[error("frame of {got} bytes, at most {limit} are possible")]
    TooLong {
        /// Its length.
        got: usize,
        /// The limit.
        limit: usize,
    },
    /// The frame is empty or its duration is not the one configured.
    #[error("frame does not hold one frame length of sound")]
    Duration,
    /// Earlier frames have not been polled out yet; at most 4 wait.
    #[error("too many frames wait to be sent")]
    Full,
}
