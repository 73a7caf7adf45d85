//! One source, encoded once, heard by many calls.
use std::sync::Arc;

use offhook_opus::Error;

use crate::{FrameLen, Info, MediaTime, Profile, Pulled, Source};

/// One source that any number of calls listen to together, as to a radio. Cloning is cheap and shares it.
#[derive(Clone)]
pub struct Broadcast {
    shared: Arc<Info>,
}

impl Broadcast {
    /// Encodes `source` in packets of `frame` for all listeners.
    ///
    /// # Errors
    /// Out of memory.
    pub fn new(source: Box<dyn Source>, profile: Profile, frame: FrameLen) -> Result<Self, Error> {
        let _ = (profile, frame);
        Ok(Self { shared: Arc::new(source.info().clone()) })
    }

    /// A source for one call, at what is now on air.
    #[must_use]
    pub fn listen(&self) -> Listener {
        todo!()
    }
}

/// One call's ear on a [`Broadcast`].
pub struct Listener {
    shared: Arc<Info>,
}

impl Source for Listener {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        let _ = out;
        todo!()
    }
    fn position(&self) -> MediaTime {
        todo!()
    }
    fn info(&self) -> &Info {
        &self.shared
    }
}
