//! Flags about the families of calls, the same for every command that makes calls through a server.

use clap::{Args, ValueEnum};
use offhook_phone::Offer;
use offhook_voip::{DEFAULT_VERSIONS, LIBTGVOIP};

use crate::exit::{Exit, Failure};

/// Which calls are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    /// Both families; the server takes the best one that both sides speak
    #[default]
    Auto,
    /// What the apps of today speak
    Tgcalls,
    /// The older family, "2.4.4"
    Libtgvoip,
}

impl Protocol {
    /// The versions of it, best first.
    pub(crate) fn offer(self) -> Offer {
        let versions = DEFAULT_VERSIONS.into_iter().filter(|version| match self {
            Self::Auto => true,
            Self::Tgcalls => *version != LIBTGVOIP,
            Self::Libtgvoip => *version == LIBTGVOIP,
        });
        Offer::new(versions).expect("each family has versions by default")
    }
}

/// What is offered to the other side.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Protocol")]
pub(crate) struct ProtocolArgs {
    /// Which family of calls to offer
    #[arg(long, value_enum, default_value = "auto")]
    protocol: Protocol,
    /// Offer exactly these versions, best first, such as 13.0.0,9.0.0,2.4.4
    #[arg(long, value_name = "V", value_delimiter = ',', conflicts_with = "protocol")]
    versions: Vec<String>,
    /// Allow a direct path: the other side then sees this machine's address
    #[arg(long)]
    pub(crate) p2p: bool,
}

impl ProtocolArgs {
    /// The versions to offer.
    pub(crate) fn offer(&self) -> Result<Offer, Failure> {
        if self.versions.is_empty() {
            return Ok(self.protocol.offer());
        }
        let versions = self.versions.iter().map(|version| version.trim());
        Offer::new(versions).map_err(|error| Failure::new(Exit::Usage, format!("--versions: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_offers_the_versions_of_its_family() {
        assert_eq!(Protocol::Auto.offer(), Offer::default());
        assert_eq!(Protocol::Tgcalls.offer().versions(), ["13.0.0", "9.0.0", "8.0.0"]);
        assert_eq!(Protocol::Libtgvoip.offer().versions(), ["2.4.4"]);
    }
}
