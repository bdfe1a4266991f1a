"""/playbook plays [NAME] [SCOPE]: what runs, how far its goal is, what its follow-up says, and how to steer it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.facts import Facts
from domain.playbooks import endings, follow_up
from domain.playbooks.follow_up import Followed
from domain.playbooks.moving import decision_moved
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play
from domain.playbooks.workdays import Workdays
from domain.scopes import Filter
from handlers.accounts.situations import Situated, of_range
from handlers.arguments import selection
from handlers.ask import Ask, Reply
from handlers.outcomes import measuring
from handlers.playbooks import ended_plays
from handlers.playbooks.plays_card import Listed, Running, Shown, card
from handlers.playbooks.waves import waves
from storage.database import Transaction
from storage.playbooks import follow_up as storage_follow_up
from storage.playbooks import goals, playbooks, tasks
from storage.scope import Scope

PAGE = 5
FAR = date.max


def answer(ask: Ask, book: Playbook | None, typed: str) -> Reply:
    unpaged, page = ask.about(typed).paged()
    before = " ".join(["plays", *([book.name] if book else [])])
    chosen = selection(unpaged, periods=False, before=before)
    with ask.database.transaction() as tx:
        every = running(tx, chosen.scope, ask.today, book.name if book else None)
        here = every[page * PAGE : (page + 1) * PAGE]
        shown = _shown(tx, ask, chosen.scope, here)
        begun = waves(tx, chosen.scope, book) if book else None
        name, lately = book.name if book else None, ask.today - ended_plays.LATELY
        over = ended_plays.ended(tx, ask, chosen.scope, after=lately, playbook=name) if page == 0 else []
    more = len(every) > (page + 1) * PAGE
    asked = " ".join(["playbook plays", *([book.name] if book else []), unpaged.text, f"page:{page + 2}"])
    return card(ask, Listed(book, every, begun, over), shown, chosen, " ".join(asked.split()) if more else None)


def running(tx: Transaction, scope: Scope, today: date, playbook: str | None = None) -> list[Running]:
    """All of a scope, those first whose time is over, then those to be looked at, by the day on which they are."""
    live = storage_follow_up.live(tx, scope, playbook)
    books = playbooks.of_versions(tx, {play.version for play, _country in live})
    found = [_running(play, books[play.version], country, today) for play, country in live]
    return sorted(found, key=lambda each: (not each.over, each.due or FAR, each.coming or FAR, each.play.play_id))


def _running(play: Play, book: Playbook, country: str | None, today: date) -> Running:
    """One that is paused is looked at when it goes on."""
    days = follow_up.looks(play, book, Workdays(country)) if play.status == "running" else ()
    over = endings.is_over(play, book, today)
    return Running(play, follow_up.last(days, today), follow_up.due(days, today), follow_up.coming(days, today), over)


def _shown(tx: Transaction, ask: Ask, scope: Scope, here: Sequence[Running]) -> list[Shown]:
    """The plays of a page with all that their rules ask; as many queries as for one."""
    if not here:
        return []
    those = [each.play for each in here]
    numbers = sorted({play.account for play in those})
    only = scope.narrowed(Filter("numbers", " ".join(map(str, numbers))))
    found = of_range(tx, ask.policy, only, ask.today, first=numbers[0], last=numbers[-1])
    known = {each.facts.account.number: each for each in found}
    books = playbooks.of_versions(tx, {play.version for play in those})
    theirs = {goal.goal_id: goal for mine in goals.of_accounts(tx, numbers, ask.seen, scope).values() for goal in mine}
    work = tasks.of_plays(tx, [play.play_id for play in those], scope)
    began = storage_follow_up.began(tx, those, scope)
    shown = []
    for each in here:
        play, situated = each.play, known.get(each.play.account)
        if situated is None:
            continue
        followed = Followed(
            play,
            books[play.version],
            tuple(work.get(play.play_id, ())),
            theirs.get(play.goal_id or ""),
            _spoken(situated.facts),
            began.get(play.play_id, {}),
            {factor.measure: factor.points for factor in situated.seen.case.health.factors},
        )
        shown.append(_looked_at(tx, ask, each, followed, situated))
    return shown


def _looked_at(tx: Transaction, ask: Ask, each: Running, followed: Followed, situated: Situated) -> Shown:
    """With the goal as its measure says today, though it is kept only at night."""
    goal, known = followed.goal, situated.weekly[0]
    value = measuring.now(tx, ask, goal, situated.facts, known) if goal else None
    if goal and value is not None:
        followed = replace(followed, goal=replace(goal, current=value, current_on=ask.today))
    newest = ask.desk.playbooks.playbooks.get(followed.book.name)
    newer = newest is not None and newest.digest != followed.book.digest
    said = follow_up.verdict(followed, known, ask.today) if each.last else None
    renewal = situated.seen.case.renewal
    moved = renewal is not None and decision_moved(each.play, followed.book, renewal.decision_on)
    return Shown(
        each, situated.facts.account, followed, said, newer, renewal.decision_on if renewal and moved else None
    )


def _spoken(facts: Facts) -> Mapping[str, date]:
    spoken = {contact.contact_id: contact.last_touch_on for contact in facts.contacts}
    return {name: day for name, day in {**spoken, "": facts.touched_on}.items() if day is not None}
