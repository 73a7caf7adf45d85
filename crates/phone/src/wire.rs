//! Telegram's words about calls: objects of the schema to and from what signalling works with (libtgvoip.md 1.1).
//!
//! Everything that names a constructor or a method of `phone.*` is here.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use offhook_tl::{Object, Value};
use offhook_voip::{Endpoint, PeerTag};

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

/// The lowest and highest layer of the libtgvoip family, and its version (libtgvoip.md 1.6).
const MIN_LAYER: i32 = 65;
const MAX_LAYER: i32 = 92;
const VERSION: &str = "2.4.4";

impl Protocol {
    /// True when the merged abilities leave the one family we speak. No version at all means that family.
    pub(crate) fn is_ours(&self) -> bool {
        (MIN_LAYER..=MAX_LAYER).contains(&self.max_layer)
            && self.min_layer <= self.max_layer
            && (self.versions.is_empty() || self.versions.iter().any(|version| version == VERSION))
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
}

/// `phoneCall`: everything the media needs but the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ready {
    pub g_a_or_b: Vec<u8>,
    pub fingerprint: i64,
    pub protocol: Protocol,
    pub endpoints: Vec<Endpoint>,
    pub p2p_allowed: bool,
}

/// What the server says about a call: any `phoneCall…` object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Waiting { call: CallName, ringing: bool },
    Requested(CallName, Requested),
    Accepted { call: CallName, g_b: Vec<u8>, protocol: Protocol },
    Ready(CallName, Box<Ready>),
    Discarded { id: i64, reason: Option<Reason>, need_rating: bool, need_debug: bool },
    Empty { id: i64 },
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
                },
            ),
            "phoneCallAccepted" => Self::Accepted {
                call: call()?,
                g_b: object.bytes("g_b")?.to_vec(),
                protocol: Protocol::read(object.object("protocol")?)?,
            },
            "phoneCall" => Self::Ready(
                call()?,
                Box::new(Ready {
                    g_a_or_b: object.bytes("g_a_or_b")?.to_vec(),
                    fingerprint: object.long("key_fingerprint")?,
                    protocol: Protocol::read(object.object("protocol")?)?,
                    endpoints: endpoints(object.vector("connections")?),
                    p2p_allowed: object.flag("p2p_allowed"),
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

/// Relays of this family that UDP reaches, the preferred one first. WebRTC servers, relays that want TCP, and addresses
/// or tags that are none are left out.
fn endpoints(connections: &[Value]) -> Vec<Endpoint> {
    connections.iter().filter_map(Value::as_object).filter_map(endpoint).collect()
}

fn endpoint(connection: &Object) -> Option<Endpoint> {
    if connection.name() != "phoneConnection" || connection.flag("tcp") {
        return None;
    }
    let address = |field| connection.str(field).and_then(|text| text.parse::<IpAddr>().ok());
    let port = connection.int("port").and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0)?;
    let ip = address("ip").or_else(|| address("ipv6"))?;
    let tag: [u8; 16] = connection.bytes("peer_tag")?.try_into().ok()?;
    Some(Endpoint::relay(connection.long("id")?, SocketAddr::new(ip, port), PeerTag(tag)))
}

/// What we can do: sent in requestCall, acceptCall and confirmCall.
fn abilities(p2p: bool) -> Object {
    let versions: Value = [VERSION].into_iter().collect();
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

pub(crate) fn request_call(to: Callee, random_id: i32, g_a_hash: &[u8; 32], p2p: bool) -> Object {
    let user = Object::new("inputUser").with("user_id", to.user_id).with("access_hash", to.access_hash);
    Object::new("phone.requestCall")
        .with("user_id", user)
        .with("random_id", random_id)
        .with("g_a_hash", &g_a_hash[..])
        .with("protocol", abilities(p2p))
}

pub(crate) fn received_call(call: CallName) -> Object {
    Object::new("phone.receivedCall").with("peer", input_call(call))
}

pub(crate) fn accept_call(call: CallName, g_b: &[u8; 256], p2p: bool) -> Object {
    Object::new("phone.acceptCall")
        .with("peer", input_call(call))
        .with("g_b", &g_b[..])
        .with("protocol", abilities(p2p))
}

pub(crate) fn confirm_call(call: CallName, g_a: &[u8; 256], fingerprint: i64, p2p: bool) -> Object {
    Object::new("phone.confirmCall")
        .with("peer", input_call(call))
        .with("g_a", &g_a[..])
        .with("key_fingerprint", fingerprint)
        .with("protocol", abilities(p2p))
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

    #[test]
    fn only_relays_that_udp_reaches_with_a_whole_tag_are_endpoints() {
        let connections = vec![
            connection(1, "192.0.2.1", 16),
            connection(2, "192.0.2.2", 15),
            connection(3, "nowhere", 16),
            connection(4, "192.0.2.4", 16).with("tcp", true),
            connection(5, "192.0.2.5", 16).with("port", 0),
            connection(6, "192.0.2.6", 16).with("port", 70_000),
            connection(7, "", 16).with("ipv6", "2001:db8::7"),
            Object::new("phoneConnectionWebrtc").with("id", 8_i64),
        ];
        let update = Object::new("updatePhoneCall").with("phone_call", ready(connections));
        let Some(Word::Ready(call, ready)) = Word::read(&update) else { panic!("not read") };
        assert_eq!(call, CallName { id: 5, access_hash: 6 });
        let found: Vec<_> = ready.endpoints.iter().map(|e| (e.id, e.addr.to_string())).collect();
        assert_eq!(found, [(1, "192.0.2.1:599".into()), (7, "[2001:db8::7]:599".into())]);
        assert!(ready.protocol.is_ours() && ready.p2p_allowed);
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
    fn another_family_or_layer_is_not_ours() {
        let protocol = |max_layer, versions: &[&str]| Protocol {
            min_layer: 65,
            max_layer,
            versions: versions.iter().map(|v| (*v).to_owned()).collect(),
        };
        assert!(protocol(92, &[]).is_ours());
        assert!(protocol(76, &["2.4.4"]).is_ours());
        assert!(!protocol(92, &["9.0.0"]).is_ours());
        assert!(!protocol(64, &["2.4.4"]).is_ours());
        assert!(!protocol(93, &["2.4.4"]).is_ours());
    }

    #[test]
    fn every_method_is_one_of_the_schema() {
        let call = CallName { id: 1, access_hash: 2 };
        let callee = Callee { user_id: 3, access_hash: 4 };
        for method in [
            request_call(callee, 7, &[1; 32], true),
            received_call(call),
            accept_call(call, &[2; 256], false),
            confirm_call(call, &[3; 256], -5, true),
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
