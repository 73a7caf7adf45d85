//! The clips the demo speaks with when no file is given. They travel inside the program, so that it finds them wherever
//! it is run, and are unpacked to play like any other file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};

/// What the caller says: three sentences, 15 s.
const SPEECH: (&str, &[u8]) = ("speech.wav", include_bytes!("../../../audio/speech.wav"));
/// What it says then: a second of melody.
const CHIME: (&str, &[u8]) = ("chime.flac", include_bytes!("../../../audio/chime.flac"));
/// What it plays on hold: chords that go round, Opus.
const HOLD: (&str, &[u8]) = ("hold.ogg", include_bytes!("../../../audio/hold.ogg"));
/// What the callee says: six sentences, 30 s.
const STORY: (&str, &[u8]) = ("story.wav", include_bytes!("../../../audio/story.wav"));

/// The clips, unpacked into a folder of their own that goes with this value.
#[derive(Debug)]
pub(crate) struct Clips(PathBuf);

impl Clips {
    pub(crate) fn unpack() -> Result<Self, Failure> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| {
            Failure::new(Exit::Internal, format!("the system gives no randomness: {error}"))
        })?;
        let folder = std::env::temp_dir().join(format!("offhook-clips-{:016x}", u64::from_le_bytes(random)));
        let cannot = |error: std::io::Error| {
            Failure::new(
                Exit::File,
                format!(
                    "cannot unpack clips into {}: {error}; set TMPDIR to a folder with room",
                    folder.display()
                ),
            )
        };
        fs::create_dir(&folder).map_err(cannot)?;
        let clips = Self(folder.clone());
        for (name, bytes) in [SPEECH, CHIME, HOLD, STORY] {
            fs::write(clips.0.join(name), bytes).map_err(cannot)?;
        }
        Ok(clips)
    }

    fn path(&self, (name, _): (&str, &[u8])) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn speech(&self) -> PathBuf {
        self.path(SPEECH)
    }

    pub(crate) fn chime(&self) -> PathBuf {
        self.path(CHIME)
    }

    pub(crate) fn hold(&self) -> PathBuf {
        self.path(HOLD)
    }

    pub(crate) fn story(&self) -> PathBuf {
        self.path(STORY)
    }
}

impl Drop for Clips {
    fn drop(&mut self) {
        // Left-overs in the temporary folder are the system's to sweep.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// All of a file as 48 kHz mono samples, at most `most` of them.
pub(crate) fn samples(path: &Path, most: usize) -> Result<Vec<i16>, Failure> {
    use offhook_media::{FRAME_SAMPLES, Pulled, SourceSpec, open};
    let mut source = open(SourceSpec::new(path).inline()).map_err(|error| Failure::new(Exit::File, error))?;
    let (mut all, mut frame) = (Vec::new(), [0; FRAME_SAMPLES]);
    while all.len() < most {
        match source.pull(&mut frame) {
            Pulled::Pcm => all.extend_from_slice(&frame),
            Pulled::End(count) => {
                all.extend_from_slice(&frame[..count]);
                break;
            }
            Pulled::Failed(_, error) => return Err(Failure::new(Exit::File, error)),
            Pulled::Dry(_) => {
                let text = format!("{} gives no sound of its own pace; name a regular file", path.display());
                return Err(Failure::new(Exit::Usage, text));
            }
        }
    }
    all.truncate(most);
    Ok(all)
}
