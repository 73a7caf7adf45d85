//! A shard's sockets: one per address family, shared by all its calls; and how those are made that one call owns.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

use super::stream::Stream;

/// Largest datagram: what the reference reads (libtgvoip.md 2.1).
pub(crate) const DATAGRAM: usize = 1500;

/// Expedited forwarding, as voice is marked (libtgvoip.md 2.1).
const TOS_EXPEDITED: u32 = 0xB8;

/// Bytes the kernel may hold for a socket of one call: seconds of sound.
const OWN_BUFFER: usize = 256 << 10;

pub(crate) struct Net {
    pub(crate) v4: UdpSocket,
    pub(crate) v6: Option<UdpSocket>,
    bind_v4: Ipv4Addr,
    bind_v6: Option<Ipv6Addr>,
}

impl Net {
    /// Binds to ports of the system's choice.
    pub(crate) fn bind(bind_v4: Ipv4Addr, bind_v6: Option<Ipv6Addr>, buffer: usize) -> io::Result<Self> {
        let v4 = open(IpAddr::V4(bind_v4), buffer)?;
        // A machine without IPv6 still has calls over IPv4; a call that needs it is refused by name.
        let v6 = bind_v6.and_then(|address| open(IpAddr::V6(address), buffer).ok());
        Ok(Self { v4, v6, bind_v4, bind_v6 })
    }

    /// Hands a datagram to the kernel; false when it was not taken. Never waits.
    pub(crate) fn send(&self, bytes: &[u8], to: SocketAddr) -> bool {
        let socket = match to {
            SocketAddr::V4(_) => &self.v4,
            SocketAddr::V6(_) => match &self.v6 {
                Some(socket) => socket,
                None => return false,
            },
        };
        socket.send_to(bytes, to).is_ok()
    }

    /// A UDP socket of one call, of the family of `to`.
    pub(super) fn open_own(&self, to: SocketAddr) -> io::Result<UdpSocket> {
        open(self.bind_for(to)?, OWN_BUFFER)
    }

    /// A TCP connection of one call; it is being made when this returns.
    pub(super) fn connect_own(&self, to: SocketAddr) -> io::Result<Stream> {
        Stream::open(SocketAddr::new(self.bind_for(to)?, 0), to)
    }

    fn bind_for(&self, to: SocketAddr) -> io::Result<IpAddr> {
        match to {
            SocketAddr::V4(_) => Ok(self.bind_v4.into()),
            SocketAddr::V6(_) => {
                self.bind_v6.map(IpAddr::V6).ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
            }
        }
    }
}

fn open(address: IpAddr, buffer: usize) -> io::Result<UdpSocket> {
    let socket =
        Socket::new(Domain::for_address(SocketAddr::new(address, 0)), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    } else {
        // A wish: some networks and containers do not allow it.
        let _ = socket.set_tos_v4(TOS_EXPEDITED);
    }
    // The system caps these silently; more is only comfort.
    let _ = socket.set_recv_buffer_size(buffer);
    let _ = socket.set_send_buffer_size(buffer);
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::new(address, 0).into())?;
    Ok(socket.into())
}
