//! A local Telegram for the demo, and accounts logged into it as anybody logs in: over TCP, with phone number and code.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use offhook_client::{Client, ClientConfig, DcId, LoginCode, SignIn};
use offhook_dc::{CodePolicy, Dc, DcHandle, LinkConfig, UserSpec};

use crate::account::{API_HASH, API_ID};
use crate::exit::{Exit, Failure};

/// A user of the local Telegram.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) phone: String,
    pub(crate) username: String,
    pub(crate) name: &'static str,
}

/// Codes that were sent, by phone number: what a person would read on another device.
type Codes = Arc<Mutex<HashMap<String, String>>>;

pub(crate) struct Local {
    pub(crate) dc: DcHandle,
    codes: Codes,
}

/// An account that is logged in, and how long that took.
pub(crate) struct Account {
    pub(crate) client: Client,
    pub(crate) connect: Duration,
    pub(crate) login: Duration,
}

impl Local {
    pub(crate) async fn start(people: &[Person], link: LinkConfig, seed: u64) -> Result<Self, Failure> {
        let codes = Codes::default();
        let told = Arc::clone(&codes);
        let mut builder = Dc::builder().reflector_link(link, seed).codes(CodePolicy::random(move |issued| {
            let mut codes = told.lock().unwrap_or_else(PoisonError::into_inner);
            codes.insert(issued.phone.as_str().to_owned(), issued.code.as_str().to_owned());
        }));
        for person in people {
            builder = builder.user(UserSpec::new(&person.phone, person.name).username(&person.username));
        }
        let dc = builder.start().await.map_err(|error| {
            Failure::new(Exit::Network, format!("the local Telegram did not start: failed to {error}"))
        })?;
        Ok(Self { dc, codes })
    }

    /// Logs a person in: connects, asks for a code, reads it, signs in.
    pub(crate) async fn login(&self, person: &Person) -> Result<Account, Failure> {
        let config = ClientConfig::new(DcId(self.dc.dc_id()), self.dc.addr(), API_ID, API_HASH)
            .server_key(self.dc.public_key_pem());
        let begin = Instant::now();
        let client = Client::connect(config).await?;
        let connect = begin.elapsed();
        let phone = person.phone.parse().map_err(|error| Failure::new(Exit::Internal, error))?;
        let sent = client.request_code(&phone).await?;
        let code = {
            let codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
            codes.get(person.phone.trim_start_matches('+')).cloned().unwrap_or_default()
        };
        match client.sign_in(&sent, &LoginCode::from(code)).await? {
            SignIn::Authorized(_) => Ok(Account { client, connect, login: begin.elapsed() - connect }),
            other => Err(Failure::new(Exit::Login, format!("{} could not log in: {other:?}", person.name))),
        }
    }
}
