"""The digest: who needs me today and why these first, what goes on stage, my day, good news, how old the data are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from domain.accounts import Person
from domain.alerts.digests import begins_week, since
from domain.health.scores import State
from domain.playbooks.playbooks import Playbook
from domain.playbooks.relief import Room
from domain.scopes import Filter
from handlers.accounts import greeting
from handlers.alerts.alert_card import good_news, item
from handlers.alerts.due import Due, due_of
from handlers.ask import Ask, Desk, Reply
from handlers.blocks import PLACE, Block, actions, button, context, in_channel, named, section
from handlers.digests.digest_settings import NO_ROOM
from handlers.digests.supply import NOTHING, Supply, freshness, supply
from handlers.digests.team_digest import metric, nobodys, signed, team, to_date
from handlers.playbooks import ended_plays
from handlers.playbooks.ended_plays import Over, brief
from handlers.tasks import stage
from handlers.tasks.task_matter import SIGNS as READY
from handlers.tasks.task_matter import books_of, lacking
from handlers.tasks.task_naming import task_title
from handlers.tasks.task_room import plays_of, relief, room_of
from handlers.tasks.tasks_card import duration
from storage import scores
from storage.database import Transaction
from storage.playbooks import tasks
from storage.playbooks.tasks import Due as DueTask
from storage.renewals import movements
from storage.renewals.movements import Turned
from words import N_, Words
from words.terms import SIGNS, capital

CALLS, TASKS, NAMED = 3, 3, 3
SHOWN: tuple[State, ...] = ("green", "yellow", "red", "unknown", "onboarding", "leaving")
DAY = timedelta(1)
TURNED: Mapping[str, str] = {
    "red": N_("{names} turned red"),
    "yellow": N_("{names} turned yellow"),
    "green": N_("{names} is green again"),
    "leaving": N_("{names} gave notice"),
}


@dataclass(frozen=True)
class Day:
    """All that a person's digest is made of."""

    ask: Ask
    day: date
    since: date
    book: Mapping[State | None, int]
    turned: Sequence[Turned]
    growth: str
    due: Due
    calls: stage.Calls
    tasks: Sequence[DueTask]
    books: Mapping[str, Playbook]
    room: Room
    relief: int
    late: bool
    ended: Sequence[Over] = ()
    asked: Sequence[Over] = ()
    supply: Supply = NOTHING


def render(desk: Desk, content: Mapping[str, Any], person: Person | None, words: Words) -> Reply:
    """What the outbox delivers; `content` has its day and whether it comes late."""
    if person is None:
        raise LookupError("a digest is for a person")
    ask = Ask(desk, person, words, capability="digest")
    whole = of(ask, date.fromisoformat(content["told_on"]), late=bool(content.get("late")))
    if content.get("room"):
        return replace(whole, blocks=tuple(for_everybody(whole.blocks)))
    return replace(whole, blocks=(*whole.blocks, *_detour(ask, content.get("detour") or "")))


def for_everybody(blocks: Iterable[Block]) -> Iterator[Block]:
    """In a channel a click answers whoever clicked, and the post stays as it is for the others."""
    for block in blocks:
        shown = [_stays(element) for element in block.get("elements", ())]
        yield {**block, "elements": shown} if block["type"] == "actions" else block


def _stays(element: Block) -> Block:
    action = element["action_id"]
    return {**element, "action_id": f"ask.{action.removeprefix('turn.')}"} if action.startswith("turn.") else element


def _detour(ask: Ask, obstacle: str) -> Iterator[Block]:
    """Why it does not stand in the channel that they chose."""
    if obstacle and ask.caller.digest_channel:
        words = ask.words
        said = words._("You chose {channel} for your digest. It comes here, because: {why}",
                       channel=PLACE, why=words._(NO_ROOM[obstacle]))  # fmt: skip
        yield in_channel(said, ask.caller.digest_channel)


def answer(ask: Ask) -> Reply:
    """Today's, whenever it is asked for."""
    return of(ask, ask.today, late=False)


