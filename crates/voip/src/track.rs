//! What can be played.

use std::fmt;
use std::path::{Path, PathBuf};

use offhook_media::{Listener, OpenError, PcmSource, Silence, Source, SourceSpec, Tone, open};

/// Something to play: a path, a description of how to open one, or a source that is open already (such as
/// [`offhook_media::Clip::source`] or [`offhook_media::Broadcast::listen`] give).
pub enum Track {
    /// To be opened, on the thread that says `play`.
    Spec(SourceSpec),
    /// Open.
    Source(Box<dyn Source>),
}

impl Track {
    pub(crate) fn open(self) -> Result<Box<dyn Source>, OpenError> {
        match self {
            Self::Spec(spec) => {
                let source = open(spec)?;
                let info = source.info();
                if let Some(remark) = info.remark {
                    tracing::warn!(file = %info.title, "{remark}");
                }
                Ok(source)
            }
            Self::Source(source) => Ok(source),
        }
    }
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(spec) => spec.fmt(f),
            Self::Source(source) => write!(f, "Source({})", source.info().title),
        }
    }
}

macro_rules! from_path {
    ($($path:ty),*) => {$(
        impl From<$path> for Track {
            fn from(path: $path) -> Self {
                Self::Spec(SourceSpec::new(path))
            }
        }
    )*};
}
from_path!(&str, String, &Path, PathBuf, &PathBuf);

macro_rules! from_source {
    ($($source:ty),*) => {$(
        impl From<$source> for Track {
            fn from(source: $source) -> Self {
                Self::Source(Box::new(source))
            }
        }
    )*};
}
from_source!(PcmSource, Tone, Silence, Listener);

impl From<SourceSpec> for Track {
    fn from(spec: SourceSpec) -> Self {
        Self::Spec(spec)
    }
}

impl From<Box<dyn Source>> for Track {
    fn from(source: Box<dyn Source>) -> Self {
        Self::Source(source)
    }
}
