"""Signed `/health acme` over HTTP on the real bot, beside listeners that do less, on the same kind of server.

python -m benchmarks http [ACCOUNTS] [SECONDS]        default: 1000 accounts, 4 s a round; about a minute

Each listener has a process of its own; this one sends the commands, is the Slack that they ask, and counts an answer
when it has come: with the acknowledgement, or at the `response_url`. Rounds alternate, so that what else the machine
does meets all of them.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import quantiles
from time import process_time
from typing import Any

import yaml
from pydantic import SecretStr
from slack_bolt import Ack, App, Respond
from sqlalchemy import event

import bot
from benchmarks.http_load import SECRET, Answers, Load
from benchmarks.score import KNOWN, NAMES, TODAY, a_contract, a_touch, an_account, pieces, put, timed, use
from handlers import logs
from handlers.answers import answered
from handlers.ask import Desk
from handlers.serving import Open, WebServer, web
from handlers.slack.posting import sent
from storage import people, policies, tables
from storage.database import Database
from storage.facts import usage
from storage.names import fold
from storage.renewals import revenue
from storage.schema import migrate
from words import Words

MOST = (100_000, 60)
DAYS, ROUNDS, AT_ONCE = 60, 3, 16
PAGE = 1000
ASKED = "/health acme"
LISTENERS = {
    "empty": "an empty listener",
    "sql": "bare SQL, same card in the ack",
    "posted": "ack, bare SQL, same post",
    "bot": "the bot",
}


def main(arguments: Sequence[str] = ()) -> None:
    asked = [int(argument) for argument in arguments[:2]] + [1000, 4][len(arguments) :]
    many, seconds = (min(size, most) for size, most in zip(asked, MOST, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        built = timed(lambda: build(url, many))
        print(f"{many:,} accounts with {DAYS} days of use, built in {built:.1f} s; {AT_ONCE} commands at once")
        policy = Path(folder) / "policy.yaml"
        policy.write_text(yaml.safe_dump({"limits": {"requests_a_minute": 6000, "burst": 1000}}))
        asyncio.run(measure(url, policy, seconds))


@dataclass
class Tally:
    """Of all rounds: seconds on the clock and of the listener's CPU, and each answer's latency."""

    wall: float = 0
    cpu: float = 0
    acks: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.answers) / self.wall

    @property
    def each(self) -> float:
        """CPU milliseconds an answer."""
        return self.cpu / len(self.answers) * 1e3


async def measure(url: str, policy: Path, seconds: float) -> None:
    tallies = {kind: Tally() for kind in LISTENERS}
    async with Answers() as slack:
        with open_listeners(url, policy, slack.url) as listeners:
            for kind, at in listeners.items():
                await Load(at.port, slack, posted=kind in {"posted", "bot"}).run(AT_ONCE, seconds / 4)
            for _ in range(ROUNDS):
                for kind, at in listeners.items():
                    load, begun = Load(at.port, slack, posted=kind in {"posted", "bot"}), at.cpu()
                    tallies[kind].wall += await load.run(AT_ONCE, seconds)
                    tallies[kind].cpu += at.cpu() - begun
                    tallies[kind].acks += load.acks
                    tallies[kind].answers += load.answers
    show(tallies)


def show(tallies: dict[str, Tally]) -> None:
    print(f"{'':28} {'answers/s':>10} {'p50':>9} {'p99':>9} {'ack p99':>9} {'CPU each':>10}")
    for kind, said in LISTENERS.items():
        each = tallies[kind]
        p50, p99, ack = _percentile(each.answers, 50), _percentile(each.answers, 99), _percentile(each.acks, 99)
        print(f"{said:28} {each.rate:10.0f} {p50:6.1f} ms {p99:6.1f} ms {ack:6.1f} ms {each.each:7.2f} ms")
    mine = tallies["bot"]
    for kind in ("empty", "sql", "posted"):
        rate, cpu = mine.rate / tallies[kind].rate, tallies[kind].each / mine.each
        print(f"the bot beside {LISTENERS[kind]:28} {rate:5.2f} × its answers/s, {cpu:5.2f} by CPU")


def _percentile(latencies: Sequence[float], percent: int) -> float:
    return quantiles(latencies, n=100)[percent - 1] * 1e3


@dataclass(frozen=True)
class Listener:
    port: int
    line: Connection

    def cpu(self) -> float:
        """Seconds that its process has used so far."""
        self.line.send("cpu")
        return float(self.line.recv())


@contextmanager
def open_listeners(url: str, policy: Path, slack: str) -> Iterator[dict[str, Listener]]:
    context = get_context("spawn")
    lines = {kind: context.Pipe() for kind in LISTENERS}
    started = [
        context.Process(target=serve, args=(kind, url, policy, slack, line)) for kind, (_, line) in lines.items()
    ]
    for process in started:
        process.start()
    try:
        yield {kind: Listener(int(mine.recv()), mine) for kind, (mine, _) in lines.items()}
    finally:
        for mine, _ in lines.values():
            mine.send("end")
        for process in started:
            process.join(30)
            process.kill()


def serve(kind: str, url: str, policy: Path, slack: str, line: Connection) -> None:
    """One listener, until it is told to end. Nothing ticks beside it."""
    tokens = {"slack_bot_token": SecretStr("xoxb-bench"), "slack_signing_secret": SecretStr(SECRET)}
    chosen = bot.Settings(_env_file=None, database_url=url, policy=policy, slack_api_url=slack, host="127.0.0.1",
                          port=0, **tokens)  # fmt: skip
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        sys.stderr = nowhere
        logs.configure("text", "INFO", secrets=())
        at = bot.desk(chosen, TODAY)
        opened = bot.open_house(chosen, at) if kind == "bot" else open_bare(kind, chosen, at)
        line.send(opened.web.port)
        while line.recv() != "end":
            line.send(process_time())
        opened.close()


def open_bare(kind: str, chosen: bot.Settings, at: Desk) -> Open:
    """The server, the threads and the signatures of the bot, with another listener."""
    pool = ThreadPoolExecutor(bot.LISTENERS)
    app = App(client=bot.client(chosen, chosen.slack_bot_token.get_secret_value()), signing_secret=SECRET,
              token_verification_enabled=False, listener_executor=pool)  # fmt: skip
    app.command("/health")(listener(kind, at))
    server = WebServer(web(at.database, app), host="127.0.0.1", port=0)
    server.start()
    return Open(server, lambda: None, (pool, at.exports), at.database)


def listener(kind: str, at: Desk) -> Callable[..., None]:
    queries, card = asked_of_the_database(at)

    def empty(ack: Ack) -> None:
        ack()

    def sql(ack: Ack) -> None:
        run(at.database, queries)
        ack(**card, response_type="ephemeral")

    def posted(ack: Ack, respond: Respond) -> None:
        ack()
        run(at.database, queries)
        respond(**card, response_type="ephemeral")

    return {"empty": empty, "sql": sql, "posted": posted}[kind]


def run(database: Database, queries: Sequence[tuple[str, Any]]) -> int:
    """The queries on a connection of the driver, in one transaction, every row fetched."""
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        rows = sum(len(cursor.execute(said, values).fetchall()) for said, values in queries)
        cursor.execute("ROLLBACK")
    return rows


def asked_of_the_database(at: Desk) -> tuple[list[tuple[str, Any]], dict[str, Any]]:
    """What the card reads, as it reaches the driver: who asks, which account is meant, everything on the card; and it.

    The second time: what is only asked once by a process is left out.
    """
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, said: str, values: Any, *_: Any) -> None:
        if said.lstrip().lower().startswith(("select", "with")):
            found.append((said, values))

    event.listen(at.database.engine, "before_cursor_execute", note)
    for _ in range(2):
        found.clear()
        with at.database.transaction() as tx:
            caller = people.by_slack_id(tx, "U0")
        assert caller
        given = answered(at, caller, Words(), ASKED)
        assert given.reply.answered, given.reply.text
    event.remove(at.database.engine, "before_cursor_execute", note)
    return found, sent(given.reply)


def build(url: str, many: int) -> None:
    """Accounts, of which one is Acme, with what their cards show; two nights of scores."""
    database, random = Database(url), Random(7)
    migrate(database)
    put(database, tables.people, (a_person(number) for number in range(AT_ONCE)))
    numbers = range(1, many + 1)
    put(database, tables.accounts, (a_named(number, many // 2, random) for number in numbers))
    put(database, tables.account_trigrams, (piece for number in numbers for piece in pieces(number)))
    put(database, tables.subscriptions, (a_contract(number) for number in numbers))
    put(database, tables.touches, (a_touch(number, random) for number in numbers))
    put(database, tables.features, ({**KNOWN, "feature": f"f{n}", "product": "", "core": True} for n in range(1)))
    put(database, tables.usage, (use(n, back, 0, random) for n in numbers for back in range(DAYS, 0, -1)))
    put(database, tables.dirty,
        ({"account": n, "what": what, "since": None} for n in numbers for what in ("revenue", "usage")))  # fmt: skip
    derive(database, many)
    database.close()


def derive(database: Database, many: int) -> None:
    from benchmarks.export import a_score, points  # noqa: PLC0415  it measures something else

    with database.changing() as tx:
        version = policies.version(tx, bot.Policy(), day=TODAY)
    random = Random(9)
    for first in range(1, many + 1, PAGE):
        last = min(first + PAGE - 1, many)
        with database.changing() as tx:
            revenue.rebuild(tx, first, last, grace_days=30, currency="USD", every=False)
            usage.derive(tx, first, last, day=TODAY)
    for day in (TODAY - timedelta(30), TODAY - timedelta(1)):
        put(database, tables.scores, (a_score(number, day, version, random) for number in range(1, many + 1)))
        put(database, tables.factors,
            (each for number in range(1, many + 1) for each in points(number, day, random)))  # fmt: skip


def a_person(number: int) -> dict[str, Any]:
    return {**KNOWN, "email": f"p{number}@example.com", "name": f"Person {number}", "slack_id": f"U{number}",
            "role": "lead"}  # fmt: skip


def a_named(number: int, acme: int, random: Random) -> dict[str, Any]:
    account = an_account(number, random)
    name = "Acme Corp" if number == acme else account["name"].replace("Acme", "Atlas")
    NAMES[number] = name
    return account | {"name": name, "folded": fold(name)}


if __name__ == "__main__":
    main(sys.argv[1:])
