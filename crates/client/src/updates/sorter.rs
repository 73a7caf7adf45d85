//! The task that takes packets from the inbox, puts them into order with the message box, fetches what is missing and
//! gives the rest to the readers.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use offhook_tl::Object;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::inbox::{Inbound, Inbox};
use super::message_box::{
    Batch, BoxCounters, Difference, FetchFailure, Input, MessageBox, Output, Sequence, Stamp, Stamped,
};
use super::read::{self, Packet};
use super::reader::Hub;
use super::{Origin, Update};
use crate::api::Api;
use crate::error::InvokeError;
use crate::peer::PeerId;
use crate::session::UpdateState;

/// Updates asked for at once in a channel. core.telegram.org/api/updates: 10 to 100 for users.
const CHANNEL_PART: i32 = 100;

type Fetched = (Sequence, Result<Difference<Update>, FetchFailure>);
type Fetching = Pin<Box<dyn Future<Output = Fetched> + Send>>;

/// State of the task.
pub(crate) struct Sorter {
    api: Arc<Api>,
    inbox: Arc<Inbox>,
    hub: Arc<Hub<Update>>,
    order: MessageBox<Update>,
    fetching: FuturesUnordered<Fetching>,
    reported: BoxCounters,
    saved: Option<UpdateState>,
}

impl Sorter {
    pub(crate) fn new(api: Arc<Api>, inbox: Arc<Inbox>, hub: Arc<Hub<Update>>, bound: usize) -> Self {
        // When not catching up, updates count from the state that is asked for once connected.
        let state = api.vault().update_state().filter(|_| api.config().catch_up);
        let order = MessageBox::new(state.as_ref(), bound, Instant::now().into_std());
        let fetching = FuturesUnordered::new();
        Self { api, inbox, hub, order, fetching, reported: BoxCounters::default(), saved: state }
    }

    /// Runs until told to stop. Readers end then.
    pub(crate) async fn drive(mut self, stop: CancellationToken) {
        loop {
            let deadline = self.drain();
            tokio::select! {
                () = stop.cancelled() => break,
                item = self.inbox.next() => self.on_inbound(item),
                Some((sequence, fetched)) = self.fetching.next() => self.on_fetched(sequence, fetched),
                () = tokio::time::sleep_until(deadline) => self.handle(Input::Tick),
            }
        }
        self.hub.close();
    }

    fn handle(&mut self, input: Input<Update>) {
        self.order.handle(input, Instant::now().into_std());
    }

    /// Does what the box wants. Returns when it wants to be asked again.
    fn drain(&mut self) -> Instant {
        loop {
            match self.order.poll() {
                Output::Deliver(update) => self.hub.deliver(&update),
                Output::FetchCommon { pts, qts, date } => {
                    self.fetching.push(Box::pin(fetch_common(self.api.clone(), pts, qts, date)));
                }
                Output::FetchChannel { id, pts } => {
                    self.fetching.push(Box::pin(fetch_channel(self.api.clone(), id, pts)));
                }
                Output::WaitUntil(deadline) => {
                    self.report();
                    self.keep_state();
                    return deadline.into();
                }
            }
        }
    }

    fn on_inbound(&mut self, item: Inbound) {
        match item {
            Inbound::Pushed(body) => self.on_packet(&body, Origin::Pushed),
            Inbound::Result(body) => self.on_packet(&body, Origin::Result),
            Inbound::Affected { pts, count } => {
                let stamp = Stamp::Pts { pts, count };
                let updates = vec![Stamped { stamp, update: None }];
                self.handle(Input::Batch(Batch { seq: None, date: 0, updates }));
            }
            Inbound::State(state) => self.handle(Input::State(state)),
            Inbound::Reset => {
                self.order =
                    MessageBox::new(None, self.api.limits().postponed_updates, Instant::now().into_std());
                self.reported = BoxCounters::default();
                self.fetching.clear();
                self.saved = None;
            }
            Inbound::MaybeMissed => self.handle(Input::MaybeMissed),
        }
    }

