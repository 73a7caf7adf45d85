//! The little of TL that service messages need: constructor ids, a reader and a writer.
//!
//! Ids are those of the MTProto schema (core.telegram.org/schema/mtproto). Everything a user of sessions calls
//! or receives stays bytes here; only the layer's own messages are understood.

/// Constructor ids.
#[allow(missing_docs, reason = "each constant is named after its constructor")]
pub mod id {
    pub const VECTOR: u32 = 0x1cb5_c415;
    pub const REQ_PQ: u32 = 0x6046_9778;
    pub const REQ_PQ_MULTI: u32 = 0xbe7e_8ef1;
    pub const RES_PQ: u32 = 0x0516_2463;
    pub const P_Q_INNER_DATA: u32 = 0x83c9_5aec;
    pub const P_Q_INNER_DATA_DC: u32 = 0xa9f5_5f95;
    pub const P_Q_INNER_DATA_TEMP: u32 = 0x3c6a_84d4;
    pub const P_Q_INNER_DATA_TEMP_DC: u32 = 0x56fd_df88;
    pub const REQ_DH_PARAMS: u32 = 0xd712_e4be;
    pub const SERVER_DH_PARAMS_OK: u32 = 0xd0e8_075c;
    pub const SERVER_DH_PARAMS_FAIL: u32 = 0x79cb_045d;
    pub const SERVER_DH_INNER_DATA: u32 = 0xb589_0dba;
    pub const CLIENT_DH_INNER_DATA: u32 = 0x6643_b654;
    pub const SET_CLIENT_DH_PARAMS: u32 = 0xf504_5f1f;
    pub const DH_GEN_OK: u32 = 0x3bcb_f734;
    pub const DH_GEN_RETRY: u32 = 0x46dc_1fb9;
    pub const DH_GEN_FAIL: u32 = 0xa69d_ae02;
    pub const BIND_AUTH_KEY_INNER: u32 = 0x75a3_f765;
    pub const BIND_TEMP_AUTH_KEY: u32 = 0xcdd4_2a05;
    pub const MSG_CONTAINER: u32 = 0x73f1_f8dc;
    pub const MSG_COPY: u32 = 0xe060_46b2;
    pub const GZIP_PACKED: u32 = 0x3072_cfa1;
    pub const MSGS_ACK: u32 = 0x62d6_b459;
    pub const BAD_MSG_NOTIFICATION: u32 = 0xa7ef_f811;
    pub const BAD_SERVER_SALT: u32 = 0xedab_447b;
    pub const MSGS_STATE_REQ: u32 = 0xda69_fb52;
    pub const MSGS_STATE_INFO: u32 = 0x04de_b57d;
    pub const MSGS_ALL_INFO: u32 = 0x8cc0_d131;
    pub const MSG_DETAILED_INFO: u32 = 0x276d_3ec6;
    pub const MSG_NEW_DETAILED_INFO: u32 = 0x809d_b6df;
    pub const MSG_RESEND_REQ: u32 = 0x7d86_1a08;
    pub const MSG_RESEND_ANS_REQ: u32 = 0x8610_baeb;
    pub const RPC_RESULT: u32 = 0xf35c_6d01;
    pub const RPC_ERROR: u32 = 0x2144_ca19;
    pub const RPC_DROP_ANSWER: u32 = 0x58e4_a740;
    pub const RPC_ANSWER_UNKNOWN: u32 = 0x5e2a_d36e;
    pub const RPC_ANSWER_DROPPED_RUNNING: u32 = 0xcd78_e586;
    pub const RPC_ANSWER_DROPPED: u32 = 0xa43a_d8b7;
    pub const GET_FUTURE_SALTS: u32 = 0xb921_bd04;
    pub const FUTURE_SALTS: u32 = 0xae50_0895;
    pub const PING: u32 = 0x7abe_77ec;
    pub const PING_DELAY_DISCONNECT: u32 = 0xf342_7b8c;
    pub const PONG: u32 = 0x3477_73c5;
    pub const NEW_SESSION_CREATED: u32 = 0x9ec2_0908;
    pub const DESTROY_SESSION: u32 = 0xe751_2126;
    pub const DESTROY_SESSION_OK: u32 = 0xe220_45fc;
    pub const DESTROY_SESSION_NONE: u32 = 0x62d3_50c9;
    pub const DESTROY_AUTH_KEY: u32 = 0xd143_5160;
    pub const DESTROY_AUTH_KEY_OK: u32 = 0xf660_e1d4;
    pub const DESTROY_AUTH_KEY_NONE: u32 = 0x0a9f_2259;
    pub const DESTROY_AUTH_KEY_FAIL: u32 = 0xea10_9b13;
    pub const HTTP_WAIT: u32 = 0x9299_359f;
    pub const INVOKE_AFTER_MSG: u32 = 0xcb9f_372d;
}

