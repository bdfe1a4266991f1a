"""Of a doctor's checks those that ask Slack."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.slack.doors import Doors, Home
from handlers.verbs.doctor_findings import Finding, bad, good, look

SKEW_S, LOOKED_S = 60, 20


@dataclass(frozen=True)
class Line:
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    client: Callable[[str], WebClient]
    manifest: Mapping[str, Any]


def checks(line: Line, now: datetime) -> Iterator[Finding]:
    if not line.bot_token:
        yield bad("slack", "no_bot_token")
        return
    client = line.client(line.bot_token)
    try:
        known = client.auth_test()
    except SlackApiError as error:
        yield bad("slack", "slack_refuses", error=error.response["error"])
        return
    except (SlackClientError, OSError) as error:
        yield bad("slack", "slack_silent", url=client.base_url, kind=type(error).__name__)
        return
    yield good("slack", "slack_fine", bot=known.get("user"), team=known.get("team"))
    headers = {name.lower(): value for name, value in known.headers.items()}
    yield _scopes(headers.get("x-oauth-scopes"), line.manifest)
    yield _connection(line)
    yield from _clock(headers.get("date"), now)


def rooms(line: Line, teams: Mapping[str, str], people: Mapping[str, str]) -> Iterator[Finding]:
    """The channels of digests, by whose they are: a team's lead, or a person, who meanwhile reads it by themselves."""
    if not line.bot_token or not (teams or people):
        return
    client, doors = line.client(line.bot_token), Doors()
    known = client.auth_test()
    home = Home(known.get("team_id") or "", known.get("enterprise_id") or "")
    barred = 0
    for chosen, tell in ((teams, bad), (people, look)):
        for whose, channel in chosen.items():
            if error := doors.barred(client, channel, home, within=LOOKED_S):
                barred += 1
                code = "team_room_barred" if chosen is teams else "room_barred"
                yield tell("channels", code, channel=channel, whose=whose, error=error)
    if not barred:
        yield good("channels", "rooms_fine", count=len({*teams.values(), *people.values()}))


def _scopes(told: Any, manifest: Mapping[str, Any]) -> Finding:
    if told is None:
        return look("scopes", "scopes_untold")
    said = told if isinstance(told, str) else ",".join(told)
    has = {scope.strip() for scope in said.split(",")}
    missing = sorted(set(manifest["oauth_config"]["scopes"]["bot"]) - has)
    return bad("scopes", "scopes_missing", scopes=missing) if missing else good("scopes", "scopes_fine")


def _connection(line: Line) -> Finding:
    if not line.app_token:
        return good("connection", "by_http") if line.signing_secret else bad("connection", "no_signing_secret")
    try:
        line.client(line.app_token).apps_connections_open(app_token=line.app_token)
    except SlackApiError as error:
        return bad("connection", "app_token_refused", error=error.response["error"])
    return good("connection", "by_socket")


def _clock(told: Any, now: datetime) -> Iterator[Finding]:
    """Slack says its time in every answer; the way there takes less than what matters."""
    said = told if isinstance(told, str) or told is None else told[0]
    if said:
        away = abs(round((parsedate_to_datetime(said).astimezone(UTC) - now).total_seconds()))
        yield (
            bad("clock", "clock_wrong", seconds=away) if away > SKEW_S else good("clock", "clock_fine", seconds=SKEW_S)
        )
