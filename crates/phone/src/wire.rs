//! Telegram's words about calls: objects of the schema to and from what signalling works with (libtgvoip.md 1.1).
//!
//! Everything that names a constructor or a method of `phone.*` is here.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use offhook_tl::{Object, Value};
use offhook_voip::{
    Endpoint, EndpointKind, Family, IceServer, MAX_LAYER, MIN_LAYER, Offer, PeerTag, TurnLogin,
    VersionsDoNotMeet,
};

use crate::config::Timers;

/// Id and access hash: what names a call to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallName {
    pub id: i64,
    pub access_hash: i64,
}

/// What both sides of a call can do, or what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Protocol {
    pub min_layer: i32,
    pub max_layer: i32,
    pub versions: Vec<String>,
}

impl Protocol {
    /// The family of the call that this was made for. Only the protocol of the final `phoneCall` says it: what earlier
    /// answers carry may still be one side's list (tgcalls.md 1.3).
    pub(crate) fn family(&self, offer: &Offer) -> Result<Family, VersionsDoNotMeet> {
        let family = offer.choose(&self.versions)?;
        if (MIN_LAYER..=MAX_LAYER).contains(&self.max_layer) && self.min_layer <= self.max_layer {
            return Ok(family);
        }
        let layers = format!("{family} of layers {} to {}", self.min_layer, self.max_layer);
        Err(VersionsDoNotMeet { ours: offer.versions().to_vec(), theirs: vec![layers] })
    }

    fn read(object: &Object) -> Option<Self> {
        let versions = object.vector("library_versions").unwrap_or_default();
        Some(Self {
            min_layer: object.int("min_layer")?,
            max_layer: object.int("max_layer")?,
            versions: versions.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        })
    }
}

/// Why the other side, or the server, ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Missed,
    Disconnect,
    Hangup,
    Busy,
}

impl Reason {
    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "phoneCallDiscardReasonMissed" => Self::Missed,
            "phoneCallDiscardReasonDisconnect" => Self::Disconnect,
            "phoneCallDiscardReasonHangup" => Self::Hangup,
            "phoneCallDiscardReasonBusy" => Self::Busy,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Missed => "phoneCallDiscardReasonMissed",
            Self::Disconnect => "phoneCallDiscardReasonDisconnect",
            Self::Hangup => "phoneCallDiscardReasonHangup",
            Self::Busy => "phoneCallDiscardReasonBusy",
        }
    }
}

/// `phoneCallRequested`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Requested {
    pub date: i32,
    pub caller: i64,
    pub g_a_hash: Vec<u8>,
    pub video: bool,
    /// What the caller offers.
    pub versions: Vec<String>,
}

/// `phoneCall`: everything the media needs but the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ready {
    pub g_a_or_b: Vec<u8>,
    pub fingerprint: i64,
    pub protocol: Protocol,
    /// Relays of every kind, in the server's order.
    pub relays: Vec<Endpoint>,
    /// STUN and TURN servers.
    pub servers: Vec<IceServer>,
    pub p2p_allowed: bool,
    /// A JSON object that both sides get.
    pub custom_parameters: Option<String>,
}

impl Ready {
    /// The relays that a family can use: the first one over UDP alone, and of a relay's two addresses the first.
    pub(crate) fn endpoints(&self, family: Family) -> Vec<Endpoint> {
        if let Family::Tgcalls(_) = family {
            return self.relays.clone();
        }
        let mut endpoints: Vec<Endpoint> = Vec::new();
        for relay in &self.relays {
            let known = endpoints.iter().any(|other| other.id == relay.id);
            if relay.kind == EndpointKind::UdpRelay && !known {
                endpoints.push(*relay);
            }
        }
        endpoints
    }
}

/// What the server says about a call: any `phoneCall…` object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Waiting {
        call: CallName,
        ringing: bool,
    },
    Requested(CallName, Requested),
    /// `versions`: what the callee offers, or what the server made of it.
    Accepted {
        call: CallName,
        g_b: Vec<u8>,
        versions: Vec<String>,
    },
    Ready(CallName, Box<Ready>),
    Discarded {
        id: i64,
        reason: Option<Reason>,
        need_rating: bool,
        need_debug: bool,
    },
    Empty {
        id: i64,
    },
}

