//! Calls that wait for an answer.

use std::collections::HashMap;

use offhook_mtproto::session::RequestId;
use tokio::sync::oneshot;

use crate::error::{LinkError, RpcError};

/// Names a call from its start to its end, whatever the session numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallId(pub(crate) u64);

/// Names a session of the connection; there are several while keys are exchanged for fresh ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LaneId(pub(crate) u64);

/// A request of one of the sessions, which number theirs alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ticket {
    pub(crate) lane: LaneId,
    pub(crate) request: RequestId,
}

/// A serialized call and where its answer goes.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// The boxed function, without `invokeWithLayer`.
    pub(crate) body: Vec<u8>,
    /// The server must not run it before this one has ended.
    pub(crate) after: Option<CallId>,
    pub(crate) reply: oneshot::Sender<Answer>,
}

/// The boxed result, or why there is none.
pub(crate) type Answer = Result<Vec<u8>, CallFailure>;

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallFailure {
    Rpc(RpcError),
    Link(LinkError),
    /// The session has no room for it. The bound on calls in flight lies below, so only a bug comes here.
    Refused(String),
    Closed,
}

/// All calls of one connection that have no answer.
#[derive(Debug, Default)]
pub(super) struct Calls {
    waiting: HashMap<CallId, Waiting>,
    by_ticket: HashMap<Ticket, CallId>,
}

#[derive(Debug)]
struct Waiting {
    call: Call,
    ticket: Option<Ticket>,
    /// Sent inside `initConnection`.
    wrapped: bool,
    /// How often it was wrapped because the server asked for that.
    rewrapped: u32,
}

impl Calls {
    pub(super) fn insert(&mut self, call: Call) {
        self.waiting.insert(call.id, Waiting { call, ticket: None, wrapped: false, rewrapped: 0 });
    }

    /// Calls that the session has not been given, oldest first.
    pub(super) fn unsent(&self) -> Vec<CallId> {
        let mut ids: Vec<CallId> =
            self.waiting.iter().filter(|(_, waiting)| waiting.ticket.is_none()).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    pub(super) fn body(&self, id: CallId) -> Option<&[u8]> {
        self.waiting.get(&id).map(|waiting| waiting.call.body.as_slice())
    }

    /// The request a call must wait for, when that runs in the same session. An ended one needs no waiting for.
    pub(super) fn predecessor(&self, id: CallId, lane: LaneId) -> Option<RequestId> {
        let before = self.waiting.get(&self.waiting.get(&id)?.call.after?)?.ticket?;
        (before.lane == lane).then_some(before.request)
    }

    /// The call a request carries.
    pub(super) fn request_body(&self, ticket: Ticket) -> Option<&[u8]> {
        self.body(*self.by_ticket.get(&ticket)?)
    }

    /// The session took it in.
    pub(super) fn sent(&mut self, id: CallId, ticket: Ticket, wrapped: bool) {
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.ticket = Some(ticket);
            waiting.wrapped = wrapped;
            self.by_ticket.insert(ticket, id);
        }
    }

    /// A session is gone: its calls are to be given to another.
    pub(super) fn forget_lane(&mut self, lane: LaneId) {
        self.by_ticket.retain(|ticket, _| ticket.lane != lane);
        for waiting in self.waiting.values_mut() {
            if waiting.ticket.is_some_and(|ticket| ticket.lane == lane) {
                waiting.ticket = None;
            }
        }
    }

    /// Whether a request carries `initConnection`.
    pub(super) fn is_wrapped(&self, ticket: Ticket) -> bool {
        self.by_ticket.get(&ticket).and_then(|id| self.waiting.get(id)).is_some_and(|waiting| waiting.wrapped)
    }

    /// Puts a request back so that it is sent inside `initConnection`. False when that was tried before.
    pub(super) fn rewrap(&mut self, ticket: Ticket) -> bool {
        let Some(id) = self.by_ticket.get(&ticket) else { return false };
        let Some(waiting) = self.waiting.get_mut(id) else { return false };
        if waiting.rewrapped > 0 {
            return false;
        }
        waiting.rewrapped += 1;
        waiting.ticket = None;
        self.by_ticket.remove(&ticket);
        true
    }

