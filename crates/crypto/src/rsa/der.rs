//! Just enough DER and PEM for RSA keys: sequences of unsigned integers in PKCS#1, and the SPKI wrapper.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// AlgorithmIdentifier of rsaEncryption (1.2.840.113549.1.1.1) with NULL parameters, tag and length included.
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Takes one element with the given tag off the front: (content, rest).
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[got, first], rest) = bytes.split_first_chunk()?;
    if got != tag {
        return None;
    }
    let (len, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        (digits.iter().fold(0usize, |len, &b| len << 8 | usize::from(b)), rest)
    };
    rest.split_at_checked(len)
}

/// The integers of a PKCS#1 sequence, without leading zeros.
pub(super) fn integers(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut body, rest) = element(bytes, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    let mut numbers = Vec::new();
    while !body.is_empty() {
        let (number, rest) = element(body, INTEGER)?;
        numbers.push(minimal(number).to_vec());
        body = rest;
    }
    Some(numbers)
}

/// The PKCS#1 key inside a SubjectPublicKeyInfo.
pub(super) fn spki(bytes: &[u8]) -> Option<&[u8]> {
    let (body, _) = element(bytes, SEQUENCE)?;
    let bits = body.strip_prefix(&RSA_ENCRYPTION)?;
    let (bits, _) = element(bits, BIT_STRING)?;
    bits.strip_prefix(&[0])
}

/// A PKCS#1 sequence of unsigned integers.
pub(super) fn sequence(numbers: &[&[u8]]) -> Vec<u8> {
    let mut body = Vec::new();
    for number in numbers {
        let number = minimal(number);
        // A set top bit would read as a negative number, and zero needs one digit.
        let pad = number.first().is_none_or(|&b| b >= 0x80);
        body.push(INTEGER);
        length(number.len() + usize::from(pad), &mut body);
        if pad {
            body.push(0);
        }
        body.extend_from_slice(number);
    }
    let mut out = vec![SEQUENCE];
    length(body.len(), &mut out);
    out.append(&mut body);
    out
}

fn length(len: usize, out: &mut Vec<u8>) {
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let digits = (len as u32).to_be_bytes();
        let digits = minimal(&digits);
        out.push(0x80 | digits.len() as u8);
        out.extend_from_slice(digits);
    }
}

/// `number` without leading zero bytes.
pub(super) fn minimal(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|&b| b != 0).unwrap_or(number.len());
    &number[start..]
}

/// Wraps DER in PEM lines of 64 characters.
pub(super) fn to_pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = tail;
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

/// All blocks of a PEM text as (label, DER). Text between blocks is skipped; a broken block ends the list with `None`.
pub(super) fn pem_blocks(text: &str) -> Option<Vec<(&str, Vec<u8>)>> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, tail)) = rest.split_once("-----BEGIN ") {
        let (label, tail) = tail.split_once("-----")?;
        let (body, tail) = tail.split_once("-----END ")?;
        let tail = tail.strip_prefix(label)?.strip_prefix("-----")?;
        let body: String = body.split_whitespace().collect();
        blocks.push((label, STANDARD.decode(body).ok()?));
        rest = tail;
    }
    Some(blocks)
}
