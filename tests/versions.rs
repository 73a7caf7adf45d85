//! What is offered on both sides decides what carries a call, or that there is none; whoever called, it is never silent.
//!
//! The other side is a phone where it offers what this project speaks, and a client that makes its calls by hand where it
//! offers what no phone here would.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::town::{Town, Who, talk};
use common::within;
use offhook::client::{Client, Updates};
use offhook::phone::{Call, CallReport, Family, Offer, Outcome, Phone, PhoneConfig, Stage};
use offhook::voip_proto::handshake::{Callee, Caller, Group};
use offhook::voip_proto::tgcalls::Version;
use offhook_tl::{Object, Value};

const V13: Family = Family::Tgcalls(Version::V13);
const V9: Family = Family::Tgcalls(Version::V9);
const OLD: Family = Family::Libtgvoip;

/// Ends that are decided by words alone come well before any time limit.
const AT_ONCE: Duration = Duration::from_secs(10);

fn random(out: &mut [u8]) {
    getrandom::fill(out).unwrap();
}

/// Versions that do not meet: ours, and what the other side offers.
fn apart(theirs: &str) -> Outcome {
    Outcome::VersionsDoNotMeet { ours: Offer::default().versions().to_vec(), theirs: vec![theirs.to_owned()] }
}

async fn phone(town: &Town, who: Who, versions: &[&str]) -> Phone {
    let offer = Offer::new(versions.iter().copied()).unwrap();
    town.phone_with(who, PhoneConfig::default().versions(offer)).await
}

