//! Arbitrary packets and message bodies into everything that reads them: plain messages, both ends of the key
//! exchange, encrypted packets, both ends of a session.

#![no_main]

use libfuzzer_sys::fuzz_target;
use offhook_crypto::AuthKey;
use offhook_crypto::rsa::PrivateKey;
use offhook_mtproto::exchange::{Client, ClientConfig, Server, ServerConfig};
use offhook_mtproto::packet::{self, Message, Origin};
use offhook_mtproto::session::{
    ClientOptions, ClientOutput, ClientSession, ConnectionId, SaltSchedule, ServerOptions, ServerOutput,
    ServerSession,
};
use offhook_mtproto::{Moment, MsgId, SessionId, TimeOffset, gzip, plain};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Some unix time.
const NOW: Duration = Duration::from_secs(1_700_000_000);

fuzz_target!(|data: &[u8]| {
    static RSA: OnceLock<PrivateKey> = OnceLock::new();
    let rsa = RSA.get_or_init(PrivateKey::test_key);
    let now = Moment { instant: Instant::now(), unix: NOW };
    let key = AuthKey::new([7; 256]);

    let _ = packet::open(&key, Origin::Client, data);
    let _ = gzip::unpack(data);
    let body = plain::write(MsgId(4), data);
    let mut server = Server::new(ServerConfig::new(rsa.clone(), [2]), [1; 32]);
    let _ = server.handle(data, now, |_| false);
    let _ = server.handle(&body, now, |_| false);
    let mut client = Client::new(ClientConfig::new(vec![rsa.public().clone()], 2), [2; 32]);
    client.start(now);
    let _ = client.handle(&body, now);

    // The same bytes as correctly encrypted messages: 4-byte header of flags, then bodies of 4-byte words.
    let salts = SaltSchedule::new(&key);
    let options = ServerOptions { max_queue: 64, max_unacked: 64, ..ServerOptions::default() };
    let mut server = ServerSession::new(key.clone(), SessionId(1), salts.clone(), options, [3; 32]);
    let options = ClientOptions::default();
    let mut client =
        ClientSession::new(key.clone(), salts.current(NOW), TimeOffset::default(), options, [4; 32]);
    client.connected(now);
    let _ = client.push_request(vec![1; 8], now);
    drain_client(&mut client, now);
    for (i, chunk) in data.chunks(64).enumerate() {
        let Some((&[seq_no, kind, ..], body)) = chunk.split_first_chunk::<4>() else { break };
        let body = body[..body.len() & !3].to_vec();
        let number = MsgId::at(NOW).0 + 4 * i as i64;
        let message = Message {
            salt: salts.current(NOW),
            session_id: SessionId(1),
            msg_id: MsgId(number | i64::from(kind & 4 == 4)),
            seq_no: i32::from(seq_no),
            body,
            quick_ack: 0,
        };
        server.handle(message.clone(), ConnectionId(u64::from(kind & 1)), now);
        drain_server(&mut server, now);
        let message = Message { session_id: client.session_id(), msg_id: MsgId(number | 1), ..message };
        let padding = vec![0; packet::padding_len(message.body.len(), 0)];
        let _ = client.handle_packet(&packet::seal(&key, Origin::Server, &message, &padding), now);
        drain_client(&mut client, now);
    }
});

fn drain_client(client: &mut ClientSession, now: Moment) {
    for _ in 0..10_000 {
        match client.poll(now) {
            ClientOutput::WaitUntil(_) => return,
            ClientOutput::Send(_) | ClientOutput::Event(_) | ClientOutput::Close(_) => {}
        }
    }
    panic!("a client that never rests");
}

fn drain_server(server: &mut ServerSession, now: Moment) {
    for _ in 0..10_000 {
        match server.poll(now) {
            ServerOutput::WaitUntil(_) => return,
            ServerOutput::Request { msg_id, .. } => {
                server.respond(msg_id, &[1, 2, 3, 4], now);
            }
            _ => {}
        }
    }
    panic!("a server that never rests");
}
