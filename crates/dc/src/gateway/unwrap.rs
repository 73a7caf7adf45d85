//! Requests arrive inside other requests: `invokeWithLayer(initConnection(invokeAfterMsg(…)))`, in any order, the rest
//! packed from any point on (TDLib packs the request and puts the wrappers around it).
//!
//! The wrappers have fixed layouts that never changed their ids, so they are read by hand: the layer they name decides
//! by which schema everything inside must be read. Ids: core.telegram.org/api/invoking.

use std::borrow::Cow;

use offhook_mtproto::gzip;

use crate::world::keys::Program;

/// Wrappers around one request; official clients use at most five.
const DEEPEST: usize = 16;
/// Nesting of the JSON in `initConnection`.
const DEEPEST_JSON: usize = 16;
/// Characters kept of each text a program says about itself.
const LONGEST_NAME: usize = 64;
/// Requests one request may wait for.
const MOST_DEPENDENCIES: usize = 1_024;

const VECTOR: u32 = 0x1cb5_c415;
const INVOKE_WITH_LAYER: u32 = 0xda9b_0d0d;
const INIT_CONNECTION: u32 = 0xc1cd_5ea9;
const INVOKE_WITHOUT_UPDATES: u32 = 0xbf94_59b7;
const INVOKE_AFTER_MSG: u32 = 0xcb9f_372d;
const INVOKE_AFTER_MSGS: u32 = 0x3dc4_b4f0;
const INVOKE_WITH_MESSAGES_RANGE: u32 = 0x3652_75f2;
const INVOKE_WITH_TAKEOUT: u32 = 0xaca9_fd2e;
const INVOKE_WITH_BUSINESS_CONNECTION: u32 = 0xdd28_9f8e;
const INVOKE_WITH_GOOGLE_PLAY_INTEGRITY: u32 = 0x1df9_2984;
const INVOKE_WITH_APNS_SECRET: u32 = 0x0dae_54f8;
const INVOKE_WITH_RE_CAPTCHA: u32 = 0xadbb_0f94;

const MESSAGE_RANGE: u32 = 0x0ae3_0253;
const INPUT_CLIENT_PROXY: u32 = 0x7558_8b3f;
const JSON_NULL: u32 = 0x3f6d_7b68;
const JSON_BOOL: u32 = 0xc734_5e6a;
const JSON_NUMBER: u32 = 0x2be0_dfa4;
const JSON_STRING: u32 = 0xb71e_767a;
const JSON_ARRAY: u32 = 0xf744_4763;
const JSON_OBJECT: u32 = 0x99c1_d49d;
const JSON_OBJECT_VALUE: u32 = 0xc0de_1bd9;

/// A request without its wrappers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unwrapped<'a> {
    /// From the innermost `invokeWithLayer`.
    pub layer: Option<i32>,
    /// What an `initConnection` said about the program.
    pub program: Option<Program>,
    /// Whether updates are not wanted on this connection.
    pub without_updates: bool,
    /// Message ids of requests that must end first.
    pub after: Vec<i64>,
    /// Constructor id of the request.
    pub id: u32,
    /// The request, beginning with that id.
    pub body: Cow<'a, [u8]>,
}

/// The bytes are not a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("request cannot be read")]
pub(crate) struct UnwrapError;

/// Takes the wrappers off a request.
pub(crate) fn unwrap(body: &[u8]) -> Result<Unwrapped<'_>, UnwrapError> {
    let mut found = Unwrapped {
        layer: None,
        program: None,
        without_updates: false,
        after: Vec::new(),
        id: 0,
        body: Cow::Borrowed(&[]),
    };
    let rest = found.take_off(body)?;
    if !gzip::is_packed(rest) {
        found.body = Cow::Borrowed(rest);
        return Ok(found);
    }
    let unpacked = gzip::unpack(rest).map_err(|_| UnwrapError)?;
    let request = found.take_off(&unpacked)?;
    if gzip::is_packed(request) {
        return Err(UnwrapError);
    }
    found.body = Cow::Owned(request.to_vec());
    Ok(found)
}

impl Unwrapped<'_> {
    /// Notes what the wrappers say and gives what is inside them.
    fn take_off<'b>(&mut self, mut body: &'b [u8]) -> Result<&'b [u8], UnwrapError> {
        let found = self;
        for _ in 0..DEEPEST {
            let mut reader = Reader(body);
            match reader.id()? {
                INVOKE_WITH_LAYER => found.layer = Some(reader.int()?),
                INIT_CONNECTION => {
                    found.program = Some(reader.init_connection()?);
                }
                INVOKE_WITHOUT_UPDATES => found.without_updates = true,
                INVOKE_AFTER_MSG => found.after.push(reader.long()?),
                INVOKE_AFTER_MSGS => {
                    let count = reader.vector()?;
                    if count > MOST_DEPENDENCIES {
                        return Err(UnwrapError);
                    }
                    for _ in 0..count {
                        found.after.push(reader.long()?);
                    }
                }
                INVOKE_WITH_MESSAGES_RANGE => {
                    reader.expect(MESSAGE_RANGE)?;
                    reader.take(8)?;
                }
                INVOKE_WITH_TAKEOUT => drop(reader.long()?),
                INVOKE_WITH_BUSINESS_CONNECTION | INVOKE_WITH_RE_CAPTCHA => drop(reader.string()?),
                INVOKE_WITH_GOOGLE_PLAY_INTEGRITY | INVOKE_WITH_APNS_SECRET => {
                    reader.string()?;
                    reader.string()?;
                }
                id => {
                    found.id = id;
                    return Ok(body);
                }
            }
            body = reader.0;
        }
        Err(UnwrapError)
    }
}