    /// Ends the call of a request.
    pub(super) fn answer(&mut self, ticket: Ticket, answer: Answer) {
        if let Some(id) = self.by_ticket.remove(&ticket) {
            self.end(id, answer);
        }
    }

    /// Ends a call.
    pub(super) fn end(&mut self, id: CallId, answer: Answer) {
        if let Some(waiting) = self.waiting.remove(&id) {
            // The caller may have stopped waiting.
            let _ = waiting.call.reply.send(answer);
        }
    }

    /// Forgets a call whose caller stopped waiting; its request, when the session has it.
    pub(super) fn cancel(&mut self, id: CallId) -> Option<Ticket> {
        let ticket = self.waiting.remove(&id)?.ticket?;
        self.by_ticket.remove(&ticket);
        Some(ticket)
    }

    /// Ends all calls alike.
    pub(super) fn end_all(&mut self, failure: &CallFailure) {
        self.by_ticket.clear();
        for (_, waiting) in self.waiting.drain() {
            let _ = waiting.call.reply.send(Err(failure.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: u64) -> (Call, oneshot::Receiver<Answer>) {
        let (reply, answer) = oneshot::channel();
        (Call { id: CallId(id), body: vec![0; 4], after: None, reply }, answer)
    }

    fn ticket(request: u64) -> Ticket {
        Ticket { lane: LaneId(0), request: RequestId(request) }
    }

    #[test]
    fn a_call_is_answered_once() {
        let mut calls = Calls::default();
        let (first, mut answer) = call(1);
        calls.insert(first);
        calls.sent(CallId(1), ticket(10), false);
        calls.answer(ticket(10), Ok(vec![1]));
        calls.answer(ticket(10), Ok(vec![2]));
        assert_eq!(answer.try_recv().unwrap(), Ok(vec![1]));
        assert!(calls.unsent().is_empty());
    }

    #[test]
    fn after_the_session_is_gone_every_call_is_sent_again_in_order() {
        let mut calls = Calls::default();
        let mut answers = Vec::new();
        for id in [3, 1, 2] {
            let (call, answer) = call(id);
            calls.insert(call);
            calls.sent(CallId(id), ticket(id), false);
            answers.push(answer);
        }
        assert!(calls.unsent().is_empty());
        calls.forget_lane(LaneId(0));
        assert_eq!(calls.unsent(), [CallId(1), CallId(2), CallId(3)]);
        calls.answer(ticket(1), Ok(Vec::new()));
        assert_eq!(calls.unsent().len(), 3, "an answer of the old session counts for nothing");
    }

    #[test]
    fn sessions_that_number_alike_are_not_mixed_up() {
        let mut calls = Calls::default();
        let (first, mut first_answer) = call(1);
        let (second, mut second_answer) = call(2);
        calls.insert(first);
        calls.insert(second);
        let other = Ticket { lane: LaneId(1), ..ticket(5) };
        calls.sent(CallId(1), ticket(5), false);
        calls.sent(CallId(2), other, false);
        calls.forget_lane(LaneId(0));
        assert_eq!(calls.unsent(), [CallId(1)], "the other session keeps its call");
        calls.answer(ticket(5), Ok(vec![1]));
        assert!(first_answer.try_recv().is_err(), "the session that answered is gone");
        calls.answer(other, Ok(vec![2]));
        assert_eq!(second_answer.try_recv().unwrap(), Ok(vec![2]));
    }

    #[test]
    fn a_call_is_wrapped_again_only_once() {
        let mut calls = Calls::default();
        let (first, _answer) = call(1);
        calls.insert(first);
        calls.sent(CallId(1), ticket(10), false);
        assert!(calls.rewrap(ticket(10)));
        calls.sent(CallId(1), ticket(11), true);
        assert!(calls.is_wrapped(ticket(11)));
        assert!(!calls.rewrap(ticket(11)));
    }

    #[test]
    fn a_cancelled_call_names_its_request() {
        let mut calls = Calls::default();
        let (first, _first) = call(1);
        let (second, _second) = call(2);
        calls.insert(first);
        calls.insert(second);
        calls.sent(CallId(1), ticket(10), false);
        assert_eq!(calls.cancel(CallId(1)), Some(ticket(10)));
        assert_eq!(calls.cancel(CallId(1)), None);
        assert_eq!(calls.cancel(CallId(2)), None);
    }
}