impl Word {
    pub(crate) fn id(&self) -> i64 {
        match self {
            Self::Waiting { call, .. }
            | Self::Requested(call, _)
            | Self::Accepted { call, .. }
            | Self::Ready(call, _) => call.id,
            Self::Discarded { id, .. } | Self::Empty { id } => *id,
        }
    }

    /// Id and access hash, where both are told.
    pub(crate) fn call(&self) -> Option<CallName> {
        match self {
            Self::Waiting { call, .. }
            | Self::Requested(call, _)
            | Self::Accepted { call, .. }
            | Self::Ready(call, _) => Some(*call),
            Self::Discarded { .. } | Self::Empty { .. } => None,
        }
    }

    /// Reads a `phoneCall…` object, or `phone.phoneCall` or `updatePhoneCall` around one. `None` when it is something
    /// else, or lacks a field.
    pub(crate) fn read(object: &Object) -> Option<Self> {
        let id = || object.long("id");
        let call = || Some(CallName { id: object.long("id")?, access_hash: object.long("access_hash")? });
        let versions =
            || object.object("protocol").and_then(Protocol::read).map_or_else(Vec::new, |it| it.versions);
        Some(match object.name() {
            "phone.phoneCall" | "updatePhoneCall" => Self::read(object.object("phone_call")?)?,
            "phoneCallWaiting" => {
                Self::Waiting { call: call()?, ringing: object.int("receive_date").is_some() }
            }
            "phoneCallRequested" => Self::Requested(
                call()?,
                Requested {
                    date: object.int("date")?,
                    caller: object.long("admin_id")?,
                    g_a_hash: object.bytes("g_a_hash")?.to_vec(),
                    video: object.flag("video"),
                    versions: versions(),
                },
            ),
            "phoneCallAccepted" => {
                Self::Accepted { call: call()?, g_b: object.bytes("g_b")?.to_vec(), versions: versions() }
            }
            "phoneCall" => Self::Ready(
                call()?,
                Box::new(Ready {
                    g_a_or_b: object.bytes("g_a_or_b")?.to_vec(),
                    fingerprint: object.long("key_fingerprint")?,
                    protocol: Protocol::read(object.object("protocol")?)?,
                    relays: connections(object.vector("connections")?, relays),
                    servers: connections(object.vector("connections")?, servers),
                    p2p_allowed: object.flag("p2p_allowed"),
                    custom_parameters: object
                        .object("custom_parameters")
                        .and_then(|json| json.str("data"))
                        .map(str::to_owned),
                }),
            ),
            "phoneCallDiscarded" => Self::Discarded {
                id: id()?,
                reason: object.object("reason").and_then(|reason| Reason::read(reason.name())),
                need_rating: object.flag("need_rating"),
                need_debug: object.flag("need_debug"),
            },
            "phoneCallEmpty" => Self::Empty { id: id()? },
            _ => return None,
        })
    }
}

/// What each of the server's connections comes to. What cannot be read is left out.
fn connections<T>(connections: &[Value], read: fn(&Object) -> Option<Vec<T>>) -> Vec<T> {
    connections.iter().filter_map(Value::as_object).filter_map(read).flatten().collect()
}

/// Port of a relay that names none (tgcalls.md 7.1).
const RELAY_PORT: u16 = 599;

fn relays(connection: &Object) -> Option<Vec<Endpoint>> {
    if connection.name() != "phoneConnection" {
        return None;
    }
    let id = connection.long("id")?;
    let peer_tag = PeerTag(connection.bytes("peer_tag")?.try_into().ok()?);
    let kind = if connection.flag("tcp") { EndpointKind::TcpRelay } else { EndpointKind::UdpRelay };
    let port = Some(port(connection)?).filter(|port| *port != 0).unwrap_or(RELAY_PORT);
    let addresses = addresses(connection);
    Some(addresses.map(|ip| Endpoint { id, addr: SocketAddr::new(ip, port), peer_tag, kind }).collect())
}

fn servers(connection: &Object) -> Option<Vec<IceServer>> {
    if connection.name() != "phoneConnectionWebrtc" {
        return None;
    }
    let text = |field| connection.str(field).map(str::to_owned);
    let (stun, relays) = (connection.flag("stun"), connection.flag("turn"));
    let turn = match relays {
        true => Some(TurnLogin { username: text("username")?, password: text("password")? }),
        false => None,
    };
    let port = Some(port(connection)?).filter(|port| *port != 0)?;
    let addresses = addresses(connection).filter(|_| stun || relays);
    Some(
        addresses.map(|ip| IceServer { addr: SocketAddr::new(ip, port), stun, turn: turn.clone() }).collect(),
    )
}

