use super::*;

fn read(text: &str) -> Result<Message, MessageError> {
    Message::from_json(text.as_bytes())
}

fn setup() -> InitialSetup {
    InitialSetup {
        ufrag: "a1B2".into(),
        pwd: "24-characters-of-ice-pwd".into(),
        renomination: false,
        generation: None,
        fingerprints: vec![Fingerprint {
            hash: "sha-256".into(),
            setup: Setup::Actpass,
            fingerprint: "0A:1B:FF".into(),
        }],
    }
}

#[test]
fn an_initial_setup_is_written_with_every_key_and_read_back() {
    let text = r#"{"@type":"InitialSetup","ufrag":"a1B2","pwd":"24-characters-of-ice-pwd","renomination":false,"fingerprints":[{"hash":"sha-256","setup":"actpass","fingerprint":"0A:1B:FF"}]}"#;
    let message = Message::InitialSetup(setup());
    assert_eq!(message.to_json(), text);
    assert_eq!(read(text), Ok(message));
    let restarted = InitialSetup { generation: Some(3), ..setup() };
    let with = text.replace(r#""fingerprints""#, r#""iceGeneration":3,"fingerprints""#);
    assert_eq!(read(&with), Ok(Message::InitialSetup(restarted.clone())));
    assert_eq!(Message::InitialSetup(restarted).to_json(), with);
    assert_eq!(read(&text.replace(r#""renomination":false,"#, "")), Ok(Message::InitialSetup(setup())));
    for key in ["ufrag", "pwd", "fingerprints", "hash", "setup", "fingerprint"] {
        let without = text.replace(&format!("\"{key}\":"), "\"x\":");
        assert!(matches!(read(&without), Err(MessageError::Malformed(_))), "{key}");
    }
    let text = r#"{"@type":"InitialSetup","ufrag":"a","pwd":"b","fingerprints":[]}"#;
    assert_eq!(read(text), Err(MessageError::Malformed("no fingerprint".into())));
    assert!(!format!("{:?}", setup()).contains("24-characters"), "the password stays out of logs");
}

#[test]
fn the_setup_word_decides_who_is_the_dtls_client_and_an_unknown_one_leaves_it_to_the_roles() {
    let words = [("active", Setup::Active), ("passive", Setup::Passive), ("actpass", Setup::Actpass)];
    for (word, expected) in words.into_iter().chain([("holdconn", Setup::Actpass)]) {
        let text = Message::InitialSetup(setup()).to_json().replace("actpass", word);
        let Ok(Message::InitialSetup(read)) = read(&text) else { panic!("{text}") };
        assert_eq!(read.fingerprints[0].setup, expected);
    }
}

#[test]
fn an_offer_of_opus_is_the_published_text() {
    let text = concat!(
        r#"{"@type":"NegotiateChannels","exchangeId":"1234567890","contents":["#,
        r#"{"type":"audio","ssrc":"305419896","ssrcGroups":[],"#,
        r#""payloadTypes":[{"id":111,"name":"opus","clockrate":48000,"channels":2,"#,
        r#""feedbackTypes":[{"type":"transport-cc","subtype":""}],"#,
        r#""parameters":{"minptime":"10","useinbandfec":"1"}}],"#,
        r#""rtpExtensions":[{"id":2,"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"},"#,
        r#"{"id":3,"uri":"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"}]}]}"#,
    );
    let offer = NegotiateChannels { exchange_id: 1_234_567_890, contents: vec![Content::opus(305_419_896)] };
    let message = Message::NegotiateChannels(offer);
    assert_eq!(message.to_json(), text);
    assert_eq!(read(text), Ok(message.clone()));
    let numbers = text.replace("\"1234567890\"", "1234567890").replace("\"305419896\"", "305419896");
    assert_eq!(read(&numbers), Ok(message.clone()), "numbers instead of strings");
    let bare = text.replace(r#""minptime":"10","useinbandfec":"1""#, r#""minptime":10,"useinbandfec":true"#);
    assert_eq!(read(&bare), Ok(message), "parameters that are no strings");
}

#[test]
fn opus_is_written_with_two_channels_even_when_a_peer_left_them_out() {
    let text = r#"{"@type":"NegotiateChannels","exchangeId":7,"contents":[{"type":"audio","ssrc":1,
        "payloadTypes":[{"id":111,"name":"opus","clockrate":48000},{"id":9,"name":"G722","clockrate":8000}]}]}"#;
    let Ok(message) = read(text) else { panic!("what is optional may be missing") };
    let written = message.to_json();
    assert!(written.contains(r#""name":"opus","clockrate":48000,"channels":2,"#), "{written}");
    assert!(written.contains(r#""name":"G722","clockrate":8000,"feedbackTypes":[]"#), "{written}");
}

#[test]
fn video_unknown_kinds_unknown_keys_and_groups_are_read() {
    let text = r#"{"@type":"NegotiateChannels","exchangeId":"0","later":[[{}]],"contents":[
        {"type":"video","ssrc":"4294967295","sdpMid":"1",
         "ssrcGroups":[{"semantics":"FID","ssrcs":["1",2]}]},{"type":"smell","ssrc":3}]}"#;
    let Ok(Message::NegotiateChannels(channels)) = read(text) else { panic!("tolerant") };
    assert_eq!((channels.exchange_id, channels.contents[0].ssrc), (0, u32::MAX));
    assert_eq!(channels.contents[0].kind, MediaKind::Video);
    assert_eq!(channels.contents[0].ssrc_groups, [SsrcGroup { semantics: "FID".into(), ssrcs: vec![1, 2] }]);
    assert_eq!(channels.contents[1].kind, MediaKind::Other("smell".into()));
    let again = Message::NegotiateChannels(channels);
    assert_eq!(read(&again.to_json()), Ok(again));
    let empty = r#"{"@type":"NegotiateChannels","exchangeId":"5"}"#;
    let Ok(Message::NegotiateChannels(channels)) = read(empty) else { panic!("contents are optional") };
    assert_eq!(channels.contents, []);
}

#[test]
fn candidates_keep_their_lines_and_debug_hides_the_addresses() {
    let text = r#"{"@type":"Candidates","candidates":[{"sdpString":"candidate:1 1 udp 2122194688 192.0.2.2 35939 typ host","sdpMid":"","sdpMLineIndex":0},{"sdpMid":"x"}]}"#;
    let Ok(Message::Candidates(candidates)) = read(text) else { panic!("{text}") };
    assert_eq!(candidates.candidates.len(), 1);
    assert_eq!(format!("{:?}", candidates.candidates), r#"[Candidate("host")]"#);
    assert_eq!(
        Message::Candidates(candidates).to_json(),
        r#"{"@type":"Candidates","candidates":[{"sdpString":"candidate:1 1 udp 2122194688 192.0.2.2 35939 typ host"}]}"#
    );
}

#[test]
fn a_media_state_is_written_with_all_six_keys_and_read_with_any() {
    let text = r#"{"@type":"MediaState","muted":false,"lowBattery":false,"videoState":"inactive","videoRotation":0,"screencastState":"inactive"}"#;
    assert_eq!(Message::MediaState(MediaState::default()).to_json(), text);
    assert_eq!(read(text), Ok(Message::MediaState(MediaState::default())));
    let muted = r#"{"@type":"MediaState","muted":true,"videoState":"suspended","screencastState":"dancing"}"#;
    let expected = MediaState { muted: true, video_state: VideoState::Suspended, ..MediaState::default() };
    assert_eq!(read(muted), Ok(Message::MediaState(expected)));
}

#[test]
fn unknown_types_are_told_apart_from_malformed_texts() {
    assert_eq!(read(r#"{"@type":"Upgrade"}"#), Err(MessageError::UnknownType("Upgrade".into())));
    let long = format!(r#"{{"@type":"{}"}}"#, "x".repeat(100_000));
    assert_eq!(read(&long), Err(MessageError::UnknownType("x".repeat(64))));
    let deep = format!(r#"{{"@type":"MediaState","x":{}"#, "[".repeat(1 << 20));
    let malformed = [
        "",
        "{",
        "[]",
        "null",
        "7",
        "{}",
        r#"{"@type":7}"#,
        r#"{"@type":"MediaState"} x"#,
        r#"{"@type":"MediaState","muted":"yes"}"#,
        r#"{"@type":"NegotiateChannels"}"#,
        r#"{"@type":"NegotiateChannels","exchangeId":"4294967296"}"#,
        r#"{"@type":"NegotiateChannels","exchangeId":-1}"#,
        r#"{"@type":"Candidates","candidates":{}}"#,
        r#"{"@type":"Candidates","candidates":["candidate:1"]}"#,
        deep.as_str(),
    ];
    for text in malformed {
        let shown = &text[..text.len().min(60)];
        assert!(matches!(read(text), Err(MessageError::Malformed(_))), "{shown}");
    }
    assert!(matches!(Message::from_json(b"{\"@type\":\"\xff\"}"), Err(MessageError::Malformed(_))));
    assert_eq!(
        Message::from_json(&vec![b' '; MAX_TEXT + 1]),
        Err(MessageError::TooLong { got: MAX_TEXT + 1 })
    );
}

#[test]
fn every_cut_of_a_message_is_malformed() {
    let offer = NegotiateChannels { exchange_id: 1, contents: vec![Content::opus(2)] };
    for message in [Message::InitialSetup(setup()), Message::NegotiateChannels(offer)] {
        let text = message.to_json();
        for len in 0..text.len() {
            assert!(matches!(read(&text[..len]), Err(MessageError::Malformed(_))), "{len}");
        }
    }
}

#[test]
fn lists_have_a_limit() {
    let contents = vec![Content::opus(1); MAX_ENTRIES];
    let fits = Message::NegotiateChannels(NegotiateChannels { exchange_id: 1, contents });
    assert_eq!(read(&fits.to_json()), Ok(fits.clone()));
    let mut candidates = Candidates::default();
    candidates.candidates.resize(MAX_ENTRIES + 1, Candidate { line: String::new() });
    let text = Message::Candidates(candidates).to_json();
    assert_eq!(read(&text), Err(MessageError::TooMany { what: "candidates", got: MAX_ENTRIES + 1 }));
    let mut content = Content::opus(1);
    content.rtp_extensions.resize(MAX_ENTRIES + 1, content.rtp_extensions[0].clone());
    let channels = NegotiateChannels { exchange_id: 1, contents: vec![content] };
    let text = Message::NegotiateChannels(channels).to_json();
    assert_eq!(read(&text), Err(MessageError::TooMany { what: "extensions", got: MAX_ENTRIES + 1 }));
}
