// Written by the test `generated`; see mod.rs.

/// Constructors.
pub mod types {

/// `codeSettings#ad253d78`, of `CodeSettings`.
#[derive(Clone, PartialEq, Default)]
pub struct CodeSettings {
    pub allow_flashcall: bool,
    pub current_number: bool,
    pub allow_app_hash: bool,
    pub allow_missed_call: bool,
    pub allow_firebase: bool,
    pub unknown_number: bool,
    pub logout_tokens: Option<Vec<Vec<u8>>>,
    pub token: Option<String>,
    pub app_sandbox: Option<bool>,
}

impl std::fmt::Debug for CodeSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeSettings")
            .field("allow_flashcall", &self.allow_flashcall)
            .field("current_number", &self.current_number)
            .field("allow_app_hash", &self.allow_app_hash)
            .field("allow_missed_call", &self.allow_missed_call)
            .field("allow_firebase", &self.allow_firebase)
            .field("unknown_number", &self.unknown_number)
            .field("logout_tokens", &self.logout_tokens)
            .field("token", &format_args!("…"))
            .field("app_sandbox", &self.app_sandbox)
            .finish()
    }
}

impl crate::Constructor for CodeSettings {
    const ID: u32 = 0xad253d78;
    const NAME: &'static str = "codeSettings";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.allow_flashcall)
            | u32::from(self.current_number) << 1
            | u32::from(self.allow_app_hash) << 4
            | u32::from(self.allow_missed_call) << 5
            | u32::from(self.logout_tokens.is_some()) << 6
            | u32::from(self.allow_firebase) << 7
            | u32::from(self.token.is_some() && self.app_sandbox.is_some()) << 8
            | u32::from(self.unknown_number) << 9;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.logout_tokens.as_ref(), flags1, 6, out);
        crate::fixed::put(self.token.as_ref(), flags1, 8, out);
        crate::fixed::put(self.app_sandbox.as_ref(), flags1, 8, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let allow_flashcall = crate::fixed::flag(flags1, 0);
        let current_number = crate::fixed::flag(flags1, 1);
        let allow_app_hash = crate::fixed::flag(flags1, 4);
        let allow_missed_call = crate::fixed::flag(flags1, 5);
        let allow_firebase = crate::fixed::flag(flags1, 7);
        let unknown_number = crate::fixed::flag(flags1, 9);
        let logout_tokens = crate::fixed::optional(reader, flags1, 6)?;
        let token = crate::fixed::optional(reader, flags1, 8)?;
        let app_sandbox = crate::fixed::optional(reader, flags1, 8)?;
        Ok(Self { allow_flashcall, current_number, allow_app_hash, allow_missed_call, allow_firebase, unknown_number, logout_tokens, token, app_sandbox })
    }
}

