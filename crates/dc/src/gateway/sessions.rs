//! The sessions of all keys: which exist, whom they speak for, when they want attention.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::{Duration, Instant},
};

use offhook_mtproto::session::{ConnectionId, ServerSession};

use crate::{service::SessionName, world::users::UserId};

/// A session without a connection for this long is forgotten: its client makes a new one and asks for the difference.
const ABANDONED: Duration = Duration::from_secs(15 * 60);
/// Ended requests remembered for those that depend on them.
const ENDED_REQUESTS: usize = 256;

/// One session and what the gateway knows of it.
#[derive(Debug)]
pub(super) struct Session {
    pub server: ServerSession,
    /// From the last `invokeWithLayer`.
    pub layer: Option<i32>,
    pub without_updates: bool,
    /// Whom it gets updates of.
    pub subscribed: Option<UserId>,
    pub line: Option<ConnectionId>,
    /// Pieces of signalling queued since it lost its connection.
    pub waiting_signals: usize,
    pub used: Instant,
    ended: VecDeque<(i64, bool)>,
}

impl Session {
    pub(super) fn new(server: ServerSession, now: Instant) -> Self {
        Self {
            server,
            layer: None,
            without_updates: false,
            subscribed: None,
            line: None,
            waiting_signals: 0,
            used: now,
            ended: VecDeque::new(),
        }
    }

    /// Remembers how a request ended.
    pub(super) fn note_end(&mut self, msg_id: i64, good: bool) {
        self.ended.push_back((msg_id, good));
        if self.ended.len() > ENDED_REQUESTS {
            self.ended.pop_front();
        }
    }

    /// Whether a request is known to have failed.
    pub(super) fn has_failed(&self, msg_id: i64) -> bool {
        self.ended.iter().any(|(id, good)| *id == msg_id && !good)
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_name: BTreeMap<SessionName, Session>,
    subscribers: HashMap<UserId, BTreeSet<SessionName>>,
    deadlines: BTreeSet<(Instant, SessionName)>,
    due: HashMap<SessionName, Instant>,
}

impl Sessions {
    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }

    pub(super) fn contains(&self, name: SessionName) -> bool {
        self.by_name.contains_key(&name)
    }

    pub(super) fn get(&self, name: SessionName) -> Option<&Session> {
        self.by_name.get(&name)
    }

    pub(super) fn get_mut(&mut self, name: SessionName) -> Option<&mut Session> {
        self.by_name.get_mut(&name)
    }

    pub(super) fn insert(&mut self, name: SessionName, session: Session) {
        self.by_name.insert(name, session);
    }

    pub(super) fn remove(&mut self, name: SessionName) -> bool {
        self.subscribe(name, None);
        self.set_deadline(name, None);
        self.by_name.remove(&name).is_some()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (SessionName, &mut Session)> {
        self.by_name.iter_mut().map(|(name, session)| (*name, session))
    }

    /// The sessions of a key.
    pub(super) fn of_key(&self, key: i64) -> Vec<SessionName> {
        self.by_name.keys().filter(|name| name.key == key).copied().collect()
    }

    /// The session to forget when there are too many.
    pub(super) fn most_dispensable(&self) -> Option<SessionName> {
        let idle = self.by_name.iter().filter(|(_, session)| session.line.is_none());
        idle.min_by_key(|(_, session)| session.used).map(|(name, _)| *name)
    }

    /// Sessions nobody came back to.
    pub(super) fn abandoned(&self, now: Instant) -> Vec<SessionName> {
        let over = |session: &Session| {
            session.line.is_none() && now.saturating_duration_since(session.used) > ABANDONED
        };
        self.by_name.iter().filter(|(_, session)| over(session)).map(|(name, _)| *name).collect()
    }

    /// The sessions that get updates of a user.
    pub(super) fn subscribers(&self, user: UserId) -> Vec<SessionName> {
        self.subscribers.get(&user).into_iter().flatten().copied().collect()
    }

    /// Makes a session get the updates of a user, or of nobody.
    pub(super) fn subscribe(&mut self, name: SessionName, user: Option<UserId>) {
        let Some(session) = self.by_name.get_mut(&name) else { return };
        let before = std::mem::replace(&mut session.subscribed, user);
        if before == user {
            return;
        }
        if let Some(before) = before
            && let Some(names) = self.subscribers.get_mut(&before)
        {
            names.remove(&name);
            if names.is_empty() {
                self.subscribers.remove(&before);
            }
        }
        if let Some(user) = user {
            self.subscribers.entry(user).or_default().insert(name);
        }
    }

    /// When a session wants to be polled.
    pub(super) fn set_deadline(&mut self, name: SessionName, deadline: Option<Instant>) {
        let before = match deadline {
            Some(deadline) => self.due.insert(name, deadline),
            None => self.due.remove(&name),
        };
        if before == deadline {
            return;
        }
        if let Some(before) = before {
            self.deadlines.remove(&(before, name));
        }
        if let Some(deadline) = deadline {
            self.deadlines.insert((deadline, name));
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(due, _)| *due)
    }

    /// Takes the sessions whose time has come.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<SessionName> {
        let mut names = Vec::new();
        while let Some(&(due, name)) = self.deadlines.first()
            && due <= now
        {
            self.set_deadline(name, None);
            names.push(name);
        }
        names
    }
}