/// What is left of the bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], UnwrapError> {
        let (head, rest) = self.0.split_at_checked(len).ok_or(UnwrapError)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], UnwrapError> {
        let (head, rest) = self.0.split_first_chunk().ok_or(UnwrapError)?;
        self.0 = rest;
        Ok(*head)
    }

    fn id(&mut self) -> Result<u32, UnwrapError> {
        self.array().map(u32::from_le_bytes)
    }

    fn int(&mut self) -> Result<i32, UnwrapError> {
        self.array().map(i32::from_le_bytes)
    }

    fn long(&mut self) -> Result<i64, UnwrapError> {
        self.array().map(i64::from_le_bytes)
    }

    fn expect(&mut self, id: u32) -> Result<(), UnwrapError> {
        if self.id()? == id { Ok(()) } else { Err(UnwrapError) }
    }

    fn vector(&mut self) -> Result<usize, UnwrapError> {
        self.expect(VECTOR)?;
        usize::try_from(self.int()?).map_err(|_| UnwrapError)
    }

    fn string(&mut self) -> Result<&'a [u8], UnwrapError> {
        let (head, len) = match self.take(1)?[0] {
            255 => return Err(UnwrapError),
            254 => {
                let [a, b, c] = self.array()?;
                (4, u32::from_le_bytes([a, b, c, 0]) as usize)
            }
            len => (1, usize::from(len)),
        };
        let padded = self.take((head + len).next_multiple_of(4) - head)?;
        Ok(&padded[..len])
    }

    /// flags, api_id, six strings, `flags.0` proxy, `flags.1` params.
    fn init_connection(&mut self) -> Result<Program, UnwrapError> {
        let flags = self.id()?;
        let program = Program {
            api_id: self.int()?,
            device_model: self.name()?,
            system_version: self.name()?,
            app_version: self.name()?,
        };
        // Languages of the system and the program, and the name of its translation.
        for _ in 0..3 {
            self.string()?;
        }
        if flags & 1 != 0 {
            self.expect(INPUT_CLIENT_PROXY)?;
            self.string()?;
            self.int()?;
        }
        if flags & 2 != 0 {
            self.json(DEEPEST_JSON)?;
        }
        Ok(program)
    }

    /// A text for people, cut to a length that is enough for them.
    fn name(&mut self) -> Result<String, UnwrapError> {
        Ok(String::from_utf8_lossy(self.string()?).chars().take(LONGEST_NAME).collect())
    }

    fn json(&mut self, depth: usize) -> Result<(), UnwrapError> {
        let depth = depth.checked_sub(1).ok_or(UnwrapError)?;
        match self.id()? {
            JSON_NULL => Ok(()),
            JSON_BOOL => self.take(4).map(drop),
            JSON_NUMBER => self.take(8).map(drop),
            JSON_STRING => self.string().map(drop),
            JSON_ARRAY => {
                for _ in 0..self.vector()? {
                    self.json(depth)?;
                }
                Ok(())
            }
            JSON_OBJECT => {
                for _ in 0..self.vector()? {
                    self.expect(JSON_OBJECT_VALUE)?;
                    self.string()?;
                    self.json(depth)?;
                }
                Ok(())
            }
            _ => Err(UnwrapError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET_CONFIG: u32 = 0xc4f9_186b;

    fn string(out: &mut Vec<u8>, text: &str) {
        out.push(text.len() as u8);
        out.extend(text.bytes());
        out.resize(out.len().next_multiple_of(4), 0);
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// `initConnection` with a proxy and a JSON object of every kind of value. Strings are padded so that every part
    /// is a whole number of words, hence lengths of 3 modulo 4.
    fn init() -> Vec<u8> {
        let mut out = words(&[INIT_CONNECTION, 3, 6]);
        for text in ["dev", "sys", "1.0", "eng", "", "eng"] {
            string(&mut out, text);
        }
        out.extend(words(&[INPUT_CLIENT_PROXY]));
        string(&mut out, "abc");
        out.extend(words(&[443, JSON_OBJECT, VECTOR, 2, JSON_OBJECT_VALUE]));
        string(&mut out, "key");
        out.extend(words(&[JSON_ARRAY, VECTOR, 3, JSON_NULL, JSON_BOOL, 0x9972_75b5, JSON_NUMBER, 0, 0]));
        out.extend(words(&[JSON_OBJECT_VALUE]));
        string(&mut out, "two");
        out.extend(words(&[JSON_STRING]));
        string(&mut out, "end");
        out
    }

    fn program() -> Program {
        let [device_model, system_version, app_version] = ["dev", "sys", "1.0"].map(str::to_owned);
        Program { api_id: 6, device_model, system_version, app_version }
    }

    #[test]
    fn a_program_that_talks_too_much_about_itself_is_cut_short() {
        let mut body = words(&[INIT_CONNECTION, 0, 6]);
        for _ in 0..6 {
            string(&mut body, &"x".repeat(127));
        }
        body.extend(words(&[GET_CONFIG]));
        let program = unwrap(&body).unwrap().program.unwrap();
        assert_eq!((program.api_id, program.app_version), (6, "x".repeat(64)));
    }

    #[test]
    fn a_bare_request_is_itself() {
        let body = words(&[GET_CONFIG]);
        let found = unwrap(&body).unwrap();
        assert_eq!((found.id, &*found.body, found.layer), (GET_CONFIG, &body[..], None));
        assert!(found.program.is_none() && !found.without_updates && found.after.is_empty());
    }

    #[test]
    fn wrappers_come_off_in_any_order() {
        let layer = words(&[INVOKE_WITH_LAYER, 214]);
        let after = words(&[INVOKE_AFTER_MSG, 1, 2]);
        let many = words(&[INVOKE_AFTER_MSGS, VECTOR, 1, 3, 0]);
        let quiet = words(&[INVOKE_WITHOUT_UPDATES]);
        let range = words(&[INVOKE_WITH_MESSAGES_RANGE, MESSAGE_RANGE, 1, 2]);
        let parts = [layer, init(), after, many, quiet, range];
        for turn in 0..parts.len() {
            let mut body: Vec<u8> =
                (0..parts.len()).flat_map(|i| parts[(i + turn) % parts.len()].clone()).collect();
            let inner = body.len();
            body.extend(words(&[GET_CONFIG, 5]));
            let found = unwrap(&body).unwrap();
            assert_eq!(
                (found.layer, found.program.clone(), found.without_updates),
                (Some(214), Some(program()), true),
                "turn {turn}"
            );
            let mut after = found.after.clone();
            after.sort_unstable();
            assert_eq!(after, [3, 0x2_0000_0001], "turn {turn}");
            assert_eq!((found.id, &*found.body), (GET_CONFIG, &body[inner..]), "turn {turn}");
        }
    }

    #[test]
    fn a_packed_request_inside_wrappers_is_unpacked_once() {
        let mut request = words(&[INVOKE_AFTER_MSG, 7, 0, GET_CONFIG]);
        request.extend([5; 400]);
        let packed = gzip::pack(&request).unwrap();
        let mut body = words(&[INVOKE_WITH_LAYER, 214]);
        body.extend(&packed);
        let found = unwrap(&body).unwrap();
        assert_eq!((found.layer, &found.after[..], found.id), (Some(214), &[7][..], GET_CONFIG));
        assert_eq!(*found.body, request[12..]);
        // Packed twice, or damaged.
        let twice = [gzip::pack(&[packed.clone(), vec![0; 400]].concat()).unwrap(), Vec::new()].concat();
        assert_eq!(unwrap(&twice), Err(UnwrapError));
        assert_eq!(unwrap(&packed[..packed.len() - 8]), Err(UnwrapError));
    }

    #[test]
    fn a_request_cut_inside_its_wrappers_is_an_error() {
        let mut body = words(&[INVOKE_WITH_LAYER, 214]);
        body.extend(init());
        body.extend(words(&[GET_CONFIG]));
        for len in 0..body.len() {
            assert_eq!(unwrap(&body[..len]), Err(UnwrapError), "{len} bytes");
        }
        assert!(unwrap(&body).is_ok());
    }

    #[test]
    fn endless_wrapping_and_endless_json_are_refused() {
        let mut body: Vec<u8> = words(&[INVOKE_WITHOUT_UPDATES]).repeat(DEEPEST);
        body.extend(words(&[GET_CONFIG]));
        assert_eq!(unwrap(&body), Err(UnwrapError));
        let mut body = words(&[INIT_CONNECTION, 2, 6, 0, 0, 0, 0, 0, 0]);
        for _ in 0..100_000 {
            body.extend(words(&[JSON_ARRAY, VECTOR, 1]));
        }
        assert_eq!(unwrap(&body), Err(UnwrapError));
        let huge = words(&[INVOKE_AFTER_MSGS, VECTOR, 0x7fff_ffff]);
        assert_eq!(unwrap(&huge), Err(UnwrapError));
    }
}
