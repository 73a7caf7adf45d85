//! What the two sides agree on through signalling: credentials, addresses and streams. No transport here: messages go in,
//! messages and [`Order`]s come out.
//!
//! Rules: tgcalls.md 4 and 9. Nothing relies on an order between messages but that of a request and its answer, and each
//! may come again. Where the rules leave room:
//!
//! * The caller speaks first: setup and offer. The callee answers the setup with its own, and the first offer with the
//!   answer and an offer of its own; if no offer comes it makes its own after [`PATIENCE`].
//! * An offer that comes again is answered again, at most [`MAX_ANSWERS`] times: two engines that take each other's answers
//!   for offers would never stop. What names our own stream is never an offer.
//! * Credentials have generations ([`InitialSetup::generation`]), and each side has its own of each. A restart of ICE
//!   (RFC 8445, 9) is a setup of the next generation; who gets one and has not sent its own answers with it. When both
//!   began at once each has what the other asks for, so that two restarts become one. A setup of a generation that is in
//!   use or over begins nothing. The setups of tgcalls and ntgcalls (read, not run) have no generation: they make their
//!   credentials once, take those of any setup, and answer with the same ones. They are offered no restart, and a setup of
//!   theirs with other credentials is taken and answered with ours unchanged.
//! * Of a foreign offer only Opus, RED around it, and the header extensions under the numbers we use are kept. Pictures are
//!   left out of the answer; the peer then does not send them.

mod restart;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rand::Rng;
use rand_chacha::ChaCha12Rng;

pub(super) use restart::Credentials;

use super::message::{
    Candidate, Candidates, Content, FeedbackType, Fingerprint, InitialSetup, MediaKind, MediaState, Message,
    NegotiateChannels, PayloadType, RtpExtension, Setup,
};
use crate::{FailReason, Role};

/// Number of RED in RTP, as everybody uses it.
pub(super) const RED: u8 = 63;
/// Candidates of the peer that are kept before its setup is there, and taken in all.
const MAX_CANDIDATES: usize = 64;
/// Messages that wait for the signalling; then a new one is dropped.
const MAX_OUT: usize = 64;
/// Setups and offers that are remembered.
const MEMORY: usize = 16;
/// How often one offer is answered.
const MAX_ANSWERS: u8 = 5;
/// After so long without an answer what 7.0.0 may have lost is said again, and a callee offers by itself.
const PATIENCE: Duration = Duration::from_millis(2500);

/// What follows from the agreement.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// Reach and trust the peer with these. `client`: this side begins DTLS.
    Trust { ufrag: String, pwd: String, fingerprint: [u8; 32], client: bool },
    /// ICE restarts with these. `at_once`: the peer has ours as well; else it will learn them now.
    Renew { own: Credentials, theirs: Credentials, fingerprint: [u8; 32], at_once: bool },
    /// An address of the peer to try.
    Try(String),
    /// Its sound comes like this; `None`: it sends none.
    Hear(Option<Stream>),
    /// Our sound may go like this; `None`: it is not wanted.
    Speak(Option<Stream>),
    /// What the peer sends at the moment.
    State(MediaState),
    /// The agreement is impossible.
    Fail(FailReason),
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trust { ufrag, client, .. } => {
                f.debug_struct("Trust").field("ufrag", ufrag).field("client", client).finish_non_exhaustive()
            }
            Self::Renew { at_once, .. } => {
                f.debug_struct("Renew").field("at_once", at_once).finish_non_exhaustive()
            }
            Self::Try(_) => f.write_str("Try(..)"),
            Self::Hear(stream) => f.debug_tuple("Hear").field(stream).finish(),
            Self::Speak(stream) => f.debug_tuple("Speak").field(stream).finish(),
            Self::State(state) => f.debug_tuple("State").field(state).finish(),
            Self::Fail(reason) => f.debug_tuple("Fail").field(reason).finish(),
        }
    }
}

