//! From the ways people name a peer to a peer that can be addressed.

use offhook_tl::Object;

use super::{Peer, PeerId, PeerKind, PeerRef, from_object};
use crate::api::{Api, unexpected};
use crate::error::{InvokeError, RpcError};
use crate::secret::PhoneNumber;
use crate::updates::read::objects;

/// Why a peer was not found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// Nobody has this username.
    #[error("nobody has the username @{0}")]
    UsernameUnknown(String),
    /// The number has no account, or its owner hides it.
    #[error("the phone number has no account, or its owner does not let others find it")]
    PhoneUnknown,
    /// The account has not met this peer, so it has no access hash for it.
    #[error("peer {0} was never met by this account; name it by @username or +phone once")]
    IdUnknown(PeerId),
    /// The server could not be asked.
    #[error(transparent)]
    Invoke(#[from] InvokeError),
}

impl Api {
    pub(crate) async fn resolve(&self, peer: &PeerRef) -> Result<Peer, ResolveError> {
        match peer {
            PeerRef::Me => self.resolve_me().await,
            PeerRef::Username(name) => self.resolve_username(name).await,
            PeerRef::Phone(phone) => self.resolve_phone(phone).await,
            PeerRef::Id(id) => self.resolve_id(*id).await,
        }
    }

    async fn resolve_me(&self) -> Result<Peer, ResolveError> {
        let known = self.vault().user().map(|user| PeerId::user(user.id));
        match known.and_then(|id| self.vault().peers(|peers| peers.by_id(id).cloned())) {
            Some(me) => Ok(me),
            None => Ok(self.me().await?),
        }
    }

    /// The cache first: the server allows few of these questions a day.
    async fn resolve_username(&self, name: &str) -> Result<Peer, ResolveError> {
        const METHOD: &str = "contacts.resolveUsername";
        if let Some(known) =
            self.vault().peers(|peers| peers.by_username(name).filter(|peer| !peer.min).cloned())
        {
            return Ok(known);
        }
        let answer = match self.invoke_object(Object::new(METHOD).with("username", name)).await {
            Ok(answer) => answer,
            Err(error) if error.is_rpc("USERNAME_NOT_OCCUPIED") || error.is_rpc("USERNAME_INVALID") => {
                self.vault().forget_username(name);
                return Err(ResolveError::UsernameUnknown(name.to_owned()));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(resolved(METHOD, &answer)?)
    }

    async fn resolve_phone(&self, phone: &PhoneNumber) -> Result<Peer, ResolveError> {
        const METHOD: &str = "contacts.resolvePhone";
        if let Some(known) =
            self.vault().peers(|peers| peers.by_phone(phone).filter(|peer| !peer.min).cloned())
        {
            return Ok(known);
        }
        match self.invoke_object(Object::new(METHOD).with("phone", phone.digits())).await {
            Ok(answer) => Ok(resolved(METHOD, &answer)?),
            Err(error) if error.is_rpc("PHONE_NOT_OCCUPIED") => Err(ResolveError::PhoneUnknown),
            // Servers older than layer 138, and small ones, do not have it.
            Err(error) if error.rpc().is_some_and(RpcError::is_unknown_method) => {
                self.import_phone(phone).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The older way: makes the number a contact, named by its number.
    async fn import_phone(&self, phone: &PhoneNumber) -> Result<Peer, ResolveError> {
        let contact = Object::new("inputPhoneContact")
            .with("client_id", 0_i64)
            .with("phone", format!("+{}", phone.digits()))
            .with("first_name", format!("+{}", phone.digits()))
            .with("last_name", "");
        let call = Object::new("contacts.importContacts").with("contacts", vec![contact]);
        let answer = self.invoke_object(call).await?;
        let imported = objects(&answer, "imported").find_map(|imported| imported.long("user_id"));
        let user = imported.and_then(|id| {
            objects(&answer, "users").filter_map(from_object).find(|user| user.peer_id() == PeerId::user(id))
        });
        user.ok_or(ResolveError::PhoneUnknown)
    }

    async fn resolve_id(&self, id: PeerId) -> Result<Peer, ResolveError> {
        let known = self.vault().peers(|peers| peers.by_id(id).filter(|peer| !peer.min).cloned());
        match (known, id.kind) {
            (Some(known), _) if known.access_hash.is_some() || id.kind == PeerKind::Chat => Ok(known),
            // Basic groups need no access hash.
            (_, PeerKind::Chat) => Ok(Peer::new(PeerKind::Chat, id.id)),
            (_, PeerKind::User) => self.resolve_user_id(id).await,
            (_, PeerKind::Channel) => Err(ResolveError::IdUnknown(id)),
        }
    }

    /// Bots may ask for users they met with access hash 0. mtproto.md section 5.2.
    async fn resolve_user_id(&self, id: PeerId) -> Result<Peer, ResolveError> {
        let user = Object::new("inputUser").with("user_id", id.id).with("access_hash", 0_i64);
        let answer = self.invoke_value(Object::new("users.getUsers").with("id", vec![user])).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.rpc().is_some_and(|error| error.code == 400) => {
                return Err(ResolveError::IdUnknown(id));
            }
            Err(error) => return Err(error.into()),
        };
        let users = answer.as_vector().unwrap_or_default().iter();
        let mut users = users.filter_map(offhook_tl::Value::as_object).filter_map(from_object);
        users
            .find(|user| user.peer_id() == id && !user.min && user.access_hash.is_some())
            .ok_or(ResolveError::IdUnknown(id))
    }
}

/// The peer that `contacts.resolvedPeer` names, out of the objects beside it.
fn resolved(method: &str, answer: &Object) -> Result<Peer, InvokeError> {
    let named = answer.object("peer").and_then(|peer| {
        let ids =
            [(PeerKind::User, "user_id"), (PeerKind::Chat, "chat_id"), (PeerKind::Channel, "channel_id")];
        ids.into_iter().find_map(|(kind, field)| Some(PeerId { kind, id: peer.long(field)? }))
    });
    let mut shown = objects(answer, "users").chain(objects(answer, "chats")).filter_map(from_object);
    named
        .and_then(|id| shown.find(|peer| peer.peer_id() == id))
        .ok_or_else(|| unexpected(method, "the peer named is not in the answer"))
}