fn port(connection: &Object) -> Option<u16> {
    connection.int("port").and_then(|port| u16::try_from(port).ok())
}

/// IPv4 first.
fn addresses(connection: &Object) -> impl Iterator<Item = IpAddr> {
    let address = |field| connection.str(field).and_then(|text| text.parse::<IpAddr>().ok());
    [address("ip"), address("ipv6")].into_iter().flatten()
}

/// What we can do: sent in requestCall, acceptCall and confirmCall.
fn abilities(offer: &Offer, p2p: bool) -> Object {
    let versions: Value = offer.versions().iter().map(String::as_str).collect();
    let object = Object::new("phoneCallProtocol");
    let object = if p2p { object.with("udp_p2p", true) } else { object };
    object
        .with("udp_reflector", true)
        .with("min_layer", MIN_LAYER)
        .with("max_layer", MAX_LAYER)
        .with("library_versions", versions)
}

fn input_call(call: CallName) -> Object {
    Object::new("inputPhoneCall").with("id", call.id).with("access_hash", call.access_hash)
}

/// Who is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Callee {
    pub user_id: i64,
    pub access_hash: i64,
}

pub(crate) fn request_call(
    to: Callee,
    random_id: i32,
    g_a_hash: &[u8; 32],
    (offer, p2p): (&Offer, bool),
) -> Object {
    let user = Object::new("inputUser").with("user_id", to.user_id).with("access_hash", to.access_hash);
    Object::new("phone.requestCall")
        .with("user_id", user)
        .with("random_id", random_id)
        .with("g_a_hash", &g_a_hash[..])
        .with("protocol", abilities(offer, p2p))
}

pub(crate) fn received_call(call: CallName) -> Object {
    Object::new("phone.receivedCall").with("peer", input_call(call))
}

pub(crate) fn accept_call(call: CallName, g_b: &[u8; 256], (offer, p2p): (&Offer, bool)) -> Object {
    Object::new("phone.acceptCall")
        .with("peer", input_call(call))
        .with("g_b", &g_b[..])
        .with("protocol", abilities(offer, p2p))
}

pub(crate) fn confirm_call(
    call: CallName,
    g_a: &[u8; 256],
    fingerprint: i64,
    (offer, p2p): (&Offer, bool),
) -> Object {
    Object::new("phone.confirmCall")
        .with("peer", input_call(call))
        .with("g_a", &g_a[..])
        .with("key_fingerprint", fingerprint)
        .with("protocol", abilities(offer, p2p))
}

/// A packet of a call's own signalling, for the other side.
pub(crate) fn send_signalling_data(call: CallName, packet: &[u8]) -> Object {
    Object::new("phone.sendSignalingData").with("peer", input_call(call)).with("data", packet)
}

/// The same from the other side: which call it is for, and the packet.
pub(crate) fn signalling_data(update: &Object) -> Option<(i64, Vec<u8>)> {
    if update.name() != "updatePhoneCallSignalingData" {
        return None;
    }
    Some((update.long("phone_call_id")?, update.bytes("data")?.to_vec()))
}

pub(crate) fn discard_call(call: CallName, reason: Reason, duration: i32, connection_id: i64) -> Object {
    Object::new("phone.discardCall")
        .with("peer", input_call(call))
        .with("duration", duration)
        .with("reason", Object::new(reason.name()))
        .with("connection_id", connection_id)
}

pub(crate) fn set_call_rating(call: CallName, stars: i32, comment: &str) -> Object {
    Object::new("phone.setCallRating")
        .with("user_initiative", true)
        .with("peer", input_call(call))
        .with("rating", stars)
        .with("comment", comment)
}

pub(crate) fn save_call_debug(call: CallName, json: String) -> Object {
    let debug = Object::new("dataJSON").with("data", json);
    Object::new("phone.saveCallDebug").with("peer", input_call(call)).with("debug", debug)
}