/// A stream of sound in RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    pub(super) ssrc: u32,
    pub(super) opus: u8,
    /// Its number of RED, when whoever hears it plays that.
    pub(super) red: Option<u8>,
    /// What is lost of it may be asked for again.
    pub(super) again: bool,
}

/// This side's credentials.
#[derive(Clone)]
pub(super) struct Local {
    pub(super) ice: Credentials,
    /// SHA-256 of the certificate, upper-case hex with colons.
    pub(super) fingerprint: String,
}

/// Counters of messages that were not followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionStats {
    /// Repeats, echoes and leftovers that meant nothing new.
    pub ignored: u64,
    /// Candidates of the peer beyond the limit.
    pub dropped_candidates: u64,
    /// Messages of ours for which there was no room.
    pub dropped_messages: u64,
}

pub(super) struct Session {
    role: Role,
    local: Local,
    ssrc: u32,
    /// Nothing that is lost is repeated below, so it is said again here (7.0.0).
    lossy: bool,
    random: ChaCha12Rng,
    /// The word for DTLS in our setups.
    word: Setup,
    /// Setups of the peer; the last is in use.
    setups: Vec<InitialSetup>,
    /// The peer follows restarts.
    follows: bool,
    /// The generation that `local` belongs to.
    generation: u32,
    /// Our credentials of the next generation, told and not answered yet, and how often they have been told.
    next: Option<(Credentials, u8)>,
    /// Setups of a restart that came again and were answered again.
    repeats: u8,
    /// Our offer that waits for its answer.
    pending: Option<NegotiateChannels>,
    /// Ids of all our offers.
    offered: Vec<u32>,
    /// Offers of the peer that were answered, and how often.
    answered: VecDeque<(u32, u8)>,
    held: Vec<Candidate>,
    candidates: usize,
    own_candidates: Vec<Candidate>,
    again_at: Option<Instant>,
    out: VecDeque<Message>,
    orders: VecDeque<Order>,
    stats: SessionStats,
}

impl Session {
    /// `random` must be a generator of this session alone.
    pub(super) fn new(role: Role, local: Local, lossy: bool, mut random: ChaCha12Rng, now: Instant) -> Self {
        let mut session = Self {
            role,
            local,
            ssrc: random.random_range(1..=u32::MAX),
            lossy,
            random,
            word: Setup::Actpass,
            setups: Vec::new(),
            follows: false,
            generation: 0,
            next: None,
            repeats: 0,
            pending: None,
            offered: Vec::new(),
            answered: VecDeque::new(),
            held: Vec::new(),
            candidates: 0,
            own_candidates: Vec::new(),
            again_at: None,
            out: VecDeque::new(),
            orders: VecDeque::new(),
            stats: SessionStats::default(),
        };
        if role == Role::Caller {
            session.send_setup();
            session.offer();
            session.again_at = Some(now + PATIENCE);
        }
        session
    }

    /// The SSRC that a session with this generator will have.
    pub(super) fn ssrc_of(random: &ChaCha12Rng) -> u32 {
        random.clone().random_range(1..=u32::MAX)
    }

    /// The SSRC our sound is sent under.
    #[cfg(test)]
    fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// What was counted.
    pub(super) fn stats(&self) -> SessionStats {
        self.stats
    }

    /// The next message for the peer.
    pub(super) fn take_message(&mut self) -> Option<Message> {
        self.out.pop_front()
    }

    /// Puts a message back that the signalling had no room for.
    pub(super) fn put_back(&mut self, message: Message) {
        self.out.push_front(message);
    }

    /// The next thing to do.
    pub(super) fn take_order(&mut self) -> Option<Order> {
        self.orders.pop_front()
    }

