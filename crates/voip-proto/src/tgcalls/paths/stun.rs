//! A question to a STUN server: how do we look from outside (RFC 8489, binding).
//!
//! The answer is kept alive: the question is put again before translators of addresses forget the mapping, and if the
//! answer is another one by then, so is the candidate.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use stun_types::attribute::{ErrorCode, XorMappedAddress};
use stun_types::message::{BINDING, Message, MessageClass};

use super::ports::plain;
use super::pseudo;

/// Until the first repetition; it doubles with each (RFC 8489, 6.2.1: RTO).
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Times that a question is sent (Rc).
const MOST_TIMES: u32 = 7;
/// How long the last one may take (Rm times RTO).
const LAST_WAIT: Duration = Duration::from_secs(8);
/// Between an answer and the next question (RFC 8445, 11: no less than 15 s).
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Between a question that failed and the next one.
const PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Binding {
    pub(super) server: SocketAddr,
    /// The own socket that it is asked from.
    pub(super) number: u8,
    state: State,
    outcome: Option<Outcome>,
    sent: u32,
    rtt: Option<Duration>,
}

#[derive(Debug)]
enum State {
    /// There is no socket.
    Idle,
    /// Asked so many times, for the first time at `first`; the next thing happens at `next`.
    Asking { id: Id, times: u32, first: Instant, next: Instant },
    /// Nothing to ask before this instant.
    Resting { until: Instant },
}

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// We look like this.
    Mapped(SocketAddr),
    /// The server answered with an error.
    Refused(u16),
    /// It was asked as often as the rules provide.
    Silent,
}

/// A transaction's number.
pub(super) type Id = [u8; 12];

/// What a question asks of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Send what was written.
    Send,
    /// The outcome is another one.
    Changed,
}

impl Binding {
    pub(super) fn new(server: SocketAddr) -> Self {
        let number = u8::from(server.is_ipv6());
        Self { server, number, state: State::Idle, outcome: None, sent: 0, rtt: None }
    }

    /// There is a socket.
    pub(super) fn start(&mut self, now: Instant) {
        (self.state, self.outcome) = (State::Resting { until: now }, None);
    }

    /// There is none any more, and what was learned through it holds no longer.
    pub(super) fn stop(&mut self) {
        (self.state, self.outcome) = (State::Idle, None);
    }

    /// What was learned may hold no longer: asks now and not when it is due.
    pub(super) fn ask_now(&mut self, now: Instant) {
        if let State::Resting { until } = &mut self.state {
            *until = now.min(*until);
        }
    }

    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    pub(super) fn mapped(&self) -> Option<SocketAddr> {
        match self.outcome {
            Some(Outcome::Mapped(addr)) => Some(addr),
            _ => None,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle)
    }

    /// Questions sent, repetitions included.
    pub(super) fn sent(&self) -> u32 {
        self.sent
    }

    /// Round trip of the last question that was sent only once.
    pub(super) fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    pub(super) fn poll(&mut self, now: Instant, id: impl FnOnce() -> Id, out: &mut Vec<u8>) -> Option<Ask> {
        match &mut self.state {
            State::Resting { until } if now >= *until => {
                let id = id();
                self.state = State::Asking { id, times: 1, first: now, next: now + FIRST_WAIT };
                self.sent = self.sent.saturating_add(1);
                write_request(id, out);
                Some(Ask::Send)
            }
            State::Asking { times: MOST_TIMES, next, .. } if now >= *next => {
                self.state = State::Resting { until: now + PAUSE };
                let changed = self.outcome != Some(Outcome::Silent);
                self.outcome = Some(Outcome::Silent);
                changed.then_some(Ask::Changed)
            }
            State::Asking { id, times, next, .. } if now >= *next => {
                *times += 1;
                *next = now + if *times == MOST_TIMES { LAST_WAIT } else { FIRST_WAIT * (1 << (*times - 1)) };
                self.sent = self.sent.saturating_add(1);
                write_request(*id, out);
                Some(Ask::Send)
            }
            _ => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Idle => None,
            State::Asking { next, .. } => Some(next),
            State::Resting { until } => Some(until),
        }
    }

    /// A datagram of the server. `None`: it is no answer to our question. Else whether the outcome is another one.
    pub(super) fn receive(&mut self, now: Instant, bytes: &[u8]) -> Option<bool> {
        let State::Asking { id, times, first, .. } = self.state else { return None };
        // Before anything is read, so that what is not for us costs nothing.
        if bytes.get(8..20) != Some(&id) {
            return None;
        }
        let outcome = read_answer(bytes, self.server)?;
        let pause = match outcome {
            Outcome::Mapped(_) => KEEP_ALIVE,
            Outcome::Refused(_) | Outcome::Silent => PAUSE,
        };
        if times == 1 {
            self.rtt = Some(now.saturating_duration_since(first));
        }
        self.state = State::Resting { until: now + pause };
        Some(self.outcome.replace(outcome) != Some(outcome))
    }
}