/// The constructor id a boxed object starts with.
pub fn constructor(body: &[u8]) -> Option<u32> {
    body.first_chunk().map(|id| u32::from_le_bytes(*id))
}

/// Reads TL off the front of a slice. Every method is `None` when the bytes run out.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is left.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The next `len` bytes.
    pub fn raw(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(head)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    /// A 32-bit number or constructor id.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// TL `int`.
    pub fn int(&mut self) -> Option<i32> {
        self.array().map(i32::from_le_bytes)
    }

    /// TL `long`.
    pub fn long(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// TL `bytes` or `string`: its content, the padding skipped.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let [first] = self.array()?;
        let (header, len) = if first < 254 {
            (1, usize::from(first))
        } else {
            let [a, b, c] = self.array()?;
            (4, usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16)
        };
        let content = self.raw(len)?;
        self.raw((header + len).next_multiple_of(4) - header - len)?;
        Some(content)
    }

    /// Consumes a constructor id when it is the next thing.
    pub fn expect(&mut self, id: u32) -> Option<()> {
        (self.u32()? == id).then_some(())
    }

    /// A boxed `Vector<long>` of at most `limit` elements.
    pub fn longs(&mut self, limit: usize) -> Option<Vec<i64>> {
        self.expect(id::VECTOR)?;
        let count = usize::try_from(self.int()?).ok().filter(|&count| count <= limit)?;
        let raw = self.raw(count * 8)?;
        let (longs, _) = raw.as_chunks();
        Some(longs.iter().map(|long| i64::from_le_bytes(*long)).collect())
    }
}

/// Appends TL to a buffer.
#[derive(Clone, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Nothing yet, with room for so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// A writer that has written a constructor id.
    pub fn boxed(id: u32) -> Self {
        Self::default().u32(id)
    }

    /// The bytes.
    pub fn done(self) -> Vec<u8> {
        self.0
    }

    /// Bytes as they are.
    #[must_use]
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A 32-bit number or constructor id.
    #[must_use]
    pub fn u32(self, number: u32) -> Self {
        self.raw(&number.to_le_bytes())
    }

    /// TL `int`.
    #[must_use]
    pub fn int(self, number: i32) -> Self {
        self.raw(&number.to_le_bytes())
    }

    /// TL `long`.
    #[must_use]
    pub fn long(self, number: i64) -> Self {
        self.raw(&number.to_le_bytes())
    }

    /// TL `bytes` or `string`.
    ///
    /// # Panics
    /// When `content` has 2^24 bytes or more, which TL cannot express.
    #[must_use]
    pub fn bytes(mut self, content: &[u8]) -> Self {
        assert!(content.len() < 1 << 24, "TL bytes are shorter than 16 MiB");
        let start = self.0.len();
        if content.len() < 254 {
            self.0.push(content.len() as u8);
        } else {
            self.0.push(254);
            self.0.extend_from_slice(&(content.len() as u32).to_le_bytes()[..3]);
        }
        self.0.extend_from_slice(content);
        let padded = start + (self.0.len() - start).next_multiple_of(4);
        self.0.resize(padded, 0);
        self
    }

    /// A boxed `Vector<long>`.
    #[must_use]
    pub fn longs(self, numbers: impl ExactSizeIterator<Item = i64>) -> Self {
        let start = self.u32(id::VECTOR).int(numbers.len() as i32);
        numbers.fold(start, Self::long)
    }
}