    /// When [`Session::tick`] has something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.again_at
    }

    /// A local address was found.
    pub(super) fn add_candidate(&mut self, line: String) {
        let candidate = Candidate { line };
        if self.lossy && self.own_candidates.len() < MEMORY {
            self.own_candidates.push(candidate.clone());
        }
        self.send(Message::Candidates(Candidates { candidates: vec![candidate] }));
    }

    /// Tells the peer through signalling what this side sends.
    pub(super) fn send_state(&mut self, state: MediaState) {
        self.send(Message::MediaState(state));
    }

    /// The transport is up: candidates and setups have done their work.
    pub(super) fn connected(&mut self) {
        self.own_candidates.clear();
    }

    /// Says again what may have got lost.
    pub(super) fn tick(&mut self, now: Instant) {
        if self.again_at.is_none_or(|at| now < at) {
            return;
        }
        self.again_at = None;
        let unanswered = self.setups.is_empty() && self.role == Role::Caller;
        let repeat = self.next.as_ref().is_some_and(|(_, told)| *told < MAX_ANSWERS);
        if self.lossy && (unanswered || repeat || self.pending.is_some()) {
            self.again_at = Some(now + PATIENCE);
            if unanswered {
                self.send_setup();
            }
            if repeat {
                self.tell_next();
            }
            if let Some(offer) = self.pending.clone() {
                self.send(Message::NegotiateChannels(offer));
            }
            for candidate in self.own_candidates.clone() {
                self.send(Message::Candidates(Candidates { candidates: vec![candidate] }));
            }
        }
        if self.role == Role::Callee && self.offered.is_empty() {
            self.offer();
            self.again_at = Some(now + PATIENCE);
        }
    }

    /// Takes a message of the peer.
    pub(super) fn handle(&mut self, message: Message, now: Instant) {
        match message {
            Message::InitialSetup(setup) => self.on_setup(setup, now),
            Message::NegotiateChannels(channels) => self.on_channels(channels, now),
            Message::Candidates(candidates) => self.on_candidates(candidates),
            Message::MediaState(state) => self.orders.push_back(Order::State(state)),
        }
    }

    fn on_setup(&mut self, setup: InitialSetup, now: Instant) {
        if let Some(generation) = setup.generation.filter(|_| self.follows)
            && (generation > 0 || self.generation > 0)
        {
            self.on_generation(setup, generation);
            return;
        }
        if self.setups.is_empty() {
            self.follows = setup.generation == Some(0);
        }
        let client = match setup.fingerprints.first().map(|fingerprint| fingerprint.setup) {
            Some(Setup::Active) => false,
            Some(Setup::Passive) => true,
            _ => self.role == Role::Caller,
        };
        let in_use = self.setups.last() == Some(&setup);
        if !in_use && self.setups.contains(&setup) {
            // Overtaken by a newer one.
            self.stats.ignored += 1;
            return;
        }
        if self.role == Role::Callee {
            self.word = if client { Setup::Active } else { Setup::Passive };
            self.send_setup();
        }
        if in_use {
            self.stats.ignored += 1;
            return;
        }
        let Some(fingerprint) = setup.fingerprints.first().and_then(parse_fingerprint) else {
            self.orders.push_back(Order::Fail(FailReason::Fingerprint));
            return;
        };
        let (ufrag, pwd) = (setup.ufrag.clone(), setup.pwd.clone());
        self.orders.push_back(Order::Trust { ufrag, pwd, fingerprint, client });
        self.remember(setup);
        for candidate in std::mem::take(&mut self.held) {
            self.orders.push_back(Order::Try(candidate.line));
        }
        if self.role == Role::Callee && self.offered.is_empty() {
            self.again_at.get_or_insert(now + PATIENCE);
        }
    }

    fn remember(&mut self, setup: InitialSetup) {
        if self.setups.len() == MEMORY {
            self.setups.remove(0);
        }
        self.setups.push(setup);
    }

    fn on_candidates(&mut self, candidates: Candidates) {
        for candidate in candidates.candidates {
            if self.candidates == MAX_CANDIDATES {
                self.stats.dropped_candidates += 1;
                continue;
            }
            self.candidates += 1;
            if self.setups.is_empty() {
                self.held.push(candidate);
            } else {
                self.orders.push_back(Order::Try(candidate.line));
            }
        }
    }

    fn on_channels(&mut self, channels: NegotiateChannels, now: Instant) {
        let id = channels.exchange_id;
        if self.pending.as_ref().is_some_and(|offer| offer.exchange_id == id) {
            self.pending = None;
            self.on_answer(&channels);
            return;
        }
        let echo = channels.contents.iter().any(|content| content.ssrc == self.ssrc);
        if echo || self.offered.contains(&id) {
            self.stats.ignored += 1;
            return;
        }
        let again = self.answered.iter().any(|(answered, _)| *answered == id);
        let glare = self.pending.is_some() && !again;
        if self.pending.is_some() && self.role == Role::Caller {
            // The other side forgets it for ours, and offers again afterwards.
            self.stats.ignored += 1;
            return;
        }
        if !self.may_answer(id) {
            self.stats.ignored += 1;
            return;
        }
        if glare {
            self.pending = None;
        }
        self.answer(channels);
        if glare || self.role == Role::Callee && self.offered.is_empty() {
            self.offer();
            self.again_at = Some(now + PATIENCE);
        }
    }

    fn on_answer(&mut self, answer: &NegotiateChannels) {
        let ours = answer.contents.iter().find(|content| content.ssrc == self.ssrc);
        let stream = ours.and_then(|content| {
            let plays_red = content.plays_red;
            self.kept(content).1.map(|stream| Stream { red: stream.red.filter(|_| plays_red), ..stream })
        });
        self.orders.push_back(Order::Speak(stream));
    }

    /// An id is remembered from its first answer on.
    fn may_answer(&mut self, id: u32) -> bool {
        if let Some((_, count)) = self.answered.iter_mut().find(|(answered, _)| *answered == id) {
            *count = count.saturating_add(1);
            return *count <= MAX_ANSWERS;
        }
        if self.answered.len() == MEMORY {
            self.answered.pop_front();
        }
        self.answered.push_back((id, 1));
        true
    }

    fn answer(&mut self, offer: NegotiateChannels) {
        let audio = offer.contents.iter().filter(|content| content.kind == MediaKind::Audio);
        let kept = audio.filter_map(|content| {
            let (mut kept, stream) = self.kept(content);
            let stream = Stream { again: !content.repairs_itself, ..stream? };
            if stream.again {
                ask_again(&mut kept);
            }
            Some((kept, stream))
        });
        let (contents, streams): (Vec<Content>, Vec<Stream>) = kept.take(1).unzip();
        let stream = streams.first().copied();
        self.send(Message::NegotiateChannels(NegotiateChannels { exchange_id: offer.exchange_id, contents }));
        self.orders.push_back(Order::Hear(stream));
    }

    /// What is left of a stream when only what we know is kept, and the stream if it can still carry sound.
    fn kept(&self, content: &Content) -> (Content, Option<Stream>) {
        let types = &content.payload_types;
        let usable = |payload_type: &&PayloadType| is_rtp(payload_type.id);
        let opus = types.iter().filter(usable).find(|payload_type| payload_type.is_opus());
        let red = types.iter().filter(usable).find(|payload_type| {
            payload_type.name.eq_ignore_ascii_case("red") && payload_type.clockrate == 48_000
        });
        let extensions = content.rtp_extensions.iter().filter(|extension| is_known(extension));
        let kept = Content {
            kind: MediaKind::Audio,
            ssrc: content.ssrc,
            ssrc_groups: Vec::new(),
            payload_types: opus.into_iter().chain(red).map(reduced).collect(),
            rtp_extensions: extensions.cloned().collect(),
            plays_red: red.is_some(),
            repairs_itself: false,
        };
        let audio = content.kind == MediaKind::Audio && content.ssrc != 0;
        let stream = opus.filter(|_| audio).map(|opus| Stream {
            ssrc: content.ssrc,
            opus: opus.id,
            red: red.map(|red| red.id),
            again: false,
        });
        (kept, stream)
    }

    fn offer(&mut self) {
        let mut exchange_id = self.random.random();
        while self.offered.contains(&exchange_id) || self.answered.iter().any(|(id, _)| *id == exchange_id) {
            exchange_id = self.random.random();
        }
        let mut content = Content::opus(self.ssrc);
        content.payload_types.push(red());
        content.repairs_itself = true;
        let offer = NegotiateChannels { exchange_id, contents: vec![content] };
        if self.offered.len() == MEMORY {
            self.offered.remove(0);
        }
        self.offered.push(exchange_id);
        self.send(Message::NegotiateChannels(offer.clone()));
        self.pending = Some(offer);
    }

    fn send_setup(&mut self) {
        self.send_setup_of(self.local.ice.clone(), self.generation);
    }

    /// The certificate and who begins DTLS stay as they are: what is keyed is not keyed again.
    fn send_setup_of(&mut self, ice: Credentials, generation: u32) {
        let (setup, fingerprint) = (self.word, self.local.fingerprint.clone());
        self.send(Message::InitialSetup(InitialSetup {
            ufrag: ice.ufrag,
            pwd: ice.pwd,
            renomination: false,
            generation: Some(generation),
            fingerprints: vec![Fingerprint { hash: "sha-256".into(), setup, fingerprint }],
        }));
    }

    fn send(&mut self, message: Message) {
        if self.out.len() == MAX_OUT {
            self.stats.dropped_messages += 1;
            return;
        }
        self.out.push_back(message);
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("role", &self.role)
            .field("setups", &self.setups.len())
            .field("generation", &self.generation)
            .field("pending", &self.pending.is_some())
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

/// RED around Opus, as libwebrtc names it. That a peer answers with it says nothing: ntgcalls 3.0.5 does, and hears nothing
/// of what comes in it. [`Content::plays_red`] says it.
fn red() -> PayloadType {
    let parameters = [(String::new(), "111/111".to_owned())].into();
    PayloadType { id: RED, name: "red".into(), feedback_types: Vec::new(), parameters, ..PayloadType::opus() }
}

/// Asks for retransmission of what is lost. Nobody offers it for sound, but libwebrtc keeps what it sent and sends it again
/// when the answer names `nack` (ntgcalls 3.0.5), under its number and SSRC of before.
fn ask_again(content: &mut Content) {
    let opus = content.payload_types.iter_mut().find(|payload_type| payload_type.is_opus());
    if let Some(opus) = opus {
        opus.feedback_types.push(FeedbackType { kind: "nack".into(), subtype: String::new() });
    }
}

fn reduced(payload_type: &PayloadType) -> PayloadType {
    let mut reduced = payload_type.clone();
    reduced.feedback_types.retain(|feedback| feedback.kind == "transport-cc");
    reduced
}

/// Numbers that cannot be mistaken for RTCP where both share a port (RFC 5761), and that are not taken by older codecs.
fn is_rtp(id: u8) -> bool {
    matches!(id, 35..=63 | 96..=127)
}

fn is_known(extension: &RtpExtension) -> bool {
    matches!(
        (extension.id, extension.uri.as_str()),
        (2, RtpExtension::ABS_SEND_TIME) | (3, RtpExtension::TRANSPORT_CC)
    )
}

fn parse_fingerprint(fingerprint: &Fingerprint) -> Option<[u8; 32]> {
    if !fingerprint.hash.eq_ignore_ascii_case("sha-256") {
        return None;
    }
    let mut bytes = [0; 32];
    let mut pairs = fingerprint.fingerprint.split(':');
    for byte in &mut bytes {
        let digits = |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        let pair = pairs.next().filter(digits)?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    pairs.next().is_none().then_some(bytes)
}
