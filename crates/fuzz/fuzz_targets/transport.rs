//! Arbitrary streams into both ends of every transport, in arbitrary pieces.
//!
//! Also: what one end encodes, the other end decodes, whatever came before it did not break.

#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use offhook_mtproto::transport::{ClientTransport, Frame, Kind, Obfuscation, ServerOptions, ServerTransport};

const KINDS: [Kind; 4] = [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate, Kind::Full];

fuzz_target!(|data: &[u8]| {
    let Some((&[choice, piece], stream)) = data.split_first_chunk() else { return };
    let piece = usize::from(piece).max(1);
    let kind = KINDS[usize::from(choice) % 4];
    let obfuscation = (choice & 4 != 0 && kind != Kind::Full).then(Obfuscation::default);

    // As it came: the server has to find out what it is.
    let mut server = ServerTransport::new(ServerOptions::default(), [1; 32]);
    feed_server(&mut server, stream, piece);

    // Behind a proper greeting and packet, which must arrive.
    let mut server = ServerTransport::new(ServerOptions::default(), [1; 32]);
    let mut client = ClientTransport::new(kind, obfuscation, [2; 32]).expect("a possible combination");
    let packet = [7; 24 + 32];
    let mut wire = Vec::new();
    client.encode(&packet, &mut wire).expect("an aligned packet");
    let inbound = server.decode(&mut BytesMut::from(&wire[..])).expect("our own frame").expect("a whole one");
    assert_eq!(inbound.bytes, packet);
    feed_server(&mut server, stream, piece);

    let mut wire = Vec::new();
    server.encode(&packet, &mut wire).expect("an aligned packet");
    let frame = client.decode(&mut BytesMut::from(&wire[..])).expect("our own frame");
    assert_eq!(frame, Some(Frame::Packet(packet.to_vec())));
    for piece in stream.chunks(piece) {
        let mut input = BytesMut::from(piece);
        loop {
            match client.decode(&mut input) {
                Ok(Some(Frame::Packet(bytes))) => assert!(bytes.len() >= 16),
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
});

fn feed_server(server: &mut ServerTransport, stream: &[u8], piece: usize) {
    for piece in stream.chunks(piece) {
        let mut input = BytesMut::from(piece);
        loop {
            match server.decode(&mut input) {
                Ok(Some(inbound)) => assert!(!inbound.bytes.is_empty()),
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
}
