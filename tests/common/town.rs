//! A small Telegram with four accounts, and phones logged in to it over real connections.

use offhook::client::{Client, ClientConfig, DcId, SignIn};
use offhook::dc::{CodePolicy, Dc, DcHandle, UserSpec};
use offhook::phone::{Call, IncomingCall, Phone, PhoneConfig, Stage};
use offhook::voip::{Engine, EngineConfig};

use super::sound::faithful;
use super::within;

const CODE: &str = "12345";

/// Who lives here; the username is the name in lower case.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    Alice = 1,
    Bob,
    Carol,
    Dave,
}

impl Who {
    const ALL: [Self; 4] = [Self::Alice, Self::Bob, Self::Carol, Self::Dave];

    fn number(self) -> String {
        format!("+1000000000{}", self as u8)
    }

    pub(crate) fn username(self) -> String {
        format!("@{self:?}").to_lowercase()
    }
}

pub(crate) struct Town {
    pub(crate) dc: DcHandle,
}

impl Town {
    /// With this changed about its Telegram.
    pub(crate) async fn with(change: impl FnOnce(offhook::dc::Builder) -> offhook::dc::Builder) -> Self {
        let mut builder = Dc::builder().codes(CodePolicy::fixed(CODE));
        for who in Who::ALL {
            builder = builder.user(
                UserSpec::new(&who.number(), format!("{who:?}")).username(format!("{who:?}").to_lowercase()),
            );
        }
        Self { dc: change(builder).start().await.unwrap() }
    }

    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// Logs in.
    pub(crate) async fn client(&self, who: Who) -> Client {
        let config = ClientConfig::new(DcId(self.dc.dc_id()), self.dc.addr(), 1, "0123456789abcdef")
            .server_key(self.dc.public_key_pem());
        let client = within("a connection", Client::connect(config)).await.unwrap();
        let sent = within("a code", client.request_code(&who.number().parse().unwrap())).await.unwrap();
        let signed = within("a login", client.sign_in(&sent, &CODE.into())).await.unwrap();
        assert!(matches!(signed, SignIn::Authorized(_)), "{signed:?}");
        client
    }

    /// Logs in, with an engine and a socket of its own.
    pub(crate) async fn phone_with(&self, who: Who, config: PhoneConfig) -> Phone {
        let engine = Engine::start(EngineConfig::default().shards(1)).unwrap();
        let client = self.client(who).await;
        within("a phone", Phone::new(client, engine, config.media(faithful()))).await.unwrap()
    }

    pub(crate) async fn phone(&self, who: Who) -> Phone {
        self.phone_with(who, PhoneConfig::default()).await
    }
}

/// Two phones with the same configuration.
pub(crate) async fn pair(town: &Town, config: PhoneConfig) -> (Phone, Phone) {
    tokio::join!(town.phone_with(Who::Alice, config.clone()), town.phone_with(Who::Bob, config))
}

/// `from` calls `to`; returns when it rings on both sides and both sides know it.
pub(crate) async fn ring(from: &Phone, to: &Phone, name: Who) -> (Call, IncomingCall) {
    let mut incoming = to.incoming();
    let call = within("the peer is known", from.call(&name.username())).await.unwrap();
    let ringing = within("it rings", incoming.next()).await.unwrap();
    assert!(within("the caller hears it ring", call.events().reach(Stage::Ringing)).await);
    (call, ringing)
}

/// Waits until both sides hear each other.
pub(crate) async fn up(calls: &[&Call]) {
    for call in calls {
        let reached = within("the call is established", call.events().reach(Stage::Established)).await;
        assert!(reached, "ended before: {:?}", call.report());
    }
}

/// `from` calls `to`, who picks up; returns when both sides hear each other.
pub(crate) async fn talk(from: &Phone, to: &Phone, name: Who) -> (Call, Call) {
    let (call, ringing) = ring(from, to, name).await;
    let answered = ringing.accept().unwrap();
    up(&[&call, &answered]).await;
    (call, answered)
}