/// The time limits that `help.getConfig` tells.
pub(crate) fn timers(config: &Object) -> Timers {
    let limit = |field| {
        config
            .int(field)
            .and_then(|ms| u64::try_from(ms).ok())
            .filter(|ms| *ms > 0)
            .map(Duration::from_millis)
    };
    Timers {
        receive: limit("call_receive_timeout_ms"),
        ring: limit("call_ring_timeout_ms"),
        connect: limit("call_connect_timeout_ms"),
        packet: limit("call_packet_timeout_ms"),
        hangup: None,
    }
}

#[cfg(test)]
mod tests {
    use offhook_voip::Version;

    use super::*;

    fn connection(id: i64, ip: &str, tag: usize) -> Object {
        Object::new("phoneConnection")
            .with("id", id)
            .with("ip", ip)
            .with("ipv6", "")
            .with("port", 599)
            .with("peer_tag", vec![7_u8; tag])
    }

    fn ready(connections: Vec<Object>) -> Object {
        let protocol = Object::new("phoneCallProtocol")
            .with("min_layer", 65)
            .with("max_layer", 92)
            .with("library_versions", Value::from_iter(["2.4.4"]));
        Object::new("phoneCall")
            .with("id", 5_i64)
            .with("access_hash", 6_i64)
            .with("g_a_or_b", vec![1_u8; 256])
            .with("key_fingerprint", 9_i64)
            .with("protocol", protocol)
            .with("connections", connections)
            .with("p2p_allowed", true)
    }

    fn read(connections: Vec<Object>) -> Box<Ready> {
        let update = Object::new("updatePhoneCall").with("phone_call", ready(connections));
        let Some(Word::Ready(call, ready)) = Word::read(&update) else { panic!("not read") };
        assert_eq!(call, CallName { id: 5, access_hash: 6 });
        ready
    }

    #[test]
    fn relays_have_a_whole_tag_and_an_address_and_each_family_takes_those_it_can_use() {
        let ready = read(vec![
            connection(1, "192.0.2.1", 16),
            connection(2, "192.0.2.2", 15),
            connection(3, "nowhere", 16),
            connection(4, "192.0.2.4", 16).with("tcp", true),
            connection(5, "192.0.2.5", 16).with("port", 0).with("ipv6", "2001:db8::5"),
            connection(6, "192.0.2.6", 16).with("port", 70_000),
            connection(7, "", 16).with("ipv6", "2001:db8::7").with("port", 600),
            Object::new("phoneConnectionWebrtc").with("id", 8_i64),
        ]);
        let found = |family| -> Vec<(i64, String, bool)> {
            let endpoints = ready.endpoints(family).into_iter();
            endpoints.map(|e| (e.id, e.addr.to_string(), e.kind == EndpointKind::TcpRelay)).collect()
        };
        let expected = [
            (1, "192.0.2.1:599".to_owned(), false),
            (4, "192.0.2.4:599".to_owned(), true),
            (5, "192.0.2.5:599".to_owned(), false),
            (5, "[2001:db8::5]:599".to_owned(), false),
            (7, "[2001:db8::7]:600".to_owned(), false),
        ];
        assert_eq!(found(Family::Tgcalls(Version::V13)), expected);
        let [one, _, five, _, seven] = expected;
        assert_eq!(found(Family::Libtgvoip), [one, five, seven]);
        assert!(ready.servers.is_empty() && ready.p2p_allowed);
    }

    #[test]
    fn servers_of_the_stun_family_are_read_with_what_they_do_and_their_login() {
        let server = |ip: &str| {
            Object::new("phoneConnectionWebrtc")
                .with("id", 1_i64)
                .with("ip", ip)
                .with("ipv6", "2001:db8::1")
                .with("port", 3478)
                .with("username", "name")
                .with("password", "word")
        };
        let ready = read(vec![
            server("192.0.2.1").with("stun", true),
            server("192.0.2.2").with("stun", true).with("turn", true),
            server("192.0.2.3"),
            server("192.0.2.4").with("stun", true).with("port", 0),
        ]);
        let login = Some(TurnLogin { username: "name".into(), password: "word".into() });
        let server = |addr: &str, turn| IceServer { addr: addr.parse().unwrap(), stun: true, turn };
        let expected = [
            server("192.0.2.1:3478", None),
            server("[2001:db8::1]:3478", None),
            server("192.0.2.2:3478", login.clone()),
            server("[2001:db8::1]:3478", login),
        ];
        assert!(ready.servers == expected, "{:?}", ready.servers);
        assert!(ready.relays.is_empty());
    }

