//! Making an authorization key over an open link.

use std::time::Duration;

use offhook_crypto::rsa::PublicKey;
use offhook_mtproto::exchange::{
    Client as Exchange, ClientConfig, Established, ExchangeError, RsaScheme, Step,
};
use offhook_mtproto::transport::Frame;

use super::link::{Link, LinkEnd};
use crate::clock::{Clock, seed};

/// Why no key came about.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyError {
    #[error(transparent)]
    Link(#[from] LinkEnd),
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    #[error("transport error {0}")]
    Refused(i32),
    #[error("not finished within {0:?}")]
    TimedOut(Duration),
}

/// Runs one exchange, for a key that lives for `life` or (`None`) for good. The arithmetic is done on the blocking pool: a big power takes milliseconds.
pub(super) async fn make_key(
    link: &mut Link,
    keys: Vec<PublicKey>,
    dc: i32,
    life: Option<Duration>,
    clock: Clock,
    limit: Duration,
) -> Result<Established, KeyError> {
    let config = ClientConfig { keys, dc, expires_in: life, scheme: RsaScheme::Pad };
    let exchange = Exchange::new(config, seed());
    tokio::time::timeout(limit, run(link, exchange, clock)).await.unwrap_or(Err(KeyError::TimedOut(limit)))
}

async fn run(link: &mut Link, mut exchange: Exchange, clock: Clock) -> Result<Established, KeyError> {
    let first = exchange.start(clock.now());
    link.push(&first).map_err(LinkEnd::from)?;
    loop {
        let packet = match link.frame().await? {
            Frame::Packet(packet) => packet,
            Frame::Error(code) => return Err(KeyError::Refused(code)),
            Frame::QuickAck(_) => continue,
        };
        let now = clock.now();
        let computed = tokio::task::spawn_blocking(move || {
            let step = exchange.handle(&packet, now);
            (exchange, step)
        });
        let (back, step) = match computed.await {
            Ok(computed) => computed,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down.
                Err(_) => return Err(LinkEnd::Eof.into()),
            },
        };
        exchange = back;
        match step? {
            Step::Send(packet) => link.push(&packet).map_err(LinkEnd::from)?,
            Step::Done(established) => return Ok(established),
        }
    }
}
