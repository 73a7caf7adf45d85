//! The calls that are alive, the moves between phases, and the clock that ends what nobody moves.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use super::{
    Allotment, Answer, Audience, Call, CallError, Confirmation, Device, EndReason, Notice, Phase, Protocol,
    Role, Show,
};
use crate::world::users::UserId;

/// Ended calls kept so that late requests about them get a proper answer.
const ENDED: usize = 1_000;
/// Longest public value of the key exchange: 2048 bits.
const KEY_LEN: usize = 256;

/// When a call that does not move ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timers {
    pub receive: Duration,
    pub ring: Duration,
    pub connect: Duration,
    pub longest: Duration,
}

/// A call to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewCall {
    pub id: i64,
    pub hashes: [i64; 2],
    pub users: [UserId; 2],
    pub device: Device,
    pub random_id: i32,
    pub date: i32,
    pub video: bool,
    pub g_a_hash: Vec<u8>,
    pub protocol: Protocol,
}

/// A wish to end a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Discard {
    pub reason: EndReason,
}

/// Moves of a call: whom they concern, and whether the call is over by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub notices: Vec<Notice>,
    pub ended: bool,
    /// The call ended because of what was asked, and this is the answer.
    pub refused: Option<CallError>,
}

/// All calls of a data centre.
#[derive(Debug)]
pub(crate) struct Calls {
    timers: Timers,
    most: usize,
    alive: BTreeMap<i64, Call>,
    deadlines: BTreeSet<(Instant, i64)>,
    due: BTreeMap<i64, Instant>,
    ended: VecDeque<Call>,
}

impl Calls {
    /// `most`: calls alive at once; more are refused.
    pub(crate) fn new(timers: Timers, most: usize) -> Self {
        Self {
            timers,
            most,
            alive: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            due: BTreeMap::new(),
            ended: VecDeque::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.alive.len()
    }

    /// A call by its id, also one that ended lately.
    pub(crate) fn find(&self, id: i64) -> Option<&Call> {
        self.alive.get(&id).or_else(|| self.ended.iter().find(|call| call.id == id))
    }

    /// Calls alive in which a user takes part, with the role.
    pub(crate) fn of(&self, user: UserId) -> impl Iterator<Item = (&Call, Role)> {
        self.alive.values().filter_map(move |call| Some((call, call.role_of(user)?)))
    }

    /// When [`Calls::expire`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(due, _)| *due)
    }

    /// A user calls another. A repeated request finds the call it made: then nobody is told again.
    pub(crate) fn request(&mut self, now: Instant, new: NewCall) -> Result<(i64, Moved), CallError> {
        let again = self.alive.values().find(|call| {
            call.users == new.users && call.random_id == new.random_id && call.caller_device == new.device
        });
        if let Some(call) = again {
            return Ok((call.id, Moved::default()));
        }
        new.protocol.check()?;
        let g_a_hash: [u8; 32] = new.g_a_hash.try_into().map_err(|_| CallError::Key)?;
        if self.alive.len() >= self.most {
            return Err(CallError::Full);
        }
        let call = Call {
            id: new.id,
            hashes: new.hashes,
            users: new.users,
            caller_device: new.device,
            random_id: new.random_id,
            date: new.date,
            video: new.video,
            g_a_hash,
            protocol: new.protocol,
            allotment: Allotment::default(),
            phase: Phase::Contacting,
        };
        self.alive.insert(new.id, call);
        self.set_deadline(new.id, now + self.timers.receive);
        Ok((new.id, told(vec![show(Role::Callee, Audience::All)])))
    }

    /// A device of the callee rings.
    pub(crate) fn received(
        &mut self,
        now: Instant,
        date: i32,
        (id, hash): (i64, i64),
        user: UserId,
    ) -> Result<Moved, CallError> {
        let (call, role) = self.checked(id, hash, user)?;
        if role != Role::Callee {
            return Err(CallError::Peer);
        }
        match call.phase {
            Phase::Contacting => call.phase = Phase::Ringing { date },
            Phase::Ended { .. } => return Err(CallError::AlreadyDeclined),
            // Another device of the callee was faster.
            _ => return Ok(Moved::default()),
        }
        let caller = call.caller_device;
        self.set_deadline(id, now + self.timers.ring);
        Ok(told(vec![show(Role::Caller, Audience::One(caller))]))
    }

