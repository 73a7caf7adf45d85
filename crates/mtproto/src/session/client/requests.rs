//! Requests from their push to their answer, and what each sent message id stood for.

use super::{RequestId, Service};
use crate::MsgId;
use crate::session::ascending::Ascending;
use offhook_crypto::AuthKey;
use std::collections::{BTreeMap, VecDeque};

/// Message ids remembered per request; answers to older ones count as orphans.
const MAX_IDS: usize = 8;
/// The layer's own messages remembered in case the server refuses them.
const MAX_SERVICE: usize = 1024;

/// What a request says.
#[derive(Clone)]
pub(super) enum Body {
    Plain(Vec<u8>),
    /// `auth.bindTempAuthKey`, which contains the id of the message that carries it.
    Bind {
        perm_key: Box<AuthKey>,
        expires_at: i32,
    },
}

/// A request without an answer.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) body: Body,
    pub(super) after: Option<RequestId>,
    latest: Option<MsgId>,
    /// Ids it was sent under before that, the oldest first: seldom any.
    earlier: Vec<MsgId>,
    /// Id of the packet that last carried it: a container's or its own.
    pub(super) packet: MsgId,
    pub(super) acked: bool,
    /// The server refused a container with it: goes alone.
    pub(super) alone: bool,
    /// Times the server refused it.
    pub(super) refusals: u32,
}

impl Request {
    pub(super) fn latest(&self) -> Option<MsgId> {
        self.latest
    }
}

/// All requests, in the order of their making; so they are sent, and sent again.
pub(super) struct Requests {
    all: BTreeMap<RequestId, Request>,
    /// In their order. Usually the last is added and the first is taken.
    waiting: Ascending<RequestId>,
    next: u64,
    capacity: usize,
}

impl Requests {
    pub(super) fn new(capacity: usize) -> Self {
        Self { all: BTreeMap::new(), waiting: Ascending::default(), next: 1, capacity }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// `None` when too many wait.
    pub(super) fn push(&mut self, body: Body, after: Option<RequestId>) -> Option<RequestId> {
        (self.all.len() < self.capacity).then_some(())?;
        let id = RequestId(self.next);
        self.next += 1;
        let request = Request {
            body,
            after,
            latest: None,
            earlier: Vec::new(),
            packet: MsgId::default(),
            acked: false,
            alone: false,
            refusals: 0,
        };
        self.all.insert(id, request);
        self.waiting.insert(id);
        Some(id)
    }

    pub(super) fn get(&self, id: RequestId) -> Option<&Request> {
        self.all.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: RequestId) -> Option<&mut Request> {
        self.all.get_mut(&id)
    }

    pub(super) fn remove(&mut self, id: RequestId) -> Option<Request> {
        self.waiting.remove(id);
        self.all.remove(&id)
    }

    /// The first that waits to be sent.
    pub(super) fn first_waiting(&self) -> Option<(RequestId, &Request)> {
        let id = self.waiting.first()?;
        Some((id, self.all.get(&id)?))
    }

    /// Sent and not answered: ids with the message id each last had.
    pub(super) fn in_flight(&self) -> impl Iterator<Item = (RequestId, MsgId, &Request)> {
        let sent = self.all.iter().filter(|(id, _)| !self.waiting.contains(**id));
        sent.filter_map(|(id, request)| Some((*id, request.latest()?, request)))
    }

    /// Notes that a request left. Returns the id that is forgotten for it, if any.
    pub(super) fn mark_sent(&mut self, id: RequestId, msg_id: MsgId) -> Option<MsgId> {
        self.waiting.remove(id);
        let request = self.all.get_mut(&id)?;
        request.acked = false;
        request.packet = msg_id;
        request.earlier.extend(request.latest.replace(msg_id));
        (request.earlier.len() == MAX_IDS).then(|| request.earlier.remove(0))
    }

    /// Queues a sent request again. False when it waits already.
    pub(super) fn requeue(&mut self, id: RequestId) -> bool {
        self.all.contains_key(&id) && self.waiting.insert(id)
    }

    /// Queues everything again without memory of earlier ids.
    pub(super) fn requeue_all(&mut self) -> u64 {
        for request in self.all.values_mut() {
            (request.latest, request.acked) = (None, false);
            request.earlier.clear();
        }
        let again = self.all.len() - self.waiting.len();
        self.waiting = self.all.keys().copied().collect();
        again as u64
    }
}

/// What a message id stood for.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    Request(RequestId),
    Container(Vec<MsgId>),
    Acks(Vec<i64>),
    Service(Service),
    /// `http_wait`: means nothing once its packet is gone.
    Wait,
}

/// Message ids we sent, with their meaning, until they are of no more use.
///
/// Ids only grow, so what passes by lies in the order of its ids and costs no search to keep or to forget.
#[derive(Debug, Default)]
pub(super) struct SentBook {
    requests: BTreeMap<MsgId, Sent>,
    /// Entries that are no requests, oldest first: no answer may ever remove them. `None` once removed.
    passing: VecDeque<(MsgId, Option<Sent>)>,
}

impl SentBook {
    /// Notes a message whose id is above all before it.
    pub(super) fn insert(&mut self, msg_id: MsgId, sent: Sent) {
        if matches!(sent, Sent::Request(_)) {
            self.requests.insert(msg_id, sent);
            return;
        }
        debug_assert!(self.passing.back().is_none_or(|(last, _)| *last < msg_id), "ids grow");
        self.passing.push_back((msg_id, Some(sent)));
        if self.passing.len() > MAX_SERVICE {
            self.passing.pop_front();
        }
    }

    pub(super) fn get(&self, msg_id: MsgId) -> Option<&Sent> {
        self.requests.get(&msg_id).or_else(|| self.passing[self.place(msg_id)?].1.as_ref())
    }

    pub(super) fn remove(&mut self, msg_id: MsgId) -> Option<Sent> {
        self.requests.remove(&msg_id).or_else(|| {
            let place = self.place(msg_id)?;
            self.passing[place].1.take()
        })
    }

    pub(super) fn forget_request(&mut self, request: &Request) {
        for msg_id in request.earlier.iter().chain(&request.latest) {
            self.requests.remove(msg_id);
        }
    }

    fn place(&self, msg_id: MsgId) -> Option<usize> {
        self.passing.binary_search_by_key(&msg_id, |(id, _)| *id).ok()
    }
}
