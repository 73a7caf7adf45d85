//! What `phone.getCallConfig` says.

/// The server's wishes for calls (libtgvoip.md 9). A key that is absent or unusable keeps its default.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerConfig {}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {}
    }
}
