//! Session strings of other clients: Telethon's, and Pyrogram's with its forks'. mtproto.md section 4.5.
//!
//! A string holds the permanent key and with it the login: whoever has the string has the account.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::{Zeroize, Zeroizing};

use super::data::{DcKey, SelfUser, SessionData};
use crate::config::DcId;

/// Both with and without padding, and with bits set that no byte uses: old versions wrote such strings.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
const UNPADDED: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, GeneralPurposeConfig::new().with_encode_padding(false));

const KEY: usize = 256;

/// Which client wrote a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StringFormat {
    /// Telethon's `StringSession`.
    Telethon,
    /// Pyrogram's, Kurigram's and other forks' `export_session_string`.
    Pyrogram,
}

/// The login in a session string. `Debug` hides the key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionString {
    /// The data center the account lives on.
    pub dc: DcId,
    /// The permanent key, 256 bytes.
    pub auth_key: [u8; KEY],
    /// Where that data center is. Telethon tells.
    pub address: Option<SocketAddr>,
    /// Who is logged in. Pyrogram tells.
    pub user: Option<SelfUser>,
    /// The application that logged in. Pyrogram tells, since its second version.
    pub api_id: Option<i32>,
    /// Whether the key belongs to the test servers. Pyrogram tells.
    pub test_server: Option<bool>,
}

impl Drop for SessionString {
    fn drop(&mut self) {
        self.auth_key.zeroize();
    }
}

impl fmt::Debug for SessionString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionString")
            .field("dc", &self.dc)
            .field("address", &self.address)
            .field("user", &self.user)
            .field("api_id", &self.api_id)
            .field("test_server", &self.test_server)
            .finish_non_exhaustive()
    }
}

/// Why a text is no session string. Does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionStringError {
    /// Neither client writes texts of this length.
    #[error("{0} characters are no session string of Telethon or Pyrogram; copy the whole of it")]
    Length(usize),
    /// A character that base64 does not have.
    #[error("it contains a character that session strings do not have; copy it again")]
    Characters,
    /// Telethon marks its format by the first character.
    #[error("its format has version {0:?} and this program reads version 1")]
    Version(char),
    /// A data center of no meaning, or an empty key.
    #[error("it holds no login")]
    Empty,
}

