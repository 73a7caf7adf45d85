//! Calls that wait for an answer.

use std::collections::HashMap;

use offhook_mtproto::session::RequestId;
use tokio::sync::oneshot;

use crate::error::{LinkError, RpcError};

/// Names a call from its start to its end, whatever the session numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallId(pub(crate) u64);

/// A serialized call and where its answer goes.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// The boxed function, without `invokeWithLayer`.
    pub(crate) body: Vec<u8>,
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
    by_request: HashMap<RequestId, CallId>,
}

#[derive(Debug)]
struct Waiting {
    call: Call,
    request: Option<RequestId>,
    /// Sent inside `initConnection`.
    wrapped: bool,
    /// How often it was wrapped because the server asked for that.
    rewrapped: u32,
}

impl Calls {
    pub(super) fn insert(&mut self, call: Call) {
        self.waiting.insert(call.id, Waiting { call, request: None, wrapped: false, rewrapped: 0 });
    }

    /// Calls that the session has not been given, oldest first.
    pub(super) fn unsent(&self) -> Vec<CallId> {
        let mut ids: Vec<CallId> =
            self.waiting.iter().filter(|(_, waiting)| waiting.request.is_none()).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    pub(super) fn body(&self, id: CallId) -> Option<&[u8]> {
        self.waiting.get(&id).map(|waiting| waiting.call.body.as_slice())
    }

    /// The call a request carries.
    pub(super) fn request_body(&self, request: RequestId) -> Option<&[u8]> {
        self.body(*self.by_request.get(&request)?)
    }

    /// The session took it in.
    pub(super) fn sent(&mut self, id: CallId, request: RequestId, wrapped: bool) {
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.request = Some(request);
            waiting.wrapped = wrapped;
            self.by_request.insert(request, id);
        }
    }

    /// The session is gone: all calls are to be given to the next one.
    pub(super) fn forget_requests(&mut self) {
        self.by_request.clear();
        for waiting in self.waiting.values_mut() {
            waiting.request = None;
        }
    }

    /// Whether a request carries `initConnection`.
    pub(super) fn is_wrapped(&self, request: RequestId) -> bool {
        self.by_request
            .get(&request)
            .and_then(|id| self.waiting.get(id))
            .is_some_and(|waiting| waiting.wrapped)
    }

    /// Puts a request back so that it is sent inside `initConnection`. False when that was tried before.
    pub(super) fn rewrap(&mut self, request: RequestId) -> bool {
        let Some(id) = self.by_request.get(&request) else { return false };
        let Some(waiting) = self.waiting.get_mut(id) else { return false };
        if waiting.rewrapped > 0 {
            return false;
        }
        waiting.rewrapped += 1;
        waiting.request = None;
        self.by_request.remove(&request);
        true
    }

    /// Ends the call of a request.
    pub(super) fn answer(&mut self, request: RequestId, answer: Answer) {
        if let Some(id) = self.by_request.remove(&request) {
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
    pub(super) fn cancel(&mut self, id: CallId) -> Option<RequestId> {
        let request = self.waiting.remove(&id)?.request?;
        self.by_request.remove(&request);
        Some(request)
    }

    /// Ends all calls alike.
    pub(super) fn end_all(&mut self, failure: &CallFailure) {
        self.by_request.clear();
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
        (Call { id: CallId(id), body: vec![0; 4], reply }, answer)
    }

    #[test]
    fn a_call_is_answered_once() {
        let mut calls = Calls::default();
        let (first, mut answer) = call(1);
        calls.insert(first);
        calls.sent(CallId(1), RequestId(10), false);
        calls.answer(RequestId(10), Ok(vec![1]));
        calls.answer(RequestId(10), Ok(vec![2]));
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
            calls.sent(CallId(id), RequestId(id), false);
            answers.push(answer);
        }
        assert!(calls.unsent().is_empty());
        calls.forget_requests();
        assert_eq!(calls.unsent(), [CallId(1), CallId(2), CallId(3)]);
        calls.answer(RequestId(1), Ok(Vec::new()));
        assert_eq!(calls.unsent().len(), 3, "an answer of the old session counts for nothing");
    }

    #[test]
    fn a_call_is_wrapped_again_only_once() {
        let mut calls = Calls::default();
        let (first, _answer) = call(1);
        calls.insert(first);
        calls.sent(CallId(1), RequestId(10), false);
        assert!(calls.rewrap(RequestId(10)));
        calls.sent(CallId(1), RequestId(11), true);
        assert!(calls.is_wrapped(RequestId(11)));
        assert!(!calls.rewrap(RequestId(11)));
    }

    #[test]
    fn a_cancelled_call_names_its_request() {
        let mut calls = Calls::default();
        let (first, _first) = call(1);
        let (second, _second) = call(2);
        calls.insert(first);
        calls.insert(second);
        calls.sent(CallId(1), RequestId(10), false);
        assert_eq!(calls.cancel(CallId(1)), Some(RequestId(10)));
        assert_eq!(calls.cancel(CallId(1)), None);
        assert_eq!(calls.cancel(CallId(2)), None);
    }
}
