//! Bytes of an attacker cost him more than us: every one ends in an error of its own, soon and small.

use offhook_tl::types::UserStatusOnline;
use offhook_tl::{
    DecodeError, Deserializable, Limits, Schema, Value, decode, decode_type, enums, functions, gunzip, gzip,
    ids,
};

fn read(bytes: &[u8]) -> Result<Value, DecodeError> {
    decode(Schema::api(), bytes, &Limits::default())
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// `gzip_packed` around bytes that are packed already.
fn packed(content: &[u8]) -> Vec<u8> {
    let mut bytes = words(&[ids::GZIP_PACKED]);
    bytes.extend_from_slice(&offhook_tl::Serializable::to_bytes(&content.to_vec()));
    bytes
}

const JSON_ARRAY: u32 = 0xf744_4763;
const JSON_NULL: u32 = 0x3f6d_7b68;

#[test]
fn a_vector_that_claims_two_thousand_million_elements_is_refused_unread() {
    for ty in ["Vector<long>", "Vector<User>", "Vector<int>", "Vector<string>"] {
        let bytes = words(&[ids::VECTOR, 0x8000_0000, 0, 0]);
        let read = decode_type(Schema::api(), ty, &bytes, &Limits::default());
        assert_eq!(read, Err(DecodeError::BadCount { count: 0x8000_0000, got: 8, at: 4 }), "{ty}");
    }
    let future_salts = words(&[0xae50_0895, 0, 0, 0, u32::MAX]);
    let read = decode(Schema::mtproto(), &future_salts, &Limits::default());
    assert_eq!(read, Err(DecodeError::TooShort { got: 0, need: 4, at: 20 }));
    assert_eq!(
        Vec::<i64>::from_bytes(&words(&[ids::VECTOR, u32::MAX])),
        Err(DecodeError::BadCount { count: u32::MAX, got: 0, at: 4 })
    );
}

#[test]
fn elements_that_take_no_bytes_still_cost_items() {
    let text = "nothing#1 = Nothing; many#2 list:vector<nothing> = Many;";
    let schema = Schema::parse(text, 1).expect("a schema");
    let read = decode(&schema, &words(&[2, 0x8000_0000]), &Limits::default());
    assert_eq!(read, Err(DecodeError::TooManyItems));
}

#[test]
fn ten_thousand_objects_inside_each_other_are_too_deep() {
    let mut bytes = Vec::new();
    (0..10_000).for_each(|_| bytes.extend(words(&[JSON_ARRAY, ids::VECTOR, 1])));
    bytes.extend(words(&[JSON_NULL]));
    assert_eq!(read(&bytes), Err(DecodeError::TooDeep));
    assert_eq!(enums::JSONValue::from_bytes(&bytes), Err(DecodeError::TooDeep));
    let vectors: Vec<u8> = (0..10_000).flat_map(|_| words(&[ids::VECTOR, 1])).collect();
    assert_eq!(read(&vectors), Err(DecodeError::TooDeep));
}

#[test]
fn sixteen_arrays_inside_each_other_are_just_deep_enough() {
    let nested = |depth: usize| {
        let mut bytes = Vec::new();
        (0..depth - 1).for_each(|_| bytes.extend(words(&[JSON_ARRAY, ids::VECTOR, 1])));
        bytes.extend(words(&[JSON_ARRAY, ids::VECTOR, 0]));
        bytes
    };
    assert!(read(&nested(16)).is_ok());
    assert_eq!(read(&nested(17)), Err(DecodeError::TooDeep));
}

#[test]
fn a_hundred_thousand_calls_inside_each_other_are_too_deep() {
    let bytes: Vec<u8> = (0..100_000).flat_map(|_| words(&[0xbf94_59b7])).collect();
    assert_eq!(read(&bytes), Err(DecodeError::TooDeep));
}

#[test]
fn a_million_truths_are_too_many_for_a_bound_of_a_thousand() {
    let mut bytes = words(&[ids::VECTOR, 1_000_000]);
    bytes.extend((0..1_000_000).flat_map(|_| words(&[ids::BOOL_TRUE])));
    let limits = Limits { items: 1000, ..Limits::default() };
    assert_eq!(decode(Schema::api(), &bytes, &limits), Err(DecodeError::TooManyItems));
    let all = Limits { items: 1_000_000, ..Limits::default() };
    let read = decode(Schema::api(), &bytes, &all);
    assert_eq!(read.map(|value| value.as_vector().map(<[_]>::len)), Ok(Some(1_000_000)));
}

#[test]
fn a_gzip_bomb_is_stopped_at_the_bound() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 70_000, "64 MiB of zeros pack to {} bytes", bomb.len());
    assert_eq!(read(&packed(&bomb)), Err(DecodeError::TooLarge));
    assert_eq!(UserStatusOnline::from_bytes(&packed(&bomb)), Err(DecodeError::TooLarge));
}

