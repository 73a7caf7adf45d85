//! Candidate lines: the part of RFC 8839, section 5.1, that calls use (tgcalls.md 4.3).
//!
//! `candidate:<foundation> <component> udp <priority> <host> <port> typ <type>`, then pairs of words of which none is needed.
//! The component is always 1, whatever a line says. Names stand for relay ports; other names are not looked up.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::CandidateKind;
use super::pseudo::{self, Pseudo};

/// A longer line is not looked at. Real ones have about 150 bytes.
const LONGEST: usize = 1024;

/// A line of the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) foundation: &'a str,
    pub(super) priority: u32,
    pub(super) kind: CandidateKind,
    /// Of a relay port this is the address that stands for it.
    pub(super) addr: SocketAddr,
}

/// Why a line is of no use to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineError {
    /// It does not keep to the grammar.
    Malformed,
    /// It is not about UDP.
    Transport,
    /// It names a host that only a resolver could find; with `.local`, one in the peer's own network.
    Name,
    /// It names an address that nobody can send to.
    Address,
}

impl<'a> Line<'a> {
    /// Reads a line, with or without the `a=` of SDP in front.
    pub(super) fn parse(line: &'a str) -> Result<Self, LineError> {
        use LineError::Malformed;

        if line.len() > LONGEST {
            return Err(Malformed);
        }
        let line = line.trim_ascii();
        let line = line.strip_prefix("a=").unwrap_or(line).strip_prefix("candidate:").ok_or(Malformed)?;
        let mut words = line.split_ascii_whitespace();
        let mut next = || words.next().ok_or(Malformed);
        let foundation = next()?;
        if foundation.len() > 32 || !foundation.bytes().all(is_ice_char) {
            return Err(Malformed);
        }
        digits::<u32>(next()?)?;
        let transport = next()?;
        let priority = digits(next()?)?;
        let host = next()?;
        let port = digits(next()?)?;
        if !next()?.eq_ignore_ascii_case("typ") {
            return Err(Malformed);
        }
        let kind = kind(next()?).ok_or(Malformed)?;
        if !transport.eq_ignore_ascii_case("udp") {
            return Err(LineError::Transport);
        }
        let addr = match host.parse::<IpAddr>() {
            Ok(ip) => real(ip.to_canonical(), port),
            Err(_) => name(host, port, kind),
        }?;
        Ok(Self { foundation, priority, kind, addr })
    }
}

/// A line of ours.
pub(super) struct Written<'a> {
    pub(super) foundation: &'a str,
    pub(super) priority: u32,
    pub(super) kind: CandidateKind,
    pub(super) addr: SocketAddr,
    /// The own address behind it; only told where it is no secret.
    pub(super) related: Option<SocketAddr>,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "candidate:{} 1 udp {} ", self.foundation, self.priority)?;
        match Pseudo::from_addr(self.addr) {
            Some(pseudo) => write!(f, "{pseudo}")?,
            None => write!(f, "{}", self.addr.ip())?,
        }
        write!(f, " {} typ {}", self.addr.port(), word(self.kind))?;
        if let Some(related) = self.related {
            write!(f, " raddr {} rport {}", related.ip(), related.port())?;
        }
        // libwebrtc writes it always, and old parsers look for it.
        f.write_str(" generation 0")
    }
}

fn real(ip: IpAddr, port: u16) -> Result<SocketAddr, LineError> {
    let unusable = match ip {
        IpAddr::V4(ip) => ip.octets()[0] == 0 || ip.is_multicast() || ip.is_broadcast(),
        IpAddr::V6(ip) => ip.is_unspecified() || ip.is_multicast(),
    };
    // A line that names the address of a relay port directly would get around the rules for those.
    if unusable || is_link_local(ip) || pseudo::is_pseudo(ip) || port == 0 {
        return Err(LineError::Address);
    }
    Ok(SocketAddr::new(ip, port))
}

