//! The signalling of one call: messages in and out, packets in and out.

use std::time::Instant;

use super::cipher::{Cipher, CipherStats};
use super::framing::{self, Acked, FramingError, FramingStats, Raw};
use super::message::{Message, MessageError};
use super::sctp::{self, Association, AssociationStats, Ended, Opening};
use super::{Framing, Version, gzip};
use crate::{CallKey, Role};

/// What the signalling asks of its owner. Poll until [`Output::WaitUntil`].
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Hand the packet in the lent buffer to the server (`phone.sendSignalingData`).
    Send,
    /// The other side says this. In order and once, except in 7.0.0.
    Message(Message),
    /// Nothing more will come or go. Said once.
    Failed(Ended),
    /// Nothing to do before this instant; `None` = before the next packet or message.
    WaitUntil(Option<Instant>),
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// No packet can hold it.
    #[error("{got} bytes are more than a message may have")]
    TooLong {
        /// Its length as it would be sent.
        got: usize,
    },
    /// Too much waits to be sent or acknowledged: the other side has not answered for long.
    #[error("too much waits to be sent or acknowledged")]
    Full,
    /// The signalling is over: ended by the other side, or all counters are used up.
    #[error("the signalling is over")]
    Over,
}

/// Counters of a call's signalling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignallingStats {
    /// Packets handed out.
    pub packets_sent: u64,
    /// Packets taken in, whatever became of them.
    pub packets_received: u64,
    /// Messages taken for the other side.
    pub messages_sent: u64,
    /// Messages handed out.
    pub messages_received: u64,
    /// Messages of types that this crate does not know.
    pub unknown_messages: u64,
    /// Messages that could not be unpacked or read.
    pub malformed_messages: u64,
    /// What the cipher did with sealed packets.
    pub cipher: CipherStats,
    /// What the framing did.
    pub framing: FramingStats,
    /// What the association did; all zero where there is none.
    pub association: AssociationStats,
}

/// One side of the signalling of one call.
#[derive(Debug)]
pub struct Signalling {
    version: Version,
    carrier: Carrier,
    /// What an association would be made of, if the other side opens one where none is agreed.
    seed: [u8; 32],
    stats: SignallingStats,
}

#[derive(Debug)]
enum Carrier {
    Raw(Raw),
    Acked(Acked),
    Sctp { raw: Raw, association: Box<Association> },
}

/// What a carrier asks of the signalling.
enum Step {
    Send(Vec<u8>),
    Deliver(Vec<u8>),
    Ended(Ended),
    WaitUntil(Option<Instant>),
}

impl Signalling {
    /// The side `role` of a call under the version both agreed on. `seed` must be random: numbers of the association
    /// follow from it. As caller of 12.0.0 and later it has a packet to send at once.
    pub fn new(version: Version, role: Role, key: CallKey, seed: [u8; 32], at: Instant) -> Self {
        let cipher = Cipher::new(key, role);
        let opening = match role {
            Role::Caller => Opening::Now,
            Role::Callee => Opening::Later,
        };
        let carrier = match version.framing() {
            Framing::Raw => Carrier::Raw(Raw::new(cipher)),
            Framing::Acked => Carrier::Acked(Acked::new(cipher)),
            Framing::Sctp => Carrier::Sctp {
                raw: Raw::new(cipher),
                association: Box::new(Association::new(opening, seed, at)),
            },
        };
        Self { version, carrier, seed, stats: SignallingStats::default() }
    }

    /// The version it speaks.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Takes a message for the other side.
    ///
    /// # Errors
    /// A [`PushError`]; nothing of the message has been sent then.
    pub fn push_message(&mut self, message: &Message) -> Result<(), PushError> {
        self.carrier.push(message.to_json().as_bytes())?;
        self.stats.messages_sent += 1;
        Ok(())
    }

    /// Takes a packet that the server brought (`updatePhoneCallSignalingData`) at the instant `at`. What is wrong with it
    /// is counted and has no other effect.
    pub fn handle_packet(&mut self, packet: &[u8], at: Instant) {
        self.stats.packets_received += 1;
        match &mut self.carrier {
            Carrier::Raw(raw) => raw.handle(packet),
            Carrier::Acked(acked) if self.version == Version::V9 && sctp::is_sctp(packet) => {
                if acked.has_heard() {
                    // It speaks the other framing: this is no packet of its.
                    acked.handle(packet, at);
                } else {
                    self.turn_to_sctp(packet, at);
                }
            }
            Carrier::Acked(acked) => acked.handle(packet, at),
            Carrier::Sctp { association, .. } if sctp::is_sctp(packet) => association.handle(packet, at),
            // The other side was told to do without SCTP: its messages are as authentic as those inside.
            Carrier::Sctp { raw, .. } => raw.handle(packet),
        }
    }

