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
fn several_calls_at_once_all_hear_what_was_said() {
    let dir = Dir::new();
    let ran = dir.offhook(&["demo", "--seconds", "3", "--calls", "3", "--profile", "dense", "--json"]);
    let report: Value = serde_json::from_str(&ran.stdout()).unwrap();
    assert_eq!((ran.code(), report["calls"].as_u64()), (0, Some(3)), "{} {report:#}", ran.stderr());
}
