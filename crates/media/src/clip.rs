//! A short sound encoded once and played from its beginning by any number of calls.
use std::sync::Arc;

use offhook_opus::Error;

use crate::{FrameLen, Info, Profile, Source};

/// An announcement in memory as packets. Cloning is cheap and shares them.
#[derive(Clone, Debug)]
pub struct Clip {
    shared: Arc<Info>,
}

impl Clip {
    /// Pulls `source` to its end and encodes it. The source must not be live, and should be opened inline.
    ///
    /// # Errors
    /// Out of memory.
    pub fn encode(source: Box<dyn Source>, profile: Profile, frame: FrameLen) -> Result<Self, Error> {
        let _ = (profile, frame);
        Ok(Self { shared: Arc::new(source.info().clone()) })
    }

    /// A source for one call.
    #[must_use]
    pub fn source(&self) -> Box<dyn Source> {
        let _ = &self.shared;
        todo!()
    }
}
