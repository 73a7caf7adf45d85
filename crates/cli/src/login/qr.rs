//! The QR code of a login, drawn in the terminal.

use std::io::IsTerminal;

use offhook_client::LoginToken;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// Draws a token on stderr. Each one is shown for about half a minute, until it is accepted.
pub(super) fn show(token: &LoginToken) {
    let link = token.link();
    if std::io::stderr().is_terminal()
        && let Ok(code) = QrCode::new(&link)
    {
        // Light on dark: terminals are mostly dark, and scanners want a light frame.
        let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
        eprintln!("{drawn}");
    }
    eprintln!("scan the code with another device, or run: offhook accept-login {link}");
}
