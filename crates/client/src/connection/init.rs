//! `invokeWithLayer` and `initConnection` around a call. mtproto.md section 3.9.

use crate::config::ClientConfig;

const INVOKE_WITH_LAYER: u32 = 0xda9b_0d0d;
const INIT_CONNECTION: u32 = 0xc1cd_5ea9;

/// Everything up to the call itself, which ends both wrappers.
pub(crate) fn prefix(config: &ClientConfig, layer: i32) -> Vec<u8> {
    let device = &config.device;
    let mut out = Vec::with_capacity(160);
    out.extend_from_slice(&INVOKE_WITH_LAYER.to_le_bytes());
    out.extend_from_slice(&layer.to_le_bytes());
    out.extend_from_slice(&INIT_CONNECTION.to_le_bytes());
    // Flags: neither a proxy nor parameters.
    out.extend_from_slice(&0u32.to_le_bytes());
    out.extend_from_slice(&config.api_id.to_le_bytes());
    // The empty one is `lang_pack`: official applications only.
    let texts = [
        &device.model,
        &device.system_version,
        &device.app_version,
        &device.system_language,
        "",
        &device.language,
    ];
    for text in texts {
        string(&mut out, text);
    }
    out
}

/// A TL string: length in one byte or in `fe` and three, then zeros up to a multiple of four.
fn string(out: &mut Vec<u8>, text: &str) {
    // A name longer than 16 MiB has no form; nobody has one.
    let bytes = &text.as_bytes()[..text.len().min(0x00ff_ffff)];
    let length = (bytes.len() as u32).to_le_bytes();
    if bytes.len() < 254 {
        out.push(length[0]);
    } else {
        out.extend_from_slice(&[0xfe, length[0], length[1], length[2]]);
    }
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DcId, Device};

    #[test]
    fn the_wrappers_are_laid_out_as_the_schema_says() {
        let device = Device {
            model: "m".into(),
            system_version: "sys".into(),
            app_version: "1.0".into(),
            system_language: "en".into(),
            language: "de".into(),
        };
        let address = "127.0.0.1:1".parse().unwrap();
        let config = ClientConfig::new(DcId(2), address, 6, "hash").device(device);
        let expected: Vec<u8> = [
            &[0x0d, 0x0d, 0x9b, 0xda][..], // invokeWithLayer
            &[0xe5, 0, 0, 0],              // 229
            &[0xa9, 0x5e, 0xcd, 0xc1],     // initConnection
            &[0, 0, 0, 0],                 // flags
            &[6, 0, 0, 0],                 // api_id
            b"\x01m\0\0",
            b"\x03sys",
            b"\x031.0",
            b"\x02en\0",
            b"\0\0\0\0",
            b"\x02de\0",
        ]
        .concat();
        assert_eq!(prefix(&config, 229), expected);
    }

    #[test]
    fn a_long_name_gets_the_long_length() {
        let mut out = Vec::new();
        string(&mut out, &"x".repeat(254));
        assert_eq!(out[..4], [0xfe, 254, 0, 0]);
        assert_eq!(out.len(), 4 + 256);
    }
}
