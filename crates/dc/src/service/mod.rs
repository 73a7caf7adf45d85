//! Telegram's methods on the state: one request in, one answer out, and pushes to whom it concerns.
//!
//! Knows neither sockets nor layers. A method is a name in the table of [`Service::handle`]; what is not in it is
//! answered with an error at once, since clients retry server faults and wait for silence.

mod auth;
mod build;
mod channels;
mod codes;
mod devices;
mod empties;
mod files;
pub(crate) mod flood;
mod groups;
mod help;
mod messages;
mod migration;
mod newer;
mod password;
mod people;
mod phone;
mod photos;
mod profile;
mod relays;
mod rooms;
mod search;
mod sending;
mod show;
mod signalling;
mod tokens;
mod updates;
mod uploads;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::{Duration, Instant},
};

use offhook_mtproto::{Moment, MsgId, RpcError, SessionId};
use offhook_tl::{Object, Value};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::{
    CallTimers, CodePolicy, ReflectorHandle,
    calls::{Audience, Calls, Device, Timers},
    turn::TurnHandle,
    world::{Happened, World, users::UserId},
};
use codes::Codes;
use flood::Flood;
use password::Passwords;
use profile::Presence;
pub(crate) use show::reflector_v6;
pub(crate) use signalling::Signalling;
use tokens::Tokens;
use uploads::Uploads;

/// What stays the same while the server runs.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub dc_id: i32,
    /// The addresses of the other data centres.
    pub others: BTreeMap<i32, SocketAddr>,
    /// What clients are told: where the server is, and by its IP address the reflectors.
    pub addr: SocketAddr,
    pub timers: CallTimers,
    pub p2p_allowed: bool,
    pub need_rating: bool,
    /// JSON for `custom_parameters` of calls.
    pub custom_parameters: Option<String>,
    pub most_calls: usize,
}

/// Names a session: auth key and session id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionName {
    pub key: i64,
    pub id: SessionId,
}

/// Who asks, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker {
    pub session: SessionName,
    /// The data centre that the client believes to be talking to, as its key exchange named it.
    pub dc: Option<i32>,
    pub device: Device,
    /// `None` before login.
    pub user: Option<UserId>,
    /// The data centre that is asked; `None` for the first.
    pub place: Option<i32>,
    pub msg_id: MsgId,
    pub now: Moment,
}

impl Asker {
    /// Unix time.
    pub(crate) fn date(&self) -> i32 {
        date(self.now)
    }

    /// The user, for methods that need one.
    fn logged_in(&self) -> Result<UserId, RpcError> {
        self.user.ok_or_else(|| RpcError::new(401, "AUTH_KEY_UNREGISTERED"))
    }
}

/// An update for somebody.
#[derive(Debug)]
pub(crate) struct Push {
    pub user: UserId,
    pub reach: Reach,
    pub body: Value,
}

/// Which sessions of a user an update is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All sessions of some devices.
    Devices {
        audience: Audience,
        /// The session that has it in its answer already.
        skip: Option<SessionName>,
    },
    /// One session of a device: this one while it is connected, else whichever is.
    Session { device: Device, preferred: Option<SessionName> },
}

/// The methods and what they work on.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) config: Config,
    pub(crate) world: World,
    pub(crate) reflectors: Vec<ReflectorHandle>,
    pub(crate) turn: Option<TurnHandle>,
    pub(crate) calls: Calls,
    pub(crate) signalling: Signalling,
    pub(crate) codes: Codes,
    passwords: Passwords,
    tokens: Tokens,
    uploads: Uploads,
    exported: migration::Exported,
    pub(crate) flood: Flood,
    pub(crate) busy: BTreeSet<UserId>,
    presence: BTreeMap<UserId, Presence>,
    pub(crate) calls_requested: u64,
    random: ChaCha20Rng,
    pushes: Vec<Push>,
    /// Updates for one session, logged in or not.
    direct: Vec<(SessionName, Value)>,
    forgotten: Vec<i64>,
}