#[test]
fn a_high_ratio_alone_is_refused_above_64_kib() {
    let limits = Limits::default();
    assert_eq!(gunzip(&gzip(&vec![0; 64 << 10]), &limits).map(|bytes| bytes.len()), Ok(64 << 10));
    let eight = gzip(&vec![0; 8 << 20]);
    assert!(eight.len() * 512 < 8 << 20);
    assert_eq!(gunzip(&eight, &limits), Err(DecodeError::TooLarge));
    let lax = Limits { ratio: 2000, ..limits };
    assert_eq!(gunzip(&eight, &lax).map(|bytes| bytes.len()), Ok(8 << 20));
}

#[test]
fn many_packed_objects_share_one_bound() {
    // Half a mebibyte each, hard to pack, so that no ratio stands out: thirty are more than ten mebibytes.
    let mut noise = 1_u32;
    let body: Vec<u8> = (0..512 << 10)
        .map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise.to_le_bytes()[3]
        })
        .collect();
    let mut inner = words(&[0x7d74_8d04]);
    inner.extend(offhook_tl::Serializable::to_bytes(&body));
    let one = packed(&gzip(&inner));
    let vector = |count: u32| {
        let mut bytes = words(&[ids::VECTOR, count]);
        (0..count).for_each(|_| bytes.extend_from_slice(&one));
        bytes
    };
    assert!(read(&vector(19)).is_ok());
    assert_eq!(read(&vector(30)), Err(DecodeError::TooLarge));
}

#[test]
fn packed_objects_inside_each_other_are_bounded_too() {
    let mut bytes = words(&[JSON_NULL]);
    for _ in 0..40 {
        bytes = packed(&gzip(&bytes));
    }
    assert_eq!(read(&bytes), Err(DecodeError::TooDeep));
}

#[test]
fn what_is_not_gzip_or_not_all_of_it_is_refused() {
    let whole = gzip(&words(&[JSON_NULL]));
    assert!(read(&packed(&whole)).is_ok());
    for cut in 0..whole.len() {
        assert_eq!(gunzip(&whole[..cut], &Limits::default()), Err(DecodeError::BadGzip), "{cut}");
    }
    let trailing = gzip(&words(&[JSON_NULL, 0]));
    assert_eq!(read(&packed(&trailing)), Err(DecodeError::Trailing { count: 4 }));
}

#[test]
fn unknown_and_misplaced_constructors_are_named() {
    assert_eq!(read(&words(&[0xdead_beef])), Err(DecodeError::UnknownId { id: 0xdead_beef, at: 0 }));
    // users.getUsers with a user where an InputUser belongs: userEmpty#d3bc4b7a.
    let bytes = words(&[0x0d91_a548, ids::VECTOR, 1, 0xd3bc_4b7a, 1, 0]);
    let wrong = DecodeError::WrongType { expected: "InputUser".into(), got: "userEmpty".into(), at: 12 };
    assert_eq!(read(&bytes), Err(wrong));
    assert_eq!(
        functions::users::GetUsers::from_bytes(&bytes),
        Err(DecodeError::UnknownId { id: 0xd3bc_4b7a, at: 12 })
    );
    // A constructor is no query.
    let bytes = words(&[0xbf94_59b7, JSON_NULL]);
    let wrong = DecodeError::WrongType { expected: "function".into(), got: "jsonNull".into(), at: 4 };
    assert_eq!(read(&bytes), Err(wrong));
    let unknown = DecodeError::UnknownType { name: "Nonsense".into() };
    assert_eq!(decode_type(Schema::api(), "Nonsense", &[], &Limits::default()), Err(unknown));
}

#[test]
fn bytes_after_the_value_are_an_error_and_a_prefix_tells_where_it_ended() {
    let bytes = words(&[JSON_NULL, 7]);
    assert_eq!(read(&bytes), Err(DecodeError::Trailing { count: 4 }));
    let prefix = offhook_tl::decode_prefix(Schema::api(), &bytes, &Limits::default());
    assert_eq!(prefix.map(|(_, used)| used), Ok(4));
}