/// Both ends of a call that was up are of this family, and say so.
async fn ends(call: Call, answered: Call, family: Family) {
    let one = within("the hang-up is done", call.hang_up()).await;
    let other = within("the end", answered.wait()).await;
    for report in [&one, &other] {
        assert_eq!((&report.outcome, report.family), (&Outcome::Completed, Some(family)), "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_side_that_offers_one_version_gets_it_whoever_calls() {
    let town = Town::start().await;
    let ours = town.phone(Who::Alice).await;
    for (versions, family) in
        [(&["2.4.4"][..], OLD), (&["13.0.0"], V13), (&["9.0.0"], V9), (&["2.4.4", "9.0.0"], V9)]
    {
        let theirs = phone(&town, Who::Bob, versions).await;
        let (call, answered) = talk(&ours, &theirs, Who::Bob).await;
        ends(call, answered, family).await;
        let (call, answered) = talk(&theirs, &ours, Who::Alice).await;
        // Walking the caller's list the server finds its favourite first.
        let family = if versions.len() > 1 { OLD } else { family };
        ends(call, answered, family).await;
        within("the phone is shut down", theirs.shutdown()).await;
        within("the client is shut down", theirs.client().shutdown()).await;
    }
}

/// An account whose calls are made by hand, to offer whatever is wanted.
struct ByHand {
    client: Client,
    updates: Updates,
    versions: Vec<String>,
}

impl ByHand {
    async fn new(town: &Town, who: Who, versions: &[&str]) -> Self {
        let client = town.client(who).await;
        let updates = client.updates();
        Self { client, updates, versions: versions.iter().map(|version| (*version).to_owned()).collect() }
    }

    fn protocol(&self) -> Object {
        let versions: Value = self.versions.iter().map(String::as_str).collect();
        Object::new("phoneCallProtocol")
            .with("udp_reflector", true)
            .with("min_layer", 65)
            .with("max_layer", 92)
            .with("library_versions", versions)
    }

    /// The next update about a call that is this kind of object.
    async fn next(&mut self, kind: &str) -> Object {
        let looked_for = async {
            loop {
                let update = self.updates.next().await.expect("the client is up");
                let call = update.object().object("phone_call").cloned();
                if let Some(call) = call.filter(|call| call.name() == kind) {
                    return call;
                }
            }
        };
        within(kind, looked_for).await
    }

    async fn ask(&self, request: Object) -> Result<Value, offhook::client::InvokeError> {
        within("the server's answer", self.client.invoke_value(request)).await
    }

    fn peer(call: &Object) -> Object {
        Object::new("inputPhoneCall")
            .with("id", call.long("id").unwrap())
            .with("access_hash", call.long("access_hash").unwrap())
    }

    /// Picks up; the error of the server, if it refuses.
    async fn accept(&mut self) -> (Object, Option<String>) {
        let call = self.next("phoneCallRequested").await;
        let request = Object::new("phone.receivedCall").with("peer", Self::peer(&call));
        self.ask(request).await.unwrap();
        let secret = Callee::new(Group::telegram(), call.bytes("g_a_hash").unwrap(), random).unwrap();
        let request = Object::new("phone.acceptCall")
            .with("peer", Self::peer(&call))
            .with("g_b", &secret.g_b()[..])
            .with("protocol", self.protocol());
        let refused = self.ask(request).await.err().map(|error| error.rpc().unwrap().name.clone());
        (call, refused)
    }

    /// Gives up, as every client does whose answer was refused.
    async fn discard(&self, call: &Object) {
        let request = Object::new("phone.discardCall")
            .with("peer", Self::peer(call))
            .with("duration", 0)
            .with("reason", Object::new("phoneCallDiscardReasonDisconnect"))
            .with("connection_id", 0_i64);
        // The call may be over already.
        let _ = self.ask(request).await;
    }

    /// Calls somebody, up to the moment when somebody picks up and the key is confirmed.
    async fn call(&mut self, username: &str) -> Object {
        let peer = self.client.resolve(&username.parse().unwrap()).await.unwrap();
        let secret = Caller::new(Group::telegram(), random);
        let user =
            Object::new("inputUser").with("user_id", peer.id).with("access_hash", peer.access_hash.unwrap());
        let request = Object::new("phone.requestCall")
            .with("user_id", user)
            .with("random_id", 7)
            .with("g_a_hash", &secret.g_a_hash()[..])
            .with("protocol", self.protocol());
        self.ask(request).await.unwrap();
        let accepted = self.next("phoneCallAccepted").await;
        let (agreed, g_a) = secret.on_accepted(accepted.bytes("g_b").unwrap()).unwrap();
        let request = Object::new("phone.confirmCall")
            .with("peer", Self::peer(&accepted))
            .with("g_a", &g_a[..])
            .with("key_fingerprint", agreed.fingerprint)
            .with("protocol", self.protocol());
        let confirmed = self.ask(request).await.unwrap();
        confirmed.as_object().unwrap().object("phone_call").unwrap().clone()
    }
}

/// The end of a call that comes by itself, at once.
async fn over(call: &Call, since: Instant) -> CallReport {
    let report = within("the end", call.wait()).await;
    assert!(since.elapsed() < AT_ONCE, "took {:?}: {report:?}", since.elapsed());
    assert_eq!(report.family, None, "{report:?}");
    (*report).clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_offers_nothing_we_know_is_told_at_once_and_so_are_we() {
    let town = Town::start().await;
    let ours = town.phone(Who::Alice).await;
    let mut incoming = ours.incoming();
    let mut theirs = ByHand::new(&town, Who::Bob, &["99.0.0"]).await;
    let calling = tokio::spawn(async move {
        let peer = theirs.client.resolve(&"@alice".parse().unwrap()).await.unwrap();
        let user =
            Object::new("inputUser").with("user_id", peer.id).with("access_hash", peer.access_hash.unwrap());
        let request = Object::new("phone.requestCall")
            .with("user_id", user)
            .with("random_id", 7)
            .with("g_a_hash", vec![7_u8; 32])
            .with("protocol", theirs.protocol());
        theirs.ask(request).await.unwrap();
        theirs.next("phoneCallDiscarded").await
    });
    let ringing = within("it rings", incoming.next()).await.unwrap();
    let since = Instant::now();
    let answered = ringing.accept().unwrap();
    assert_eq!(over(&answered, since).await.outcome, apart("99.0.0"));
    let discarded = within("the caller is told", calling).await.unwrap();
    assert_eq!(discarded.object("reason").unwrap().name(), "phoneCallDiscardReasonDisconnect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callee_that_offers_nothing_we_know_cannot_be_connected_and_we_hear_why_at_once() {
    let town = Town::start().await;
    let ours = town.phone(Who::Alice).await;
    let mut theirs = ByHand::new(&town, Who::Bob, &["99.0.0"]).await;
    let call = within("the peer is known", ours.call("@bob")).await.unwrap();
    let (theirs_call, refused) = theirs.accept().await;
    let since = Instant::now();
    assert_eq!(refused.as_deref(), Some("CALL_PROTOCOL_COMPAT_LAYER_INVALID"));
    theirs.discard(&theirs_call).await;
    assert_eq!(over(&call, since).await.outcome, apart("99.0.0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_list_means_the_first_family_whoever_calls() {
    let town = Town::start().await;
    let ours = town.phone(Who::Alice).await;
    let mut incoming = ours.incoming();
    let mut theirs = ByHand::new(&town, Who::Bob, &[]).await;

    let calling = async {
        let call = theirs.call("@alice").await;
        let protocol = call.object("protocol").unwrap();
        assert_eq!(protocol.vector("library_versions").unwrap(), [Value::from("2.4.4")]);
    };
    let answering = async {
        let ringing = within("it rings", incoming.next()).await.unwrap();
        let answered = ringing.accept().unwrap();
        assert!(within("the key is agreed", answered.events().reach(Stage::Confirmed)).await);
        answered
    };
    let ((), answered) = tokio::join!(calling, answering);
    let report = within("the hang-up is done", answered.hang_up()).await;
    assert_eq!((&report.outcome, report.family), (&Outcome::Cancelled, Some(OLD)));

    let call = within("the peer is known", ours.call("@bob")).await.unwrap();
    assert_eq!(theirs.accept().await.1, None);
    assert!(within("the key is agreed", call.events().reach(Stage::Confirmed)).await);
    let report = within("the hang-up is done", call.hang_up()).await;
    assert_eq!((&report.outcome, report.family), (&Outcome::Cancelled, Some(OLD)));
}