impl SessionString {
    /// Reads a string of either client; the length tells which.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, SessionStringError> {
        let text = text.trim();
        let read = match text.len() {
            // `1` and 263 or 275 bytes.
            353 | 369 => Self::telethon(text)?,
            // 263, 267 and 271 bytes without padding.
            351 | 356 | 362 => Self::pyrogram(text)?,
            other => return Err(SessionStringError::Length(other)),
        };
        let empty = !(1..10_000).contains(&read.dc.0) || read.auth_key == [0; KEY];
        if empty { Err(SessionStringError::Empty) } else { Ok(read) }
    }

    /// `1`, then data center, address, port (big-endian) and key.
    fn telethon(text: &str) -> Result<Self, SessionStringError> {
        let mut characters = text.chars();
        match characters.next() {
            Some('1') => {}
            other => return Err(SessionStringError::Version(other.unwrap_or(' '))),
        }
        let bytes = decode(characters.as_str())?;
        let mut rest = Fields(&bytes);
        let dc = rest.u8();
        let address: IpAddr = if bytes.len() == 1 + 4 + 2 + KEY {
            Ipv4Addr::from(rest.array::<4>()).into()
        } else {
            Ipv6Addr::from(rest.array::<16>()).into()
        };
        let address = SocketAddr::new(address, u16::from_be_bytes(rest.array()));
        Ok(Self { address: Some(address), ..Self::bare(dc, rest.array()) })
    }

    /// Data center, application (in newer ones), test servers or not, key, user, bot or not; big-endian.
    fn pyrogram(text: &str) -> Result<Self, SessionStringError> {
        let bytes = decode(text)?;
        let mut rest = Fields(&bytes);
        let dc = rest.u8();
        let api_id = (bytes.len() == 271).then(|| i32::from_be_bytes(rest.array()));
        let test_server = Some(rest.u8() != 0);
        let auth_key = rest.array();
        let id = if bytes.len() == 263 {
            i64::from(u32::from_be_bytes(rest.array()))
        } else {
            i64::from_be_bytes(rest.array())
        };
        let user = Some(SelfUser { id, bot: rest.u8() != 0 });
        Ok(Self { api_id, test_server, user, ..Self::bare(dc, auth_key) })
    }

    fn bare(dc: u8, auth_key: [u8; KEY]) -> Self {
        Self { dc: DcId(dc.into()), auth_key, address: None, user: None, api_id: None, test_server: None }
    }

    /// The login of a session, with what the other formats want to know besides.
    #[must_use]
    pub fn from_session(data: &SessionData) -> Option<Self> {
        let dc = data.home?;
        let key = data.keys.get(&dc)?;
        let mut string = Self::bare(0, key.auth_key);
        (string.dc, string.user) = (dc, data.user);
        Some(string)
    }

    /// Writes it as another client reads it. `None` when that format has no room for the data center, or needs what
    /// is missing here: Telethon the address, Pyrogram the user and the application.
    #[must_use]
    pub fn export(&self, format: StringFormat) -> Option<Zeroizing<String>> {
        let dc = u8::try_from(self.dc.0).ok()?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(280));
        bytes.push(dc);
        match format {
            StringFormat::Telethon => {
                let address = self.address?;
                match address.ip() {
                    IpAddr::V4(ip) => bytes.extend_from_slice(&ip.octets()),
                    IpAddr::V6(ip) => bytes.extend_from_slice(&ip.octets()),
                }
                bytes.extend_from_slice(&address.port().to_be_bytes());
                bytes.extend_from_slice(&self.auth_key);
                Some(Zeroizing::new(format!("1{}", BASE64.encode(&*bytes))))
            }
            StringFormat::Pyrogram => {
                let (user, api_id) = (self.user?, self.api_id?);
                bytes.extend_from_slice(&api_id.to_be_bytes());
                bytes.push(u8::from(self.test_server.unwrap_or(false)));
                bytes.extend_from_slice(&self.auth_key);
                bytes.extend_from_slice(&user.id.to_be_bytes());
                bytes.push(u8::from(user.bot));
                Some(Zeroizing::new(UNPADDED.encode(&*bytes)))
            }
        }
    }

    /// A session that goes on with this login. The salt comes from the server, and updates begin with now.
    #[must_use]
    pub fn to_session(&self) -> SessionData {
        let mut data = SessionData { home: Some(self.dc), user: self.user, ..SessionData::default() };
        data.keys.insert(self.dc, DcKey { auth_key: self.auth_key, salt: 0, time_offset: 0 });
        data
    }
}

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, SessionStringError> {
    BASE64.decode(text).map(Zeroizing::new).map_err(|_| SessionStringError::Characters)
}

