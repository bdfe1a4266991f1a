"""The accounts and who looks after them, and what was sold, promised, felt and foretold."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sample import stories, texts
from sample.company import COUNTRIES, FEATURES, FIRST, PEOPLE, Row, add_months, ago, draw, email, workday
from sample.contacts import contact, span
from sample.contracts import VERSIONS, Version, annual
from sample.conversations import holder
from sample.portfolio import ACCOUNTS, BY_ID, Account
from sample.shift import ANCHOR

SUPPORT = {"es": "ivan", "en": "priya"}
SALES = {"es": "nadia", "en": "owen"}
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
            "x_reason_changed": stories.MENDED.get(account.id),
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


def orders() -> Iterator[Row]:
    number = 901
    for account in ACCOUNTS:
        luck = draw(account.id, "orders")
        first, last = span(account)
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
    else:
        yield from _drawn_outcomes(account)


def _drawn_outcomes(account: Account) -> Iterator[Row]:
    luck = draw(account.id, "outcomes")
    behind = luck.choice((0.97, 0.97, -0.05))
    moods = {"green": (1.0, behind), "yellow": (0.97, -0.1), "red": (-0.1, -0.2), "new": (0.1,)}
    progress = moods.get(account.mood, ())
    chosen = luck.sample(texts.OUTCOMES[account.language], 2)
    if account.tier == 3:
        progress = progress[-1:] if account.mood == "yellow" else progress[:1]
    for part, words, role in zip(progress, chosen, ("sponsor", "champion"), strict=False):
        *_, baseline, target = words
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
        first, _ = span(account)
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
                    "csm": email(holder(account, day)),
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
