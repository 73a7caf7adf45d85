//! Names and addresses of relay ports (tgcalls.md 7.4).
//!
//! The two sides name the ports they hold at a relay `reflector-<id>-<r>.reflector`. An ICE agent wants addresses instead, so
//! each port gets one that no interface has: a unique local IPv6 address of a network of our own, with both numbers in its
//! low bytes and the relay's port as its port. The mapping is the same for ports of ours and of the other side.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The network the addresses are in: fd00::/8 (RFC 4193) and the letters "offhook" as the rest of the prefix.
const NETWORK: [u8; 8] = *b"\xfdoffhook";

/// A port at a relay: of this side or of the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pseudo {
    /// Which relay: its place in the list of the call, from 1.
    pub(super) id: u8,
    /// The number its holder has drawn, never 0.
    pub(super) r: u32,
    /// The relay's port.
    pub(super) port: u16,
}

impl Pseudo {
    /// The address that stands for it.
    pub(super) fn addr(self) -> SocketAddr {
        let mut octets = [0; 16];
        octets[..8].copy_from_slice(&NETWORK);
        octets[11] = self.id;
        octets[12..].copy_from_slice(&self.r.to_be_bytes());
        SocketAddr::new(IpAddr::V6(Ipv6Addr::from(octets)), self.port)
    }

    /// The port an address stands for.
    pub(super) fn from_addr(addr: SocketAddr) -> Option<Self> {
        let IpAddr::V6(ip) = addr.ip() else { return None };
        let octets = ip.octets();
        let [0, 0, 0, id, r0, r1, r2, r3] = octets[8..] else { return None };
        let r = u32::from_be_bytes([r0, r1, r2, r3]);
        (octets[..8] == NETWORK && id != 0 && r != 0).then_some(Self { id, r, port: addr.port() })
    }

    /// The port a name in a candidate line stands for; `None` when it is not of this kind.
    pub(super) fn from_host(host: &str, port: u16) -> Option<Self> {
        let (id, r) = host.strip_prefix("reflector-")?.strip_suffix(".reflector")?.split_once('-')?;
        let pseudo = Self { id: decimal(id)?, r: decimal(r)?, port };
        (pseudo.id != 0 && pseudo.r != 0).then_some(pseudo)
    }
}

/// The name in candidate lines.
impl fmt::Display for Pseudo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reflector-{}-{}.reflector", self.id, self.r)
    }
}

/// True for all addresses that a port may stand behind: none of them is real.
pub(super) fn is_pseudo(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.octets()[..8] == NETWORK)
}

/// A number of digits alone: no sign, no blanks, no leading zero.
fn decimal<N: std::str::FromStr>(text: &str) -> Option<N> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_port_has_the_name_of_the_protocol_and_an_address_of_its_own() {
        let port = Pseudo { id: 3, r: 4_042_322_161, port: 598 };
        assert_eq!(port.to_string(), "reflector-3-4042322161.reflector");
        assert_eq!(port.addr().to_string(), "[fd6f:6666:686f:6f6b:0:3:f0f0:f0f1]:598");
    }

    #[test]
    fn names_of_other_kinds_are_no_ports() {
        let none = [
            "",
            "reflector-",
            "reflector-1.reflector",
            "reflector-1-.reflector",
            "reflector--5.reflector",
            "reflector-1-5",
            "reflector-1-5.reflector.",
            "reflector-1-5.reflector.example",
            "xreflector-1-5.reflector",
            "Reflector-1-5.reflector",
            "reflector-0-5.reflector",
            "reflector-1-0.reflector",
            "reflector-256-5.reflector",
            "reflector-1-4294967296.reflector",
            "reflector-1-+5.reflector",
            "reflector-1--5.reflector",
            "reflector-1- 5.reflector",
            "reflector-01-5.reflector",
            "reflector-1-2-3.reflector",
        ];
        for host in none {
            assert_eq!(Pseudo::from_host(host, 599), None, "{host}");
        }
        let last = Pseudo { id: 255, r: u32::MAX, port: 1 };
        assert_eq!(Pseudo::from_host("reflector-255-4294967295.reflector", 1), Some(last));
    }

    #[test]
    fn real_addresses_are_no_ports() {
        for addr in ["192.0.2.1:599", "[fd00::1:2]:599", "[2001:db8::1]:599", "[fd6f:6666:686f:6f6b::]:599"] {
            assert_eq!(Pseudo::from_addr(addr.parse().unwrap()), None, "{addr}");
        }
        assert!(is_pseudo("fd6f:6666:686f:6f6b::".parse().unwrap()), "no port, and not real either");
    }

    proptest! {
        #[test]
        fn name_and_address_lead_back_to_the_port(id in 1..=u8::MAX, r in 1..=u32::MAX, port in any::<u16>()) {
            let pseudo = Pseudo { id, r, port };
            prop_assert_eq!(Pseudo::from_addr(pseudo.addr()), Some(pseudo));
            prop_assert_eq!(Pseudo::from_host(&pseudo.to_string(), port), Some(pseudo));
        }

        #[test]
        fn any_name_is_taken_or_refused(host in ".*", near in "reflector-[0-9+-]{0,12}\\.reflector") {
            for host in [host, near] {
                if let Some(pseudo) = Pseudo::from_host(&host, 7) {
                    prop_assert_eq!(pseudo.to_string(), host);
                }
            }
        }
    }
}
