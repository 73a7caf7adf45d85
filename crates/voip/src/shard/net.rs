//! A shard's sockets: one per address family, shared by all its calls.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

/// Largest datagram: what the reference reads (libtgvoip.md 2.1).
pub(crate) const DATAGRAM: usize = 1500;

/// Expedited forwarding, as voice is marked (libtgvoip.md 2.1).
const TOS_EXPEDITED: u32 = 0xB8;

pub(crate) struct Net {
    pub(crate) v4: UdpSocket,
    pub(crate) v6: Option<UdpSocket>,
}

impl Net {
    /// Binds to ports of the system's choice.
    pub(crate) fn bind(v4: Ipv4Addr, v6: Option<Ipv6Addr>, buffer: usize) -> io::Result<Self> {
        let v4 = open(IpAddr::V4(v4), buffer)?;
        // A machine without IPv6 still has calls over IPv4; a call that needs it is refused by name.
        let v6 = v6.and_then(|address| open(IpAddr::V6(address), buffer).ok());
        Ok(Self { v4, v6 })
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