    /// Apps built before July 2023 open an association in 9.0.0: follows them, and says everything again there.
    fn turn_to_sctp(&mut self, packet: &[u8], at: Instant) {
        let Carrier::Acked(acked) = &mut self.carrier else { return };
        let (cipher, messages) = acked.leave();
        let mut association = Box::new(Association::new(Opening::Later, self.seed, at));
        association.handle(packet, at);
        self.carrier = Carrier::Sctp { raw: Raw::new(cipher), association };
        for message in messages {
            // What the framing before had room for, this one has: it was told as said already.
            let _ = self.carrier.push(&message);
        }
    }

    /// The next thing to do at the instant `at`; a packet to send is in `out`, which is cleared first.
    pub fn poll(&mut self, at: Instant, out: &mut Vec<u8>) -> Output {
        loop {
            match self.carrier.poll(at) {
                Step::Send(packet) => {
                    out.clear();
                    out.extend_from_slice(&packet);
                    self.stats.packets_sent += 1;
                    return Output::Send;
                }
                Step::Deliver(bytes) => {
                    if let Some(message) = self.read(bytes) {
                        return Output::Message(message);
                    }
                }
                Step::Ended(why) => return Output::Failed(why),
                Step::WaitUntil(deadline) => return Output::WaitUntil(deadline),
            }
        }
    }

    /// True when the other side has everything; always in 7.0.0, where nobody knows.
    pub fn is_settled(&self) -> bool {
        match &self.carrier {
            Carrier::Raw(_) => true,
            Carrier::Acked(acked) => acked.is_settled(),
            Carrier::Sctp { association, .. } => association.is_settled(),
        }
    }

    /// What happened so far.
    pub fn stats(&self) -> SignallingStats {
        let (cipher, framing, association) = match &self.carrier {
            Carrier::Raw(raw) => (raw.cipher_stats(), raw.stats(), AssociationStats::default()),
            Carrier::Acked(acked) => (acked.cipher_stats(), acked.stats(), AssociationStats::default()),
            Carrier::Sctp { raw, association } => (raw.cipher_stats(), raw.stats(), association.stats()),
        };
        SignallingStats { cipher, framing, association, ..self.stats }
    }

    fn read(&mut self, bytes: Vec<u8>) -> Option<Message> {
        let Ok(text) = gzip::unpack(bytes) else {
            self.stats.malformed_messages += 1;
            return None;
        };
        match Message::from_json(&text) {
            Ok(message) => {
                self.stats.messages_received += 1;
                return Some(message);
            }
            Err(MessageError::UnknownType(kind)) => {
                tracing::debug!(kind, "unknown signalling message");
                self.stats.unknown_messages += 1;
            }
            Err(error) => {
                tracing::debug!(%error, "malformed signalling message");
                self.stats.malformed_messages += 1;
            }
        }
        None
    }
}

impl Carrier {
    fn push(&mut self, text: &[u8]) -> Result<(), PushError> {
        match self {
            Self::Raw(raw) => raw.push(text)?,
            Self::Acked(acked) => acked.push(text)?,
            Self::Sctp { raw, association } => {
                raw.push(&gzip::pack(text))?;
                while let framing::Output::Send(packet) = raw.poll() {
                    association.push(&packet)?;
                }
            }
        }
        Ok(())
    }

    fn poll(&mut self, at: Instant) -> Step {
        match self {
            Self::Raw(raw) => raw.poll().into(),
            Self::Acked(acked) => acked.poll(at).into(),
            Self::Sctp { raw, association } => loop {
                if let framing::Output::Deliver(message) = raw.poll() {
                    return Step::Deliver(message);
                }
                match association.poll(at) {
                    sctp::Output::Deliver(packet) => raw.handle(&packet),
                    sctp::Output::Send(packet) => return Step::Send(packet),
                    sctp::Output::Ended(why) => return Step::Ended(why),
                    sctp::Output::WaitUntil(deadline) => return Step::WaitUntil(deadline),
                }
            },
        }
    }
}

impl From<framing::Output> for Step {
    fn from(output: framing::Output) -> Self {
        match output {
            framing::Output::Send(packet) => Self::Send(packet),
            framing::Output::Deliver(message) => Self::Deliver(message),
            framing::Output::WaitUntil(deadline) => Self::WaitUntil(deadline),
        }
    }
}

impl From<FramingError> for PushError {
    fn from(error: FramingError) -> Self {
        match error {
            FramingError::TooLong { got, .. } => Self::TooLong { got },
            FramingError::Full => Self::Full,
            FramingError::Exhausted => Self::Over,
            FramingError::Empty => unreachable!("a message has at least its type"),
        }
    }
}

impl From<sctp::PushError> for PushError {
    fn from(error: sctp::PushError) -> Self {
        match error {
            sctp::PushError::TooLong { got } => Self::TooLong { got },
            sctp::PushError::Full => Self::Full,
            sctp::PushError::Ended => Self::Over,
            sctp::PushError::Empty => unreachable!("a sealed packet is not empty"),
        }
    }
}