impl Service {
    pub(crate) fn new(
        config: Config,
        world: World,
        (reflectors, turn): (Vec<ReflectorHandle>, Option<TurnHandle>),
        signalling: Signalling,
        policy: CodePolicy,
        seed: [u8; 32],
    ) -> Self {
        let CallTimers { receive, ring, connect, longest, .. } = config.timers;
        let calls = Calls::new(Timers { receive, ring, connect, longest }, config.most_calls);
        Self {
            config,
            world,
            reflectors,
            turn,
            calls,
            signalling,
            codes: Codes::new(policy),
            passwords: Passwords::default(),
            tokens: Tokens::default(),
            uploads: Uploads::default(),
            exported: migration::Exported::default(),
            flood: Flood::default(),
            busy: BTreeSet::new(),
            presence: BTreeMap::new(),
            calls_requested: 0,
            random: ChaCha20Rng::from_seed(seed),
            pushes: Vec::new(),
            direct: Vec::new(),
            forgotten: Vec::new(),
        }
    }

    /// The updates that requests and time have caused since the last call.
    pub(crate) fn take_pushes(&mut self) -> Vec<Push> {
        std::mem::take(&mut self.pushes)
    }

    /// The updates for single sessions since the last call.
    pub(crate) fn take_direct(&mut self) -> Vec<(SessionName, Value)> {
        std::mem::take(&mut self.direct)
    }

