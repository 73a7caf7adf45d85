//! Calls as their users hold them.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use offhook_voip::{Controller, HangupReason, MediaOptions};
use tokio::sync::mpsc;

use crate::drive::Command;
use crate::phone::Phone;
use crate::stage::Log;
use crate::wire::{self, CallName};
use crate::{CallError, CallEvents, CallReport, Party, RateError};

/// A call, from dialling or picking up to its end. Clones name the same call.
///
/// It is a [`Controller`]: every word of media works at once, before anybody has picked up, and what is queued by then is
/// heard from the first moment. Dropping it does not hang up.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) phone: Phone,
    pub(crate) controller: Controller,
    pub(crate) log: Arc<Log>,
    pub(crate) name: Arc<OnceLock<CallName>>,
    pub(crate) party: Party,
}

impl Deref for Call {
    type Target = Controller;

    fn deref(&self) -> &Controller {
        &self.controller
    }
}

impl Call {
    /// The media side of it.
    #[must_use]
    pub fn controller(&self) -> &Controller {
        &self.controller
    }

    /// Who is at the other end.
    #[must_use]
    pub fn party(&self) -> &Party {
        &self.party
    }

    /// The server's number of the call, once there is one.
    #[must_use]
    pub fn id(&self) -> Option<i64> {
        self.name.get().map(|name| name.id)
    }

    /// Follows the call's stages and everything its media tells, in order, from its beginning.
    #[must_use]
    pub fn events(&self) -> CallEvents {
        CallEvents::new(Arc::clone(&self.log))
    }

    /// Waits for the end of the call. Recordings are closed by then.
    pub async fn wait(&self) -> Arc<CallReport> {
        self.log.ended().await
    }

    /// The report, if the call is over.
    #[must_use]
    pub fn report(&self) -> Option<Arc<CallReport>> {
        self.log.report()
    }

    /// Hangs up, in whatever state, and waits until that is done and the server knows, at most
    /// [`crate::Timers::hangup`].
    pub async fn hang_up(&self) -> Arc<CallReport> {
        self.controller.hangup(HangupReason::Local);
        self.wait().await
    }

    /// Gives the call 1 to 5 stars, with a comment (may be empty).
    ///
    /// # Errors
    /// [`RateError`].
    pub async fn rate(&self, stars: u8, comment: &str) -> Result<(), RateError> {
        if !(1..=5).contains(&stars) {
            return Err(RateError::Stars(stars));
        }
        let name = *self.name.get().ok_or(RateError::NoCall)?;
        let request = wire::set_call_rating(name, i32::from(stars), comment);
        self.phone.client().invoke_value(request).await?;
        Ok(())
    }
}

/// Incoming calls as the phone queues them.
#[derive(Debug)]
pub(crate) struct Announced {
    pub party: Party,
    pub video: bool,
    pub log: Arc<Log>,
    pub name: Arc<OnceLock<CallName>>,
    pub commands: mpsc::Sender<Command>,
}

/// Takes incoming calls, each by exactly one taker. See [`Phone::incoming`].
#[derive(Clone, Debug)]
pub struct Incoming(pub(crate) Phone);

impl Incoming {
    /// The next call that rings; `None` when the phone was shut down. Calls that stopped ringing meanwhile are left out.
    /// Cancel-safe.
    pub async fn next(&mut self) -> Option<IncomingCall> {
        loop {
            let announced = self.0.next_announced().await?;
            if announced.log.report().is_none() {
                return Some(IncomingCall { phone: self.0.clone(), announced: Some(announced) });
            }
        }
    }
}

/// A call that rings here. Dropping it declines.
#[derive(Debug)]
pub struct IncomingCall {
    phone: Phone,
    announced: Option<Announced>,
}

impl IncomingCall {
    fn announced(&self) -> &Announced {
        self.announced.as_ref().expect("taken only by methods that consume")
    }

    /// Who calls.
    #[must_use]
    pub fn party(&self) -> &Party {
        &self.announced().party
    }

    /// The caller would like to be seen. It will be an audio call all the same.
    #[must_use]
    pub fn video(&self) -> bool {
        self.announced().video
    }

    /// Follows what happens while it rings.
    #[must_use]
    pub fn events(&self) -> CallEvents {
        CallEvents::new(Arc::clone(&self.announced().log))
    }

    /// Waits until it stops ringing without having been picked up.
    pub async fn ended(&self) -> Arc<CallReport> {
        self.announced().log.ended().await
    }

    /// Picks up, with the phone's way of handling sound.
    ///
    /// # Errors
    /// [`CallError::Over`] when it stopped ringing, [`CallError::Engine`] when the engine takes no more calls (it is
    /// declined then).
    pub fn accept(self) -> Result<Call, CallError> {
        let media = self.phone.config().media.clone();
        self.accept_with(media)
    }

    /// Picks up, and handles sound this way.
    ///
    /// # Errors
    /// As [`IncomingCall::accept`].
    pub fn accept_with(mut self, media: MediaOptions) -> Result<Call, CallError> {
        let (controller, reservation) = self.phone.engine().prepare(media)?;
        let announced = self.announced.take().expect("taken only by methods that consume");
        let answer = Command::Answer(controller.clone(), Box::new(reservation));
        announced.commands.try_send(answer).map_err(|_| CallError::Over)?;
        let Announced { party, log, name, .. } = announced;
        Ok(Call { phone: self.phone.clone(), controller, log, name, party })
    }

    /// Declines, and waits until that is done.
    pub async fn decline(mut self) -> Arc<CallReport> {
        let announced = self.announced.take().expect("taken only by methods that consume");
        let _ = announced.commands.try_send(Command::Refuse);
        announced.log.ended().await
    }
}

impl Drop for IncomingCall {
    fn drop(&mut self) {
        if let Some(announced) = self.announced.take() {
            let _ = announced.commands.try_send(Command::Refuse);
        }
    }
}