    /// A device of the callee answers.
    pub(crate) fn accept(
        &mut self,
        now: Instant,
        (id, hash): (i64, i64),
        (user, device): (UserId, Device),
        g_b: Vec<u8>,
        protocol: &Protocol,
    ) -> Result<Moved, CallError> {
        let (call, role) = self.checked(id, hash, user)?;
        if role != Role::Callee {
            return Err(CallError::Peer);
        }
        let ringing = match &call.phase {
            Phase::Contacting => None,
            Phase::Ringing { date } => Some(*date),
            Phase::Accepted { answer } | Phase::Running { answer, .. } => {
                let same = answer.device == device && answer.g_b == g_b;
                return if same { Ok(Moved::default()) } else { Err(CallError::AlreadyAccepted) };
            }
            Phase::Ended { .. } => return Err(CallError::AlreadyDeclined),
        };
        if g_b.is_empty() || g_b.len() > KEY_LEN {
            return Err(CallError::Key);
        }
        protocol.check()?;
        let protocol = match Protocol::merge(&call.protocol, protocol) {
            Ok(protocol) => protocol,
            Err(error) => return Ok(self.refuse(now, id, error)),
        };
        call.phase = Phase::Accepted { answer: Answer { device, g_b, protocol, ringing } };
        let notices = vec![
            show(Role::Caller, Audience::One(call.caller_device)),
            Notice { role: Role::Callee, audience: Audience::AllBut(device), show: Show::Gone },
        ];
        self.set_deadline(id, now + self.timers.connect);
        Ok(told(notices))
    }

    /// The caller's device reveals its half of the key. Relays are allotted now.
    ///
    /// Whether `g_a` fits the hash is for the callee to check; the server only looks at sizes.
    pub(crate) fn confirm(
        &mut self,
        (now, date): (Instant, i32),
        (id, hash): (i64, i64),
        (user, device): (UserId, Device),
        (g_a, fingerprint): (Vec<u8>, i64),
        protocol: &Protocol,
        allot: impl FnOnce(&Protocol) -> Allotment,
    ) -> Result<Moved, CallError> {
        let (call, role) = self.checked(id, hash, user)?;
        if role != Role::Caller || call.caller_device != device {
            return Err(CallError::Peer);
        }
        let answer = match &call.phase {
            Phase::Accepted { answer } => answer.clone(),
            Phase::Running { confirmation, .. } => {
                let same = confirmation.g_a == g_a && confirmation.fingerprint == fingerprint;
                return if same { Ok(Moved::default()) } else { Err(CallError::AlreadyAccepted) };
            }
            Phase::Ended { .. } => return Err(CallError::AlreadyDeclined),
            Phase::Contacting | Phase::Ringing { .. } => return Err(CallError::Peer),
        };
        if g_a.is_empty() || g_a.len() > KEY_LEN {
            return Err(CallError::Key);
        }
        protocol.check()?;
        // The caller may not change its mind: what it says now must still meet what was agreed.
        let merged = match Protocol::merge(protocol, &answer.protocol) {
            Ok(merged) => merged,
            Err(error) => return Ok(self.refuse(now, id, error)),
        };
        let answer = Answer { protocol: merged, ..answer };
        let callee = answer.device;
        call.allotment = allot(&answer.protocol);
        call.phase =
            Phase::Running { answer, confirmation: Confirmation { g_a, fingerprint, date, started: now } };
        self.set_deadline(id, now + self.timers.longest);
        Ok(told(vec![show(Role::Callee, Audience::One(callee))]))
    }

    /// Somebody ends a call. `None` in place of moves: it was over already.
    pub(crate) fn discard(
        &mut self,
        now: Instant,
        (id, hash): (i64, i64),
        (user, device): (UserId, Device),
        wish: Discard,
    ) -> Result<Option<Moved>, CallError> {
        let (call, role) = self.checked(id, hash, user)?;
        if matches!(call.phase, Phase::Ended { .. }) {
            return Ok(None);
        }
        if call.device(role).is_some_and(|owner| owner != device) {
            return Err(if role == Role::Callee { CallError::AlreadyAccepted } else { CallError::Peer });
        }
        let mut moved = self.end(now, id, wish.reason);
        // The device that asked gets the news as its answer.
        moved.notices = moved
            .notices
            .into_iter()
            .filter_map(|notice| match notice.audience {
                _ if notice.role != role => Some(notice),
                Audience::All => Some(Notice { audience: Audience::AllBut(device), ..notice }),
                Audience::One(one) if one == device => None,
                Audience::One(_) | Audience::AllBut(_) => Some(notice),
            })
            .collect();
        Ok(Some(moved))
    }

