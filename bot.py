"""Apuntador: the only reader of the environment; builds everything and starts it.

bot.py serve | import | score | ask | export | migrate | demo        `bot.py --help` lists the verbs
"""

import csv
import logging
import os
import signal
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import yaml
from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from domain.accounts import Person
from domain.policies.policy import Policy, PolicyError, load
from handlers import capabilities, cli, logs, terminal
from handlers.alerts.evaluation import evaluate
from handlers.ask import Desk
from handlers.assistant.assistant import Assistant
from handlers.assistant.assistant_gate import Gate
from handlers.assistant.assistant_line import Endpoint, installed, prepare
from handlers.delivery import digest_plan, outgoing, refusals, undelivered
from handlers.delivery.office import REQUEST_TIMEOUT_S, Office
from handlers.problems import explained
from handlers.residence import Occupied, Residence
from handlers.scrapes import publish
from handlers.serving import Open, SocketLine, WebServer, web
from handlers.shelf import shelf
from handlers.slack import listeners
from handlers.slack.doors import Doors
from handlers.verbs import doctor_verb
from handlers.verbs.doctor import Surroundings
from handlers.verbs.scoring import score
from playground import Channel, MovableClock, Playground, Team
from playground import Person as Member
from sample.plays import put_on
from sample.shift import ANCHOR, write_shifted
from storage import people
from storage.database import Database
from storage.importing import feeds, imports
from words import LANGUAGES, Words, spoken

log = logging.getLogger("apuntador")

LISTENERS = 16
EXPORTS = 2
SAMPLE = Path(__file__).parent / "sample"
MANIFEST = Path(__file__).parent / "manifest.yaml"
PLAYBOOKS = Path(__file__).parent / "playbooks"
RENDER = {undelivered.KIND: undelivered.worded, **digest_plan.RENDER}
READ_BY_MODELS = ("OPENAI_", "ANTHROPIC_")
READ_BY_BOLT = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_VERIFICATION_TOKEN")


class Settings(BaseSettings):
    """The environment, or a file `.env` beside it."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = Field("https://slack.com/api/", pattern=r"^https?://.+/api/$")
    database_url: str = "sqlite:///apuntador.db"
    host: str = "0.0.0.0"  # noqa: S104  a container's port is mapped
    port: int = Field(3000, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(None, ge=0, le=65535)
    policy: Path = Path("policy.yaml")
    playbooks: Path = PLAYBOOKS
    assistant_url: str = Field("", pattern=r"^(https?://[^\s?#@]+)?$")
    assistant_model: str = ""
    assistant_key: SecretStr = SecretStr("")
    command_prefix: str = Field("cs", pattern=r"^[a-z0-9_-]{1,31}$")
    command_names: dict[str, str] = {}
    log_format: str = Field("text", pattern="^(text|json)$")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")


def settings() -> Settings:
    """The settings; ends with what is wrong, without a secret's value, where they cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            click.echo(f"{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}", err=True)
    except SettingsError as error:
        click.echo(f"{error} (COMMAND_NAMES is JSON)", err=True)
    sys.exit(terminal.USAGE)


def policy(file: Path, *, asked: bool) -> Policy:
    """The company's policy, or sound defaults where there is no file; ends with what is wrong in it."""
    if not file.exists():
        if asked:
            click.echo(f"POLICY {file}: there is no such file, the defaults hold", err=True)
        return Policy()
    try:
        return load(file.read_text(encoding="utf-8"), name=file.name)
    except (OSError, UnicodeDecodeError) as error:
        click.echo(f"POLICY {file}: {error}", err=True)
    except PolicyError as error:
        for problem in error.problems:
            click.echo(explained(problem, spoken(os.environ.get("LANG"))), err=True)
    sys.exit(terminal.USAGE)


def clock(day: date | None, time_zone: str) -> Any:
    """The business clock: now, or nine in the morning of a given day."""
    if day is None:
        return lambda: datetime.now(UTC)
    return lambda: datetime.combine(day, time(9), ZoneInfo(time_zone))


def desk(chosen: Settings, day: date | None = None, exports: Executor | None = None) -> Desk:
    rules = policy(chosen.policy, asked="policy" in chosen.model_fields_set)
    return Desk(
        database=Database(chosen.database_url),
        policy=rules,
        clock=clock(day, rules.time_zone),
        exports=exports or ThreadPoolExecutor(EXPORTS, thread_name_prefix="export"),
        capabilities=capabilities.CAPABILITIES,
        prefix=chosen.command_prefix,
        names=chosen.command_names,
        playbooks=shelf(chosen.playbooks),
        sources=addresses(rules),
        assistant=assistant(chosen, rules),
    )


