//! Making an authorization key, both ends.

use std::time::{Duration, Instant};

use offhook_crypto::rsa::PrivateKey;
use offhook_mtproto::exchange::{Client, ClientConfig, Reply, Server, ServerConfig, Step};

use crate::far::now;
use crate::median;

/// Exchanges measured; their median counts.
const EXCHANGES: u8 = 15;

pub(crate) fn report(wanted: &dyn Fn(&str) -> bool) {
    let name = "key exchange";
    if !wanted(name) {
        return;
    }
    let rsa = PrivateKey::test_key();
    let mut server = Server::new(ServerConfig::new(rsa.clone(), [2]), [2; 32]);
    let runs: Vec<(Duration, Duration)> = (0..EXCHANGES).map(|seed| run(&rsa, &mut server, seed)).collect();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let client = median(runs.iter().map(|(client, _)| milliseconds(*client)));
    let server = median(runs.iter().map(|(_, server)| milliseconds(*server)));
    println!("{name}: client {client:.2} ms, server {server:.2} ms, whole {:.2} ms\n", client + server);
}

/// One exchange; the time of either end.
fn run(rsa: &PrivateKey, server: &mut Server, seed: u8) -> (Duration, Duration) {
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    let mut client = Client::new(ClientConfig::new(vec![rsa.public().clone()], 2), [seed; 32]);
    let mut packet = client.start(now());
    loop {
        let start = Instant::now();
        let reply = server.handle(&packet, now(), |_| false);
        theirs += start.elapsed();
        let (Reply::Send(answer) | Reply::Created { packet: answer, .. }) = reply else {
            panic!("the server refused");
        };
        let start = Instant::now();
        let step = client.handle(&answer, now()).expect("a good answer");
        ours += start.elapsed();
        match step {
            Step::Send(next) => packet = next,
            Step::Done(_) => return (ours, theirs),
        }
    }
}
