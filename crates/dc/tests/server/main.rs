//! The local Telegram over real sockets, as any client sees it.
#![allow(unreachable_pub, reason = "modules of one test program")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod calls;
mod client;
mod devices;
mod families;
mod files;
mod groups;
mod http;
mod layers;
mod login;
mod messages;
mod pitfalls;
mod profile;
mod reflector;
mod restart;
mod signalling;
mod turn;
mod wire;

use offhook_dc::{Builder, Dc, DcHandle, UserSpec};

const ALICE: &str = "+10000000001";
const BOB: &str = "+10000000002";

fn builder() -> Builder {
    Dc::builder()
        .user(UserSpec::new(ALICE, "Alice").username("alice"))
        .user(UserSpec::new(BOB, "Bob").username("bob"))
}

async fn start() -> DcHandle {
    builder().start().await.unwrap()
}