fn name(host: &str, port: u16, kind: CandidateKind) -> Result<SocketAddr, LineError> {
    let pseudo = Pseudo::from_host(host, port).ok_or(LineError::Name)?;
    if port == 0 || kind != CandidateKind::Relay {
        return Err(LineError::Address);
    }
    Ok(pseudo.addr())
}

/// Addresses that mean something on one wire only: without its name they lead nowhere, or to services of the machine's host.
pub(super) fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

fn kind(word: &str) -> Option<CandidateKind> {
    [CandidateKind::Host, CandidateKind::ServerReflexive, CandidateKind::PeerReflexive, CandidateKind::Relay]
        .into_iter()
        .find(|kind| word.eq_ignore_ascii_case(self::word(*kind)))
}

fn word(kind: CandidateKind) -> &'static str {
    match kind {
        CandidateKind::Host => "host",
        CandidateKind::ServerReflexive => "srflx",
        CandidateKind::PeerReflexive => "prflx",
        CandidateKind::Relay => "relay",
    }
}

fn is_ice_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// A number of up to ten digits that fits.
fn digits<N: std::str::FromStr>(word: &str) -> Result<N, LineError> {
    if word.len() > 10 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LineError::Malformed);
    }
    word.parse().map_err(|_| LineError::Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(line: &str) -> Result<Line<'_>, LineError> {
        Line::parse(line)
    }

    fn addr(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_of_libwebrtc_is_read() {
        let line = "candidate:3881890759 1 udp 2122194688 192.0.2.2 35939 typ host generation 0 ufrag a1B2 network-id 1";
        let expected = Line {
            foundation: "3881890759",
            priority: 2_122_194_688,
            kind: CandidateKind::Host,
            addr: addr("192.0.2.2:35939"),
        };
        assert_eq!(parse(line), Ok(expected.clone()));
        assert_eq!(parse(&format!("a={line}\r\n")), Ok(expected.clone()));
        let short = "candidate:3881890759 1 udp 2122194688 192.0.2.2 35939 typ host";
        assert_eq!(parse(short), Ok(expected), "nothing behind the type is needed");
    }

    #[test]
    fn every_type_every_family_and_any_component_is_read() {
        let lines = [
            ("candidate:+/aZ09 7 UDP 1 2001:db8::1 9 TYP SRFLX raddr 10.0.0.1 rport 5", "[2001:db8::1]:9"),
            ("candidate:1 1 udp 0 ::ffff:192.0.2.7 9 typ prflx", "192.0.2.7:9"),
            ("candidate:1 1 udp 4294967295 127.0.0.1 65535 typ relay", "127.0.0.1:65535"),
        ];
        let kinds = [CandidateKind::ServerReflexive, CandidateKind::PeerReflexive, CandidateKind::Relay];
        for ((line, expected), kind) in lines.into_iter().zip(kinds) {
            let line = parse(line).unwrap();
            assert_eq!((line.addr, line.kind), (addr(expected), kind));
        }
    }

    #[test]
    fn the_name_of_a_relay_port_is_read_and_written() {
        let line = "candidate:1 1 udp 58589952 reflector-2-17.reflector 598 typ relay generation 0";
        let read = parse(line).unwrap();
        assert_eq!(read.addr, Pseudo { id: 2, r: 17, port: 598 }.addr());
        let Line { foundation, priority, kind, addr } = read;
        assert_eq!(Written { foundation, priority, kind, addr, related: None }.to_string(), line);
    }

    #[test]
    fn lines_that_do_not_keep_to_the_grammar_are_malformed() {
        let malformed = [
            "",
            "candidate:",
            "candidat:1 1 udp 1 192.0.2.1 9 typ host",
            "candidate:1 1 udp 1 192.0.2.1 9 typ",
            "candidate:1 1 udp 1 192.0.2.1 9 host",
            "candidate:1 1 udp 1 192.0.2.1 9 type host",
            "candidate:1 1 udp 1 192.0.2.1 9 typ guest",
            "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
            "candidate:1 1 udp 4294967296 192.0.2.1 9 typ host",
            "candidate:1 1 udp -1 192.0.2.1 9 typ host",
            "candidate:1 x udp 1 192.0.2.1 9 typ host",
            "candidate:1 1 udp 1 192.0.2.1 00000000009 typ host",
            "candidate:a-b 1 udp 1 192.0.2.1 9 typ host",
            "candidate:123456789012345678901234567890123 1 udp 1 192.0.2.1 9 typ host",
        ];
        for line in malformed {
            assert_eq!(parse(line), Err(LineError::Malformed), "{line}");
        }
        let long = format!("candidate:1 1 udp 1 192.0.2.1 9 typ host {}", "x".repeat(LONGEST));
        assert_eq!(parse(&long), Err(LineError::Malformed));
    }

    #[test]
    fn tcp_names_and_addresses_of_nobody_are_told_apart() {
        let lines = [
            ("candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active", LineError::Transport),
            ("candidate:1 1 ssltcp 1 example.org 9 typ host", LineError::Transport),
            ("candidate:1 1 udp 1 4d8e1bc4-1f0a-4b7b-9f8a-0d1f8a3c2b11.local 9 typ host", LineError::Name),
            ("candidate:1 1 udp 1 example.org 9 typ relay", LineError::Name),
            ("candidate:1 1 udp 1 fe80::1%eth0 9 typ host", LineError::Name),
            ("candidate:1 1 udp 1 reflector-0-1.reflector 9 typ relay", LineError::Name),
            ("candidate:1 1 udp 1 reflector-1-1.reflector 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 reflector-1-1.reflector 0 typ relay", LineError::Address),
            ("candidate:1 1 udp 1 fd6f:6666:686f:6f6b:0:1:0:1 599 typ relay", LineError::Address),
            ("candidate:1 1 udp 1 192.0.2.1 0 typ host", LineError::Address),
            ("candidate:1 1 udp 1 0.0.0.0 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 0.1.2.3 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 :: 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 ::ffff:0.0.0.0 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 255.255.255.255 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 224.0.0.1 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 ff02::1 9 typ host", LineError::Address),
            ("candidate:1 1 udp 1 169.254.169.254 80 typ host", LineError::Address),
            ("candidate:1 1 udp 1 fe80::1 9 typ host", LineError::Address),
        ];
        for (line, expected) in lines {
            assert_eq!(parse(line), Err(expected), "{line}");
        }
    }

    #[test]
    fn the_own_address_is_written_only_where_it_is_given() {
        let (addr, base) = (addr("203.0.113.9:4000"), addr("10.0.0.2:5000"));
        let line = |related| {
            let kind = CandidateKind::ServerReflexive;
            Written { foundation: "7", priority: 5, kind, addr, related }.to_string()
        };
        let told = "candidate:7 1 udp 5 203.0.113.9 4000 typ srflx raddr 10.0.0.2 rport 5000 generation 0";
        assert_eq!(line(Some(base)), told);
        assert_eq!(line(None), "candidate:7 1 udp 5 203.0.113.9 4000 typ srflx generation 0");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_nearly_a_line_is_read_or_refused(
            words in prop::collection::vec("candidate:1|1|udp|tcp|typ|host|relay|192\\.0\\.2\\.1|::1|reflector-1-5\\.reflector|[0-9]{1,12}|.{0,3}", 0..12)
        ) {
            if let Ok(line) = parse(&words.join(" ")) {
                prop_assert!(line.addr.port() != 0);
            }
        }

        #[test]
        fn what_is_written_is_read_again(
            priority in any::<u32>(),
            ip in prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u8; 16]>().prop_map(IpAddr::from)],
            port in any::<u16>(),
        ) {
            let kind = CandidateKind::Host;
            let addr = SocketAddr::new(ip.to_canonical(), port);
            let text = Written { foundation: "a1", priority, kind, addr, related: None }.to_string();
            match parse(&text) {
                Ok(line) => prop_assert_eq!(line, Line { foundation: "a1", priority, kind, addr }),
                Err(error) => prop_assert!(matches!(error, LineError::Address | LineError::Name)),
            }
        }
    }
}