    #[test]
    fn custom_parameters_are_passed_on_as_they_are() {
        assert_eq!(read(vec![]).custom_parameters, None);
        let json = Object::new("dataJSON").with("data", "{\"a\":1}");
        let Some(Word::Ready(_, ready)) = Word::read(&ready(vec![]).with("custom_parameters", json)) else {
            panic!("not read")
        };
        assert_eq!(ready.custom_parameters.as_deref(), Some("{\"a\":1}"));
    }

    #[test]
    fn a_packet_of_signalling_names_its_call() {
        let update = Object::new("updatePhoneCallSignalingData").with("phone_call_id", 9_i64);
        assert_eq!(signalling_data(&update), None);
        let update = update.with("data", vec![1_u8, 2]);
        assert_eq!(signalling_data(&update), Some((9, vec![1, 2])));
        assert_eq!(signalling_data(&Object::new("updatePhoneCall")), None);
    }

    #[test]
    fn a_field_that_is_missing_makes_no_word() {
        let whole = ready(vec![]);
        assert!(Word::read(&whole).is_some());
        for field in ["id", "access_hash", "g_a_or_b", "key_fingerprint", "protocol", "connections"] {
            let mut part = whole.clone();
            part.remove(field);
            assert_eq!(Word::read(&part), None, "{field}");
        }
    }

    #[test]
    fn a_date_of_receipt_means_that_it_rings() {
        let waiting = Object::new("phoneCallWaiting").with("id", 1_i64).with("access_hash", 2_i64);
        let call = CallName { id: 1, access_hash: 2 };
        assert_eq!(Word::read(&waiting), Some(Word::Waiting { call, ringing: false }));
        let waiting = waiting.with("receive_date", 1_700_000_000);
        assert_eq!(Word::read(&waiting), Some(Word::Waiting { call, ringing: true }));
    }

    #[test]
    fn the_first_version_of_the_final_protocol_within_our_layers_is_the_family() {
        let family = |layers: (i32, i32), versions: &[&str]| {
            let versions = versions.iter().map(|v| (*v).to_owned()).collect();
            Protocol { min_layer: layers.0, max_layer: layers.1, versions }.family(&Offer::default())
        };
        assert_eq!(family((65, 92), &[]), Ok(Family::Libtgvoip));
        assert_eq!(family((65, 76), &["2.4.4"]), Ok(Family::Libtgvoip));
        assert_eq!(family((92, 92), &["9.0.0", "2.4.4"]), Ok(Family::Tgcalls(Version::V9)));
        let apart = |layers, versions: &[&str]| family(layers, versions).unwrap_err().theirs;
        assert_eq!(apart((65, 92), &["14.0.0", "2.4.4"]), ["14.0.0", "2.4.4"]);
        assert_eq!(apart((60, 64), &["2.4.4"]), ["libtgvoip 2.4.4 of layers 60 to 64"]);
        assert_eq!(apart((92, 93), &["9.0.0"]), ["tgcalls 9.0.0 of layers 92 to 93"]);
    }

    #[test]
    fn every_method_is_one_of_the_schema() {
        let call = CallName { id: 1, access_hash: 2 };
        let callee = Callee { user_id: 3, access_hash: 4 };
        let offer = Offer::default();
        for method in [
            send_signalling_data(call, &[1, 2, 3]),
            request_call(callee, 7, &[1; 32], (&offer, true)),
            received_call(call),
            accept_call(call, &[2; 256], (&offer, false)),
            confirm_call(call, &[3; 256], -5, (&offer, true)),
            discard_call(call, Reason::Hangup, 12, 9),
            set_call_rating(call, 5, "good"),
            save_call_debug(call, "{}".into()),
        ] {
            let mut bytes = Vec::new();
            let schema = offhook_tl::Schema::api();
            offhook_tl::encode(schema, &Value::from(method.clone()), &mut bytes).unwrap();
            let back = offhook_tl::decode(schema, &bytes, &offhook_tl::Limits::default()).unwrap();
            assert_eq!(back, Value::from(method));
        }
    }

    #[test]
    fn time_limits_of_the_server_are_taken_when_they_are_any() {
        let config =
            Object::new("config").with("call_ring_timeout_ms", 90_000).with("call_receive_timeout_ms", 0);
        let expected = Timers { ring: Some(Duration::from_secs(90)), ..Timers::default() };
        assert_eq!(timers(&config), expected);
    }
}
