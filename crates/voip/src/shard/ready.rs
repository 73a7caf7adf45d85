//! Which sockets of a shard have something to do: one epoll, however many sockets there are.

use std::io;

use offhook_voip_proto::Via;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};

/// Sockets looked at in one turn. What is ready beyond that comes first in the next.
const EVENTS: usize = 64;

/// What became ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Somebody put something into a queue.
    Bell,
    /// The shared IPv4 socket.
    V4,
    /// The shared IPv6 socket.
    V6,
    /// A socket that one call owns; the place may hold another call by now.
    Own {
        /// The place of the call.
        place: u32,
        /// Which of its sockets.
        via: Via,
    },
}

impl Source {
    /// Eight bits of kind, eight of the socket's number, and the place above them.
    fn token(self) -> u64 {
        let own = |kind: u64, number: u8, place: u32| kind | u64::from(number) << 8 | u64::from(place) << 16;
        match self {
            Self::Bell => 0,
            Self::V4 => 1,
            Self::V6 => 2,
            Self::Own { place, via: Via::Udp(number) } => own(3, number, place),
            Self::Own { place, via: Via::Tcp(number) } => own(4, number, place),
            Self::Own { via: Via::Shared, .. } => {
                unreachable!("the shared sockets have sources of their own")
            }
        }
    }

    fn of(token: u64) -> Self {
        let (number, place) = ((token >> 8) as u8, (token >> 16) as u32);
        match token & 0xFF {
            0 => Self::Bell,
            1 => Self::V4,
            2 => Self::V6,
            3 => Self::Own { place, via: Via::Udp(number) },
            _ => Self::Own { place, via: Via::Tcp(number) },
        }
    }
}

/// What a socket is watched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interest {
    Read,
    /// Also when it takes bytes again: a connection that is being made, or one that was full.
    ReadWrite,
}

impl Interest {
    fn flags(self) -> EventFlags {
        match self {
            Self::Read => EventFlags::IN,
            Self::ReadWrite => EventFlags::IN | EventFlags::OUT,
        }
    }
}

/// The watched sockets of one shard. A socket that is closed is watched no longer.
pub(crate) struct Readiness {
    epoll: OwnedFd,
}

impl Readiness {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { epoll: epoll::create(CreateFlags::CLOEXEC)? })
    }

    pub(crate) fn watch(&self, socket: impl AsFd, source: Source, interest: Interest) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, socket, EventData::new_u64(source.token()), interest.flags())?)
    }

    /// Another interest in a socket that is watched already.
    pub(crate) fn rewatch(&self, socket: impl AsFd, source: Source, interest: Interest) -> io::Result<()> {
        Ok(epoll::modify(&self.epoll, socket, EventData::new_u64(source.token()), interest.flags())?)
    }

    /// Puts what is ready now into `ready`. Never waits.
    pub(crate) fn take(&self, ready: &mut Vec<Source>) {
        let mut events = [Event { flags: EventFlags::empty(), data: EventData::new_u64(0) }; EVENTS];
        let count = epoll::wait(&self.epoll, &mut events[..], Some(&NOW)).unwrap_or(0);
        ready.clear();
        ready.extend(events[..count].iter().map(|event| Source::of({ event.data }.u64())));
    }

    /// Waits until something is ready or the time is over. False only when nothing is ready for sure.
    ///
    /// Waiting is left to `ppoll`, which takes nanoseconds on every kernel; `epoll_wait` rounds up to milliseconds.
    pub(crate) fn wait(&self, timeout: &Timespec) -> bool {
        poll(&mut [PollFd::new(&self.epoll, PollFlags::IN)], Some(timeout)) != Ok(0)
    }
}

const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;

    use super::*;

    #[test]
    fn a_source_is_read_back_from_its_token() {
        let own = |place, via| Source::Own { place, via };
        for source in [
            Source::Bell,
            Source::V4,
            Source::V6,
            own(0, Via::Udp(0)),
            own(u32::MAX, Via::Udp(7)),
            own(77, Via::Tcp(Via::MOST - 1)),
        ] {
            assert_eq!(Source::of(source.token()), source);
        }
    }

    #[test]
    fn only_sockets_with_something_to_do_are_told_until_it_is_done() {
        let ready = Readiness::new().unwrap();
        let (one, other) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        let own = Source::Own { place: 5, via: Via::Udp(1) };
        ready.watch(&one, own, Interest::Read).unwrap();
        ready.watch(&other, Source::V4, Interest::Read).unwrap();
        let mut found = vec![Source::Bell];
        ready.take(&mut found);
        assert_eq!(found, []);
        assert!(!ready.wait(&Timespec { tv_sec: 0, tv_nsec: 1_000 }));

        other.send_to(&[1], one.local_addr().unwrap()).unwrap();
        assert!(ready.wait(&Timespec { tv_sec: 30, tv_nsec: 0 }));
        for _ in 0..2 {
            ready.take(&mut found);
            assert_eq!(found, [own]);
        }
        one.recv_from(&mut [0; 8]).unwrap();
        ready.take(&mut found);
        assert_eq!(found, []);

        ready.rewatch(&other, Source::V4, Interest::ReadWrite).unwrap();
        ready.take(&mut found);
        assert_eq!(found, [Source::V4]);
        drop(other);
        ready.take(&mut found);
        assert_eq!(found, []);
    }
}
