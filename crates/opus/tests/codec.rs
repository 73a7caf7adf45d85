//! The codec through its public surface: round trips, losses, packet structure, hostile bytes.

use offhook_opus::packet::{self, Mode, Packet, Toc};
use offhook_opus::{
    Application, Bandwidth, Bitrate, Channels, Decoder, Encoder, Error, PacketError, Repacketizer,
    SampleRate, Signal,
};

const FRAME: usize = 960;

fn encoder() -> Encoder {
    let mut encoder = Encoder::new(SampleRate::Hz48000, Channels::Mono, Application::Voip).unwrap();
    encoder.set_bitrate(Bitrate::Bits(24_000)).unwrap();
    encoder.set_signal(Signal::Voice).unwrap();
    encoder
}

fn decoder() -> Decoder {
    Decoder::new(SampleRate::Hz48000, Channels::Mono).unwrap()
}

/// So much of the speech clip, over and over.
fn voice(samples: usize) -> Vec<i16> {
    let clip = include_bytes!("../../../audio/speech.wav");
    // 44 bytes of header, a quarter of a second of silence.
    let speech = clip[44 + 24_000..44 + 24_000 + 1_200_000].chunks_exact(2);
    speech.cycle().take(samples).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

fn packets(encoder: &mut Encoder, pcm: &[i16], frame: usize) -> Vec<Vec<u8>> {
    pcm.chunks_exact(frame)
        .map(|piece| {
            let mut out = vec![0; 1500];
            let len = encoder.encode(piece, &mut out).unwrap();
            out.truncate(len);
            out
        })
        .collect()
}

fn energy(pcm: &[i16]) -> f64 {
    pcm.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / pcm.len() as f64
}

/// Likeness of two pieces of sound, 1 for equal shape.
fn likeness(a: &[i16], b: &[i16]) -> f64 {
    let dot: f64 = a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
    dot / (energy(a) * energy(b)).sqrt() / a.len() as f64
}

#[test]
fn the_linked_library_is_libopus_1_6() {
    assert!(offhook_opus::version().starts_with("libopus 1.6"), "{}", offhook_opus::version());
}

#[test]
fn what_goes_in_comes_out_later_by_the_lookahead() {
    let mut encoder = encoder();
    encoder.set_bitrate(Bitrate::Bits(64_000)).unwrap();
    let delay = encoder.lookahead().unwrap();
    assert_eq!(delay, 312);
    let pcm = voice(50 * FRAME);
    let mut decoder = decoder();
    let mut heard = Vec::new();
    for packet in packets(&mut encoder, &pcm, FRAME) {
        let mut out = [0; FRAME];
        assert_eq!(decoder.decode(Some(&packet), &mut out, false).unwrap(), FRAME);
        heard.extend_from_slice(&out);
    }
    // A hybrid coder does not keep the waveform above 8 kHz.
    let at = |delay: usize| likeness(&pcm[4_800..40_000], &heard[4_800 + delay..40_000 + delay]);
    assert!(at(delay) > 0.88, "{}", at(delay));
    assert!(at(delay) > at(delay - 8) && at(delay) > at(delay + 8));
}

#[test]
fn every_legal_length_encodes_and_decodes_to_itself() {
    for (samples, ms) in
        [(120, 2.5), (240, 5.0), (480, 10.0), (960, 20.0), (1920, 40.0), (2880, 60.0), (5760, 120.0)]
    {
        let mut encoder = encoder();
        let packet = &packets(&mut encoder, &voice(samples), samples)[0];
        assert_eq!(packet::samples(packet), Ok(samples));
        assert_eq!(packet::duration(packet).unwrap().as_secs_f64() * 1000.0, ms);
        let mut out = [0; 5760];
        assert_eq!(decoder().decode(Some(packet), &mut out, false), Ok(samples));
    }
}

#[test]
fn lengths_that_are_no_packet_are_refused() {
    let mut out = [0; 1500];
    for samples in [0, 1, 119, 121, 961, 3000, 6000] {
        let refused = encoder().encode(&vec![0; samples], &mut out);
        assert!(matches!(refused, Err(Error::BadArgument(_))), "{samples}: {refused:?}");
    }
    assert_eq!(encoder().encode(&[0; 960], &mut []), Err(Error::BufferTooSmall));
}

#[test]
fn lost_packets_come_back_from_the_copy_in_the_next_and_the_next_is_still_heard() {
    let mut encoder = encoder();
    encoder.set_inband_fec(true).unwrap();
    encoder.set_packet_loss(20).unwrap();
    // Hybrid packets of 60 ms are three frames, of which the first alone has a copy of what came before the packet:
    // only SILK carries a copy of all 60 ms.
    encoder.set_max_bandwidth(Bandwidth::Wide).unwrap();
    let packets = packets(&mut encoder, &voice(80 * 2880), 2880);
    let mut whole = decoder();
    let mut out = [0; 2880];
    let original: Vec<_> = packets
        .iter()
        .map(|packet| {
            whole.decode(Some(packet), &mut out, false).unwrap();
            out
        })
        .collect();
    // Every fourth packet is lost, once recovered and once concealed.
    let lost = |n: usize| {
        n % 4 == 3 && energy(&original[n]) > 1e6 && Packet::parse(&packets[n + 1]).unwrap().has_fec()
    };
    let (mut with_fec, mut with_plc) = (decoder(), decoder());
    let mut scores = Vec::new();
    for n in 0..packets.len() - 1 {
        if !lost(n) {
            with_plc.decode(Some(&packets[n]), &mut out, false).unwrap();
            assert_eq!(with_fec.decode(Some(&packets[n]), &mut out, false), Ok(2880));
            continue;
        }
        assert_eq!(with_fec.decode(Some(&packets[n + 1]), &mut out, true), Ok(2880));
        let fec = likeness(&original[n], &out);
        assert_eq!(with_plc.decode(None, &mut out, false), Ok(2880));
        scores.push((fec, likeness(&original[n], &out)));
    }
    assert!(scores.len() >= 3, "{scores:?}");
    let mean = |pick: fn(&(f64, f64)) -> f64| scores.iter().map(pick).sum::<f64>() / scores.len() as f64;
    let (fec, plc) = (mean(|score| score.0), mean(|score| score.1));
    assert!(fec > 0.7 && fec > plc + 0.2, "recovered {fec}, concealed {plc}: {scores:?}");
}

#[test]
fn concealment_fades_by_itself() {
    let mut decoder = decoder();
    let mut out = [0; 2880];
    for packet in packets(&mut encoder(), &voice(10 * 2880), 2880) {
        decoder.decode(Some(&packet), &mut out, false).unwrap();
    }
    let before = energy(&out);
    for _ in 0..10 {
        assert_eq!(decoder.decode(None, &mut out, false), Ok(2880));
    }
    assert!(energy(&out) < before / 100.0);
}

#[test]
fn a_stereo_packet_is_mixed_down_by_a_mono_decoder() {
    let mut encoder = Encoder::new(SampleRate::Hz48000, Channels::Stereo, Application::Audio).unwrap();
    encoder.set_bitrate(Bitrate::Bits(96_000)).unwrap();
    let mono = voice(20 * FRAME);
    let stereo: Vec<i16> = mono.iter().flat_map(|&s| [s, s]).collect();
    let mut decoder = decoder();
    let mut heard = Vec::new();
    for packet in packets(&mut encoder, &stereo, 2 * FRAME) {
        assert_eq!(Packet::parse(&packet).unwrap().samples(), FRAME);
        let mut out = [0; FRAME];
        decoder.decode(Some(&packet), &mut out, false).unwrap();
        heard.extend_from_slice(&out);
    }
    assert!(likeness(&mono[1_000..18_000], &heard[1_312..18_312]) > 0.98);
}

#[test]
fn settings_move_what_they_name() {
    let mut encoder = encoder();
    encoder.set_bitrate(Bitrate::Bits(12_345)).unwrap();
    assert_eq!(encoder.bitrate(), Ok(12_345));
    encoder.set_bandwidth(Some(Bandwidth::Narrow)).unwrap();
    let narrow = packets(&mut encoder, &voice(10 * FRAME), FRAME);
    assert_eq!(Packet::parse(&narrow[9]).unwrap().toc().bandwidth(), Bandwidth::Narrow);
    encoder.set_bandwidth(None).unwrap();
    encoder.set_dtx(true).unwrap();
    let silent = packets(&mut encoder, &vec![0; 60 * FRAME], FRAME);
    assert!(silent[59].len() <= 2, "{}", silent[59].len());
    assert!(matches!(encoder.set_complexity(11), Err(Error::BadArgument(_))));
    assert!(matches!(encoder.set_packet_loss(101), Err(Error::BadArgument(_))));
    encoder.reset().unwrap();
    assert_eq!(encoder.bitrate(), Ok(12_345));
}

#[test]
fn the_table_of_contents_names_all_32_configurations() {
    // RFC 6716, table 2: mode, band and frame length in tenths of a millisecond, by configuration number.
    let silk = [100, 200, 400, 600];
    let celt = [25, 50, 100, 200];
    for config in 0..32_u8 {
        let toc = Toc(config << 3);
        let (mode, band, tenths) = match config {
            0..4 => (Mode::Silk, Bandwidth::Narrow, silk[config as usize % 4]),
            4..8 => (Mode::Silk, Bandwidth::Medium, silk[config as usize % 4]),
            8..12 => (Mode::Silk, Bandwidth::Wide, silk[config as usize % 4]),
            12..14 => (Mode::Hybrid, Bandwidth::SuperWide, silk[config as usize % 2]),
            14..16 => (Mode::Hybrid, Bandwidth::Full, silk[config as usize % 2]),
            16..20 => (Mode::Celt, Bandwidth::Narrow, celt[config as usize % 4]),
            20..24 => (Mode::Celt, Bandwidth::Wide, celt[config as usize % 4]),
            24..28 => (Mode::Celt, Bandwidth::SuperWide, celt[config as usize % 4]),
            _ => (Mode::Celt, Bandwidth::Full, celt[config as usize % 4]),
        };
        assert_eq!(
            (toc.mode(), toc.bandwidth(), toc.frame_samples()),
            (mode, band, tenths * 48 / 10),
            "{config}"
        );
        assert_eq!(toc.channels(), Channels::Mono);
        assert_eq!(Toc(config << 3 | 4).channels(), Channels::Stereo);
    }
}

#[test]
fn malformed_packets_are_named() {
    let cases: &[(&[u8], PacketError)] = &[
        (&[], PacketError::Empty),
        // Two equal frames need an even number of bytes.
        (&[0x01, 1, 2, 3], PacketError::Lengths),
        // The first frame claims more than there is.
        (&[0x02, 200, 1], PacketError::Lengths),
        (&[0x02, 252], PacketError::Lengths),
        // Code 3 without its count, with none, with 60 ms times 3.
        (&[0x03], PacketError::Lengths),
        (&[0x03, 0], PacketError::FrameCount),
        (&[0x1B, 3, 0, 0, 0], PacketError::FrameCount),
        // Padding longer than the packet.
        (&[0x03, 0x41, 255, 255, 3, 0], PacketError::Lengths),
        // Three equal frames of five bytes.
        (&[0x03, 3, 1, 2, 3, 4, 5], PacketError::Lengths),
    ];
    for (bytes, why) in cases {
        assert_eq!(Packet::parse(bytes).map(|packet| packet.frames()), Err(*why), "{bytes:02x?}");
        let mut out = [0; 5760];
        assert_eq!(decoder().decode(Some(bytes), &mut out, false), Err(Error::Packet(*why)), "{bytes:02x?}");
    }
    let long = vec![0; 1277];
    assert_eq!(packet::samples(&long), Err(PacketError::Lengths));
}

#[test]
fn hostile_bytes_yield_sound_or_an_error_and_nothing_else() {
    let mut decoder = decoder();
    let mut repacketizer = Repacketizer::new().unwrap();
    let mut seed = 0x1234_5678_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let good = packets(&mut encoder(), &voice(4 * FRAME), FRAME);
    let (mut decoded, mut refused) = (0, 0);
    for round in 0..3_000 {
        let mut bytes = if round % 2 == 0 {
            (0..random() % 80).map(|_| random() as u8).collect()
        } else {
            let mut bytes = good[round % 4].clone();
            let at = random() as usize % bytes.len();
            bytes[at] ^= 1 << (random() % 8);
            bytes.truncate(1 + random() as usize % bytes.len());
            bytes
        };
        let mut out = [0; 5760];
        match decoder.decode(Some(&bytes), &mut out, round % 5 == 0) {
            Ok(samples) => {
                decoded += 1;
                assert!(samples <= 5760);
                assert!(round % 5 == 0 || packet::samples(&bytes) == Ok(samples));
            }
            Err(_) => refused += 1,
        }
        if repacketizer.push(&bytes).is_err() {
            repacketizer.clear();
        }
        bytes.clear();
    }
    assert!(decoded > 500 && refused > 500, "{decoded} decoded, {refused} refused");
}

#[test]
fn a_decoder_that_gets_too_little_room_says_so() {
    let packet = &packets(&mut encoder(), &voice(2880), 2880)[0];
    assert_eq!(decoder().decode(Some(packet), &mut [0; 2879], false), Err(Error::BufferTooSmall));
    assert!(matches!(decoder().decode(None, &mut [0; 100], false), Err(Error::BadArgument(_))));
    assert_eq!(decoder().decode(None, &mut [], false), Err(Error::BufferTooSmall));
}

#[test]
fn three_packets_of_20_ms_become_one_of_60_and_back_byte_for_byte() {
    let mut encoder = encoder();
    encoder.set_bandwidth(Some(Bandwidth::Wide)).unwrap();
    let parts = packets(&mut encoder, &voice(9 * FRAME), FRAME);
    let parts = &parts[6..];
    let mut repacketizer = Repacketizer::new().unwrap();
    for part in parts {
        repacketizer.push(part).unwrap();
    }
    assert_eq!(repacketizer.frames(), 3);
    let mut merged = [0; 1500];
    let len = repacketizer.write(0, 3, &mut merged).unwrap();
    assert_eq!(packet::samples(&merged[..len]), Ok(2880));

    repacketizer.clear();
    repacketizer.push(&merged[..len]).unwrap();
    for (n, part) in parts.iter().enumerate() {
        let mut out = [0; 1500];
        let len = repacketizer.write(n, n + 1, &mut out).unwrap();
        assert_eq!(&out[..len], part.as_slice());
    }
    // The merged packet sounds like its parts, sample for sample.
    let (mut one, mut three) = (decoder(), decoder());
    let mut whole = [0; 2880];
    one.decode(Some(&merged[..len]), &mut whole, false).unwrap();
    for (n, part) in parts.iter().enumerate() {
        let mut out = [0; FRAME];
        three.decode(Some(part), &mut out, false).unwrap();
        assert_eq!(whole[n * FRAME..(n + 1) * FRAME], out);
    }
}

#[test]
fn packets_of_different_kinds_do_not_merge() {
    let mut voice_encoder = encoder();
    voice_encoder.set_bandwidth(Some(Bandwidth::Wide)).unwrap();
    let silk = &packets(&mut voice_encoder, &voice(6 * FRAME), FRAME)[5];
    let celt = [0xF8, 0xFF, 0xFE];
    let mut repacketizer = Repacketizer::new().unwrap();
    repacketizer.push(silk).unwrap();
    assert_eq!(repacketizer.push(&celt), Err(Error::Unmergeable));
    assert_eq!(repacketizer.push(&[]), Err(Error::Packet(PacketError::Empty)));
    let mut out = [0; 1500];
    assert_eq!(repacketizer.write(0, 1, &mut out).map(|len| out[..len].to_vec()), Ok(silk.clone()));
    assert!(matches!(repacketizer.write(0, 2, &mut out), Err(Error::BadArgument(_))));
    assert_eq!(repacketizer.write(0, 1, &mut out[..3]), Err(Error::BufferTooSmall));
    // 120 ms is the most a packet holds.
    for _ in 0..5 {
        repacketizer.push(silk).unwrap();
    }
    assert_eq!(repacketizer.push(silk), Err(Error::Unmergeable));
}

#[test]
fn codecs_move_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Encoder>();
    is_send::<Decoder>();
    is_send::<Repacketizer>();
    let mut encoder = encoder();
    let joined = std::thread::spawn(move || encoder.encode(&[0; 960], &mut [0; 1500]).is_ok()).join();
    assert!(joined.unwrap());
}