impl crate::Serializable for CodeSettings {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for CodeSettings {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `config#cc1a241e`, of `Config`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Config {
    pub default_p2p_contacts: bool,
    pub preload_featured_stickers: bool,
    pub revoke_pm_inbox: bool,
    pub blocked_mode: bool,
    pub force_try_ipv6: bool,
    pub date: i32,
    pub expires: i32,
    pub test_mode: bool,
    pub this_dc: i32,
    pub dc_options: Vec<crate::types::DcOption>,
    pub dc_txt_domain_name: String,
    pub chat_size_max: i32,
    pub megagroup_size_max: i32,
    pub forwarded_count_max: i32,
    pub online_update_period_ms: i32,
    pub offline_blur_timeout_ms: i32,
    pub offline_idle_timeout_ms: i32,
    pub online_cloud_timeout_ms: i32,
    pub notify_cloud_delay_ms: i32,
    pub notify_default_delay_ms: i32,
    pub push_chat_period_ms: i32,
    pub push_chat_limit: i32,
    pub edit_time_limit: i32,
    pub revoke_time_limit: i32,
    pub revoke_pm_time_limit: i32,
    pub rating_e_decay: i32,
    pub stickers_recent_limit: i32,
    pub channels_read_media_period: i32,
    pub tmp_sessions: Option<i32>,
    pub call_receive_timeout_ms: i32,
    pub call_ring_timeout_ms: i32,
    pub call_connect_timeout_ms: i32,
    pub call_packet_timeout_ms: i32,
    pub me_url_prefix: String,
    pub autoupdate_url_prefix: Option<String>,
    pub gif_search_username: Option<String>,
    pub venue_search_username: Option<String>,
    pub img_search_username: Option<String>,
    pub static_maps_provider: Option<String>,
    pub caption_length_max: i32,
    pub message_length_max: i32,
    pub webfile_dc_id: i32,
    pub suggested_lang_code: Option<String>,
    pub lang_pack_version: Option<i32>,
    pub base_lang_pack_version: Option<i32>,
    pub reactions_default: Option<crate::Value>,
    pub autologin_token: Option<String>,
}

impl crate::Constructor for Config {
    const ID: u32 = 0xcc1a241e;
    const NAME: &'static str = "config";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.tmp_sessions.is_some())
            | u32::from(self.suggested_lang_code.is_some() && self.lang_pack_version.is_some() && self.base_lang_pack_version.is_some()) << 2
            | u32::from(self.default_p2p_contacts) << 3
            | u32::from(self.preload_featured_stickers) << 4
            | u32::from(self.revoke_pm_inbox) << 6
            | u32::from(self.autoupdate_url_prefix.is_some()) << 7
            | u32::from(self.blocked_mode) << 8
            | u32::from(self.gif_search_username.is_some()) << 9
            | u32::from(self.venue_search_username.is_some()) << 10
            | u32::from(self.img_search_username.is_some()) << 11
            | u32::from(self.static_maps_provider.is_some()) << 12
            | u32::from(self.force_try_ipv6) << 14
            | u32::from(self.reactions_default.is_some()) << 15
            | u32::from(self.autologin_token.is_some()) << 16;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.expires, out);
        crate::Serializable::serialize(&self.test_mode, out);
        crate::Serializable::serialize(&self.this_dc, out);
        crate::Serializable::serialize(&self.dc_options, out);
        crate::Serializable::serialize(&self.dc_txt_domain_name, out);
        crate::Serializable::serialize(&self.chat_size_max, out);
        crate::Serializable::serialize(&self.megagroup_size_max, out);
        crate::Serializable::serialize(&self.forwarded_count_max, out);
        crate::Serializable::serialize(&self.online_update_period_ms, out);
        crate::Serializable::serialize(&self.offline_blur_timeout_ms, out);
        crate::Serializable::serialize(&self.offline_idle_timeout_ms, out);
        crate::Serializable::serialize(&self.online_cloud_timeout_ms, out);
        crate::Serializable::serialize(&self.notify_cloud_delay_ms, out);
        crate::Serializable::serialize(&self.notify_default_delay_ms, out);
        crate::Serializable::serialize(&self.push_chat_period_ms, out);
        crate::Serializable::serialize(&self.push_chat_limit, out);
        crate::Serializable::serialize(&self.edit_time_limit, out);
        crate::Serializable::serialize(&self.revoke_time_limit, out);
        crate::Serializable::serialize(&self.revoke_pm_time_limit, out);
        crate::Serializable::serialize(&self.rating_e_decay, out);
        crate::Serializable::serialize(&self.stickers_recent_limit, out);
        crate::Serializable::serialize(&self.channels_read_media_period, out);
        crate::fixed::put(self.tmp_sessions.as_ref(), flags1, 0, out);
        crate::Serializable::serialize(&self.call_receive_timeout_ms, out);
        crate::Serializable::serialize(&self.call_ring_timeout_ms, out);
        crate::Serializable::serialize(&self.call_connect_timeout_ms, out);
        crate::Serializable::serialize(&self.call_packet_timeout_ms, out);
        crate::Serializable::serialize(&self.me_url_prefix, out);
        crate::fixed::put(self.autoupdate_url_prefix.as_ref(), flags1, 7, out);
        crate::fixed::put(self.gif_search_username.as_ref(), flags1, 9, out);
        crate::fixed::put(self.venue_search_username.as_ref(), flags1, 10, out);
        crate::fixed::put(self.img_search_username.as_ref(), flags1, 11, out);
        crate::fixed::put(self.static_maps_provider.as_ref(), flags1, 12, out);
        crate::Serializable::serialize(&self.caption_length_max, out);
        crate::Serializable::serialize(&self.message_length_max, out);
        crate::Serializable::serialize(&self.webfile_dc_id, out);
        crate::fixed::put(self.suggested_lang_code.as_ref(), flags1, 2, out);
        crate::fixed::put(self.lang_pack_version.as_ref(), flags1, 2, out);
        crate::fixed::put(self.base_lang_pack_version.as_ref(), flags1, 2, out);
        crate::fixed::put(self.reactions_default.as_ref(), flags1, 15, out);
        crate::fixed::put(self.autologin_token.as_ref(), flags1, 16, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let default_p2p_contacts = crate::fixed::flag(flags1, 3);
        let preload_featured_stickers = crate::fixed::flag(flags1, 4);
        let revoke_pm_inbox = crate::fixed::flag(flags1, 6);
        let blocked_mode = crate::fixed::flag(flags1, 8);
        let force_try_ipv6 = crate::fixed::flag(flags1, 14);
        let date = crate::Deserializable::deserialize(reader)?;
        let expires = crate::Deserializable::deserialize(reader)?;
        let test_mode = crate::Deserializable::deserialize(reader)?;
        let this_dc = crate::Deserializable::deserialize(reader)?;
        let dc_options = crate::Deserializable::deserialize(reader)?;
        let dc_txt_domain_name = crate::Deserializable::deserialize(reader)?;
        let chat_size_max = crate::Deserializable::deserialize(reader)?;
        let megagroup_size_max = crate::Deserializable::deserialize(reader)?;
        let forwarded_count_max = crate::Deserializable::deserialize(reader)?;
        let online_update_period_ms = crate::Deserializable::deserialize(reader)?;
        let offline_blur_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let offline_idle_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let online_cloud_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let notify_cloud_delay_ms = crate::Deserializable::deserialize(reader)?;
        let notify_default_delay_ms = crate::Deserializable::deserialize(reader)?;
        let push_chat_period_ms = crate::Deserializable::deserialize(reader)?;
        let push_chat_limit = crate::Deserializable::deserialize(reader)?;
        let edit_time_limit = crate::Deserializable::deserialize(reader)?;
        let revoke_time_limit = crate::Deserializable::deserialize(reader)?;
        let revoke_pm_time_limit = crate::Deserializable::deserialize(reader)?;
        let rating_e_decay = crate::Deserializable::deserialize(reader)?;
        let stickers_recent_limit = crate::Deserializable::deserialize(reader)?;
        let channels_read_media_period = crate::Deserializable::deserialize(reader)?;
        let tmp_sessions = crate::fixed::optional(reader, flags1, 0)?;
        let call_receive_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let call_ring_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let call_connect_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let call_packet_timeout_ms = crate::Deserializable::deserialize(reader)?;
        let me_url_prefix = crate::Deserializable::deserialize(reader)?;
        let autoupdate_url_prefix = crate::fixed::optional(reader, flags1, 7)?;
        let gif_search_username = crate::fixed::optional(reader, flags1, 9)?;
        let venue_search_username = crate::fixed::optional(reader, flags1, 10)?;
        let img_search_username = crate::fixed::optional(reader, flags1, 11)?;
        let static_maps_provider = crate::fixed::optional(reader, flags1, 12)?;
        let caption_length_max = crate::Deserializable::deserialize(reader)?;
        let message_length_max = crate::Deserializable::deserialize(reader)?;
        let webfile_dc_id = crate::Deserializable::deserialize(reader)?;
        let suggested_lang_code = crate::fixed::optional(reader, flags1, 2)?;
        let lang_pack_version = crate::fixed::optional(reader, flags1, 2)?;
        let base_lang_pack_version = crate::fixed::optional(reader, flags1, 2)?;
        let reactions_default = crate::fixed::optional(reader, flags1, 15)?;
        let autologin_token = crate::fixed::optional(reader, flags1, 16)?;
        Ok(Self { default_p2p_contacts, preload_featured_stickers, revoke_pm_inbox, blocked_mode, force_try_ipv6, date, expires, test_mode, this_dc, dc_options, dc_txt_domain_name, chat_size_max, megagroup_size_max, forwarded_count_max, online_update_period_ms, offline_blur_timeout_ms, offline_idle_timeout_ms, online_cloud_timeout_ms, notify_cloud_delay_ms, notify_default_delay_ms, push_chat_period_ms, push_chat_limit, edit_time_limit, revoke_time_limit, revoke_pm_time_limit, rating_e_decay, stickers_recent_limit, channels_read_media_period, tmp_sessions, call_receive_timeout_ms, call_ring_timeout_ms, call_connect_timeout_ms, call_packet_timeout_ms, me_url_prefix, autoupdate_url_prefix, gif_search_username, venue_search_username, img_search_username, static_maps_provider, caption_length_max, message_length_max, webfile_dc_id, suggested_lang_code, lang_pack_version, base_lang_pack_version, reactions_default, autologin_token })
    }
}

impl crate::Serializable for Config {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Config {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `contact#145ade0b`, of `Contact`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Contact {
    pub user_id: i64,
    pub mutual: bool,
}

impl crate::Constructor for Contact {
    const ID: u32 = 0x145ade0b;
    const NAME: &'static str = "contact";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.mutual, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let mutual = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, mutual })
    }
}

impl crate::Serializable for Contact {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Contact {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `dataJSON#7d748d04`, of `DataJSON`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DataJSON {
    pub data: String,
}

impl crate::Constructor for DataJSON {
    const ID: u32 = 0x7d748d04;
    const NAME: &'static str = "dataJSON";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.data, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let data = crate::Deserializable::deserialize(reader)?;
        Ok(Self { data })
    }
}

impl crate::Serializable for DataJSON {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DataJSON {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `dcOption#18b7a10d`, of `DcOption`.
#[derive(Clone, PartialEq, Default)]
pub struct DcOption {
    pub ipv6: bool,
    pub media_only: bool,
    pub tcpo_only: bool,
    pub cdn: bool,
    pub r#static: bool,
    pub this_port_only: bool,
    pub id: i32,
    pub ip_address: String,
    pub port: i32,
    pub secret: Option<Vec<u8>>,
}

impl std::fmt::Debug for DcOption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DcOption")
            .field("ipv6", &self.ipv6)
            .field("media_only", &self.media_only)
            .field("tcpo_only", &self.tcpo_only)
            .field("cdn", &self.cdn)
            .field("static", &self.r#static)
            .field("this_port_only", &self.this_port_only)
            .field("id", &self.id)
            .field("ip_address", &self.ip_address)
            .field("port", &self.port)
            .field("secret", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for DcOption {
    const ID: u32 = 0x18b7a10d;
    const NAME: &'static str = "dcOption";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.ipv6)
            | u32::from(self.media_only) << 1
            | u32::from(self.tcpo_only) << 2
            | u32::from(self.cdn) << 3
            | u32::from(self.r#static) << 4
            | u32::from(self.this_port_only) << 5
            | u32::from(self.secret.is_some()) << 10;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.ip_address, out);
        crate::Serializable::serialize(&self.port, out);
        crate::fixed::put(self.secret.as_ref(), flags1, 10, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let ipv6 = crate::fixed::flag(flags1, 0);
        let media_only = crate::fixed::flag(flags1, 1);
        let tcpo_only = crate::fixed::flag(flags1, 2);
        let cdn = crate::fixed::flag(flags1, 3);
        let r#static = crate::fixed::flag(flags1, 4);
        let this_port_only = crate::fixed::flag(flags1, 5);
        let id = crate::Deserializable::deserialize(reader)?;
        let ip_address = crate::Deserializable::deserialize(reader)?;
        let port = crate::Deserializable::deserialize(reader)?;
        let secret = crate::fixed::optional(reader, flags1, 10)?;
        Ok(Self { ipv6, media_only, tcpo_only, cdn, r#static, this_port_only, id, ip_address, port, secret })
    }
}

impl crate::Serializable for DcOption {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DcOption {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `groupCall#efb2b617`, of `GroupCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCall {
    pub join_muted: bool,
    pub can_change_join_muted: bool,
    pub join_date_asc: bool,
    pub schedule_start_subscribed: bool,
    pub can_start_video: bool,
    pub record_video_active: bool,
    pub rtmp_stream: bool,
    pub listeners_hidden: bool,
    pub conference: bool,
    pub creator: bool,
    pub messages_enabled: bool,
    pub can_change_messages_enabled: bool,
    pub min: bool,
    pub id: i64,
    pub access_hash: i64,
    pub participants_count: i32,
    pub title: Option<String>,
    pub stream_dc_id: Option<i32>,
    pub record_start_date: Option<i32>,
    pub schedule_date: Option<i32>,
    pub unmuted_video_count: Option<i32>,
    pub unmuted_video_limit: i32,
    pub version: i32,
    pub invite_link: Option<String>,
    pub send_paid_messages_stars: Option<i64>,
    pub default_send_as: Option<crate::enums::Peer>,
}

impl crate::Constructor for GroupCall {
    const ID: u32 = 0xefb2b617;
    const NAME: &'static str = "groupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.join_muted) << 1
            | u32::from(self.can_change_join_muted) << 2
            | u32::from(self.title.is_some()) << 3
            | u32::from(self.stream_dc_id.is_some()) << 4
            | u32::from(self.record_start_date.is_some()) << 5
            | u32::from(self.join_date_asc) << 6
            | u32::from(self.schedule_date.is_some()) << 7
            | u32::from(self.schedule_start_subscribed) << 8
            | u32::from(self.can_start_video) << 9
            | u32::from(self.unmuted_video_count.is_some()) << 10
            | u32::from(self.record_video_active) << 11
            | u32::from(self.rtmp_stream) << 12
            | u32::from(self.listeners_hidden) << 13
            | u32::from(self.conference) << 14
            | u32::from(self.creator) << 15
            | u32::from(self.invite_link.is_some()) << 16
            | u32::from(self.messages_enabled) << 17
            | u32::from(self.can_change_messages_enabled) << 18
            | u32::from(self.min) << 19
            | u32::from(self.send_paid_messages_stars.is_some()) << 20
            | u32::from(self.default_send_as.is_some()) << 21;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
        crate::Serializable::serialize(&self.participants_count, out);
        crate::fixed::put(self.title.as_ref(), flags1, 3, out);
        crate::fixed::put(self.stream_dc_id.as_ref(), flags1, 4, out);
        crate::fixed::put(self.record_start_date.as_ref(), flags1, 5, out);
        crate::fixed::put(self.schedule_date.as_ref(), flags1, 7, out);
        crate::fixed::put(self.unmuted_video_count.as_ref(), flags1, 10, out);
        crate::Serializable::serialize(&self.unmuted_video_limit, out);
        crate::Serializable::serialize(&self.version, out);
        crate::fixed::put(self.invite_link.as_ref(), flags1, 16, out);
        crate::fixed::put(self.send_paid_messages_stars.as_ref(), flags1, 20, out);
        crate::fixed::put(self.default_send_as.as_ref(), flags1, 21, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let join_muted = crate::fixed::flag(flags1, 1);
        let can_change_join_muted = crate::fixed::flag(flags1, 2);
        let join_date_asc = crate::fixed::flag(flags1, 6);
        let schedule_start_subscribed = crate::fixed::flag(flags1, 8);
        let can_start_video = crate::fixed::flag(flags1, 9);
        let record_video_active = crate::fixed::flag(flags1, 11);
        let rtmp_stream = crate::fixed::flag(flags1, 12);
        let listeners_hidden = crate::fixed::flag(flags1, 13);
        let conference = crate::fixed::flag(flags1, 14);
        let creator = crate::fixed::flag(flags1, 15);
        let messages_enabled = crate::fixed::flag(flags1, 17);
        let can_change_messages_enabled = crate::fixed::flag(flags1, 18);
        let min = crate::fixed::flag(flags1, 19);
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        let participants_count = crate::Deserializable::deserialize(reader)?;
        let title = crate::fixed::optional(reader, flags1, 3)?;
        let stream_dc_id = crate::fixed::optional(reader, flags1, 4)?;
        let record_start_date = crate::fixed::optional(reader, flags1, 5)?;
        let schedule_date = crate::fixed::optional(reader, flags1, 7)?;
        let unmuted_video_count = crate::fixed::optional(reader, flags1, 10)?;
        let unmuted_video_limit = crate::Deserializable::deserialize(reader)?;
        let version = crate::Deserializable::deserialize(reader)?;
        let invite_link = crate::fixed::optional(reader, flags1, 16)?;
        let send_paid_messages_stars = crate::fixed::optional(reader, flags1, 20)?;
        let default_send_as = crate::fixed::optional(reader, flags1, 21)?;
        Ok(Self { join_muted, can_change_join_muted, join_date_asc, schedule_start_subscribed, can_start_video, record_video_active, rtmp_stream, listeners_hidden, conference, creator, messages_enabled, can_change_messages_enabled, min, id, access_hash, participants_count, title, stream_dc_id, record_start_date, schedule_date, unmuted_video_count, unmuted_video_limit, version, invite_link, send_paid_messages_stars, default_send_as })
    }
}

impl crate::Serializable for GroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `groupCallDiscarded#7780bcb4`, of `GroupCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallDiscarded {
    pub id: i64,
    pub access_hash: i64,
    pub duration: i32,
}

impl crate::Constructor for GroupCallDiscarded {
    const ID: u32 = 0x7780bcb4;
    const NAME: &'static str = "groupCallDiscarded";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
        crate::Serializable::serialize(&self.duration, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        let duration = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id, access_hash, duration })
    }
}

impl crate::Serializable for GroupCallDiscarded {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallDiscarded {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `groupCallParticipant#2a3dc7ac`, of `GroupCallParticipant`.
#[derive(Clone, PartialEq, Debug)]
pub struct GroupCallParticipant {
    pub muted: bool,
    pub left: bool,
    pub can_self_unmute: bool,
    pub just_joined: bool,
    pub versioned: bool,
    pub min: bool,
    pub muted_by_you: bool,
    pub volume_by_admin: bool,
    pub is_self: bool,
    pub video_joined: bool,
    pub peer: crate::enums::Peer,
    pub date: i32,
    pub active_date: Option<i32>,
    pub source: i32,
    pub volume: Option<i32>,
    pub about: Option<String>,
    pub raise_hand_rating: Option<i64>,
    pub video: Option<crate::types::GroupCallParticipantVideo>,
    pub presentation: Option<crate::types::GroupCallParticipantVideo>,
    pub paid_stars_total: Option<i64>,
}

impl crate::Constructor for GroupCallParticipant {
    const ID: u32 = 0x2a3dc7ac;
    const NAME: &'static str = "groupCallParticipant";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.muted)
            | u32::from(self.left) << 1
            | u32::from(self.can_self_unmute) << 2
            | u32::from(self.active_date.is_some()) << 3
            | u32::from(self.just_joined) << 4
            | u32::from(self.versioned) << 5
            | u32::from(self.video.is_some()) << 6
            | u32::from(self.volume.is_some()) << 7
            | u32::from(self.min) << 8
            | u32::from(self.muted_by_you) << 9
            | u32::from(self.volume_by_admin) << 10
            | u32::from(self.about.is_some()) << 11
            | u32::from(self.is_self) << 12
            | u32::from(self.raise_hand_rating.is_some()) << 13
            | u32::from(self.presentation.is_some()) << 14
            | u32::from(self.video_joined) << 15
            | u32::from(self.paid_stars_total.is_some()) << 16;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.date, out);
        crate::fixed::put(self.active_date.as_ref(), flags1, 3, out);
        crate::Serializable::serialize(&self.source, out);
        crate::fixed::put(self.volume.as_ref(), flags1, 7, out);
        crate::fixed::put(self.about.as_ref(), flags1, 11, out);
        crate::fixed::put(self.raise_hand_rating.as_ref(), flags1, 13, out);
        crate::fixed::put(self.video.as_ref(), flags1, 6, out);
        crate::fixed::put(self.presentation.as_ref(), flags1, 14, out);
        crate::fixed::put(self.paid_stars_total.as_ref(), flags1, 16, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let muted = crate::fixed::flag(flags1, 0);
        let left = crate::fixed::flag(flags1, 1);
        let can_self_unmute = crate::fixed::flag(flags1, 2);
        let just_joined = crate::fixed::flag(flags1, 4);
        let versioned = crate::fixed::flag(flags1, 5);
        let min = crate::fixed::flag(flags1, 8);
        let muted_by_you = crate::fixed::flag(flags1, 9);
        let volume_by_admin = crate::fixed::flag(flags1, 10);
        let is_self = crate::fixed::flag(flags1, 12);
        let video_joined = crate::fixed::flag(flags1, 15);
        let peer = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let active_date = crate::fixed::optional(reader, flags1, 3)?;
        let source = crate::Deserializable::deserialize(reader)?;
        let volume = crate::fixed::optional(reader, flags1, 7)?;
        let about = crate::fixed::optional(reader, flags1, 11)?;
        let raise_hand_rating = crate::fixed::optional(reader, flags1, 13)?;
        let video = crate::fixed::optional(reader, flags1, 6)?;
        let presentation = crate::fixed::optional(reader, flags1, 14)?;
        let paid_stars_total = crate::fixed::optional(reader, flags1, 16)?;
        Ok(Self { muted, left, can_self_unmute, just_joined, versioned, min, muted_by_you, volume_by_admin, is_self, video_joined, peer, date, active_date, source, volume, about, raise_hand_rating, video, presentation, paid_stars_total })
    }
}

impl crate::Serializable for GroupCallParticipant {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallParticipant {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `groupCallParticipantVideo#67753ac8`, of `GroupCallParticipantVideo`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallParticipantVideo {
    pub paused: bool,
    pub endpoint: String,
    pub source_groups: Vec<crate::types::GroupCallParticipantVideoSourceGroup>,
    pub audio_source: Option<i32>,
}

impl crate::Constructor for GroupCallParticipantVideo {
    const ID: u32 = 0x67753ac8;
    const NAME: &'static str = "groupCallParticipantVideo";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.paused)
            | u32::from(self.audio_source.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.endpoint, out);
        crate::Serializable::serialize(&self.source_groups, out);
        crate::fixed::put(self.audio_source.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let paused = crate::fixed::flag(flags1, 0);
        let endpoint = crate::Deserializable::deserialize(reader)?;
        let source_groups = crate::Deserializable::deserialize(reader)?;
        let audio_source = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { paused, endpoint, source_groups, audio_source })
    }
}

impl crate::Serializable for GroupCallParticipantVideo {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallParticipantVideo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `groupCallParticipantVideoSourceGroup#dcb118b7`, of `GroupCallParticipantVideoSourceGroup`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallParticipantVideoSourceGroup {
    pub semantics: String,
    pub sources: Vec<i32>,
}

impl crate::Constructor for GroupCallParticipantVideoSourceGroup {
    const ID: u32 = 0xdcb118b7;
    const NAME: &'static str = "groupCallParticipantVideoSourceGroup";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.semantics, out);
        crate::Serializable::serialize(&self.sources, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let semantics = crate::Deserializable::deserialize(reader)?;
        let sources = crate::Deserializable::deserialize(reader)?;
        Ok(Self { semantics, sources })
    }
}

impl crate::Serializable for GroupCallParticipantVideoSourceGroup {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallParticipantVideoSourceGroup {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `groupCallStreamChannel#80eb48af`, of `GroupCallStreamChannel`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallStreamChannel {
    pub channel: i32,
    pub scale: i32,
    pub last_timestamp_ms: i64,
}

impl crate::Constructor for GroupCallStreamChannel {
    const ID: u32 = 0x80eb48af;
    const NAME: &'static str = "groupCallStreamChannel";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.channel, out);
        crate::Serializable::serialize(&self.scale, out);
        crate::Serializable::serialize(&self.last_timestamp_ms, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let channel = crate::Deserializable::deserialize(reader)?;
        let scale = crate::Deserializable::deserialize(reader)?;
        let last_timestamp_ms = crate::Deserializable::deserialize(reader)?;
        Ok(Self { channel, scale, last_timestamp_ms })
    }
}

impl crate::Serializable for GroupCallStreamChannel {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallStreamChannel {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `importedContact#c13e3c50`, of `ImportedContact`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportedContact {
    pub user_id: i64,
    pub client_id: i64,
}

impl crate::Constructor for ImportedContact {
    const ID: u32 = 0xc13e3c50;
    const NAME: &'static str = "importedContact";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.client_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let client_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, client_id })
    }
}

impl crate::Serializable for ImportedContact {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ImportedContact {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputChannel#f35aec28`, of `InputChannel`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputChannel {
    pub channel_id: i64,
    pub access_hash: i64,
}

impl crate::Constructor for InputChannel {
    const ID: u32 = 0xf35aec28;
    const NAME: &'static str = "inputChannel";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.channel_id, out);
        crate::Serializable::serialize(&self.access_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let channel_id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { channel_id, access_hash })
    }
}

impl crate::Serializable for InputChannel {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputChannel {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputChannelFromMessage#5b934f9d`, of `InputChannel`.
#[derive(Clone, PartialEq, Debug)]
pub struct InputChannelFromMessage {
    pub peer: crate::enums::InputPeer,
    pub msg_id: i32,
    pub channel_id: i64,
}

impl crate::Constructor for InputChannelFromMessage {
    const ID: u32 = 0x5b934f9d;
    const NAME: &'static str = "inputChannelFromMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.channel_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let channel_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, msg_id, channel_id })
    }
}

impl crate::Serializable for InputChannelFromMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputChannelFromMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputCheckPasswordSRP#d27ff082`, of `InputCheckPasswordSRP`.
#[derive(Clone, PartialEq, Default)]
pub struct InputCheckPasswordSRP {
    pub srp_id: i64,
    pub a: Vec<u8>,
    pub m1: Vec<u8>,
}

impl std::fmt::Debug for InputCheckPasswordSRP {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InputCheckPasswordSRP")
            .field("srp_id", &self.srp_id)
            .field("A", &format_args!("…"))
            .field("M1", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for InputCheckPasswordSRP {
    const ID: u32 = 0xd27ff082;
    const NAME: &'static str = "inputCheckPasswordSRP";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.srp_id, out);
        crate::Serializable::serialize(&self.a, out);
        crate::Serializable::serialize(&self.m1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let srp_id = crate::Deserializable::deserialize(reader)?;
        let a = crate::Deserializable::deserialize(reader)?;
        let m1 = crate::Deserializable::deserialize(reader)?;
        Ok(Self { srp_id, a, m1 })
    }
}

impl crate::Serializable for InputCheckPasswordSRP {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputCheckPasswordSRP {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputClientProxy#75588b3f`, of `InputClientProxy`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputClientProxy {
    pub address: String,
    pub port: i32,
}

impl crate::Constructor for InputClientProxy {
    const ID: u32 = 0x75588b3f;
    const NAME: &'static str = "inputClientProxy";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.address, out);
        crate::Serializable::serialize(&self.port, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let address = crate::Deserializable::deserialize(reader)?;
        let port = crate::Deserializable::deserialize(reader)?;
        Ok(Self { address, port })
    }
}

impl crate::Serializable for InputClientProxy {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputClientProxy {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputGroupCall#d8aa840f`, of `InputGroupCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputGroupCall {
    pub id: i64,
    pub access_hash: i64,
}

impl crate::Constructor for InputGroupCall {
    const ID: u32 = 0xd8aa840f;
    const NAME: &'static str = "inputGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id, access_hash })
    }
}

impl crate::Serializable for InputGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputGroupCallInviteMessage#8c10603f`, of `InputGroupCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputGroupCallInviteMessage {
    pub msg_id: i32,
}

impl crate::Constructor for InputGroupCallInviteMessage {
    const ID: u32 = 0x8c10603f;
    const NAME: &'static str = "inputGroupCallInviteMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_id })
    }
}

impl crate::Serializable for InputGroupCallInviteMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputGroupCallInviteMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputGroupCallSlug#fe06823f`, of `InputGroupCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputGroupCallSlug {
    pub slug: String,
}

impl crate::Constructor for InputGroupCallSlug {
    const ID: u32 = 0xfe06823f;
    const NAME: &'static str = "inputGroupCallSlug";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.slug, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let slug = crate::Deserializable::deserialize(reader)?;
        Ok(Self { slug })
    }
}

impl crate::Serializable for InputGroupCallSlug {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputGroupCallSlug {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPeerChannel#27bcbbfc`, of `InputPeer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputPeerChannel {
    pub channel_id: i64,
    pub access_hash: i64,
}

impl crate::Constructor for InputPeerChannel {
    const ID: u32 = 0x27bcbbfc;
    const NAME: &'static str = "inputPeerChannel";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.channel_id, out);
        crate::Serializable::serialize(&self.access_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let channel_id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { channel_id, access_hash })
    }
}

impl crate::Serializable for InputPeerChannel {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPeerChannel {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPeerChannelFromMessage#bd2a0840`, of `InputPeer`.
#[derive(Clone, PartialEq, Debug)]
pub struct InputPeerChannelFromMessage {
    pub peer: Box<crate::enums::InputPeer>,
    pub msg_id: i32,
    pub channel_id: i64,
}

impl crate::Constructor for InputPeerChannelFromMessage {
    const ID: u32 = 0xbd2a0840;
    const NAME: &'static str = "inputPeerChannelFromMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.channel_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let channel_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, msg_id, channel_id })
    }
}

impl crate::Serializable for InputPeerChannelFromMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPeerChannelFromMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPeerChat#35a95cb9`, of `InputPeer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputPeerChat {
    pub chat_id: i64,
}

impl crate::Constructor for InputPeerChat {
    const ID: u32 = 0x35a95cb9;
    const NAME: &'static str = "inputPeerChat";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.chat_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let chat_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { chat_id })
    }
}

impl crate::Serializable for InputPeerChat {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPeerChat {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPeerUser#dde8a54c`, of `InputPeer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputPeerUser {
    pub user_id: i64,
    pub access_hash: i64,
}

impl crate::Constructor for InputPeerUser {
    const ID: u32 = 0xdde8a54c;
    const NAME: &'static str = "inputPeerUser";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.access_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, access_hash })
    }
}

impl crate::Serializable for InputPeerUser {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPeerUser {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPeerUserFromMessage#a87b0a1c`, of `InputPeer`.
#[derive(Clone, PartialEq, Debug)]
pub struct InputPeerUserFromMessage {
    pub peer: Box<crate::enums::InputPeer>,
    pub msg_id: i32,
    pub user_id: i64,
}

impl crate::Constructor for InputPeerUserFromMessage {
    const ID: u32 = 0xa87b0a1c;
    const NAME: &'static str = "inputPeerUserFromMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.user_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let user_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, msg_id, user_id })
    }
}

impl crate::Serializable for InputPeerUserFromMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPeerUserFromMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPhoneCall#1e36fded`, of `InputPhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputPhoneCall {
    pub id: i64,
    pub access_hash: i64,
}

impl crate::Constructor for InputPhoneCall {
    const ID: u32 = 0x1e36fded;
    const NAME: &'static str = "inputPhoneCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id, access_hash })
    }
}

impl crate::Serializable for InputPhoneCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPhoneCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputPhoneContact#6a1dc4be`, of `InputContact`.
#[derive(Clone, PartialEq, Default)]
pub struct InputPhoneContact {
    pub client_id: i64,
    pub phone: String,
    pub first_name: String,
    pub last_name: String,
    pub note: Option<crate::types::TextWithEntities>,
}

impl std::fmt::Debug for InputPhoneContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InputPhoneContact")
            .field("client_id", &self.client_id)
            .field("phone", &format_args!("…"))
            .field("first_name", &self.first_name)
            .field("last_name", &self.last_name)
            .field("note", &self.note)
            .finish()
    }
}

impl crate::Constructor for InputPhoneContact {
    const ID: u32 = 0x6a1dc4be;
    const NAME: &'static str = "inputPhoneContact";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.note.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.client_id, out);
        crate::Serializable::serialize(&self.phone, out);
        crate::Serializable::serialize(&self.first_name, out);
        crate::Serializable::serialize(&self.last_name, out);
        crate::fixed::put(self.note.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let client_id = crate::Deserializable::deserialize(reader)?;
        let phone = crate::Deserializable::deserialize(reader)?;
        let first_name = crate::Deserializable::deserialize(reader)?;
        let last_name = crate::Deserializable::deserialize(reader)?;
        let note = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { client_id, phone, first_name, last_name, note })
    }
}

impl crate::Serializable for InputPhoneContact {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputPhoneContact {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputUser#f21158c6`, of `InputUser`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InputUser {
    pub user_id: i64,
    pub access_hash: i64,
}

impl crate::Constructor for InputUser {
    const ID: u32 = 0xf21158c6;
    const NAME: &'static str = "inputUser";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.access_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, access_hash })
    }
}

impl crate::Serializable for InputUser {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputUser {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `inputUserFromMessage#1da448e2`, of `InputUser`.
#[derive(Clone, PartialEq, Debug)]
pub struct InputUserFromMessage {
    pub peer: crate::enums::InputPeer,
    pub msg_id: i32,
    pub user_id: i64,
}

impl crate::Constructor for InputUserFromMessage {
    const ID: u32 = 0x1da448e2;
    const NAME: &'static str = "inputUserFromMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.user_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let user_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, msg_id, user_id })
    }
}

impl crate::Serializable for InputUserFromMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InputUserFromMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `jsonArray#f7444763`, of `JSONValue`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JsonArray {
    pub value: Vec<crate::enums::JSONValue>,
}

impl crate::Constructor for JsonArray {
    const ID: u32 = 0xf7444763;
    const NAME: &'static str = "jsonArray";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.value, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let value = crate::Deserializable::deserialize(reader)?;
        Ok(Self { value })
    }
}

impl crate::Serializable for JsonArray {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JsonArray {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `jsonBool#c7345e6a`, of `JSONValue`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JsonBool {
    pub value: bool,
}

impl crate::Constructor for JsonBool {
    const ID: u32 = 0xc7345e6a;
    const NAME: &'static str = "jsonBool";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.value, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let value = crate::Deserializable::deserialize(reader)?;
        Ok(Self { value })
    }
}

impl crate::Serializable for JsonBool {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JsonBool {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `jsonNumber#2be0dfa4`, of `JSONValue`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JsonNumber {
    pub value: f64,
}

impl crate::Constructor for JsonNumber {
    const ID: u32 = 0x2be0dfa4;
    const NAME: &'static str = "jsonNumber";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.value, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let value = crate::Deserializable::deserialize(reader)?;
        Ok(Self { value })
    }
}

impl crate::Serializable for JsonNumber {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JsonNumber {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `jsonObject#99c1d49d`, of `JSONValue`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JsonObject {
    pub value: Vec<crate::types::JsonObjectValue>,
}

impl crate::Constructor for JsonObject {
    const ID: u32 = 0x99c1d49d;
    const NAME: &'static str = "jsonObject";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.value, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let value = crate::Deserializable::deserialize(reader)?;
        Ok(Self { value })
    }
}

impl crate::Serializable for JsonObject {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JsonObject {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `jsonObjectValue#c0de1bd9`, of `JSONObjectValue`.
#[derive(Clone, PartialEq, Debug)]
pub struct JsonObjectValue {
    pub key: String,
    pub value: crate::enums::JSONValue,
}

impl crate::Constructor for JsonObjectValue {
    const ID: u32 = 0xc0de1bd9;
    const NAME: &'static str = "jsonObjectValue";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.key, out);
        crate::Serializable::serialize(&self.value, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let key = crate::Deserializable::deserialize(reader)?;
        let value = crate::Deserializable::deserialize(reader)?;
        Ok(Self { key, value })
    }
}

impl crate::Serializable for JsonObjectValue {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JsonObjectValue {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `jsonString#b71e767a`, of `JSONValue`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JsonString {
    pub value: String,
}

impl crate::Constructor for JsonString {
    const ID: u32 = 0xb71e767a;
    const NAME: &'static str = "jsonString";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.value, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let value = crate::Deserializable::deserialize(reader)?;
        Ok(Self { value })
    }
}

impl crate::Serializable for JsonString {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JsonString {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `message#7600b9d3`, of `Message`.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    pub out: bool,
    pub mentioned: bool,
    pub media_unread: bool,
    pub silent: bool,
    pub post: bool,
    pub from_scheduled: bool,
    pub legacy: bool,
    pub edit_hide: bool,
    pub pinned: bool,
    pub noforwards: bool,
    pub invert_media: bool,
    pub offline: bool,
    pub video_processing_pending: bool,
    pub paid_suggested_post_stars: bool,
    pub paid_suggested_post_ton: bool,
    pub id: i32,
    pub from_id: Option<crate::enums::Peer>,
    pub from_boosts_applied: Option<i32>,
    pub from_rank: Option<String>,
    pub peer_id: crate::enums::Peer,
    pub saved_peer_id: Option<crate::enums::Peer>,
    pub fwd_from: Option<crate::Value>,
    pub via_bot_id: Option<i64>,
    pub via_business_bot_id: Option<i64>,
    pub guestchat_via_from: Option<crate::enums::Peer>,
    pub reply_to: Option<crate::Value>,
    pub date: i32,
    pub message: String,
    pub media: Option<crate::Value>,
    pub reply_markup: Option<crate::Value>,
    pub entities: Option<Vec<crate::Value>>,
    pub views: Option<i32>,
    pub forwards: Option<i32>,
    pub replies: Option<crate::Value>,
    pub edit_date: Option<i32>,
    pub post_author: Option<String>,
    pub grouped_id: Option<i64>,
    pub reactions: Option<crate::Value>,
    pub restriction_reason: Option<Vec<crate::Value>>,
    pub ttl_period: Option<i32>,
    pub quick_reply_shortcut_id: Option<i32>,
    pub effect: Option<i64>,
    pub factcheck: Option<crate::Value>,
    pub report_delivery_until_date: Option<i32>,
    pub paid_message_stars: Option<i64>,
    pub suggested_post: Option<crate::Value>,
    pub schedule_repeat_period: Option<i32>,
    pub summary_from_language: Option<String>,
    pub rich_message: Option<crate::Value>,
}

impl crate::Constructor for Message {
    const ID: u32 = 0x7600b9d3;
    const NAME: &'static str = "message";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.out) << 1
            | u32::from(self.fwd_from.is_some()) << 2
            | u32::from(self.reply_to.is_some()) << 3
            | u32::from(self.mentioned) << 4
            | u32::from(self.media_unread) << 5
            | u32::from(self.reply_markup.is_some()) << 6
            | u32::from(self.entities.is_some()) << 7
            | u32::from(self.from_id.is_some()) << 8
            | u32::from(self.media.is_some()) << 9
            | u32::from(self.views.is_some() && self.forwards.is_some()) << 10
            | u32::from(self.via_bot_id.is_some()) << 11
            | u32::from(self.silent) << 13
            | u32::from(self.post) << 14
            | u32::from(self.edit_date.is_some()) << 15
            | u32::from(self.post_author.is_some()) << 16
            | u32::from(self.grouped_id.is_some()) << 17
            | u32::from(self.from_scheduled) << 18
            | u32::from(self.legacy) << 19
            | u32::from(self.reactions.is_some()) << 20
            | u32::from(self.edit_hide) << 21
            | u32::from(self.restriction_reason.is_some()) << 22
            | u32::from(self.replies.is_some()) << 23
            | u32::from(self.pinned) << 24
            | u32::from(self.ttl_period.is_some()) << 25
            | u32::from(self.noforwards) << 26
            | u32::from(self.invert_media) << 27
            | u32::from(self.saved_peer_id.is_some()) << 28
            | u32::from(self.from_boosts_applied.is_some()) << 29
            | u32::from(self.quick_reply_shortcut_id.is_some()) << 30;
        out.extend_from_slice(&flags1.to_le_bytes());
        let flags2: u32 = u32::from(self.via_business_bot_id.is_some())
            | u32::from(self.offline) << 1
            | u32::from(self.effect.is_some()) << 2
            | u32::from(self.factcheck.is_some()) << 3
            | u32::from(self.video_processing_pending) << 4
            | u32::from(self.report_delivery_until_date.is_some()) << 5
            | u32::from(self.paid_message_stars.is_some()) << 6
            | u32::from(self.suggested_post.is_some()) << 7
            | u32::from(self.paid_suggested_post_stars) << 8
            | u32::from(self.paid_suggested_post_ton) << 9
            | u32::from(self.schedule_repeat_period.is_some()) << 10
            | u32::from(self.summary_from_language.is_some()) << 11
            | u32::from(self.from_rank.is_some()) << 12
            | u32::from(self.rich_message.is_some()) << 13
            | u32::from(self.guestchat_via_from.is_some()) << 19;
        out.extend_from_slice(&flags2.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::fixed::put(self.from_id.as_ref(), flags1, 8, out);
        crate::fixed::put(self.from_boosts_applied.as_ref(), flags1, 29, out);
        crate::fixed::put(self.from_rank.as_ref(), flags2, 12, out);
        crate::Serializable::serialize(&self.peer_id, out);
        crate::fixed::put(self.saved_peer_id.as_ref(), flags1, 28, out);
        crate::fixed::put(self.fwd_from.as_ref(), flags1, 2, out);
        crate::fixed::put(self.via_bot_id.as_ref(), flags1, 11, out);
        crate::fixed::put(self.via_business_bot_id.as_ref(), flags2, 0, out);
        crate::fixed::put(self.guestchat_via_from.as_ref(), flags2, 19, out);
        crate::fixed::put(self.reply_to.as_ref(), flags1, 3, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.message, out);
        crate::fixed::put(self.media.as_ref(), flags1, 9, out);
        crate::fixed::put(self.reply_markup.as_ref(), flags1, 6, out);
        crate::fixed::put(self.entities.as_ref(), flags1, 7, out);
        crate::fixed::put(self.views.as_ref(), flags1, 10, out);
        crate::fixed::put(self.forwards.as_ref(), flags1, 10, out);
        crate::fixed::put(self.replies.as_ref(), flags1, 23, out);
        crate::fixed::put(self.edit_date.as_ref(), flags1, 15, out);
        crate::fixed::put(self.post_author.as_ref(), flags1, 16, out);
        crate::fixed::put(self.grouped_id.as_ref(), flags1, 17, out);
        crate::fixed::put(self.reactions.as_ref(), flags1, 20, out);
        crate::fixed::put(self.restriction_reason.as_ref(), flags1, 22, out);
        crate::fixed::put(self.ttl_period.as_ref(), flags1, 25, out);
        crate::fixed::put(self.quick_reply_shortcut_id.as_ref(), flags1, 30, out);
        crate::fixed::put(self.effect.as_ref(), flags2, 2, out);
        crate::fixed::put(self.factcheck.as_ref(), flags2, 3, out);
        crate::fixed::put(self.report_delivery_until_date.as_ref(), flags2, 5, out);
        crate::fixed::put(self.paid_message_stars.as_ref(), flags2, 6, out);
        crate::fixed::put(self.suggested_post.as_ref(), flags2, 7, out);
        crate::fixed::put(self.schedule_repeat_period.as_ref(), flags2, 10, out);
        crate::fixed::put(self.summary_from_language.as_ref(), flags2, 11, out);
        crate::fixed::put(self.rich_message.as_ref(), flags2, 13, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let out = crate::fixed::flag(flags1, 1);
        let mentioned = crate::fixed::flag(flags1, 4);
        let media_unread = crate::fixed::flag(flags1, 5);
        let silent = crate::fixed::flag(flags1, 13);
        let post = crate::fixed::flag(flags1, 14);
        let from_scheduled = crate::fixed::flag(flags1, 18);
        let legacy = crate::fixed::flag(flags1, 19);
        let edit_hide = crate::fixed::flag(flags1, 21);
        let pinned = crate::fixed::flag(flags1, 24);
        let noforwards = crate::fixed::flag(flags1, 26);
        let invert_media = crate::fixed::flag(flags1, 27);
        let flags2 = reader.word()?;
        let offline = crate::fixed::flag(flags2, 1);
        let video_processing_pending = crate::fixed::flag(flags2, 4);
        let paid_suggested_post_stars = crate::fixed::flag(flags2, 8);
        let paid_suggested_post_ton = crate::fixed::flag(flags2, 9);
        let id = crate::Deserializable::deserialize(reader)?;
        let from_id = crate::fixed::optional(reader, flags1, 8)?;
        let from_boosts_applied = crate::fixed::optional(reader, flags1, 29)?;
        let from_rank = crate::fixed::optional(reader, flags2, 12)?;
        let peer_id = crate::Deserializable::deserialize(reader)?;
        let saved_peer_id = crate::fixed::optional(reader, flags1, 28)?;
        let fwd_from = crate::fixed::optional(reader, flags1, 2)?;
        let via_bot_id = crate::fixed::optional(reader, flags1, 11)?;
        let via_business_bot_id = crate::fixed::optional(reader, flags2, 0)?;
        let guestchat_via_from = crate::fixed::optional(reader, flags2, 19)?;
        let reply_to = crate::fixed::optional(reader, flags1, 3)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let message = crate::Deserializable::deserialize(reader)?;
        let media = crate::fixed::optional(reader, flags1, 9)?;
        let reply_markup = crate::fixed::optional(reader, flags1, 6)?;
        let entities = crate::fixed::optional(reader, flags1, 7)?;
        let views = crate::fixed::optional(reader, flags1, 10)?;
        let forwards = crate::fixed::optional(reader, flags1, 10)?;
        let replies = crate::fixed::optional(reader, flags1, 23)?;
        let edit_date = crate::fixed::optional(reader, flags1, 15)?;
        let post_author = crate::fixed::optional(reader, flags1, 16)?;
        let grouped_id = crate::fixed::optional(reader, flags1, 17)?;
        let reactions = crate::fixed::optional(reader, flags1, 20)?;
        let restriction_reason = crate::fixed::optional(reader, flags1, 22)?;
        let ttl_period = crate::fixed::optional(reader, flags1, 25)?;
        let quick_reply_shortcut_id = crate::fixed::optional(reader, flags1, 30)?;
        let effect = crate::fixed::optional(reader, flags2, 2)?;
        let factcheck = crate::fixed::optional(reader, flags2, 3)?;
        let report_delivery_until_date = crate::fixed::optional(reader, flags2, 5)?;
        let paid_message_stars = crate::fixed::optional(reader, flags2, 6)?;
        let suggested_post = crate::fixed::optional(reader, flags2, 7)?;
        let schedule_repeat_period = crate::fixed::optional(reader, flags2, 10)?;
        let summary_from_language = crate::fixed::optional(reader, flags2, 11)?;
        let rich_message = crate::fixed::optional(reader, flags2, 13)?;
        Ok(Self { out, mentioned, media_unread, silent, post, from_scheduled, legacy, edit_hide, pinned, noforwards, invert_media, offline, video_processing_pending, paid_suggested_post_stars, paid_suggested_post_ton, id, from_id, from_boosts_applied, from_rank, peer_id, saved_peer_id, fwd_from, via_bot_id, via_business_bot_id, guestchat_via_from, reply_to, date, message, media, reply_markup, entities, views, forwards, replies, edit_date, post_author, grouped_id, reactions, restriction_reason, ttl_period, quick_reply_shortcut_id, effect, factcheck, report_delivery_until_date, paid_message_stars, suggested_post, schedule_repeat_period, summary_from_language, rich_message })
    }
}

impl crate::Serializable for Message {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Message {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messageActionPhoneCall#80e11a7f`, of `MessageAction`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MessageActionPhoneCall {
    pub video: bool,
    pub call_id: i64,
    pub reason: Option<crate::enums::PhoneCallDiscardReason>,
    pub duration: Option<i32>,
}

impl crate::Constructor for MessageActionPhoneCall {
    const ID: u32 = 0x80e11a7f;
    const NAME: &'static str = "messageActionPhoneCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.reason.is_some())
            | u32::from(self.duration.is_some()) << 1
            | u32::from(self.video) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call_id, out);
        crate::fixed::put(self.reason.as_ref(), flags1, 0, out);
        crate::fixed::put(self.duration.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 2);
        let call_id = crate::Deserializable::deserialize(reader)?;
        let reason = crate::fixed::optional(reader, flags1, 0)?;
        let duration = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { video, call_id, reason, duration })
    }
}

impl crate::Serializable for MessageActionPhoneCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MessageActionPhoneCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messageEmpty#90a6ca84`, of `Message`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MessageEmpty {
    pub id: i32,
    pub peer_id: Option<crate::enums::Peer>,
}

impl crate::Constructor for MessageEmpty {
    const ID: u32 = 0x90a6ca84;
    const NAME: &'static str = "messageEmpty";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.peer_id.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::fixed::put(self.peer_id.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let id = crate::Deserializable::deserialize(reader)?;
        let peer_id = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { id, peer_id })
    }
}

impl crate::Serializable for MessageEmpty {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MessageEmpty {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messageService#7a800e0a`, of `Message`.
#[derive(Clone, PartialEq, Debug)]
pub struct MessageService {
    pub out: bool,
    pub mentioned: bool,
    pub media_unread: bool,
    pub reactions_are_possible: bool,
    pub silent: bool,
    pub post: bool,
    pub legacy: bool,
    pub id: i32,
    pub from_id: Option<crate::enums::Peer>,
    pub peer_id: crate::enums::Peer,
    pub saved_peer_id: Option<crate::enums::Peer>,
    pub reply_to: Option<crate::Value>,
    pub date: i32,
    pub action: crate::enums::MessageAction,
    pub reactions: Option<crate::Value>,
    pub ttl_period: Option<i32>,
}

impl crate::Constructor for MessageService {
    const ID: u32 = 0x7a800e0a;
    const NAME: &'static str = "messageService";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.out) << 1
            | u32::from(self.reply_to.is_some()) << 3
            | u32::from(self.mentioned) << 4
            | u32::from(self.media_unread) << 5
            | u32::from(self.from_id.is_some()) << 8
            | u32::from(self.reactions_are_possible) << 9
            | u32::from(self.silent) << 13
            | u32::from(self.post) << 14
            | u32::from(self.legacy) << 19
            | u32::from(self.reactions.is_some()) << 20
            | u32::from(self.ttl_period.is_some()) << 25
            | u32::from(self.saved_peer_id.is_some()) << 28;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::fixed::put(self.from_id.as_ref(), flags1, 8, out);
        crate::Serializable::serialize(&self.peer_id, out);
        crate::fixed::put(self.saved_peer_id.as_ref(), flags1, 28, out);
        crate::fixed::put(self.reply_to.as_ref(), flags1, 3, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.action, out);
        crate::fixed::put(self.reactions.as_ref(), flags1, 20, out);
        crate::fixed::put(self.ttl_period.as_ref(), flags1, 25, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let out = crate::fixed::flag(flags1, 1);
        let mentioned = crate::fixed::flag(flags1, 4);
        let media_unread = crate::fixed::flag(flags1, 5);
        let reactions_are_possible = crate::fixed::flag(flags1, 9);
        let silent = crate::fixed::flag(flags1, 13);
        let post = crate::fixed::flag(flags1, 14);
        let legacy = crate::fixed::flag(flags1, 19);
        let id = crate::Deserializable::deserialize(reader)?;
        let from_id = crate::fixed::optional(reader, flags1, 8)?;
        let peer_id = crate::Deserializable::deserialize(reader)?;
        let saved_peer_id = crate::fixed::optional(reader, flags1, 28)?;
        let reply_to = crate::fixed::optional(reader, flags1, 3)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let action = crate::Deserializable::deserialize(reader)?;
        let reactions = crate::fixed::optional(reader, flags1, 20)?;
        let ttl_period = crate::fixed::optional(reader, flags1, 25)?;
        Ok(Self { out, mentioned, media_unread, reactions_are_possible, silent, post, legacy, id, from_id, peer_id, saved_peer_id, reply_to, date, action, reactions, ttl_period })
    }
}

impl crate::Serializable for MessageService {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MessageService {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `nearestDc#8e1a1775`, of `NearestDc`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NearestDc {
    pub country: String,
    pub this_dc: i32,
    pub nearest_dc: i32,
}

impl crate::Constructor for NearestDc {
    const ID: u32 = 0x8e1a1775;
    const NAME: &'static str = "nearestDc";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.country, out);
        crate::Serializable::serialize(&self.this_dc, out);
        crate::Serializable::serialize(&self.nearest_dc, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let country = crate::Deserializable::deserialize(reader)?;
        let this_dc = crate::Deserializable::deserialize(reader)?;
        let nearest_dc = crate::Deserializable::deserialize(reader)?;
        Ok(Self { country, this_dc, nearest_dc })
    }
}

impl crate::Serializable for NearestDc {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for NearestDc {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow#3a912d4a`, of `PasswordKdfAlgo`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
    pub salt1: Vec<u8>,
    pub salt2: Vec<u8>,
    pub g: i32,
    pub p: Vec<u8>,
}

impl crate::Constructor for PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
    const ID: u32 = 0x3a912d4a;
    const NAME: &'static str = "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.salt1, out);
        crate::Serializable::serialize(&self.salt2, out);
        crate::Serializable::serialize(&self.g, out);
        crate::Serializable::serialize(&self.p, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let salt1 = crate::Deserializable::deserialize(reader)?;
        let salt2 = crate::Deserializable::deserialize(reader)?;
        let g = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        Ok(Self { salt1, salt2, g, p })
    }
}

impl crate::Serializable for PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `peerChannel#a2a5371e`, of `Peer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PeerChannel {
    pub channel_id: i64,
}

impl crate::Constructor for PeerChannel {
    const ID: u32 = 0xa2a5371e;
    const NAME: &'static str = "peerChannel";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.channel_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let channel_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { channel_id })
    }
}

impl crate::Serializable for PeerChannel {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PeerChannel {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `peerChat#36c6019a`, of `Peer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PeerChat {
    pub chat_id: i64,
}

impl crate::Constructor for PeerChat {
    const ID: u32 = 0x36c6019a;
    const NAME: &'static str = "peerChat";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.chat_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let chat_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { chat_id })
    }
}

impl crate::Serializable for PeerChat {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PeerChat {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `peerUser#59511722`, of `Peer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PeerUser {
    pub user_id: i64,
}

impl crate::Constructor for PeerUser {
    const ID: u32 = 0x59511722;
    const NAME: &'static str = "peerUser";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id })
    }
}

impl crate::Serializable for PeerUser {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PeerUser {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCall#30535af5`, of `PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCall {
    pub p2p_allowed: bool,
    pub video: bool,
    pub conference_supported: bool,
    pub id: i64,
    pub access_hash: i64,
    pub date: i32,
    pub admin_id: i64,
    pub participant_id: i64,
    pub g_a_or_b: Vec<u8>,
    pub key_fingerprint: i64,
    pub protocol: crate::types::PhoneCallProtocol,
    pub connections: Vec<crate::enums::PhoneConnection>,
    pub start_date: i32,
    pub custom_parameters: Option<crate::types::DataJSON>,
}

impl crate::Constructor for PhoneCall {
    const ID: u32 = 0x30535af5;
    const NAME: &'static str = "phoneCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.p2p_allowed) << 5
            | u32::from(self.video) << 6
            | u32::from(self.custom_parameters.is_some()) << 7
            | u32::from(self.conference_supported) << 8;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.admin_id, out);
        crate::Serializable::serialize(&self.participant_id, out);
        crate::Serializable::serialize(&self.g_a_or_b, out);
        crate::Serializable::serialize(&self.key_fingerprint, out);
        crate::Serializable::serialize(&self.protocol, out);
        crate::Serializable::serialize(&self.connections, out);
        crate::Serializable::serialize(&self.start_date, out);
        crate::fixed::put(self.custom_parameters.as_ref(), flags1, 7, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let p2p_allowed = crate::fixed::flag(flags1, 5);
        let video = crate::fixed::flag(flags1, 6);
        let conference_supported = crate::fixed::flag(flags1, 8);
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let admin_id = crate::Deserializable::deserialize(reader)?;
        let participant_id = crate::Deserializable::deserialize(reader)?;
        let g_a_or_b = crate::Deserializable::deserialize(reader)?;
        let key_fingerprint = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        let connections = crate::Deserializable::deserialize(reader)?;
        let start_date = crate::Deserializable::deserialize(reader)?;
        let custom_parameters = crate::fixed::optional(reader, flags1, 7)?;
        Ok(Self { p2p_allowed, video, conference_supported, id, access_hash, date, admin_id, participant_id, g_a_or_b, key_fingerprint, protocol, connections, start_date, custom_parameters })
    }
}

impl crate::Serializable for PhoneCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallAccepted#3660c311`, of `PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallAccepted {
    pub video: bool,
    pub id: i64,
    pub access_hash: i64,
    pub date: i32,
    pub admin_id: i64,
    pub participant_id: i64,
    pub g_b: Vec<u8>,
    pub protocol: crate::types::PhoneCallProtocol,
}

impl crate::Constructor for PhoneCallAccepted {
    const ID: u32 = 0x3660c311;
    const NAME: &'static str = "phoneCallAccepted";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.video) << 6;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.admin_id, out);
        crate::Serializable::serialize(&self.participant_id, out);
        crate::Serializable::serialize(&self.g_b, out);
        crate::Serializable::serialize(&self.protocol, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 6);
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let admin_id = crate::Deserializable::deserialize(reader)?;
        let participant_id = crate::Deserializable::deserialize(reader)?;
        let g_b = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        Ok(Self { video, id, access_hash, date, admin_id, participant_id, g_b, protocol })
    }
}

impl crate::Serializable for PhoneCallAccepted {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallAccepted {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallDiscardReasonMigrateConferenceCall#9fbbf1f7`, of `PhoneCallDiscardReason`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallDiscardReasonMigrateConferenceCall {
    pub slug: String,
}

impl crate::Constructor for PhoneCallDiscardReasonMigrateConferenceCall {
    const ID: u32 = 0x9fbbf1f7;
    const NAME: &'static str = "phoneCallDiscardReasonMigrateConferenceCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.slug, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let slug = crate::Deserializable::deserialize(reader)?;
        Ok(Self { slug })
    }
}

impl crate::Serializable for PhoneCallDiscardReasonMigrateConferenceCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallDiscardReasonMigrateConferenceCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallDiscarded#50ca4de1`, of `PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallDiscarded {
    pub need_rating: bool,
    pub need_debug: bool,
    pub video: bool,
    pub id: i64,
    pub reason: Option<crate::enums::PhoneCallDiscardReason>,
    pub duration: Option<i32>,
}

impl crate::Constructor for PhoneCallDiscarded {
    const ID: u32 = 0x50ca4de1;
    const NAME: &'static str = "phoneCallDiscarded";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.reason.is_some())
            | u32::from(self.duration.is_some()) << 1
            | u32::from(self.need_rating) << 2
            | u32::from(self.need_debug) << 3
            | u32::from(self.video) << 6;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::fixed::put(self.reason.as_ref(), flags1, 0, out);
        crate::fixed::put(self.duration.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let need_rating = crate::fixed::flag(flags1, 2);
        let need_debug = crate::fixed::flag(flags1, 3);
        let video = crate::fixed::flag(flags1, 6);
        let id = crate::Deserializable::deserialize(reader)?;
        let reason = crate::fixed::optional(reader, flags1, 0)?;
        let duration = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { need_rating, need_debug, video, id, reason, duration })
    }
}

impl crate::Serializable for PhoneCallDiscarded {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallDiscarded {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallEmpty#5366c915`, of `PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallEmpty {
    pub id: i64,
}

impl crate::Constructor for PhoneCallEmpty {
    const ID: u32 = 0x5366c915;
    const NAME: &'static str = "phoneCallEmpty";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id })
    }
}

impl crate::Serializable for PhoneCallEmpty {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallEmpty {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallProtocol#fc878fc8`, of `PhoneCallProtocol`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallProtocol {
    pub udp_p2p: bool,
    pub udp_reflector: bool,
    pub min_layer: i32,
    pub max_layer: i32,
    pub library_versions: Vec<String>,
}

impl crate::Constructor for PhoneCallProtocol {
    const ID: u32 = 0xfc878fc8;
    const NAME: &'static str = "phoneCallProtocol";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.udp_p2p)
            | u32::from(self.udp_reflector) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.min_layer, out);
        crate::Serializable::serialize(&self.max_layer, out);
        crate::Serializable::serialize(&self.library_versions, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let udp_p2p = crate::fixed::flag(flags1, 0);
        let udp_reflector = crate::fixed::flag(flags1, 1);
        let min_layer = crate::Deserializable::deserialize(reader)?;
        let max_layer = crate::Deserializable::deserialize(reader)?;
        let library_versions = crate::Deserializable::deserialize(reader)?;
        Ok(Self { udp_p2p, udp_reflector, min_layer, max_layer, library_versions })
    }
}

impl crate::Serializable for PhoneCallProtocol {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallProtocol {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallRequested#14b0ed0c`, of `PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallRequested {
    pub video: bool,
    pub id: i64,
    pub access_hash: i64,
    pub date: i32,
    pub admin_id: i64,
    pub participant_id: i64,
    pub g_a_hash: Vec<u8>,
    pub protocol: crate::types::PhoneCallProtocol,
}

impl crate::Constructor for PhoneCallRequested {
    const ID: u32 = 0x14b0ed0c;
    const NAME: &'static str = "phoneCallRequested";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.video) << 6;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.admin_id, out);
        crate::Serializable::serialize(&self.participant_id, out);
        crate::Serializable::serialize(&self.g_a_hash, out);
        crate::Serializable::serialize(&self.protocol, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 6);
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let admin_id = crate::Deserializable::deserialize(reader)?;
        let participant_id = crate::Deserializable::deserialize(reader)?;
        let g_a_hash = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        Ok(Self { video, id, access_hash, date, admin_id, participant_id, g_a_hash, protocol })
    }
}

impl crate::Serializable for PhoneCallRequested {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallRequested {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneCallWaiting#c5226f17`, of `PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PhoneCallWaiting {
    pub video: bool,
    pub id: i64,
    pub access_hash: i64,
    pub date: i32,
    pub admin_id: i64,
    pub participant_id: i64,
    pub protocol: crate::types::PhoneCallProtocol,
    pub receive_date: Option<i32>,
}

impl crate::Constructor for PhoneCallWaiting {
    const ID: u32 = 0xc5226f17;
    const NAME: &'static str = "phoneCallWaiting";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.receive_date.is_some())
            | u32::from(self.video) << 6;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.access_hash, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.admin_id, out);
        crate::Serializable::serialize(&self.participant_id, out);
        crate::Serializable::serialize(&self.protocol, out);
        crate::fixed::put(self.receive_date.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 6);
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let admin_id = crate::Deserializable::deserialize(reader)?;
        let participant_id = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        let receive_date = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { video, id, access_hash, date, admin_id, participant_id, protocol, receive_date })
    }
}

impl crate::Serializable for PhoneCallWaiting {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCallWaiting {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneConnection#9cc123c7`, of `PhoneConnection`.
#[derive(Clone, PartialEq, Default)]
pub struct PhoneConnection {
    pub tcp: bool,
    pub id: i64,
    pub ip: String,
    pub ipv6: String,
    pub port: i32,
    pub peer_tag: Vec<u8>,
}

impl std::fmt::Debug for PhoneConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneConnection")
            .field("tcp", &self.tcp)
            .field("id", &self.id)
            .field("ip", &self.ip)
            .field("ipv6", &self.ipv6)
            .field("port", &self.port)
            .field("peer_tag", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for PhoneConnection {
    const ID: u32 = 0x9cc123c7;
    const NAME: &'static str = "phoneConnection";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.tcp);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.ip, out);
        crate::Serializable::serialize(&self.ipv6, out);
        crate::Serializable::serialize(&self.port, out);
        crate::Serializable::serialize(&self.peer_tag, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let tcp = crate::fixed::flag(flags1, 0);
        let id = crate::Deserializable::deserialize(reader)?;
        let ip = crate::Deserializable::deserialize(reader)?;
        let ipv6 = crate::Deserializable::deserialize(reader)?;
        let port = crate::Deserializable::deserialize(reader)?;
        let peer_tag = crate::Deserializable::deserialize(reader)?;
        Ok(Self { tcp, id, ip, ipv6, port, peer_tag })
    }
}

impl crate::Serializable for PhoneConnection {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneConnection {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phoneConnectionWebrtc#635fe375`, of `PhoneConnection`.
#[derive(Clone, PartialEq, Default)]
pub struct PhoneConnectionWebrtc {
    pub turn: bool,
    pub stun: bool,
    pub id: i64,
    pub ip: String,
    pub ipv6: String,
    pub port: i32,
    pub username: String,
    pub password: String,
}

impl std::fmt::Debug for PhoneConnectionWebrtc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneConnectionWebrtc")
            .field("turn", &self.turn)
            .field("stun", &self.stun)
            .field("id", &self.id)
            .field("ip", &self.ip)
            .field("ipv6", &self.ipv6)
            .field("port", &self.port)
            .field("username", &self.username)
            .field("password", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for PhoneConnectionWebrtc {
    const ID: u32 = 0x635fe375;
    const NAME: &'static str = "phoneConnectionWebrtc";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.turn)
            | u32::from(self.stun) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.ip, out);
        crate::Serializable::serialize(&self.ipv6, out);
        crate::Serializable::serialize(&self.port, out);
        crate::Serializable::serialize(&self.username, out);
        crate::Serializable::serialize(&self.password, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let turn = crate::fixed::flag(flags1, 0);
        let stun = crate::fixed::flag(flags1, 1);
        let id = crate::Deserializable::deserialize(reader)?;
        let ip = crate::Deserializable::deserialize(reader)?;
        let ipv6 = crate::Deserializable::deserialize(reader)?;
        let port = crate::Deserializable::deserialize(reader)?;
        let username = crate::Deserializable::deserialize(reader)?;
        let password = crate::Deserializable::deserialize(reader)?;
        Ok(Self { turn, stun, id, ip, ipv6, port, username, password })
    }
}

impl crate::Serializable for PhoneConnectionWebrtc {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneConnectionWebrtc {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `popularContact#5ce14175`, of `PopularContact`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PopularContact {
    pub client_id: i64,
    pub importers: i32,
}

impl crate::Constructor for PopularContact {
    const ID: u32 = 0x5ce14175;
    const NAME: &'static str = "popularContact";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.client_id, out);
        crate::Serializable::serialize(&self.importers, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let client_id = crate::Deserializable::deserialize(reader)?;
        let importers = crate::Deserializable::deserialize(reader)?;
        Ok(Self { client_id, importers })
    }
}

impl crate::Serializable for PopularContact {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PopularContact {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `securePasswordKdfAlgoPBKDF2HMACSHA512iter100000#bbf2dda0`, of `SecurePasswordKdfAlgo`.
#[derive(Clone, PartialEq, Default)]
pub struct SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000 {
    pub salt: Vec<u8>,
}

impl std::fmt::Debug for SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000")
            .field("salt", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000 {
    const ID: u32 = 0xbbf2dda0;
    const NAME: &'static str = "securePasswordKdfAlgoPBKDF2HMACSHA512iter100000";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.salt, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let salt = crate::Deserializable::deserialize(reader)?;
        Ok(Self { salt })
    }
}

impl crate::Serializable for SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000 {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000 {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `securePasswordKdfAlgoSHA512#86471d92`, of `SecurePasswordKdfAlgo`.
#[derive(Clone, PartialEq, Default)]
pub struct SecurePasswordKdfAlgoSHA512 {
    pub salt: Vec<u8>,
}

impl std::fmt::Debug for SecurePasswordKdfAlgoSHA512 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecurePasswordKdfAlgoSHA512")
            .field("salt", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for SecurePasswordKdfAlgoSHA512 {
    const ID: u32 = 0x86471d92;
    const NAME: &'static str = "securePasswordKdfAlgoSHA512";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.salt, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let salt = crate::Deserializable::deserialize(reader)?;
        Ok(Self { salt })
    }
}

impl crate::Serializable for SecurePasswordKdfAlgoSHA512 {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SecurePasswordKdfAlgoSHA512 {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `textWithEntities#751f3146`, of `TextWithEntities`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TextWithEntities {
    pub text: String,
    pub entities: Vec<crate::Value>,
}

impl crate::Constructor for TextWithEntities {
    const ID: u32 = 0x751f3146;
    const NAME: &'static str = "textWithEntities";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.text, out);
        crate::Serializable::serialize(&self.entities, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let text = crate::Deserializable::deserialize(reader)?;
        let entities = crate::Deserializable::deserialize(reader)?;
        Ok(Self { text, entities })
    }
}

impl crate::Serializable for TextWithEntities {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for TextWithEntities {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateDcOptions#8e5e9873`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateDcOptions {
    pub dc_options: Vec<crate::types::DcOption>,
}

impl crate::Constructor for UpdateDcOptions {
    const ID: u32 = 0x8e5e9873;
    const NAME: &'static str = "updateDcOptions";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.dc_options, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let dc_options = crate::Deserializable::deserialize(reader)?;
        Ok(Self { dc_options })
    }
}

impl crate::Serializable for UpdateDcOptions {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateDcOptions {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateDeleteMessages#a20db0e5`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateDeleteMessages {
    pub messages: Vec<i32>,
    pub pts: i32,
    pub pts_count: i32,
}

impl crate::Constructor for UpdateDeleteMessages {
    const ID: u32 = 0xa20db0e5;
    const NAME: &'static str = "updateDeleteMessages";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.messages, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let messages = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        Ok(Self { messages, pts, pts_count })
    }
}

impl crate::Serializable for UpdateDeleteMessages {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateDeleteMessages {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateGroupCall#9d2216e0`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateGroupCall {
    pub live_story: bool,
    pub peer: Option<crate::enums::Peer>,
    pub call: crate::enums::GroupCall,
}

impl crate::Constructor for UpdateGroupCall {
    const ID: u32 = 0x9d2216e0;
    const NAME: &'static str = "updateGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.peer.is_some()) << 1
            | u32::from(self.live_story) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.peer.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let live_story = crate::fixed::flag(flags1, 2);
        let peer = crate::fixed::optional(reader, flags1, 1)?;
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { live_story, peer, call })
    }
}

impl crate::Serializable for UpdateGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateGroupCallChainBlocks#a477288f`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateGroupCallChainBlocks {
    pub call: crate::enums::InputGroupCall,
    pub sub_chain_id: i32,
    pub blocks: Vec<Vec<u8>>,
    pub next_offset: i32,
}

impl crate::Constructor for UpdateGroupCallChainBlocks {
    const ID: u32 = 0xa477288f;
    const NAME: &'static str = "updateGroupCallChainBlocks";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.sub_chain_id, out);
        crate::Serializable::serialize(&self.blocks, out);
        crate::Serializable::serialize(&self.next_offset, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let sub_chain_id = crate::Deserializable::deserialize(reader)?;
        let blocks = crate::Deserializable::deserialize(reader)?;
        let next_offset = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, sub_chain_id, blocks, next_offset })
    }
}

impl crate::Serializable for UpdateGroupCallChainBlocks {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateGroupCallChainBlocks {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateGroupCallConnection#0b783982`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateGroupCallConnection {
    pub presentation: bool,
    pub params: crate::types::DataJSON,
}

impl crate::Constructor for UpdateGroupCallConnection {
    const ID: u32 = 0x0b783982;
    const NAME: &'static str = "updateGroupCallConnection";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.presentation);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.params, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let presentation = crate::fixed::flag(flags1, 0);
        let params = crate::Deserializable::deserialize(reader)?;
        Ok(Self { presentation, params })
    }
}

impl crate::Serializable for UpdateGroupCallConnection {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateGroupCallConnection {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateGroupCallParticipants#f2ebdb4e`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateGroupCallParticipants {
    pub call: crate::enums::InputGroupCall,
    pub participants: Vec<crate::types::GroupCallParticipant>,
    pub version: i32,
}

impl crate::Constructor for UpdateGroupCallParticipants {
    const ID: u32 = 0xf2ebdb4e;
    const NAME: &'static str = "updateGroupCallParticipants";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.participants, out);
        crate::Serializable::serialize(&self.version, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let participants = crate::Deserializable::deserialize(reader)?;
        let version = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, participants, version })
    }
}

impl crate::Serializable for UpdateGroupCallParticipants {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateGroupCallParticipants {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateMessageID#4e90bfd6`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateMessageID {
    pub id: i32,
    pub random_id: i64,
}

impl crate::Constructor for UpdateMessageID {
    const ID: u32 = 0x4e90bfd6;
    const NAME: &'static str = "updateMessageID";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.random_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        let random_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id, random_id })
    }
}

impl crate::Serializable for UpdateMessageID {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateMessageID {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateNewAuthorization#8951abef`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateNewAuthorization {
    pub unconfirmed: bool,
    pub hash: i64,
    pub date: Option<i32>,
    pub device: Option<String>,
    pub location: Option<String>,
}

impl crate::Constructor for UpdateNewAuthorization {
    const ID: u32 = 0x8951abef;
    const NAME: &'static str = "updateNewAuthorization";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.date.is_some() && self.device.is_some() && self.location.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.hash, out);
        crate::fixed::put(self.date.as_ref(), flags1, 0, out);
        crate::fixed::put(self.device.as_ref(), flags1, 0, out);
        crate::fixed::put(self.location.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let unconfirmed = crate::fixed::flag(flags1, 0);
        let hash = crate::Deserializable::deserialize(reader)?;
        let date = crate::fixed::optional(reader, flags1, 0)?;
        let device = crate::fixed::optional(reader, flags1, 0)?;
        let location = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { unconfirmed, hash, date, device, location })
    }
}

impl crate::Serializable for UpdateNewAuthorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateNewAuthorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateNewMessage#1f2b0afd`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateNewMessage {
    pub message: crate::enums::Message,
    pub pts: i32,
    pub pts_count: i32,
}

impl crate::Constructor for UpdateNewMessage {
    const ID: u32 = 0x1f2b0afd;
    const NAME: &'static str = "updateNewMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.message, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let message = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        Ok(Self { message, pts, pts_count })
    }
}

impl crate::Serializable for UpdateNewMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateNewMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updatePhoneCall#ab0f6b1e`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdatePhoneCall {
    pub phone_call: crate::enums::PhoneCall,
}

impl crate::Constructor for UpdatePhoneCall {
    const ID: u32 = 0xab0f6b1e;
    const NAME: &'static str = "updatePhoneCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone_call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone_call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { phone_call })
    }
}

impl crate::Serializable for UpdatePhoneCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdatePhoneCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updatePhoneCallSignalingData#2661bf09`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdatePhoneCallSignalingData {
    pub phone_call_id: i64,
    pub data: Vec<u8>,
}

impl crate::Constructor for UpdatePhoneCallSignalingData {
    const ID: u32 = 0x2661bf09;
    const NAME: &'static str = "updatePhoneCallSignalingData";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone_call_id, out);
        crate::Serializable::serialize(&self.data, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone_call_id = crate::Deserializable::deserialize(reader)?;
        let data = crate::Deserializable::deserialize(reader)?;
        Ok(Self { phone_call_id, data })
    }
}

impl crate::Serializable for UpdatePhoneCallSignalingData {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdatePhoneCallSignalingData {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateReadHistoryInbox#9e84bc99`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateReadHistoryInbox {
    pub folder_id: Option<i32>,
    pub peer: crate::enums::Peer,
    pub top_msg_id: Option<i32>,
    pub max_id: i32,
    pub still_unread_count: i32,
    pub pts: i32,
    pub pts_count: i32,
}

impl crate::Constructor for UpdateReadHistoryInbox {
    const ID: u32 = 0x9e84bc99;
    const NAME: &'static str = "updateReadHistoryInbox";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.folder_id.is_some())
            | u32::from(self.top_msg_id.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.folder_id.as_ref(), flags1, 0, out);
        crate::Serializable::serialize(&self.peer, out);
        crate::fixed::put(self.top_msg_id.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.max_id, out);
        crate::Serializable::serialize(&self.still_unread_count, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let folder_id = crate::fixed::optional(reader, flags1, 0)?;
        let peer = crate::Deserializable::deserialize(reader)?;
        let top_msg_id = crate::fixed::optional(reader, flags1, 1)?;
        let max_id = crate::Deserializable::deserialize(reader)?;
        let still_unread_count = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        Ok(Self { folder_id, peer, top_msg_id, max_id, still_unread_count, pts, pts_count })
    }
}

impl crate::Serializable for UpdateReadHistoryInbox {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateReadHistoryInbox {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateReadHistoryOutbox#2f2f21bf`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateReadHistoryOutbox {
    pub peer: crate::enums::Peer,
    pub max_id: i32,
    pub pts: i32,
    pub pts_count: i32,
}

impl crate::Constructor for UpdateReadHistoryOutbox {
    const ID: u32 = 0x2f2f21bf;
    const NAME: &'static str = "updateReadHistoryOutbox";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.max_id, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let max_id = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, max_id, pts, pts_count })
    }
}

impl crate::Serializable for UpdateReadHistoryOutbox {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateReadHistoryOutbox {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateShort#78d4dec1`, of `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateShort {
    pub update: crate::enums::Update,
    pub date: i32,
}

impl crate::Constructor for UpdateShort {
    const ID: u32 = 0x78d4dec1;
    const NAME: &'static str = "updateShort";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.update, out);
        crate::Serializable::serialize(&self.date, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let update = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        Ok(Self { update, date })
    }
}

impl crate::Serializable for UpdateShort {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateShort {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateShortChatMessage#4d6deea5`, of `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateShortChatMessage {
    pub out: bool,
    pub mentioned: bool,
    pub media_unread: bool,
    pub silent: bool,
    pub id: i32,
    pub from_id: i64,
    pub chat_id: i64,
    pub message: String,
    pub pts: i32,
    pub pts_count: i32,
    pub date: i32,
    pub fwd_from: Option<crate::Value>,
    pub via_bot_id: Option<i64>,
    pub reply_to: Option<crate::Value>,
    pub entities: Option<Vec<crate::Value>>,
    pub ttl_period: Option<i32>,
}

impl crate::Constructor for UpdateShortChatMessage {
    const ID: u32 = 0x4d6deea5;
    const NAME: &'static str = "updateShortChatMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.out) << 1
            | u32::from(self.fwd_from.is_some()) << 2
            | u32::from(self.reply_to.is_some()) << 3
            | u32::from(self.mentioned) << 4
            | u32::from(self.media_unread) << 5
            | u32::from(self.entities.is_some()) << 7
            | u32::from(self.via_bot_id.is_some()) << 11
            | u32::from(self.silent) << 13
            | u32::from(self.ttl_period.is_some()) << 25;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.from_id, out);
        crate::Serializable::serialize(&self.chat_id, out);
        crate::Serializable::serialize(&self.message, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
        crate::Serializable::serialize(&self.date, out);
        crate::fixed::put(self.fwd_from.as_ref(), flags1, 2, out);
        crate::fixed::put(self.via_bot_id.as_ref(), flags1, 11, out);
        crate::fixed::put(self.reply_to.as_ref(), flags1, 3, out);
        crate::fixed::put(self.entities.as_ref(), flags1, 7, out);
        crate::fixed::put(self.ttl_period.as_ref(), flags1, 25, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let out = crate::fixed::flag(flags1, 1);
        let mentioned = crate::fixed::flag(flags1, 4);
        let media_unread = crate::fixed::flag(flags1, 5);
        let silent = crate::fixed::flag(flags1, 13);
        let id = crate::Deserializable::deserialize(reader)?;
        let from_id = crate::Deserializable::deserialize(reader)?;
        let chat_id = crate::Deserializable::deserialize(reader)?;
        let message = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let fwd_from = crate::fixed::optional(reader, flags1, 2)?;
        let via_bot_id = crate::fixed::optional(reader, flags1, 11)?;
        let reply_to = crate::fixed::optional(reader, flags1, 3)?;
        let entities = crate::fixed::optional(reader, flags1, 7)?;
        let ttl_period = crate::fixed::optional(reader, flags1, 25)?;
        Ok(Self { out, mentioned, media_unread, silent, id, from_id, chat_id, message, pts, pts_count, date, fwd_from, via_bot_id, reply_to, entities, ttl_period })
    }
}

impl crate::Serializable for UpdateShortChatMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateShortChatMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateShortMessage#313bc7f8`, of `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateShortMessage {
    pub out: bool,
    pub mentioned: bool,
    pub media_unread: bool,
    pub silent: bool,
    pub id: i32,
    pub user_id: i64,
    pub message: String,
    pub pts: i32,
    pub pts_count: i32,
    pub date: i32,
    pub fwd_from: Option<crate::Value>,
    pub via_bot_id: Option<i64>,
    pub reply_to: Option<crate::Value>,
    pub entities: Option<Vec<crate::Value>>,
    pub ttl_period: Option<i32>,
}

impl crate::Constructor for UpdateShortMessage {
    const ID: u32 = 0x313bc7f8;
    const NAME: &'static str = "updateShortMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.out) << 1
            | u32::from(self.fwd_from.is_some()) << 2
            | u32::from(self.reply_to.is_some()) << 3
            | u32::from(self.mentioned) << 4
            | u32::from(self.media_unread) << 5
            | u32::from(self.entities.is_some()) << 7
            | u32::from(self.via_bot_id.is_some()) << 11
            | u32::from(self.silent) << 13
            | u32::from(self.ttl_period.is_some()) << 25;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.message, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
        crate::Serializable::serialize(&self.date, out);
        crate::fixed::put(self.fwd_from.as_ref(), flags1, 2, out);
        crate::fixed::put(self.via_bot_id.as_ref(), flags1, 11, out);
        crate::fixed::put(self.reply_to.as_ref(), flags1, 3, out);
        crate::fixed::put(self.entities.as_ref(), flags1, 7, out);
        crate::fixed::put(self.ttl_period.as_ref(), flags1, 25, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let out = crate::fixed::flag(flags1, 1);
        let mentioned = crate::fixed::flag(flags1, 4);
        let media_unread = crate::fixed::flag(flags1, 5);
        let silent = crate::fixed::flag(flags1, 13);
        let id = crate::Deserializable::deserialize(reader)?;
        let user_id = crate::Deserializable::deserialize(reader)?;
        let message = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let fwd_from = crate::fixed::optional(reader, flags1, 2)?;
        let via_bot_id = crate::fixed::optional(reader, flags1, 11)?;
        let reply_to = crate::fixed::optional(reader, flags1, 3)?;
        let entities = crate::fixed::optional(reader, flags1, 7)?;
        let ttl_period = crate::fixed::optional(reader, flags1, 25)?;
        Ok(Self { out, mentioned, media_unread, silent, id, user_id, message, pts, pts_count, date, fwd_from, via_bot_id, reply_to, entities, ttl_period })
    }
}

impl crate::Serializable for UpdateShortMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateShortMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateShortSentMessage#9015e101`, of `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateShortSentMessage {
    pub out: bool,
    pub id: i32,
    pub pts: i32,
    pub pts_count: i32,
    pub date: i32,
    pub media: Option<crate::Value>,
    pub entities: Option<Vec<crate::Value>>,
    pub ttl_period: Option<i32>,
}

impl crate::Constructor for UpdateShortSentMessage {
    const ID: u32 = 0x9015e101;
    const NAME: &'static str = "updateShortSentMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.out) << 1
            | u32::from(self.entities.is_some()) << 7
            | u32::from(self.media.is_some()) << 9
            | u32::from(self.ttl_period.is_some()) << 25;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
        crate::Serializable::serialize(&self.date, out);
        crate::fixed::put(self.media.as_ref(), flags1, 9, out);
        crate::fixed::put(self.entities.as_ref(), flags1, 7, out);
        crate::fixed::put(self.ttl_period.as_ref(), flags1, 25, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let out = crate::fixed::flag(flags1, 1);
        let id = crate::Deserializable::deserialize(reader)?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let media = crate::fixed::optional(reader, flags1, 9)?;
        let entities = crate::fixed::optional(reader, flags1, 7)?;
        let ttl_period = crate::fixed::optional(reader, flags1, 25)?;
        Ok(Self { out, id, pts, pts_count, date, media, entities, ttl_period })
    }
}

impl crate::Serializable for UpdateShortSentMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateShortSentMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateUser#20529438`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateUser {
    pub user_id: i64,
}

impl crate::Constructor for UpdateUser {
    const ID: u32 = 0x20529438;
    const NAME: &'static str = "updateUser";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id })
    }
}

impl crate::Serializable for UpdateUser {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateUser {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateUserName#a7848924`, of `Update`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateUserName {
    pub user_id: i64,
    pub first_name: String,
    pub last_name: String,
    pub usernames: Vec<crate::types::Username>,
}

impl crate::Constructor for UpdateUserName {
    const ID: u32 = 0xa7848924;
    const NAME: &'static str = "updateUserName";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.first_name, out);
        crate::Serializable::serialize(&self.last_name, out);
        crate::Serializable::serialize(&self.usernames, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let first_name = crate::Deserializable::deserialize(reader)?;
        let last_name = crate::Deserializable::deserialize(reader)?;
        let usernames = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, first_name, last_name, usernames })
    }
}

impl crate::Serializable for UpdateUserName {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateUserName {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateUserPhone#05492a13`, of `Update`.
#[derive(Clone, PartialEq, Default)]
pub struct UpdateUserPhone {
    pub user_id: i64,
    pub phone: String,
}

impl std::fmt::Debug for UpdateUserPhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpdateUserPhone")
            .field("user_id", &self.user_id)
            .field("phone", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for UpdateUserPhone {
    const ID: u32 = 0x05492a13;
    const NAME: &'static str = "updateUserPhone";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.phone, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let phone = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, phone })
    }
}

impl crate::Serializable for UpdateUserPhone {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateUserPhone {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updateUserStatus#e5bdf8de`, of `Update`.
#[derive(Clone, PartialEq, Debug)]
pub struct UpdateUserStatus {
    pub user_id: i64,
    pub status: crate::enums::UserStatus,
}

impl crate::Constructor for UpdateUserStatus {
    const ID: u32 = 0xe5bdf8de;
    const NAME: &'static str = "updateUserStatus";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.status, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let user_id = crate::Deserializable::deserialize(reader)?;
        let status = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_id, status })
    }
}

impl crate::Serializable for UpdateUserStatus {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateUserStatus {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updates#74ae4240`, of `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Updates {
    pub updates: Vec<crate::enums::Update>,
    pub users: Vec<crate::enums::User>,
    pub chats: Vec<crate::Value>,
    pub date: i32,
    pub seq: i32,
}

impl crate::Constructor for Updates {
    const ID: u32 = 0x74ae4240;
    const NAME: &'static str = "updates";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.updates, out);
        crate::Serializable::serialize(&self.users, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.seq, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let updates = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let seq = crate::Deserializable::deserialize(reader)?;
        Ok(Self { updates, users, chats, date, seq })
    }
}

impl crate::Serializable for Updates {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Updates {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updatesCombined#725b04c3`, of `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdatesCombined {
    pub updates: Vec<crate::enums::Update>,
    pub users: Vec<crate::enums::User>,
    pub chats: Vec<crate::Value>,
    pub date: i32,
    pub seq_start: i32,
    pub seq: i32,
}

impl crate::Constructor for UpdatesCombined {
    const ID: u32 = 0x725b04c3;
    const NAME: &'static str = "updatesCombined";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.updates, out);
        crate::Serializable::serialize(&self.users, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.seq_start, out);
        crate::Serializable::serialize(&self.seq, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let updates = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let seq_start = crate::Deserializable::deserialize(reader)?;
        let seq = crate::Deserializable::deserialize(reader)?;
        Ok(Self { updates, users, chats, date, seq_start, seq })
    }
}

impl crate::Serializable for UpdatesCombined {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdatesCombined {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `user#b1b8cc83`, of `User`.
#[derive(Clone, PartialEq, Default)]
pub struct User {
    pub is_self: bool,
    pub contact: bool,
    pub mutual_contact: bool,
    pub deleted: bool,
    pub bot: bool,
    pub bot_chat_history: bool,
    pub bot_nochats: bool,
    pub verified: bool,
    pub restricted: bool,
    pub min: bool,
    pub bot_inline_geo: bool,
    pub support: bool,
    pub scam: bool,
    pub apply_min_photo: bool,
    pub fake: bool,
    pub bot_attach_menu: bool,
    pub premium: bool,
    pub attach_menu_enabled: bool,
    pub bot_can_edit: bool,
    pub close_friend: bool,
    pub stories_hidden: bool,
    pub stories_unavailable: bool,
    pub contact_require_premium: bool,
    pub bot_business: bool,
    pub bot_has_main_app: bool,
    pub bot_forum_view: bool,
    pub bot_forum_can_manage_topics: bool,
    pub bot_can_manage_bots: bool,
    pub bot_guestchat: bool,
    pub bot_guard: bool,
    pub id: i64,
    pub access_hash: Option<i64>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub phone: Option<String>,
    pub photo: Option<crate::enums::UserProfilePhoto>,
    pub status: Option<crate::enums::UserStatus>,
    pub bot_info_version: Option<i32>,
    pub restriction_reason: Option<Vec<crate::Value>>,
    pub bot_inline_placeholder: Option<String>,
    pub lang_code: Option<String>,
    pub emoji_status: Option<crate::Value>,
    pub usernames: Option<Vec<crate::types::Username>>,
    pub stories_max_id: Option<crate::Value>,
    pub color: Option<crate::Value>,
    pub profile_color: Option<crate::Value>,
    pub bot_active_users: Option<i32>,
    pub bot_verification_icon: Option<i64>,
    pub send_paid_messages_stars: Option<i64>,
    pub linked_community_id: Option<i64>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("self", &self.is_self)
            .field("contact", &self.contact)
            .field("mutual_contact", &self.mutual_contact)
            .field("deleted", &self.deleted)
            .field("bot", &self.bot)
            .field("bot_chat_history", &self.bot_chat_history)
            .field("bot_nochats", &self.bot_nochats)
            .field("verified", &self.verified)
            .field("restricted", &self.restricted)
            .field("min", &self.min)
            .field("bot_inline_geo", &self.bot_inline_geo)
            .field("support", &self.support)
            .field("scam", &self.scam)
            .field("apply_min_photo", &self.apply_min_photo)
            .field("fake", &self.fake)
            .field("bot_attach_menu", &self.bot_attach_menu)
            .field("premium", &self.premium)
            .field("attach_menu_enabled", &self.attach_menu_enabled)
            .field("bot_can_edit", &self.bot_can_edit)
            .field("close_friend", &self.close_friend)
            .field("stories_hidden", &self.stories_hidden)
            .field("stories_unavailable", &self.stories_unavailable)
            .field("contact_require_premium", &self.contact_require_premium)
            .field("bot_business", &self.bot_business)
            .field("bot_has_main_app", &self.bot_has_main_app)
            .field("bot_forum_view", &self.bot_forum_view)
            .field("bot_forum_can_manage_topics", &self.bot_forum_can_manage_topics)
            .field("bot_can_manage_bots", &self.bot_can_manage_bots)
            .field("bot_guestchat", &self.bot_guestchat)
            .field("bot_guard", &self.bot_guard)
            .field("id", &self.id)
            .field("access_hash", &self.access_hash)
            .field("first_name", &self.first_name)
            .field("last_name", &self.last_name)
            .field("username", &self.username)
            .field("phone", &format_args!("…"))
            .field("photo", &self.photo)
            .field("status", &self.status)
            .field("bot_info_version", &self.bot_info_version)
            .field("restriction_reason", &self.restriction_reason)
            .field("bot_inline_placeholder", &self.bot_inline_placeholder)
            .field("lang_code", &self.lang_code)
            .field("emoji_status", &self.emoji_status)
            .field("usernames", &self.usernames)
            .field("stories_max_id", &self.stories_max_id)
            .field("color", &self.color)
            .field("profile_color", &self.profile_color)
            .field("bot_active_users", &self.bot_active_users)
            .field("bot_verification_icon", &self.bot_verification_icon)
            .field("send_paid_messages_stars", &self.send_paid_messages_stars)
            .field("linked_community_id", &self.linked_community_id)
            .finish()
    }
}

impl crate::Constructor for User {
    const ID: u32 = 0xb1b8cc83;
    const NAME: &'static str = "user";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.access_hash.is_some())
            | u32::from(self.first_name.is_some()) << 1
            | u32::from(self.last_name.is_some()) << 2
            | u32::from(self.username.is_some()) << 3
            | u32::from(self.phone.is_some()) << 4
            | u32::from(self.photo.is_some()) << 5
            | u32::from(self.status.is_some()) << 6
            | u32::from(self.is_self) << 10
            | u32::from(self.contact) << 11
            | u32::from(self.mutual_contact) << 12
            | u32::from(self.deleted) << 13
            | u32::from(self.bot_info_version.is_some()) << 14
            | u32::from(self.bot_chat_history) << 15
            | u32::from(self.bot_nochats) << 16
            | u32::from(self.verified) << 17
            | u32::from(self.restriction_reason.is_some()) << 18
            | u32::from(self.bot_inline_placeholder.is_some()) << 19
            | u32::from(self.min) << 20
            | u32::from(self.bot_inline_geo) << 21
            | u32::from(self.lang_code.is_some()) << 22
            | u32::from(self.support) << 23
            | u32::from(self.scam) << 24
            | u32::from(self.apply_min_photo) << 25
            | u32::from(self.fake) << 26
            | u32::from(self.bot_attach_menu) << 27
            | u32::from(self.premium) << 28
            | u32::from(self.attach_menu_enabled) << 29
            | u32::from(self.emoji_status.is_some()) << 30;
        out.extend_from_slice(&flags1.to_le_bytes());
        let flags2: u32 = u32::from(self.usernames.is_some())
            | u32::from(self.bot_can_edit) << 1
            | u32::from(self.close_friend) << 2
            | u32::from(self.stories_hidden) << 3
            | u32::from(self.stories_unavailable) << 4
            | u32::from(self.stories_max_id.is_some()) << 5
            | u32::from(self.color.is_some()) << 8
            | u32::from(self.profile_color.is_some()) << 9
            | u32::from(self.contact_require_premium) << 10
            | u32::from(self.bot_business) << 11
            | u32::from(self.bot_active_users.is_some()) << 12
            | u32::from(self.bot_has_main_app) << 13
            | u32::from(self.bot_verification_icon.is_some()) << 14
            | u32::from(self.send_paid_messages_stars.is_some()) << 15
            | u32::from(self.bot_forum_view) << 16
            | u32::from(self.bot_forum_can_manage_topics) << 17
            | u32::from(self.bot_can_manage_bots) << 18
            | u32::from(self.bot_guestchat) << 19
            | u32::from(self.bot_guard) << 20
            | u32::from(self.linked_community_id.is_some()) << 21;
        out.extend_from_slice(&flags2.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::fixed::put(self.access_hash.as_ref(), flags1, 0, out);
        crate::fixed::put(self.first_name.as_ref(), flags1, 1, out);
        crate::fixed::put(self.last_name.as_ref(), flags1, 2, out);
        crate::fixed::put(self.username.as_ref(), flags1, 3, out);
        crate::fixed::put(self.phone.as_ref(), flags1, 4, out);
        crate::fixed::put(self.photo.as_ref(), flags1, 5, out);
        crate::fixed::put(self.status.as_ref(), flags1, 6, out);
        crate::fixed::put(self.bot_info_version.as_ref(), flags1, 14, out);
        crate::fixed::put(self.restriction_reason.as_ref(), flags1, 18, out);
        crate::fixed::put(self.bot_inline_placeholder.as_ref(), flags1, 19, out);
        crate::fixed::put(self.lang_code.as_ref(), flags1, 22, out);
        crate::fixed::put(self.emoji_status.as_ref(), flags1, 30, out);
        crate::fixed::put(self.usernames.as_ref(), flags2, 0, out);
        crate::fixed::put(self.stories_max_id.as_ref(), flags2, 5, out);
        crate::fixed::put(self.color.as_ref(), flags2, 8, out);
        crate::fixed::put(self.profile_color.as_ref(), flags2, 9, out);
        crate::fixed::put(self.bot_active_users.as_ref(), flags2, 12, out);
        crate::fixed::put(self.bot_verification_icon.as_ref(), flags2, 14, out);
        crate::fixed::put(self.send_paid_messages_stars.as_ref(), flags2, 15, out);
        crate::fixed::put(self.linked_community_id.as_ref(), flags2, 21, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let is_self = crate::fixed::flag(flags1, 10);
        let contact = crate::fixed::flag(flags1, 11);
        let mutual_contact = crate::fixed::flag(flags1, 12);
        let deleted = crate::fixed::flag(flags1, 13);
        let bot = crate::fixed::flag(flags1, 14);
        let bot_chat_history = crate::fixed::flag(flags1, 15);
        let bot_nochats = crate::fixed::flag(flags1, 16);
        let verified = crate::fixed::flag(flags1, 17);
        let restricted = crate::fixed::flag(flags1, 18);
        let min = crate::fixed::flag(flags1, 20);
        let bot_inline_geo = crate::fixed::flag(flags1, 21);
        let support = crate::fixed::flag(flags1, 23);
        let scam = crate::fixed::flag(flags1, 24);
        let apply_min_photo = crate::fixed::flag(flags1, 25);
        let fake = crate::fixed::flag(flags1, 26);
        let bot_attach_menu = crate::fixed::flag(flags1, 27);
        let premium = crate::fixed::flag(flags1, 28);
        let attach_menu_enabled = crate::fixed::flag(flags1, 29);
        let flags2 = reader.word()?;
        let bot_can_edit = crate::fixed::flag(flags2, 1);
        let close_friend = crate::fixed::flag(flags2, 2);
        let stories_hidden = crate::fixed::flag(flags2, 3);
        let stories_unavailable = crate::fixed::flag(flags2, 4);
        let contact_require_premium = crate::fixed::flag(flags2, 10);
        let bot_business = crate::fixed::flag(flags2, 11);
        let bot_has_main_app = crate::fixed::flag(flags2, 13);
        let bot_forum_view = crate::fixed::flag(flags2, 16);
        let bot_forum_can_manage_topics = crate::fixed::flag(flags2, 17);
        let bot_can_manage_bots = crate::fixed::flag(flags2, 18);
        let bot_guestchat = crate::fixed::flag(flags2, 19);
        let bot_guard = crate::fixed::flag(flags2, 20);
        let id = crate::Deserializable::deserialize(reader)?;
        let access_hash = crate::fixed::optional(reader, flags1, 0)?;
        let first_name = crate::fixed::optional(reader, flags1, 1)?;
        let last_name = crate::fixed::optional(reader, flags1, 2)?;
        let username = crate::fixed::optional(reader, flags1, 3)?;
        let phone = crate::fixed::optional(reader, flags1, 4)?;
        let photo = crate::fixed::optional(reader, flags1, 5)?;
        let status = crate::fixed::optional(reader, flags1, 6)?;
        let bot_info_version = crate::fixed::optional(reader, flags1, 14)?;
        let restriction_reason = crate::fixed::optional(reader, flags1, 18)?;
        let bot_inline_placeholder = crate::fixed::optional(reader, flags1, 19)?;
        let lang_code = crate::fixed::optional(reader, flags1, 22)?;
        let emoji_status = crate::fixed::optional(reader, flags1, 30)?;
        let usernames = crate::fixed::optional(reader, flags2, 0)?;
        let stories_max_id = crate::fixed::optional(reader, flags2, 5)?;
        let color = crate::fixed::optional(reader, flags2, 8)?;
        let profile_color = crate::fixed::optional(reader, flags2, 9)?;
        let bot_active_users = crate::fixed::optional(reader, flags2, 12)?;
        let bot_verification_icon = crate::fixed::optional(reader, flags2, 14)?;
        let send_paid_messages_stars = crate::fixed::optional(reader, flags2, 15)?;
        let linked_community_id = crate::fixed::optional(reader, flags2, 21)?;
        Ok(Self { is_self, contact, mutual_contact, deleted, bot, bot_chat_history, bot_nochats, verified, restricted, min, bot_inline_geo, support, scam, apply_min_photo, fake, bot_attach_menu, premium, attach_menu_enabled, bot_can_edit, close_friend, stories_hidden, stories_unavailable, contact_require_premium, bot_business, bot_has_main_app, bot_forum_view, bot_forum_can_manage_topics, bot_can_manage_bots, bot_guestchat, bot_guard, id, access_hash, first_name, last_name, username, phone, photo, status, bot_info_version, restriction_reason, bot_inline_placeholder, lang_code, emoji_status, usernames, stories_max_id, color, profile_color, bot_active_users, bot_verification_icon, send_paid_messages_stars, linked_community_id })
    }
}

impl crate::Serializable for User {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for User {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userEmpty#d3bc4b7a`, of `User`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserEmpty {
    pub id: i64,
}

impl crate::Constructor for UserEmpty {
    const ID: u32 = 0xd3bc4b7a;
    const NAME: &'static str = "userEmpty";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id })
    }
}

impl crate::Serializable for UserEmpty {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserEmpty {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userFull#b90c2afd`, of `UserFull`.
#[derive(Clone, PartialEq, Debug)]
pub struct UserFull {
    pub blocked: bool,
    pub phone_calls_available: bool,
    pub phone_calls_private: bool,
    pub can_pin_message: bool,
    pub has_scheduled: bool,
    pub video_calls_available: bool,
    pub voice_messages_forbidden: bool,
    pub translations_disabled: bool,
    pub stories_pinned_available: bool,
    pub blocked_my_stories_from: bool,
    pub wallpaper_overridden: bool,
    pub contact_require_premium: bool,
    pub read_dates_private: bool,
    pub sponsored_enabled: bool,
    pub can_view_revenue: bool,
    pub bot_can_manage_emoji_status: bool,
    pub display_gifts_button: bool,
    pub noforwards_my_enabled: bool,
    pub noforwards_peer_enabled: bool,
    pub unofficial_security_risk: bool,
    pub id: i64,
    pub about: Option<String>,
    pub settings: crate::Value,
    pub personal_photo: Option<crate::Value>,
    pub profile_photo: Option<crate::Value>,
    pub fallback_photo: Option<crate::Value>,
    pub notify_settings: crate::Value,
    pub bot_info: Option<crate::Value>,
    pub pinned_msg_id: Option<i32>,
    pub common_chats_count: i32,
    pub folder_id: Option<i32>,
    pub ttl_period: Option<i32>,
    pub theme: Option<crate::Value>,
    pub private_forward_name: Option<String>,
    pub bot_group_admin_rights: Option<crate::Value>,
    pub bot_broadcast_admin_rights: Option<crate::Value>,
    pub wallpaper: Option<crate::Value>,
    pub stories: Option<crate::Value>,
    pub business_work_hours: Option<crate::Value>,
    pub business_location: Option<crate::Value>,
    pub business_greeting_message: Option<crate::Value>,
    pub business_away_message: Option<crate::Value>,
    pub business_intro: Option<crate::Value>,
    pub birthday: Option<crate::Value>,
    pub personal_channel_id: Option<i64>,
    pub personal_channel_message: Option<i32>,
    pub stargifts_count: Option<i32>,
    pub starref_program: Option<crate::Value>,
    pub bot_verification: Option<crate::Value>,
    pub send_paid_messages_stars: Option<i64>,
    pub disallowed_gifts: Option<crate::Value>,
    pub stars_rating: Option<crate::Value>,
    pub stars_my_pending_rating: Option<crate::Value>,
    pub stars_my_pending_rating_date: Option<i32>,
    pub main_tab: Option<crate::Value>,
    pub saved_music: Option<crate::Value>,
    pub note: Option<crate::types::TextWithEntities>,
    pub bot_manager_id: Option<i64>,
    pub wallet_card: Option<crate::Value>,
    pub share_theme: Option<crate::Value>,
}

impl crate::Constructor for UserFull {
    const ID: u32 = 0xb90c2afd;
    const NAME: &'static str = "userFull";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.blocked)
            | u32::from(self.about.is_some()) << 1
            | u32::from(self.profile_photo.is_some()) << 2
            | u32::from(self.bot_info.is_some()) << 3
            | u32::from(self.phone_calls_available) << 4
            | u32::from(self.phone_calls_private) << 5
            | u32::from(self.pinned_msg_id.is_some()) << 6
            | u32::from(self.can_pin_message) << 7
            | u32::from(self.folder_id.is_some()) << 11
            | u32::from(self.has_scheduled) << 12
            | u32::from(self.video_calls_available) << 13
            | u32::from(self.ttl_period.is_some()) << 14
            | u32::from(self.theme.is_some()) << 15
            | u32::from(self.private_forward_name.is_some()) << 16
            | u32::from(self.bot_group_admin_rights.is_some()) << 17
            | u32::from(self.bot_broadcast_admin_rights.is_some()) << 18
            | u32::from(self.voice_messages_forbidden) << 20
            | u32::from(self.personal_photo.is_some()) << 21
            | u32::from(self.fallback_photo.is_some()) << 22
            | u32::from(self.translations_disabled) << 23
            | u32::from(self.wallpaper.is_some()) << 24
            | u32::from(self.stories.is_some()) << 25
            | u32::from(self.stories_pinned_available) << 26
            | u32::from(self.blocked_my_stories_from) << 27
            | u32::from(self.wallpaper_overridden) << 28
            | u32::from(self.contact_require_premium) << 29
            | u32::from(self.read_dates_private) << 30;
        out.extend_from_slice(&flags1.to_le_bytes());
        let flags2: u32 = u32::from(self.business_work_hours.is_some())
            | u32::from(self.business_location.is_some()) << 1
            | u32::from(self.business_greeting_message.is_some()) << 2
            | u32::from(self.business_away_message.is_some()) << 3
            | u32::from(self.business_intro.is_some()) << 4
            | u32::from(self.birthday.is_some()) << 5
            | u32::from(self.personal_channel_id.is_some() && self.personal_channel_message.is_some()) << 6
            | u32::from(self.sponsored_enabled) << 7
            | u32::from(self.stargifts_count.is_some()) << 8
            | u32::from(self.can_view_revenue) << 9
            | u32::from(self.bot_can_manage_emoji_status) << 10
            | u32::from(self.starref_program.is_some()) << 11
            | u32::from(self.bot_verification.is_some()) << 12
            | u32::from(self.send_paid_messages_stars.is_some()) << 14
            | u32::from(self.disallowed_gifts.is_some()) << 15
            | u32::from(self.display_gifts_button) << 16
            | u32::from(self.stars_rating.is_some()) << 17
            | u32::from(self.stars_my_pending_rating.is_some() && self.stars_my_pending_rating_date.is_some()) << 18
            | u32::from(self.wallet_card.is_some()) << 19
            | u32::from(self.main_tab.is_some()) << 20
            | u32::from(self.saved_music.is_some()) << 21
            | u32::from(self.note.is_some()) << 22
            | u32::from(self.noforwards_my_enabled) << 23
            | u32::from(self.noforwards_peer_enabled) << 24
            | u32::from(self.bot_manager_id.is_some()) << 25
            | u32::from(self.unofficial_security_risk) << 26
            | u32::from(self.share_theme.is_some()) << 27;
        out.extend_from_slice(&flags2.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::fixed::put(self.about.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.settings, out);
        crate::fixed::put(self.personal_photo.as_ref(), flags1, 21, out);
        crate::fixed::put(self.profile_photo.as_ref(), flags1, 2, out);
        crate::fixed::put(self.fallback_photo.as_ref(), flags1, 22, out);
        crate::Serializable::serialize(&self.notify_settings, out);
        crate::fixed::put(self.bot_info.as_ref(), flags1, 3, out);
        crate::fixed::put(self.pinned_msg_id.as_ref(), flags1, 6, out);
        crate::Serializable::serialize(&self.common_chats_count, out);
        crate::fixed::put(self.folder_id.as_ref(), flags1, 11, out);
        crate::fixed::put(self.ttl_period.as_ref(), flags1, 14, out);
        crate::fixed::put(self.theme.as_ref(), flags1, 15, out);
        crate::fixed::put(self.private_forward_name.as_ref(), flags1, 16, out);
        crate::fixed::put(self.bot_group_admin_rights.as_ref(), flags1, 17, out);
        crate::fixed::put(self.bot_broadcast_admin_rights.as_ref(), flags1, 18, out);
        crate::fixed::put(self.wallpaper.as_ref(), flags1, 24, out);
        crate::fixed::put(self.stories.as_ref(), flags1, 25, out);
        crate::fixed::put(self.business_work_hours.as_ref(), flags2, 0, out);
        crate::fixed::put(self.business_location.as_ref(), flags2, 1, out);
        crate::fixed::put(self.business_greeting_message.as_ref(), flags2, 2, out);
        crate::fixed::put(self.business_away_message.as_ref(), flags2, 3, out);
        crate::fixed::put(self.business_intro.as_ref(), flags2, 4, out);
        crate::fixed::put(self.birthday.as_ref(), flags2, 5, out);
        crate::fixed::put(self.personal_channel_id.as_ref(), flags2, 6, out);
        crate::fixed::put(self.personal_channel_message.as_ref(), flags2, 6, out);
        crate::fixed::put(self.stargifts_count.as_ref(), flags2, 8, out);
        crate::fixed::put(self.starref_program.as_ref(), flags2, 11, out);
        crate::fixed::put(self.bot_verification.as_ref(), flags2, 12, out);
        crate::fixed::put(self.send_paid_messages_stars.as_ref(), flags2, 14, out);
        crate::fixed::put(self.disallowed_gifts.as_ref(), flags2, 15, out);
        crate::fixed::put(self.stars_rating.as_ref(), flags2, 17, out);
        crate::fixed::put(self.stars_my_pending_rating.as_ref(), flags2, 18, out);
        crate::fixed::put(self.stars_my_pending_rating_date.as_ref(), flags2, 18, out);
        crate::fixed::put(self.main_tab.as_ref(), flags2, 20, out);
        crate::fixed::put(self.saved_music.as_ref(), flags2, 21, out);
        crate::fixed::put(self.note.as_ref(), flags2, 22, out);
        crate::fixed::put(self.bot_manager_id.as_ref(), flags2, 25, out);
        crate::fixed::put(self.wallet_card.as_ref(), flags2, 19, out);
        crate::fixed::put(self.share_theme.as_ref(), flags2, 27, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let blocked = crate::fixed::flag(flags1, 0);
        let phone_calls_available = crate::fixed::flag(flags1, 4);
        let phone_calls_private = crate::fixed::flag(flags1, 5);
        let can_pin_message = crate::fixed::flag(flags1, 7);
        let has_scheduled = crate::fixed::flag(flags1, 12);
        let video_calls_available = crate::fixed::flag(flags1, 13);
        let voice_messages_forbidden = crate::fixed::flag(flags1, 20);
        let translations_disabled = crate::fixed::flag(flags1, 23);
        let stories_pinned_available = crate::fixed::flag(flags1, 26);
        let blocked_my_stories_from = crate::fixed::flag(flags1, 27);
        let wallpaper_overridden = crate::fixed::flag(flags1, 28);
        let contact_require_premium = crate::fixed::flag(flags1, 29);
        let read_dates_private = crate::fixed::flag(flags1, 30);
        let flags2 = reader.word()?;
        let sponsored_enabled = crate::fixed::flag(flags2, 7);
        let can_view_revenue = crate::fixed::flag(flags2, 9);
        let bot_can_manage_emoji_status = crate::fixed::flag(flags2, 10);
        let display_gifts_button = crate::fixed::flag(flags2, 16);
        let noforwards_my_enabled = crate::fixed::flag(flags2, 23);
        let noforwards_peer_enabled = crate::fixed::flag(flags2, 24);
        let unofficial_security_risk = crate::fixed::flag(flags2, 26);
        let id = crate::Deserializable::deserialize(reader)?;
        let about = crate::fixed::optional(reader, flags1, 1)?;
        let settings = crate::Deserializable::deserialize(reader)?;
        let personal_photo = crate::fixed::optional(reader, flags1, 21)?;
        let profile_photo = crate::fixed::optional(reader, flags1, 2)?;
        let fallback_photo = crate::fixed::optional(reader, flags1, 22)?;
        let notify_settings = crate::Deserializable::deserialize(reader)?;
        let bot_info = crate::fixed::optional(reader, flags1, 3)?;
        let pinned_msg_id = crate::fixed::optional(reader, flags1, 6)?;
        let common_chats_count = crate::Deserializable::deserialize(reader)?;
        let folder_id = crate::fixed::optional(reader, flags1, 11)?;
        let ttl_period = crate::fixed::optional(reader, flags1, 14)?;
        let theme = crate::fixed::optional(reader, flags1, 15)?;
        let private_forward_name = crate::fixed::optional(reader, flags1, 16)?;
        let bot_group_admin_rights = crate::fixed::optional(reader, flags1, 17)?;
        let bot_broadcast_admin_rights = crate::fixed::optional(reader, flags1, 18)?;
        let wallpaper = crate::fixed::optional(reader, flags1, 24)?;
        let stories = crate::fixed::optional(reader, flags1, 25)?;
        let business_work_hours = crate::fixed::optional(reader, flags2, 0)?;
        let business_location = crate::fixed::optional(reader, flags2, 1)?;
        let business_greeting_message = crate::fixed::optional(reader, flags2, 2)?;
        let business_away_message = crate::fixed::optional(reader, flags2, 3)?;
        let business_intro = crate::fixed::optional(reader, flags2, 4)?;
        let birthday = crate::fixed::optional(reader, flags2, 5)?;
        let personal_channel_id = crate::fixed::optional(reader, flags2, 6)?;
        let personal_channel_message = crate::fixed::optional(reader, flags2, 6)?;
        let stargifts_count = crate::fixed::optional(reader, flags2, 8)?;
        let starref_program = crate::fixed::optional(reader, flags2, 11)?;
        let bot_verification = crate::fixed::optional(reader, flags2, 12)?;
        let send_paid_messages_stars = crate::fixed::optional(reader, flags2, 14)?;
        let disallowed_gifts = crate::fixed::optional(reader, flags2, 15)?;
        let stars_rating = crate::fixed::optional(reader, flags2, 17)?;
        let stars_my_pending_rating = crate::fixed::optional(reader, flags2, 18)?;
        let stars_my_pending_rating_date = crate::fixed::optional(reader, flags2, 18)?;
        let main_tab = crate::fixed::optional(reader, flags2, 20)?;
        let saved_music = crate::fixed::optional(reader, flags2, 21)?;
        let note = crate::fixed::optional(reader, flags2, 22)?;
        let bot_manager_id = crate::fixed::optional(reader, flags2, 25)?;
        let wallet_card = crate::fixed::optional(reader, flags2, 19)?;
        let share_theme = crate::fixed::optional(reader, flags2, 27)?;
        Ok(Self { blocked, phone_calls_available, phone_calls_private, can_pin_message, has_scheduled, video_calls_available, voice_messages_forbidden, translations_disabled, stories_pinned_available, blocked_my_stories_from, wallpaper_overridden, contact_require_premium, read_dates_private, sponsored_enabled, can_view_revenue, bot_can_manage_emoji_status, display_gifts_button, noforwards_my_enabled, noforwards_peer_enabled, unofficial_security_risk, id, about, settings, personal_photo, profile_photo, fallback_photo, notify_settings, bot_info, pinned_msg_id, common_chats_count, folder_id, ttl_period, theme, private_forward_name, bot_group_admin_rights, bot_broadcast_admin_rights, wallpaper, stories, business_work_hours, business_location, business_greeting_message, business_away_message, business_intro, birthday, personal_channel_id, personal_channel_message, stargifts_count, starref_program, bot_verification, send_paid_messages_stars, disallowed_gifts, stars_rating, stars_my_pending_rating, stars_my_pending_rating_date, main_tab, saved_music, note, bot_manager_id, wallet_card, share_theme })
    }
}

impl crate::Serializable for UserFull {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserFull {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userProfilePhoto#82d1f706`, of `UserProfilePhoto`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserProfilePhoto {
    pub has_video: bool,
    pub personal: bool,
    pub photo_id: i64,
    pub stripped_thumb: Option<Vec<u8>>,
    pub dc_id: i32,
}

impl crate::Constructor for UserProfilePhoto {
    const ID: u32 = 0x82d1f706;
    const NAME: &'static str = "userProfilePhoto";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.has_video)
            | u32::from(self.stripped_thumb.is_some()) << 1
            | u32::from(self.personal) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.photo_id, out);
        crate::fixed::put(self.stripped_thumb.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.dc_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let has_video = crate::fixed::flag(flags1, 0);
        let personal = crate::fixed::flag(flags1, 2);
        let photo_id = crate::Deserializable::deserialize(reader)?;
        let stripped_thumb = crate::fixed::optional(reader, flags1, 1)?;
        let dc_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { has_video, personal, photo_id, stripped_thumb, dc_id })
    }
}

impl crate::Serializable for UserProfilePhoto {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserProfilePhoto {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userStatusLastMonth#65899777`, of `UserStatus`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserStatusLastMonth {
    pub by_me: bool,
}

impl crate::Constructor for UserStatusLastMonth {
    const ID: u32 = 0x65899777;
    const NAME: &'static str = "userStatusLastMonth";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.by_me);
        out.extend_from_slice(&flags1.to_le_bytes());
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let by_me = crate::fixed::flag(flags1, 0);
        Ok(Self { by_me })
    }
}

impl crate::Serializable for UserStatusLastMonth {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserStatusLastMonth {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userStatusLastWeek#541a1d1a`, of `UserStatus`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserStatusLastWeek {
    pub by_me: bool,
}

impl crate::Constructor for UserStatusLastWeek {
    const ID: u32 = 0x541a1d1a;
    const NAME: &'static str = "userStatusLastWeek";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.by_me);
        out.extend_from_slice(&flags1.to_le_bytes());
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let by_me = crate::fixed::flag(flags1, 0);
        Ok(Self { by_me })
    }
}

impl crate::Serializable for UserStatusLastWeek {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserStatusLastWeek {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userStatusOffline#008c703f`, of `UserStatus`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserStatusOffline {
    pub was_online: i32,
}

impl crate::Constructor for UserStatusOffline {
    const ID: u32 = 0x008c703f;
    const NAME: &'static str = "userStatusOffline";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.was_online, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let was_online = crate::Deserializable::deserialize(reader)?;
        Ok(Self { was_online })
    }
}

impl crate::Serializable for UserStatusOffline {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserStatusOffline {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userStatusOnline#edb93949`, of `UserStatus`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserStatusOnline {
    pub expires: i32,
}

impl crate::Constructor for UserStatusOnline {
    const ID: u32 = 0xedb93949;
    const NAME: &'static str = "userStatusOnline";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.expires, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let expires = crate::Deserializable::deserialize(reader)?;
        Ok(Self { expires })
    }
}

impl crate::Serializable for UserStatusOnline {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserStatusOnline {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `userStatusRecently#7b197dc8`, of `UserStatus`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UserStatusRecently {
    pub by_me: bool,
}

impl crate::Constructor for UserStatusRecently {
    const ID: u32 = 0x7b197dc8;
    const NAME: &'static str = "userStatusRecently";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.by_me);
        out.extend_from_slice(&flags1.to_le_bytes());
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let by_me = crate::fixed::flag(flags1, 0);
        Ok(Self { by_me })
    }
}

impl crate::Serializable for UserStatusRecently {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserStatusRecently {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `username#b4073647`, of `Username`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Username {
    pub editable: bool,
    pub active: bool,
    pub deletable: bool,
    pub expired: bool,
    pub username: String,
}

impl crate::Constructor for Username {
    const ID: u32 = 0xb4073647;
    const NAME: &'static str = "username";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.editable)
            | u32::from(self.active) << 1
            | u32::from(self.deletable) << 2
            | u32::from(self.expired) << 3;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.username, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let editable = crate::fixed::flag(flags1, 0);
        let active = crate::fixed::flag(flags1, 1);
        let deletable = crate::fixed::flag(flags1, 2);
        let expired = crate::fixed::flag(flags1, 3);
        let username = crate::Deserializable::deserialize(reader)?;
        Ok(Self { editable, active, deletable, expired, username })
    }
}

impl crate::Serializable for Username {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Username {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// Namespace `account`.
pub mod account {

/// `account.password#957b50fb`, of `account.Password`.
#[derive(Clone, PartialEq)]
pub struct Password {
    pub has_recovery: bool,
    pub has_secure_values: bool,
    pub has_password: bool,
    pub current_algo: Option<crate::enums::PasswordKdfAlgo>,
    pub srp_b: Option<Vec<u8>>,
    pub srp_id: Option<i64>,
    pub hint: Option<String>,
    pub email_unconfirmed_pattern: Option<String>,
    pub new_algo: crate::enums::PasswordKdfAlgo,
    pub new_secure_algo: crate::enums::SecurePasswordKdfAlgo,
    pub secure_random: Vec<u8>,
    pub pending_reset_date: Option<i32>,
    pub login_email_pattern: Option<String>,
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Password")
            .field("has_recovery", &self.has_recovery)
            .field("has_secure_values", &self.has_secure_values)
            .field("has_password", &self.has_password)
            .field("current_algo", &self.current_algo)
            .field("srp_B", &format_args!("…"))
            .field("srp_id", &self.srp_id)
            .field("hint", &self.hint)
            .field("email_unconfirmed_pattern", &self.email_unconfirmed_pattern)
            .field("new_algo", &self.new_algo)
            .field("new_secure_algo", &self.new_secure_algo)
            .field("secure_random", &format_args!("…"))
            .field("pending_reset_date", &self.pending_reset_date)
            .field("login_email_pattern", &self.login_email_pattern)
            .finish()
    }
}

impl crate::Constructor for Password {
    const ID: u32 = 0x957b50fb;
    const NAME: &'static str = "account.password";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.has_recovery)
            | u32::from(self.has_secure_values) << 1
            | u32::from(self.current_algo.is_some() && self.srp_b.is_some() && self.srp_id.is_some()) << 2
            | u32::from(self.hint.is_some()) << 3
            | u32::from(self.email_unconfirmed_pattern.is_some()) << 4
            | u32::from(self.pending_reset_date.is_some()) << 5
            | u32::from(self.login_email_pattern.is_some()) << 6;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.current_algo.as_ref(), flags1, 2, out);
        crate::fixed::put(self.srp_b.as_ref(), flags1, 2, out);
        crate::fixed::put(self.srp_id.as_ref(), flags1, 2, out);
        crate::fixed::put(self.hint.as_ref(), flags1, 3, out);
        crate::fixed::put(self.email_unconfirmed_pattern.as_ref(), flags1, 4, out);
        crate::Serializable::serialize(&self.new_algo, out);
        crate::Serializable::serialize(&self.new_secure_algo, out);
        crate::Serializable::serialize(&self.secure_random, out);
        crate::fixed::put(self.pending_reset_date.as_ref(), flags1, 5, out);
        crate::fixed::put(self.login_email_pattern.as_ref(), flags1, 6, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let has_recovery = crate::fixed::flag(flags1, 0);
        let has_secure_values = crate::fixed::flag(flags1, 1);
        let has_password = crate::fixed::flag(flags1, 2);
        let current_algo = crate::fixed::optional(reader, flags1, 2)?;
        let srp_b = crate::fixed::optional(reader, flags1, 2)?;
        let srp_id = crate::fixed::optional(reader, flags1, 2)?;
        let hint = crate::fixed::optional(reader, flags1, 3)?;
        let email_unconfirmed_pattern = crate::fixed::optional(reader, flags1, 4)?;
        let new_algo = crate::Deserializable::deserialize(reader)?;
        let new_secure_algo = crate::Deserializable::deserialize(reader)?;
        let secure_random = crate::Deserializable::deserialize(reader)?;
        let pending_reset_date = crate::fixed::optional(reader, flags1, 5)?;
        let login_email_pattern = crate::fixed::optional(reader, flags1, 6)?;
        Ok(Self { has_recovery, has_secure_values, has_password, current_algo, srp_b, srp_id, hint, email_unconfirmed_pattern, new_algo, new_secure_algo, secure_random, pending_reset_date, login_email_pattern })
    }
}

impl crate::Serializable for Password {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Password {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `auth`.
pub mod auth {

/// `auth.authorization#2ea2c0d4`, of `auth.Authorization`.
#[derive(Clone, PartialEq)]
pub struct Authorization {
    pub setup_password_required: bool,
    pub otherwise_relogin_days: Option<i32>,
    pub tmp_sessions: Option<i32>,
    pub future_auth_token: Option<Vec<u8>>,
    pub user: crate::enums::User,
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authorization")
            .field("setup_password_required", &self.setup_password_required)
            .field("otherwise_relogin_days", &self.otherwise_relogin_days)
            .field("tmp_sessions", &self.tmp_sessions)
            .field("future_auth_token", &format_args!("…"))
            .field("user", &self.user)
            .finish()
    }
}

impl crate::Constructor for Authorization {
    const ID: u32 = 0x2ea2c0d4;
    const NAME: &'static str = "auth.authorization";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.tmp_sessions.is_some())
            | u32::from(self.otherwise_relogin_days.is_some()) << 1
            | u32::from(self.future_auth_token.is_some()) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.otherwise_relogin_days.as_ref(), flags1, 1, out);
        crate::fixed::put(self.tmp_sessions.as_ref(), flags1, 0, out);
        crate::fixed::put(self.future_auth_token.as_ref(), flags1, 2, out);
        crate::Serializable::serialize(&self.user, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let setup_password_required = crate::fixed::flag(flags1, 1);
        let otherwise_relogin_days = crate::fixed::optional(reader, flags1, 1)?;
        let tmp_sessions = crate::fixed::optional(reader, flags1, 0)?;
        let future_auth_token = crate::fixed::optional(reader, flags1, 2)?;
        let user = crate::Deserializable::deserialize(reader)?;
        Ok(Self { setup_password_required, otherwise_relogin_days, tmp_sessions, future_auth_token, user })
    }
}

impl crate::Serializable for Authorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Authorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.authorizationSignUpRequired#44747e9a`, of `auth.Authorization`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AuthorizationSignUpRequired {
    pub terms_of_service: Option<crate::types::help::TermsOfService>,
}

impl crate::Constructor for AuthorizationSignUpRequired {
    const ID: u32 = 0x44747e9a;
    const NAME: &'static str = "auth.authorizationSignUpRequired";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.terms_of_service.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.terms_of_service.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let terms_of_service = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { terms_of_service })
    }
}

impl crate::Serializable for AuthorizationSignUpRequired {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for AuthorizationSignUpRequired {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.exportedAuthorization#b434e2b8`, of `auth.ExportedAuthorization`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExportedAuthorization {
    pub id: i64,
    pub bytes: Vec<u8>,
}

impl crate::Constructor for ExportedAuthorization {
    const ID: u32 = 0xb434e2b8;
    const NAME: &'static str = "auth.exportedAuthorization";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.bytes, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        let bytes = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id, bytes })
    }
}

impl crate::Serializable for ExportedAuthorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ExportedAuthorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.loggedOut#c3a2835f`, of `auth.LoggedOut`.
#[derive(Clone, PartialEq, Default)]
pub struct LoggedOut {
    pub future_auth_token: Option<Vec<u8>>,
}

impl std::fmt::Debug for LoggedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoggedOut")
            .field("future_auth_token", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for LoggedOut {
    const ID: u32 = 0xc3a2835f;
    const NAME: &'static str = "auth.loggedOut";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.future_auth_token.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.future_auth_token.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let future_auth_token = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { future_auth_token })
    }
}

impl crate::Serializable for LoggedOut {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LoggedOut {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.loginToken#629f1980`, of `auth.LoginToken`.
#[derive(Clone, PartialEq, Default)]
pub struct LoginToken {
    pub expires: i32,
    pub token: Vec<u8>,
}

impl std::fmt::Debug for LoginToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginToken")
            .field("expires", &self.expires)
            .field("token", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for LoginToken {
    const ID: u32 = 0x629f1980;
    const NAME: &'static str = "auth.loginToken";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.expires, out);
        crate::Serializable::serialize(&self.token, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let expires = crate::Deserializable::deserialize(reader)?;
        let token = crate::Deserializable::deserialize(reader)?;
        Ok(Self { expires, token })
    }
}

impl crate::Serializable for LoginToken {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LoginToken {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.loginTokenMigrateTo#068e9916`, of `auth.LoginToken`.
#[derive(Clone, PartialEq, Default)]
pub struct LoginTokenMigrateTo {
    pub dc_id: i32,
    pub token: Vec<u8>,
}

impl std::fmt::Debug for LoginTokenMigrateTo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginTokenMigrateTo")
            .field("dc_id", &self.dc_id)
            .field("token", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for LoginTokenMigrateTo {
    const ID: u32 = 0x068e9916;
    const NAME: &'static str = "auth.loginTokenMigrateTo";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.dc_id, out);
        crate::Serializable::serialize(&self.token, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let dc_id = crate::Deserializable::deserialize(reader)?;
        let token = crate::Deserializable::deserialize(reader)?;
        Ok(Self { dc_id, token })
    }
}

impl crate::Serializable for LoginTokenMigrateTo {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LoginTokenMigrateTo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.loginTokenSuccess#390d5c5e`, of `auth.LoginToken`.
#[derive(Clone, PartialEq, Debug)]
pub struct LoginTokenSuccess {
    pub authorization: crate::enums::auth::Authorization,
}

impl crate::Constructor for LoginTokenSuccess {
    const ID: u32 = 0x390d5c5e;
    const NAME: &'static str = "auth.loginTokenSuccess";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.authorization, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let authorization = crate::Deserializable::deserialize(reader)?;
        Ok(Self { authorization })
    }
}

impl crate::Serializable for LoginTokenSuccess {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LoginTokenSuccess {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCode#5e002502`, of `auth.SentCode`.
#[derive(Clone, PartialEq)]
pub struct SentCode {
    pub r#type: crate::enums::auth::SentCodeType,
    pub phone_code_hash: String,
    pub next_type: Option<crate::enums::auth::CodeType>,
    pub timeout: Option<i32>,
}

impl std::fmt::Debug for SentCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SentCode")
            .field("type", &self.r#type)
            .field("phone_code_hash", &format_args!("…"))
            .field("next_type", &self.next_type)
            .field("timeout", &self.timeout)
            .finish()
    }
}

impl crate::Constructor for SentCode {
    const ID: u32 = 0x5e002502;
    const NAME: &'static str = "auth.sentCode";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.next_type.is_some()) << 1
            | u32::from(self.timeout.is_some()) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.r#type, out);
        crate::Serializable::serialize(&self.phone_code_hash, out);
        crate::fixed::put(self.next_type.as_ref(), flags1, 1, out);
        crate::fixed::put(self.timeout.as_ref(), flags1, 2, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let r#type = crate::Deserializable::deserialize(reader)?;
        let phone_code_hash = crate::Deserializable::deserialize(reader)?;
        let next_type = crate::fixed::optional(reader, flags1, 1)?;
        let timeout = crate::fixed::optional(reader, flags1, 2)?;
        Ok(Self { r#type, phone_code_hash, next_type, timeout })
    }
}

impl crate::Serializable for SentCode {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCode {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodePaymentRequired#f8827ebf`, of `auth.SentCode`.
#[derive(Clone, PartialEq, Default)]
pub struct SentCodePaymentRequired {
    pub store_product: String,
    pub phone_code_hash: String,
    pub support_email_address: String,
    pub support_email_subject: String,
    pub premium_days: i32,
    pub currency: String,
    pub amount: i64,
}

impl std::fmt::Debug for SentCodePaymentRequired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SentCodePaymentRequired")
            .field("store_product", &self.store_product)
            .field("phone_code_hash", &format_args!("…"))
            .field("support_email_address", &self.support_email_address)
            .field("support_email_subject", &self.support_email_subject)
            .field("premium_days", &self.premium_days)
            .field("currency", &self.currency)
            .field("amount", &self.amount)
            .finish()
    }
}

impl crate::Constructor for SentCodePaymentRequired {
    const ID: u32 = 0xf8827ebf;
    const NAME: &'static str = "auth.sentCodePaymentRequired";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.store_product, out);
        crate::Serializable::serialize(&self.phone_code_hash, out);
        crate::Serializable::serialize(&self.support_email_address, out);
        crate::Serializable::serialize(&self.support_email_subject, out);
        crate::Serializable::serialize(&self.premium_days, out);
        crate::Serializable::serialize(&self.currency, out);
        crate::Serializable::serialize(&self.amount, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let store_product = crate::Deserializable::deserialize(reader)?;
        let phone_code_hash = crate::Deserializable::deserialize(reader)?;
        let support_email_address = crate::Deserializable::deserialize(reader)?;
        let support_email_subject = crate::Deserializable::deserialize(reader)?;
        let premium_days = crate::Deserializable::deserialize(reader)?;
        let currency = crate::Deserializable::deserialize(reader)?;
        let amount = crate::Deserializable::deserialize(reader)?;
        Ok(Self { store_product, phone_code_hash, support_email_address, support_email_subject, premium_days, currency, amount })
    }
}

impl crate::Serializable for SentCodePaymentRequired {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodePaymentRequired {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeSuccess#2390fe44`, of `auth.SentCode`.
#[derive(Clone, PartialEq, Debug)]
pub struct SentCodeSuccess {
    pub authorization: crate::enums::auth::Authorization,
}

impl crate::Constructor for SentCodeSuccess {
    const ID: u32 = 0x2390fe44;
    const NAME: &'static str = "auth.sentCodeSuccess";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.authorization, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let authorization = crate::Deserializable::deserialize(reader)?;
        Ok(Self { authorization })
    }
}

impl crate::Serializable for SentCodeSuccess {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeSuccess {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeApp#3dbb5986`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeApp {
    pub length: i32,
}

impl crate::Constructor for SentCodeTypeApp {
    const ID: u32 = 0x3dbb5986;
    const NAME: &'static str = "auth.sentCodeTypeApp";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { length })
    }
}

impl crate::Serializable for SentCodeTypeApp {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeApp {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeCall#5353e5a7`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeCall {
    pub length: i32,
}

impl crate::Constructor for SentCodeTypeCall {
    const ID: u32 = 0x5353e5a7;
    const NAME: &'static str = "auth.sentCodeTypeCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { length })
    }
}

impl crate::Serializable for SentCodeTypeCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeEmailCode#f450f59b`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeEmailCode {
    pub apple_signin_allowed: bool,
    pub google_signin_allowed: bool,
    pub email_pattern: String,
    pub length: i32,
    pub reset_available_period: Option<i32>,
    pub reset_pending_date: Option<i32>,
}

impl crate::Constructor for SentCodeTypeEmailCode {
    const ID: u32 = 0xf450f59b;
    const NAME: &'static str = "auth.sentCodeTypeEmailCode";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.apple_signin_allowed)
            | u32::from(self.google_signin_allowed) << 1
            | u32::from(self.reset_available_period.is_some()) << 3
            | u32::from(self.reset_pending_date.is_some()) << 4;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.email_pattern, out);
        crate::Serializable::serialize(&self.length, out);
        crate::fixed::put(self.reset_available_period.as_ref(), flags1, 3, out);
        crate::fixed::put(self.reset_pending_date.as_ref(), flags1, 4, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let apple_signin_allowed = crate::fixed::flag(flags1, 0);
        let google_signin_allowed = crate::fixed::flag(flags1, 1);
        let email_pattern = crate::Deserializable::deserialize(reader)?;
        let length = crate::Deserializable::deserialize(reader)?;
        let reset_available_period = crate::fixed::optional(reader, flags1, 3)?;
        let reset_pending_date = crate::fixed::optional(reader, flags1, 4)?;
        Ok(Self { apple_signin_allowed, google_signin_allowed, email_pattern, length, reset_available_period, reset_pending_date })
    }
}

impl crate::Serializable for SentCodeTypeEmailCode {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeEmailCode {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeFirebaseSms#009fd736`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeFirebaseSms {
    pub nonce: Option<Vec<u8>>,
    pub play_integrity_project_id: Option<i64>,
    pub play_integrity_nonce: Option<Vec<u8>>,
    pub receipt: Option<String>,
    pub push_timeout: Option<i32>,
    pub length: i32,
}

impl crate::Constructor for SentCodeTypeFirebaseSms {
    const ID: u32 = 0x009fd736;
    const NAME: &'static str = "auth.sentCodeTypeFirebaseSms";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.nonce.is_some())
            | u32::from(self.receipt.is_some() && self.push_timeout.is_some()) << 1
            | u32::from(self.play_integrity_project_id.is_some() && self.play_integrity_nonce.is_some()) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.nonce.as_ref(), flags1, 0, out);
        crate::fixed::put(self.play_integrity_project_id.as_ref(), flags1, 2, out);
        crate::fixed::put(self.play_integrity_nonce.as_ref(), flags1, 2, out);
        crate::fixed::put(self.receipt.as_ref(), flags1, 1, out);
        crate::fixed::put(self.push_timeout.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let nonce = crate::fixed::optional(reader, flags1, 0)?;
        let play_integrity_project_id = crate::fixed::optional(reader, flags1, 2)?;
        let play_integrity_nonce = crate::fixed::optional(reader, flags1, 2)?;
        let receipt = crate::fixed::optional(reader, flags1, 1)?;
        let push_timeout = crate::fixed::optional(reader, flags1, 1)?;
        let length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, play_integrity_project_id, play_integrity_nonce, receipt, push_timeout, length })
    }
}

impl crate::Serializable for SentCodeTypeFirebaseSms {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeFirebaseSms {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeFlashCall#ab03c6d9`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeFlashCall {
    pub pattern: String,
}

impl crate::Constructor for SentCodeTypeFlashCall {
    const ID: u32 = 0xab03c6d9;
    const NAME: &'static str = "auth.sentCodeTypeFlashCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pattern, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pattern = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pattern })
    }
}

impl crate::Serializable for SentCodeTypeFlashCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeFlashCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeFragmentSms#d9565c39`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeFragmentSms {
    pub url: String,
    pub length: i32,
}

impl crate::Constructor for SentCodeTypeFragmentSms {
    const ID: u32 = 0xd9565c39;
    const NAME: &'static str = "auth.sentCodeTypeFragmentSms";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.url, out);
        crate::Serializable::serialize(&self.length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let url = crate::Deserializable::deserialize(reader)?;
        let length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { url, length })
    }
}

impl crate::Serializable for SentCodeTypeFragmentSms {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeFragmentSms {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeMissedCall#82006484`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeMissedCall {
    pub prefix: String,
    pub length: i32,
}

impl crate::Constructor for SentCodeTypeMissedCall {
    const ID: u32 = 0x82006484;
    const NAME: &'static str = "auth.sentCodeTypeMissedCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.prefix, out);
        crate::Serializable::serialize(&self.length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let prefix = crate::Deserializable::deserialize(reader)?;
        let length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { prefix, length })
    }
}

impl crate::Serializable for SentCodeTypeMissedCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeMissedCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeSetUpEmailRequired#a5491dea`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeSetUpEmailRequired {
    pub apple_signin_allowed: bool,
    pub google_signin_allowed: bool,
}

impl crate::Constructor for SentCodeTypeSetUpEmailRequired {
    const ID: u32 = 0xa5491dea;
    const NAME: &'static str = "auth.sentCodeTypeSetUpEmailRequired";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.apple_signin_allowed)
            | u32::from(self.google_signin_allowed) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let apple_signin_allowed = crate::fixed::flag(flags1, 0);
        let google_signin_allowed = crate::fixed::flag(flags1, 1);
        Ok(Self { apple_signin_allowed, google_signin_allowed })
    }
}

impl crate::Serializable for SentCodeTypeSetUpEmailRequired {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeSetUpEmailRequired {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeSms#c000bba2`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeSms {
    pub length: i32,
}

impl crate::Constructor for SentCodeTypeSms {
    const ID: u32 = 0xc000bba2;
    const NAME: &'static str = "auth.sentCodeTypeSms";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { length })
    }
}

impl crate::Serializable for SentCodeTypeSms {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeSms {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeSmsPhrase#b37794af`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeSmsPhrase {
    pub beginning: Option<String>,
}

impl crate::Constructor for SentCodeTypeSmsPhrase {
    const ID: u32 = 0xb37794af;
    const NAME: &'static str = "auth.sentCodeTypeSmsPhrase";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.beginning.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.beginning.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let beginning = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { beginning })
    }
}

impl crate::Serializable for SentCodeTypeSmsPhrase {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeSmsPhrase {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `auth.sentCodeTypeSmsWord#a416ac81`, of `auth.SentCodeType`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SentCodeTypeSmsWord {
    pub beginning: Option<String>,
}

impl crate::Constructor for SentCodeTypeSmsWord {
    const ID: u32 = 0xa416ac81;
    const NAME: &'static str = "auth.sentCodeTypeSmsWord";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.beginning.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.beginning.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let beginning = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { beginning })
    }
}

impl crate::Serializable for SentCodeTypeSmsWord {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SentCodeTypeSmsWord {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `contacts`.
pub mod contacts {

/// `contacts.contacts#eae87e42`, of `contacts.Contacts`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Contacts {
    pub contacts: Vec<crate::types::Contact>,
    pub saved_count: i32,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for Contacts {
    const ID: u32 = 0xeae87e42;
    const NAME: &'static str = "contacts.contacts";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.contacts, out);
        crate::Serializable::serialize(&self.saved_count, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let contacts = crate::Deserializable::deserialize(reader)?;
        let saved_count = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { contacts, saved_count, users })
    }
}

impl crate::Serializable for Contacts {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Contacts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `contacts.importedContacts#77d01c3b`, of `contacts.ImportedContacts`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportedContacts {
    pub imported: Vec<crate::types::ImportedContact>,
    pub popular_invites: Vec<crate::types::PopularContact>,
    pub retry_contacts: Vec<i64>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for ImportedContacts {
    const ID: u32 = 0x77d01c3b;
    const NAME: &'static str = "contacts.importedContacts";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.imported, out);
        crate::Serializable::serialize(&self.popular_invites, out);
        crate::Serializable::serialize(&self.retry_contacts, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let imported = crate::Deserializable::deserialize(reader)?;
        let popular_invites = crate::Deserializable::deserialize(reader)?;
        let retry_contacts = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { imported, popular_invites, retry_contacts, users })
    }
}

impl crate::Serializable for ImportedContacts {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ImportedContacts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `contacts.resolvedPeer#7f077ad9`, of `contacts.ResolvedPeer`.
#[derive(Clone, PartialEq, Debug)]
pub struct ResolvedPeer {
    pub peer: crate::enums::Peer,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for ResolvedPeer {
    const ID: u32 = 0x7f077ad9;
    const NAME: &'static str = "contacts.resolvedPeer";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, chats, users })
    }
}

impl crate::Serializable for ResolvedPeer {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ResolvedPeer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `help`.
pub mod help {

/// `help.termsOfService#780a0310`, of `help.TermsOfService`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TermsOfService {
    pub popup: bool,
    pub id: crate::types::DataJSON,
    pub text: String,
    pub entities: Vec<crate::Value>,
    pub min_age_confirm: Option<i32>,
}

impl crate::Constructor for TermsOfService {
    const ID: u32 = 0x780a0310;
    const NAME: &'static str = "help.termsOfService";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.popup)
            | u32::from(self.min_age_confirm.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.text, out);
        crate::Serializable::serialize(&self.entities, out);
        crate::fixed::put(self.min_age_confirm.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let popup = crate::fixed::flag(flags1, 0);
        let id = crate::Deserializable::deserialize(reader)?;
        let text = crate::Deserializable::deserialize(reader)?;
        let entities = crate::Deserializable::deserialize(reader)?;
        let min_age_confirm = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { popup, id, text, entities, min_age_confirm })
    }
}

impl crate::Serializable for TermsOfService {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for TermsOfService {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `messages`.
pub mod messages {

/// `messages.affectedMessages#84d19185`, of `messages.AffectedMessages`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AffectedMessages {
    pub pts: i32,
    pub pts_count: i32,
}

impl crate::Constructor for AffectedMessages {
    const ID: u32 = 0x84d19185;
    const NAME: &'static str = "messages.affectedMessages";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.pts_count, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_count = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pts, pts_count })
    }
}

impl crate::Serializable for AffectedMessages {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for AffectedMessages {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messages.dhConfig#2c221edd`, of `messages.DhConfig`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DhConfig {
    pub g: i32,
    pub p: Vec<u8>,
    pub version: i32,
    pub random: Vec<u8>,
}

impl crate::Constructor for DhConfig {
    const ID: u32 = 0x2c221edd;
    const NAME: &'static str = "messages.dhConfig";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.g, out);
        crate::Serializable::serialize(&self.p, out);
        crate::Serializable::serialize(&self.version, out);
        crate::Serializable::serialize(&self.random, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let g = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        let version = crate::Deserializable::deserialize(reader)?;
        let random = crate::Deserializable::deserialize(reader)?;
        Ok(Self { g, p, version, random })
    }
}

impl crate::Serializable for DhConfig {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DhConfig {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messages.dhConfigNotModified#c0e24635`, of `messages.DhConfig`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DhConfigNotModified {
    pub random: Vec<u8>,
}

impl crate::Constructor for DhConfigNotModified {
    const ID: u32 = 0xc0e24635;
    const NAME: &'static str = "messages.dhConfigNotModified";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.random, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let random = crate::Deserializable::deserialize(reader)?;
        Ok(Self { random })
    }
}

impl crate::Serializable for DhConfigNotModified {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DhConfigNotModified {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messages.dialogs#15ba6c40`, of `messages.Dialogs`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Dialogs {
    pub dialogs: Vec<crate::Value>,
    pub messages: Vec<crate::enums::Message>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for Dialogs {
    const ID: u32 = 0x15ba6c40;
    const NAME: &'static str = "messages.dialogs";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.dialogs, out);
        crate::Serializable::serialize(&self.messages, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let dialogs = crate::Deserializable::deserialize(reader)?;
        let messages = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { dialogs, messages, chats, users })
    }
}

impl crate::Serializable for Dialogs {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Dialogs {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messages.dialogsSlice#71e094f3`, of `messages.Dialogs`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DialogsSlice {
    pub count: i32,
    pub dialogs: Vec<crate::Value>,
    pub messages: Vec<crate::enums::Message>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for DialogsSlice {
    const ID: u32 = 0x71e094f3;
    const NAME: &'static str = "messages.dialogsSlice";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.count, out);
        crate::Serializable::serialize(&self.dialogs, out);
        crate::Serializable::serialize(&self.messages, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let count = crate::Deserializable::deserialize(reader)?;
        let dialogs = crate::Deserializable::deserialize(reader)?;
        let messages = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { count, dialogs, messages, chats, users })
    }
}

impl crate::Serializable for DialogsSlice {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DialogsSlice {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messages.messages#1d73e7ea`, of `messages.Messages`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Messages {
    pub messages: Vec<crate::enums::Message>,
    pub topics: Vec<crate::Value>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for Messages {
    const ID: u32 = 0x1d73e7ea;
    const NAME: &'static str = "messages.messages";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.messages, out);
        crate::Serializable::serialize(&self.topics, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let messages = crate::Deserializable::deserialize(reader)?;
        let topics = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { messages, topics, chats, users })
    }
}

impl crate::Serializable for Messages {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Messages {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `messages.messagesSlice#5f206716`, of `messages.Messages`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MessagesSlice {
    pub inexact: bool,
    pub count: i32,
    pub next_rate: Option<i32>,
    pub offset_id_offset: Option<i32>,
    pub search_flood: Option<crate::Value>,
    pub messages: Vec<crate::enums::Message>,
    pub topics: Vec<crate::Value>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for MessagesSlice {
    const ID: u32 = 0x5f206716;
    const NAME: &'static str = "messages.messagesSlice";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.next_rate.is_some())
            | u32::from(self.inexact) << 1
            | u32::from(self.offset_id_offset.is_some()) << 2
            | u32::from(self.search_flood.is_some()) << 3;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.count, out);
        crate::fixed::put(self.next_rate.as_ref(), flags1, 0, out);
        crate::fixed::put(self.offset_id_offset.as_ref(), flags1, 2, out);
        crate::fixed::put(self.search_flood.as_ref(), flags1, 3, out);
        crate::Serializable::serialize(&self.messages, out);
        crate::Serializable::serialize(&self.topics, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let inexact = crate::fixed::flag(flags1, 1);
        let count = crate::Deserializable::deserialize(reader)?;
        let next_rate = crate::fixed::optional(reader, flags1, 0)?;
        let offset_id_offset = crate::fixed::optional(reader, flags1, 2)?;
        let search_flood = crate::fixed::optional(reader, flags1, 3)?;
        let messages = crate::Deserializable::deserialize(reader)?;
        let topics = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { inexact, count, next_rate, offset_id_offset, search_flood, messages, topics, chats, users })
    }
}

impl crate::Serializable for MessagesSlice {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MessagesSlice {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `phone`.
pub mod phone {

/// `phone.exportedGroupCallInvite#204bd158`, of `phone.ExportedGroupCallInvite`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExportedGroupCallInvite {
    pub link: String,
}

impl crate::Constructor for ExportedGroupCallInvite {
    const ID: u32 = 0x204bd158;
    const NAME: &'static str = "phone.exportedGroupCallInvite";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.link, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let link = crate::Deserializable::deserialize(reader)?;
        Ok(Self { link })
    }
}

impl crate::Serializable for ExportedGroupCallInvite {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ExportedGroupCallInvite {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.groupCall#9e727aad`, of `phone.GroupCall`.
#[derive(Clone, PartialEq, Debug)]
pub struct GroupCall {
    pub call: crate::enums::GroupCall,
    pub participants: Vec<crate::types::GroupCallParticipant>,
    pub participants_next_offset: String,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for GroupCall {
    const ID: u32 = 0x9e727aad;
    const NAME: &'static str = "phone.groupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.participants, out);
        crate::Serializable::serialize(&self.participants_next_offset, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let participants = crate::Deserializable::deserialize(reader)?;
        let participants_next_offset = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, participants, participants_next_offset, chats, users })
    }
}

impl crate::Serializable for GroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.groupCallStars#9d1dbd26`, of `phone.GroupCallStars`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallStars {
    pub total_stars: i64,
    pub top_donors: Vec<crate::Value>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for GroupCallStars {
    const ID: u32 = 0x9d1dbd26;
    const NAME: &'static str = "phone.groupCallStars";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.total_stars, out);
        crate::Serializable::serialize(&self.top_donors, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let total_stars = crate::Deserializable::deserialize(reader)?;
        let top_donors = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { total_stars, top_donors, chats, users })
    }
}

impl crate::Serializable for GroupCallStars {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallStars {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.groupCallStreamChannels#d0e482b2`, of `phone.GroupCallStreamChannels`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallStreamChannels {
    pub channels: Vec<crate::types::GroupCallStreamChannel>,
}

impl crate::Constructor for GroupCallStreamChannels {
    const ID: u32 = 0xd0e482b2;
    const NAME: &'static str = "phone.groupCallStreamChannels";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.channels, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let channels = crate::Deserializable::deserialize(reader)?;
        Ok(Self { channels })
    }
}

impl crate::Serializable for GroupCallStreamChannels {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallStreamChannels {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.groupCallStreamRtmpUrl#2dbf3432`, of `phone.GroupCallStreamRtmpUrl`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupCallStreamRtmpUrl {
    pub url: String,
    pub key: String,
}

impl crate::Constructor for GroupCallStreamRtmpUrl {
    const ID: u32 = 0x2dbf3432;
    const NAME: &'static str = "phone.groupCallStreamRtmpUrl";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.url, out);
        crate::Serializable::serialize(&self.key, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let url = crate::Deserializable::deserialize(reader)?;
        let key = crate::Deserializable::deserialize(reader)?;
        Ok(Self { url, key })
    }
}

impl crate::Serializable for GroupCallStreamRtmpUrl {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupCallStreamRtmpUrl {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.groupParticipants#f47751b6`, of `phone.GroupParticipants`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GroupParticipants {
    pub count: i32,
    pub participants: Vec<crate::types::GroupCallParticipant>,
    pub next_offset: String,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
    pub version: i32,
}

impl crate::Constructor for GroupParticipants {
    const ID: u32 = 0xf47751b6;
    const NAME: &'static str = "phone.groupParticipants";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.count, out);
        crate::Serializable::serialize(&self.participants, out);
        crate::Serializable::serialize(&self.next_offset, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
        crate::Serializable::serialize(&self.version, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let count = crate::Deserializable::deserialize(reader)?;
        let participants = crate::Deserializable::deserialize(reader)?;
        let next_offset = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        let version = crate::Deserializable::deserialize(reader)?;
        Ok(Self { count, participants, next_offset, chats, users, version })
    }
}

impl crate::Serializable for GroupParticipants {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GroupParticipants {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.joinAsPeers#afe5623f`, of `phone.JoinAsPeers`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct JoinAsPeers {
    pub peers: Vec<crate::enums::Peer>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for JoinAsPeers {
    const ID: u32 = 0xafe5623f;
    const NAME: &'static str = "phone.joinAsPeers";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peers, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peers = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peers, chats, users })
    }
}

impl crate::Serializable for JoinAsPeers {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JoinAsPeers {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `phone.phoneCall#ec82e140`, of `phone.PhoneCall`.
#[derive(Clone, PartialEq, Debug)]
pub struct PhoneCall {
    pub phone_call: crate::enums::PhoneCall,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for PhoneCall {
    const ID: u32 = 0xec82e140;
    const NAME: &'static str = "phone.phoneCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone_call, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone_call = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { phone_call, users })
    }
}

impl crate::Serializable for PhoneCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PhoneCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `updates`.
pub mod updates {

/// `updates.difference#00f49ca0`, of `updates.Difference`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Difference {
    pub new_messages: Vec<crate::enums::Message>,
    pub new_encrypted_messages: Vec<crate::Value>,
    pub other_updates: Vec<crate::enums::Update>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
    pub state: crate::types::updates::State,
}

impl crate::Constructor for Difference {
    const ID: u32 = 0x00f49ca0;
    const NAME: &'static str = "updates.difference";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.new_messages, out);
        crate::Serializable::serialize(&self.new_encrypted_messages, out);
        crate::Serializable::serialize(&self.other_updates, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
        crate::Serializable::serialize(&self.state, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let new_messages = crate::Deserializable::deserialize(reader)?;
        let new_encrypted_messages = crate::Deserializable::deserialize(reader)?;
        let other_updates = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        let state = crate::Deserializable::deserialize(reader)?;
        Ok(Self { new_messages, new_encrypted_messages, other_updates, chats, users, state })
    }
}

impl crate::Serializable for Difference {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Difference {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updates.differenceEmpty#5d75a138`, of `updates.Difference`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DifferenceEmpty {
    pub date: i32,
    pub seq: i32,
}

impl crate::Constructor for DifferenceEmpty {
    const ID: u32 = 0x5d75a138;
    const NAME: &'static str = "updates.differenceEmpty";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.seq, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let date = crate::Deserializable::deserialize(reader)?;
        let seq = crate::Deserializable::deserialize(reader)?;
        Ok(Self { date, seq })
    }
}

impl crate::Serializable for DifferenceEmpty {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DifferenceEmpty {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updates.differenceSlice#a8fb1981`, of `updates.Difference`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DifferenceSlice {
    pub new_messages: Vec<crate::enums::Message>,
    pub new_encrypted_messages: Vec<crate::Value>,
    pub other_updates: Vec<crate::enums::Update>,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
    pub intermediate_state: crate::types::updates::State,
}

impl crate::Constructor for DifferenceSlice {
    const ID: u32 = 0xa8fb1981;
    const NAME: &'static str = "updates.differenceSlice";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.new_messages, out);
        crate::Serializable::serialize(&self.new_encrypted_messages, out);
        crate::Serializable::serialize(&self.other_updates, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
        crate::Serializable::serialize(&self.intermediate_state, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let new_messages = crate::Deserializable::deserialize(reader)?;
        let new_encrypted_messages = crate::Deserializable::deserialize(reader)?;
        let other_updates = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        let intermediate_state = crate::Deserializable::deserialize(reader)?;
        Ok(Self { new_messages, new_encrypted_messages, other_updates, chats, users, intermediate_state })
    }
}

impl crate::Serializable for DifferenceSlice {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DifferenceSlice {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updates.differenceTooLong#4afe8f6d`, of `updates.Difference`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DifferenceTooLong {
    pub pts: i32,
}

impl crate::Constructor for DifferenceTooLong {
    const ID: u32 = 0x4afe8f6d;
    const NAME: &'static str = "updates.differenceTooLong";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pts, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pts = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pts })
    }
}

impl crate::Serializable for DifferenceTooLong {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DifferenceTooLong {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `updates.state#a56c2a3e`, of `updates.State`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct State {
    pub pts: i32,
    pub qts: i32,
    pub date: i32,
    pub seq: i32,
    pub unread_count: i32,
}

impl crate::Constructor for State {
    const ID: u32 = 0xa56c2a3e;
    const NAME: &'static str = "updates.state";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pts, out);
        crate::Serializable::serialize(&self.qts, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.seq, out);
        crate::Serializable::serialize(&self.unread_count, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pts = crate::Deserializable::deserialize(reader)?;
        let qts = crate::Deserializable::deserialize(reader)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let seq = crate::Deserializable::deserialize(reader)?;
        let unread_count = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pts, qts, date, seq, unread_count })
    }
}

impl crate::Serializable for State {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for State {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}

/// Namespace `users`.
pub mod users {

/// `users.userFull#3b6d152e`, of `users.UserFull`.
#[derive(Clone, PartialEq, Debug)]
pub struct UserFull {
    pub full_user: crate::types::UserFull,
    pub chats: Vec<crate::Value>,
    pub users: Vec<crate::enums::User>,
}

impl crate::Constructor for UserFull {
    const ID: u32 = 0x3b6d152e;
    const NAME: &'static str = "users.userFull";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.full_user, out);
        crate::Serializable::serialize(&self.chats, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let full_user = crate::Deserializable::deserialize(reader)?;
        let chats = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { full_user, chats, users })
    }
}

impl crate::Serializable for UserFull {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UserFull {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}
}

/// Types of several constructors.
pub mod enums {

/// `GroupCall`.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupCall {
    /// `groupCall`.
    GroupCall(crate::types::GroupCall),
    /// `groupCallDiscarded`.
    Discarded(crate::types::GroupCallDiscarded),
}

impl crate::Serializable for GroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::GroupCall(object) => crate::Serializable::serialize(object, out),
            Self::Discarded(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for GroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xefb2b617 => Self::GroupCall(crate::Constructor::read_fields(reader)?),
            0x7780bcb4 => Self::Discarded(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::GroupCall> for GroupCall {
    fn from(object: crate::types::GroupCall) -> Self {
        Self::GroupCall(object)
    }
}

impl From<crate::types::GroupCallDiscarded> for GroupCall {
    fn from(object: crate::types::GroupCallDiscarded) -> Self {
        Self::Discarded(object)
    }
}

/// `InputChannel`.
#[derive(Clone, Debug, PartialEq)]
pub enum InputChannel {
    /// `inputChannel`.
    InputChannel(crate::types::InputChannel),
    /// `inputChannelEmpty`.
    Empty,
    /// `inputChannelFromMessage`.
    FromMessage(crate::types::InputChannelFromMessage),
}

impl crate::Serializable for InputChannel {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::InputChannel(object) => crate::Serializable::serialize(object, out),
            Self::Empty => out.extend_from_slice(&0xee8c1e86_u32.to_le_bytes()),
            Self::FromMessage(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for InputChannel {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xf35aec28 => Self::InputChannel(crate::Constructor::read_fields(reader)?),
            0xee8c1e86 => Self::Empty,
            0x5b934f9d => Self::FromMessage(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::InputChannel> for InputChannel {
    fn from(object: crate::types::InputChannel) -> Self {
        Self::InputChannel(object)
    }
}

impl From<crate::types::InputChannelFromMessage> for InputChannel {
    fn from(object: crate::types::InputChannelFromMessage) -> Self {
        Self::FromMessage(object)
    }
}

/// `InputCheckPasswordSRP`.
#[derive(Clone, Debug, PartialEq)]
pub enum InputCheckPasswordSRP {
    /// `inputCheckPasswordEmpty`.
    InputCheckPasswordEmpty,
    /// `inputCheckPasswordSRP`.
    InputCheckPasswordSRP(crate::types::InputCheckPasswordSRP),
}

impl crate::Serializable for InputCheckPasswordSRP {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::InputCheckPasswordEmpty => out.extend_from_slice(&0x9880f658_u32.to_le_bytes()),
            Self::InputCheckPasswordSRP(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for InputCheckPasswordSRP {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x9880f658 => Self::InputCheckPasswordEmpty,
            0xd27ff082 => Self::InputCheckPasswordSRP(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::InputCheckPasswordSRP> for InputCheckPasswordSRP {
    fn from(object: crate::types::InputCheckPasswordSRP) -> Self {
        Self::InputCheckPasswordSRP(object)
    }
}

/// `InputGroupCall`.
#[derive(Clone, Debug, PartialEq)]
pub enum InputGroupCall {
    /// `inputGroupCall`.
    InputGroupCall(crate::types::InputGroupCall),
    /// `inputGroupCallInviteMessage`.
    InviteMessage(crate::types::InputGroupCallInviteMessage),
    /// `inputGroupCallSlug`.
    Slug(crate::types::InputGroupCallSlug),
}

impl crate::Serializable for InputGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::InputGroupCall(object) => crate::Serializable::serialize(object, out),
            Self::InviteMessage(object) => crate::Serializable::serialize(object, out),
            Self::Slug(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for InputGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xd8aa840f => Self::InputGroupCall(crate::Constructor::read_fields(reader)?),
            0x8c10603f => Self::InviteMessage(crate::Constructor::read_fields(reader)?),
            0xfe06823f => Self::Slug(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::InputGroupCall> for InputGroupCall {
    fn from(object: crate::types::InputGroupCall) -> Self {
        Self::InputGroupCall(object)
    }
}

impl From<crate::types::InputGroupCallInviteMessage> for InputGroupCall {
    fn from(object: crate::types::InputGroupCallInviteMessage) -> Self {
        Self::InviteMessage(object)
    }
}

impl From<crate::types::InputGroupCallSlug> for InputGroupCall {
    fn from(object: crate::types::InputGroupCallSlug) -> Self {
        Self::Slug(object)
    }
}

/// `InputPeer`.
#[derive(Clone, Debug, PartialEq)]
pub enum InputPeer {
    /// `inputPeerChannel`.
    Channel(crate::types::InputPeerChannel),
    /// `inputPeerChannelFromMessage`.
    ChannelFromMessage(crate::types::InputPeerChannelFromMessage),
    /// `inputPeerChat`.
    Chat(crate::types::InputPeerChat),
    /// `inputPeerEmpty`.
    Empty,
    /// `inputPeerSelf`.
    InputPeerSelf,
    /// `inputPeerUser`.
    User(crate::types::InputPeerUser),
    /// `inputPeerUserFromMessage`.
    UserFromMessage(crate::types::InputPeerUserFromMessage),
}

impl crate::Serializable for InputPeer {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Channel(object) => crate::Serializable::serialize(object, out),
            Self::ChannelFromMessage(object) => crate::Serializable::serialize(object, out),
            Self::Chat(object) => crate::Serializable::serialize(object, out),
            Self::Empty => out.extend_from_slice(&0x7f3b18ea_u32.to_le_bytes()),
            Self::InputPeerSelf => out.extend_from_slice(&0x7da07ec9_u32.to_le_bytes()),
            Self::User(object) => crate::Serializable::serialize(object, out),
            Self::UserFromMessage(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for InputPeer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x27bcbbfc => Self::Channel(crate::Constructor::read_fields(reader)?),
            0xbd2a0840 => Self::ChannelFromMessage(crate::Constructor::read_fields(reader)?),
            0x35a95cb9 => Self::Chat(crate::Constructor::read_fields(reader)?),
            0x7f3b18ea => Self::Empty,
            0x7da07ec9 => Self::InputPeerSelf,
            0xdde8a54c => Self::User(crate::Constructor::read_fields(reader)?),
            0xa87b0a1c => Self::UserFromMessage(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::InputPeerChannel> for InputPeer {
    fn from(object: crate::types::InputPeerChannel) -> Self {
        Self::Channel(object)
    }
}

impl From<crate::types::InputPeerChannelFromMessage> for InputPeer {
    fn from(object: crate::types::InputPeerChannelFromMessage) -> Self {
        Self::ChannelFromMessage(object)
    }
}

impl From<crate::types::InputPeerChat> for InputPeer {
    fn from(object: crate::types::InputPeerChat) -> Self {
        Self::Chat(object)
    }
}

impl From<crate::types::InputPeerUser> for InputPeer {
    fn from(object: crate::types::InputPeerUser) -> Self {
        Self::User(object)
    }
}

impl From<crate::types::InputPeerUserFromMessage> for InputPeer {
    fn from(object: crate::types::InputPeerUserFromMessage) -> Self {
        Self::UserFromMessage(object)
    }
}

/// `InputUser`.
#[derive(Clone, Debug, PartialEq)]
pub enum InputUser {
    /// `inputUser`.
    InputUser(crate::types::InputUser),
    /// `inputUserEmpty`.
    Empty,
    /// `inputUserFromMessage`.
    FromMessage(crate::types::InputUserFromMessage),
    /// `inputUserSelf`.
    InputUserSelf,
}

impl crate::Serializable for InputUser {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::InputUser(object) => crate::Serializable::serialize(object, out),
            Self::Empty => out.extend_from_slice(&0xb98886cf_u32.to_le_bytes()),
            Self::FromMessage(object) => crate::Serializable::serialize(object, out),
            Self::InputUserSelf => out.extend_from_slice(&0xf7c1b13f_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for InputUser {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xf21158c6 => Self::InputUser(crate::Constructor::read_fields(reader)?),
            0xb98886cf => Self::Empty,
            0x1da448e2 => Self::FromMessage(crate::Constructor::read_fields(reader)?),
            0xf7c1b13f => Self::InputUserSelf,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::InputUser> for InputUser {
    fn from(object: crate::types::InputUser) -> Self {
        Self::InputUser(object)
    }
}

impl From<crate::types::InputUserFromMessage> for InputUser {
    fn from(object: crate::types::InputUserFromMessage) -> Self {
        Self::FromMessage(object)
    }
}

/// `JSONValue`.
#[derive(Clone, Debug, PartialEq)]
pub enum JSONValue {
    /// `jsonArray`.
    JsonArray(crate::types::JsonArray),
    /// `jsonBool`.
    JsonBool(crate::types::JsonBool),
    /// `jsonNull`.
    JsonNull,
    /// `jsonNumber`.
    JsonNumber(crate::types::JsonNumber),
    /// `jsonObject`.
    JsonObject(crate::types::JsonObject),
    /// `jsonString`.
    JsonString(crate::types::JsonString),
}

impl crate::Serializable for JSONValue {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::JsonArray(object) => crate::Serializable::serialize(object, out),
            Self::JsonBool(object) => crate::Serializable::serialize(object, out),
            Self::JsonNull => out.extend_from_slice(&0x3f6d7b68_u32.to_le_bytes()),
            Self::JsonNumber(object) => crate::Serializable::serialize(object, out),
            Self::JsonObject(object) => crate::Serializable::serialize(object, out),
            Self::JsonString(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for JSONValue {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xf7444763 => Self::JsonArray(crate::Constructor::read_fields(reader)?),
            0xc7345e6a => Self::JsonBool(crate::Constructor::read_fields(reader)?),
            0x3f6d7b68 => Self::JsonNull,
            0x2be0dfa4 => Self::JsonNumber(crate::Constructor::read_fields(reader)?),
            0x99c1d49d => Self::JsonObject(crate::Constructor::read_fields(reader)?),
            0xb71e767a => Self::JsonString(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::JsonArray> for JSONValue {
    fn from(object: crate::types::JsonArray) -> Self {
        Self::JsonArray(object)
    }
}

impl From<crate::types::JsonBool> for JSONValue {
    fn from(object: crate::types::JsonBool) -> Self {
        Self::JsonBool(object)
    }
}

impl From<crate::types::JsonNumber> for JSONValue {
    fn from(object: crate::types::JsonNumber) -> Self {
        Self::JsonNumber(object)
    }
}

impl From<crate::types::JsonObject> for JSONValue {
    fn from(object: crate::types::JsonObject) -> Self {
        Self::JsonObject(object)
    }
}

impl From<crate::types::JsonString> for JSONValue {
    fn from(object: crate::types::JsonString) -> Self {
        Self::JsonString(object)
    }
}

/// `Message`.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// `message`.
    Message(crate::types::Message),
    /// `messageEmpty`.
    Empty(crate::types::MessageEmpty),
    /// `messageService`.
    Service(crate::types::MessageService),
}

impl crate::Serializable for Message {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Message(object) => crate::Serializable::serialize(object, out),
            Self::Empty(object) => crate::Serializable::serialize(object, out),
            Self::Service(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for Message {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x7600b9d3 => Self::Message(crate::Constructor::read_fields(reader)?),
            0x90a6ca84 => Self::Empty(crate::Constructor::read_fields(reader)?),
            0x7a800e0a => Self::Service(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::Message> for Message {
    fn from(object: crate::types::Message) -> Self {
        Self::Message(object)
    }
}

impl From<crate::types::MessageEmpty> for Message {
    fn from(object: crate::types::MessageEmpty) -> Self {
        Self::Empty(object)
    }
}

impl From<crate::types::MessageService> for Message {
    fn from(object: crate::types::MessageService) -> Self {
        Self::Service(object)
    }
}

/// `MessageAction`.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageAction {
    /// `messageActionPhoneCall`.
    PhoneCall(crate::types::MessageActionPhoneCall),
    /// Any other constructor of the type.
    Other(crate::Value),
}

impl crate::Serializable for MessageAction {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::PhoneCall(object) => crate::Serializable::serialize(object, out),
            Self::Other(value) => crate::Serializable::serialize(value, out),
        }
    }
}

impl crate::Deserializable for MessageAction {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x80e11a7f => Self::PhoneCall(crate::Constructor::read_fields(reader)?),
            id => Self::Other(crate::fixed::other(reader, id, at, "MessageAction")?),
        }))
    }
}

impl From<crate::types::MessageActionPhoneCall> for MessageAction {
    fn from(object: crate::types::MessageActionPhoneCall) -> Self {
        Self::PhoneCall(object)
    }
}

/// `PasswordKdfAlgo`.
#[derive(Clone, Debug, PartialEq)]
pub enum PasswordKdfAlgo {
    /// `passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow`.
    SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(crate::types::PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow),
    /// `passwordKdfAlgoUnknown`.
    Unknown,
}

impl crate::Serializable for PasswordKdfAlgo {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(object) => crate::Serializable::serialize(object, out),
            Self::Unknown => out.extend_from_slice(&0xd45ab096_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for PasswordKdfAlgo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x3a912d4a => Self::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(crate::Constructor::read_fields(reader)?),
            0xd45ab096 => Self::Unknown,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow> for PasswordKdfAlgo {
    fn from(object: crate::types::PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow) -> Self {
        Self::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(object)
    }
}

/// `Peer`.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// `peerChannel`.
    Channel(crate::types::PeerChannel),
    /// `peerChat`.
    Chat(crate::types::PeerChat),
    /// `peerUser`.
    User(crate::types::PeerUser),
}

impl crate::Serializable for Peer {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Channel(object) => crate::Serializable::serialize(object, out),
            Self::Chat(object) => crate::Serializable::serialize(object, out),
            Self::User(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for Peer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xa2a5371e => Self::Channel(crate::Constructor::read_fields(reader)?),
            0x36c6019a => Self::Chat(crate::Constructor::read_fields(reader)?),
            0x59511722 => Self::User(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::PeerChannel> for Peer {
    fn from(object: crate::types::PeerChannel) -> Self {
        Self::Channel(object)
    }
}

impl From<crate::types::PeerChat> for Peer {
    fn from(object: crate::types::PeerChat) -> Self {
        Self::Chat(object)
    }
}

impl From<crate::types::PeerUser> for Peer {
    fn from(object: crate::types::PeerUser) -> Self {
        Self::User(object)
    }
}

/// `PhoneCall`.
#[derive(Clone, Debug, PartialEq)]
pub enum PhoneCall {
    /// `phoneCall`.
    PhoneCall(crate::types::PhoneCall),
    /// `phoneCallAccepted`.
    Accepted(crate::types::PhoneCallAccepted),
    /// `phoneCallDiscarded`.
    Discarded(crate::types::PhoneCallDiscarded),
    /// `phoneCallEmpty`.
    Empty(crate::types::PhoneCallEmpty),
    /// `phoneCallRequested`.
    Requested(crate::types::PhoneCallRequested),
    /// `phoneCallWaiting`.
    Waiting(crate::types::PhoneCallWaiting),
}

impl crate::Serializable for PhoneCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::PhoneCall(object) => crate::Serializable::serialize(object, out),
            Self::Accepted(object) => crate::Serializable::serialize(object, out),
            Self::Discarded(object) => crate::Serializable::serialize(object, out),
            Self::Empty(object) => crate::Serializable::serialize(object, out),
            Self::Requested(object) => crate::Serializable::serialize(object, out),
            Self::Waiting(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for PhoneCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x30535af5 => Self::PhoneCall(crate::Constructor::read_fields(reader)?),
            0x3660c311 => Self::Accepted(crate::Constructor::read_fields(reader)?),
            0x50ca4de1 => Self::Discarded(crate::Constructor::read_fields(reader)?),
            0x5366c915 => Self::Empty(crate::Constructor::read_fields(reader)?),
            0x14b0ed0c => Self::Requested(crate::Constructor::read_fields(reader)?),
            0xc5226f17 => Self::Waiting(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::PhoneCall> for PhoneCall {
    fn from(object: crate::types::PhoneCall) -> Self {
        Self::PhoneCall(object)
    }
}

impl From<crate::types::PhoneCallAccepted> for PhoneCall {
    fn from(object: crate::types::PhoneCallAccepted) -> Self {
        Self::Accepted(object)
    }
}

impl From<crate::types::PhoneCallDiscarded> for PhoneCall {
    fn from(object: crate::types::PhoneCallDiscarded) -> Self {
        Self::Discarded(object)
    }
}

impl From<crate::types::PhoneCallEmpty> for PhoneCall {
    fn from(object: crate::types::PhoneCallEmpty) -> Self {
        Self::Empty(object)
    }
}

impl From<crate::types::PhoneCallRequested> for PhoneCall {
    fn from(object: crate::types::PhoneCallRequested) -> Self {
        Self::Requested(object)
    }
}

impl From<crate::types::PhoneCallWaiting> for PhoneCall {
    fn from(object: crate::types::PhoneCallWaiting) -> Self {
        Self::Waiting(object)
    }
}

/// `PhoneCallDiscardReason`.
#[derive(Clone, Debug, PartialEq)]
pub enum PhoneCallDiscardReason {
    /// `phoneCallDiscardReasonBusy`.
    Busy,
    /// `phoneCallDiscardReasonDisconnect`.
    Disconnect,
    /// `phoneCallDiscardReasonHangup`.
    Hangup,
    /// `phoneCallDiscardReasonMigrateConferenceCall`.
    MigrateConferenceCall(crate::types::PhoneCallDiscardReasonMigrateConferenceCall),
    /// `phoneCallDiscardReasonMissed`.
    Missed,
}

impl crate::Serializable for PhoneCallDiscardReason {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Busy => out.extend_from_slice(&0xfaf7e8c9_u32.to_le_bytes()),
            Self::Disconnect => out.extend_from_slice(&0xe095c1a0_u32.to_le_bytes()),
            Self::Hangup => out.extend_from_slice(&0x57adc690_u32.to_le_bytes()),
            Self::MigrateConferenceCall(object) => crate::Serializable::serialize(object, out),
            Self::Missed => out.extend_from_slice(&0x85e42301_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for PhoneCallDiscardReason {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xfaf7e8c9 => Self::Busy,
            0xe095c1a0 => Self::Disconnect,
            0x57adc690 => Self::Hangup,
            0x9fbbf1f7 => Self::MigrateConferenceCall(crate::Constructor::read_fields(reader)?),
            0x85e42301 => Self::Missed,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::PhoneCallDiscardReasonMigrateConferenceCall> for PhoneCallDiscardReason {
    fn from(object: crate::types::PhoneCallDiscardReasonMigrateConferenceCall) -> Self {
        Self::MigrateConferenceCall(object)
    }
}

/// `PhoneConnection`.
#[derive(Clone, Debug, PartialEq)]
pub enum PhoneConnection {
    /// `phoneConnection`.
    PhoneConnection(crate::types::PhoneConnection),
    /// `phoneConnectionWebrtc`.
    Webrtc(crate::types::PhoneConnectionWebrtc),
}

impl crate::Serializable for PhoneConnection {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::PhoneConnection(object) => crate::Serializable::serialize(object, out),
            Self::Webrtc(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for PhoneConnection {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x9cc123c7 => Self::PhoneConnection(crate::Constructor::read_fields(reader)?),
            0x635fe375 => Self::Webrtc(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::PhoneConnection> for PhoneConnection {
    fn from(object: crate::types::PhoneConnection) -> Self {
        Self::PhoneConnection(object)
    }
}

impl From<crate::types::PhoneConnectionWebrtc> for PhoneConnection {
    fn from(object: crate::types::PhoneConnectionWebrtc) -> Self {
        Self::Webrtc(object)
    }
}

/// `SecurePasswordKdfAlgo`.
#[derive(Clone, Debug, PartialEq)]
pub enum SecurePasswordKdfAlgo {
    /// `securePasswordKdfAlgoPBKDF2HMACSHA512iter100000`.
    PBKDF2HMACSHA512iter100000(crate::types::SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000),
    /// `securePasswordKdfAlgoSHA512`.
    SHA512(crate::types::SecurePasswordKdfAlgoSHA512),
    /// `securePasswordKdfAlgoUnknown`.
    Unknown,
}

impl crate::Serializable for SecurePasswordKdfAlgo {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::PBKDF2HMACSHA512iter100000(object) => crate::Serializable::serialize(object, out),
            Self::SHA512(object) => crate::Serializable::serialize(object, out),
            Self::Unknown => out.extend_from_slice(&0x004a8537_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for SecurePasswordKdfAlgo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xbbf2dda0 => Self::PBKDF2HMACSHA512iter100000(crate::Constructor::read_fields(reader)?),
            0x86471d92 => Self::SHA512(crate::Constructor::read_fields(reader)?),
            0x004a8537 => Self::Unknown,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000> for SecurePasswordKdfAlgo {
    fn from(object: crate::types::SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000) -> Self {
        Self::PBKDF2HMACSHA512iter100000(object)
    }
}

impl From<crate::types::SecurePasswordKdfAlgoSHA512> for SecurePasswordKdfAlgo {
    fn from(object: crate::types::SecurePasswordKdfAlgoSHA512) -> Self {
        Self::SHA512(object)
    }
}

/// `Update`.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// `updateConfig`.
    Config,
    /// `updateDcOptions`.
    DcOptions(crate::types::UpdateDcOptions),
    /// `updateDeleteMessages`.
    DeleteMessages(crate::types::UpdateDeleteMessages),
    /// `updateGroupCall`.
    GroupCall(crate::types::UpdateGroupCall),
    /// `updateGroupCallChainBlocks`.
    GroupCallChainBlocks(crate::types::UpdateGroupCallChainBlocks),
    /// `updateGroupCallConnection`.
    GroupCallConnection(crate::types::UpdateGroupCallConnection),
    /// `updateGroupCallParticipants`.
    GroupCallParticipants(crate::types::UpdateGroupCallParticipants),
    /// `updateLoginToken`.
    LoginToken,
    /// `updateMessageID`.
    MessageID(crate::types::UpdateMessageID),
    /// `updateNewAuthorization`.
    NewAuthorization(crate::types::UpdateNewAuthorization),
    /// `updateNewMessage`.
    NewMessage(crate::types::UpdateNewMessage),
    /// `updatePhoneCall`.
    PhoneCall(crate::types::UpdatePhoneCall),
    /// `updatePhoneCallSignalingData`.
    PhoneCallSignalingData(crate::types::UpdatePhoneCallSignalingData),
    /// `updatePtsChanged`.
    PtsChanged,
    /// `updateReadHistoryInbox`.
    ReadHistoryInbox(crate::types::UpdateReadHistoryInbox),
    /// `updateReadHistoryOutbox`.
    ReadHistoryOutbox(crate::types::UpdateReadHistoryOutbox),
    /// `updateUser`.
    User(crate::types::UpdateUser),
    /// `updateUserName`.
    UserName(crate::types::UpdateUserName),
    /// `updateUserPhone`.
    UserPhone(crate::types::UpdateUserPhone),
    /// `updateUserStatus`.
    UserStatus(crate::types::UpdateUserStatus),
    /// Any other constructor of the type.
    Other(crate::Value),
}

impl crate::Serializable for Update {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Config => out.extend_from_slice(&0xa229dd06_u32.to_le_bytes()),
            Self::DcOptions(object) => crate::Serializable::serialize(object, out),
            Self::DeleteMessages(object) => crate::Serializable::serialize(object, out),
            Self::GroupCall(object) => crate::Serializable::serialize(object, out),
            Self::GroupCallChainBlocks(object) => crate::Serializable::serialize(object, out),
            Self::GroupCallConnection(object) => crate::Serializable::serialize(object, out),
            Self::GroupCallParticipants(object) => crate::Serializable::serialize(object, out),
            Self::LoginToken => out.extend_from_slice(&0x564fe691_u32.to_le_bytes()),
            Self::MessageID(object) => crate::Serializable::serialize(object, out),
            Self::NewAuthorization(object) => crate::Serializable::serialize(object, out),
            Self::NewMessage(object) => crate::Serializable::serialize(object, out),
            Self::PhoneCall(object) => crate::Serializable::serialize(object, out),
            Self::PhoneCallSignalingData(object) => crate::Serializable::serialize(object, out),
            Self::PtsChanged => out.extend_from_slice(&0x3354678f_u32.to_le_bytes()),
            Self::ReadHistoryInbox(object) => crate::Serializable::serialize(object, out),
            Self::ReadHistoryOutbox(object) => crate::Serializable::serialize(object, out),
            Self::User(object) => crate::Serializable::serialize(object, out),
            Self::UserName(object) => crate::Serializable::serialize(object, out),
            Self::UserPhone(object) => crate::Serializable::serialize(object, out),
            Self::UserStatus(object) => crate::Serializable::serialize(object, out),
            Self::Other(value) => crate::Serializable::serialize(value, out),
        }
    }
}

impl crate::Deserializable for Update {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xa229dd06 => Self::Config,
            0x8e5e9873 => Self::DcOptions(crate::Constructor::read_fields(reader)?),
            0xa20db0e5 => Self::DeleteMessages(crate::Constructor::read_fields(reader)?),
            0x9d2216e0 => Self::GroupCall(crate::Constructor::read_fields(reader)?),
            0xa477288f => Self::GroupCallChainBlocks(crate::Constructor::read_fields(reader)?),
            0x0b783982 => Self::GroupCallConnection(crate::Constructor::read_fields(reader)?),
            0xf2ebdb4e => Self::GroupCallParticipants(crate::Constructor::read_fields(reader)?),
            0x564fe691 => Self::LoginToken,
            0x4e90bfd6 => Self::MessageID(crate::Constructor::read_fields(reader)?),
            0x8951abef => Self::NewAuthorization(crate::Constructor::read_fields(reader)?),
            0x1f2b0afd => Self::NewMessage(crate::Constructor::read_fields(reader)?),
            0xab0f6b1e => Self::PhoneCall(crate::Constructor::read_fields(reader)?),
            0x2661bf09 => Self::PhoneCallSignalingData(crate::Constructor::read_fields(reader)?),
            0x3354678f => Self::PtsChanged,
            0x9e84bc99 => Self::ReadHistoryInbox(crate::Constructor::read_fields(reader)?),
            0x2f2f21bf => Self::ReadHistoryOutbox(crate::Constructor::read_fields(reader)?),
            0x20529438 => Self::User(crate::Constructor::read_fields(reader)?),
            0xa7848924 => Self::UserName(crate::Constructor::read_fields(reader)?),
            0x05492a13 => Self::UserPhone(crate::Constructor::read_fields(reader)?),
            0xe5bdf8de => Self::UserStatus(crate::Constructor::read_fields(reader)?),
            id => Self::Other(crate::fixed::other(reader, id, at, "Update")?),
        }))
    }
}

impl From<crate::types::UpdateDcOptions> for Update {
    fn from(object: crate::types::UpdateDcOptions) -> Self {
        Self::DcOptions(object)
    }
}

impl From<crate::types::UpdateDeleteMessages> for Update {
    fn from(object: crate::types::UpdateDeleteMessages) -> Self {
        Self::DeleteMessages(object)
    }
}

impl From<crate::types::UpdateGroupCall> for Update {
    fn from(object: crate::types::UpdateGroupCall) -> Self {
        Self::GroupCall(object)
    }
}

impl From<crate::types::UpdateGroupCallChainBlocks> for Update {
    fn from(object: crate::types::UpdateGroupCallChainBlocks) -> Self {
        Self::GroupCallChainBlocks(object)
    }
}

impl From<crate::types::UpdateGroupCallConnection> for Update {
    fn from(object: crate::types::UpdateGroupCallConnection) -> Self {
        Self::GroupCallConnection(object)
    }
}

impl From<crate::types::UpdateGroupCallParticipants> for Update {
    fn from(object: crate::types::UpdateGroupCallParticipants) -> Self {
        Self::GroupCallParticipants(object)
    }
}

impl From<crate::types::UpdateMessageID> for Update {
    fn from(object: crate::types::UpdateMessageID) -> Self {
        Self::MessageID(object)
    }
}

impl From<crate::types::UpdateNewAuthorization> for Update {
    fn from(object: crate::types::UpdateNewAuthorization) -> Self {
        Self::NewAuthorization(object)
    }
}

impl From<crate::types::UpdateNewMessage> for Update {
    fn from(object: crate::types::UpdateNewMessage) -> Self {
        Self::NewMessage(object)
    }
}

impl From<crate::types::UpdatePhoneCall> for Update {
    fn from(object: crate::types::UpdatePhoneCall) -> Self {
        Self::PhoneCall(object)
    }
}

impl From<crate::types::UpdatePhoneCallSignalingData> for Update {
    fn from(object: crate::types::UpdatePhoneCallSignalingData) -> Self {
        Self::PhoneCallSignalingData(object)
    }
}

impl From<crate::types::UpdateReadHistoryInbox> for Update {
    fn from(object: crate::types::UpdateReadHistoryInbox) -> Self {
        Self::ReadHistoryInbox(object)
    }
}

impl From<crate::types::UpdateReadHistoryOutbox> for Update {
    fn from(object: crate::types::UpdateReadHistoryOutbox) -> Self {
        Self::ReadHistoryOutbox(object)
    }
}

impl From<crate::types::UpdateUser> for Update {
    fn from(object: crate::types::UpdateUser) -> Self {
        Self::User(object)
    }
}

impl From<crate::types::UpdateUserName> for Update {
    fn from(object: crate::types::UpdateUserName) -> Self {
        Self::UserName(object)
    }
}

impl From<crate::types::UpdateUserPhone> for Update {
    fn from(object: crate::types::UpdateUserPhone) -> Self {
        Self::UserPhone(object)
    }
}

impl From<crate::types::UpdateUserStatus> for Update {
    fn from(object: crate::types::UpdateUserStatus) -> Self {
        Self::UserStatus(object)
    }
}

/// `Updates`.
#[derive(Clone, Debug, PartialEq)]
pub enum Updates {
    /// `updateShort`.
    UpdateShort(crate::types::UpdateShort),
    /// `updateShortChatMessage`.
    UpdateShortChatMessage(crate::types::UpdateShortChatMessage),
    /// `updateShortMessage`.
    UpdateShortMessage(crate::types::UpdateShortMessage),
    /// `updateShortSentMessage`.
    UpdateShortSentMessage(crate::types::UpdateShortSentMessage),
    /// `updates`.
    Updates(crate::types::Updates),
    /// `updatesCombined`.
    Combined(crate::types::UpdatesCombined),
    /// `updatesTooLong`.
    TooLong,
}

impl crate::Serializable for Updates {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::UpdateShort(object) => crate::Serializable::serialize(object, out),
            Self::UpdateShortChatMessage(object) => crate::Serializable::serialize(object, out),
            Self::UpdateShortMessage(object) => crate::Serializable::serialize(object, out),
            Self::UpdateShortSentMessage(object) => crate::Serializable::serialize(object, out),
            Self::Updates(object) => crate::Serializable::serialize(object, out),
            Self::Combined(object) => crate::Serializable::serialize(object, out),
            Self::TooLong => out.extend_from_slice(&0xe317af7e_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for Updates {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x78d4dec1 => Self::UpdateShort(crate::Constructor::read_fields(reader)?),
            0x4d6deea5 => Self::UpdateShortChatMessage(crate::Constructor::read_fields(reader)?),
            0x313bc7f8 => Self::UpdateShortMessage(crate::Constructor::read_fields(reader)?),
            0x9015e101 => Self::UpdateShortSentMessage(crate::Constructor::read_fields(reader)?),
            0x74ae4240 => Self::Updates(crate::Constructor::read_fields(reader)?),
            0x725b04c3 => Self::Combined(crate::Constructor::read_fields(reader)?),
            0xe317af7e => Self::TooLong,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::UpdateShort> for Updates {
    fn from(object: crate::types::UpdateShort) -> Self {
        Self::UpdateShort(object)
    }
}

impl From<crate::types::UpdateShortChatMessage> for Updates {
    fn from(object: crate::types::UpdateShortChatMessage) -> Self {
        Self::UpdateShortChatMessage(object)
    }
}

impl From<crate::types::UpdateShortMessage> for Updates {
    fn from(object: crate::types::UpdateShortMessage) -> Self {
        Self::UpdateShortMessage(object)
    }
}

impl From<crate::types::UpdateShortSentMessage> for Updates {
    fn from(object: crate::types::UpdateShortSentMessage) -> Self {
        Self::UpdateShortSentMessage(object)
    }
}

impl From<crate::types::Updates> for Updates {
    fn from(object: crate::types::Updates) -> Self {
        Self::Updates(object)
    }
}

impl From<crate::types::UpdatesCombined> for Updates {
    fn from(object: crate::types::UpdatesCombined) -> Self {
        Self::Combined(object)
    }
}

/// `User`.
#[derive(Clone, Debug, PartialEq)]
pub enum User {
    /// `user`.
    User(crate::types::User),
    /// `userEmpty`.
    Empty(crate::types::UserEmpty),
}

impl crate::Serializable for User {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::User(object) => crate::Serializable::serialize(object, out),
            Self::Empty(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for User {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xb1b8cc83 => Self::User(crate::Constructor::read_fields(reader)?),
            0xd3bc4b7a => Self::Empty(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::User> for User {
    fn from(object: crate::types::User) -> Self {
        Self::User(object)
    }
}

impl From<crate::types::UserEmpty> for User {
    fn from(object: crate::types::UserEmpty) -> Self {
        Self::Empty(object)
    }
}

/// `UserProfilePhoto`.
#[derive(Clone, Debug, PartialEq)]
pub enum UserProfilePhoto {
    /// `userProfilePhoto`.
    UserProfilePhoto(crate::types::UserProfilePhoto),
    /// `userProfilePhotoEmpty`.
    Empty,
}

impl crate::Serializable for UserProfilePhoto {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::UserProfilePhoto(object) => crate::Serializable::serialize(object, out),
            Self::Empty => out.extend_from_slice(&0x4f11bae1_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for UserProfilePhoto {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x82d1f706 => Self::UserProfilePhoto(crate::Constructor::read_fields(reader)?),
            0x4f11bae1 => Self::Empty,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::UserProfilePhoto> for UserProfilePhoto {
    fn from(object: crate::types::UserProfilePhoto) -> Self {
        Self::UserProfilePhoto(object)
    }
}

/// `UserStatus`.
#[derive(Clone, Debug, PartialEq)]
pub enum UserStatus {
    /// `userStatusEmpty`.
    Empty,
    /// `userStatusLastMonth`.
    LastMonth(crate::types::UserStatusLastMonth),
    /// `userStatusLastWeek`.
    LastWeek(crate::types::UserStatusLastWeek),
    /// `userStatusOffline`.
    Offline(crate::types::UserStatusOffline),
    /// `userStatusOnline`.
    Online(crate::types::UserStatusOnline),
    /// `userStatusRecently`.
    Recently(crate::types::UserStatusRecently),
}

impl crate::Serializable for UserStatus {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Empty => out.extend_from_slice(&0x09d05049_u32.to_le_bytes()),
            Self::LastMonth(object) => crate::Serializable::serialize(object, out),
            Self::LastWeek(object) => crate::Serializable::serialize(object, out),
            Self::Offline(object) => crate::Serializable::serialize(object, out),
            Self::Online(object) => crate::Serializable::serialize(object, out),
            Self::Recently(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for UserStatus {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x09d05049 => Self::Empty,
            0x65899777 => Self::LastMonth(crate::Constructor::read_fields(reader)?),
            0x541a1d1a => Self::LastWeek(crate::Constructor::read_fields(reader)?),
            0x008c703f => Self::Offline(crate::Constructor::read_fields(reader)?),
            0xedb93949 => Self::Online(crate::Constructor::read_fields(reader)?),
            0x7b197dc8 => Self::Recently(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::UserStatusLastMonth> for UserStatus {
    fn from(object: crate::types::UserStatusLastMonth) -> Self {
        Self::LastMonth(object)
    }
}

impl From<crate::types::UserStatusLastWeek> for UserStatus {
    fn from(object: crate::types::UserStatusLastWeek) -> Self {
        Self::LastWeek(object)
    }
}

impl From<crate::types::UserStatusOffline> for UserStatus {
    fn from(object: crate::types::UserStatusOffline) -> Self {
        Self::Offline(object)
    }
}

impl From<crate::types::UserStatusOnline> for UserStatus {
    fn from(object: crate::types::UserStatusOnline) -> Self {
        Self::Online(object)
    }
}

impl From<crate::types::UserStatusRecently> for UserStatus {
    fn from(object: crate::types::UserStatusRecently) -> Self {
        Self::Recently(object)
    }
}

/// Namespace `auth`.
pub mod auth {

/// `auth.Authorization`.
#[derive(Clone, Debug, PartialEq)]
pub enum Authorization {
    /// `auth.authorization`.
    Authorization(crate::types::auth::Authorization),
    /// `auth.authorizationSignUpRequired`.
    SignUpRequired(crate::types::auth::AuthorizationSignUpRequired),
}

impl crate::Serializable for Authorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Authorization(object) => crate::Serializable::serialize(object, out),
            Self::SignUpRequired(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for Authorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x2ea2c0d4 => Self::Authorization(crate::Constructor::read_fields(reader)?),
            0x44747e9a => Self::SignUpRequired(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::auth::Authorization> for Authorization {
    fn from(object: crate::types::auth::Authorization) -> Self {
        Self::Authorization(object)
    }
}

impl From<crate::types::auth::AuthorizationSignUpRequired> for Authorization {
    fn from(object: crate::types::auth::AuthorizationSignUpRequired) -> Self {
        Self::SignUpRequired(object)
    }
}

/// `auth.CodeType`.
#[derive(Clone, Debug, PartialEq)]
pub enum CodeType {
    /// `auth.codeTypeCall`.
    Call,
    /// `auth.codeTypeFlashCall`.
    FlashCall,
    /// `auth.codeTypeFragmentSms`.
    FragmentSms,
    /// `auth.codeTypeMissedCall`.
    MissedCall,
    /// `auth.codeTypeSms`.
    Sms,
}

impl crate::Serializable for CodeType {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Call => out.extend_from_slice(&0x741cd3e3_u32.to_le_bytes()),
            Self::FlashCall => out.extend_from_slice(&0x226ccefb_u32.to_le_bytes()),
            Self::FragmentSms => out.extend_from_slice(&0x06ed998c_u32.to_le_bytes()),
            Self::MissedCall => out.extend_from_slice(&0xd61ad6ee_u32.to_le_bytes()),
            Self::Sms => out.extend_from_slice(&0x72a3158c_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for CodeType {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |_reader, id, at| Ok(match id {
            0x741cd3e3 => Self::Call,
            0x226ccefb => Self::FlashCall,
            0x06ed998c => Self::FragmentSms,
            0xd61ad6ee => Self::MissedCall,
            0x72a3158c => Self::Sms,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

/// `auth.LoginToken`.
#[derive(Clone, Debug, PartialEq)]
pub enum LoginToken {
    /// `auth.loginToken`.
    LoginToken(crate::types::auth::LoginToken),
    /// `auth.loginTokenMigrateTo`.
    MigrateTo(crate::types::auth::LoginTokenMigrateTo),
    /// `auth.loginTokenSuccess`.
    Success(crate::types::auth::LoginTokenSuccess),
}

impl crate::Serializable for LoginToken {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::LoginToken(object) => crate::Serializable::serialize(object, out),
            Self::MigrateTo(object) => crate::Serializable::serialize(object, out),
            Self::Success(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for LoginToken {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x629f1980 => Self::LoginToken(crate::Constructor::read_fields(reader)?),
            0x068e9916 => Self::MigrateTo(crate::Constructor::read_fields(reader)?),
            0x390d5c5e => Self::Success(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::auth::LoginToken> for LoginToken {
    fn from(object: crate::types::auth::LoginToken) -> Self {
        Self::LoginToken(object)
    }
}

impl From<crate::types::auth::LoginTokenMigrateTo> for LoginToken {
    fn from(object: crate::types::auth::LoginTokenMigrateTo) -> Self {
        Self::MigrateTo(object)
    }
}

impl From<crate::types::auth::LoginTokenSuccess> for LoginToken {
    fn from(object: crate::types::auth::LoginTokenSuccess) -> Self {
        Self::Success(object)
    }
}

/// `auth.SentCode`.
#[derive(Clone, Debug, PartialEq)]
pub enum SentCode {
    /// `auth.sentCode`.
    SentCode(crate::types::auth::SentCode),
    /// `auth.sentCodePaymentRequired`.
    PaymentRequired(crate::types::auth::SentCodePaymentRequired),
    /// `auth.sentCodeSuccess`.
    Success(crate::types::auth::SentCodeSuccess),
}

impl crate::Serializable for SentCode {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::SentCode(object) => crate::Serializable::serialize(object, out),
            Self::PaymentRequired(object) => crate::Serializable::serialize(object, out),
            Self::Success(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for SentCode {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x5e002502 => Self::SentCode(crate::Constructor::read_fields(reader)?),
            0xf8827ebf => Self::PaymentRequired(crate::Constructor::read_fields(reader)?),
            0x2390fe44 => Self::Success(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::auth::SentCode> for SentCode {
    fn from(object: crate::types::auth::SentCode) -> Self {
        Self::SentCode(object)
    }
}

impl From<crate::types::auth::SentCodePaymentRequired> for SentCode {
    fn from(object: crate::types::auth::SentCodePaymentRequired) -> Self {
        Self::PaymentRequired(object)
    }
}

impl From<crate::types::auth::SentCodeSuccess> for SentCode {
    fn from(object: crate::types::auth::SentCodeSuccess) -> Self {
        Self::Success(object)
    }
}

/// `auth.SentCodeType`.
#[derive(Clone, Debug, PartialEq)]
pub enum SentCodeType {
    /// `auth.sentCodeTypeApp`.
    App(crate::types::auth::SentCodeTypeApp),
    /// `auth.sentCodeTypeCall`.
    Call(crate::types::auth::SentCodeTypeCall),
    /// `auth.sentCodeTypeEmailCode`.
    EmailCode(crate::types::auth::SentCodeTypeEmailCode),
    /// `auth.sentCodeTypeFirebaseSms`.
    FirebaseSms(crate::types::auth::SentCodeTypeFirebaseSms),
    /// `auth.sentCodeTypeFlashCall`.
    FlashCall(crate::types::auth::SentCodeTypeFlashCall),
    /// `auth.sentCodeTypeFragmentSms`.
    FragmentSms(crate::types::auth::SentCodeTypeFragmentSms),
    /// `auth.sentCodeTypeMissedCall`.
    MissedCall(crate::types::auth::SentCodeTypeMissedCall),
    /// `auth.sentCodeTypeSetUpEmailRequired`.
    SetUpEmailRequired(crate::types::auth::SentCodeTypeSetUpEmailRequired),
    /// `auth.sentCodeTypeSms`.
    Sms(crate::types::auth::SentCodeTypeSms),
    /// `auth.sentCodeTypeSmsPhrase`.
    SmsPhrase(crate::types::auth::SentCodeTypeSmsPhrase),
    /// `auth.sentCodeTypeSmsWord`.
    SmsWord(crate::types::auth::SentCodeTypeSmsWord),
}

impl crate::Serializable for SentCodeType {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::App(object) => crate::Serializable::serialize(object, out),
            Self::Call(object) => crate::Serializable::serialize(object, out),
            Self::EmailCode(object) => crate::Serializable::serialize(object, out),
            Self::FirebaseSms(object) => crate::Serializable::serialize(object, out),
            Self::FlashCall(object) => crate::Serializable::serialize(object, out),
            Self::FragmentSms(object) => crate::Serializable::serialize(object, out),
            Self::MissedCall(object) => crate::Serializable::serialize(object, out),
            Self::SetUpEmailRequired(object) => crate::Serializable::serialize(object, out),
            Self::Sms(object) => crate::Serializable::serialize(object, out),
            Self::SmsPhrase(object) => crate::Serializable::serialize(object, out),
            Self::SmsWord(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for SentCodeType {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x3dbb5986 => Self::App(crate::Constructor::read_fields(reader)?),
            0x5353e5a7 => Self::Call(crate::Constructor::read_fields(reader)?),
            0xf450f59b => Self::EmailCode(crate::Constructor::read_fields(reader)?),
            0x009fd736 => Self::FirebaseSms(crate::Constructor::read_fields(reader)?),
            0xab03c6d9 => Self::FlashCall(crate::Constructor::read_fields(reader)?),
            0xd9565c39 => Self::FragmentSms(crate::Constructor::read_fields(reader)?),
            0x82006484 => Self::MissedCall(crate::Constructor::read_fields(reader)?),
            0xa5491dea => Self::SetUpEmailRequired(crate::Constructor::read_fields(reader)?),
            0xc000bba2 => Self::Sms(crate::Constructor::read_fields(reader)?),
            0xb37794af => Self::SmsPhrase(crate::Constructor::read_fields(reader)?),
            0xa416ac81 => Self::SmsWord(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::auth::SentCodeTypeApp> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeApp) -> Self {
        Self::App(object)
    }
}

impl From<crate::types::auth::SentCodeTypeCall> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeCall) -> Self {
        Self::Call(object)
    }
}

impl From<crate::types::auth::SentCodeTypeEmailCode> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeEmailCode) -> Self {
        Self::EmailCode(object)
    }
}

impl From<crate::types::auth::SentCodeTypeFirebaseSms> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeFirebaseSms) -> Self {
        Self::FirebaseSms(object)
    }
}

impl From<crate::types::auth::SentCodeTypeFlashCall> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeFlashCall) -> Self {
        Self::FlashCall(object)
    }
}

impl From<crate::types::auth::SentCodeTypeFragmentSms> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeFragmentSms) -> Self {
        Self::FragmentSms(object)
    }
}

impl From<crate::types::auth::SentCodeTypeMissedCall> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeMissedCall) -> Self {
        Self::MissedCall(object)
    }
}

impl From<crate::types::auth::SentCodeTypeSetUpEmailRequired> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeSetUpEmailRequired) -> Self {
        Self::SetUpEmailRequired(object)
    }
}

impl From<crate::types::auth::SentCodeTypeSms> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeSms) -> Self {
        Self::Sms(object)
    }
}

impl From<crate::types::auth::SentCodeTypeSmsPhrase> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeSmsPhrase) -> Self {
        Self::SmsPhrase(object)
    }
}

impl From<crate::types::auth::SentCodeTypeSmsWord> for SentCodeType {
    fn from(object: crate::types::auth::SentCodeTypeSmsWord) -> Self {
        Self::SmsWord(object)
    }
}
}

/// Namespace `contacts`.
pub mod contacts {

/// `contacts.Contacts`.
#[derive(Clone, Debug, PartialEq)]
pub enum Contacts {
    /// `contacts.contacts`.
    Contacts(crate::types::contacts::Contacts),
    /// `contacts.contactsNotModified`.
    NotModified,
}

impl crate::Serializable for Contacts {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Contacts(object) => crate::Serializable::serialize(object, out),
            Self::NotModified => out.extend_from_slice(&0xb74ba9d2_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for Contacts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xeae87e42 => Self::Contacts(crate::Constructor::read_fields(reader)?),
            0xb74ba9d2 => Self::NotModified,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::contacts::Contacts> for Contacts {
    fn from(object: crate::types::contacts::Contacts) -> Self {
        Self::Contacts(object)
    }
}
}

/// Namespace `messages`.
pub mod messages {

/// `messages.DhConfig`.
#[derive(Clone, Debug, PartialEq)]
pub enum DhConfig {
    /// `messages.dhConfig`.
    DhConfig(crate::types::messages::DhConfig),
    /// `messages.dhConfigNotModified`.
    NotModified(crate::types::messages::DhConfigNotModified),
}

impl crate::Serializable for DhConfig {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::DhConfig(object) => crate::Serializable::serialize(object, out),
            Self::NotModified(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for DhConfig {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x2c221edd => Self::DhConfig(crate::Constructor::read_fields(reader)?),
            0xc0e24635 => Self::NotModified(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::messages::DhConfig> for DhConfig {
    fn from(object: crate::types::messages::DhConfig) -> Self {
        Self::DhConfig(object)
    }
}

impl From<crate::types::messages::DhConfigNotModified> for DhConfig {
    fn from(object: crate::types::messages::DhConfigNotModified) -> Self {
        Self::NotModified(object)
    }
}

/// `messages.Dialogs`.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialogs {
    /// `messages.dialogs`.
    Dialogs(crate::types::messages::Dialogs),
    /// `messages.dialogsSlice`.
    Slice(crate::types::messages::DialogsSlice),
    /// Any other constructor of the type.
    Other(crate::Value),
}

impl crate::Serializable for Dialogs {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Dialogs(object) => crate::Serializable::serialize(object, out),
            Self::Slice(object) => crate::Serializable::serialize(object, out),
            Self::Other(value) => crate::Serializable::serialize(value, out),
        }
    }
}

impl crate::Deserializable for Dialogs {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x15ba6c40 => Self::Dialogs(crate::Constructor::read_fields(reader)?),
            0x71e094f3 => Self::Slice(crate::Constructor::read_fields(reader)?),
            id => Self::Other(crate::fixed::other(reader, id, at, "messages.Dialogs")?),
        }))
    }
}

impl From<crate::types::messages::Dialogs> for Dialogs {
    fn from(object: crate::types::messages::Dialogs) -> Self {
        Self::Dialogs(object)
    }
}

impl From<crate::types::messages::DialogsSlice> for Dialogs {
    fn from(object: crate::types::messages::DialogsSlice) -> Self {
        Self::Slice(object)
    }
}

/// `messages.Messages`.
#[derive(Clone, Debug, PartialEq)]
pub enum Messages {
    /// `messages.messages`.
    Messages(crate::types::messages::Messages),
    /// `messages.messagesSlice`.
    Slice(crate::types::messages::MessagesSlice),
    /// Any other constructor of the type.
    Other(crate::Value),
}

impl crate::Serializable for Messages {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Messages(object) => crate::Serializable::serialize(object, out),
            Self::Slice(object) => crate::Serializable::serialize(object, out),
            Self::Other(value) => crate::Serializable::serialize(value, out),
        }
    }
}

impl crate::Deserializable for Messages {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x1d73e7ea => Self::Messages(crate::Constructor::read_fields(reader)?),
            0x5f206716 => Self::Slice(crate::Constructor::read_fields(reader)?),
            id => Self::Other(crate::fixed::other(reader, id, at, "messages.Messages")?),
        }))
    }
}

impl From<crate::types::messages::Messages> for Messages {
    fn from(object: crate::types::messages::Messages) -> Self {
        Self::Messages(object)
    }
}

impl From<crate::types::messages::MessagesSlice> for Messages {
    fn from(object: crate::types::messages::MessagesSlice) -> Self {
        Self::Slice(object)
    }
}
}

/// Namespace `updates`.
pub mod updates {

/// `updates.Difference`.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// `updates.difference`.
    Difference(crate::types::updates::Difference),
    /// `updates.differenceEmpty`.
    Empty(crate::types::updates::DifferenceEmpty),
    /// `updates.differenceSlice`.
    Slice(crate::types::updates::DifferenceSlice),
    /// `updates.differenceTooLong`.
    TooLong(crate::types::updates::DifferenceTooLong),
}

impl crate::Serializable for Difference {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Difference(object) => crate::Serializable::serialize(object, out),
            Self::Empty(object) => crate::Serializable::serialize(object, out),
            Self::Slice(object) => crate::Serializable::serialize(object, out),
            Self::TooLong(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for Difference {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x00f49ca0 => Self::Difference(crate::Constructor::read_fields(reader)?),
            0x5d75a138 => Self::Empty(crate::Constructor::read_fields(reader)?),
            0xa8fb1981 => Self::Slice(crate::Constructor::read_fields(reader)?),
            0x4afe8f6d => Self::TooLong(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::types::updates::Difference> for Difference {
    fn from(object: crate::types::updates::Difference) -> Self {
        Self::Difference(object)
    }
}

impl From<crate::types::updates::DifferenceEmpty> for Difference {
    fn from(object: crate::types::updates::DifferenceEmpty) -> Self {
        Self::Empty(object)
    }
}

impl From<crate::types::updates::DifferenceSlice> for Difference {
    fn from(object: crate::types::updates::DifferenceSlice) -> Self {
        Self::Slice(object)
    }
}

impl From<crate::types::updates::DifferenceTooLong> for Difference {
    fn from(object: crate::types::updates::DifferenceTooLong) -> Self {
        Self::TooLong(object)
    }
}
}
}

/// Methods.
pub mod functions {

/// `initConnection#c1cd5ea9`, answered by `X`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InitConnection<Q> {
    pub api_id: i32,
    pub device_model: String,
    pub system_version: String,
    pub app_version: String,
    pub system_lang_code: String,
    pub lang_pack: String,
    pub lang_code: String,
    pub proxy: Option<crate::types::InputClientProxy>,
    pub params: Option<crate::enums::JSONValue>,
    pub query: Q,
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Constructor for InitConnection<Q> {
    const ID: u32 = 0xc1cd5ea9;
    const NAME: &'static str = "initConnection";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.proxy.is_some())
            | u32::from(self.params.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.api_id, out);
        crate::Serializable::serialize(&self.device_model, out);
        crate::Serializable::serialize(&self.system_version, out);
        crate::Serializable::serialize(&self.app_version, out);
        crate::Serializable::serialize(&self.system_lang_code, out);
        crate::Serializable::serialize(&self.lang_pack, out);
        crate::Serializable::serialize(&self.lang_code, out);
        crate::fixed::put(self.proxy.as_ref(), flags1, 0, out);
        crate::fixed::put(self.params.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.query, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let api_id = crate::Deserializable::deserialize(reader)?;
        let device_model = crate::Deserializable::deserialize(reader)?;
        let system_version = crate::Deserializable::deserialize(reader)?;
        let app_version = crate::Deserializable::deserialize(reader)?;
        let system_lang_code = crate::Deserializable::deserialize(reader)?;
        let lang_pack = crate::Deserializable::deserialize(reader)?;
        let lang_code = crate::Deserializable::deserialize(reader)?;
        let proxy = crate::fixed::optional(reader, flags1, 0)?;
        let params = crate::fixed::optional(reader, flags1, 1)?;
        let query = crate::Deserializable::deserialize(reader)?;
        Ok(Self { api_id, device_model, system_version, app_version, system_lang_code, lang_pack, lang_code, proxy, params, query })
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Serializable for InitConnection<Q> {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Deserializable for InitConnection<Q> {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl<Q: crate::Call + crate::Deserializable> crate::Call for InitConnection<Q> {
    type Return = Q::Return;
    const NAME: &'static str = "initConnection";
}

/// `invokeAfterMsg#cb9f372d`, answered by `X`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InvokeAfterMsg<Q> {
    pub msg_id: i64,
    pub query: Q,
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Constructor for InvokeAfterMsg<Q> {
    const ID: u32 = 0xcb9f372d;
    const NAME: &'static str = "invokeAfterMsg";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.query, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let query = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_id, query })
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Serializable for InvokeAfterMsg<Q> {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Deserializable for InvokeAfterMsg<Q> {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl<Q: crate::Call + crate::Deserializable> crate::Call for InvokeAfterMsg<Q> {
    type Return = Q::Return;
    const NAME: &'static str = "invokeAfterMsg";
}

/// `invokeAfterMsgs#3dc4b4f0`, answered by `X`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InvokeAfterMsgs<Q> {
    pub msg_ids: Vec<i64>,
    pub query: Q,
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Constructor for InvokeAfterMsgs<Q> {
    const ID: u32 = 0x3dc4b4f0;
    const NAME: &'static str = "invokeAfterMsgs";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_ids, out);
        crate::Serializable::serialize(&self.query, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_ids = crate::Deserializable::deserialize(reader)?;
        let query = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_ids, query })
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Serializable for InvokeAfterMsgs<Q> {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Deserializable for InvokeAfterMsgs<Q> {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl<Q: crate::Call + crate::Deserializable> crate::Call for InvokeAfterMsgs<Q> {
    type Return = Q::Return;
    const NAME: &'static str = "invokeAfterMsgs";
}

/// `invokeWithLayer#da9b0d0d`, answered by `X`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InvokeWithLayer<Q> {
    pub layer: i32,
    pub query: Q,
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Constructor for InvokeWithLayer<Q> {
    const ID: u32 = 0xda9b0d0d;
    const NAME: &'static str = "invokeWithLayer";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.layer, out);
        crate::Serializable::serialize(&self.query, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let layer = crate::Deserializable::deserialize(reader)?;
        let query = crate::Deserializable::deserialize(reader)?;
        Ok(Self { layer, query })
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Serializable for InvokeWithLayer<Q> {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Deserializable for InvokeWithLayer<Q> {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl<Q: crate::Call + crate::Deserializable> crate::Call for InvokeWithLayer<Q> {
    type Return = Q::Return;
    const NAME: &'static str = "invokeWithLayer";
}

/// `invokeWithoutUpdates#bf9459b7`, answered by `X`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InvokeWithoutUpdates<Q> {
    pub query: Q,
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Constructor for InvokeWithoutUpdates<Q> {
    const ID: u32 = 0xbf9459b7;
    const NAME: &'static str = "invokeWithoutUpdates";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.query, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let query = crate::Deserializable::deserialize(reader)?;
        Ok(Self { query })
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Serializable for InvokeWithoutUpdates<Q> {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl<Q: crate::Serializable + crate::Deserializable> crate::Deserializable for InvokeWithoutUpdates<Q> {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl<Q: crate::Call + crate::Deserializable> crate::Call for InvokeWithoutUpdates<Q> {
    type Return = Q::Return;
    const NAME: &'static str = "invokeWithoutUpdates";
}

/// Namespace `account`.
pub mod account {

/// `account.getPassword#548a30f5`, answered by `account.Password`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetPassword {
}

impl crate::Constructor for GetPassword {
    const ID: u32 = 0x548a30f5;
    const NAME: &'static str = "account.getPassword";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for GetPassword {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetPassword {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetPassword {
    type Return = crate::types::account::Password;
    const NAME: &'static str = "account.getPassword";
}

/// `account.updateStatus#6628562c`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct UpdateStatus {
    pub offline: bool,
}

impl crate::Constructor for UpdateStatus {
    const ID: u32 = 0x6628562c;
    const NAME: &'static str = "account.updateStatus";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.offline, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let offline = crate::Deserializable::deserialize(reader)?;
        Ok(Self { offline })
    }
}

impl crate::Serializable for UpdateStatus {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for UpdateStatus {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for UpdateStatus {
    type Return = bool;
    const NAME: &'static str = "account.updateStatus";
}
}

/// Namespace `auth`.
pub mod auth {

/// `auth.acceptLoginToken#e894ad4d`, answered by `Authorization`.
#[derive(Clone, PartialEq, Default)]
pub struct AcceptLoginToken {
    pub token: Vec<u8>,
}

impl std::fmt::Debug for AcceptLoginToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AcceptLoginToken")
            .field("token", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for AcceptLoginToken {
    const ID: u32 = 0xe894ad4d;
    const NAME: &'static str = "auth.acceptLoginToken";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.token, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let token = crate::Deserializable::deserialize(reader)?;
        Ok(Self { token })
    }
}

impl crate::Serializable for AcceptLoginToken {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for AcceptLoginToken {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for AcceptLoginToken {
    type Return = crate::Value;
    const NAME: &'static str = "auth.acceptLoginToken";
}

/// `auth.bindTempAuthKey#cdd42a05`, answered by `Bool`.
#[derive(Clone, PartialEq, Default)]
pub struct BindTempAuthKey {
    pub perm_auth_key_id: i64,
    pub nonce: i64,
    pub expires_at: i32,
    pub encrypted_message: Vec<u8>,
}

impl std::fmt::Debug for BindTempAuthKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BindTempAuthKey")
            .field("perm_auth_key_id", &self.perm_auth_key_id)
            .field("nonce", &self.nonce)
            .field("expires_at", &self.expires_at)
            .field("encrypted_message", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for BindTempAuthKey {
    const ID: u32 = 0xcdd42a05;
    const NAME: &'static str = "auth.bindTempAuthKey";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.perm_auth_key_id, out);
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.expires_at, out);
        crate::Serializable::serialize(&self.encrypted_message, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let perm_auth_key_id = crate::Deserializable::deserialize(reader)?;
        let nonce = crate::Deserializable::deserialize(reader)?;
        let expires_at = crate::Deserializable::deserialize(reader)?;
        let encrypted_message = crate::Deserializable::deserialize(reader)?;
        Ok(Self { perm_auth_key_id, nonce, expires_at, encrypted_message })
    }
}

impl crate::Serializable for BindTempAuthKey {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for BindTempAuthKey {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for BindTempAuthKey {
    type Return = bool;
    const NAME: &'static str = "auth.bindTempAuthKey";
}

/// `auth.cancelCode#1f040578`, answered by `Bool`.
#[derive(Clone, PartialEq, Default)]
pub struct CancelCode {
    pub phone_number: String,
    pub phone_code_hash: String,
}

impl std::fmt::Debug for CancelCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CancelCode")
            .field("phone_number", &format_args!("…"))
            .field("phone_code_hash", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for CancelCode {
    const ID: u32 = 0x1f040578;
    const NAME: &'static str = "auth.cancelCode";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone_number, out);
        crate::Serializable::serialize(&self.phone_code_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone_number = crate::Deserializable::deserialize(reader)?;
        let phone_code_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { phone_number, phone_code_hash })
    }
}

impl crate::Serializable for CancelCode {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for CancelCode {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for CancelCode {
    type Return = bool;
    const NAME: &'static str = "auth.cancelCode";
}

/// `auth.checkPassword#d18b4d16`, answered by `auth.Authorization`.
#[derive(Clone, PartialEq)]
pub struct CheckPassword {
    pub password: crate::enums::InputCheckPasswordSRP,
}

impl std::fmt::Debug for CheckPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckPassword")
            .field("password", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for CheckPassword {
    const ID: u32 = 0xd18b4d16;
    const NAME: &'static str = "auth.checkPassword";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.password, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let password = crate::Deserializable::deserialize(reader)?;
        Ok(Self { password })
    }
}

impl crate::Serializable for CheckPassword {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for CheckPassword {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for CheckPassword {
    type Return = crate::enums::auth::Authorization;
    const NAME: &'static str = "auth.checkPassword";
}

/// `auth.dropTempAuthKeys#8e48a188`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DropTempAuthKeys {
    pub except_auth_keys: Vec<i64>,
}

impl crate::Constructor for DropTempAuthKeys {
    const ID: u32 = 0x8e48a188;
    const NAME: &'static str = "auth.dropTempAuthKeys";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.except_auth_keys, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let except_auth_keys = crate::Deserializable::deserialize(reader)?;
        Ok(Self { except_auth_keys })
    }
}

impl crate::Serializable for DropTempAuthKeys {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DropTempAuthKeys {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DropTempAuthKeys {
    type Return = bool;
    const NAME: &'static str = "auth.dropTempAuthKeys";
}

/// `auth.exportAuthorization#e5bfffcd`, answered by `auth.ExportedAuthorization`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExportAuthorization {
    pub dc_id: i32,
}

impl crate::Constructor for ExportAuthorization {
    const ID: u32 = 0xe5bfffcd;
    const NAME: &'static str = "auth.exportAuthorization";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.dc_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let dc_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { dc_id })
    }
}

impl crate::Serializable for ExportAuthorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ExportAuthorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ExportAuthorization {
    type Return = crate::types::auth::ExportedAuthorization;
    const NAME: &'static str = "auth.exportAuthorization";
}

/// `auth.exportLoginToken#b7e085fe`, answered by `auth.LoginToken`.
#[derive(Clone, PartialEq, Default)]
pub struct ExportLoginToken {
    pub api_id: i32,
    pub api_hash: String,
    pub except_ids: Vec<i64>,
}

impl std::fmt::Debug for ExportLoginToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExportLoginToken")
            .field("api_id", &self.api_id)
            .field("api_hash", &format_args!("…"))
            .field("except_ids", &self.except_ids)
            .finish()
    }
}

impl crate::Constructor for ExportLoginToken {
    const ID: u32 = 0xb7e085fe;
    const NAME: &'static str = "auth.exportLoginToken";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.api_id, out);
        crate::Serializable::serialize(&self.api_hash, out);
        crate::Serializable::serialize(&self.except_ids, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let api_id = crate::Deserializable::deserialize(reader)?;
        let api_hash = crate::Deserializable::deserialize(reader)?;
        let except_ids = crate::Deserializable::deserialize(reader)?;
        Ok(Self { api_id, api_hash, except_ids })
    }
}

impl crate::Serializable for ExportLoginToken {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ExportLoginToken {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ExportLoginToken {
    type Return = crate::enums::auth::LoginToken;
    const NAME: &'static str = "auth.exportLoginToken";
}

/// `auth.importAuthorization#a57a7dad`, answered by `auth.Authorization`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportAuthorization {
    pub id: i64,
    pub bytes: Vec<u8>,
}

impl crate::Constructor for ImportAuthorization {
    const ID: u32 = 0xa57a7dad;
    const NAME: &'static str = "auth.importAuthorization";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
        crate::Serializable::serialize(&self.bytes, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        let bytes = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id, bytes })
    }
}

impl crate::Serializable for ImportAuthorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ImportAuthorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ImportAuthorization {
    type Return = crate::enums::auth::Authorization;
    const NAME: &'static str = "auth.importAuthorization";
}

/// `auth.importBotAuthorization#67a3ff2c`, answered by `auth.Authorization`.
#[derive(Clone, PartialEq, Default)]
pub struct ImportBotAuthorization {
    pub flags: i32,
    pub api_id: i32,
    pub api_hash: String,
    pub bot_auth_token: String,
}

impl std::fmt::Debug for ImportBotAuthorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportBotAuthorization")
            .field("flags", &self.flags)
            .field("api_id", &self.api_id)
            .field("api_hash", &format_args!("…"))
            .field("bot_auth_token", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for ImportBotAuthorization {
    const ID: u32 = 0x67a3ff2c;
    const NAME: &'static str = "auth.importBotAuthorization";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.flags, out);
        crate::Serializable::serialize(&self.api_id, out);
        crate::Serializable::serialize(&self.api_hash, out);
        crate::Serializable::serialize(&self.bot_auth_token, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags = crate::Deserializable::deserialize(reader)?;
        let api_id = crate::Deserializable::deserialize(reader)?;
        let api_hash = crate::Deserializable::deserialize(reader)?;
        let bot_auth_token = crate::Deserializable::deserialize(reader)?;
        Ok(Self { flags, api_id, api_hash, bot_auth_token })
    }
}

impl crate::Serializable for ImportBotAuthorization {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ImportBotAuthorization {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ImportBotAuthorization {
    type Return = crate::enums::auth::Authorization;
    const NAME: &'static str = "auth.importBotAuthorization";
}

/// `auth.importLoginToken#95ac5ce4`, answered by `auth.LoginToken`.
#[derive(Clone, PartialEq, Default)]
pub struct ImportLoginToken {
    pub token: Vec<u8>,
}

impl std::fmt::Debug for ImportLoginToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportLoginToken")
            .field("token", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for ImportLoginToken {
    const ID: u32 = 0x95ac5ce4;
    const NAME: &'static str = "auth.importLoginToken";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.token, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let token = crate::Deserializable::deserialize(reader)?;
        Ok(Self { token })
    }
}

impl crate::Serializable for ImportLoginToken {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ImportLoginToken {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ImportLoginToken {
    type Return = crate::enums::auth::LoginToken;
    const NAME: &'static str = "auth.importLoginToken";
}

/// `auth.logOut#3e72ba19`, answered by `auth.LoggedOut`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LogOut {
}

impl crate::Constructor for LogOut {
    const ID: u32 = 0x3e72ba19;
    const NAME: &'static str = "auth.logOut";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for LogOut {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LogOut {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for LogOut {
    type Return = crate::types::auth::LoggedOut;
    const NAME: &'static str = "auth.logOut";
}

/// `auth.resendCode#cae47523`, answered by `auth.SentCode`.
#[derive(Clone, PartialEq, Default)]
pub struct ResendCode {
    pub phone_number: String,
    pub phone_code_hash: String,
    pub reason: Option<String>,
}

impl std::fmt::Debug for ResendCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResendCode")
            .field("phone_number", &format_args!("…"))
            .field("phone_code_hash", &format_args!("…"))
            .field("reason", &self.reason)
            .finish()
    }
}

impl crate::Constructor for ResendCode {
    const ID: u32 = 0xcae47523;
    const NAME: &'static str = "auth.resendCode";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.reason.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.phone_number, out);
        crate::Serializable::serialize(&self.phone_code_hash, out);
        crate::fixed::put(self.reason.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let phone_number = crate::Deserializable::deserialize(reader)?;
        let phone_code_hash = crate::Deserializable::deserialize(reader)?;
        let reason = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { phone_number, phone_code_hash, reason })
    }
}

impl crate::Serializable for ResendCode {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ResendCode {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ResendCode {
    type Return = crate::enums::auth::SentCode;
    const NAME: &'static str = "auth.resendCode";
}

/// `auth.sendCode#a677244f`, answered by `auth.SentCode`.
#[derive(Clone, PartialEq, Default)]
pub struct SendCode {
    pub phone_number: String,
    pub api_id: i32,
    pub api_hash: String,
    pub settings: crate::types::CodeSettings,
}

impl std::fmt::Debug for SendCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendCode")
            .field("phone_number", &format_args!("…"))
            .field("api_id", &self.api_id)
            .field("api_hash", &format_args!("…"))
            .field("settings", &self.settings)
            .finish()
    }
}

impl crate::Constructor for SendCode {
    const ID: u32 = 0xa677244f;
    const NAME: &'static str = "auth.sendCode";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone_number, out);
        crate::Serializable::serialize(&self.api_id, out);
        crate::Serializable::serialize(&self.api_hash, out);
        crate::Serializable::serialize(&self.settings, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone_number = crate::Deserializable::deserialize(reader)?;
        let api_id = crate::Deserializable::deserialize(reader)?;
        let api_hash = crate::Deserializable::deserialize(reader)?;
        let settings = crate::Deserializable::deserialize(reader)?;
        Ok(Self { phone_number, api_id, api_hash, settings })
    }
}

impl crate::Serializable for SendCode {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SendCode {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SendCode {
    type Return = crate::enums::auth::SentCode;
    const NAME: &'static str = "auth.sendCode";
}

/// `auth.signIn#8d52a951`, answered by `auth.Authorization`.
#[derive(Clone, PartialEq, Default)]
pub struct SignIn {
    pub phone_number: String,
    pub phone_code_hash: String,
    pub phone_code: Option<String>,
    pub email_verification: Option<crate::Value>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("phone_number", &format_args!("…"))
            .field("phone_code_hash", &format_args!("…"))
            .field("phone_code", &format_args!("…"))
            .field("email_verification", &self.email_verification)
            .finish()
    }
}

impl crate::Constructor for SignIn {
    const ID: u32 = 0x8d52a951;
    const NAME: &'static str = "auth.signIn";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.phone_code.is_some())
            | u32::from(self.email_verification.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.phone_number, out);
        crate::Serializable::serialize(&self.phone_code_hash, out);
        crate::fixed::put(self.phone_code.as_ref(), flags1, 0, out);
        crate::fixed::put(self.email_verification.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let phone_number = crate::Deserializable::deserialize(reader)?;
        let phone_code_hash = crate::Deserializable::deserialize(reader)?;
        let phone_code = crate::fixed::optional(reader, flags1, 0)?;
        let email_verification = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { phone_number, phone_code_hash, phone_code, email_verification })
    }
}

impl crate::Serializable for SignIn {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SignIn {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SignIn {
    type Return = crate::enums::auth::Authorization;
    const NAME: &'static str = "auth.signIn";
}

/// `auth.signUp#aac7b717`, answered by `auth.Authorization`.
#[derive(Clone, PartialEq, Default)]
pub struct SignUp {
    pub no_joined_notifications: bool,
    pub phone_number: String,
    pub phone_code_hash: String,
    pub first_name: String,
    pub last_name: String,
}

impl std::fmt::Debug for SignUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignUp")
            .field("no_joined_notifications", &self.no_joined_notifications)
            .field("phone_number", &format_args!("…"))
            .field("phone_code_hash", &format_args!("…"))
            .field("first_name", &self.first_name)
            .field("last_name", &self.last_name)
            .finish()
    }
}

impl crate::Constructor for SignUp {
    const ID: u32 = 0xaac7b717;
    const NAME: &'static str = "auth.signUp";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.no_joined_notifications);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.phone_number, out);
        crate::Serializable::serialize(&self.phone_code_hash, out);
        crate::Serializable::serialize(&self.first_name, out);
        crate::Serializable::serialize(&self.last_name, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let no_joined_notifications = crate::fixed::flag(flags1, 0);
        let phone_number = crate::Deserializable::deserialize(reader)?;
        let phone_code_hash = crate::Deserializable::deserialize(reader)?;
        let first_name = crate::Deserializable::deserialize(reader)?;
        let last_name = crate::Deserializable::deserialize(reader)?;
        Ok(Self { no_joined_notifications, phone_number, phone_code_hash, first_name, last_name })
    }
}

impl crate::Serializable for SignUp {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SignUp {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SignUp {
    type Return = crate::enums::auth::Authorization;
    const NAME: &'static str = "auth.signUp";
}
}

/// Namespace `contacts`.
pub mod contacts {

/// `contacts.getContacts#5dd69e12`, answered by `contacts.Contacts`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetContacts {
    pub hash: i64,
}

impl crate::Constructor for GetContacts {
    const ID: u32 = 0x5dd69e12;
    const NAME: &'static str = "contacts.getContacts";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { hash })
    }
}

impl crate::Serializable for GetContacts {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetContacts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetContacts {
    type Return = crate::enums::contacts::Contacts;
    const NAME: &'static str = "contacts.getContacts";
}

/// `contacts.importContacts#2c800be5`, answered by `contacts.ImportedContacts`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportContacts {
    pub contacts: Vec<crate::types::InputPhoneContact>,
}

impl crate::Constructor for ImportContacts {
    const ID: u32 = 0x2c800be5;
    const NAME: &'static str = "contacts.importContacts";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.contacts, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let contacts = crate::Deserializable::deserialize(reader)?;
        Ok(Self { contacts })
    }
}

impl crate::Serializable for ImportContacts {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ImportContacts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ImportContacts {
    type Return = crate::types::contacts::ImportedContacts;
    const NAME: &'static str = "contacts.importContacts";
}

/// `contacts.resolvePhone#8af94344`, answered by `contacts.ResolvedPeer`.
#[derive(Clone, PartialEq, Default)]
pub struct ResolvePhone {
    pub phone: String,
}

impl std::fmt::Debug for ResolvePhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResolvePhone")
            .field("phone", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for ResolvePhone {
    const ID: u32 = 0x8af94344;
    const NAME: &'static str = "contacts.resolvePhone";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone = crate::Deserializable::deserialize(reader)?;
        Ok(Self { phone })
    }
}

impl crate::Serializable for ResolvePhone {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ResolvePhone {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ResolvePhone {
    type Return = crate::types::contacts::ResolvedPeer;
    const NAME: &'static str = "contacts.resolvePhone";
}

/// `contacts.resolveUsername#725afbbc`, answered by `contacts.ResolvedPeer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ResolveUsername {
    pub username: String,
    pub referer: Option<String>,
}

impl crate::Constructor for ResolveUsername {
    const ID: u32 = 0x725afbbc;
    const NAME: &'static str = "contacts.resolveUsername";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.referer.is_some());
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.username, out);
        crate::fixed::put(self.referer.as_ref(), flags1, 0, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let username = crate::Deserializable::deserialize(reader)?;
        let referer = crate::fixed::optional(reader, flags1, 0)?;
        Ok(Self { username, referer })
    }
}

impl crate::Serializable for ResolveUsername {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ResolveUsername {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ResolveUsername {
    type Return = crate::types::contacts::ResolvedPeer;
    const NAME: &'static str = "contacts.resolveUsername";
}
}

/// Namespace `help`.
pub mod help {

/// `help.getConfig#c4f9186b`, answered by `Config`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetConfig {
}

impl crate::Constructor for GetConfig {
    const ID: u32 = 0xc4f9186b;
    const NAME: &'static str = "help.getConfig";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for GetConfig {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetConfig {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetConfig {
    type Return = crate::types::Config;
    const NAME: &'static str = "help.getConfig";
}

/// `help.getNearestDc#1fb33026`, answered by `NearestDc`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetNearestDc {
}

impl crate::Constructor for GetNearestDc {
    const ID: u32 = 0x1fb33026;
    const NAME: &'static str = "help.getNearestDc";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for GetNearestDc {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetNearestDc {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetNearestDc {
    type Return = crate::types::NearestDc;
    const NAME: &'static str = "help.getNearestDc";
}
}

/// Namespace `messages`.
pub mod messages {

/// `messages.getDhConfig#26cf8950`, answered by `messages.DhConfig`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetDhConfig {
    pub version: i32,
    pub random_length: i32,
}

impl crate::Constructor for GetDhConfig {
    const ID: u32 = 0x26cf8950;
    const NAME: &'static str = "messages.getDhConfig";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.version, out);
        crate::Serializable::serialize(&self.random_length, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let version = crate::Deserializable::deserialize(reader)?;
        let random_length = crate::Deserializable::deserialize(reader)?;
        Ok(Self { version, random_length })
    }
}

impl crate::Serializable for GetDhConfig {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetDhConfig {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetDhConfig {
    type Return = crate::enums::messages::DhConfig;
    const NAME: &'static str = "messages.getDhConfig";
}

/// `messages.getDialogs#a0f4cb4f`, answered by `messages.Dialogs`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetDialogs {
    pub exclude_pinned: bool,
    pub folder_id: Option<i32>,
    pub offset_date: i32,
    pub offset_id: i32,
    pub offset_peer: crate::enums::InputPeer,
    pub limit: i32,
    pub hash: i64,
}

impl crate::Constructor for GetDialogs {
    const ID: u32 = 0xa0f4cb4f;
    const NAME: &'static str = "messages.getDialogs";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.exclude_pinned)
            | u32::from(self.folder_id.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::fixed::put(self.folder_id.as_ref(), flags1, 1, out);
        crate::Serializable::serialize(&self.offset_date, out);
        crate::Serializable::serialize(&self.offset_id, out);
        crate::Serializable::serialize(&self.offset_peer, out);
        crate::Serializable::serialize(&self.limit, out);
        crate::Serializable::serialize(&self.hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let exclude_pinned = crate::fixed::flag(flags1, 0);
        let folder_id = crate::fixed::optional(reader, flags1, 1)?;
        let offset_date = crate::Deserializable::deserialize(reader)?;
        let offset_id = crate::Deserializable::deserialize(reader)?;
        let offset_peer = crate::Deserializable::deserialize(reader)?;
        let limit = crate::Deserializable::deserialize(reader)?;
        let hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { exclude_pinned, folder_id, offset_date, offset_id, offset_peer, limit, hash })
    }
}

impl crate::Serializable for GetDialogs {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetDialogs {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetDialogs {
    type Return = crate::enums::messages::Dialogs;
    const NAME: &'static str = "messages.getDialogs";
}

/// `messages.getHistory#4423e6c5`, answered by `messages.Messages`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetHistory {
    pub peer: crate::enums::InputPeer,
    pub offset_id: i32,
    pub offset_date: i32,
    pub add_offset: i32,
    pub limit: i32,
    pub max_id: i32,
    pub min_id: i32,
    pub hash: i64,
}

impl crate::Constructor for GetHistory {
    const ID: u32 = 0x4423e6c5;
    const NAME: &'static str = "messages.getHistory";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.offset_id, out);
        crate::Serializable::serialize(&self.offset_date, out);
        crate::Serializable::serialize(&self.add_offset, out);
        crate::Serializable::serialize(&self.limit, out);
        crate::Serializable::serialize(&self.max_id, out);
        crate::Serializable::serialize(&self.min_id, out);
        crate::Serializable::serialize(&self.hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let offset_id = crate::Deserializable::deserialize(reader)?;
        let offset_date = crate::Deserializable::deserialize(reader)?;
        let add_offset = crate::Deserializable::deserialize(reader)?;
        let limit = crate::Deserializable::deserialize(reader)?;
        let max_id = crate::Deserializable::deserialize(reader)?;
        let min_id = crate::Deserializable::deserialize(reader)?;
        let hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, offset_id, offset_date, add_offset, limit, max_id, min_id, hash })
    }
}

impl crate::Serializable for GetHistory {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetHistory {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetHistory {
    type Return = crate::enums::messages::Messages;
    const NAME: &'static str = "messages.getHistory";
}

/// `messages.readHistory#0e306d3a`, answered by `messages.AffectedMessages`.
#[derive(Clone, PartialEq, Debug)]
pub struct ReadHistory {
    pub peer: crate::enums::InputPeer,
    pub max_id: i32,
}

impl crate::Constructor for ReadHistory {
    const ID: u32 = 0x0e306d3a;
    const NAME: &'static str = "messages.readHistory";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.max_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let max_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, max_id })
    }
}

impl crate::Serializable for ReadHistory {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ReadHistory {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ReadHistory {
    type Return = crate::types::messages::AffectedMessages;
    const NAME: &'static str = "messages.readHistory";
}

/// `messages.sendMessage#fef48f62`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct SendMessage {
    pub no_webpage: bool,
    pub silent: bool,
    pub background: bool,
    pub clear_draft: bool,
    pub noforwards: bool,
    pub update_stickersets_order: bool,
    pub invert_media: bool,
    pub allow_paid_floodskip: bool,
    pub peer: crate::enums::InputPeer,
    pub reply_to: Option<crate::Value>,
    pub message: String,
    pub random_id: i64,
    pub reply_markup: Option<crate::Value>,
    pub entities: Option<Vec<crate::Value>>,
    pub schedule_date: Option<i32>,
    pub schedule_repeat_period: Option<i32>,
    pub send_as: Option<crate::enums::InputPeer>,
    pub quick_reply_shortcut: Option<crate::Value>,
    pub effect: Option<i64>,
    pub allow_paid_stars: Option<i64>,
    pub suggested_post: Option<crate::Value>,
    pub rich_message: Option<crate::Value>,
}

impl crate::Constructor for SendMessage {
    const ID: u32 = 0xfef48f62;
    const NAME: &'static str = "messages.sendMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.reply_to.is_some())
            | u32::from(self.no_webpage) << 1
            | u32::from(self.reply_markup.is_some()) << 2
            | u32::from(self.entities.is_some()) << 3
            | u32::from(self.silent) << 5
            | u32::from(self.background) << 6
            | u32::from(self.clear_draft) << 7
            | u32::from(self.schedule_date.is_some()) << 10
            | u32::from(self.send_as.is_some()) << 13
            | u32::from(self.noforwards) << 14
            | u32::from(self.update_stickersets_order) << 15
            | u32::from(self.invert_media) << 16
            | u32::from(self.quick_reply_shortcut.is_some()) << 17
            | u32::from(self.effect.is_some()) << 18
            | u32::from(self.allow_paid_floodskip) << 19
            | u32::from(self.allow_paid_stars.is_some()) << 21
            | u32::from(self.suggested_post.is_some()) << 22
            | u32::from(self.rich_message.is_some()) << 23
            | u32::from(self.schedule_repeat_period.is_some()) << 24;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.peer, out);
        crate::fixed::put(self.reply_to.as_ref(), flags1, 0, out);
        crate::Serializable::serialize(&self.message, out);
        crate::Serializable::serialize(&self.random_id, out);
        crate::fixed::put(self.reply_markup.as_ref(), flags1, 2, out);
        crate::fixed::put(self.entities.as_ref(), flags1, 3, out);
        crate::fixed::put(self.schedule_date.as_ref(), flags1, 10, out);
        crate::fixed::put(self.schedule_repeat_period.as_ref(), flags1, 24, out);
        crate::fixed::put(self.send_as.as_ref(), flags1, 13, out);
        crate::fixed::put(self.quick_reply_shortcut.as_ref(), flags1, 17, out);
        crate::fixed::put(self.effect.as_ref(), flags1, 18, out);
        crate::fixed::put(self.allow_paid_stars.as_ref(), flags1, 21, out);
        crate::fixed::put(self.suggested_post.as_ref(), flags1, 22, out);
        crate::fixed::put(self.rich_message.as_ref(), flags1, 23, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let no_webpage = crate::fixed::flag(flags1, 1);
        let silent = crate::fixed::flag(flags1, 5);
        let background = crate::fixed::flag(flags1, 6);
        let clear_draft = crate::fixed::flag(flags1, 7);
        let noforwards = crate::fixed::flag(flags1, 14);
        let update_stickersets_order = crate::fixed::flag(flags1, 15);
        let invert_media = crate::fixed::flag(flags1, 16);
        let allow_paid_floodskip = crate::fixed::flag(flags1, 19);
        let peer = crate::Deserializable::deserialize(reader)?;
        let reply_to = crate::fixed::optional(reader, flags1, 0)?;
        let message = crate::Deserializable::deserialize(reader)?;
        let random_id = crate::Deserializable::deserialize(reader)?;
        let reply_markup = crate::fixed::optional(reader, flags1, 2)?;
        let entities = crate::fixed::optional(reader, flags1, 3)?;
        let schedule_date = crate::fixed::optional(reader, flags1, 10)?;
        let schedule_repeat_period = crate::fixed::optional(reader, flags1, 24)?;
        let send_as = crate::fixed::optional(reader, flags1, 13)?;
        let quick_reply_shortcut = crate::fixed::optional(reader, flags1, 17)?;
        let effect = crate::fixed::optional(reader, flags1, 18)?;
        let allow_paid_stars = crate::fixed::optional(reader, flags1, 21)?;
        let suggested_post = crate::fixed::optional(reader, flags1, 22)?;
        let rich_message = crate::fixed::optional(reader, flags1, 23)?;
        Ok(Self { no_webpage, silent, background, clear_draft, noforwards, update_stickersets_order, invert_media, allow_paid_floodskip, peer, reply_to, message, random_id, reply_markup, entities, schedule_date, schedule_repeat_period, send_as, quick_reply_shortcut, effect, allow_paid_stars, suggested_post, rich_message })
    }
}

impl crate::Serializable for SendMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SendMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SendMessage {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "messages.sendMessage";
}
}

/// Namespace `phone`.
pub mod phone {

/// `phone.acceptCall#3bd2b4a0`, answered by `phone.PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AcceptCall {
    pub peer: crate::types::InputPhoneCall,
    pub g_b: Vec<u8>,
    pub protocol: crate::types::PhoneCallProtocol,
}

impl crate::Constructor for AcceptCall {
    const ID: u32 = 0x3bd2b4a0;
    const NAME: &'static str = "phone.acceptCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.g_b, out);
        crate::Serializable::serialize(&self.protocol, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let g_b = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, g_b, protocol })
    }
}

impl crate::Serializable for AcceptCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for AcceptCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for AcceptCall {
    type Return = crate::types::phone::PhoneCall;
    const NAME: &'static str = "phone.acceptCall";
}

/// `phone.checkGroupCall#b59cf977`, answered by `Vector<int>`.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckGroupCall {
    pub call: crate::enums::InputGroupCall,
    pub sources: Vec<i32>,
}

impl crate::Constructor for CheckGroupCall {
    const ID: u32 = 0xb59cf977;
    const NAME: &'static str = "phone.checkGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.sources, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let sources = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, sources })
    }
}

impl crate::Serializable for CheckGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for CheckGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for CheckGroupCall {
    type Return = Vec<i32>;
    const NAME: &'static str = "phone.checkGroupCall";
}

/// `phone.confirmCall#2efe1722`, answered by `phone.PhoneCall`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfirmCall {
    pub peer: crate::types::InputPhoneCall,
    pub g_a: Vec<u8>,
    pub key_fingerprint: i64,
    pub protocol: crate::types::PhoneCallProtocol,
}

impl crate::Constructor for ConfirmCall {
    const ID: u32 = 0x2efe1722;
    const NAME: &'static str = "phone.confirmCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.g_a, out);
        crate::Serializable::serialize(&self.key_fingerprint, out);
        crate::Serializable::serialize(&self.protocol, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let g_a = crate::Deserializable::deserialize(reader)?;
        let key_fingerprint = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, g_a, key_fingerprint, protocol })
    }
}

impl crate::Serializable for ConfirmCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ConfirmCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ConfirmCall {
    type Return = crate::types::phone::PhoneCall;
    const NAME: &'static str = "phone.confirmCall";
}

/// `phone.createConferenceCall#7d0444bb`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CreateConferenceCall {
    pub muted: bool,
    pub video_stopped: bool,
    pub join: bool,
    pub random_id: i32,
    pub public_key: Option<[u8; 32]>,
    pub block: Option<Vec<u8>>,
    pub params: Option<crate::types::DataJSON>,
}

impl crate::Constructor for CreateConferenceCall {
    const ID: u32 = 0x7d0444bb;
    const NAME: &'static str = "phone.createConferenceCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.muted)
            | u32::from(self.video_stopped) << 2
            | u32::from(self.public_key.is_some() && self.block.is_some() && self.params.is_some()) << 3;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.random_id, out);
        crate::fixed::put(self.public_key.as_ref(), flags1, 3, out);
        crate::fixed::put(self.block.as_ref(), flags1, 3, out);
        crate::fixed::put(self.params.as_ref(), flags1, 3, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let muted = crate::fixed::flag(flags1, 0);
        let video_stopped = crate::fixed::flag(flags1, 2);
        let join = crate::fixed::flag(flags1, 3);
        let random_id = crate::Deserializable::deserialize(reader)?;
        let public_key = crate::fixed::optional(reader, flags1, 3)?;
        let block = crate::fixed::optional(reader, flags1, 3)?;
        let params = crate::fixed::optional(reader, flags1, 3)?;
        Ok(Self { muted, video_stopped, join, random_id, public_key, block, params })
    }
}

impl crate::Serializable for CreateConferenceCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for CreateConferenceCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for CreateConferenceCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.createConferenceCall";
}

/// `phone.createGroupCall#48cdc6d8`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct CreateGroupCall {
    pub rtmp_stream: bool,
    pub peer: crate::enums::InputPeer,
    pub random_id: i32,
    pub title: Option<String>,
    pub schedule_date: Option<i32>,
}

impl crate::Constructor for CreateGroupCall {
    const ID: u32 = 0x48cdc6d8;
    const NAME: &'static str = "phone.createGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.title.is_some())
            | u32::from(self.schedule_date.is_some()) << 1
            | u32::from(self.rtmp_stream) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.random_id, out);
        crate::fixed::put(self.title.as_ref(), flags1, 0, out);
        crate::fixed::put(self.schedule_date.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let rtmp_stream = crate::fixed::flag(flags1, 2);
        let peer = crate::Deserializable::deserialize(reader)?;
        let random_id = crate::Deserializable::deserialize(reader)?;
        let title = crate::fixed::optional(reader, flags1, 0)?;
        let schedule_date = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { rtmp_stream, peer, random_id, title, schedule_date })
    }
}

impl crate::Serializable for CreateGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for CreateGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for CreateGroupCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.createGroupCall";
}

/// `phone.declineConferenceCallInvite#3c479971`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DeclineConferenceCallInvite {
    pub msg_id: i32,
}

impl crate::Constructor for DeclineConferenceCallInvite {
    const ID: u32 = 0x3c479971;
    const NAME: &'static str = "phone.declineConferenceCallInvite";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_id })
    }
}

impl crate::Serializable for DeclineConferenceCallInvite {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DeclineConferenceCallInvite {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DeclineConferenceCallInvite {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.declineConferenceCallInvite";
}

/// `phone.deleteConferenceCallParticipants#8ca60525`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct DeleteConferenceCallParticipants {
    pub only_left: bool,
    pub kick: bool,
    pub call: crate::enums::InputGroupCall,
    pub ids: Vec<i64>,
    pub block: Vec<u8>,
}

impl crate::Constructor for DeleteConferenceCallParticipants {
    const ID: u32 = 0x8ca60525;
    const NAME: &'static str = "phone.deleteConferenceCallParticipants";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.only_left)
            | u32::from(self.kick) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.ids, out);
        crate::Serializable::serialize(&self.block, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let only_left = crate::fixed::flag(flags1, 0);
        let kick = crate::fixed::flag(flags1, 1);
        let call = crate::Deserializable::deserialize(reader)?;
        let ids = crate::Deserializable::deserialize(reader)?;
        let block = crate::Deserializable::deserialize(reader)?;
        Ok(Self { only_left, kick, call, ids, block })
    }
}

impl crate::Serializable for DeleteConferenceCallParticipants {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DeleteConferenceCallParticipants {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DeleteConferenceCallParticipants {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.deleteConferenceCallParticipants";
}

/// `phone.deleteGroupCallMessages#f64f54f7`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct DeleteGroupCallMessages {
    pub report_spam: bool,
    pub call: crate::enums::InputGroupCall,
    pub messages: Vec<i32>,
}

impl crate::Constructor for DeleteGroupCallMessages {
    const ID: u32 = 0xf64f54f7;
    const NAME: &'static str = "phone.deleteGroupCallMessages";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.report_spam);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.messages, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let report_spam = crate::fixed::flag(flags1, 0);
        let call = crate::Deserializable::deserialize(reader)?;
        let messages = crate::Deserializable::deserialize(reader)?;
        Ok(Self { report_spam, call, messages })
    }
}

impl crate::Serializable for DeleteGroupCallMessages {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DeleteGroupCallMessages {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DeleteGroupCallMessages {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.deleteGroupCallMessages";
}

/// `phone.deleteGroupCallParticipantMessages#1dbfeca0`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct DeleteGroupCallParticipantMessages {
    pub report_spam: bool,
    pub call: crate::enums::InputGroupCall,
    pub participant: crate::enums::InputPeer,
}

impl crate::Constructor for DeleteGroupCallParticipantMessages {
    const ID: u32 = 0x1dbfeca0;
    const NAME: &'static str = "phone.deleteGroupCallParticipantMessages";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.report_spam);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.participant, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let report_spam = crate::fixed::flag(flags1, 0);
        let call = crate::Deserializable::deserialize(reader)?;
        let participant = crate::Deserializable::deserialize(reader)?;
        Ok(Self { report_spam, call, participant })
    }
}

impl crate::Serializable for DeleteGroupCallParticipantMessages {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DeleteGroupCallParticipantMessages {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DeleteGroupCallParticipantMessages {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.deleteGroupCallParticipantMessages";
}

/// `phone.discardCall#b2cbc1c0`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct DiscardCall {
    pub video: bool,
    pub peer: crate::types::InputPhoneCall,
    pub duration: i32,
    pub reason: crate::enums::PhoneCallDiscardReason,
    pub connection_id: i64,
}

impl crate::Constructor for DiscardCall {
    const ID: u32 = 0xb2cbc1c0;
    const NAME: &'static str = "phone.discardCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.video);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.duration, out);
        crate::Serializable::serialize(&self.reason, out);
        crate::Serializable::serialize(&self.connection_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 0);
        let peer = crate::Deserializable::deserialize(reader)?;
        let duration = crate::Deserializable::deserialize(reader)?;
        let reason = crate::Deserializable::deserialize(reader)?;
        let connection_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { video, peer, duration, reason, connection_id })
    }
}

impl crate::Serializable for DiscardCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DiscardCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DiscardCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.discardCall";
}

/// `phone.discardGroupCall#7a777135`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct DiscardGroupCall {
    pub call: crate::enums::InputGroupCall,
}

impl crate::Constructor for DiscardGroupCall {
    const ID: u32 = 0x7a777135;
    const NAME: &'static str = "phone.discardGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call })
    }
}

impl crate::Serializable for DiscardGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DiscardGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DiscardGroupCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.discardGroupCall";
}

/// `phone.editGroupCallParticipant#a5273abf`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct EditGroupCallParticipant {
    pub call: crate::enums::InputGroupCall,
    pub participant: crate::enums::InputPeer,
    pub muted: Option<bool>,
    pub volume: Option<i32>,
    pub raise_hand: Option<bool>,
    pub video_stopped: Option<bool>,
    pub video_paused: Option<bool>,
    pub presentation_paused: Option<bool>,
}

impl crate::Constructor for EditGroupCallParticipant {
    const ID: u32 = 0xa5273abf;
    const NAME: &'static str = "phone.editGroupCallParticipant";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.muted.is_some())
            | u32::from(self.volume.is_some()) << 1
            | u32::from(self.raise_hand.is_some()) << 2
            | u32::from(self.video_stopped.is_some()) << 3
            | u32::from(self.video_paused.is_some()) << 4
            | u32::from(self.presentation_paused.is_some()) << 5;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.participant, out);
        crate::fixed::put(self.muted.as_ref(), flags1, 0, out);
        crate::fixed::put(self.volume.as_ref(), flags1, 1, out);
        crate::fixed::put(self.raise_hand.as_ref(), flags1, 2, out);
        crate::fixed::put(self.video_stopped.as_ref(), flags1, 3, out);
        crate::fixed::put(self.video_paused.as_ref(), flags1, 4, out);
        crate::fixed::put(self.presentation_paused.as_ref(), flags1, 5, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let call = crate::Deserializable::deserialize(reader)?;
        let participant = crate::Deserializable::deserialize(reader)?;
        let muted = crate::fixed::optional(reader, flags1, 0)?;
        let volume = crate::fixed::optional(reader, flags1, 1)?;
        let raise_hand = crate::fixed::optional(reader, flags1, 2)?;
        let video_stopped = crate::fixed::optional(reader, flags1, 3)?;
        let video_paused = crate::fixed::optional(reader, flags1, 4)?;
        let presentation_paused = crate::fixed::optional(reader, flags1, 5)?;
        Ok(Self { call, participant, muted, volume, raise_hand, video_stopped, video_paused, presentation_paused })
    }
}

impl crate::Serializable for EditGroupCallParticipant {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for EditGroupCallParticipant {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for EditGroupCallParticipant {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.editGroupCallParticipant";
}

/// `phone.editGroupCallTitle#1ca6ac0a`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct EditGroupCallTitle {
    pub call: crate::enums::InputGroupCall,
    pub title: String,
}

impl crate::Constructor for EditGroupCallTitle {
    const ID: u32 = 0x1ca6ac0a;
    const NAME: &'static str = "phone.editGroupCallTitle";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.title, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let title = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, title })
    }
}

impl crate::Serializable for EditGroupCallTitle {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for EditGroupCallTitle {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for EditGroupCallTitle {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.editGroupCallTitle";
}

/// `phone.exportGroupCallInvite#e6aa647f`, answered by `phone.ExportedGroupCallInvite`.
#[derive(Clone, PartialEq, Debug)]
pub struct ExportGroupCallInvite {
    pub can_self_unmute: bool,
    pub call: crate::enums::InputGroupCall,
}

impl crate::Constructor for ExportGroupCallInvite {
    const ID: u32 = 0xe6aa647f;
    const NAME: &'static str = "phone.exportGroupCallInvite";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.can_self_unmute);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let can_self_unmute = crate::fixed::flag(flags1, 0);
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { can_self_unmute, call })
    }
}

impl crate::Serializable for ExportGroupCallInvite {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ExportGroupCallInvite {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ExportGroupCallInvite {
    type Return = crate::types::phone::ExportedGroupCallInvite;
    const NAME: &'static str = "phone.exportGroupCallInvite";
}

/// `phone.getCallConfig#55451fa9`, answered by `DataJSON`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetCallConfig {
}

impl crate::Constructor for GetCallConfig {
    const ID: u32 = 0x55451fa9;
    const NAME: &'static str = "phone.getCallConfig";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for GetCallConfig {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetCallConfig {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetCallConfig {
    type Return = crate::types::DataJSON;
    const NAME: &'static str = "phone.getCallConfig";
}

/// `phone.getGroupCall#041845db`, answered by `phone.GroupCall`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupCall {
    pub call: crate::enums::InputGroupCall,
    pub limit: i32,
}

impl crate::Constructor for GetGroupCall {
    const ID: u32 = 0x041845db;
    const NAME: &'static str = "phone.getGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.limit, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let limit = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, limit })
    }
}

impl crate::Serializable for GetGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupCall {
    type Return = crate::types::phone::GroupCall;
    const NAME: &'static str = "phone.getGroupCall";
}

/// `phone.getGroupCallChainBlocks#ee9f88a6`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupCallChainBlocks {
    pub call: crate::enums::InputGroupCall,
    pub sub_chain_id: i32,
    pub offset: i32,
    pub limit: i32,
}

impl crate::Constructor for GetGroupCallChainBlocks {
    const ID: u32 = 0xee9f88a6;
    const NAME: &'static str = "phone.getGroupCallChainBlocks";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.sub_chain_id, out);
        crate::Serializable::serialize(&self.offset, out);
        crate::Serializable::serialize(&self.limit, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let sub_chain_id = crate::Deserializable::deserialize(reader)?;
        let offset = crate::Deserializable::deserialize(reader)?;
        let limit = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, sub_chain_id, offset, limit })
    }
}

impl crate::Serializable for GetGroupCallChainBlocks {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupCallChainBlocks {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupCallChainBlocks {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.getGroupCallChainBlocks";
}

/// `phone.getGroupCallJoinAs#ef7c213a`, answered by `phone.JoinAsPeers`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupCallJoinAs {
    pub peer: crate::enums::InputPeer,
}

impl crate::Constructor for GetGroupCallJoinAs {
    const ID: u32 = 0xef7c213a;
    const NAME: &'static str = "phone.getGroupCallJoinAs";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer })
    }
}

impl crate::Serializable for GetGroupCallJoinAs {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupCallJoinAs {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupCallJoinAs {
    type Return = crate::types::phone::JoinAsPeers;
    const NAME: &'static str = "phone.getGroupCallJoinAs";
}

/// `phone.getGroupCallStars#6f636302`, answered by `phone.GroupCallStars`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupCallStars {
    pub call: crate::enums::InputGroupCall,
}

impl crate::Constructor for GetGroupCallStars {
    const ID: u32 = 0x6f636302;
    const NAME: &'static str = "phone.getGroupCallStars";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call })
    }
}

impl crate::Serializable for GetGroupCallStars {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupCallStars {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupCallStars {
    type Return = crate::types::phone::GroupCallStars;
    const NAME: &'static str = "phone.getGroupCallStars";
}

/// `phone.getGroupCallStreamChannels#1ab21940`, answered by `phone.GroupCallStreamChannels`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupCallStreamChannels {
    pub call: crate::enums::InputGroupCall,
}

impl crate::Constructor for GetGroupCallStreamChannels {
    const ID: u32 = 0x1ab21940;
    const NAME: &'static str = "phone.getGroupCallStreamChannels";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call })
    }
}

impl crate::Serializable for GetGroupCallStreamChannels {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupCallStreamChannels {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupCallStreamChannels {
    type Return = crate::types::phone::GroupCallStreamChannels;
    const NAME: &'static str = "phone.getGroupCallStreamChannels";
}

/// `phone.getGroupCallStreamRtmpUrl#5af4c73a`, answered by `phone.GroupCallStreamRtmpUrl`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupCallStreamRtmpUrl {
    pub live_story: bool,
    pub peer: crate::enums::InputPeer,
    pub revoke: bool,
}

impl crate::Constructor for GetGroupCallStreamRtmpUrl {
    const ID: u32 = 0x5af4c73a;
    const NAME: &'static str = "phone.getGroupCallStreamRtmpUrl";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.live_story);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.revoke, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let live_story = crate::fixed::flag(flags1, 0);
        let peer = crate::Deserializable::deserialize(reader)?;
        let revoke = crate::Deserializable::deserialize(reader)?;
        Ok(Self { live_story, peer, revoke })
    }
}

impl crate::Serializable for GetGroupCallStreamRtmpUrl {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupCallStreamRtmpUrl {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupCallStreamRtmpUrl {
    type Return = crate::types::phone::GroupCallStreamRtmpUrl;
    const NAME: &'static str = "phone.getGroupCallStreamRtmpUrl";
}

/// `phone.getGroupParticipants#c558d8ab`, answered by `phone.GroupParticipants`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetGroupParticipants {
    pub call: crate::enums::InputGroupCall,
    pub ids: Vec<crate::enums::InputPeer>,
    pub sources: Vec<i32>,
    pub offset: String,
    pub limit: i32,
}

impl crate::Constructor for GetGroupParticipants {
    const ID: u32 = 0xc558d8ab;
    const NAME: &'static str = "phone.getGroupParticipants";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.ids, out);
        crate::Serializable::serialize(&self.sources, out);
        crate::Serializable::serialize(&self.offset, out);
        crate::Serializable::serialize(&self.limit, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let ids = crate::Deserializable::deserialize(reader)?;
        let sources = crate::Deserializable::deserialize(reader)?;
        let offset = crate::Deserializable::deserialize(reader)?;
        let limit = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, ids, sources, offset, limit })
    }
}

impl crate::Serializable for GetGroupParticipants {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetGroupParticipants {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetGroupParticipants {
    type Return = crate::types::phone::GroupParticipants;
    const NAME: &'static str = "phone.getGroupParticipants";
}

/// `phone.inviteConferenceCallParticipant#bcf22685`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct InviteConferenceCallParticipant {
    pub video: bool,
    pub call: crate::enums::InputGroupCall,
    pub user_id: crate::enums::InputUser,
}

impl crate::Constructor for InviteConferenceCallParticipant {
    const ID: u32 = 0xbcf22685;
    const NAME: &'static str = "phone.inviteConferenceCallParticipant";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.video);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.user_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 0);
        let call = crate::Deserializable::deserialize(reader)?;
        let user_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { video, call, user_id })
    }
}

impl crate::Serializable for InviteConferenceCallParticipant {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InviteConferenceCallParticipant {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for InviteConferenceCallParticipant {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.inviteConferenceCallParticipant";
}

/// `phone.inviteToGroupCall#7b393160`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct InviteToGroupCall {
    pub call: crate::enums::InputGroupCall,
    pub users: Vec<crate::enums::InputUser>,
}

impl crate::Constructor for InviteToGroupCall {
    const ID: u32 = 0x7b393160;
    const NAME: &'static str = "phone.inviteToGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.users, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let users = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, users })
    }
}

impl crate::Serializable for InviteToGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for InviteToGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for InviteToGroupCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.inviteToGroupCall";
}

/// `phone.joinGroupCall#8fb53057`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct JoinGroupCall {
    pub muted: bool,
    pub video_stopped: bool,
    pub call: crate::enums::InputGroupCall,
    pub join_as: crate::enums::InputPeer,
    pub invite_hash: Option<String>,
    pub public_key: Option<[u8; 32]>,
    pub block: Option<Vec<u8>>,
    pub params: crate::types::DataJSON,
}

impl crate::Constructor for JoinGroupCall {
    const ID: u32 = 0x8fb53057;
    const NAME: &'static str = "phone.joinGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.muted)
            | u32::from(self.invite_hash.is_some()) << 1
            | u32::from(self.video_stopped) << 2
            | u32::from(self.public_key.is_some() && self.block.is_some()) << 3;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.join_as, out);
        crate::fixed::put(self.invite_hash.as_ref(), flags1, 1, out);
        crate::fixed::put(self.public_key.as_ref(), flags1, 3, out);
        crate::fixed::put(self.block.as_ref(), flags1, 3, out);
        crate::Serializable::serialize(&self.params, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let muted = crate::fixed::flag(flags1, 0);
        let video_stopped = crate::fixed::flag(flags1, 2);
        let call = crate::Deserializable::deserialize(reader)?;
        let join_as = crate::Deserializable::deserialize(reader)?;
        let invite_hash = crate::fixed::optional(reader, flags1, 1)?;
        let public_key = crate::fixed::optional(reader, flags1, 3)?;
        let block = crate::fixed::optional(reader, flags1, 3)?;
        let params = crate::Deserializable::deserialize(reader)?;
        Ok(Self { muted, video_stopped, call, join_as, invite_hash, public_key, block, params })
    }
}

impl crate::Serializable for JoinGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JoinGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for JoinGroupCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.joinGroupCall";
}

/// `phone.joinGroupCallPresentation#cbea6bc4`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct JoinGroupCallPresentation {
    pub call: crate::enums::InputGroupCall,
    pub params: crate::types::DataJSON,
}

impl crate::Constructor for JoinGroupCallPresentation {
    const ID: u32 = 0xcbea6bc4;
    const NAME: &'static str = "phone.joinGroupCallPresentation";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.params, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let params = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, params })
    }
}

impl crate::Serializable for JoinGroupCallPresentation {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for JoinGroupCallPresentation {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for JoinGroupCallPresentation {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.joinGroupCallPresentation";
}

/// `phone.leaveGroupCall#500377f9`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct LeaveGroupCall {
    pub call: crate::enums::InputGroupCall,
    pub source: i32,
}

impl crate::Constructor for LeaveGroupCall {
    const ID: u32 = 0x500377f9;
    const NAME: &'static str = "phone.leaveGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.source, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let source = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, source })
    }
}

impl crate::Serializable for LeaveGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LeaveGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for LeaveGroupCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.leaveGroupCall";
}

/// `phone.leaveGroupCallPresentation#1c50d144`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct LeaveGroupCallPresentation {
    pub call: crate::enums::InputGroupCall,
}

impl crate::Constructor for LeaveGroupCallPresentation {
    const ID: u32 = 0x1c50d144;
    const NAME: &'static str = "phone.leaveGroupCallPresentation";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call })
    }
}

impl crate::Serializable for LeaveGroupCallPresentation {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for LeaveGroupCallPresentation {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for LeaveGroupCallPresentation {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.leaveGroupCallPresentation";
}

/// `phone.receivedCall#17d54f61`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReceivedCall {
    pub peer: crate::types::InputPhoneCall,
}

impl crate::Constructor for ReceivedCall {
    const ID: u32 = 0x17d54f61;
    const NAME: &'static str = "phone.receivedCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer })
    }
}

impl crate::Serializable for ReceivedCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ReceivedCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ReceivedCall {
    type Return = bool;
    const NAME: &'static str = "phone.receivedCall";
}

/// `phone.requestCall#42ff96ed`, answered by `phone.PhoneCall`.
#[derive(Clone, PartialEq, Debug)]
pub struct RequestCall {
    pub video: bool,
    pub user_id: crate::enums::InputUser,
    pub random_id: i32,
    pub g_a_hash: Vec<u8>,
    pub protocol: crate::types::PhoneCallProtocol,
}

impl crate::Constructor for RequestCall {
    const ID: u32 = 0x42ff96ed;
    const NAME: &'static str = "phone.requestCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.video);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.user_id, out);
        crate::Serializable::serialize(&self.random_id, out);
        crate::Serializable::serialize(&self.g_a_hash, out);
        crate::Serializable::serialize(&self.protocol, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let video = crate::fixed::flag(flags1, 0);
        let user_id = crate::Deserializable::deserialize(reader)?;
        let random_id = crate::Deserializable::deserialize(reader)?;
        let g_a_hash = crate::Deserializable::deserialize(reader)?;
        let protocol = crate::Deserializable::deserialize(reader)?;
        Ok(Self { video, user_id, random_id, g_a_hash, protocol })
    }
}

impl crate::Serializable for RequestCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for RequestCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for RequestCall {
    type Return = crate::types::phone::PhoneCall;
    const NAME: &'static str = "phone.requestCall";
}

/// `phone.saveCallDebug#277add7e`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SaveCallDebug {
    pub peer: crate::types::InputPhoneCall,
    pub debug: crate::types::DataJSON,
}

impl crate::Constructor for SaveCallDebug {
    const ID: u32 = 0x277add7e;
    const NAME: &'static str = "phone.saveCallDebug";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.debug, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let debug = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, debug })
    }
}

impl crate::Serializable for SaveCallDebug {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SaveCallDebug {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SaveCallDebug {
    type Return = bool;
    const NAME: &'static str = "phone.saveCallDebug";
}

/// `phone.saveCallLog#41248786`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug)]
pub struct SaveCallLog {
    pub peer: crate::types::InputPhoneCall,
    pub file: crate::Value,
}

impl crate::Constructor for SaveCallLog {
    const ID: u32 = 0x41248786;
    const NAME: &'static str = "phone.saveCallLog";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.file, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let file = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, file })
    }
}

impl crate::Serializable for SaveCallLog {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SaveCallLog {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SaveCallLog {
    type Return = bool;
    const NAME: &'static str = "phone.saveCallLog";
}

/// `phone.saveDefaultGroupCallJoinAs#575e1f8c`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug)]
pub struct SaveDefaultGroupCallJoinAs {
    pub peer: crate::enums::InputPeer,
    pub join_as: crate::enums::InputPeer,
}

impl crate::Constructor for SaveDefaultGroupCallJoinAs {
    const ID: u32 = 0x575e1f8c;
    const NAME: &'static str = "phone.saveDefaultGroupCallJoinAs";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.join_as, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let join_as = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, join_as })
    }
}

impl crate::Serializable for SaveDefaultGroupCallJoinAs {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SaveDefaultGroupCallJoinAs {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SaveDefaultGroupCallJoinAs {
    type Return = bool;
    const NAME: &'static str = "phone.saveDefaultGroupCallJoinAs";
}

/// `phone.saveDefaultSendAs#4167add1`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug)]
pub struct SaveDefaultSendAs {
    pub call: crate::enums::InputGroupCall,
    pub send_as: crate::enums::InputPeer,
}

impl crate::Constructor for SaveDefaultSendAs {
    const ID: u32 = 0x4167add1;
    const NAME: &'static str = "phone.saveDefaultSendAs";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.send_as, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let send_as = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, send_as })
    }
}

impl crate::Serializable for SaveDefaultSendAs {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SaveDefaultSendAs {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SaveDefaultSendAs {
    type Return = bool;
    const NAME: &'static str = "phone.saveDefaultSendAs";
}

/// `phone.sendConferenceCallBroadcast#c6701900`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct SendConferenceCallBroadcast {
    pub call: crate::enums::InputGroupCall,
    pub block: Vec<u8>,
}

impl crate::Constructor for SendConferenceCallBroadcast {
    const ID: u32 = 0xc6701900;
    const NAME: &'static str = "phone.sendConferenceCallBroadcast";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.block, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let block = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, block })
    }
}

impl crate::Serializable for SendConferenceCallBroadcast {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SendConferenceCallBroadcast {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SendConferenceCallBroadcast {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.sendConferenceCallBroadcast";
}

/// `phone.sendGroupCallEncryptedMessage#e5afa56d`, answered by `Bool`.
#[derive(Clone, PartialEq)]
pub struct SendGroupCallEncryptedMessage {
    pub call: crate::enums::InputGroupCall,
    pub encrypted_message: Vec<u8>,
}

impl std::fmt::Debug for SendGroupCallEncryptedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendGroupCallEncryptedMessage")
            .field("call", &self.call)
            .field("encrypted_message", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for SendGroupCallEncryptedMessage {
    const ID: u32 = 0xe5afa56d;
    const NAME: &'static str = "phone.sendGroupCallEncryptedMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.encrypted_message, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let encrypted_message = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, encrypted_message })
    }
}

impl crate::Serializable for SendGroupCallEncryptedMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SendGroupCallEncryptedMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SendGroupCallEncryptedMessage {
    type Return = bool;
    const NAME: &'static str = "phone.sendGroupCallEncryptedMessage";
}

/// `phone.sendGroupCallMessage#b1d11410`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct SendGroupCallMessage {
    pub call: crate::enums::InputGroupCall,
    pub random_id: i64,
    pub message: crate::types::TextWithEntities,
    pub allow_paid_stars: Option<i64>,
    pub send_as: Option<crate::enums::InputPeer>,
}

impl crate::Constructor for SendGroupCallMessage {
    const ID: u32 = 0xb1d11410;
    const NAME: &'static str = "phone.sendGroupCallMessage";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.allow_paid_stars.is_some())
            | u32::from(self.send_as.is_some()) << 1;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.random_id, out);
        crate::Serializable::serialize(&self.message, out);
        crate::fixed::put(self.allow_paid_stars.as_ref(), flags1, 0, out);
        crate::fixed::put(self.send_as.as_ref(), flags1, 1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let call = crate::Deserializable::deserialize(reader)?;
        let random_id = crate::Deserializable::deserialize(reader)?;
        let message = crate::Deserializable::deserialize(reader)?;
        let allow_paid_stars = crate::fixed::optional(reader, flags1, 0)?;
        let send_as = crate::fixed::optional(reader, flags1, 1)?;
        Ok(Self { call, random_id, message, allow_paid_stars, send_as })
    }
}

impl crate::Serializable for SendGroupCallMessage {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SendGroupCallMessage {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SendGroupCallMessage {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.sendGroupCallMessage";
}

/// `phone.sendSignalingData#ff7a9383`, answered by `Bool`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SendSignalingData {
    pub peer: crate::types::InputPhoneCall,
    pub data: Vec<u8>,
}

impl crate::Constructor for SendSignalingData {
    const ID: u32 = 0xff7a9383;
    const NAME: &'static str = "phone.sendSignalingData";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.data, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let peer = crate::Deserializable::deserialize(reader)?;
        let data = crate::Deserializable::deserialize(reader)?;
        Ok(Self { peer, data })
    }
}

impl crate::Serializable for SendSignalingData {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SendSignalingData {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SendSignalingData {
    type Return = bool;
    const NAME: &'static str = "phone.sendSignalingData";
}

/// `phone.setCallRating#59ead627`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SetCallRating {
    pub user_initiative: bool,
    pub peer: crate::types::InputPhoneCall,
    pub rating: i32,
    pub comment: String,
}

impl crate::Constructor for SetCallRating {
    const ID: u32 = 0x59ead627;
    const NAME: &'static str = "phone.setCallRating";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.user_initiative);
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.peer, out);
        crate::Serializable::serialize(&self.rating, out);
        crate::Serializable::serialize(&self.comment, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let user_initiative = crate::fixed::flag(flags1, 0);
        let peer = crate::Deserializable::deserialize(reader)?;
        let rating = crate::Deserializable::deserialize(reader)?;
        let comment = crate::Deserializable::deserialize(reader)?;
        Ok(Self { user_initiative, peer, rating, comment })
    }
}

impl crate::Serializable for SetCallRating {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SetCallRating {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SetCallRating {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.setCallRating";
}

/// `phone.startScheduledGroupCall#5680e342`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct StartScheduledGroupCall {
    pub call: crate::enums::InputGroupCall,
}

impl crate::Constructor for StartScheduledGroupCall {
    const ID: u32 = 0x5680e342;
    const NAME: &'static str = "phone.startScheduledGroupCall";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call })
    }
}

impl crate::Serializable for StartScheduledGroupCall {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for StartScheduledGroupCall {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for StartScheduledGroupCall {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.startScheduledGroupCall";
}

/// `phone.toggleGroupCallRecord#f128c708`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct ToggleGroupCallRecord {
    pub start: bool,
    pub video: bool,
    pub call: crate::enums::InputGroupCall,
    pub title: Option<String>,
    pub video_portrait: Option<bool>,
}

impl crate::Constructor for ToggleGroupCallRecord {
    const ID: u32 = 0xf128c708;
    const NAME: &'static str = "phone.toggleGroupCallRecord";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.start)
            | u32::from(self.title.is_some()) << 1
            | u32::from(self.video_portrait.is_some()) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::fixed::put(self.title.as_ref(), flags1, 1, out);
        crate::fixed::put(self.video_portrait.as_ref(), flags1, 2, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let start = crate::fixed::flag(flags1, 0);
        let video = crate::fixed::flag(flags1, 2);
        let call = crate::Deserializable::deserialize(reader)?;
        let title = crate::fixed::optional(reader, flags1, 1)?;
        let video_portrait = crate::fixed::optional(reader, flags1, 2)?;
        Ok(Self { start, video, call, title, video_portrait })
    }
}

impl crate::Serializable for ToggleGroupCallRecord {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ToggleGroupCallRecord {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ToggleGroupCallRecord {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.toggleGroupCallRecord";
}

/// `phone.toggleGroupCallSettings#974392f2`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct ToggleGroupCallSettings {
    pub reset_invite_hash: bool,
    pub call: crate::enums::InputGroupCall,
    pub join_muted: Option<bool>,
    pub messages_enabled: Option<bool>,
    pub send_paid_messages_stars: Option<i64>,
}

impl crate::Constructor for ToggleGroupCallSettings {
    const ID: u32 = 0x974392f2;
    const NAME: &'static str = "phone.toggleGroupCallSettings";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.join_muted.is_some())
            | u32::from(self.reset_invite_hash) << 1
            | u32::from(self.messages_enabled.is_some()) << 2
            | u32::from(self.send_paid_messages_stars.is_some()) << 3;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.call, out);
        crate::fixed::put(self.join_muted.as_ref(), flags1, 0, out);
        crate::fixed::put(self.messages_enabled.as_ref(), flags1, 2, out);
        crate::fixed::put(self.send_paid_messages_stars.as_ref(), flags1, 3, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let reset_invite_hash = crate::fixed::flag(flags1, 1);
        let call = crate::Deserializable::deserialize(reader)?;
        let join_muted = crate::fixed::optional(reader, flags1, 0)?;
        let messages_enabled = crate::fixed::optional(reader, flags1, 2)?;
        let send_paid_messages_stars = crate::fixed::optional(reader, flags1, 3)?;
        Ok(Self { reset_invite_hash, call, join_muted, messages_enabled, send_paid_messages_stars })
    }
}

impl crate::Serializable for ToggleGroupCallSettings {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ToggleGroupCallSettings {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ToggleGroupCallSettings {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.toggleGroupCallSettings";
}

/// `phone.toggleGroupCallStartSubscription#219c34e6`, answered by `Updates`.
#[derive(Clone, PartialEq, Debug)]
pub struct ToggleGroupCallStartSubscription {
    pub call: crate::enums::InputGroupCall,
    pub subscribed: bool,
}

impl crate::Constructor for ToggleGroupCallStartSubscription {
    const ID: u32 = 0x219c34e6;
    const NAME: &'static str = "phone.toggleGroupCallStartSubscription";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.call, out);
        crate::Serializable::serialize(&self.subscribed, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let call = crate::Deserializable::deserialize(reader)?;
        let subscribed = crate::Deserializable::deserialize(reader)?;
        Ok(Self { call, subscribed })
    }
}

impl crate::Serializable for ToggleGroupCallStartSubscription {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ToggleGroupCallStartSubscription {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ToggleGroupCallStartSubscription {
    type Return = crate::enums::Updates;
    const NAME: &'static str = "phone.toggleGroupCallStartSubscription";
}
}

/// Namespace `updates`.
pub mod updates {

/// `updates.getDifference#19c2f763`, answered by `updates.Difference`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetDifference {
    pub pts: i32,
    pub pts_limit: Option<i32>,
    pub pts_total_limit: Option<i32>,
    pub date: i32,
    pub qts: i32,
    pub qts_limit: Option<i32>,
}

impl crate::Constructor for GetDifference {
    const ID: u32 = 0x19c2f763;
    const NAME: &'static str = "updates.getDifference";

    fn write_fields(&self, out: &mut Vec<u8>) {
        let flags1: u32 = u32::from(self.pts_total_limit.is_some())
            | u32::from(self.pts_limit.is_some()) << 1
            | u32::from(self.qts_limit.is_some()) << 2;
        out.extend_from_slice(&flags1.to_le_bytes());
        crate::Serializable::serialize(&self.pts, out);
        crate::fixed::put(self.pts_limit.as_ref(), flags1, 1, out);
        crate::fixed::put(self.pts_total_limit.as_ref(), flags1, 0, out);
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.qts, out);
        crate::fixed::put(self.qts_limit.as_ref(), flags1, 2, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let flags1 = reader.word()?;
        let pts = crate::Deserializable::deserialize(reader)?;
        let pts_limit = crate::fixed::optional(reader, flags1, 1)?;
        let pts_total_limit = crate::fixed::optional(reader, flags1, 0)?;
        let date = crate::Deserializable::deserialize(reader)?;
        let qts = crate::Deserializable::deserialize(reader)?;
        let qts_limit = crate::fixed::optional(reader, flags1, 2)?;
        Ok(Self { pts, pts_limit, pts_total_limit, date, qts, qts_limit })
    }
}

impl crate::Serializable for GetDifference {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetDifference {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetDifference {
    type Return = crate::enums::updates::Difference;
    const NAME: &'static str = "updates.getDifference";
}

/// `updates.getState#edd4882a`, answered by `updates.State`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetState {
}

impl crate::Constructor for GetState {
    const ID: u32 = 0xedd4882a;
    const NAME: &'static str = "updates.getState";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for GetState {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetState {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetState {
    type Return = crate::types::updates::State;
    const NAME: &'static str = "updates.getState";
}
}

/// Namespace `users`.
pub mod users {

/// `users.getFullUser#b60f5918`, answered by `users.UserFull`.
#[derive(Clone, PartialEq, Debug)]
pub struct GetFullUser {
    pub id: crate::enums::InputUser,
}

impl crate::Constructor for GetFullUser {
    const ID: u32 = 0xb60f5918;
    const NAME: &'static str = "users.getFullUser";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id })
    }
}

impl crate::Serializable for GetFullUser {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetFullUser {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetFullUser {
    type Return = crate::types::users::UserFull;
    const NAME: &'static str = "users.getFullUser";
}

/// `users.getUsers#0d91a548`, answered by `Vector<User>`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetUsers {
    pub id: Vec<crate::enums::InputUser>,
}

impl crate::Constructor for GetUsers {
    const ID: u32 = 0x0d91a548;
    const NAME: &'static str = "users.getUsers";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { id })
    }
}

impl crate::Serializable for GetUsers {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetUsers {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetUsers {
    type Return = Vec<crate::enums::User>;
    const NAME: &'static str = "users.getUsers";
}
}
}
