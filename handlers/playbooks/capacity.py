"""Hours of the coming weeks by person and by function: who is over, and which starts wait until when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from domain.playbooks.capacity import LATER, Ahead, Load, Opening, by_function, coming
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play
from handlers.ask import Ask
from handlers.blocks import Block, named, section
from handlers.playbooks.audience import Guest, awaited
from handlers.playbooks.fitting import Fitted, begun_today, fitting, hours_ahead
from handlers.playbooks.play_wave import drawn
from handlers.tasks.task_matter import called, first_name, names
from storage.database import Transaction
from storage.playbooks import plays, workload
from storage.scope import Scope
from words import Words
from words.terms import FUNCTIONS, capital, term

WEEKS = 4
PEOPLE, WAITING, OVER = 6, 50, 3
SHOWN = 5


@dataclass(frozen=True)
class Outlook:
    """people, functions: loads of the coming weeks; waiting: starts that wait for hours, each as its playbook's wave
    would find it today; unable: how many more wait that no wave would start today."""

    people: Sequence[Load]
    functions: Sequence[Load]
    ours: Mapping[str, str]
    waiting: Sequence[Fitted] = ()
    unable: int = 0


def outlook(tx: Transaction, ask: Ask, scope: Scope) -> Outlook:
    """Of those who work for the accounts of a scope, and of the caller's team: with all that they have, whoever's."""
    known = hours_ahead(tx, ask)
    ahead = coming(known, WEEKS)
    shares = workload.of(tx, scope, today=ask.today, until=ask.today + timedelta(weeks=WEEKS)).shares
    theirs = {share.who for share in shares} | {email.lower() for email in ask.caller.team}
    busy = {load.whose for load in ahead if load.hours}
    at_work = {person.function for person in known.staff if person.email in busy}
    wait = plays.running(tx, scope, statuses=("waiting",), limit=WAITING)
    fitted = _waiting(tx, ask, scope, wait, known)
    return Outlook(
        [load for load in ahead if load.whose in theirs],
        [load for load in by_function(ahead, known.staff) if load.whose in at_work],
        names(tx),
        fitted,
        len(wait) - len(fitted),
    )


def _waiting(tx: Transaction, ask: Ask, scope: Scope, wait: Sequence[Play], known: Ahead) -> list[Fitted]:
    """By playbook: what another's starts would take is taken when they have begun."""
    able = awaited(tx, wait, ask.desk.playbooks.playbooks, ask.policy, scope, ask.today)
    by_book = groupby(begun_today(tx, ask, able), key=lambda each: each.plan.start.playbook.name)
    return [fitted for _name, starts in by_book for fitted in fitting(ask, known, starts)]


def next_wave(tx: Transaction, ask: Ask, book: Playbook, guests: Sequence[Guest]) -> list[str]:
    """What the next wave asks of each function in the weeks in which it must fit; who is over, who would wait."""
    words, weeks = ask.words, ask.policy.playbooks.fit_weeks
    known = hours_ahead(tx, ask)
    fitted = fitting(ask, known, begun_today(tx, ask, [(book, guest) for guest in drawn(book, guests)[0]]))
    if not fitted:
        return []
    ahead = coming(known.plus(each.hours for each in fitted if each.opening.now), weeks)
    asked = {who for each in fitted for who, _week in each.hours}
    at_work = {person.function for person in known.staff if person.email in asked}
    sums = _sums(load for load in by_function(ahead, known.staff) if load.whose in at_work)
    said = words.ngettext(
        "Hours of the next {n} week, with the next wave", "Hours of the next {n} weeks, with the next wave", weeks
    )
    ours, wait = names(tx), [each for each in fitted if not each.opening.now]
    lines = [f"{said}: {' · '.join(f'{_titled(words, name)} {_of_free(words, *sums[name])}' for name in sums)}"]
    lines += [_over(words, load, ours) for load in ahead if load.whose in asked and load.over][:OVER]
    return [*lines, *([_wait(words, len(wait))] if wait else []), *_starts(words, wait, ours)]


def blocks(words: Words, found: Outlook) -> Iterator[Block]:
    """Nothing where nobody has anything to do and nothing waits."""
    if any(load.hours for load in found.people):
        yield section(*_weeks(words, found))
    if found.waiting or found.unable:
        heading = f"*{_wait(words, len(found.waiting) + found.unable)}*"
        yield section(heading, *_starts(words, found.waiting, found.ours, titled=True), *_unable(words, found.unable))


def _wait(words: Words, n: int) -> str:
    return words.ngettext("{n} start waits for free hours", "{n} starts wait for free hours", n)


def _unable(words: Words, n: int) -> Iterator[str]:
    if n:
        yield words.ngettext(
            "{n} would not start today: it does not fit any more, or something speaks against it",
            "{n} would not start today: they do not fit any more, or something speaks against them",
            n,
        )


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


def _starts(words: Words, starts: Sequence[Fitted], ours: Mapping[str, str], *, titled: bool = False) -> Iterator[str]:
    """A line for each: until when it waits, and whose hours are missing."""
    for each in starts[:SHOWN]:
        account, start = each.start.guest.account, each.start.plan.start
        title = f" · {named(start.playbook.title.of(words.language))}" if titled else ""
        yield f"• {named(account.name, 60)}{title}: {_until(words, each.opening, ours)}"
    yield from words.and_more(len(starts) - SHOWN)


def _until(words: Words, found: Opening, ours: Mapping[str, str]) -> str:
    if found.now:
        return words._("there are hours for it now")
    said = words._("until the week of {day}", day=words.short_day(found.opens)) if found.opens else words.ngettext(
        "no room in the next {n} week", "no room in the next {n} weeks", LATER
    )  # fmt: skip
    return f"{said} · {_lacks(words, found.short[0], ours)}"


def _lacks(words: Words, load: Load, ours: Mapping[str, str]) -> str:
    return words._("{who} lacks {hours} h in the week of {day}", who=first_name(ours, load.whose),
                   hours=_hours(words, load.over), day=words.short_day(load.week))  # fmt: skip