def of(ask: Ask, day: date, *, late: bool) -> Reply:
    due = due_of(ask.desk, ask.caller, day)
    with ask.database.transaction() as tx:
        found = loaded(tx, ask, day, due, late=late)
    said = _notice(found)
    of_team = ask.caller.role == "lead" and begins_week(ask.caller, ask.policy, day)
    blocks = [section(f"*{_greeting(found)}*", *_standing(found)), *_late(found), *_needed(found)]
    blocks += nobodys(ask.words, () if of_team else due.unowned)
    blocks += [*curtain_calls(found), *my_day(found), *brief(ask.words, found.ended, found.asked), *_good(found)]
    if of_team:
        blocks += team(ask, day)
    blocks += freshness(ask.words, found.supply)
    blocks.append(actions(button(ask.words._("Hour, channel, absence…"), "form", "digest-settings")))
    return Reply(said, tuple(blocks))


def loaded(tx: Transaction, ask: Ask, day: date, due: Due, *, late: bool) -> Day:
    scope = ask.scope.narrowed(Filter("own"))
    before = since(ask.caller, ask.policy, day)
    until = day + timedelta(ask.policy.digests.calls_days)
    mine = tasks.due(tx, ask.scope, until=day, owners=[ask.caller.email], limit=200)
    space = room_of(tx, ask)
    return Day(
        ask=ask,
        day=day,
        since=before,
        book=scores.counts(tx, scope),
        turned=movements.turned(tx, scope, since=before, day=day),
        growth=signed(ask.words, metric(tx, ask, scope, "net-growth", to_date(ask, "this quarter")).value),
        due=due,
        calls=stage.calls(tx, ask, scope, until),
        tasks=mine,
        books=books_of(tx, plays_of(tx, ask, mine).values()),
        room=space,
        relief=len(relief(tx, ask, space)) if space.over > 0 else 0,
        late=late,
        ended=ended_plays.ended(tx, ask, scope, after=before),
        asked=ended_plays.to_be_closed(tx, ask, scope),
        supply=supply(tx, ask, day),
    )


def _notice(found: Day) -> str:
    """What a locked screen shows: no names, no money."""
    words, n = found.ask.words, len(found.due.need) + found.due.waiting
    if found.ask.policy.notifications == "brief" or not n:
        return words._("Your digest is ready")
    return words.ngettext("Your digest is ready: {n} account needs you", "Your digest is ready: {n} need you", n)


def _greeting(found: Day) -> str:
    words = found.ask.words
    name = named(found.ask.caller.name.split()[0] if found.ask.caller.name.split() else "", 40)
    total = sum(found.book.values())
    parts = [words._("☀️ Good morning, {name}. {day}", name=name, day=capital(words.full_day(found.day)))]
    if total:
        colours = "  ".join(f"{found.book[s]} {SIGNS[s]}" for s in SHOWN if found.book.get(s))
        parts.append(words.ngettext("{n} account: {colours}", "{n} accounts: {colours}", total, colours=colours))
    return " · ".join(parts)


def _standing(found: Day) -> Iterator[str]:
    """What moved since the last working day."""
    words = found.ask.words
    news = []
    for state in TURNED:
        names = [named(each.name, 40) for each in found.turned if each.state == state]
        if names:
            shown = [*names[:NAMED], *([words._("others")] if len(names) > NAMED else [])]
            news.append(words._(TURNED[state], names=words.listed(shown)))
    if found.growth:
        news.append(words._("net growth of the quarter to date: {growth}", growth=found.growth))
    if news:
        yield words._("Since {day}: {news}", day=_weekday(words, found.since), news=" · ".join(news))


def _weekday(words: Words, day: date) -> str:
    return words.full_day(day).split(" ")[0]


def _late(found: Day) -> Iterator[Block]:
    if found.late:
        words = found.ask.words
        yield context(words._("This is the digest of {day}; it comes late.", day=words.full_day(found.day)))


def _needed(found: Day) -> Iterator[Block]:
    words, due = found.ask.words, found.due
    total = len(due.need) + due.waiting
    if found.ask.caller.away(found.day):
        yield away(found)
        return
    if not total:
        if due.unowned:
            return
        yield from _quiet(found)
        return
    shown = words._("{n} of {total}", n=words.number(len(due.need)), total=words.number(total))
    heading = f"*{words._('THEY NEED YOU TODAY')}*"
    yield section(f"{heading} ({shown})" if due.waiting else heading)
    for place, each in enumerate(due.need, 1):
        yield from item(found.ask, each, place)
    if due.waiting:
        said = words.ngettext(
            "The other one can wait until tomorrow: less money or more time.",
            "The other {n} can wait until tomorrow: less money or more time.",
            due.waiting,
        )
        yield section(said, accessory=button(words._("See them"), "ask", "alerts mine"))