def endpoint(chosen: Settings, rules: Policy) -> Endpoint | None:
    """Where a language model is asked, None where none is set up; the libraries would read variables of their own."""
    if not chosen.assistant_url:
        return None
    for name in [name for name in os.environ if name.startswith(READ_BY_MODELS)]:
        os.environ.pop(name)
    key = chosen.assistant_key.get_secret_value()
    return Endpoint(chosen.assistant_url, chosen.assistant_model, key, rules.assistant.api)


def assistant(chosen: Settings, rules: Policy) -> Assistant | None:
    """None also where something is missing for it: `doctor` says what."""
    at = endpoint(chosen, rules)
    return Assistant(at, Gate(rules.assistant)) if at and at.model and installed() else None


def addresses(rules: Policy) -> dict[str, str]:
    """The addresses of the policy's SQL sources, by the variable that holds each."""
    told = {**dotenv_values(".env"), **os.environ}
    named = (feeds.variable(name, source) for name, source in feeds.feeds(rules).items())
    return {variable: url for variable in named if (url := told.get(variable))}


def say_refused(at: Desk, words: Words) -> None:
    """The playbooks that cannot be used, on stderr; the others work."""
    for problem in at.playbooks.refused:
        click.echo(f"PLAYBOOKS {explained(problem, words)}", err=True)


@cache
def trusted() -> ssl.SSLContext:
    """Whom the machine trusts, read once: every request would read all certificates anew, which takes it 17 ms."""
    return ssl.create_default_context()


def client(chosen: Settings, token: str) -> WebClient:
    return WebClient(
        token=token,
        base_url=chosen.slack_api_url,
        ssl=trusted(),
        retry_handlers=[ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(max_retry_count=2)],
    )


def office(chosen: Settings, at: Desk, doors: Doors) -> Office:
    """What delivers: its line to Slack retries nothing by itself, for no thread waits for a channel."""
    line = WebClient(
        token=chosen.slack_bot_token.get_secret_value(),
        base_url=chosen.slack_api_url,
        ssl=trusted(),
        timeout=REQUEST_TIMEOUT_S,
        retry_handlers=[],
    )
    return Office(at, doors, line, RENDER)


def ticking(
    to: Office, residence: Residence | None, lost: Callable[[], None]
) -> tuple[Callable[[], None], Callable[[], None]]:
    """Start what is done by itself: how it is stopped, and how it is hurried. Without a residence nothing is."""
    if residence is None:
        return (lambda: None), (lambda: None)
    from handlers.delivery import jobs
    from handlers.delivery.clockwork import Clockwork
    from handlers.verbs import sync

    clockwork = Clockwork(to, jobs.timetable(sources=sync.pull_all, evaluate=digest_plan.plan), residence, lost)
    clockwork.start()
    return clockwork.stop, clockwork.hurry


def slack_app(chosen: Settings, at: Desk, listener_pool: Executor, doors: Doors) -> App:
    """The Bolt app. Bolt would read variables of its own, and the first two switch OAuth on even beside a token."""
    for name in READ_BY_BOLT:
        os.environ.pop(name, None)
    app = App(
        client=client(chosen, chosen.slack_bot_token.get_secret_value()),
        signing_secret=chosen.slack_signing_secret.get_secret_value(),
        token_verification_enabled=False,
        listener_executor=listener_pool,
    )
    listeners.register(app, at, doors)
    return app


def open_house(
    chosen: Settings, at: Desk, residence: Residence | None = None, lost: Callable[[], None] = lambda: None
) -> Open:
    """Start everything that `serve` runs: Socket Mode with an app-level token, else HTTP; and what ticks."""
    pool = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener", initializer=at.database.take_turns)
    doors = Doors()
    if at.assistant:
        prepare(at.assistant.endpoint)
    app = slack_app(chosen, at, pool, doors)
    app_token = chosen.slack_app_token.get_secret_value()
    server = WebServer(web(at.database, None if app_token else app), host=chosen.host, port=chosen.port)
    line = SocketLine(app, app_token, web_client=client(chosen, app_token)) if app_token else None
    if line:
        line.connect()  # type: ignore[no-untyped-call]
    server.start()
    stop_ticking, hurry = ticking(office(chosen, at, doors), residence, lost)
    leave_slack = line.leave if line else lambda: None
    return Open(server, leave_slack, (pool, at.exports), at.database, stop_ticking, hurry)


