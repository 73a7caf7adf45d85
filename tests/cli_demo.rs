//! The real binary makes a whole call, and says so.

mod program;

use program::Dir;
use serde_json::Value;

#[test]
fn a_short_demo_hears_what_was_said_and_leaves_a_recording() {
    let dir = Dir::new();
    let ran = dir.offhook(&["demo", "--seconds", "5", "--output", "heard.wav", "--json"]);
    let report: Value = serde_json::from_str(&ran.stdout()).unwrap();
    assert_eq!(ran.code(), 0, "{} {report:#}", ran.stderr());
    assert_eq!(report["outcome"], "ok");
    assert_eq!(report["emoji"]["equal"], true);
    assert_eq!(report["emoji"]["caller"].as_array().unwrap().len(), 4);
    assert!(report["correlation"].as_f64().unwrap() >= 0.95);
    assert_eq!(report["frames"]["lost"], 0);
    for stage in ["connect", "login", "request", "ring", "accept", "confirm", "media"] {
        assert!(report["setup_ms"][stage].is_number(), "{stage}");
    }
    let seconds = report["recording"]["seconds"].as_f64().unwrap();
    assert!((4.5..6.5).contains(&seconds), "{seconds}");
    let bytes = std::fs::metadata(dir.path("heard.wav")).unwrap().len() as f64;
    assert!((bytes - 44.0 - seconds * 96_000.0).abs() < 2000.0, "{bytes} bytes for {seconds} s");
}

#[test]
fn a_modern_demo_says_how_the_two_sides_were_connected_and_the_older_family_has_nothing_to_say() {
    let dir = Dir::new();
    let ran = dir.offhook(&["demo", "--seconds", "3", "--output", "heard.wav", "--json"]);
    let report: Value = serde_json::from_str(&ran.stdout()).unwrap();
    assert_eq!(ran.code(), 0, "{} {report:#}", ran.stderr());
    assert_eq!((&report["family"], &report["version"]), (&"tgcalls".into(), &"13.0.0".into()));
    for end in ["caller", "callee"] {
        let connect = &report[end]["connect"];
        assert_eq!((&connect["version"], &connect["failure"]), (&"13.0.0".into(), &Value::Null));
        let stages = ["gathered", "heard", "trusted", "agreed", "reached", "connected", "first-audio"];
        for stage in stages {
            assert!(connect["stages_ms"][stage].is_number(), "{stage}: {connect:#}");
        }
        assert_eq!(connect["pairs"][0]["outcome"], "in-use", "{connect:#}");
        assert!(connect["pairs"][0]["rtt_ms"].is_number(), "{connect:#}");
        let servers = connect["servers"].as_array().unwrap();
        assert!(servers.iter().any(|server| server["state"] == "ready"), "{connect:#}");
    }

    let ran =
        dir.offhook(&["demo", "--seconds", "3", "--protocol", "libtgvoip", "--output", "old.wav", "--json"]);
    let report: Value = serde_json::from_str(&ran.stdout()).unwrap();
    assert_eq!(ran.code(), 0, "{} {report:#}", ran.stderr());
    assert_eq!((&report["family"], &report["version"]), (&"libtgvoip".into(), &"2.4.4".into()));
    assert_eq!(report["caller"]["connect"], Value::Null);
}

#[test]
fn through_a_bad_network_both_families_hear_most_of_what_was_said() {
    let dir = Dir::new();
    for protocol in ["tgcalls", "libtgvoip"] {
        let bad = ["--loss", "0.1", "--jitter", "50", "--seed", "1"];
        let args = [&["demo", "--seconds", "8", "--protocol", protocol, "--json"][..], &bad].concat();
        let ran = dir.offhook(&args);
        let report: Value = serde_json::from_str(&ran.stdout()).unwrap();
        assert_eq!(ran.code(), 0, "{} {report:#}", ran.stderr());
        assert_eq!(report["family"], protocol);
        assert!(report["relays"][0]["impaired"].as_u64().unwrap() > 0, "{report:#}");
    }
}

#[test]
fn several_calls_at_once_all_hear_what_was_said_in_both_families() {
    let dir = Dir::new();
    for protocol in ["tgcalls", "libtgvoip"] {
        let many = ["--seconds", "3", "--calls", "3", "--profile", "dense", "--json"];
        let ran = dir.offhook(&[&["demo", "--protocol", protocol][..], &many].concat());
        let report: Value = serde_json::from_str(&ran.stdout()).unwrap();
        assert_eq!((ran.code(), report["calls"].as_u64()), (0, Some(3)), "{} {report:#}", ran.stderr());
    }
}
