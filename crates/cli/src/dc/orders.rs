//! What can be done to a running local Telegram by command: one a line, words between blanks, `#` begins a comment.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use offhook_dc::{Admin, FloodLimit, LinkConfig, UserSpec};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{bot, flood_limit, user};
use crate::report;

/// The commands as `--help` lists them.
pub(crate) const HELP: &str = "\
Commands of --script and --control, one a line:
  add-user PHONE:USERNAME:NAME      somebody who can log in at once
  add-bot TOKEN:USERNAME:NAME       a bot
  code CODE                         the login code of everybody from now on
  busy PHONE on|off                 calls to this number are answered with busy
  move-user PHONE N                 moves an account to another data center
  drop-connections                  closes every connection; sessions and keys stay
  lose-packets on|off               swallows all that is sent to clients
  duplicate-packets on|off          sends clients everything twice, but not over HTTP
  reorder-packets on|off            lets every other packet be overtaken by the next, but not over HTTP
  swallow-updates N                 does not send the next N updates: their readers have a gap
  expire-salts                      ends every salt
  expire-temporary-keys             forgets every temporary key
  forget-sessions                   forgets every session but no key
  forget-keys                       forgets every key with its login
  flood-limit METHOD:CALLS:SECONDS  at most so many calls in so many seconds, then FLOOD_WAIT
  no-flood-limits                   ends all of them
  relay-loss P                      share of datagrams that relays lose from now on
  signalling-loss P                 share of the signalling of modern calls that is lost
  counters                          what happened so far
  wait SECONDS                      pauses this script
  stop                              ends the server";

/// A command.
#[derive(Clone, Debug)]
pub(super) enum Order {
    AddUser(UserSpec),
    Code(String),
    Busy(String, bool),
    MoveUser(String, i32),
    DropConnections,
    LosePackets(bool),
    DuplicatePackets(bool),
    ReorderPackets(bool),
    SwallowUpdates(u64),
    ExpireSalts,
    ExpireTemporaryKeys,
    ForgetSessions,
    ForgetKeys,
    Flood(FloodLimit),
    NoFloodLimits,
    RelayLoss(f64),
    SignallingLoss(f64),
    Counters,
    Wait(Duration),
    Stop,
}

impl FromStr for Order {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let (command, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let order = match command {
            "add-user" => Self::AddUser(user(rest)?),
            "add-bot" => Self::AddUser(bot(rest)?),
            "code" if !rest.is_empty() => Self::Code(rest.to_owned()),
            "busy" => {
                let (phone, busy) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                Self::Busy(phone.to_owned(), switch(busy.trim())?)
            }
            "move-user" => {
                let parts = rest.split_once(char::is_whitespace);
                let parts = parts.and_then(|(phone, dc)| Some((phone, dc.trim().parse().ok()?)));
                let (phone, dc) = parts.ok_or("give a phone number and the number of a data center")?;
                Self::MoveUser(phone.to_owned(), dc)
            }
            "drop-connections" => Self::DropConnections,
            "lose-packets" => Self::LosePackets(switch(rest)?),
            "duplicate-packets" => Self::DuplicatePackets(switch(rest)?),
            "reorder-packets" => Self::ReorderPackets(switch(rest)?),
            "swallow-updates" => {
                Self::SwallowUpdates(rest.parse().map_err(|_| format!("`{rest}` is no number of updates"))?)
            }
            "expire-salts" => Self::ExpireSalts,
            "expire-temporary-keys" => Self::ExpireTemporaryKeys,
            "forget-sessions" => Self::ForgetSessions,
            "forget-keys" => Self::ForgetKeys,
            "flood-limit" => Self::Flood(flood_limit(rest)?),
            "no-flood-limits" => Self::NoFloodLimits,
            "relay-loss" => Self::RelayLoss(share(rest)?),
            "signalling-loss" => Self::SignallingLoss(share(rest)?),
            "counters" => Self::Counters,
            "wait" => Self::Wait(seconds(rest)?),
            "stop" => Self::Stop,
            other => {
                return Err(format!(
                    "`{other}` is no command, or lacks its words; offhook dc --help lists them"
                ));
            }
        };
        let takes_words = !matches!(
            order,
            Self::DropConnections
                | Self::ExpireSalts
                | Self::ExpireTemporaryKeys
                | Self::ForgetSessions
                | Self::ForgetKeys
                | Self::NoFloodLimits
                | Self::Counters
                | Self::Stop
        );
        if takes_words || rest.is_empty() {
            Ok(order)
        } else {
            Err(format!("{command} takes no words after it"))
        }
    }
}

/// The command in a line; `None` when it is blank or a comment.
pub(super) fn read(line: &str) -> Option<Result<Order, String>> {
    // A name may hold a #; only a line that begins with it is a comment.
    let line = line.trim();
    (!line.is_empty() && !line.starts_with('#')).then(|| line.parse())
}