def serve(chosen: Settings) -> None:
    logs.configure(chosen.log_format, chosen.log_level, secrets=_secrets(chosen))
    missing = [name for name in _needed(chosen) if not getattr(chosen, name).get_secret_value()]
    if missing:
        raise terminal.Unusable("serve needs " + " and ".join(name.upper() for name in missing))
    at = desk(chosen)
    say_refused(at, spoken(os.environ.get("LANG")))
    if chosen.assistant_url and not at.assistant:
        click.echo("ASSISTANT_URL: not used; bot.py doctor says why", err=True)
    terminal.prepare(at.database)
    residence, told = _residence(at), threading.Event()
    try:
        opened = open_house(chosen, at, residence, told.set)
    except (SlackClientError, OSError) as error:
        residence.leave()
        raise terminal.Unusable(
            f"cannot open {chosen.host}:{chosen.port} for {chosen.slack_api_url}: {error}"
        ) from error
    stop_figures = _publish(chosen, at)
    _heed_signals(told)
    _say_ready(chosen, opened)
    told.wait()
    opened.close()
    stop_figures()


def _say_ready(chosen: Settings, opened: Open) -> None:
    """Over HTTP nothing else would say before the first answer that Slack does not take the token."""
    if chosen.slack_app_token.get_secret_value():
        log.info("ready: %s, by Socket Mode", chosen.slack_api_url)
        return
    log.info("ready: %s, at port %s", chosen.slack_api_url, opened.web.port)
    try:
        client(chosen, chosen.slack_bot_token.get_secret_value()).auth_test()
    except SlackApiError as error:
        name, status = refusals.said(error)
        log.warning("Slack does not take SLACK_BOT_TOKEN: %s; bot.py doctor says what to do", name or status)
    except (SlackClientError, HTTPException, OSError) as error:
        log.warning("Slack is out of reach: %s", error)


def _publish(chosen: Settings, at: Desk) -> Callable[[], None]:
    if chosen.metrics_port is None:
        return lambda: None
    try:
        return publish(at, chosen.metrics_host, chosen.metrics_port)
    except OSError as error:
        click.echo(f"METRICS_PORT {chosen.metrics_port}: {error.strerror}; figures are not published", err=True)
        return lambda: None


def _residence(at: Desk) -> Residence:
    residence = Residence(at.database)
    try:
        residence.hold()
    except Occupied as other:
        raise terminal.Unusable(
            f"another serve ({other}) holds {at.database.address}: on SQLite there is one at a time. End it first; one "
            "that crashed is forgotten after a minute. On PostgreSQL (DATABASE_URL) several share the work."
        ) from None
    return residence


def _heed_signals(told: threading.Event) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())


def _needed(chosen: Settings) -> tuple[str, ...]:
    by_socket = bool(chosen.slack_app_token.get_secret_value())
    return ("slack_bot_token",) if by_socket else ("slack_bot_token", "slack_signing_secret")


def _secrets(chosen: Settings) -> tuple[str, ...]:
    held = (chosen.slack_bot_token, chosen.slack_app_token, chosen.slack_signing_secret, chosen.assistant_key)
    return tuple(value for value in (secret.get_secret_value() for secret in held) if value)


def main() -> None:
    verbs = cli.verbs(open_desk=lambda day: desk(settings(), day), serve=lambda: serve(settings()))
    verbs.add_command(
        outgoing.verb(
            open_office=lambda at: _own_office(settings(), at),
            evaluate=digest_plan.plan,
            foresee=digest_plan.foreseen,
        )
    )
    verbs.add_command(demo)
    verbs.add_command(doctor_verb.verb(lambda: surroundings(settings())))
    verbs()


def surroundings(chosen: Settings) -> Surroundings:
    """What the doctor looks at."""
    return Surroundings(
        database_url=chosen.database_url,
        policy=chosen.policy,
        policy_asked="policy" in chosen.model_fields_set,
        playbooks=chosen.playbooks,
        manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")),
        bot_token=chosen.slack_bot_token.get_secret_value(),
        app_token=chosen.slack_app_token.get_secret_value(),
        signing_secret=chosen.slack_signing_secret.get_secret_value(),
        client=lambda token: client(chosen, token),
        addresses=addresses,
        endpoint=lambda rules: endpoint(chosen, rules),
    )


def _own_office(chosen: Settings, at: Desk) -> Office | None:
    return office(chosen, at, Doors()) if chosen.slack_bot_token.get_secret_value() else None