/// A binding request without attributes: type, length, cookie, number.
fn write_request(id: Id, out: &mut Vec<u8>) {
    out.extend_from_slice(&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]);
    out.extend_from_slice(&id);
}

/// Reads the answer of `server`; `None` when it is none, or says nothing usable.
fn read_answer(bytes: &[u8], server: SocketAddr) -> Option<Outcome> {
    let message = Message::from_bytes(bytes).ok()?;
    if !message.has_method(BINDING) {
        return None;
    }
    match message.class() {
        MessageClass::Success => {
            let mapped = message.attribute::<XorMappedAddress>().ok()?.addr(message.transaction_id());
            let mapped = plain(mapped);
            let same_family = mapped.is_ipv4() == server.is_ipv4();
            (same_family && is_outside(mapped, server)).then_some(Outcome::Mapped(mapped))
        }
        MessageClass::Error => Some(Outcome::Refused(message.attribute::<ErrorCode>().ok()?.code())),
        MessageClass::Request | MessageClass::Indication => None,
    }
}

/// True for an address that a server there can have seen or given.
pub(super) fn is_outside(addr: SocketAddr, server: SocketAddr) -> bool {
    let ip = addr.ip();
    addr.port() != 0
        && !ip.is_unspecified()
        && !ip.is_multicast()
        && !pseudo::is_pseudo(ip)
        && (!ip.is_loopback() || server.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stun_types::attribute::Software;
    use stun_types::message::{MessageWrite as _, MessageWriteExt as _, MessageWriteVec};

    use super::*;
    use crate::testing::origin;

    const ID: Id = *b"ABCDEFGHIJKL";

    fn addr(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn binding(now: Instant) -> Binding {
        let mut binding = Binding::new(addr("198.51.100.9:3478"));
        binding.start(now);
        binding
    }

    fn request() -> Vec<u8> {
        let mut out = Vec::new();
        write_request(ID, &mut out);
        out
    }

    fn answer(mapped: &str) -> Vec<u8> {
        let request = request();
        let request = Message::from_bytes(&request).unwrap();
        let mut answer = Message::builder_success(&request, MessageWriteVec::new());
        let mapped = XorMappedAddress::new(addr(mapped), request.transaction_id());
        answer.add_attribute(&mapped).unwrap();
        answer.add_fingerprint().unwrap();
        answer.finish()
    }

    fn refusal(code: u16) -> Vec<u8> {
        let request = request();
        let mut answer =
            Message::builder_error(&Message::from_bytes(&request).unwrap(), MessageWriteVec::new());
        answer.add_attribute(&ErrorCode::builder(code).build().unwrap()).unwrap();
        answer.finish()
    }

    /// Milliseconds and what happens at them, until `span` has passed.
    fn asks(binding: &mut Binding, start: Instant, span: Duration) -> Vec<(u128, Ask)> {
        let (mut asks, mut now) = (Vec::new(), start);
        while let Some(deadline) = binding.deadline().filter(|deadline| *deadline <= start + span) {
            now = now.max(deadline);
            if let Some(ask) = binding.poll(now, || ID, &mut Vec::new()) {
                asks.push(((now - start).as_millis(), ask));
            }
        }
        asks
    }

    #[test]
    fn a_question_has_the_bytes_of_rfc_8489() {
        assert_eq!(hex::encode(request()), "000100002112a442".to_owned() + "4142434445464748494a4b4c");
    }

    #[test]
    fn a_question_is_repeated_as_the_rules_say_and_put_again_after_a_pause() {
        let t0 = origin();
        let mut binding = binding(t0);
        let send = |at| (at, Ask::Send);
        let mut expected: Vec<_> = [0, 500, 1500, 3500, 7500, 15_500, 31_500].map(send).to_vec();
        expected.push((39_500, Ask::Changed));
        expected.push(send(69_500));
        assert_eq!(asks(&mut binding, t0, Duration::from_millis(69_500)), expected);
        assert_eq!((binding.outcome(), binding.sent()), (Some(Outcome::Silent), 8));
    }

    #[test]
    fn an_answer_is_kept_alive_and_another_one_is_told() {
        let t0 = origin();
        let mut binding = binding(t0);
        let ms = Duration::from_millis;
        let _ = binding.poll(t0, || ID, &mut Vec::new());
        assert_eq!(binding.receive(t0 + ms(30), &answer("203.0.113.7:4000")), Some(true));
        assert_eq!((binding.mapped(), binding.rtt()), (Some(addr("203.0.113.7:4000")), Some(ms(30))));
        assert_eq!(binding.receive(t0 + ms(31), &answer("203.0.113.8:1")), None, "answered already");
        for (mapped, changed) in [("203.0.113.7:4000", false), ("203.0.113.7:4001", true)] {
            let next = binding.deadline().unwrap();
            assert_eq!(binding.poll(next, || ID, &mut Vec::new()), Some(Ask::Send));
            assert_eq!(binding.receive(next + ms(30), &answer(mapped)), Some(changed));
        }
        assert_eq!(binding.deadline(), Some(t0 + ms(3 * 15_000 + 3 * 30)));
        binding.stop();
        assert_eq!((binding.mapped(), binding.deadline()), (None, None));
    }

    #[test]
    fn who_is_told_to_asks_at_once_and_knows_what_it_knew_until_there_is_an_answer() {
        let (t0, ms) = (origin(), Duration::from_millis);
        let mut binding = binding(t0);
        let _ = binding.poll(t0, || ID, &mut Vec::new());
        binding.ask_now(t0 + ms(10));
        assert_eq!(binding.deadline(), Some(t0 + ms(500)), "it is asking");
        assert_eq!(binding.receive(t0 + ms(30), &answer("203.0.113.7:4000")), Some(true));
        binding.ask_now(t0 + ms(5000));
        assert_eq!(binding.deadline(), Some(t0 + ms(5000)));
        assert_eq!(binding.mapped(), Some(addr("203.0.113.7:4000")));
        assert_eq!(binding.poll(t0 + ms(5000), || ID, &mut Vec::new()), Some(Ask::Send));
        assert_eq!(binding.receive(t0 + ms(5030), &answer("203.0.113.8:4000")), Some(true));
        binding.stop();
        binding.ask_now(t0 + ms(6000));
        assert_eq!(binding.deadline(), None, "there is no socket");
    }

    #[test]
    fn an_error_is_an_answer_too() {
        let t0 = origin();
        let mut binding = binding(t0);
        let _ = binding.poll(t0, || ID, &mut Vec::new());
        assert_eq!(binding.receive(t0, &refusal(420)), Some(true));
        assert_eq!(binding.outcome(), Some(Outcome::Refused(420)));
        assert_eq!(binding.deadline(), Some(t0 + PAUSE));
    }

    #[test]
    fn what_is_no_answer_to_this_question_is_none() {
        let t0 = origin();
        let good = answer("203.0.113.7:4000");
        let change = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        let mut indication = good.clone();
        indication[..2].copy_from_slice(&[0, 0x11]);
        let wrong = [
            vec![],
            request(),
            change(19, 0),
            change(4, 0),
            change(1, 3),
            change(good.len() - 1, good[good.len() - 1] ^ 1),
            good[..good.len() - 1].to_vec(),
            good[..20].to_vec(),
            indication,
            answer("[2001:db8::1]:4000"),
            answer("0.0.0.0:4000"),
            answer("127.0.0.1:4000"),
            answer("224.0.0.1:4000"),
            answer("203.0.113.7:0"),
        ];
        for bytes in wrong {
            let mut binding = binding(t0);
            let _ = binding.poll(t0, || ID, &mut Vec::new());
            assert_eq!(binding.receive(t0, &bytes), None, "{}", hex::encode(&bytes));
            assert_eq!(binding.receive(t0, &good), Some(true));
        }
        let mut idle = Binding::new(addr("198.51.100.9:3478"));
        assert_eq!(idle.receive(t0, &good), None, "nothing was asked");
    }

    #[test]
    fn an_answer_with_attributes_nobody_needs_is_taken() {
        let request = request();
        let request = Message::from_bytes(&request).unwrap();
        let mut answer = Message::builder_success(&request, MessageWriteVec::new());
        answer.add_attribute(&Software::new("a server").unwrap()).unwrap();
        let mapped = XorMappedAddress::new(addr("203.0.113.7:4000"), request.transaction_id());
        answer.add_attribute(&mapped).unwrap();
        let outcome = read_answer(&answer.finish(), addr("198.51.100.9:3478"));
        assert_eq!(outcome, Some(Outcome::Mapped(addr("203.0.113.7:4000"))));
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(
            tail in prop::collection::vec(any::<u8>(), 0..100),
            (at, byte) in (0..40_usize, any::<u8>()),
        ) {
            let server = addr("198.51.100.9:3478");
            let mut near = answer("203.0.113.7:4000");
            near[at % 40] = byte;
            let mut framed = [&[1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &ID, &tail].concat();
            framed[3] = (tail.len() & !3) as u8;
            for bytes in [&near[..], &framed[..20 + (tail.len() & !3)], &tail[..]] {
                if let Some(Outcome::Mapped(mapped)) = read_answer(bytes, server) {
                    prop_assert!(mapped.is_ipv4() && mapped.port() != 0);
                }
            }
        }
    }
}