fn switch(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("`{other}` is neither on nor off")),
    }
}

fn share(word: &str) -> Result<f64, String> {
    let share = word.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("`{word}` is no share from 0 to 1"))
}

pub(super) fn seconds(word: &str) -> Result<Duration, String> {
    let seconds = word.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| format!("`{word}` is no length of time in seconds"))
}

/// Whoever gives commands.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    pub(super) admin: Admin,
    /// How bad relays and signalling were from the start: an order changes the loss alone.
    pub(super) links: (LinkConfig, LinkConfig),
    pub(super) stop: Arc<Notify>,
}

impl Hand {
    /// Does it, and tells what came of it.
    pub(super) async fn obey(&self, order: &Order) -> Result<Value, String> {
        let admin = &self.admin;
        let mut done = json!(true);
        match order {
            Order::AddUser(user) => admin.add_user(user).map_err(|error| format!("failed to {error}"))?,
            Order::Code(code) => admin.set_code(code),
            Order::Busy(phone, busy) => {
                if !admin.set_busy(phone, *busy) {
                    return Err(format!("nobody has the number {phone}"));
                }
            }
            Order::MoveUser(phone, dc) => {
                if !admin.move_user(phone, *dc) {
                    return Err(format!("there is no number {phone}, or no data center {dc}"));
                }
            }
            Order::DropConnections => done = json!(admin.drop_connections()),
            Order::LosePackets(lose) => admin.lose_packets(*lose),
            Order::DuplicatePackets(duplicate) => admin.duplicate_packets(*duplicate),
            Order::ReorderPackets(reorder) => admin.reorder_packets(*reorder),
            Order::SwallowUpdates(count) => admin.swallow_updates(*count),
            Order::ExpireSalts => admin.expire_salts(),
            Order::ExpireTemporaryKeys => done = json!(admin.expire_temporary_keys()),
            Order::ForgetSessions => done = json!(admin.forget_sessions()),
            Order::ForgetKeys => done = json!(admin.forget_keys()),
            Order::Flood(limit) => admin.add_flood_limit(limit.clone()),
            Order::NoFloodLimits => admin.set_flood_limits(Vec::new()),
            Order::RelayLoss(loss) => {
                admin.set_reflector_link(LinkConfig { loss: *loss, ..self.links.0 });
            }
            Order::SignallingLoss(loss) => {
                admin.set_signalling_link(LinkConfig { loss: *loss, ..self.links.1 });
            }
            Order::Counters => done = report::dc(&admin.counters()),
            Order::Wait(time) => tokio::time::sleep(*time).await,
            // Whoever asked is told first.
            Order::Stop => {}
        }
        Ok(done)
    }

    /// What is left to do once the answer is out.
    pub(super) fn finish(&self, order: &Order) {
        if matches!(order, Order::Stop) {
            self.stop.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_the_help_is_read() {
        let commands = HELP.lines().skip(1).filter_map(|line| line.trim().split("  ").next());
        let examples = [
            ("PHONE:USERNAME:NAME", "+10000000001:ada:Ada"),
            ("TOKEN:USERNAME:NAME", "12345678:abc:robot:Robot"),
            ("METHOD:CALLS:SECONDS", "messages.sendMessage:2:1.5"),
            ("PHONE", "+10000000001"),
            ("CODE", "12345"),
            ("on|off", "on"),
            ("SECONDS", "0.5"),
            (" N", " 3"),
            (" P", " 0.25"),
        ];
        let mut count = 0;
        for command in commands {
            let line =
                examples.iter().fold(command.to_owned(), |line, (word, with)| line.replace(word, with));
            assert!(line.parse::<Order>().is_ok(), "{line}: {:?}", line.parse::<Order>());
            count += 1;
        }
        assert_eq!(count, 21);
    }

    #[test]
    fn what_is_no_command_is_refused_with_its_reason() {
        for (line, words) in [
            ("explode", "`explode` is no command"),
            ("code", "lacks its words"),
            ("lose-packets maybe", "neither on nor off"),
            ("duplicate-packets twice", "neither on nor off"),
            ("reorder-packets", "neither on nor off"),
            ("relay-loss 2", "no share"),
            ("wait -1", "no length of time"),
            ("swallow-updates many", "no number"),
            ("stop now", "takes no words"),
            ("move-user 1000", "number of a data center"),
            ("flood-limit messages.sendMessage", "METHOD:CALLS:SECONDS"),
        ] {
            let error = read(line).expect("a command").expect_err(line);
            assert!(error.contains(words), "{line}: {error}");
        }
        assert!(read("  # nothing").is_none() && read("").is_none());
    }
}
