//! Obfuscated2: a random header from which both AES-CTR streams are keyed.

/// A proxy secret of 16 bytes. Hidden from `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ProxySecret(pub [u8; 16]);

impl std::fmt::Debug for ProxySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProxySecret(..)")
    }
}

/// How a client obfuscates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Obfuscation {
    /// Mixed into both keys when the other end is a proxy.
    pub secret: Option<ProxySecret>,
    /// DC id for a proxy: +10000 on test servers, negative for media. Random bytes when `None`.
    pub dc: Option<i16>,
}
