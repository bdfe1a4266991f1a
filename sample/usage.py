"""What the accounts do with the product, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from sample.company import FEATURES, FIRST, Row, ago, draw
from sample.contracts import in_force, products, seats
from sample.portfolio import ACCOUNTS, Account

PEOPLE_SINCE = ago(70)  # product analytics name people from here on
DETAILED = ago(120)  # features weekly from here on, every other week before
FOUR_WEEKS = 28
QUIET = {"ES": 8, "AR": 1, "CL": 2}  # the month in which the country is on holiday


@dataclass(frozen=True)
class Day:
    day: date
    active: int
    active_28d: int
    events: int


def usage() -> Iterator[Row]:
    for account in ACCOUNTS:
        if not account.active[1]:
            continue
        for product in products(account):
            for row in _product(account, product):
                yield {"account_id": account.id, "product": product, **row}


def _product(account: Account, product: str) -> Iterator[Row]:
    for day in whole(account, product):
        yield {
            "day": day.day,
            "active_users": day.active,
            "active_users_28d": day.active_28d,
            "events": day.events,
        }
        if _counts_features(day.day):
            for feature, share in used(account, product):
                active = max(1, round(day.active * share))
                events = max(1, round(day.events * share * 0.3))
                yield {"day": day.day, "feature": feature, "active_users": active, "events": events}


def _counts_features(day: date) -> bool:
    return day.weekday() == 2 and (day >= DETAILED or day.toordinal() // 7 % 2 == 0)


def used(account: Account, product: str) -> list[tuple[str, float]]:
    """The product's features that the account opens, with the share of its people that do."""
    luck = draw(account.id, product, "features")
    found = []
    for feature, of_product, core in FEATURES:
        share, other = luck.uniform(0.3, 0.9), luck.random() < 0.45
        if of_product == product and (feature not in account.unused if core else other):
            found.append((feature, round(share, 2)))
    return found


@cache
def whole(account: Account, product: str) -> tuple[Day, ...]:
    """The whole-product rows of an account, its last four weeks scaled to its story."""
    luck = draw(account.id, product, "days")
    share = 1.0 if product == "Core" else 0.45
    events_each = luck.uniform(7, 13)
    days = []
    for day in _days(account, product):
        monthly = max(1, round(_monthly(account, day) * share))
        active = max(1, round(monthly * luck.uniform(0.55, 0.68) * _season(account, day)))
        if account.users and product == "Core" and day >= PEOPLE_SINCE:
            active, monthly = len(_present(account)[day]), _distinct(account, day)
        normal = _monthly(account, min(day, ago(29))) * share * 0.62 * _season(account, day)
        days.append(Day(day, active, monthly, max(1, round(normal * events_each * luck.uniform(0.93, 1.07)))))
    return tuple(_scaled(days, account))


def _days(account: Account, product: str) -> Iterator[date]:
    day = max(FIRST, date.fromisoformat(account.since) + timedelta(days=2))
    last = ago(account.ended or 0)
    while day < last:
        if day.weekday() < 5 and _subscribed(account, product, day):
            yield day
        day += timedelta(days=1)


def _subscribed(account: Account, product: str, day: date) -> bool:
    in_use = {version.product for version in in_force(account.id, day)}
    return product in in_use or (product == "Core" and account.id == "san-isidro")


def _monthly(account: Account, day: date) -> float:
    """People active in the 28 days up to a day: as many of the seats as a month ago, then on the way to now."""
    end = ago(account.ended or 0)
    before, now = account.active
    if before == 0:
        return max(1, now * min(1.0, (day - date.fromisoformat(account.since)).days / 14))
    late = (end - day).days
    if late <= FOUR_WEEKS:
        return now + (before - now) * max(0, late - 1) / FOUR_WEEKS
    reference = seats(account, end - timedelta(days=35)) or 1
    grown = min(1.0, 0.35 + (day - date.fromisoformat(account.since)).days / 120)
    return before * (seats(account, day) or reference) / reference * grown


