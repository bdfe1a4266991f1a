"""What was asked, answered and said: tickets, surveys and touches."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from sample import stories, texts
from sample.company import Row, ago, draw, email, moment, workday
from sample.contacts import contact, contacts_of, span
from sample.portfolio import ACCOUNTS, BY_ID, Account

CADENCE = {"enterprise": 12, "mid-market": 24, "smb": 48}


def tickets() -> Iterator[Row]:
    found = [row for account in ACCOUNTS for row in _closed_tickets(account)]
    found += [_told_ticket(ticket) for ticket in stories.TICKETS]
    found.sort(key=lambda row: str(row["opened_at"]))
    for number, row in enumerate(found, start=3001):
        yield {"ticket_id": f"T-{number}", **row}


def _closed_tickets(account: Account) -> Iterator[Row]:
    luck = draw(account.id, "tickets")
    first, last = span(account)
    day = first + timedelta(days=luck.randint(3, 40))
    while account.tickets and day < min(last, ago(9)):
        opened = datetime.fromisoformat(moment(workday(day), account.country, luck))
        slow = {"red": 3, "yellow": 2}.get(account.mood, 1) if day > ago(120) else 1
        answered = opened + timedelta(minutes=luck.randint(8, 240) * slow)
        closed = _closing(opened, answered, luck.randint(0, 2) * slow, account, luck)
        severity = luck.choices(("low", "normal", "high", "critical"), (4, 9, 3, 0.4 * slow))[0]
        yield {
            "account_id": _known_to_support(account, luck.random()),
            "contact_id": luck.choice(contacts_of(account))["contact_id"],
            "opened_at": opened.isoformat(),
            "first_response_at": answered.isoformat(),
            "closed_at": closed.isoformat(),
            "severity": severity,
            "category": luck.choice(("how_to", "bug", "access", "data", "integration", "billing")),
            "escalated": "true" if severity == "critical" else "false",
            "reopened": "true" if luck.random() < 0.04 * slow else "false",
            "csat_binary": luck.choices(("", "good", "bad"), (5, 4, 0.3 * slow**2))[0],
        }
        day += timedelta(days=round(luck.uniform(0.4, 1.6) * 30 / account.tickets) or 1)


def _closing(opened: datetime, answered: datetime, days: int, account: Account, luck: Random) -> datetime:
    day = workday(min(opened.date() + timedelta(days=days), ago(3)))
    closed = datetime.fromisoformat(moment(day, account.country, luck))
    return max(closed, answered + timedelta(minutes=luck.randrange(15, 90, 5)))


def _known_to_support(account: Account, luck: float) -> str:
    number = stories.HELPDESK.get(account.id)
    return f"helpdesk:{number}" if number and luck < 0.7 else account.id


def _told_ticket(told: tuple[str, int, str, str, int | None, int | None, str]) -> Row:
    account, days, severity, category, answered, closed, went_through = told
    of = BY_ID[account]
    luck = draw(account, "told", str(days))
    opened = datetime.fromisoformat(moment(ago(days), of.country, luck))
    return {
        "account_id": account,
        "contact_id": contact(of, "admin"),
        "opened_at": opened.isoformat(),
        "first_response_at": None if answered is None else (opened + timedelta(minutes=answered)).isoformat(),
        "closed_at": None if closed is None else (opened.replace(hour=19) + timedelta(days=days - closed)).isoformat(),
        "severity": severity,
        "category": category,
        "escalated": "true" if "escalated" in went_through else "false",
        "reopened": "true" if "reopened" in went_through else "false",
    }


def surveys() -> Iterator[Row]:
    found = [row for account in ACCOUNTS for row in _answers(account)]
    found += [_told_answer(answer) for answer in stories.SURVEYS]
    found.sort(key=lambda row: str(row["sent_at"]))
    for number, row in enumerate(found, start=5001):
        yield {"response_id": f"E-{number}", **row}


SCALES = {"nps": (0, 10, 182), "csat": (1, 5, 61), "ces": (1, 7, 91)}


def _answers(account: Account) -> Iterator[Row]:
    latest = {"nps": account.nps, "csat": account.csat, "ces": stories.CES.get(account.id)}
    for kind, told in latest.items():
        if told:
            yield from _series(account, kind, *told)


def _series(account: Account, kind: str, score: int, back: int) -> Iterator[Row]:
    """The latest answer, and those before it, better where the account is doing badly now."""
    luck = draw(account.id, kind)
    low, high, every = SCALES[kind]
    middle = round((low + high) * 0.75)
    day = ago(back + (account.ended or 0))
    first = span(account)[0] + timedelta(days=60)
    for number in count():
        if day <= first:
            return
        usual = round((score + middle) / 2) if number > 2 else score
        given = score if number == 0 else max(low, min(high, usual + luck.choice((-1, 0, 0, 1))))
        silent = number > 0 and luck.random() < 0.2
        asked = contacts_of(account)[0] if kind == "nps" else luck.choice(contacts_of(account))
        row: Row = {
            "account_id": account.id,
            "contact_id": asked["contact_id"],
            "kind": kind,
            "sent_at": moment(day - timedelta(days=luck.randint(1, 3)), account.country, luck),
        }
        answer = {"score": given, "answered_at": moment(day, account.country, luck)}
        comment = _comment(account, (given - low) / (high - low), luck.random(), number)
        yield row if silent else row | answer | {"comment": comment}
        day -= timedelta(days=every + luck.randint(-4, 4))


def _comment(account: Account, mark: float, luck: float, number: int) -> str | None:
    """A comment that fits the mark (0 to 1), from fewer than half of them."""
    if luck > 0.45:
        return None
    comments = texts.COMMENTS[account.language][0 if mark < 0.65 else 1 if mark < 0.85 else 2]
    return comments[(len(account.id) + number) % len(comments)]


def _told_answer(told: tuple[str, str, str, int | None, int, str]) -> Row:
    account, role, kind, score, days, comment = told
    of = BY_ID[account]
    luck = draw(account, kind, str(days))
    return {
        "account_id": account,
        "contact_id": contact(of, role),
        "kind": kind,
        "score": score,
        "sent_at": moment(ago(days + 1), of.country, luck),
        "answered_at": None if score is None else moment(ago(days), of.country, luck),
        "comment": comment,
    }


def touches() -> Iterator[Row]:
    found = [row for account in ACCOUNTS for row in (*_talks(account), *_drawn_touches(account))]
    found += [_unanswered(*touch) for touch in stories.UNANSWERED]
    found.sort(key=lambda row: str(row["at"]))
    for number, row in enumerate(found, start=8001):
        yield {"touch_id": f"I-{number}", **row}


def _talks(account: Account) -> Iterator[Row]:
    for days, channel, roles, subject, note in stories.TALKS.get(account.id, ()):
        who = ";".join(contact(account, role) for role in roles.split())
        yield _touch(account, ago(days), who, (channel, subject, note))


def _drawn_touches(account: Account) -> Iterator[Row]:
    told = max((talk[0] for talk in stories.TALKS.get(account.id, ())), default=0)
    luck = draw(account.id, "touches")
    first, _ = span(account)
    end = account.ended or 0
    sponsors = [str(row["contact_id"]) for row in contacts_of(account) if row["role"] == "sponsor"]
    others = [str(row["contact_id"]) for row in contacts_of(account)[:4] if row["role"] != "sponsor"]
    for back in _spoken(account, account.sponsor, 92):
        if back > told and ago(end + back) >= first and sponsors and back != account.touched:
            yield _touch(account, ago(end + back), sponsors[0], ("meeting", *texts.SPONSOR_TOUCHES[account.language]))
    for number, back in enumerate(_spoken(account, account.touched, CADENCE[account.segment])):
        if ago(end + back) < first:
            return
        if back <= told:
            continue
        who = others[number % 2 * min(1, len(others) - 1)] if account.mood != "silent" else others[-1]
        with_sponsor = [*sponsors, who] if back == account.sponsor else [who]
        yield _touch(account, ago(end + back), ";".join(with_sponsor), luck.choice(texts.TOUCHES[account.language]))
        if luck.random() < 0.3 and number:
            yield _work(account, workday(ago(end + back + 3)), luck.choice((30, 45, 60, 90)))


def _spoken(account: Account, latest: int | None, every: int) -> Iterator[int]:
    """Days back from the end at which they were spoken to, none of them on a weekend but the first."""
    luck = draw(account.id, "spoken", str(every))
    end = account.ended or 0
    while latest is not None and latest < 800:
        yield latest
        latest += round(every * luck.uniform(0.75, 1.3)) or 1
        latest += max(0, ago(end + latest).weekday() - 4)


MINUTES = {"email": 15, "chat": 10, "call": 30, "meeting": 50, "visit": 150, "event": 90}


def _touch(account: Account, day: date, who: str, what: tuple[str, str, str]) -> Row:
    channel, subject, note = what
    return {
        "account_id": account.id,
        "at": moment(day, account.country, draw(account.id, "touch", day.isoformat(), who)),
        "channel": channel,
        "direction": "both",
        "csm": email(holder(account, day)),
        "contacts": who,
        "subject": subject,
        "minutes": MINUTES[channel],
        "stage": "front",
        "note": note,
    }


def _work(account: Account, day: date, minutes: int) -> Row:
    row = _touch(account, day, "", ("chat", *texts.PREPARATION[account.language]))
    return row | {"direction": "out", "minutes": minutes, "stage": "back"}


def _unanswered(account: str, role: str, days: int, channel: str) -> Row:
    of = BY_ID[account]
    what = (channel, *texts.UNANSWERED[of.language])
    return _touch(of, ago(days), contact(of, role), what) | {"direction": "out", "minutes": 10}


def holder(account: Account, day: date) -> str:
    former, since = stories.HAND_OVERS.get(account.id, ("", 0))
    return former if former and day < ago(since) else account.csm
