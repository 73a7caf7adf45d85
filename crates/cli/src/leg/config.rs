//! What the arguments of a leg mean.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use offhook_voip::proto::tgcalls::Version;
use offhook_voip::{
    CallConfig, CallKey, Endpoint, EndpointKind, Family, IceServer, PeerTag, Role, TurnLogin,
};

use super::{FamilyArg, LegArgs, Side};
use crate::exit::{Exit, Failure};

pub(super) fn of(args: &LegArgs) -> Result<CallConfig, Failure> {
    let role = match args.role {
        Side::Caller => Role::Caller,
        Side::Callee => Role::Callee,
    };
    let key = CallKey::new(hex_bytes("--key", &args.key)?);
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| Failure::new(Exit::Internal, format!("the system gives no randomness: {error}")))?;
    let mut config = CallConfig::new(role, key, relays(args)?, seed);
    config.family = family(args)?;
    config.max_layer = args.max_layer;
    config.connect_timeout = length("--connect-timeout", args.connect_timeout)?;
    config.p2p_allowed = args.p2p;
    config.servers = args.server.iter().map(|server| ice_server(server)).collect::<Result<_, _>>()?;
    Ok(config)
}

/// The family, when what is given fits it.
fn family(args: &LegArgs) -> Result<Family, Failure> {
    let usage = |text: String| Err(Failure::new(Exit::Usage, text));
    if args.family == FamilyArg::Tgcalls {
        let version: Version = args.version.parse().map_err(|error| {
            let known = Version::ALL.map(Version::as_str).join(", ");
            Failure::new(Exit::Usage, format!("--version {:?}: {error}; known are {known}", args.version))
        })?;
        if args.signalling.is_none() {
            return usage("--family tgcalls has signalling of its own; give --signalling stdio".into());
        }
        let reads = args.media.play.iter().chain(&args.media.then).chain(&args.media.hold);
        if reads.chain(&args.media.record).any(|file| file.as_os_str() == "-") {
            return usage("- cannot be sound as well with --signalling stdio".into());
        }
        return Ok(Family::Tgcalls(version));
    }
    if args.p2p || !args.server.is_empty() {
        return usage("--p2p and --server are for --family tgcalls".into());
    }
    if args.reflector.is_empty() {
        return usage("--family libtgvoip needs a relay: --reflector ADDR --tag HEX".into());
    }
    Ok(Family::Libtgvoip)
}

/// The relays in the order given. One over TCP is another way to the relay before it, and has its number.
fn relays(args: &LegArgs) -> Result<Vec<Endpoint>, Failure> {
    let tags =
        args.tag.iter().map(|tag| hex_bytes("--tag", tag).map(PeerTag)).collect::<Result<Vec<_>, _>>()?;
    let tag = |number: usize| match tags.as_slice() {
        [one] => Some(*one),
        all if all.len() == args.reflector.len() => all.get(number).copied(),
        _ => None,
    };
    let mut relays: Vec<Endpoint> = Vec::new();
    for (number, text) in args.reflector.iter().enumerate() {
        let peer_tag = tag(number).ok_or_else(|| {
            let (tags, relays) = (tags.len(), args.reflector.len());
            Failure::new(Exit::Usage, format!("{tags} --tag for {relays} --reflector; give one for each"))
        })?;
        let last = relays.last().map_or(0, |relay| relay.id);
        let (id, kind, text) = match text.strip_prefix("tcp:") {
            Some(text) => (last.max(1), EndpointKind::TcpRelay, text),
            None => (last + 1, EndpointKind::UdpRelay, text.as_str()),
        };
        relays.push(Endpoint { id, addr: address("--reflector", text)?, peer_tag, kind });
    }
    Ok(relays)
}

/// `stun:HOST:PORT` or `turn:USER:PASSWORD@HOST:PORT`. The text may hold a password, so it is never repeated.
fn ice_server(text: &str) -> Result<IceServer, Failure> {
    if let Some(addr) = text.strip_prefix("stun:") {
        return Ok(IceServer { addr: address("--server", addr)?, stun: true, turn: None });
    }
    let turn = text.strip_prefix("turn:").and_then(|text| {
        // A password may hold an @, a host cannot.
        let (login, addr) = text.rsplit_once('@')?;
        let (username, password) = login.split_once(':')?;
        Some((TurnLogin { username: username.into(), password: password.into() }, addr))
    });
    let Some((login, addr)) = turn else {
        let forms = "give it as stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT";
        return Err(Failure::new(Exit::Usage, format!("--server cannot be read; {forms}")));
    };
    Ok(IceServer { addr: address("--server", addr)?, stun: false, turn: Some(login) })
}

fn address(flag: &str, text: &str) -> Result<SocketAddr, Failure> {
    let hint = "give it as HOST:PORT, for example 127.0.0.1:5599";
    let mut found = text.to_socket_addrs().map_err(|error| {
        Failure::new(Exit::Usage, format!("{flag} {text} is no address ({error}); {hint}"))
    })?;
    found
        .find(|addr| addr.port() != 0)
        .ok_or_else(|| Failure::new(Exit::Usage, format!("{flag} {text} cannot be sent to; {hint}")))
}

pub(super) fn length(flag: &str, seconds: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Failure::new(Exit::Usage, format!("{flag} {seconds} is no length of time")))
}

/// Hex of exactly `N` bytes. The text may be a key, so it is never repeated.
pub(crate) fn hex_bytes<const N: usize>(flag: &str, text: &str) -> Result<[u8; N], Failure> {
    let wrong = |what: String| {
        Failure::new(Exit::Usage, format!("{flag}: {what}; give {N} bytes as {} hex digits", 2 * N))
    };
    let digits = text.trim().as_bytes();
    if digits.len() != 2 * N {
        return Err(wrong(format!("{} characters", digits.len())));
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |d: u8| char::from(d).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (Some(high), Some(low)) = (digit(pair[0]), digit(pair[1])) else {
            return Err(wrong("a character that is no hex digit".into()));
        };
        *byte = high << 4 | low;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_only_at_its_exact_length() {
        assert_eq!(hex_bytes::<3>("--tag", "00ffA5").unwrap(), [0x00, 0xff, 0xa5]);
        let short = hex_bytes::<3>("--tag", "00ff").unwrap_err();
        assert_eq!(short.to_string(), "--tag: 4 characters; give 3 bytes as 6 hex digits");
        let odd = hex_bytes::<2>("--key", "00fg").unwrap_err();
        assert_eq!(odd.to_string(), "--key: a character that is no hex digit; give 2 bytes as 4 hex digits");
    }

    #[test]
    fn servers_are_read_with_every_sign_a_password_may_have_and_never_shown() {
        let stun = ice_server("stun:192.0.2.1:3478").unwrap();
        assert!(stun == IceServer { addr: "192.0.2.1:3478".parse().unwrap(), stun: true, turn: None });
        let turn = ice_server("turn:me:a:b@c@[2001:db8::1]:3478").unwrap();
        let login = TurnLogin { username: "me".into(), password: "a:b@c".into() };
        let expected =
            IceServer { addr: "[2001:db8::1]:3478".parse().unwrap(), stun: false, turn: Some(login) };
        assert!(turn == expected, "{turn:?}");
        for text in ["turn:secret@192.0.2.1:1", "turn:me:secret", "secret", "", "turns:a:secret@192.0.2.1:1"]
        {
            let error = ice_server(text).unwrap_err();
            assert_eq!(error.exit(), Exit::Usage);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
