//! The listening sockets of a reflector: UDP and TCP on one port, and on both address families where there are two.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener as StdListener},
};

use mio::net::{TcpListener, UdpSocket};
use socket2::{Domain, Protocol, Socket, Type};

/// Kernel buffer asked for; the system may grant less.
const SOCKET_BUFFER: usize = 4 << 20;
/// Connections that may wait to be accepted.
const BACKLOG: i32 = 256;
/// Ports tried when any will do. The system picks a free UDP port, which another program may hold for TCP.
const TRIES: usize = 32;

/// One address family of a reflector.
#[derive(Debug)]
pub(super) struct Front {
    pub(super) addr: SocketAddr,
    pub(super) udp: UdpSocket,
    pub(super) tcp: TcpListener,
}

/// Binds `addr` and, when it is IPv4 loopback or unspecified, the same port of its IPv6 counterpart if the machine has
/// it. Port 0 takes one that is free for all of them.
pub(super) fn fronts(addr: SocketAddr) -> io::Result<Vec<Front>> {
    let mut tries = 0;
    loop {
        tries += 1;
        match try_fronts(addr) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && addr.port() == 0 && tries < TRIES => {}
            result => return result,
        }
    }
}

fn try_fronts(addr: SocketAddr) -> io::Result<Vec<Front>> {
    let first = front(addr, false)?;
    let twin = match addr.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => Some(Ipv6Addr::LOCALHOST),
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Some(Ipv6Addr::UNSPECIFIED),
        _ => None,
    };
    let twin = twin.map(|ip| front(SocketAddr::new(ip.into(), first.addr.port()), true));
    match twin {
        Some(Ok(twin)) => Ok(vec![first, twin]),
        Some(Err(error)) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        // No IPv6 on this machine.
        Some(Err(_)) | None => Ok(vec![first]),
    }
}

/// A twin leaves IPv4 to the front it belongs to.
fn front(addr: SocketAddr, is_twin: bool) -> io::Result<Front> {
    let socket = |kind, protocol| -> io::Result<Socket> {
        let socket = Socket::new(Domain::for_address(addr), kind, Some(protocol))?;
        if is_twin {
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        Ok(socket)
    };
    let udp = socket(Type::DGRAM, Protocol::UDP)?;
    // Best effort: a small buffer only means loss under bursts.
    let _ = udp.set_recv_buffer_size(SOCKET_BUFFER);
    let _ = udp.set_send_buffer_size(SOCKET_BUFFER);
    let tcp = socket(Type::STREAM, Protocol::TCP)?;
    // A port whose last connections are still being buried can be used again.
    tcp.set_reuse_address(true)?;
    udp.bind(&addr.into())?;
    let udp = UdpSocket::from_std(udp.into());
    let addr = udp.local_addr()?;
    tcp.bind(&addr.into())?;
    tcp.listen(BACKLOG)?;
    Ok(Front { addr, udp, tcp: TcpListener::from_std(StdListener::from(tcp)) })
}