    /// Ends a call without being asked by its parties.
    pub(crate) fn end(&mut self, now: Instant, id: i64, reason: EndReason) -> Moved {
        let Some(mut call) = self.alive.remove(&id) else { return Moved::default() };
        self.clear_deadline(id);
        let callee = match call.device(Role::Callee) {
            Some(device) => Audience::One(device),
            None => Audience::All,
        };
        let notices = vec![show(Role::Caller, Audience::One(call.caller_device)), show(Role::Callee, callee)];
        let duration = match &call.phase {
            Phase::Running { confirmation, .. } => {
                let seconds = now.saturating_duration_since(confirmation.started).as_secs();
                Some(i32::try_from(seconds).unwrap_or(i32::MAX))
            }
            _ => None,
        };
        call.phase = Phase::Ended { reason: Some(reason), duration };
        self.ended.push_back(call);
        if self.ended.len() > ENDED {
            self.ended.pop_front();
        }
        Moved { notices, ended: true, refused: None }
    }

    /// Ends a call whose sides have nothing in common. The device that asked is told like everybody else, beside its
    /// error.
    fn refuse(&mut self, now: Instant, id: i64, error: CallError) -> Moved {
        Moved { refused: Some(error), ..self.end(now, id, EndReason::Disconnect) }
    }

    /// Ends the calls whose time is over and says which.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<(i64, Moved)> {
        let mut expired = Vec::new();
        while let Some(&(due, id)) = self.deadlines.first()
            && due <= now
        {
            let reason = match self.alive.get(&id).map(|call| &call.phase) {
                Some(Phase::Contacting | Phase::Ringing { .. }) => EndReason::Missed,
                _ => EndReason::Disconnect,
            };
            // Also drops the deadline of a call that is not there, so the loop always advances.
            self.clear_deadline(id);
            expired.push((id, self.end(now, id, reason)));
        }
        expired
    }

    /// The other side's role and device, for what is only passed on.
    pub(crate) fn partner(
        &self,
        (id, hash): (i64, i64),
        (user, device): (UserId, Device),
    ) -> Result<(Role, UserId, Device), CallError> {
        let call = self.alive.get(&id).ok_or(CallError::Peer)?;
        let role = call.role_of(user).filter(|role| call.hash(*role) == hash).ok_or(CallError::Peer)?;
        if call.device(role) != Some(device) {
            return Err(CallError::Peer);
        }
        let other = call.device(role.other()).ok_or(CallError::Peer)?;
        Ok((role.other(), call.user(role.other()), other))
    }

    /// Checks id and access hash of somebody's `inputPhoneCall`, also for a call that ended lately.
    pub(crate) fn seen_by(&self, (id, hash): (i64, i64), user: UserId) -> Result<(&Call, Role), CallError> {
        let call = self.find(id).ok_or(CallError::Peer)?;
        let role = call.role_of(user).filter(|role| call.hash(*role) == hash).ok_or(CallError::Peer)?;
        Ok((call, role))
    }

    fn checked(&mut self, id: i64, hash: i64, user: UserId) -> Result<(&mut Call, Role), CallError> {
        let call = match self.alive.get_mut(&id) {
            Some(call) => call,
            None => self.ended.iter_mut().find(|call| call.id == id).ok_or(CallError::Peer)?,
        };
        let role = call.role_of(user).filter(|role| call.hash(*role) == hash).ok_or(CallError::Peer)?;
        Ok((call, role))
    }

    fn set_deadline(&mut self, id: i64, due: Instant) {
        self.clear_deadline(id);
        self.due.insert(id, due);
        self.deadlines.insert((due, id));
    }

    fn clear_deadline(&mut self, id: i64) {
        if let Some(due) = self.due.remove(&id) {
            self.deadlines.remove(&(due, id));
        }
    }
}

fn show(role: Role, audience: Audience) -> Notice {
    Notice { role, audience, show: Show::Call }
}

fn told(notices: Vec<Notice>) -> Moved {
    Moved { notices, ended: false, refused: None }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
