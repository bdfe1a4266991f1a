"""Hours of the coming weeks by person and by function: who is over, and which starts wait until when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.fact_kinds import Situation
from domain.facts import Facts
from domain.playbooks.capacity import (
    LATER,
    Fit,
    Hours,
    Load,
    Staff,
    Wanted,
    by_function,
    coming,
    fits,
    hours_of,
    monday,
)
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play
from domain.playbooks.schedule import Cast, default_event, plan
from domain.playbooks.workdays import Workdays
from domain.scopes import Filter
from handlers.accounts.situations import of_range
from handlers.ask import Ask
from handlers.blocks import Block, named, section
from handlers.outcomes.measuring import outcome
from handlers.playbooks.audience import Guest
from handlers.playbooks.play_wave import drawn
from handlers.tasks.task_matter import called, first_name, names
from storage.database import Transaction
from storage.playbooks import playbooks, plays, tasks, workload
from storage.scope import Scope
from words import Words
from words.terms import FUNCTIONS, capital, term

WEEKS, YEAR = 4, timedelta(365)
PEOPLE, WAITING, OVER = 6, 20, 3
SHOWN = 5


@dataclass(frozen=True)
class Wish:
    """A start that is thought of: on which account, of which playbook, and what it would cost whom when."""

    name: str
    book: Playbook
    hours: Hours


@dataclass(frozen=True)
class Outlook:
    """people, functions: loads of the coming weeks; wishes: plays that wait for hours, with what fits of them when."""

    people: Sequence[Load]
    functions: Sequence[Load]
    ours: Mapping[str, str]
    wishes: Sequence[Wish] = ()
    fit: Fit | None = None


def outlook(tx: Transaction, ask: Ask, scope: Scope) -> Outlook:
    """Of those who work for the accounts of a scope, and of the caller's team: with all that they have, whoever's."""
    staff, until = tasks.staff(tx), ask.today + timedelta(weeks=WEEKS)
    ahead = _coming(ask, tasks.taken(tx, since=ask.today - YEAR, until=until), staff, WEEKS)
    shares = workload.of(tx, scope, today=ask.today, until=until).shares
    theirs = {share.who for share in shares} | {email.lower() for email in ask.caller.team}
    busy = {load.whose for load in ahead if load.hours}
    at_work = {person.function for person in staff if person.email in busy}
    wishes = _waiting(tx, ask, scope)
    return Outlook(
        [load for load in ahead if load.whose in theirs],
        [load for load in by_function(ahead, staff) if load.whose in at_work],
        names(tx),
        wishes,
        fitting(tx, ask, wishes) if wishes else None,
    )


def _coming(ask: Ask, taken: Hours, staff: Sequence[Staff], weeks: int) -> tuple[Load, ...]:
    hours, workdays = ask.policy.playbooks.weekly_hours, Workdays(ask.policy.country)
    return coming(taken, staff, default=hours, today=ask.today, weeks=weeks, workdays=workdays)


def fitting(tx: Transaction, ask: Ask, wishes: Sequence[Wish]) -> Fit:
    """The first wish counts most; accounts are told by their places."""
    weeks = ask.policy.playbooks.fit_weeks
    return fits(
        [Wanted(place, -place, wish.hours) for place, wish in enumerate(wishes)],
        tasks.taken(tx, since=monday(ask.today), until=ask.today + timedelta(weeks=weeks + LATER)),
        tasks.staff(tx),
        default=ask.policy.playbooks.weekly_hours,
        until=ask.today + timedelta(weeks=weeks),
    )


def next_wave(tx: Transaction, ask: Ask, book: Playbook, guests: Sequence[Guest]) -> list[str]:
    """What the next wave asks of each function in the weeks in which it must fit; who is over, who would wait."""
    words, weeks = ask.words, ask.policy.playbooks.fit_weeks
    wishes = wishes_of(tx, ask, book, drawn(book, guests)[0])
    if not wishes:
        return []
    fit, until = fitting(tx, ask, wishes), ask.today + timedelta(weeks=weeks)
    taken = Counter(tasks.taken(tx, since=ask.today - YEAR, until=until))
    for place in fit.now:
        taken.update({cell: hours for cell, hours in wishes[place].hours.items() if cell[1] <= until})
    staff, ours = tasks.staff(tx), names(tx)
    ahead = _coming(ask, taken, staff, weeks)
    asked = {who for wish in wishes for who, _week in wish.hours}
    theirs = [load for load in ahead if load.whose in asked]
    at_work = {person.function for person in staff if person.email in asked}
    sums = _sums(load for load in by_function(ahead, staff) if load.whose in at_work)
    said = words.ngettext(
        "Hours of the next {n} week, with the next wave", "Hours of the next {n} weeks, with the next wave", weeks
    )
    lines = [f"{said}: {' · '.join(f'{_titled(words, name)} {_of_free(words, *sums[name])}' for name in sums)}"]
    lines += [_over(words, load, ours) for load in theirs if load.over][:OVER]
    if fit.wait:
        n = len(fit.wait)
        lines.append(words.ngettext("{n} start waits for free hours", "{n} starts wait for free hours", n))
    return [*lines, *waits(words, wishes, fit, ours)]


def wishes_of(tx: Transaction, ask: Ask, book: Playbook, guests: Sequence[Guest]) -> list[Wish]:
    """Starts of a playbook today on accounts that it fits."""
    casts = tasks.casts(tx, [guest.account.number for guest in guests], ask.scope)
    made = []
    for guest in guests:
        play = Play("", guest.account.number, book.name, 0, "waiting", "capacity", ask.today,
                    contact_id=guest.fitting.subject or None, decision_on=guest.candidate.decision_on)  # fmt: skip
        made.append(_wish(ask.today, book, play, casts[guest.account.number], guest.facts, guest.known))
    return made


def _waiting(tx: Transaction, ask: Ask, scope: Scope) -> list[Wish]:
    """Plays that wait for free hours, the most potential first, as if they began today."""
    waiting = plays.running(tx, scope, statuses=("waiting",), limit=WAITING)
    if not waiting:
        return []
    numbers = sorted({play.account for play in waiting})
    only = scope.narrowed(Filter("numbers", " ".join(map(str, numbers))))
    found = of_range(tx, ask.policy, only, ask.today, first=numbers[0], last=numbers[-1])
    situated = {each.facts.account.number: each for each in found}
    casts, books = tasks.casts(tx, numbers, scope), playbooks.of_versions(tx, {play.version for play in waiting})
    made = []
    for play in sorted(waiting, key=lambda play: (-(play.potential or 0), play.play_id)):
        if each := situated.get(play.account):
            renewal = each.seen.case.renewal
            begun = replace(play, decision_on=renewal.decision_on if renewal else None)
            cast = casts[play.account]
            made.append(_wish(ask.today, books[play.version], begun, cast, each.facts, each.weekly[0]))
    return made


def _wish(today: date, book: Playbook, play: Play, cast: Cast, facts: Facts, known: Situation) -> Wish:
    begun = replace(play, started_on=today, event_on=default_event(book, today, cast.workdays))
    made = plan(book, begun, cast, known, has_outcome=outcome(facts) is not None)
    return Wish(facts.account.name, book, hours_of(made.tasks))


def blocks(words: Words, found: Outlook) -> Iterator[Block]:
    """Nothing where nobody has anything to do and nothing waits."""
    if any(load.hours for load in found.people):
        yield section(*_weeks(words, found))
    if found.fit:
        n = len(found.wishes)
        said = words.ngettext("{n} start waits for free hours", "{n} starts wait for free hours", n)
        yield section(f"*{said}*", *waits(words, found.wishes, found.fit, found.ours, every=True))


def _weeks(words: Words, found: Outlook) -> Iterator[str]:
    weeks = sorted({load.week for load in found.people})
    days = " · ".join(words.short_day(week) for week in weeks)
    yield f"*{words._('Hours by week, needed of those free')}* · {days}"
    for function in _fullest(found.functions):
        yield _row(words, _titled(words, function), _of(found.functions, function))
    fullest = _fullest(found.people)
    for who in fullest[:PEOPLE]:
        yield _row(words, called(found.ours, who), _of(found.people, who))
    if left := len({load.whose for load in found.people}) - len(fullest[:PEOPLE]):
        yield words.ngettext("{n} more has room", "{n} more have room", left)


def _fullest(loads: Sequence[Load]) -> list[str]:
    """Those who have anything to do, by the share of their hours that the worst week takes."""
    busy = sorted((load for load in loads if load.hours), key=lambda load: (-load.share, load.whose))
    return list(dict.fromkeys(load.whose for load in busy))


def _of(loads: Sequence[Load], whose: str) -> list[Load]:
    return sorted((load for load in loads if load.whose == whose), key=lambda load: load.week)


def _row(words: Words, name: str, loads: Sequence[Load]) -> str:
    """Marked in each week in which it is too much."""
    sign = "⚠ " if any(load.over for load in loads) else ""
    return f"{sign}{name}: {' · '.join(_cell(words, load) for load in loads)}"


def _cell(words: Words, load: Load) -> str:
    said = _of_free(words, load.hours, load.capacity)
    return f"*{said}*" if load.over else said


def _of_free(words: Words, hours: float, free: float) -> str:
    return words._("{hours} of {free} h", hours=_hours(words, hours), free=_hours(words, free))


def _over(words: Words, load: Load, ours: Mapping[str, str]) -> str:
    said = _of_free(words, load.hours, load.capacity)
    return words._("⚠ {who}: {hours} in the week of {day}", who=called(ours, load.whose), hours=said,
                   day=words.short_day(load.week))  # fmt: skip


def _titled(words: Words, function: str) -> str:
    return capital(term(words, FUNCTIONS, function))


def _sums(loads: Iterable[Load]) -> dict[str, tuple[float, float]]:
    """Hours and capacity of all weeks together."""
    sums: dict[str, tuple[float, float]] = {}
    for load in sorted(loads, key=lambda load: load.whose):
        hours, capacity = sums.get(load.whose, (0.0, 0.0))
        sums[load.whose] = hours + load.hours, capacity + load.capacity
    return sums


def _hours(words: Words, hours: float) -> str:
    return words.number(round(hours, 1))


def waits(
    words: Words, wishes: Sequence[Wish], fit: Fit, ours: Mapping[str, str], *, every: bool = False
) -> Iterator[str]:
    """A line for each start that waits, until when, and whose hours are missing; `every`: of those that fit too."""
    places = range(len(wishes)) if every else fit.wait
    for place in places[:SHOWN]:
        wish = wishes[place]
        title = f" · {named(wish.book.title.of(words.language))}" if every else ""
        yield f"• {named(wish.name, 60)}{title}: {_until(words, place, fit, ours)}"
    if (left := len(places) - SHOWN) > 0:
        yield words.ngettext("and {n} more", "and {n} more", left)


def _until(words: Words, place: int, fit: Fit, ours: Mapping[str, str]) -> str:
    if place in fit.now:
        return words._("there are hours for it now")
    opens = fit.opens.get(place)
    said = words._("until the week of {day}", day=words.short_day(opens)) if opens else words.ngettext(
        "no room in the next {n} week", "no room in the next {n} weeks", LATER
    )  # fmt: skip
    return f"{said} · {'; '.join(_lacks(words, load, ours) for load in fit.short[place][:1])}"


def _lacks(words: Words, load: Load, ours: Mapping[str, str]) -> str:
    return words._("{who} lacks {hours} h in the week of {day}", who=first_name(ours, load.whose),
                   hours=_hours(words, load.over), day=words.short_day(load.week))  # fmt: skip
