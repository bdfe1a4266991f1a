"""What evaluating every signal costs beside the score of the same accounts; and how often noise alone raises an alert.

python -m benchmarks alerts [ACCOUNTS] [DAYS]        default: 3000 accounts, 60 days of usage
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from benchmarks.score import TODAY, arrive, build
from benchmarks.spent import spending
from domain.alerts.alerts import Alert, Night, Signal, applied, evaluate
from domain.policies.policy import Policy
from handlers.alerts import evaluation
from handlers.verbs import scoring
from storage import tables
from storage.database import Database, upsert
from storage.schema import migrate

MOST = (100_000, 400)
FEATURES = 3
LINE, MARGIN = 50, 5
NOISE, KEEPS, ABOVE = 4.5, 0.97, 8.0
ACCOUNTS, YEARS = 600, 1
DAY, WEEK, YEAR = timedelta(1), 7, 365


def main(arguments: Sequence[str] = ()) -> None:
    asked = [int(argument) for argument in arguments[:2]] + [3000, 60][len(arguments) :]
    many, days = (min(size, most) for size, most in zip(asked, MOST, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        migrate(database)
        build(database, many, days, FEATURES)
        cost(database, many)
        database.close()
    noise()


def cost(database: Database, many: int) -> None:
    policy = Policy()
    scoring.score(database, policy, day=TODAY - DAY)
    arrive(database, many, FEATURES)
    night = cpu(lambda: scoring.score(database, policy, day=TODAY))
    print(f"{many:,} accounts\na night's score                  {night:8.2f} s CPU")
    first = cpu(lambda: print(f"  {evaluation.evaluate(database, policy, day=TODAY)}"))
    print(f"the first alerts, by themselves  {first:8.2f} s CPU   {first / night:6.2f} × score")
    again = cpu(lambda: evaluation.evaluate(database, policy, day=TODAY))
    print(f"the same again, nothing new      {again:8.2f} s CPU   {again / night:6.2f} × score")
    arrive_later(database, many)
    both = cpu(lambda: scoring.score(database, policy, day=TODAY + DAY, noticing=True))
    arrive_later(database, many, 2)
    alone = cpu(lambda: scoring.score(database, policy, day=TODAY + 2 * DAY))
    print(f"a night with its alerts          {both:8.2f} s CPU   {(both - alone) / alone:6.2f} × score for the alerts")
    later = cpu(lambda: evaluation.evaluate(database, policy, day=TODAY + 2 * DAY))
    print(f"the alerts of a later day alone  {later:8.2f} s CPU   {later / alone:6.2f} × score")


def cpu(work: Callable[[], object]) -> float:
    with spending() as spent:
        work()
    return spent.cpu


def arrive_later(database: Database, many: int, days: int = 1) -> None:
    """The accounts are marked as with a night's feed, so that nights are alike."""
    since = TODAY + timedelta(days)
    with database.changing() as tx:
        upsert(tx, tables.dirty, [{"account": n, "what": "usage", "since": since} for n in range(1, many + 1)])


def noise() -> None:
    """Accounts whose score moves by noise alone, so that one line raises 2 a year; and some that really decline."""
    random = Random(11)
    one = two = 0
    for _ in range(ACCOUNTS):
        readings = wandering(random, ABOVE)
        one += crossings(readings)
        two += raised(readings)
    years = ACCOUNTS * YEARS
    print(f"alerts an account-year on noise: one line {one / years:.2f}, two readings a week apart {two / years:.2f}")
    found = [raised(declining(random)) for _ in range(ACCOUNTS)]
    print(f"declining accounts found: {sum(each > 0 for each in found)} of {ACCOUNTS}")


def wandering(random: Random, above: float, days: int = YEAR * YEARS) -> list[int]:
    """Daily readings that come back to their mean, `above` the line."""
    value, found = 0.0, []
    for _ in range(days):
        value = KEEPS * value + random.gauss(0, NOISE * (1 - KEEPS**2) ** 0.5)
        found.append(round(LINE + above + value))
    return found


def declining(random: Random) -> list[int]:
    """From well above the line to well below it within 90 days."""
    return [reading - round(min(day, 90) * 0.3) for day, reading in enumerate(wandering(random, 12.0, 180))]


def crossings(readings: Sequence[int]) -> int:
    return sum(now < LINE <= before for before, now in pairwise(readings))


def raised(readings: Sequence[int]) -> int:
    """By the rule of the policy: in after two readings a week apart below the line, out five above it."""
    alerts: tuple[Alert, ...] = ()
    opened = 0
    for n, reading in enumerate(readings):
        day = date(2026, 1, 1) + timedelta(n)
        below = n >= WEEK and max(reading, readings[n - WEEK]) < LINE
        signals = [Signal(1, "at_risk", severity="high")] if below else []
        staying = {(1, "at_risk", "")} if reading < LINE + MARGIN else set()
        actions = evaluate(alerts, signals, Night(day, staying=staying))
        opened += sum(action.verb == "open" for action in actions)
        alerts = applied(alerts, actions, day)
    return opened


if __name__ == "__main__":
    main(sys.argv[1:])