def _season(account: Account, day: date) -> float:
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 4):
        return 0.55
    if QUIET.get(account.country) == day.month:
        return 0.8
    return 0.85 if day.weekday() == 4 else 1.0


def _scaled(days: list[Day], account: Account) -> Iterator[Day]:
    """The last four weeks given exactly their part of the four before, and those of the four before them."""
    end = ago(account.ended or 0)
    weeks: dict[int, list[Day]] = {number: [] for number in range(12)}
    for day in days:
        weeks.setdefault(((end - day.day).days - 1) // 7, []).append(day)
    if not all(weeks[number] for number in range(12)):
        yield from days
        return
    first = 8 if account.before != 1 else 4
    level = sum(day.events for number in range(first, first + 4) for day in weeks[number]) / 4 * account.before
    parts = dict(zip(range(3, -1, -1), account.weeks, strict=True))
    for number in sorted(weeks, reverse=True):
        week = weeks[number]
        yield from _rescaled(week, round(level * parts.get(number, 1))) if number < first else week


def _rescaled(week: list[Day], total: int) -> Iterator[Day]:
    for day, events in zip(week, split(total, [day.events for day in week]), strict=True):
        yield replace(day, events=max(events, day.active))


def split(total: int, weights: list[int]) -> list[int]:
    """Whole parts in proportion to the weights, which add up to the total."""
    bounds = [0]
    for weight in weights:
        bounds.append(bounds[-1] + weight)
    cuts = [round(total * bound / bounds[-1]) for bound in bounds]
    return [after - before for before, after in pairwise(cuts)]


@cache
def _present(account: Account) -> dict[date, list[int]]:
    """Who is there each day; some leave in the two weeks before the last month, or join within it."""
    luck = draw(account.id, "people")
    before, now = account.active
    spans = [_span(number, before, now, luck.randrange(12)) for number in range(max(before, now))]
    habits = [luck.uniform(0.25, 0.62) for _ in spans]
    days: dict[date, list[int]] = {}
    for back in range(70, 0, -1):
        day = ago(back)
        if day.weekday() < 5:
            days[day] = [
                number
                for number, (first, last) in enumerate(spans)
                if first <= day <= last and (luck.random() < habits[number] or day in {first, last, *_certain(number)})
            ]
    return days


def _span(number: int, before: int, now: int, luck: int) -> tuple[date, date]:
    first = PEOPLE_SINCE if number < before else ago(26 - luck // 5)
    last = ago(1) if number < now else ago(42 - (luck if luck < 5 else 7 + luck % 5))
    return first, last


def _certain(number: int) -> tuple[date, date]:
    """Two days, spread over the people, on which somebody is there for sure."""
    week, weekday = divmod(number, 5)
    back = 7 - weekday + 7 * (week % 4)
    return ago(back), ago(back + 35)


def _distinct(account: Account, day: date) -> int:
    present = _present(account)
    first = day - timedelta(days=FOUR_WEEKS - 1)
    if first < PEOPLE_SINCE:
        return account.active[0]
    return len({number for seen, people in present.items() if first <= seen <= day for number in people})


def usage_users() -> Iterator[Row]:
    for account in ACCOUNTS:
        if account.users:
            yield from _people_rows(account)


def _people_rows(account: Account) -> Iterator[Row]:
    luck = draw(account.id, "opened")
    features, shares = zip(*used(account, "Core"), strict=True)
    for whole_day in whole(account, "Core"):
        people = _present(account).get(whole_day.day, [])
        weights = [luck.randint(4, 12) for _ in people]
        for number, events in zip(people, split(whole_day.events, weights) if people else [], strict=True):
            yield {
                "account_id": account.id,
                "day": whole_day.day,
                "user": f"{account.id}-{number + 1:03}",
                "contact_id": f"{account.id}-c1" if number == 0 else None,
                "feature": luck.choices(features, shares)[0],
                "events": max(1, events),
            }
