// Written by the test `generated`; see mod.rs.

/// Constructors.
pub mod types {

/// `accessPointRule#4679b65f`, of `AccessPointRule`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AccessPointRule {
    pub phone_prefix_rules: String,
    pub dc_id: i32,
    pub ips: Vec<crate::mtproto::enums::IpPort>,
}

impl crate::Constructor for AccessPointRule {
    const ID: u32 = 0x4679b65f;
    const NAME: &'static str = "accessPointRule";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.phone_prefix_rules, out);
        crate::Serializable::serialize(&self.dc_id, out);
        crate::fixed::write_elements(&self.ips, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let phone_prefix_rules = crate::Deserializable::deserialize(reader)?;
        let dc_id = crate::Deserializable::deserialize(reader)?;
        let ips = crate::fixed::elements(reader, crate::Deserializable::deserialize)?;
        Ok(Self { phone_prefix_rules, dc_id, ips })
    }
}

impl crate::Serializable for AccessPointRule {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for AccessPointRule {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `bad_msg_notification#a7eff811`, of `BadMsgNotification`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BadMsgNotification {
    pub bad_msg_id: i64,
    pub bad_msg_seqno: i32,
    pub error_code: i32,
}

impl crate::Constructor for BadMsgNotification {
    const ID: u32 = 0xa7eff811;
    const NAME: &'static str = "bad_msg_notification";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.bad_msg_id, out);
        crate::Serializable::serialize(&self.bad_msg_seqno, out);
        crate::Serializable::serialize(&self.error_code, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let bad_msg_id = crate::Deserializable::deserialize(reader)?;
        let bad_msg_seqno = crate::Deserializable::deserialize(reader)?;
        let error_code = crate::Deserializable::deserialize(reader)?;
        Ok(Self { bad_msg_id, bad_msg_seqno, error_code })
    }
}

impl crate::Serializable for BadMsgNotification {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for BadMsgNotification {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `bad_server_salt#edab447b`, of `BadMsgNotification`.
#[derive(Clone, PartialEq, Default)]
pub struct BadServerSalt {
    pub bad_msg_id: i64,
    pub bad_msg_seqno: i32,
    pub error_code: i32,
    pub new_server_salt: i64,
}

impl std::fmt::Debug for BadServerSalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BadServerSalt")
            .field("bad_msg_id", &self.bad_msg_id)
            .field("bad_msg_seqno", &self.bad_msg_seqno)
            .field("error_code", &self.error_code)
            .field("new_server_salt", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for BadServerSalt {
    const ID: u32 = 0xedab447b;
    const NAME: &'static str = "bad_server_salt";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.bad_msg_id, out);
        crate::Serializable::serialize(&self.bad_msg_seqno, out);
        crate::Serializable::serialize(&self.error_code, out);
        crate::Serializable::serialize(&self.new_server_salt, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let bad_msg_id = crate::Deserializable::deserialize(reader)?;
        let bad_msg_seqno = crate::Deserializable::deserialize(reader)?;
        let error_code = crate::Deserializable::deserialize(reader)?;
        let new_server_salt = crate::Deserializable::deserialize(reader)?;
        Ok(Self { bad_msg_id, bad_msg_seqno, error_code, new_server_salt })
    }
}

impl crate::Serializable for BadServerSalt {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for BadServerSalt {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `bind_auth_key_inner#75a3f765`, of `BindAuthKeyInner`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BindAuthKeyInner {
    pub nonce: i64,
    pub temp_auth_key_id: i64,
    pub perm_auth_key_id: i64,
    pub temp_session_id: i64,
    pub expires_at: i32,
}

impl crate::Constructor for BindAuthKeyInner {
    const ID: u32 = 0x75a3f765;
    const NAME: &'static str = "bind_auth_key_inner";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.temp_auth_key_id, out);
        crate::Serializable::serialize(&self.perm_auth_key_id, out);
        crate::Serializable::serialize(&self.temp_session_id, out);
        crate::Serializable::serialize(&self.expires_at, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let temp_auth_key_id = crate::Deserializable::deserialize(reader)?;
        let perm_auth_key_id = crate::Deserializable::deserialize(reader)?;
        let temp_session_id = crate::Deserializable::deserialize(reader)?;
        let expires_at = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, temp_auth_key_id, perm_auth_key_id, temp_session_id, expires_at })
    }
}

impl crate::Serializable for BindAuthKeyInner {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for BindAuthKeyInner {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `client_DH_inner_data#6643b654`, of `Client_DH_Inner_Data`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ClientDHInnerData {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub retry_id: i64,
    pub g_b: Vec<u8>,
}

impl crate::Constructor for ClientDHInnerData {
    const ID: u32 = 0x6643b654;
    const NAME: &'static str = "client_DH_inner_data";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.retry_id, out);
        crate::Serializable::serialize(&self.g_b, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let retry_id = crate::Deserializable::deserialize(reader)?;
        let g_b = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, retry_id, g_b })
    }
}

impl crate::Serializable for ClientDHInnerData {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ClientDHInnerData {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `destroy_session_none#62d350c9`, of `DestroySessionRes`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DestroySessionNone {
    pub session_id: i64,
}

impl crate::Constructor for DestroySessionNone {
    const ID: u32 = 0x62d350c9;
    const NAME: &'static str = "destroy_session_none";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.session_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let session_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { session_id })
    }
}

impl crate::Serializable for DestroySessionNone {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DestroySessionNone {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `destroy_session_ok#e22045fc`, of `DestroySessionRes`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DestroySessionOk {
    pub session_id: i64,
}

impl crate::Constructor for DestroySessionOk {
    const ID: u32 = 0xe22045fc;
    const NAME: &'static str = "destroy_session_ok";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.session_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let session_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { session_id })
    }
}

impl crate::Serializable for DestroySessionOk {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DestroySessionOk {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `dh_gen_fail#a69dae02`, of `Set_client_DH_params_answer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DhGenFail {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce_hash3: [u8; 16],
}

impl crate::Constructor for DhGenFail {
    const ID: u32 = 0xa69dae02;
    const NAME: &'static str = "dh_gen_fail";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce_hash3, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce_hash3 = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, new_nonce_hash3 })
    }
}

impl crate::Serializable for DhGenFail {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DhGenFail {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `dh_gen_ok#3bcbf734`, of `Set_client_DH_params_answer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DhGenOk {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce_hash1: [u8; 16],
}

impl crate::Constructor for DhGenOk {
    const ID: u32 = 0x3bcbf734;
    const NAME: &'static str = "dh_gen_ok";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce_hash1, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce_hash1 = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, new_nonce_hash1 })
    }
}

impl crate::Serializable for DhGenOk {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DhGenOk {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `dh_gen_retry#46dc1fb9`, of `Set_client_DH_params_answer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DhGenRetry {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce_hash2: [u8; 16],
}

impl crate::Constructor for DhGenRetry {
    const ID: u32 = 0x46dc1fb9;
    const NAME: &'static str = "dh_gen_retry";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce_hash2, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce_hash2 = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, new_nonce_hash2 })
    }
}

impl crate::Serializable for DhGenRetry {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DhGenRetry {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `future_salt#0949d9dc`, of `FutureSalt`.
#[derive(Clone, PartialEq, Default)]
pub struct FutureSalt {
    pub valid_since: i32,
    pub valid_until: i32,
    pub salt: i64,
}

impl std::fmt::Debug for FutureSalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FutureSalt")
            .field("valid_since", &self.valid_since)
            .field("valid_until", &self.valid_until)
            .field("salt", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for FutureSalt {
    const ID: u32 = 0x0949d9dc;
    const NAME: &'static str = "future_salt";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.valid_since, out);
        crate::Serializable::serialize(&self.valid_until, out);
        crate::Serializable::serialize(&self.salt, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let valid_since = crate::Deserializable::deserialize(reader)?;
        let valid_until = crate::Deserializable::deserialize(reader)?;
        let salt = crate::Deserializable::deserialize(reader)?;
        Ok(Self { valid_since, valid_until, salt })
    }
}

impl crate::Serializable for FutureSalt {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for FutureSalt {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `future_salts#ae500895`, of `FutureSalts`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FutureSalts {
    pub req_msg_id: i64,
    pub now: i32,
    pub salts: Vec<crate::mtproto::types::FutureSalt>,
}

impl crate::Constructor for FutureSalts {
    const ID: u32 = 0xae500895;
    const NAME: &'static str = "future_salts";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.req_msg_id, out);
        crate::Serializable::serialize(&self.now, out);
        crate::fixed::write_bare(&self.salts, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let req_msg_id = crate::Deserializable::deserialize(reader)?;
        let now = crate::Deserializable::deserialize(reader)?;
        let salts = crate::fixed::elements(reader, crate::Constructor::read_fields)?;
        Ok(Self { req_msg_id, now, salts })
    }
}

impl crate::Serializable for FutureSalts {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for FutureSalts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `gzip_packed#3072cfa1`, of `Object`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GzipPacked {
    pub packed_data: Vec<u8>,
}

impl crate::Constructor for GzipPacked {
    const ID: u32 = 0x3072cfa1;
    const NAME: &'static str = "gzip_packed";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.packed_data, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let packed_data = crate::Deserializable::deserialize(reader)?;
        Ok(Self { packed_data })
    }
}

impl crate::Serializable for GzipPacked {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GzipPacked {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `http_wait#9299359f`, of `HttpWait`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct HttpWait {
    pub max_delay: i32,
    pub wait_after: i32,
    pub max_wait: i32,
}

impl crate::Constructor for HttpWait {
    const ID: u32 = 0x9299359f;
    const NAME: &'static str = "http_wait";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.max_delay, out);
        crate::Serializable::serialize(&self.wait_after, out);
        crate::Serializable::serialize(&self.max_wait, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let max_delay = crate::Deserializable::deserialize(reader)?;
        let wait_after = crate::Deserializable::deserialize(reader)?;
        let max_wait = crate::Deserializable::deserialize(reader)?;
        Ok(Self { max_delay, wait_after, max_wait })
    }
}

impl crate::Serializable for HttpWait {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for HttpWait {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `ipPort#d433ad73`, of `IpPort`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct IpPort {
    pub ipv4: i32,
    pub port: i32,
}

impl crate::Constructor for IpPort {
    const ID: u32 = 0xd433ad73;
    const NAME: &'static str = "ipPort";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.ipv4, out);
        crate::Serializable::serialize(&self.port, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let ipv4 = crate::Deserializable::deserialize(reader)?;
        let port = crate::Deserializable::deserialize(reader)?;
        Ok(Self { ipv4, port })
    }
}

impl crate::Serializable for IpPort {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for IpPort {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `ipPortSecret#37982646`, of `IpPort`.
#[derive(Clone, PartialEq, Default)]
pub struct IpPortSecret {
    pub ipv4: i32,
    pub port: i32,
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for IpPortSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IpPortSecret")
            .field("ipv4", &self.ipv4)
            .field("port", &self.port)
            .field("secret", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for IpPortSecret {
    const ID: u32 = 0x37982646;
    const NAME: &'static str = "ipPortSecret";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.ipv4, out);
        crate::Serializable::serialize(&self.port, out);
        crate::Serializable::serialize(&self.secret, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let ipv4 = crate::Deserializable::deserialize(reader)?;
        let port = crate::Deserializable::deserialize(reader)?;
        let secret = crate::Deserializable::deserialize(reader)?;
        Ok(Self { ipv4, port, secret })
    }
}

impl crate::Serializable for IpPortSecret {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for IpPortSecret {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `message#5bb8e511`, of `Message`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Message {
    pub msg_id: i64,
    pub seqno: i32,
    pub body: Vec<u8>,
}

impl crate::Constructor for Message {
    const ID: u32 = 0x5bb8e511;
    const NAME: &'static str = "message";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.seqno, out);
        crate::fixed::write_body(&self.body, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let seqno = crate::Deserializable::deserialize(reader)?;
        let body = crate::fixed::read_body(reader)?;
        Ok(Self { msg_id, seqno, body })
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

/// `msg_container#73f1f8dc`, of `MessageContainer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgContainer {
    pub messages: Vec<crate::mtproto::types::Message>,
}

impl crate::Constructor for MsgContainer {
    const ID: u32 = 0x73f1f8dc;
    const NAME: &'static str = "msg_container";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::fixed::write_bare(&self.messages, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let messages = crate::fixed::elements(reader, crate::Constructor::read_fields)?;
        Ok(Self { messages })
    }
}

impl crate::Serializable for MsgContainer {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgContainer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msg_copy#e06046b2`, of `MessageCopy`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgCopy {
    pub orig_message: crate::mtproto::types::Message,
}

impl crate::Constructor for MsgCopy {
    const ID: u32 = 0xe06046b2;
    const NAME: &'static str = "msg_copy";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.orig_message, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let orig_message = crate::Deserializable::deserialize(reader)?;
        Ok(Self { orig_message })
    }
}

impl crate::Serializable for MsgCopy {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgCopy {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msg_detailed_info#276d3ec6`, of `MsgDetailedInfo`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgDetailedInfo {
    pub msg_id: i64,
    pub answer_msg_id: i64,
    pub bytes: i32,
    pub status: i32,
}

impl crate::Constructor for MsgDetailedInfo {
    const ID: u32 = 0x276d3ec6;
    const NAME: &'static str = "msg_detailed_info";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.answer_msg_id, out);
        crate::Serializable::serialize(&self.bytes, out);
        crate::Serializable::serialize(&self.status, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let answer_msg_id = crate::Deserializable::deserialize(reader)?;
        let bytes = crate::Deserializable::deserialize(reader)?;
        let status = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_id, answer_msg_id, bytes, status })
    }
}

impl crate::Serializable for MsgDetailedInfo {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgDetailedInfo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msg_new_detailed_info#809db6df`, of `MsgDetailedInfo`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgNewDetailedInfo {
    pub answer_msg_id: i64,
    pub bytes: i32,
    pub status: i32,
}

impl crate::Constructor for MsgNewDetailedInfo {
    const ID: u32 = 0x809db6df;
    const NAME: &'static str = "msg_new_detailed_info";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.answer_msg_id, out);
        crate::Serializable::serialize(&self.bytes, out);
        crate::Serializable::serialize(&self.status, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let answer_msg_id = crate::Deserializable::deserialize(reader)?;
        let bytes = crate::Deserializable::deserialize(reader)?;
        let status = crate::Deserializable::deserialize(reader)?;
        Ok(Self { answer_msg_id, bytes, status })
    }
}

impl crate::Serializable for MsgNewDetailedInfo {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgNewDetailedInfo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msg_resend_ans_req#8610baeb`, of `MsgResendReq`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgResendAnsReq {
    pub msg_ids: Vec<i64>,
}

impl crate::Constructor for MsgResendAnsReq {
    const ID: u32 = 0x8610baeb;
    const NAME: &'static str = "msg_resend_ans_req";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_ids, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_ids = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_ids })
    }
}

impl crate::Serializable for MsgResendAnsReq {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgResendAnsReq {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msg_resend_req#7d861a08`, of `MsgResendReq`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgResendReq {
    pub msg_ids: Vec<i64>,
}

impl crate::Constructor for MsgResendReq {
    const ID: u32 = 0x7d861a08;
    const NAME: &'static str = "msg_resend_req";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_ids, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_ids = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_ids })
    }
}

impl crate::Serializable for MsgResendReq {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgResendReq {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msgs_ack#62d6b459`, of `MsgsAck`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgsAck {
    pub msg_ids: Vec<i64>,
}

impl crate::Constructor for MsgsAck {
    const ID: u32 = 0x62d6b459;
    const NAME: &'static str = "msgs_ack";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_ids, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_ids = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_ids })
    }
}

impl crate::Serializable for MsgsAck {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgsAck {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msgs_all_info#8cc0d131`, of `MsgsAllInfo`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgsAllInfo {
    pub msg_ids: Vec<i64>,
    pub info: Vec<u8>,
}

impl crate::Constructor for MsgsAllInfo {
    const ID: u32 = 0x8cc0d131;
    const NAME: &'static str = "msgs_all_info";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_ids, out);
        crate::Serializable::serialize(&self.info, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_ids = crate::Deserializable::deserialize(reader)?;
        let info = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_ids, info })
    }
}

impl crate::Serializable for MsgsAllInfo {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgsAllInfo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msgs_state_info#04deb57d`, of `MsgsStateInfo`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgsStateInfo {
    pub req_msg_id: i64,
    pub info: Vec<u8>,
}

impl crate::Constructor for MsgsStateInfo {
    const ID: u32 = 0x04deb57d;
    const NAME: &'static str = "msgs_state_info";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.req_msg_id, out);
        crate::Serializable::serialize(&self.info, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let req_msg_id = crate::Deserializable::deserialize(reader)?;
        let info = crate::Deserializable::deserialize(reader)?;
        Ok(Self { req_msg_id, info })
    }
}

impl crate::Serializable for MsgsStateInfo {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgsStateInfo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `msgs_state_req#da69fb52`, of `MsgsStateReq`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MsgsStateReq {
    pub msg_ids: Vec<i64>,
}

impl crate::Constructor for MsgsStateReq {
    const ID: u32 = 0xda69fb52;
    const NAME: &'static str = "msgs_state_req";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_ids, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_ids = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_ids })
    }
}

impl crate::Serializable for MsgsStateReq {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for MsgsStateReq {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `new_session_created#9ec20908`, of `NewSession`.
#[derive(Clone, PartialEq, Default)]
pub struct NewSessionCreated {
    pub first_msg_id: i64,
    pub unique_id: i64,
    pub server_salt: i64,
}

impl std::fmt::Debug for NewSessionCreated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSessionCreated")
            .field("first_msg_id", &self.first_msg_id)
            .field("unique_id", &self.unique_id)
            .field("server_salt", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for NewSessionCreated {
    const ID: u32 = 0x9ec20908;
    const NAME: &'static str = "new_session_created";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.first_msg_id, out);
        crate::Serializable::serialize(&self.unique_id, out);
        crate::Serializable::serialize(&self.server_salt, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let first_msg_id = crate::Deserializable::deserialize(reader)?;
        let unique_id = crate::Deserializable::deserialize(reader)?;
        let server_salt = crate::Deserializable::deserialize(reader)?;
        Ok(Self { first_msg_id, unique_id, server_salt })
    }
}

impl crate::Serializable for NewSessionCreated {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for NewSessionCreated {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `p_q_inner_data#83c95aec`, of `P_Q_inner_data`.
#[derive(Clone, PartialEq, Default)]
pub struct PQInnerData {
    pub pq: Vec<u8>,
    pub p: Vec<u8>,
    pub q: Vec<u8>,
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce: [u8; 32],
}

impl std::fmt::Debug for PQInnerData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PQInnerData")
            .field("pq", &self.pq)
            .field("p", &self.p)
            .field("q", &self.q)
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("new_nonce", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for PQInnerData {
    const ID: u32 = 0x83c95aec;
    const NAME: &'static str = "p_q_inner_data";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pq, out);
        crate::Serializable::serialize(&self.p, out);
        crate::Serializable::serialize(&self.q, out);
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pq = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        let q = crate::Deserializable::deserialize(reader)?;
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pq, p, q, nonce, server_nonce, new_nonce })
    }
}

impl crate::Serializable for PQInnerData {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PQInnerData {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `p_q_inner_data_dc#a9f55f95`, of `P_Q_inner_data`.
#[derive(Clone, PartialEq, Default)]
pub struct PQInnerDataDc {
    pub pq: Vec<u8>,
    pub p: Vec<u8>,
    pub q: Vec<u8>,
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce: [u8; 32],
    pub dc: i32,
}

impl std::fmt::Debug for PQInnerDataDc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PQInnerDataDc")
            .field("pq", &self.pq)
            .field("p", &self.p)
            .field("q", &self.q)
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("new_nonce", &format_args!("…"))
            .field("dc", &self.dc)
            .finish()
    }
}

impl crate::Constructor for PQInnerDataDc {
    const ID: u32 = 0xa9f55f95;
    const NAME: &'static str = "p_q_inner_data_dc";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pq, out);
        crate::Serializable::serialize(&self.p, out);
        crate::Serializable::serialize(&self.q, out);
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce, out);
        crate::Serializable::serialize(&self.dc, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pq = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        let q = crate::Deserializable::deserialize(reader)?;
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce = crate::Deserializable::deserialize(reader)?;
        let dc = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pq, p, q, nonce, server_nonce, new_nonce, dc })
    }
}

impl crate::Serializable for PQInnerDataDc {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PQInnerDataDc {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `p_q_inner_data_temp#3c6a84d4`, of `P_Q_inner_data`.
#[derive(Clone, PartialEq, Default)]
pub struct PQInnerDataTemp {
    pub pq: Vec<u8>,
    pub p: Vec<u8>,
    pub q: Vec<u8>,
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce: [u8; 32],
    pub expires_in: i32,
}

impl std::fmt::Debug for PQInnerDataTemp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PQInnerDataTemp")
            .field("pq", &self.pq)
            .field("p", &self.p)
            .field("q", &self.q)
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("new_nonce", &format_args!("…"))
            .field("expires_in", &self.expires_in)
            .finish()
    }
}

impl crate::Constructor for PQInnerDataTemp {
    const ID: u32 = 0x3c6a84d4;
    const NAME: &'static str = "p_q_inner_data_temp";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pq, out);
        crate::Serializable::serialize(&self.p, out);
        crate::Serializable::serialize(&self.q, out);
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce, out);
        crate::Serializable::serialize(&self.expires_in, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pq = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        let q = crate::Deserializable::deserialize(reader)?;
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce = crate::Deserializable::deserialize(reader)?;
        let expires_in = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pq, p, q, nonce, server_nonce, new_nonce, expires_in })
    }
}

impl crate::Serializable for PQInnerDataTemp {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PQInnerDataTemp {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `p_q_inner_data_temp_dc#56fddf88`, of `P_Q_inner_data`.
#[derive(Clone, PartialEq, Default)]
pub struct PQInnerDataTempDc {
    pub pq: Vec<u8>,
    pub p: Vec<u8>,
    pub q: Vec<u8>,
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce: [u8; 32],
    pub dc: i32,
    pub expires_in: i32,
}

impl std::fmt::Debug for PQInnerDataTempDc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PQInnerDataTempDc")
            .field("pq", &self.pq)
            .field("p", &self.p)
            .field("q", &self.q)
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("new_nonce", &format_args!("…"))
            .field("dc", &self.dc)
            .field("expires_in", &self.expires_in)
            .finish()
    }
}

impl crate::Constructor for PQInnerDataTempDc {
    const ID: u32 = 0x56fddf88;
    const NAME: &'static str = "p_q_inner_data_temp_dc";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.pq, out);
        crate::Serializable::serialize(&self.p, out);
        crate::Serializable::serialize(&self.q, out);
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce, out);
        crate::Serializable::serialize(&self.dc, out);
        crate::Serializable::serialize(&self.expires_in, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let pq = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        let q = crate::Deserializable::deserialize(reader)?;
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce = crate::Deserializable::deserialize(reader)?;
        let dc = crate::Deserializable::deserialize(reader)?;
        let expires_in = crate::Deserializable::deserialize(reader)?;
        Ok(Self { pq, p, q, nonce, server_nonce, new_nonce, dc, expires_in })
    }
}

impl crate::Serializable for PQInnerDataTempDc {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PQInnerDataTempDc {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `pong#347773c5`, of `Pong`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Pong {
    pub msg_id: i64,
    pub ping_id: i64,
}

impl crate::Constructor for Pong {
    const ID: u32 = 0x347773c5;
    const NAME: &'static str = "pong";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.ping_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let ping_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_id, ping_id })
    }
}

impl crate::Serializable for Pong {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Pong {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `resPQ#05162463`, of `ResPQ`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ResPQ {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub pq: Vec<u8>,
    pub server_public_key_fingerprints: Vec<i64>,
}

impl crate::Constructor for ResPQ {
    const ID: u32 = 0x05162463;
    const NAME: &'static str = "resPQ";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.pq, out);
        crate::Serializable::serialize(&self.server_public_key_fingerprints, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let pq = crate::Deserializable::deserialize(reader)?;
        let server_public_key_fingerprints = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, pq, server_public_key_fingerprints })
    }
}

impl crate::Serializable for ResPQ {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ResPQ {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `rpc_answer_dropped#a43ad8b7`, of `RpcDropAnswer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RpcAnswerDropped {
    pub msg_id: i64,
    pub seq_no: i32,
    pub bytes: i32,
}

impl crate::Constructor for RpcAnswerDropped {
    const ID: u32 = 0xa43ad8b7;
    const NAME: &'static str = "rpc_answer_dropped";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.msg_id, out);
        crate::Serializable::serialize(&self.seq_no, out);
        crate::Serializable::serialize(&self.bytes, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let msg_id = crate::Deserializable::deserialize(reader)?;
        let seq_no = crate::Deserializable::deserialize(reader)?;
        let bytes = crate::Deserializable::deserialize(reader)?;
        Ok(Self { msg_id, seq_no, bytes })
    }
}

impl crate::Serializable for RpcAnswerDropped {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for RpcAnswerDropped {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `rpc_error#2144ca19`, of `RpcError`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RpcError {
    pub error_code: i32,
    pub error_message: String,
}

impl crate::Constructor for RpcError {
    const ID: u32 = 0x2144ca19;
    const NAME: &'static str = "rpc_error";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.error_code, out);
        crate::Serializable::serialize(&self.error_message, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let error_code = crate::Deserializable::deserialize(reader)?;
        let error_message = crate::Deserializable::deserialize(reader)?;
        Ok(Self { error_code, error_message })
    }
}

impl crate::Serializable for RpcError {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for RpcError {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `rpc_result#f35c6d01`, of `RpcResult`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RpcResult {
    pub req_msg_id: i64,
    pub result: Vec<u8>,
}

impl crate::Constructor for RpcResult {
    const ID: u32 = 0xf35c6d01;
    const NAME: &'static str = "rpc_result";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.req_msg_id, out);
        out.extend_from_slice(&self.result);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let req_msg_id = crate::Deserializable::deserialize(reader)?;
        let result = reader.take_rest().to_vec();
        Ok(Self { req_msg_id, result })
    }
}

impl crate::Serializable for RpcResult {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for RpcResult {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `server_DH_inner_data#b5890dba`, of `Server_DH_inner_data`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ServerDHInnerData {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub g: i32,
    pub dh_prime: Vec<u8>,
    pub g_a: Vec<u8>,
    pub server_time: i32,
}

impl crate::Constructor for ServerDHInnerData {
    const ID: u32 = 0xb5890dba;
    const NAME: &'static str = "server_DH_inner_data";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.g, out);
        crate::Serializable::serialize(&self.dh_prime, out);
        crate::Serializable::serialize(&self.g_a, out);
        crate::Serializable::serialize(&self.server_time, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let g = crate::Deserializable::deserialize(reader)?;
        let dh_prime = crate::Deserializable::deserialize(reader)?;
        let g_a = crate::Deserializable::deserialize(reader)?;
        let server_time = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, g, dh_prime, g_a, server_time })
    }
}

impl crate::Serializable for ServerDHInnerData {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ServerDHInnerData {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `server_DH_params_fail#79cb045d`, of `Server_DH_Params`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ServerDHParamsFail {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub new_nonce_hash: [u8; 16],
}

impl crate::Constructor for ServerDHParamsFail {
    const ID: u32 = 0x79cb045d;
    const NAME: &'static str = "server_DH_params_fail";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.new_nonce_hash, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let new_nonce_hash = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, new_nonce_hash })
    }
}

impl crate::Serializable for ServerDHParamsFail {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ServerDHParamsFail {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// `server_DH_params_ok#d0e8075c`, of `Server_DH_Params`.
#[derive(Clone, PartialEq, Default)]
pub struct ServerDHParamsOk {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub encrypted_answer: Vec<u8>,
}

impl std::fmt::Debug for ServerDHParamsOk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerDHParamsOk")
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("encrypted_answer", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for ServerDHParamsOk {
    const ID: u32 = 0xd0e8075c;
    const NAME: &'static str = "server_DH_params_ok";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.encrypted_answer, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let encrypted_answer = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, encrypted_answer })
    }
}

impl crate::Serializable for ServerDHParamsOk {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ServerDHParamsOk {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

/// Namespace `help`.
pub mod help {

/// `help.configSimple#5a592a6c`, of `help.ConfigSimple`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfigSimple {
    pub date: i32,
    pub expires: i32,
    pub rules: Vec<crate::mtproto::types::AccessPointRule>,
}

impl crate::Constructor for ConfigSimple {
    const ID: u32 = 0x5a592a6c;
    const NAME: &'static str = "help.configSimple";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.date, out);
        crate::Serializable::serialize(&self.expires, out);
        crate::fixed::write_elements(&self.rules, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let date = crate::Deserializable::deserialize(reader)?;
        let expires = crate::Deserializable::deserialize(reader)?;
        let rules = crate::fixed::elements(reader, crate::Deserializable::deserialize)?;
        Ok(Self { date, expires, rules })
    }
}

impl crate::Serializable for ConfigSimple {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ConfigSimple {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}
}
}

/// Types of several constructors.
pub mod enums {

/// `BadMsgNotification`.
#[derive(Clone, Debug, PartialEq)]
pub enum BadMsgNotification {
    /// `bad_msg_notification`.
    BadMsgNotification(crate::mtproto::types::BadMsgNotification),
    /// `bad_server_salt`.
    BadServerSalt(crate::mtproto::types::BadServerSalt),
}

impl crate::Serializable for BadMsgNotification {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::BadMsgNotification(object) => crate::Serializable::serialize(object, out),
            Self::BadServerSalt(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for BadMsgNotification {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xa7eff811 => Self::BadMsgNotification(crate::Constructor::read_fields(reader)?),
            0xedab447b => Self::BadServerSalt(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::BadMsgNotification> for BadMsgNotification {
    fn from(object: crate::mtproto::types::BadMsgNotification) -> Self {
        Self::BadMsgNotification(object)
    }
}

impl From<crate::mtproto::types::BadServerSalt> for BadMsgNotification {
    fn from(object: crate::mtproto::types::BadServerSalt) -> Self {
        Self::BadServerSalt(object)
    }
}

/// `DestroyAuthKeyRes`.
#[derive(Clone, Debug, PartialEq)]
pub enum DestroyAuthKeyRes {
    /// `destroy_auth_key_ok`.
    DestroyAuthKeyOk,
    /// `destroy_auth_key_none`.
    DestroyAuthKeyNone,
    /// `destroy_auth_key_fail`.
    DestroyAuthKeyFail,
}

impl crate::Serializable for DestroyAuthKeyRes {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::DestroyAuthKeyOk => out.extend_from_slice(&0xf660e1d4_u32.to_le_bytes()),
            Self::DestroyAuthKeyNone => out.extend_from_slice(&0x0a9f2259_u32.to_le_bytes()),
            Self::DestroyAuthKeyFail => out.extend_from_slice(&0xea109b13_u32.to_le_bytes()),
        }
    }
}

impl crate::Deserializable for DestroyAuthKeyRes {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |_reader, id, at| Ok(match id {
            0xf660e1d4 => Self::DestroyAuthKeyOk,
            0x0a9f2259 => Self::DestroyAuthKeyNone,
            0xea109b13 => Self::DestroyAuthKeyFail,
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

/// `DestroySessionRes`.
#[derive(Clone, Debug, PartialEq)]
pub enum DestroySessionRes {
    /// `destroy_session_ok`.
    DestroySessionOk(crate::mtproto::types::DestroySessionOk),
    /// `destroy_session_none`.
    DestroySessionNone(crate::mtproto::types::DestroySessionNone),
}

impl crate::Serializable for DestroySessionRes {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::DestroySessionOk(object) => crate::Serializable::serialize(object, out),
            Self::DestroySessionNone(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for DestroySessionRes {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xe22045fc => Self::DestroySessionOk(crate::Constructor::read_fields(reader)?),
            0x62d350c9 => Self::DestroySessionNone(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::DestroySessionOk> for DestroySessionRes {
    fn from(object: crate::mtproto::types::DestroySessionOk) -> Self {
        Self::DestroySessionOk(object)
    }
}

impl From<crate::mtproto::types::DestroySessionNone> for DestroySessionRes {
    fn from(object: crate::mtproto::types::DestroySessionNone) -> Self {
        Self::DestroySessionNone(object)
    }
}

/// `IpPort`.
#[derive(Clone, Debug, PartialEq)]
pub enum IpPort {
    /// `ipPort`.
    IpPort(crate::mtproto::types::IpPort),
    /// `ipPortSecret`.
    Secret(crate::mtproto::types::IpPortSecret),
}

impl crate::Serializable for IpPort {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::IpPort(object) => crate::Serializable::serialize(object, out),
            Self::Secret(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for IpPort {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0xd433ad73 => Self::IpPort(crate::Constructor::read_fields(reader)?),
            0x37982646 => Self::Secret(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::IpPort> for IpPort {
    fn from(object: crate::mtproto::types::IpPort) -> Self {
        Self::IpPort(object)
    }
}

impl From<crate::mtproto::types::IpPortSecret> for IpPort {
    fn from(object: crate::mtproto::types::IpPortSecret) -> Self {
        Self::Secret(object)
    }
}

/// `MsgDetailedInfo`.
#[derive(Clone, Debug, PartialEq)]
pub enum MsgDetailedInfo {
    /// `msg_detailed_info`.
    MsgDetailedInfo(crate::mtproto::types::MsgDetailedInfo),
    /// `msg_new_detailed_info`.
    MsgNewDetailedInfo(crate::mtproto::types::MsgNewDetailedInfo),
}

impl crate::Serializable for MsgDetailedInfo {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::MsgDetailedInfo(object) => crate::Serializable::serialize(object, out),
            Self::MsgNewDetailedInfo(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for MsgDetailedInfo {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x276d3ec6 => Self::MsgDetailedInfo(crate::Constructor::read_fields(reader)?),
            0x809db6df => Self::MsgNewDetailedInfo(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::MsgDetailedInfo> for MsgDetailedInfo {
    fn from(object: crate::mtproto::types::MsgDetailedInfo) -> Self {
        Self::MsgDetailedInfo(object)
    }
}

impl From<crate::mtproto::types::MsgNewDetailedInfo> for MsgDetailedInfo {
    fn from(object: crate::mtproto::types::MsgNewDetailedInfo) -> Self {
        Self::MsgNewDetailedInfo(object)
    }
}

/// `MsgResendReq`.
#[derive(Clone, Debug, PartialEq)]
pub enum MsgResendReq {
    /// `msg_resend_req`.
    MsgResendReq(crate::mtproto::types::MsgResendReq),
    /// `msg_resend_ans_req`.
    MsgResendAnsReq(crate::mtproto::types::MsgResendAnsReq),
}

impl crate::Serializable for MsgResendReq {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::MsgResendReq(object) => crate::Serializable::serialize(object, out),
            Self::MsgResendAnsReq(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for MsgResendReq {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x7d861a08 => Self::MsgResendReq(crate::Constructor::read_fields(reader)?),
            0x8610baeb => Self::MsgResendAnsReq(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::MsgResendReq> for MsgResendReq {
    fn from(object: crate::mtproto::types::MsgResendReq) -> Self {
        Self::MsgResendReq(object)
    }
}

impl From<crate::mtproto::types::MsgResendAnsReq> for MsgResendReq {
    fn from(object: crate::mtproto::types::MsgResendAnsReq) -> Self {
        Self::MsgResendAnsReq(object)
    }
}

/// `P_Q_inner_data`.
#[derive(Clone, Debug, PartialEq)]
pub enum PQInnerData {
    /// `p_q_inner_data`.
    PQInnerData(crate::mtproto::types::PQInnerData),
    /// `p_q_inner_data_dc`.
    Dc(crate::mtproto::types::PQInnerDataDc),
    /// `p_q_inner_data_temp`.
    Temp(crate::mtproto::types::PQInnerDataTemp),
    /// `p_q_inner_data_temp_dc`.
    TempDc(crate::mtproto::types::PQInnerDataTempDc),
}

impl crate::Serializable for PQInnerData {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::PQInnerData(object) => crate::Serializable::serialize(object, out),
            Self::Dc(object) => crate::Serializable::serialize(object, out),
            Self::Temp(object) => crate::Serializable::serialize(object, out),
            Self::TempDc(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for PQInnerData {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x83c95aec => Self::PQInnerData(crate::Constructor::read_fields(reader)?),
            0xa9f55f95 => Self::Dc(crate::Constructor::read_fields(reader)?),
            0x3c6a84d4 => Self::Temp(crate::Constructor::read_fields(reader)?),
            0x56fddf88 => Self::TempDc(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::PQInnerData> for PQInnerData {
    fn from(object: crate::mtproto::types::PQInnerData) -> Self {
        Self::PQInnerData(object)
    }
}

impl From<crate::mtproto::types::PQInnerDataDc> for PQInnerData {
    fn from(object: crate::mtproto::types::PQInnerDataDc) -> Self {
        Self::Dc(object)
    }
}

impl From<crate::mtproto::types::PQInnerDataTemp> for PQInnerData {
    fn from(object: crate::mtproto::types::PQInnerDataTemp) -> Self {
        Self::Temp(object)
    }
}

impl From<crate::mtproto::types::PQInnerDataTempDc> for PQInnerData {
    fn from(object: crate::mtproto::types::PQInnerDataTempDc) -> Self {
        Self::TempDc(object)
    }
}

/// `RpcDropAnswer`.
#[derive(Clone, Debug, PartialEq)]
pub enum RpcDropAnswer {
    /// `rpc_answer_unknown`.
    RpcAnswerUnknown,
    /// `rpc_answer_dropped_running`.
    RpcAnswerDroppedRunning,
    /// `rpc_answer_dropped`.
    RpcAnswerDropped(crate::mtproto::types::RpcAnswerDropped),
}

impl crate::Serializable for RpcDropAnswer {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::RpcAnswerUnknown => out.extend_from_slice(&0x5e2ad36e_u32.to_le_bytes()),
            Self::RpcAnswerDroppedRunning => out.extend_from_slice(&0xcd78e586_u32.to_le_bytes()),
            Self::RpcAnswerDropped(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for RpcDropAnswer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x5e2ad36e => Self::RpcAnswerUnknown,
            0xcd78e586 => Self::RpcAnswerDroppedRunning,
            0xa43ad8b7 => Self::RpcAnswerDropped(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::RpcAnswerDropped> for RpcDropAnswer {
    fn from(object: crate::mtproto::types::RpcAnswerDropped) -> Self {
        Self::RpcAnswerDropped(object)
    }
}

/// `Server_DH_Params`.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerDHParams {
    /// `server_DH_params_fail`.
    Fail(crate::mtproto::types::ServerDHParamsFail),
    /// `server_DH_params_ok`.
    Ok(crate::mtproto::types::ServerDHParamsOk),
}

impl crate::Serializable for ServerDHParams {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::Fail(object) => crate::Serializable::serialize(object, out),
            Self::Ok(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for ServerDHParams {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x79cb045d => Self::Fail(crate::Constructor::read_fields(reader)?),
            0xd0e8075c => Self::Ok(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::ServerDHParamsFail> for ServerDHParams {
    fn from(object: crate::mtproto::types::ServerDHParamsFail) -> Self {
        Self::Fail(object)
    }
}

impl From<crate::mtproto::types::ServerDHParamsOk> for ServerDHParams {
    fn from(object: crate::mtproto::types::ServerDHParamsOk) -> Self {
        Self::Ok(object)
    }
}

/// `Set_client_DH_params_answer`.
#[derive(Clone, Debug, PartialEq)]
pub enum SetClientDHParamsAnswer {
    /// `dh_gen_ok`.
    DhGenOk(crate::mtproto::types::DhGenOk),
    /// `dh_gen_retry`.
    DhGenRetry(crate::mtproto::types::DhGenRetry),
    /// `dh_gen_fail`.
    DhGenFail(crate::mtproto::types::DhGenFail),
}

impl crate::Serializable for SetClientDHParamsAnswer {
    fn serialize(&self, out: &mut Vec<u8>) {
        match self {
            Self::DhGenOk(object) => crate::Serializable::serialize(object, out),
            Self::DhGenRetry(object) => crate::Serializable::serialize(object, out),
            Self::DhGenFail(object) => crate::Serializable::serialize(object, out),
        }
    }
}

impl crate::Deserializable for SetClientDHParamsAnswer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::boxed(reader, |reader, id, at| Ok(match id {
            0x3bcbf734 => Self::DhGenOk(crate::Constructor::read_fields(reader)?),
            0x46dc1fb9 => Self::DhGenRetry(crate::Constructor::read_fields(reader)?),
            0xa69dae02 => Self::DhGenFail(crate::Constructor::read_fields(reader)?),
            id => return Err(crate::DecodeError::UnknownId { id, at }),
        }))
    }
}

impl From<crate::mtproto::types::DhGenOk> for SetClientDHParamsAnswer {
    fn from(object: crate::mtproto::types::DhGenOk) -> Self {
        Self::DhGenOk(object)
    }
}

impl From<crate::mtproto::types::DhGenRetry> for SetClientDHParamsAnswer {
    fn from(object: crate::mtproto::types::DhGenRetry) -> Self {
        Self::DhGenRetry(object)
    }
}

impl From<crate::mtproto::types::DhGenFail> for SetClientDHParamsAnswer {
    fn from(object: crate::mtproto::types::DhGenFail) -> Self {
        Self::DhGenFail(object)
    }
}
}

/// Methods.
pub mod functions {

/// `destroy_auth_key#d1435160`, answered by `DestroyAuthKeyRes`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DestroyAuthKey {
}

impl crate::Constructor for DestroyAuthKey {
    const ID: u32 = 0xd1435160;
    const NAME: &'static str = "destroy_auth_key";

    fn write_fields(&self, _out: &mut Vec<u8>) {
    }

    fn read_fields(_reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        Ok(Self {  })
    }
}

impl crate::Serializable for DestroyAuthKey {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DestroyAuthKey {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DestroyAuthKey {
    type Return = crate::mtproto::enums::DestroyAuthKeyRes;
    const NAME: &'static str = "destroy_auth_key";
}

/// `destroy_session#e7512126`, answered by `DestroySessionRes`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DestroySession {
    pub session_id: i64,
}

impl crate::Constructor for DestroySession {
    const ID: u32 = 0xe7512126;
    const NAME: &'static str = "destroy_session";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.session_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let session_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { session_id })
    }
}

impl crate::Serializable for DestroySession {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for DestroySession {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for DestroySession {
    type Return = crate::mtproto::enums::DestroySessionRes;
    const NAME: &'static str = "destroy_session";
}

/// `get_future_salts#b921bd04`, answered by `FutureSalts`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GetFutureSalts {
    pub num: i32,
}

impl crate::Constructor for GetFutureSalts {
    const ID: u32 = 0xb921bd04;
    const NAME: &'static str = "get_future_salts";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.num, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let num = crate::Deserializable::deserialize(reader)?;
        Ok(Self { num })
    }
}

impl crate::Serializable for GetFutureSalts {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for GetFutureSalts {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for GetFutureSalts {
    type Return = crate::mtproto::types::FutureSalts;
    const NAME: &'static str = "get_future_salts";
}

/// `ping#7abe77ec`, answered by `Pong`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ping {
    pub ping_id: i64,
}

impl crate::Constructor for Ping {
    const ID: u32 = 0x7abe77ec;
    const NAME: &'static str = "ping";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.ping_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let ping_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { ping_id })
    }
}

impl crate::Serializable for Ping {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for Ping {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for Ping {
    type Return = crate::mtproto::types::Pong;
    const NAME: &'static str = "ping";
}

/// `ping_delay_disconnect#f3427b8c`, answered by `Pong`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PingDelayDisconnect {
    pub ping_id: i64,
    pub disconnect_delay: i32,
}

impl crate::Constructor for PingDelayDisconnect {
    const ID: u32 = 0xf3427b8c;
    const NAME: &'static str = "ping_delay_disconnect";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.ping_id, out);
        crate::Serializable::serialize(&self.disconnect_delay, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let ping_id = crate::Deserializable::deserialize(reader)?;
        let disconnect_delay = crate::Deserializable::deserialize(reader)?;
        Ok(Self { ping_id, disconnect_delay })
    }
}

impl crate::Serializable for PingDelayDisconnect {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for PingDelayDisconnect {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for PingDelayDisconnect {
    type Return = crate::mtproto::types::Pong;
    const NAME: &'static str = "ping_delay_disconnect";
}

/// `req_DH_params#d712e4be`, answered by `Server_DH_Params`.
#[derive(Clone, PartialEq, Default)]
pub struct ReqDHParams {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub p: Vec<u8>,
    pub q: Vec<u8>,
    pub public_key_fingerprint: i64,
    pub encrypted_data: Vec<u8>,
}

impl std::fmt::Debug for ReqDHParams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReqDHParams")
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("p", &self.p)
            .field("q", &self.q)
            .field("public_key_fingerprint", &self.public_key_fingerprint)
            .field("encrypted_data", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for ReqDHParams {
    const ID: u32 = 0xd712e4be;
    const NAME: &'static str = "req_DH_params";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.p, out);
        crate::Serializable::serialize(&self.q, out);
        crate::Serializable::serialize(&self.public_key_fingerprint, out);
        crate::Serializable::serialize(&self.encrypted_data, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let p = crate::Deserializable::deserialize(reader)?;
        let q = crate::Deserializable::deserialize(reader)?;
        let public_key_fingerprint = crate::Deserializable::deserialize(reader)?;
        let encrypted_data = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, p, q, public_key_fingerprint, encrypted_data })
    }
}

impl crate::Serializable for ReqDHParams {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ReqDHParams {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ReqDHParams {
    type Return = crate::mtproto::enums::ServerDHParams;
    const NAME: &'static str = "req_DH_params";
}

/// `req_pq#60469778`, answered by `ResPQ`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReqPq {
    pub nonce: [u8; 16],
}

impl crate::Constructor for ReqPq {
    const ID: u32 = 0x60469778;
    const NAME: &'static str = "req_pq";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce })
    }
}

impl crate::Serializable for ReqPq {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ReqPq {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ReqPq {
    type Return = crate::mtproto::types::ResPQ;
    const NAME: &'static str = "req_pq";
}

/// `req_pq_multi#be7e8ef1`, answered by `ResPQ`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReqPqMulti {
    pub nonce: [u8; 16],
}

impl crate::Constructor for ReqPqMulti {
    const ID: u32 = 0xbe7e8ef1;
    const NAME: &'static str = "req_pq_multi";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce })
    }
}

impl crate::Serializable for ReqPqMulti {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for ReqPqMulti {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for ReqPqMulti {
    type Return = crate::mtproto::types::ResPQ;
    const NAME: &'static str = "req_pq_multi";
}

/// `rpc_drop_answer#58e4a740`, answered by `RpcDropAnswer`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RpcDropAnswer {
    pub req_msg_id: i64,
}

impl crate::Constructor for RpcDropAnswer {
    const ID: u32 = 0x58e4a740;
    const NAME: &'static str = "rpc_drop_answer";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.req_msg_id, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let req_msg_id = crate::Deserializable::deserialize(reader)?;
        Ok(Self { req_msg_id })
    }
}

impl crate::Serializable for RpcDropAnswer {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for RpcDropAnswer {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for RpcDropAnswer {
    type Return = crate::mtproto::enums::RpcDropAnswer;
    const NAME: &'static str = "rpc_drop_answer";
}

/// `set_client_DH_params#f5045f1f`, answered by `Set_client_DH_params_answer`.
#[derive(Clone, PartialEq, Default)]
pub struct SetClientDHParams {
    pub nonce: [u8; 16],
    pub server_nonce: [u8; 16],
    pub encrypted_data: Vec<u8>,
}

impl std::fmt::Debug for SetClientDHParams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetClientDHParams")
            .field("nonce", &self.nonce)
            .field("server_nonce", &self.server_nonce)
            .field("encrypted_data", &format_args!("…"))
            .finish()
    }
}

impl crate::Constructor for SetClientDHParams {
    const ID: u32 = 0xf5045f1f;
    const NAME: &'static str = "set_client_DH_params";

    fn write_fields(&self, out: &mut Vec<u8>) {
        crate::Serializable::serialize(&self.nonce, out);
        crate::Serializable::serialize(&self.server_nonce, out);
        crate::Serializable::serialize(&self.encrypted_data, out);
    }

    fn read_fields(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        let nonce = crate::Deserializable::deserialize(reader)?;
        let server_nonce = crate::Deserializable::deserialize(reader)?;
        let encrypted_data = crate::Deserializable::deserialize(reader)?;
        Ok(Self { nonce, server_nonce, encrypted_data })
    }
}

impl crate::Serializable for SetClientDHParams {
    fn serialize(&self, out: &mut Vec<u8>) {
        crate::fixed::write_object(self, out);
    }
}

impl crate::Deserializable for SetClientDHParams {
    fn deserialize(reader: &mut crate::Reader<'_>) -> Result<Self, crate::DecodeError> {
        crate::fixed::read_object(reader)
    }
}

impl crate::Call for SetClientDHParams {
    type Return = crate::mtproto::enums::SetClientDHParamsAnswer;
    const NAME: &'static str = "set_client_DH_params";
}
}
