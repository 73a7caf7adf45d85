//! Flags that make a relay's path bad on purpose.

use std::time::Duration;

use clap::Args;
use offhook_dc::LinkConfig;

use crate::exit::{Exit, Failure};

/// What the relay does to forwarded datagrams, each direction on its own.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Network")]
pub(crate) struct ImpairmentArgs {
    /// Share of datagrams that are lost, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) loss: f64,
    /// Delay of every datagram, milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) delay: f64,
    /// Further delay, evenly from 0 to this for each datagram, milliseconds; datagrams overtake one another
    #[arg(long, value_name = "MS", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) jitter: f64,
    /// Seed of loss and jitter: the same seed, the same network
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}

/// No path in use is slower than this.
const LONGEST_MS: f64 = 60_000.0;

impl ImpairmentArgs {
    /// The link these flags describe.
    pub(crate) fn link(&self) -> Result<LinkConfig, Failure> {
        Ok(LinkConfig {
            loss: share("--loss", self.loss)?,
            delay: milliseconds("--delay", self.delay)?,
            jitter: milliseconds("--jitter", self.jitter)?,
            ..LinkConfig::default()
        })
    }

    /// True when the path is left as it is.
    pub(crate) fn is_clean(&self) -> bool {
        self.loss == 0.0 && self.jitter == 0.0 && self.delay == 0.0
    }
}

/// A share of all datagrams, checked.
pub(crate) fn share(flag: &str, share: f64) -> Result<f64, Failure> {
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    let hint = if (1.0..=100.0).contains(&share) {
        format!("; did you mean {}?", share / 100.0)
    } else {
        String::new()
    };
    Err(Failure::new(Exit::Usage, format!("{flag} {share} is no share from 0 to 1{hint}")))
}

/// A time of the path, checked.
pub(crate) fn milliseconds(flag: &str, ms: f64) -> Result<Duration, Failure> {
    if (0.0..=LONGEST_MS).contains(&ms) {
        return Ok(Duration::from_secs_f64(ms / 1000.0));
    }
    Err(Failure::new(Exit::Usage, format!("{flag} {ms} is not from 0 to {LONGEST_MS} milliseconds")))
}
