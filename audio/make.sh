#!/usr/bin/env bash
# Makes every clip of this folder anew. Needs espeak-ng 1.51, sox 14.4.2 and opusenc (Debian: espeak-ng sox opus-tools).
#
# The clips are kept in the repository: another version of a synthesiser makes other samples, and MANIFEST.md names the
# hashes of those the tests were written for. After making new ones, update MANIFEST.md: `audio/make.sh` prints its table.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Speech: two voices in turn, 22,050 Hz as synthesised, brought to 48 kHz mono at -3 dB, with room to breathe.
say() { # file voice speed text
  espeak-ng -v "$2" -s "$3" -w "$1" "$4"
}
finish() { # out seconds parts...
  local out=$1 seconds=$2
  shift 2
  sox -G -R "$@" -r 48000 -c 1 -b 16 "$out" pad 0.25 2 rate -v 48000 norm -3 trim 0 "$seconds" fade t 0.01 0 0.05 dither -s
}

say "$work/a1.wav" en-gb 150 "Good morning. You have reached the weather line of the harbour office."
say "$work/a2.wav" en-us+f3 160 "The wind is light from the south west, four to six knots. High water is at twenty past eleven."
say "$work/a3.wav" en-gb 150 "Thank you for calling. Please stay on the line."
finish speech.wav 15 "$work/a1.wav" "$work/a2.wav" "$work/a3.wav"

say "$work/b1.wav" en-us+f2 155 "Six sentences follow. They were written for this file and mean nothing in particular."
say "$work/b2.wav" en-gb 160 "The baker opened the blue door at seven and swept the snow from three steps."
say "$work/b3.wav" en-us+f2 165 "Did anyone see where the small boat went? It was tied to the pier an hour ago."
say "$work/b5.wav" en-us+f2 150 "Measure the length twice, write it down, then cut the oak board once."
say "$work/b7.wav" en-us+f2 155 "We paid ninety seven crowns for the lamp, and it never worked on rainy days."
say "$work/b8.wav" en-gb 165 "That is all. Goodbye, and mind the gap."
finish story.wav 30 "$work"/b?.wav

# Hold music: eight bars of plucked notes over soft chords, made to go round: it begins and ends in silence.
bar=0
for notes in "C4 E4 G4 C5" "A3 C4 E4 A4" "F3 A3 C4 F4" "G3 B3 D4 G4" "C4 G4 E4 C5" "A3 E4 C4 A4" "F3 C4 A3 F4" "G3 D4 B3 C4"; do
  set -- $notes
  sox -R -n -r 48000 -c 1 -b 16 "$work/bar$bar.wav" synth 1.0 \
    pluck "$1" pluck "$2" pluck "$3" pluck "$4" delay 0 0.25 0.5 0.75 remix - fade t 0.005 1.0 0.12 norm -9
  bar=$((bar + 1))
done
sox -R "$work"/bar?.wav "$work/hold.wav" norm -9
# The serial number would otherwise be random, and the file another one each time.
opusenc --quiet --serial 20260001 --bitrate 32 --framesize 20 --discard-comments "$work/hold.wav" hold.ogg

# A tone to measure with, at the rate of compact discs, in two channels; and the same thing without a header.
sox -R -n -r 44100 -c 2 -b 16 -D tone-44100-stereo.wav synth 1.0 sine 1000 norm -6
sox -R -n -r 48000 -c 1 -b 16 -e signed-integer -L -t raw tone-48000-mono.s16 synth 1.0 sine 1000 norm -6

# Other codecs, a second each, for the demuxers.
sox -R "$work/hold.wav" -b 16 chime.flac trim 0 1
sox -R "$work/hold.wav" -C 3 chime-vorbis.ogg trim 0 1

sha256sum -- *.wav *.ogg *.s16 *.flac
