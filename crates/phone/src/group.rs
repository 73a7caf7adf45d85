//! The group of the key exchange: fetched once, asked again by its version, checked once.

use offhook_client::Client;
use offhook_tl::Object;
use offhook_voip::handshake::Group;
use tokio::sync::Mutex;

use crate::signalling::JobError;

/// Bytes of randomness asked from the server, mixed into secrets so that neither source alone decides (1.3).
const RANDOM: i32 = 256;

/// What the server last sent.
#[derive(Debug, Default)]
pub(crate) struct GroupCache(Mutex<Option<(i32, Group)>>);

impl GroupCache {
    /// The group, and bytes of the server's randomness. A prime other than Telegram's own costs a second of tests, once.
    pub(crate) async fn fetch(&self, client: &Client) -> Result<(Group, Vec<u8>), JobError> {
        let mut cache = self.0.lock().await;
        let version = cache.as_ref().map_or(0, |(version, _)| *version);
        let ask = Object::new("messages.getDhConfig").with("version", version).with("random_length", RANDOM);
        let answer = client.invoke_value(ask).await.map_err(|error| super::drive::job_error(&error))?;
        let unreadable = || JobError::Lost("messages.getDhConfig: the answer is none".to_owned());
        let config = answer.into_object().ok_or_else(unreadable)?;
        let random = config.bytes("random").unwrap_or_default().to_vec();
        if config.name() == "messages.dhConfigNotModified" {
            let (_, group) = cache.as_ref().ok_or_else(unreadable)?;
            return Ok((group.clone(), random));
        }
        let field = || Some((config.int("g")?, config.bytes("p")?.to_vec(), config.int("version")?));
        let (g, p, version) = field().ok_or_else(unreadable)?;
        let group = tokio::task::spawn_blocking(move || Group::check(&p, g))
            .await
            .map_err(|_| JobError::Lost("the check of the group was cut off".to_owned()))?
            .map_err(|error| JobError::Lost(format!("the server's group is not safe: {error}")))?;
        *cache = Some((version, group.clone()));
        Ok((group, random))
    }
}

/// Randomness of this system, with the server's mixed in.
pub(crate) fn mixed(server: Vec<u8>) -> impl FnMut(&mut [u8]) {
    move |out| {
        getrandom::fill(out).expect("the system has randomness");
        // XOR with bytes that are independent of ours can only help.
        out.iter_mut().zip(server.iter().cycle()).for_each(|(ours, theirs)| *ours ^= theirs);
    }
}
