"""What was said, asked, sold and promised: the files that people rather than machines fill in."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from random import Random

from sample import stories, texts
from sample.company import ANCHOR, COUNTRIES, FEATURES, FIRST, PEOPLE, add_months, ago, draw, email, moment, workday
from sample.contracts import VERSIONS, Version, annual
from sample.portfolio import ACCOUNTS, BY_ID, Account

Row = dict[str, object]

SUPPORT = {"es": "ivan", "en": "priya"}
SALES = {"es": "nadia", "en": "owen"}
CADENCE = {"enterprise": 12, "mid-market": 24, "smb": 48}
RELATION = {"green": ("good", "great"), "yellow": ("good", "neutral"), "red": ("neutral", "worried")}


def accounts() -> Iterator[Row]:
    for account in ACCOUNTS:
        paid = annual(account, ANCHOR).get(account.currency, Decimal(0))
        yield {
            "account_id": account.id,
            "name": account.name,
            "segment": account.segment,
            "tier": account.tier,
            "csm": email(account.csm),
            "ae": email(SALES[account.language]),
            "parent_id": account.parent,
            "customer_since": account.since,
            "country": account.country,
            "language": account.language,
            "currency": account.currency,
            "industry": account.industry,
            "domains": f"{account.id}.example",
            "relationship": account.relationship,
            "stage": account.stage,
            "fit": account.fit,
            "potential_mrr": f"{paid * Decimal(str(account.potential)) / 12:.2f}" if paid else None,
            "crm_url": f"https://crm.example.com/accounts/{account.id}",
            "x_region": COUNTRIES[account.country][0],
        }


def identifiers() -> Iterator[Row]:
    for number, account in enumerate(ACCOUNTS):
        yield {"account_id": account.id, "system": "crm", "external_id": f"{7001 + number}"}
        if account.id in stories.HELPDESK:
            yield {"account_id": account.id, "system": "helpdesk", "external_id": stories.HELPDESK[account.id]}
        if account.segment == "enterprise":
            yield {"account_id": account.id, "system": "billing", "external_id": f"C{310 + number}"}


def account_team() -> Iterator[Row]:
    for account in ACCOUNTS:
        functions = {"support": SUPPORT[account.language], "sales": SALES[account.language]}
        if account.mood == "new":
            functions["onboarding"] = "elena"
        if account.tier == 1:
            functions |= {"product": "marcus", "sponsor": "irene", "finance": "vic"}
        for function, person in functions.items():
            yield {"account_id": account.id, "function": function, "email": email(person)}


def people() -> Iterator[Row]:
    for name, full, aliases, role, function, zone, country, language, hours, manager in PEOPLE:
        yield {
            "email": email(name),
            "name": full,
            "aliases": aliases,
            "role": role,
            "function": function,
            "time_zone": zone,
            "country": country,
            "language": language,
            "capacity_hours": hours,
            "manager": email(manager),
        }


def features() -> Iterator[Row]:
    for feature, product, core in FEATURES:
        yield {"feature": feature, "product": product, "core": "true" if core else "false"}


@cache
def contacts_of(account: Account) -> tuple[Row, ...]:
    luck = draw(account.id, "contacts")
    names = luck.sample(texts.NAMES[account.language], 5)
    rows = []
    for number, ((role, department), name) in enumerate(zip(_roles(account), names, strict=False), start=1):
        id_ = f"{account.id}-c{number}"
        rows.append(
            {
                "contact_id": id_,
                "account_id": account.id,
                "name": name,
                "email": f"{_plain(name)}@{account.id}.example",
                "department": department,
                "role": role,
                "left_on": stories.LEFT.get(id_),
            }
        )
    return tuple(rows)


def _roles(account: Account) -> Sequence[tuple[str, str]]:
    if account.id in stories.CONTACTS:
        return stories.CONTACTS[account.id]
    count = {"enterprise": 5, "mid-market": 4, "smb": 3}[account.segment]
    roles = texts.CONTACT_ROLES[account.language]
    return [roles[index] for index in stories.CONTACT_ROLES.get(account.id, range(count))]


def _plain(name: str) -> str:
    return name.lower().translate(str.maketrans("áéíóúüñ ", "aeiouun."))


def contacts() -> Iterator[Row]:
    for account in ACCOUNTS:
        yield from contacts_of(account)


def contact(account: Account, role: str) -> str:
    """The contact of a role, or the first one."""
    rows = contacts_of(account)
    return str(next((row["contact_id"] for row in rows if row["role"] == role), rows[0]["contact_id"]))


def _span(account: Account) -> tuple[date, date]:
    """First day and last day of what was written down about an account."""
    return max(FIRST, date.fromisoformat(account.since)), ago((account.ended or 0) + 1)


def tickets() -> Iterator[Row]:
    found = [row for account in ACCOUNTS for row in _closed_tickets(account)]
    found += [_told_ticket(ticket) for ticket in stories.TICKETS]
    found.sort(key=lambda row: str(row["opened_at"]))
    for number, row in enumerate(found, start=3001):
        yield {"ticket_id": f"T-{number}", **row}


def _closed_tickets(account: Account) -> Iterator[Row]:
    luck = draw(account.id, "tickets")
    first, last = _span(account)
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
    first = _span(account)[0] + timedelta(days=60)
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
    first, _ = _span(account)
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
        "csm": email(_holder(account, day)),
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


def _holder(account: Account, day: date) -> str:
    former, since = stories.HAND_OVERS.get(account.id, ("", 0))
    return former if former and day < ago(since) else account.csm


def orders() -> Iterator[Row]:
    number = 901
    for account in ACCOUNTS:
        luck = draw(account.id, "orders")
        first, last = _span(account)
        wanted = {"green": 3, "yellow": 2, "red": 1}.get(account.mood, 0) if luck.random() < 0.7 else 0
        days = sorted(luck.randrange((last - first).days) for _ in range(wanted)) if (last - first).days > 200 else []
        for back in days:
            amount = luck.choice((450, 780, 1200, 1950, 2400)) * (18 if account.currency == "MXN" else 1)
            yield {
                "order_id": f"O-{number}",
                "account_id": account.id,
                "ordered_on": workday(first + timedelta(days=back)),
                "amount": f"{amount}.00",
                "currency": account.currency,
            }
            number += 1


def costs() -> Iterator[Row]:
    luck = draw("costs")
    month = date(FIRST.year, FIRST.month, 1)
    while month <= ANCHOR:
        for kind, purpose, low, high in stories.COSTS:
            yield _cost("", month, kind, purpose, luck.randrange(low, high, 50))
        for account in ACCOUNTS:
            if account.tier == 1 and luck.random() < 0.12 and account.since < month.isoformat():
                yield _cost(account.id, month, "travel", "retention", luck.randrange(300, 1900, 50))
        month = add_months(month, 1)


def _cost(account: str, month: date, kind: str, purpose: str, amount: int) -> Row:
    return {
        "account_id": account,
        "month": f"{month:%Y-%m}",
        "kind": kind,
        "purpose": purpose,
        "amount": f"{amount}.00",
        "currency": "USD",
    }


def milestones() -> Iterator[Row]:
    for account in ACCOUNTS:
        luck = draw(account.id, "milestones")
        since = date.fromisoformat(account.since)
        told = stories.MILESTONES.get(account.id)
        for milestone, after, spread in told or stories.USUAL_MILESTONES:
            day = since + timedelta(days=after + luck.randint(0, spread))
            unhappy = not told and account.mood in {"red", "silent"}
            missing = unhappy and milestone == "first_value" and luck.random() < 0.5
            if day < ANCHOR and not missing:
                yield {"account_id": account.id, "milestone": milestone, "reached_on": day}


def outcomes() -> Iterator[Row]:
    found = [row for account in ACCOUNTS for row in _outcomes(account)]
    for number, row in enumerate(found, start=1):
        yield {"outcome_id": f"R-{number:03}", **row}


def _outcomes(account: Account) -> Iterator[Row]:
    if account.id in stories.OUTCOMES:
        for role, *words, current, due, achieved in stories.OUTCOMES[account.id]:
            yield _outcome(account, role, words, current, (due, achieved))
        return
    luck = draw(account.id, "outcomes")
    behind = luck.choice((0.97, 0.97, -0.05))
    progress = {"green": (1.0, behind), "yellow": (0.97, -0.1), "red": (-0.1, -0.2), "new": (0.1,)}.get(
        account.mood, ()
    )
    chosen = luck.sample(texts.OUTCOMES[account.language], 2)
    roles = ("sponsor", "champion")
    told = progress if account.tier < 3 else progress[-1:] if account.mood == "yellow" else progress[:1]
    for part, words, role in zip(told, chosen, roles, strict=False):
        _, _, baseline, target = words
        current = round(baseline + (target - baseline) * part, 1)
        reached = part == 1.0
        due = luck.randint(20, 90) if reached else -luck.randint(90, 200)
        yield _outcome(account, role, words, f"{current:g}", (due, due + 15 if reached else None))


def _outcome(
    account: Account, role: str, words: Sequence[object], current: object, when: tuple[int, int | None]
) -> Row:
    """`when` it is due and was achieved, in days before the anchor."""
    due, achieved = when
    who = contact(account, role)
    reached: Row = {}
    if achieved is not None:
        reached = {"achieved_on": ago(achieved), "confirmed_by": who, "confirmed_on": ago(max(1, achieved - 1))}
    return {
        "account_id": account.id,
        "contact_id": who,
        **dict(zip(("statement", "measure", "baseline", "target"), words, strict=True)),
        "current": current,
        "due_on": ago(due),
        **reached,
    }


def goals() -> Iterator[Row]:
    for number, (account, playbook, kpi, baseline, target, current, due) in enumerate(stories.GOALS, start=1):
        yield {
            "goal_id": f"G-{number:03}",
            "account_id": account,
            "playbook": playbook,
            "kpi": kpi,
            "baseline": baseline,
            "target": target,
            "due_on": due,
            "current": current,
            "owner": email(BY_ID[account].csm),
        }


def referrals() -> Iterator[Row]:
    for number, (account, kind, asked, name, introduced, converted) in enumerate(stories.REFERRALS, start=1):
        yield {
            "referral_id": f"P-{number:03}",
            "account_id": account,
            "contact_id": contact(BY_ID[account], "champion"),
            "kind": kind,
            "asked_on": ago(asked),
            "referred_name": name,
            "introduced_on": None if introduced is None else ago(introduced),
            "converted_on": None if converted is None else ago(converted),
        }


def sentiments() -> Iterator[Row]:
    for account in ACCOUNTS:
        luck = draw(account.id, "sentiments")
        first, _ = _span(account)
        now = stories.SENTIMENTS.get(account.id)
        usual = RELATION.get(account.mood)
        given = [now] if now else [(luck.choice(usual), luck.randint(8, 60))] if usual and luck.random() < 0.85 else []
        given += [(luck.choice(("good", "good", "neutral")), back + luck.randint(0, 20)) for back in (190, 330)]
        for value, back in given:
            day = workday(ago(back))
            if day > first + timedelta(days=30) and account.mood not in {"gone", "silent"}:
                yield {
                    "account_id": account.id,
                    "given_on": day,
                    "csm": email(_holder(account, day)),
                    "value": value,
                    "note": texts.SENTIMENTS[account.language][value],
                }


def renewal_calls() -> Iterator[Row]:
    for version in VERSIONS:
        if version.ends and version.months == 12 and version.product == "Core":
            yield from _calls(version, BY_ID[version.account])


def _calls(version: Version, account: Account) -> Iterator[Row]:
    luck = draw(account.id, "calls", version.starts.isoformat())
    ends = version.ends
    if not ends or not FIRST < ends <= ago(-150) or _amended(version) or version.special.get("status"):
        return
    if ends > ANCHOR:
        call, back = stories.CALLS.get(account.id, (_usual_call(account), luck.randint(5, 24)))
        if call:
            yield from _calls_ahead(account, ends, call, back)
        return
    outcome = stories.FINAL_CALLS.get((account.id, ends.year)) or "renew"
    early = "at_risk" if outcome != "renew" or luck.random() < 0.15 else "renew"
    yield _call(account, ends, workday(ends - timedelta(days=80)), "rule", early)
    yield _call(account, ends, workday(ends - timedelta(days=64)), "csm", luck.choice((early, "renew")))
    if ends <= ago(20):
        yield _call(account, ends, workday(ends - timedelta(days=20)), "final", outcome)


def _calls_ahead(account: Account, ends: date, call: str, back: int) -> Iterator[Row]:
    before = stories.EARLIER_CALLS.get(account.id)
    if before:
        yield _call(account, ends, ago(before[1]), "csm", before[0])
    yield _call(account, ends, workday(ago(back)), "csm", call)


def _amended(version: Version) -> bool:
    return any(v.id == version.id and v.starts > version.starts and v.ends == version.ends for v in VERSIONS)


def _usual_call(account: Account) -> str:
    return {"green": "renew", "yellow": "renew", "red": "at_risk"}.get(account.mood, "")


def _call(account: Account, renewal: date, given: date, by: str, call: str) -> Row:
    return {
        "account_id": account.id,
        "renewal_on": renewal,
        "given_on": given,
        "by": by,
        "call": call,
        "reason": "" if by == "rule" else texts.CALLS[account.language][call],
    }


def experience_checks() -> Iterator[Row]:
    for account in ACCOUNTS:
        luck = draw(account.id, "experience")
        if account.tier == 3 or account.mood in {"silent", "gone"}:
            continue
        for item, spanish, english in luck.sample(texts.EXPERIENCE, 3 if account.tier == 1 else 2):
            met = luck.random() < {"green": 0.95, "yellow": 0.7}.get(account.mood, 0.4)
            yield {
                "account_id": account.id,
                "item": item,
                "checked_on": workday(ago(luck.randint(10, 150))),
                "met": "true" if met else "false",
                "note": "" if met else spanish if account.language == "es" else english,
            }
