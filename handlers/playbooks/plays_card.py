"""How running plays read: each with its goal, what its follow-up says, and what can be done with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.accounts import Account
from domain.playbooks.follow_up import Followed
from domain.playbooks.goals import RESULT, Goal, progress, reached
from domain.playbooks.playbooks import Look, Playbook
from domain.playbooks.plays import Play
from handlers.arguments import Selection, selected
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, named, section
from handlers.playbooks import ended_plays, play_reached, play_steer, waves
from handlers.playbooks.ended_plays import Over
from handlers.playbooks.playbook_card import VERDICTS, title
from handlers.playbooks.waves import Waves
from words import Words

STATEMENT = 160


@dataclass(frozen=True)
class Running:
    """last, coming: the days of its follow-up before and after; due: that before, for a week from then; over: it runs
    on though its days have passed."""

    play: Play
    last: date | None
    due: date | None
    coming: date | None
    over: bool = False


@dataclass(frozen=True)
class Shown:
    """One play of a page; look: what the follow-up says, once its first day has come; decision_on: where the decision
    that it is counted from has moved to."""

    running: Running
    account: Account
    followed: Followed
    look: Look | None
    newer: bool
    decision_on: date | None = None


@dataclass(frozen=True)
class Listed:
    """All that is told of before the plays one by one; book, begun: of one playbook only; ended: lately, by itself."""

    book: Playbook | None
    every: Sequence[Running]
    begun: Waves | None
    ended: Sequence[Over] = ()


def card(ask: Ask, found: Listed, shown: Sequence[Shown], chosen: Selection, following: str | None) -> Reply:
    words, book = ask.words, found.book
    said = counted(words, found.every)
    heading = " · ".join([*([title(words, book)] if book else []), selected(words, chosen)])
    before = [section(f"*{said}*", heading), *(waves.said(words, found.begun) if found.begun else ())]
    before += ended_plays.listed(words, found.ended)
    more = [actions(button(words._("Next page"), "turn", following))] if following else []
    return Reply(said, (*before, *(b for each in shown for b in _entry(ask, each)), *more))


def counted(words: Words, every: Sequence[Running]) -> str:
    if not every:
        return words._("No play is running")
    said = words.ngettext("{n} play", "{n} plays", len(every))
    due = sum(each.due is not None for each in every)
    return f"{said} · {to_be_looked_at(words, due)}" if due else said


def to_be_looked_at(words: Words, due: int) -> str:
    return words.ngettext("{n} to be looked at", "{n} to be looked at", due)


def _entry(ask: Ask, each: Shown) -> Iterator[Block]:
    words, play = ask.words, each.running.play
    name = f"*{named(each.account.name, 60)}* · {title(words, each.followed.book)}"
    yield section(f"{name} · {_since(ask, each)}", *_goal(words, each.followed.goal), *_looked(ask, each))
    yield actions(*_next_steps(ask, each), *play_steer.buttons(words, play, newer=each.newer))


def _since(ask: Ask, each: Shown) -> str:
    words, play = ask.words, each.running.play
    if play.status == "paused":
        return words._("paused")
    days = (ask.today - play.started_on).days if play.started_on else 0
    return words._("day {n}", n=words.number(days))


def _goal(words: Words, goal: Goal | None) -> Iterator[str]:
    if goal is None:
        return
    said = named(goal.statement or "", STATEMENT)
    yield f"{words._('Goal')}: {said}"
    yield " · ".join(_way(words, goal))


def _way(words: Words, goal: Goal) -> Iterator[str]:
    if reached(goal):
        yield words._("reached")
    elif goal.kpi == RESULT:
        yield words._("not there yet")
    else:
        done = progress(goal)
        way = (goal.baseline, goal.current, goal.target)
        yield " → ".join("?" if part is None else words.number(round(part, 1)) for part in way)
        if done is not None:
            yield words._("{share} of the way", share=words.percent(done / 100))
    yield words._("due {day}", day=words.day(goal.due_on))


def _looked(ask: Ask, each: Shown) -> Iterator[str]:
    """What the follow-up says; marked where its day has come."""
    words, running = ask.words, each.running
    if running.play.status == "paused":
        return
    if running.over:
        yield from _over(words, each)
    if each.decision_on and running.play.decision_on:
        yield "📅 " + words._("It counts from a decision on {before}; the account's next one is on {after}.",
                             before=words.day(running.play.decision_on), after=words.day(each.decision_on))  # fmt: skip
    if running.due:
        yield f"🔎 {words._('To be looked at since {day}', day=words.day(running.due))}"
    if each.look:
        yield f"_{words._(VERDICTS[each.look.verdict])}_: {each.look.say.of(words.language)}"
    if running.coming:
        yield words._("Next look: {day}", day=words.day(running.coming))


def _over(words: Words, each: Shown) -> Iterator[str]:
    """It ends by itself a week later, or when nothing of it lies ahead."""
    days = words.ngettext("Its {n} day is over.", "Its {n} days are over.", each.followed.book.lasts)
    still = sum(task.status == "open" for task in each.followed.tasks)
    asked = words.ngettext(
        "{n} task is open: do it, move it, or stop the play with its result.",
        "{n} tasks are open: do them, move them, or stop the play with its result.",
        still,
    )
    yield f"⏳ {days} {asked if still else words._('Stop it with its result.')}"


def _next_steps(ask: Ask, each: Shown) -> Iterator[Block]:
    if play_reached.can_be_said(each.followed.goal):
        yield button(ask.words._("Goal reached…"), "form", f"play-reached {each.running.play.play_id}")
    if each.decision_on:
        yield button(ask.words._("Move its dates…"), "form", f"play-decision {each.running.play.play_id}")
    go_on = _goes_on_with(ask, each.look)
    if go_on is not None and each.look is not None:
        words, days = ask.words, each.look.after_days
        name = title(words, go_on)
        label = words._("Go on with “{title}”…", title=name)
        if days:
            label = words.ngettext("“{title}” in {n} day…", "“{title}” in {n} days…", days, title=name)
        yield button(label, "form", f"play-start {go_on.name} {each.account.account_id}")


def _goes_on_with(ask: Ask, look: Look | None) -> Playbook | None:
    return ask.desk.playbooks.playbooks.get(look.start) if look and look.start else None
