//! A call's own signalling on its way to the server: in order, several at a time, each said again once.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use offhook_client::InvokeError;
use offhook_tl::Value;

use crate::line::Line;
use crate::wire::{self, CallName};

/// A packet of a call's own signalling.
pub(crate) type Packet = Vec<u8>;

/// Packets under way at one time. They leave in order on one connection, so waiting for each answer would only cost a
/// round trip for each of the ten packets of a set-up; the bound keeps a slow server from being buried.
const UNDER_WAY: usize = 8;

/// Pause before a packet is said again. When the call has just ended at the server, its word about that comes meanwhile.
const RETRY: Duration = Duration::from_millis(500);

/// Packets under way to the server.
pub(crate) struct Outgoing {
    line: Arc<Line>,
    under_way: FuturesUnordered<Pin<Box<dyn Future<Output = bool> + Send>>>,
}

impl Outgoing {
    pub(crate) fn new(line: Arc<Line>) -> Self {
        Self { line, under_way: FuturesUnordered::new() }
    }

    /// True when another packet may be handed over.
    pub(crate) fn has_room(&self) -> bool {
        self.under_way.len() < UNDER_WAY
    }

    pub(crate) fn send(&self, call: CallName, packet: &[u8]) {
        let request = wire::send_signalling_data(call, packet);
        let line = Arc::clone(&self.line);
        let say = move |request| {
            let line = Arc::clone(&line);
            async move { taken(line.client.invoke_value(request).await) }
        };
        self.under_way.push(Box::pin(async move {
            if say(request.clone()).await {
                return true;
            }
            tokio::time::sleep(RETRY).await;
            say(request).await
        }));
    }

    /// Waits until the server has refused a packet twice. Cancel-safe; must be polled for packets to leave.
    pub(crate) async fn refused(&mut self) {
        loop {
            match self.under_way.next().await {
                Some(true) => {}
                Some(false) => return,
                None => std::future::pending().await,
            }
        }
    }
}

fn taken(answer: Result<Value, InvokeError>) -> bool {
    match answer {
        Ok(value) if value.as_bool() == Some(true) => true,
        Ok(_) => {
            tracing::debug!("the server did not take a packet of signalling");
            false
        }
        Err(error) => {
            tracing::debug!(%error, "a packet of signalling was not taken");
            false
        }
    }
}
