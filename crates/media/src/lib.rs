//! PCM in, PCM out: sources, sinks, containers, codecs, DSP, playlist.
