"""/playbook effect NAME [SCOPE]: its accounts beside those that could have had it, or why nothing can be said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.effects.effect import ENOUGH, ActivityHint, Effect, Subject, activity_hints, effect
from domain.effects.eligible import FLAGS, RENEWAL, awaited, look, subject
from domain.kpis.kpis import METRICS
from domain.playbooks.playbooks import Playbook
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.kpis.kpi_figures import plain, sign
from handlers.playbooks import waves
from storage.database import Transaction
from storage.playbooks import effects
from storage.scope import Scope
from words import Words
from words.effects import ADJUSTED, ASSIGNED, CAUTIONS, LEFT_OUT, METHODS, UNDEFINED
from words.metrics import METRICS as EXPLAINED

TO_VALUE = "time-to-value"


@dataclass(frozen=True)
class Told:
    """`next_on`: the next day on which a result comes; started, others: all that were eligible, looked at or not."""

    effect: Effect
    hints: tuple[ActivityHint, ...]
    started: int
    others: int
    next_on: date | None = None
    why: str | None = None


def answer(ask: Ask, book: Playbook, typed: str) -> Reply:
    chosen = selection(ask.about(typed), periods=False, whole=True, before=f"effect {book.name}")
    with ask.database.transaction() as tx:
        found = told(tx, ask, book, chosen.scope)
        begun = waves.waves(tx, chosen.scope, book)
    return _card(ask, book, found, chosen, begun)


def brief(tx: Transaction, ask: Ask, book: Playbook, scope: Scope) -> str:
    """In a line: what can be said of it, or that these are too few."""
    words, found = ask.words, told(tx, ask, book, scope)
    title, made = named(book.title.of(words.language), 60), found.effect
    if found.why == "too_few" or (found.why and found.started < ENOUGH):
        few = found.why == "too_few"
        started = made.treated_customers if few else found.started
        others = made.control_customers if few else found.others
        said = words._("too few to say ({started} and {others})", started=words.number(started),
                       others=words.number(others))  # fmt: skip
    else:
        said = _answered(ask, book, found)
    return words._("Playbook “{title}”: {said}", title=title, said=said)


def told(tx: Transaction, ask: Ask, book: Playbook, scope: Scope) -> Told:
    kpi, policy = book.kpi.name, ask.policy
    everyone = effects.eligible(tx, book.name, scope)
    looks = {each.play.play_id: look(each, book, policy.grace_days) for each in everyone}
    come, next_on = awaited((seen for seen in looks.values() if seen), ask.today)
    known = kpi in effects.READERS
    outcomes = effects.told(tx, kpi, come, rates=policy.exchange, time_zone=policy.time_zone) if known else {}
    subjects = [subject(e, book, looks[e.play.play_id], outcomes.get(e.play.play_id)) for e in everyone]
    made = effect(subjects, binary=kpi in FLAGS)
    hints = activity_hints(subjects, binary=kpi in FLAGS)
    started = sum(each.treated for each in subjects)
    return Told(made, hints, started, len(subjects) - started, next_on, _why(made, subjects, known=known))


def _why(made: Effect, subjects: Sequence[Subject], *, known: bool) -> str | None:
    """The code of the reason where nothing is said."""
    if not known:
        return "not_by_account"
    if not any(each.treated for each in subjects):
        return "not_started"
    if made.undefined_because == "cannot_tell" and any(n for how, n in made.assigned.items() if how != "chosen"):
        return "unknown_scores"
    return made.undefined_because


def _card(ask: Ask, book: Playbook, found: Told, chosen: Selection, begun: waves.Waves) -> Reply:
    words = ask.words
    title, kpi = named(book.title.of(words.language)), words._(EXPLAINED[book.kpi.name].label)
    said = _answered(ask, book, found)
    blocks = [
        section(f"*{words._('The effect of “{title}”', title=title)}* · {kpi}", said),
        *_grounds(ask, book, found),
        *waves.said(words, begun),
        *_hints(ask, book, found.hints),
        context(
            words._("Before and after is never shown: an account picked at its worst looks better whatever one does."),
            selected(words, chosen),
        ),
        actions(button(words._("Whom it fits"), "ask", f"playbook show {book.name}")),
    ]  # fmt: skip
    return Reply(f"{title}: {said}", tuple(blocks))


def _answered(ask: Ask, book: Playbook, found: Told) -> str:
    words, made = ask.words, found.effect
    if found.why:
        return _reason(words, found)
    low, high = (_amount(ask, book.kpi.name, end or 0.0) for end in (made.low, made.high))
    said = words._("{difference} against those without it; 95 % interval: {low} to {high}.",
                   difference=_amount(ask, book.kpi.name, made.difference or 0.0), low=low, high=high)  # fmt: skip
    if not made.clear:
        return f"{said} {words._('It may have done nothing: the interval holds zero.')}"
    wanted = ((made.difference or 0.0) > 0) == (book.kpi.moves == "up")
    verdict = words._("It moved as it should.") if wanted else words._("It moved the wrong way.")
    return f"{said} {verdict}"


def _reason(words: Words, found: Told) -> str:
    if found.why == "too_few":
        made = found.effect
        return words._(
            "Too few to say: {started} started, {others} left out; {needed} a side are needed.",
            started=words.number(made.treated_customers), others=words.number(made.control_customers),
            needed=words.number(ENOUGH),
        )  # fmt: skip
    return words._(UNDEFINED[found.why or ""])


def _grounds(ask: Ask, book: Playbook, found: Told) -> Iterator[Block]:
    """What it rests on: who was compared, how they came to it, what was adjusted for, who was left out."""
    words, made = ask.words, found.effect
    lines = [_compared(words, found), _looked_at(words, book)]
    if made.assigned:
        counts = [words.ngettext(*ASSIGNED[how], n) for how, n in sorted(made.assigned.items()) if n]
        lines.append(words._("Starts: {how}", how=" · ".join(counts)))
    if made.method and made.difference is not None:
        lines.append(words._("How: {method}", method=words._(METHODS[made.method])))
    if made.adjusted_for:
        names = words.listed([words._(ADJUSTED[name]) for name in made.adjusted_for])
        lines.append(words._("Adjusted for {names}", names=names))
    if made.left_out:
        left = [words.ngettext(*LEFT_OUT[why], n) for why, n in made.left_out.items()]
        lines.append(words._("Not compared: {left}", left=" · ".join(left)))
    if found.next_on:
        lines.append(words._("The next result comes on {day}", day=words.day(found.next_on)))
    yield section("\n".join(lines))
    if made.cautions:
        yield context(*(f"⚠ {words._(CAUTIONS[caution])}" for caution in made.cautions))


def _compared(words: Words, found: Told) -> str:
    made = found.effect
    if found.why:
        started = words.ngettext("{n} account started", "{n} accounts started", found.started)
        others = words.ngettext(
            "{n} could have it and did not start", "{n} could have it and did not start", found.others
        )
        return f"{started} · {others}"
    return words._("{started} accounts with it beside {others} that could have had it",
                   started=words.number(made.treated_n), others=words.number(made.control_n))  # fmt: skip


def _looked_at(words: Words, book: Playbook) -> str:
    if book.kpi.name == RENEWAL:
        return words._("Looked at: whether it pays after the decision that was ahead when it became eligible")
    days = words.ngettext("{n} day", "{n} days", book.lasts)
    if book.kpi.name == TO_VALUE:
        return words._("Looked at: days to the first value; who is not there yet counts with all {days}", days=days)
    return words._("Looked at {days} after each became eligible", days=days)


def _hints(ask: Ask, book: Playbook, hints: Sequence[ActivityHint]) -> Iterator[Block]:
    if not hints:
        return
    words = ask.words
    heading = words._("By activity · only a hint: an activity is done where there was time and somebody to call")
    yield section(f"*{heading}*", *(_hint(ask, book, each) for each in hints))


def _hint(ask: Ask, book: Playbook, each: ActivityHint) -> str:
    words, made = ask.words, each.effect
    activity = book.activities.get(each.activity)
    title = named(activity.title.of(words.language)) if activity else each.activity
    parts = [_amount(ask, book.kpi.name, part or 0.0) for part in (made.difference, made.low, made.high)]
    counts = {"done": words.number(made.treated_n), "others": words.number(made.control_n)}
    said = words._("{difference} ({low} to {high}), done {done}, not {others}",
                   difference=parts[0], low=parts[1], high=parts[2], **counts)  # fmt: skip
    return f"• {title}: {said}"


def _amount(ask: Ask, kpi: str, value: float) -> str:
    """A difference in the KPI's own unit, with its sign; ratios in points."""
    words, shown = ask.words, METRICS[kpi].shown
    size = Decimal(str(round(abs(value) * (100 if kpi in FLAGS else 1), 2 if shown == "score" else 1)))
    signed = sign(Decimal(str(value))) if size else ""
    if shown == "percent":
        return f"{signed}{words._('{n} pp', n=words.number(size, decimals=1))}"
    if shown == "money":
        return f"{signed}{words.money(size.to_integral_value(), ask.policy.currency)}"
    if shown == "days":
        return f"{signed}{words._('{n} days', n=words.number(size, decimals=1))}"
    return f"{signed}{words.number(plain(size))}"