@click.command()
@click.option("--port", default=3000, show_default=True, help="Where the page is served, on this machine only.")
@click.option("--lang", type=click.Choice(["en", "es"]), default="en", show_default=True)
@click.option("--date", "day", type=terminal.DAY, metavar="YYYY-MM-DD", help="The business day; today if not given.")
def demo(port: int, lang: str, day: datetime | None) -> None:
    """Try it: a Slack in a box with a sample portfolio. Its database goes when it ends."""
    logs.configure("text", "WARNING")
    with tempfile.TemporaryDirectory(prefix="apuntador-demo-") as folder:
        chosen, at = _sample_desk(Path(folder), day.date() if day else None, lang)
        say_refused(at, Words(lang))
        at, stage_clock = _on_a_clock_that_moves(at)
        slack = box(at, lang, clock=stage_clock, paced=True).start(port)
        residence, told = _residence(at), threading.Event()
        opened = open_house(boxed(chosen, slack), at, residence, told.set)
        slack.moved.append(opened.hurry)
        slack.app_url = f"http://127.0.0.1:{opened.web.port}/slack/events"
        click.echo(f"Apuntador is on its stage: {slack.url}   (Ctrl+C ends it)")
        _heed_signals(told)
        told.wait()
        opened.close()
        slack.stop()


def _sample_desk(folder: Path, day: date | None, lang: str) -> tuple[Settings, Desk]:
    """The sample, moved so that its anchor is the business day, in a scratch database: scored, its plays under way.

    Nobody's language is told to it: what the bot sends by itself follows the switch of the page, as its answers do;
    what all read in a channel is in the language of the house.
    """
    scratch = f"sqlite:///{folder / 'demo.db'}"
    chosen = Settings(_env_file=None, database_url=scratch, policy=SAMPLE / "policy.yaml", host="127.0.0.1", port=0)
    at = desk(chosen, day)
    at = replace(at, policy=_in_the_box(at.policy, lang))
    click.echo(f"Setting the stage for {at.today:%d %B %Y} …")
    write_shifted(folder / "sample", (at.today - ANCHOR).days, blank=(("people", "language"),))
    terminal.prepare(at.database)
    imports.run(at.database, [folder / "sample"], policy=at.policy, who="demo", now=datetime.now(UTC), today=at.today)
    score(at.database, at.policy, day=at.today)
    put_on(at, lang)
    evaluate(at.database, at.policy, day=at.today)
    return chosen, at


def _scene() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((SAMPLE / "scene.yaml").read_text(encoding="utf-8"))
    return told


def _in_the_box(rules: Policy, lang: str) -> Policy:
    """The sample's policy where its channels are: a team's digest goes to one."""
    digests = rules.digests.model_copy(update={"channels": _scene()["team_digests"]})
    return rules.model_copy(update={"language": lang, "digests": digests})


def _on_a_clock_that_moves(at: Desk) -> tuple[Desk, MovableClock]:
    """The desk in the time of the playground, whose page can move it; signatures and leases stay in real time."""
    moving = MovableClock(at.clock().timestamp())
    return replace(at, clock=lambda: datetime.fromtimestamp(moving(), UTC)), moving


def boxed(chosen: Settings, slack: Playground, *, socket: bool = False) -> Settings:
    """The settings of a bot that speaks to the box instead of to Slack."""
    return chosen.model_copy(
        update={
            "slack_api_url": slack.api_url,
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_app_token": SecretStr(slack.app_token if socket else ""),
            "slack_signing_secret": SecretStr(slack.signing_secret),
        }
    )


def box(at: Desk, lang: str, **more: Any) -> Playground:
    """A Slack in a box, with the sample's people in it; `more` as the playground takes it."""
    scene = _scene()
    with at.database.transaction() as tx:
        known = {person.email: person for person in people.every(tx)}
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        languages = {row["email"]: row["language"] for row in csv.DictReader(file)}
    cast = [_member(known.get(member.get("email", "")), member, languages) for member in scene["people"]]
    cast[0] = replace(cast[0], locale=f"{lang}-{cast[0].locale[-2:]}")
    return Playground(
        people=cast,
        channels=[Channel(**channel) for channel in scene["channels"]],
        team=Team(**scene["team"]),
        partners=[Team(**partner) for partner in scene["partners"]],
        manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")),
        suggestions=scene["suggestions"],
        scene_words=scene["scene_words"],
        command_words={language: _command_words(Words(language)) for language in LANGUAGES},
        **more,
    )


def _command_words(words: Words) -> dict[str, dict[str, str]]:
    """How the page completes commands, in a language."""
    shown = {word: each for word, each in capabilities.CAPABILITIES.items() if not each.hidden}
    return {
        f"/{word}": {"usage": words._(each.usage), "description": words._(each.help)} for word, each in shown.items()
    }


def _member(person: Person | None, member: dict[str, Any], languages: Mapping[str, str]) -> Member:
    if person is None:
        return Member(**member)
    locale = f"{languages.get(person.email, 'en')}-{person.country}"
    return Member(name=person.name, locale=locale, tz=person.time_zone or "UTC", **member)


if __name__ == "__main__":
    main()