    fn on_packet(&mut self, body: &[u8], origin: Origin) {
        let Some(object) = self.api.read_updates(body) else {
            self.api.counters().updates_unreadable.increment();
            tracing::warn!(bytes = body.len(), "updates that cannot be read; the difference is fetched");
            return self.handle(Input::MaybeMissed);
        };
        self.api.learn_peers(&object);
        let knows_user = |id| self.api.vault().peers(|peers| peers.by_id(PeerId::user(id)).is_some());
        match read::packet(&object, origin, knows_user) {
            Some(Packet::Batch(batch)) => {
                let behind = read::behind(&batch);
                self.handle(Input::Batch(batch));
                for hint in behind {
                    self.handle(Input::ChannelTooLong { id: hint.channel, pts: hint.pts });
                }
            }
            Some(Packet::TooLong | Packet::Unknown) => self.handle(Input::MaybeMissed),
            None => self.api.counters().updates_unreadable.increment(),
        }
    }

    fn on_fetched(&mut self, sequence: Sequence, fetched: Result<Difference<Update>, FetchFailure>) {
        self.handle(match fetched {
            Ok(difference) => Input::Fetched(sequence, difference),
            Err(failure) => Input::FetchFailed(sequence, failure),
        });
    }

    /// Adds what the box has counted since the last time.
    fn report(&mut self) {
        let now = self.order.counters();
        let before = std::mem::replace(&mut self.reported, now);
        let counters = self.api.counters();
        counters.updates_duplicate.add(now.duplicates - before.duplicates);
        counters.gaps.add(now.gaps - before.gaps);
        counters.differences.add(now.differences - before.differences);
        counters.updates_refetched.add(now.refetched - before.refetched);
    }

    fn keep_state(&mut self) {
        let state = self.order.state();
        if state.is_some() && state != self.saved {
            self.saved.clone_from(&state);
            self.api.vault().change(|data| data.updates = state);
        }
    }
}

async fn fetch_common(api: Arc<Api>, pts: i32, qts: i32, date: i32) -> Fetched {
    let call = Object::new("updates.getDifference").with("pts", pts).with("date", date).with("qts", qts);
    let fetched = match api.invoke_object(call).await {
        Ok(object) => read::difference(&object).ok_or(FetchFailure::Later),
        Err(error) => Err(failure(&error)),
    };
    (Sequence::Common, fetched)
}

async fn fetch_channel(api: Arc<Api>, id: i64, pts: i32) -> Fetched {
    let sequence = Sequence::Channel(id);
    let known = api.vault().peers(|peers| peers.by_id(PeerId::channel(id)).cloned());
    let Some(channel) = known.as_ref().and_then(crate::peer::Peer::input_channel) else {
        // It cannot be addressed: mtproto.md pitfall 40. Its updates go on with what comes.
        return (sequence, Err(FetchFailure::Never));
    };
    let call = Object::new("updates.getChannelDifference")
        .with("channel", channel)
        .with("filter", Object::new("channelMessagesFilterEmpty"))
        .with("pts", pts)
        .with("limit", CHANNEL_PART);
    let fetched = match api.invoke_object(call).await {
        Ok(object) => read::channel_difference(&object).ok_or(FetchFailure::Later),
        Err(error) => Err(failure(&error)),
    };
    (sequence, fetched)
}

fn failure(error: &InvokeError) -> FetchFailure {
    tracing::info!(%error, "difference not fetched");
    match error.rpc() {
        // "Try later, keep pts" is the meaning of PERSISTENT_TIMESTAMP_OUTDATED, whatever its code.
        Some(error) if error.is("PERSISTENT_TIMESTAMP_OUTDATED") => FetchFailure::Later,
        Some(error) if matches!(error.code, 400 | 401 | 403 | 404 | 406) => FetchFailure::Never,
        _ => FetchFailure::Later,
    }
}
