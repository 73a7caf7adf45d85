use super::*;

#[test]
fn the_published_init_is_what_is_written_and_read() {
    let init = Init { tag: 0x1122_3344, room: 5 << 20, streams: [u16::MAX; 2], tsn: 0x0102_0304 };
    let packet = packet(0, |out| init.write(kind::INIT, None, out));
    let published = "13881388 00000000 c1f20f77 01000014 11223344 00500000 ffff ffff 01020304";
    assert_eq!(hex::encode(&packet), published.replace(' ', ""));
    let (header, chunks) = Header::open(&packet).unwrap();
    let (chunk, rest) = Chunk::parse(chunks).unwrap();
    assert_eq!((header.tag, chunk.kind, rest.len()), (0, kind::INIT, 0));
    assert_eq!(Init::parse(chunk.body), Some((init, None)));
}

#[test]
fn a_cookie_is_found_among_parameters_that_do_not_matter() {
    let init = Init::ours(1, 2);
    let mut out = Vec::new();
    init.write(kind::INIT_ACK, Some(b"cooky"), &mut out);
    assert_eq!(out.len(), 4 + 16 + 12);
    let mut body = Chunk::parse(&out).unwrap().0.body.to_vec();
    body.resize(body.len().next_multiple_of(4), 0);
    body.splice(16..16, [0xc0, 0, 0, 4, 0x80, 8, 0, 6, 0x82, 0xc0, 0, 0]);
    assert_eq!(Init::parse(&body), Some((init, Some(&b"cooky"[..]))));
    for broken in [[0, 0, 0, 3], [0, 7, 0xff, 0xff]] {
        let mut other = body.clone();
        other.splice(16..20, broken);
        assert_eq!(Init::parse(&other), None, "a parameter whose length lies");
    }
}

#[test]
fn an_init_without_tag_or_streams_is_refused() {
    for (tag, streams) in [(0, [1, 1]), (1, [0, 1]), (1, [1, 0])] {
        let mut out = Vec::new();
        Init { tag, room: 1, streams, tsn: 1 }.write(kind::INIT, None, &mut out);
        assert_eq!(Init::parse(Chunk::parse(&out).unwrap().0.body), None);
    }
}

#[test]
fn data_and_sack_are_read_back_and_every_cut_is_refused() {
    let data = Data { tsn: 7, stream: 0, ssn: 3, begins: true, ends: false, piece: b"piece" };
    let sack = Sack { cumulative: 9, room: 10, gaps: vec![(2, 3), (5, 5)] };
    let mut out = Vec::new();
    data.write(&mut out);
    sack.write(&mut out);
    assert_eq!(hex::encode(&out[..16]), "00020015000000070000000300000035");
    let (first, behind) = Chunk::parse(&out).unwrap();
    assert_eq!(Data::parse(first), Some(data));
    let (second, behind) = Chunk::parse(behind).unwrap();
    assert_eq!((Sack::parse(second.body), behind.len()), (Some(sack), 0));
    for len in 0..=12 {
        assert_eq!(Data::parse(Chunk { body: &first.body[..len], ..first }), None, "{len}");
    }
    for len in 0..second.body.len() {
        assert_eq!(Sack::parse(&second.body[..len]), None, "{len}");
    }
    for len in 0..21 {
        assert_eq!(Chunk::parse(&out[..len]), None, "{len}");
    }
}

#[test]
fn a_packet_with_any_changed_byte_or_any_cut_is_not_opened() {
    let whole = packet(5, |out| write(kind::COOKIE_ACK, 0, out, |_| {}));
    assert!(Header::open(&whole).is_some());
    for at in 0..whole.len() {
        assert_eq!(Header::open(&whole[..at]), None, "{at}");
        let mut other = whole.clone();
        other[at] ^= 1;
        assert_eq!(Header::open(&other), None, "{at}");
    }
}