    /// The keys that clients have given up since the last call.
    pub(crate) fn take_forgotten(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.forgotten)
    }

    /// When [`Service::tick`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        [self.calls.next_deadline(), self.signalling.next_at()].into_iter().flatten().min()
    }

    /// Does what time demands.
    pub(crate) fn tick(&mut self, now: Moment) {
        self.expire_calls(now);
        self.deliver_signals(now);
    }

    /// Whether a method may be called before login.
    pub(crate) fn is_public(method: &str) -> bool {
        const PREFIXES: [&str; 2] = ["auth.", "langpack."];
        const METHODS: [&str; 12] = [
            "help.getConfig",
            "help.getNearestDc",
            "help.getAppConfig",
            "help.getAppUpdate",
            "help.getCdnConfig",
            "help.getCountriesList",
            "help.getTermsOfServiceUpdate",
            "help.getPromoData",
            "account.getPassword",
            "account.sendVerifyEmailCode",
            "account.verifyEmail",
            "messages.getDhConfig",
        ];
        PREFIXES.iter().any(|prefix| method.starts_with(prefix)) || METHODS.contains(&method)
    }

    /// Answers a request. `None`: there is no such method here.
    pub(crate) fn handle(&mut self, asker: &Asker, request: &Object) -> Option<Result<Value, RpcError>> {
        if asker.user.is_none() && !Self::is_public(request.name()) {
            return Some(Err(RpcError::new(401, "AUTH_KEY_UNREGISTERED")));
        }
        if let Some(error) = self.must_migrate(asker, request.name()) {
            return Some(Err(error));
        }
        if let Some(seconds) = self.flood.wait(asker.device, request.name(), asker.now.instant) {
            return Some(Err(RpcError::new(420, format!("FLOOD_WAIT_{seconds}"))));
        }
        let answer = match request.name() {
            "help.getConfig" => Ok(self.help_get_config(asker)),
            "help.getNearestDc" => Ok(self.help_get_nearest_dc(asker)),
            "help.getAppConfig" => Ok(self.help_get_app_config(request)),

            "auth.sendCode" => self.auth_send_code(asker, request),
            "auth.resendCode" => self.auth_resend_code(asker, request),
            "auth.cancelCode" => self.auth_cancel_code(request),
            "auth.signIn" => self.auth_sign_in(asker, request),
            "auth.importBotAuthorization" => self.auth_import_bot_authorization(asker, request),
            "auth.exportLoginToken" => self.auth_export_login_token(asker, request),
            "auth.acceptLoginToken" => self.auth_accept_login_token(asker, request),
            "auth.checkPassword" => self.auth_check_password(asker, request),
            // There are no mail addresses here.
            "auth.requestPasswordRecovery" => Err(bad("PASSWORD_RECOVERY_NA")),
            "auth.signUp" => self.auth_sign_up(asker, request),
            "auth.logOut" => Ok(self.auth_log_out(asker)),
            "auth.bindTempAuthKey" => self.auth_bind_temp_auth_key(asker, request),
            "auth.dropTempAuthKeys" => Ok(self.auth_drop_temp_auth_keys(asker, request)),
            "auth.exportAuthorization" => self.auth_export_authorization(asker, request),
            "auth.importAuthorization" => self.auth_import_authorization(asker, request),
            "auth.importLoginToken" => self.auth_import_login_token(asker, request),

            "account.updateProfile" => self.account_update_profile(asker, request),
            "account.checkUsername" => self.account_check_username(asker, request),
            "account.updateUsername" => self.account_update_username(asker, request),
            "account.updateStatus" => self.account_update_status(asker, request),
            "account.getAuthorizations" => self.account_get_authorizations(asker),
            "account.resetAuthorization" => self.account_reset_authorization(asker, request),
            "auth.resetAuthorizations" => self.auth_reset_authorizations(asker),

            "account.getPassword" => self.account_get_password(asker),
            "account.updatePasswordSettings" => self.account_update_password_settings(asker, request),
            "account.getPasswordSettings" => self.account_get_password_settings(asker, request),

            "users.getUsers" => self.users_get_users(asker, request),
            "photos.getUserPhotos" => self.photos_get_user_photos(asker, request),
            "photos.uploadProfilePhoto" => self.photos_upload_profile_photo(asker, request),
            "photos.updateProfilePhoto" => self.photos_update_profile_photo(asker, request),
            "photos.deletePhotos" => self.photos_delete_photos(asker, request),
            "upload.saveFilePart" | "upload.saveBigFilePart" => self.upload_save_part(asker, request),
            "upload.getFile" => self.upload_get_file(asker, request),
            "upload.getFileHashes" => self.upload_get_file_hashes(asker, request),
            "users.getFullUser" => self.users_get_full_user(asker, request),
            "contacts.resolveUsername" => self.contacts_resolve_username(asker, request),
            "contacts.resolvePhone" => self.contacts_resolve_phone(asker, request),
            "contacts.importContacts" => self.contacts_import_contacts(asker, request),
            "contacts.addContact" => self.contacts_add_contact(asker, request),
            "contacts.getContacts" => self.contacts_get_contacts(asker),
            "contacts.deleteContacts" => self.contacts_delete_contacts(asker, request),
            "contacts.getStatuses" => self.contacts_get_statuses(asker),
            "contacts.search" => self.contacts_search(asker, request),

            "updates.getState" => self.updates_get_state(asker),
            "updates.getDifference" => self.updates_get_difference(asker, request),

            "updates.getChannelDifference" => self.updates_get_channel_difference(asker, request),

            "messages.createChat" => self.messages_create_chat(asker, request),
            "messages.addChatUser" => self.messages_add_chat_user(asker, request),
            "messages.deleteChatUser" => self.messages_delete_chat_user(asker, request),
            "messages.editChatTitle" => self.messages_edit_chat_title(asker, request),
            "messages.getChats" => self.messages_get_chats(asker, request),
            "messages.getFullChat" => self.messages_get_full_chat(asker, request),
            "channels.createChannel" => self.channels_create_channel(asker, request),
            "channels.inviteToChannel" => self.channels_invite_to_channel(asker, request),
            "channels.joinChannel" => self.channels_join_channel(asker, request),
            "channels.leaveChannel" => self.channels_leave_channel(asker, request),
            "channels.editTitle" => self.channels_edit_title(asker, request),
            "channels.checkUsername" => self.channels_check_username(asker, request),
            "channels.updateUsername" => self.channels_update_username(asker, request),
            "channels.getChannels" => self.channels_get_channels(asker, request),
            "channels.getFullChannel" => self.channels_get_full_channel(asker, request),
            "channels.getParticipants" => self.channels_get_participants(asker, request),
            "channels.getParticipant" => self.channels_get_participant(asker, request),
            "channels.getMessages" => self.channels_get_messages(asker, request),
            "channels.readHistory" => self.channels_read_history(asker, request),
            "channels.deleteMessages" => self.channels_delete_messages(asker, request),

            "messages.sendMedia" => self.messages_send_media(asker, request),
            "messages.uploadMedia" => self.messages_upload_media(asker, request),
            "messages.editMessage" => self.messages_edit_message(asker, request),
            "messages.sendMessage" => self.messages_send_message(asker, request),
            "messages.getHistory" => self.messages_get_history(asker, request),
            "messages.getSavedHistory" => self.messages_get_saved_history(asker, request),
            "messages.getMessages" => self.messages_get_messages(asker, request),
            "messages.getDialogs" => self.messages_get_dialogs(asker, request),
            // Nothing can be pinned here: without peers the answer is the bare state.
            "messages.getPeerDialogs" | "messages.getPinnedDialogs" => {
                self.messages_get_peer_dialogs(asker, request)
            }
            "messages.readHistory" => self.messages_read_history(asker, request),
            "messages.search" => self.messages_search(asker, request),
            "messages.searchGlobal" => self.messages_search_global(asker, request),
            "messages.getSearchCounters" => self.messages_get_search_counters(asker, request),
            "messages.deleteHistory" => self.messages_delete_history(asker, request),
            "messages.deleteMessages" => self.messages_delete_messages(asker, request),
            "messages.setTyping" => self.messages_set_typing(asker, request),
            "messages.getDhConfig" => self.messages_get_dh_config(request),

            "phone.getCallConfig" => Ok(Self::phone_get_call_config()),
            "phone.requestCall" => self.phone_request_call(asker, request),
            "phone.receivedCall" => self.phone_received_call(asker, request),
            "phone.acceptCall" => self.phone_accept_call(asker, request),
            "phone.confirmCall" => self.phone_confirm_call(asker, request),
            "phone.discardCall" => self.phone_discard_call(asker, request),
            "phone.setCallRating" => self.phone_set_call_rating(asker, request),
            "phone.saveCallDebug" => self.phone_save_call_debug(asker, request),
            "phone.sendSignalingData" => self.phone_send_signaling_data(asker, request),

            method => {
                let date = asker.date();
                return empties::answer(method, date).map(Ok).or_else(|| newer::answer(request, date));
            }
        };
        Some(answer)
    }

    /// Tells devices of `user` something.
    fn push(&mut self, user: UserId, audience: Audience, skip: Option<SessionName>, body: Value) {
        self.pushes.push(Push { user, reach: Reach::Devices { audience, skip }, body });
    }

    /// Tells everybody concerned what happened to their mailboxes, except the session whose answer says so.
    fn push_happened(&mut self, happened: &[Happened], skip: Option<SessionName>, date: i32) {
        for it in happened {
            let body = self.updates(it.user, Vec::new(), std::slice::from_ref(it), date);
            self.push(it.user, Audience::All, skip, body);
        }
    }

    fn random_long(&mut self) -> i64 {
        self.random.next_u64() as i64
    }

    fn random_bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.random.fill_bytes(&mut bytes);
        bytes
    }
}

/// Unix time as Telegram writes it.
pub(crate) fn date(now: Moment) -> i32 {
    i32::try_from(now.unix.as_secs()).unwrap_or(i32::MAX)
}

fn bad(text: &str) -> RpcError {
    RpcError::new(400, text)
}

/// Whole milliseconds for configuration fields.
fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
