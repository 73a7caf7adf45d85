//! Whether this machine has moved to another network: what address it reaches others from, by its own routes.
//!
//! Not the list of its interfaces: on a server those of containers come and go, and no call goes through them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::ShardHandle;
use crate::interfaces;
use crate::shard::command::Vital;

/// How often routes are looked at: six system calls each time.
const EVERY: Duration = Duration::from_secs(2);
/// Addresses that nobody has (RFC 5737, RFC 3849), so that they are reached by the default routes. Nothing is sent there.
const ANYWHERE: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)), 9),
];

/// Addresses that others see this machine at, unless something on the way translates them: IPv4 and IPv6.
type Sources = [Option<IpAddr>; 2];

/// Tells the shards when the machine has moved.
pub(crate) struct Watch {
    shards: Vec<Arc<ShardHandle>>,
    known: Known,
    next: Instant,
}

impl Watch {
    /// Begins with what the routes say now.
    pub(crate) fn new(shards: Vec<Arc<ShardHandle>>, now: Instant) -> Self {
        Self { shards, known: Known(sources()), next: now + EVERY }
    }

    /// When [`Watch::look`] has something to do.
    pub(crate) fn due(&self) -> Instant {
        self.next
    }

    pub(crate) fn look(&mut self, now: Instant) {
        if now < self.next {
            return;
        }
        self.next = now + EVERY;
        if !self.known.is_left_for(sources()) {
            return;
        }
        tracing::info!("this machine has another address: calls look for new paths");
        for shard in &self.shards {
            let (bind_v4, bind_v6) = shard.bind;
            shard.tell(Vital::NetworkChanged(interfaces::addresses(bind_v4, bind_v6)));
        }
    }
}

fn sources() -> Sources {
    ANYWHERE.map(|anywhere| {
        let any: IpAddr =
            if anywhere.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect(anywhere).ok()?;
        socket.local_addr().ok().map(|addr| addr.ip())
    })
}

/// The sources of before.
struct Known(Sources);

impl Known {
    /// True when one of them is another now. Without a route nothing is known: there is nowhere to go yet.
    fn is_left_for(&mut self, now: Sources) -> bool {
        let mut left = false;
        for (known, now) in self.0.iter_mut().zip(now) {
            if now.is_some() {
                left |= std::mem::replace(known, now) != now;
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_address_is_news_and_none_is_not() {
        let v4 = |last| Some(IpAddr::from([198, 51, 100, last]));
        let v6 = Some(IpAddr::from(Ipv6Addr::LOCALHOST));
        let mut known = Known([v4(1), None]);
        for (now, news) in [
            ([v4(1), None], false),
            ([None, None], false),
            ([v4(1), None], false),
            ([v4(2), None], true),
            ([v4(2), v6], true),
            ([None, v6], false),
            ([v4(2), v6], false),
            ([v4(1), v6], true),
        ] {
            assert_eq!(known.is_left_for(now), news, "{now:?}");
        }
    }
}