def _quiet(found: Day) -> Iterator[Block]:
    """And whom one could speak to."""
    words = found.ask.words
    suggested = greeting.suggested(found.ask) if found.book else []
    if suggested or found.tasks or found.calls.due or not found.book:
        yield section(words._("Nothing urgent today."))
    else:
        yield section(words._("Nothing urgent today, and nothing is due. A good day to call somebody who does not "
                              "expect it."))  # fmt: skip
    yield from suggested


def away(found: Day) -> Block:
    """Instead of what needs one: until when, and who is told of it."""
    words, until = found.ask.words, found.ask.caller.away_until
    said = words._("You are away until {day}.", day=words.day(until)) if until else words._("You are away.")
    if found.due.stand_in:
        name = named(found.due.stand_in, 60)
        said = f"{said} {words._('What needs you goes to {name} meanwhile.', name=name)}"
    return section(said, accessory=button(words._("See them"), "ask", "alerts mine"))


def curtain_calls(found: Day) -> Iterator[Block]:
    """Those that are least ready, by date."""
    words = found.ask.words
    if not found.calls.due:
        return
    shown = sorted(found.calls.due[:CALLS], key=lambda each: each.cursor)
    rows = [_call(found, each) for each in shown]
    more = button(words._("All of them"), "ask", "stage") if len(found.calls.due) > CALLS else None
    yield section(f"*{words._('CURTAIN CALLS')}*", *rows, accessory=more)


def _call(found: Day, each: DueTask) -> str:
    ask, calls = found.ask, found.calls
    state, book = calls.ready[each.task.task_id], calls.books.get(each.task.play_id or "")
    said = task_title(ask.words, each.task, book)
    parts = [ask.words.weekday(each.task.due_on), named(each.account_name, 40), said]
    if state.state == "ready":
        tail = f"✅ {ask.words._('all set')}"
    else:
        what = "; ".join(lacking(ask, state.missing[:1], book, calls.ours))
        tail = f"{READY[state.state]} {ask.words._('missing: {what}', what=what)}"
    return " · ".join([*parts, tail])


def my_day(found: Day) -> Iterator[Block]:
    words, mine = found.ask.words, found.tasks
    if not mine:
        return
    hours = sum(each.task.hours for each in mine)
    n = words.ngettext("{n} task", "{n} tasks", len(mine))
    free = words._("{free} free this week", free=duration(words, found.room.free)) if found.room.free > 0 else ""
    about = words._("about {hours}", hours=duration(words, hours)) if hours else ""
    heading = f"*{words._('YOUR DAY')}* · {n}" + (f", {about}" if about else "") + (f" ({free})" if free else "")
    rows = [f"☐ {named(each.account_name, 40)} · {_task(found, each)}" for each in mine[:TASKS]]
    more = _further(words, mine[TASKS:])
    yield section(heading, *rows, *more, accessory=button(words._("See my tasks"), "ask", "tasks"))
    if found.relief:
        said = words.ngettext(
            "It is {due} and you have {free} free: I suggest moving {n}",
            "It is {due} and you have {free} free: I suggest moving {n}",
            found.relief, due=duration(words, found.room.due), free=duration(words, found.room.free),
        )  # fmt: skip
        yield section(f"⚠ {said}", accessory=button(words._("See which…"), "form", "task-relieve today"))


def _further(words: Words, left: Sequence[DueTask]) -> list[str]:
    """How many more they are, and how long they take together."""
    hours = sum(each.task.hours for each in left)
    if not hours:
        return words.and_more(len(left))
    return [words.ngettext("and {n} more, {hours}", "and {n} more, {hours}", len(left), hours=duration(words, hours))]


def _task(found: Day, each: DueTask) -> str:
    said = task_title(found.ask.words, each.task, found.books.get(each.task.play_id or ""))
    return f"{said} ({duration(found.ask.words, each.task.hours)})" if each.task.hours else said


def _good(found: Day) -> Iterator[Block]:
    words = found.ask.words
    rows = [good_news(found.ask, each) for each in found.due.good[:NAMED]]
    if rows:
        yield section(f"*{words._('GOOD NEWS')}*", *rows)
