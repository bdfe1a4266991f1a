"""What a doctor may find, and how each is mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from words import N_


@dataclass(frozen=True)
class Finding:
    """look: it works, and somebody should look at it. bad: it does not work."""

    check: str
    state: Literal["ok", "look", "bad"]
    code: str
    params: Mapping[str, Any]


def good(check: str, code: str, **params: Any) -> Finding:
    return Finding(check, "ok", code, params)


def look(check: str, code: str, **params: Any) -> Finding:
    return Finding(check, "look", code, params)


def bad(check: str, code: str, **params: Any) -> Finding:
    return Finding(check, "bad", code, params)


SAID: Mapping[str, str] = {
    "check_failed": N_("This check could not be made: {kind}"),
    "policy_default": N_("Policy: there is no file {file}; the defaults hold"),
    "policy_fine": N_("Policy: {file} is valid"),
    "policy_missing": N_("Policy: there is no file {file}"),
    "policy_unreadable": N_("Policy: {file} cannot be read ({kind})"),
    "policy_wrong": N_("Policy: {why}"),
    "playbook_wrong": N_("Playbook: {why}"),
    "playbooks_none": N_("Playbooks: there is none in {folder}"),
    "playbooks_fine": N_("Playbooks: {count}, all valid"),
    "no_bot_token": N_("Slack: there is no bot token"),
    "slack_refuses": N_("Slack: the bot token is refused ({error})"),
    "slack_silent": N_("Slack: {url} does not answer ({kind})"),
    "slack_fine": N_("Slack: {bot} in {team}"),
    "scopes_missing": N_("Slack: the token lacks scopes of the manifest: {scopes}"),
    "scopes_fine": N_("Slack: the token has every scope of the manifest"),
    "scopes_untold": N_("Slack: it did not say which scopes the token has"),
    "by_socket": N_("Slack: connected by Socket Mode"),
    "app_token_refused": N_("Slack: the app-level token is refused ({error})"),
    "no_signing_secret": N_("Slack: over HTTP there is no signing secret, so no request is taken"),
    "by_http": N_("Slack: over HTTP, requests are checked by their signature"),
    "clock_wrong": N_("Clock: {seconds} seconds away from Slack's"),
    "clock_fine": N_("Clock: as Slack's, within {seconds} seconds"),
    "assistant_unnamed": N_("Language model: no model is named for {host}"),
    "assistant_absent": N_("Language model: the extra [assistant] is not installed"),
    "assistant_open": N_("Language model: what is asked of {host} can be read on the way"),
    "assistant_silent": N_("Language model: {model} at {host} does not answer as it should ({reason})"),
    "assistant_idle": N_("Language model: {model} at {host} answers, but chooses no report"),
    "assistant_fine": N_("Language model: {model} at {host} answers and chooses"),
    "not_an_address": N_("Database: DATABASE_URL is not the address of a database that is known here"),
    "no_database": N_("Database: there is no file {file}"),
    "damaged": N_("Database: {file} is no SQLite file, or damaged"),
    "unreachable": N_("Database: {address} does not answer"),
    "server_old": N_("Database: {version} is too old"),
    "not_migrated": N_("Database: its tables are not today's"),
    "not_writable": N_("Database: {file} or its folder cannot be written to"),
    "world_readable": N_("Database: others on this machine can read {file}"),
    "no_wal": N_("Database: {file} does not keep a write-ahead log"),
    "database_fine": N_("Database: {address}, {version}, today's tables"),
    "disk_full": N_("Disk: {free} MB are left at {folder}"),
    "disk_fine": N_("Disk: {free} MB are left at {folder}"),
    "zone_unknown": N_("Time zones: not known here: {zones}"),
    "zones_fine": N_("Time zones: all known"),
    "never_scored": N_("Scores: there are none"),
    "score_old": N_("Scores: the newest are of {day}"),
    "score_fine": N_("Scores: of {day}"),
    "nothing_imported": N_("Sources: nothing was ever imported"),
    "sources_stopped": N_("Sources: nothing new for {days} days from {names}"),
    "sources_fine": N_("Sources: all arrived within {days} days"),
    "feed_without_address": N_("Source {name}: it has a query and no address"),
    "feed_never": N_("Source {name}: never pulled"),
    "job_failed": N_("Jobs: {name} failed the last time ({kind})"),
    "jobs_late": N_("Jobs: nobody does what has been due for more than an hour: {names}"),
    "jobs_fine": N_("Jobs: {count}, none late, none failed"),
    "parked": N_("Messages: {count} wait for repair ({error})"),
    "outbox_old": N_("Messages: the oldest has waited for {age} hours"),
    "outbox_fine": N_("Messages: none is late"),
    "nobody": N_("People: there is nobody"),
    "no_admin": N_("People: nobody administers"),
    "managers_unknown": N_("People: their manager is not in the people file: {emails}"),
    "unlinked": N_("People: {count} of {all} have no Slack id yet"),
    "team_room_barred": N_("Channels: nothing can be posted to {channel}, the team digest of {whose} ({error})"),
    "room_barred": N_("Channels: nothing can be posted to {channel}, the digest of {whose} ({error})"),
    "rooms_fine": N_("Channels: those of digests, {count}, are read by nobody from outside"),
    "people_fine": N_("People: {count}, {admins} of them admins"),
    "rates_missing": N_("Currencies: without an exchange rate: {currencies}"),
    "rates_fine": N_("Currencies: each has its exchange rate"),
    "tampered": N_("Record of changes: change {id} is not what was recorded, or what came before it is gone"),
    "record_fine": N_("Record of changes: the last {count} are as they were recorded"),
}
MENDS: Mapping[str, str] = {
    "check_failed": N_("Mend what is named above first; if nothing is, tell the maintainers."),
    "policy_missing": N_("Set POLICY to your file, or leave it out."),
    "policy_unreadable": N_("Let the bot's user read the file; it is UTF-8."),
    "policy_wrong": N_("Mend the key in the policy; policy.example.yaml describes each."),
    "playbook_wrong": N_("Mend the file in the folder of playbooks; docs/playbooks.md describes each key."),
    "playbooks_none": N_("Set PLAYBOOKS to the folder of your playbooks, or leave it out."),
    "no_bot_token": N_("Set SLACK_BOT_TOKEN: your app's page, OAuth & Permissions, Bot User OAuth Token."),
    "slack_refuses": N_("Install the app to the workspace again and set SLACK_BOT_TOKEN to the token that it shows."),
    "slack_silent": N_("Let this machine reach it: network, proxy, SLACK_API_URL."),
    "scopes_missing": N_("Paste manifest.yaml into your app's page (App Manifest) and install the app again."),
    "scopes_untold": N_("Compare the scopes of your app's page (OAuth & Permissions) with manifest.yaml."),
    "app_token_refused": N_("Set SLACK_APP_TOKEN to an app-level token with connections:write (Basic Information)."),
    "no_signing_secret": N_("Set SLACK_SIGNING_SECRET (Basic Information), or SLACK_APP_TOKEN for Socket Mode."),
    "clock_wrong": N_("Set the clock (NTP): requests that seem older than five minutes are refused."),
    "assistant_unnamed": N_("Set ASSISTANT_MODEL, or leave ASSISTANT_URL out: questions are understood without it."),
    "assistant_absent": N_("pip install -r requirements-assistant.lock, or leave ASSISTANT_URL out."),
    "assistant_open": N_("Let ASSISTANT_URL begin with https, or be of this machine."),
    "assistant_silent": N_(
        "Look at ASSISTANT_URL, ASSISTANT_MODEL, ASSISTANT_KEY and assistant: api in the policy. Answers go on without."
    ),
    "assistant_idle": N_("Take a model that can call tools."),
    "not_an_address": N_("Set DATABASE_URL to sqlite:///file.db or postgresql://user:password@host/database."),
    "no_database": N_("bot.py migrate makes it; else set DATABASE_URL."),
    "damaged": N_("Stop serve and put a backup in its place, or let DATABASE_URL name another file."),
    "unreachable": N_("Start the server, or mend DATABASE_URL; look at its user, password and network."),
    "server_old": N_("Take PostgreSQL 14 or SQLite 3.35, or newer."),
    "not_migrated": N_("Stop serve, make a backup, and run bot.py migrate."),
    "not_writable": N_("Give the bot's user the file and its folder (SQLite writes beside the file)."),
    "world_readable": N_("chmod 600 {file}"),
    "no_wal": N_("Put the file on a disk of this machine: network file systems cannot do it."),
    "disk_full": N_("Make room, or move the database: without room nothing is written."),
    "zone_unknown": N_("Write IANA names such as Europe/Madrid into the policy and people.csv; pip install tzdata."),
    "never_scored": N_("bot.py score; serve does it every night."),
    "score_old": N_("Is serve running? Its log says why the job failed. By hand: bot.py score."),
    "nothing_imported": N_("bot.py import your-folder/ (docs/data.md)."),
    "sources_stopped": N_("Look at the job that brings them; what is imported once and for all is no worry."),
    "feed_without_address": N_("Set {variable}."),
    "feed_never": N_("bot.py sync {name} says why."),
    "job_failed": N_("It is tried again every ten minutes. The log of serve says where it failed."),
    "jobs_late": N_("Is serve running? What was missed is done once, as soon as it is."),
    "parked": N_("Mend the cause (channel, membership, token); then it is tried again within the hour."),
    "outbox_old": N_("Is serve running? Its log says what Slack answers."),
    "nobody": N_("bot.py import people.csv: e-mail, name, role, manager."),
    "no_admin": N_("Give somebody the role admin in people.csv and import it."),
    "managers_unknown": N_("Add the manager to people.csv, or correct the e-mail."),
    "unlinked": N_(
        "Nothing, if they never wrote: they are linked at the first contact, by the e-mail that Slack knows."
    ),
    "team_room_barred": N_("Invite the bot there, or name another channel under digests: channels: in the policy."),
    "room_barred": N_("Until the bot is let in, or they choose another in their settings, it is a direct message."),
    "rates_missing": N_("Add them to rates: worth: in the policy; until then their amounts stand apart."),
    "tampered": N_("bot.py audit --verify says more. Compare with a backup, and see who has access to the database."),
}