/// Reads fields of a text whose length was checked.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn array<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.0.split_first_chunk().expect("the length of the text fits its fields");
        self.0 = rest;
        *head
    }

    fn u8(&mut self) -> u8 {
        self.array::<1>()[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by an independent program for the key whose hash is below.
    const TELETHON: &str = concat!(
        "1An8AAAEBuwXMr-WbfZYjFQJCud5CIwPazvfFjoWy-0Ef-M5kaRV23Uw5Bzwb29qfbEic-x35xUAZschdrMUinI-",
        "k8UN-11gRHPTfgUOdP_hnScXTBD25qaJcbSi2zRxBstAZhYzGZM4WbE_l2FFvNoX9uTrp4Xbvbu_YmnP3egcx_qC",
        "-HclTxGYnNcAjMJu_MuQczr4Z2ggDjABaBMrSOEac3p45llrhsn_hoQ7hPEbPyE2f8qwCfkU14f3P4GveXcDwWbV",
        "VBFVMQ8IuTT-sPgrULaqbtAswfNQSbURRpcsb_wqrobNLpIZWuCUEDYP-amXPrC7exT78EvaGzv2R54fO2RFedIg",
        "=",
    );
    const PYROGRAM: &str = concat!(
        "AgAAMDkBBcyv5Zt9liMVAkK53kIjA9rO98WOhbL7QR_4zmRpFXbdTDkHPBvb2p9sSJz7HfnFQBmxyF2sxSKcj6Tx",
        "Q37XWBEc9N-BQ50_-GdJxdMEPbmpolxtKLbNHEGy0BmFjMZkzhZsT-XYUW82hf25Ounhdu9u79iac_d6BzH-oL4d",
        "yVPEZic1wCMwm78y5BzOvhnaCAOMAFoEytI4RpzenjmWWuGyf-GhDuE8Rs_ITZ_yrAJ-RTXh_c_ga95dwPBZtVUE",
        "VUxDwi5NP6w-CtQtqpu0CzB81BJtRFGlyxv_Cquhs0ukhla4JQQNg_5qZc-sLt7FPvwS9obO_ZHnh87ZEV50iAAA",
        "ALTo0PxAAA",
    );

    #[test]
    fn a_telethon_string_is_read_and_written() {
        let read = SessionString::parse(TELETHON).unwrap();
        assert_eq!((read.dc, read.address), (DcId(2), Some("127.0.0.1:443".parse().unwrap())));
        assert_eq!((read.user, read.api_id, read.test_server), (None, None, None));
        assert_eq!(read.auth_key, SessionString::parse(PYROGRAM).unwrap().auth_key);
        assert_eq!(read.export(StringFormat::Telethon).unwrap().as_str(), TELETHON);
        assert_eq!(read.export(StringFormat::Pyrogram), None, "it wants to know the user");
    }

    #[test]
    fn a_pyrogram_string_is_read_and_written() {
        let read = SessionString::parse(&format!(" {PYROGRAM}\n")).unwrap();
        assert_eq!((read.dc, read.api_id, read.test_server), (DcId(2), Some(12345), Some(true)));
        assert_eq!(read.user, Some(SelfUser { id: 777_000_123_456, bot: false }));
        assert_eq!(read.export(StringFormat::Pyrogram).unwrap().as_str(), PYROGRAM);
        let data = read.to_session();
        let again = SessionString::from_session(&data).unwrap();
        assert_eq!((again.dc, again.user, again.auth_key), (read.dc, read.user, read.auth_key));
    }

    #[test]
    fn both_older_forms_of_pyrogram_are_read() {
        let key = [9; KEY];
        let oldest = [&[4, 0][..], &key, &5_u32.to_be_bytes(), &[1]].concat();
        let older = [&[4, 1][..], &key, &(1_i64 << 40).to_be_bytes(), &[0]].concat();
        for (bytes, test, user) in [
            (oldest, false, SelfUser { id: 5, bot: true }),
            (older, true, SelfUser { id: 1 << 40, bot: false }),
        ] {
            let read = SessionString::parse(&UNPADDED.encode(bytes)).unwrap();
            assert_eq!((read.dc, read.test_server, read.user), (DcId(4), Some(test), Some(user)));
            assert_eq!((read.api_id, read.auth_key), (None, key));
        }
    }

    #[test]
    fn an_ipv6_address_makes_a_telethon_string_longer() {
        let mut string = SessionString::parse(TELETHON).unwrap();
        string.address = Some("[2001:db8::1]:443".parse().unwrap());
        let text = string.export(StringFormat::Telethon).unwrap();
        assert_eq!(text.len(), 369);
        assert_eq!(SessionString::parse(&text).unwrap(), string);
    }

    #[test]
    fn what_is_no_session_string_says_why_without_repeating_it() {
        assert_eq!(SessionString::parse(""), Err(SessionStringError::Length(0)));
        assert_eq!(SessionString::parse(&TELETHON[..352]), Err(SessionStringError::Length(352)));
        let other = TELETHON.replacen('1', "2", 1);
        assert_eq!(SessionString::parse(&other), Err(SessionStringError::Version('2')));
        assert_eq!(SessionString::parse(&PYROGRAM.replace('A', "!")), Err(SessionStringError::Characters));
        let empty = UNPADDED.encode([&[2, 0][..], &[0; KEY], &[0; 5]].concat());
        assert_eq!(SessionString::parse(&empty), Err(SessionStringError::Empty));
        let shown = format!("{:?}", SessionString::parse(TELETHON).unwrap());
        assert!(!shown.contains("auth_key"), "{shown}");
    }
}
