"""The checklist of the appropriate experience, with what was measured; and the form that ticks what cannot be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import Account
from domain.experience import Check, Experienced, Lived, appropriate
from domain.facts import Facts
from domain.policies.policy_experience import Item
from domain.subscriptions import Span
from handlers.accounts.portrait import portrait
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, day, field, lines, modal, named, section
from handlers.undo import undo_button
from storage import changes
from storage.facts import experience
from words import N_, Words
from words.terms import CHANNELS, FUNCTIONS, SEVERITIES, capital, term

NOTE, A_SECTION, MOST = 1000, 8, 40
SIGNS: Mapping[str, str] = {"met": "✓", "too_little": "▼", "too_much": "▲", "unknown": "?"}
STATES: Mapping[str, str] = {
    "too_little": N_("too little"),
    "too_much": N_("too much"),
    "unknown": N_("not known"),
}
MEASURED: Mapping[str, str] = {
    "touches": N_("Two-way touches"),
    "channels": N_("Live conversations"),
    "first_response": N_("First answers in time"),
    "open_tickets": N_("Open tickets"),
}
TICK = "experience"


def items(ask: Ask, facts: Facts, contracts: Iterable[Span]) -> tuple[Item, ...]:
    """The policy's items for this account: its segment, and the products in force."""
    held = sorted({span.version.product for span in contracts if span.covers(facts.day)})
    return appropriate(ask.policy.experience, facts.account.segment, held)


def lived(ask: Ask, account: Account) -> Lived:
    window = ask.policy.experience.window_days
    with ask.database.transaction() as tx:
        found = experience.of_account(tx, account.number, ask.seen, ask.scope, window=window, now=ask.now)
    return found or Lived(days=0)


def label(words: Words, item: Item) -> str:
    """In the reader's language, else in whichever the policy gives."""
    given = item.label.get("es" if words.language == "es" else "en") or next(iter(item.label.values()), "")
    return named(given, 70) if given else words._(MEASURED[item.measure])


def checklist(words: Words, found: Sequence[Experienced], days: int) -> Iterator[Block]:
    """What is wrong first, too much as plainly as too little."""
    order = ("too_much", "too_little", "unknown", "met")
    said = [_line(words, each) for each in sorted(found, key=lambda each: order.index(each.state))]
    over = words.ngettext("{n} day", "{n} days", days)
    title = f"*{words._('The appropriate experience')}* · {words._('over {days}', days=over)}"
    if not said:
        yield section(title, words._("The policy asks for nothing here."))
    for start in range(0, min(len(said), MOST), A_SECTION):
        yield section(*([title] if not start else []), *said[start : start + A_SECTION])


def _line(words: Words, each: Experienced) -> str:
    name = _named(words, each.item)
    state = f" · *{words._(STATES[each.state])}*" if each.state in STATES else ""
    return f"{SIGNS[each.state]} {name}{state} · {READINGS[each.item.measure](words, each)}"


def _named(words: Words, item: Item) -> str:
    function = term(words, FUNCTIONS, item.function)
    return f"{capital(function)} · {label(words, item)}"


def _touches(words: Words, each: Experienced) -> str:
    parts = each.parts
    days = words.ngettext("{n} day", "{n} days", int(str(parts["days"])))
    return f"{words._('{count} in {days}', count=_number(words, parts['n']), days=days)}; {_rhythm(words, each.item)}"


def _rhythm(words: Words, item: Item) -> str:
    if item.floor_days and item.ceiling_days:
        return words._("fitting: one every {floor} to {ceiling} days", floor=item.floor_days, ceiling=item.ceiling_days)
    if item.floor_days:
        return words._("fitting: at most one every {floor} days", floor=item.floor_days)
    return words._("fitting: at least one every {ceiling} days", ceiling=item.ceiling_days)


def _channels(words: Words, each: Experienced) -> str:
    parts, names = each.parts, words.listed(term(words, CHANNELS, channel) for channel in each.item.channels)
    fitting = words._("fitting: {least} to {most}", least=_percent(words, parts["at_least"]),
                      most=_percent(words, parts["at_most"]))  # fmt: skip
    if parts["percent"] is None:
        return f"{words._('no touches to judge by')}; {fitting}"
    share = words._("{percent} of {count} by {channels}", percent=_percent(words, parts["percent"]),
                    count=_number(words, parts["n"]), channels=names)  # fmt: skip
    return f"{share}; {fitting}"


def _first_response(words: Words, each: Experienced) -> str:
    parts = each.parts
    limits = ", ".join(
        words._("{severity} {hours} h", severity=term(words, SEVERITIES, severity), hours=words.number(hours))
        for severity, hours in each.item.hours.items()
    )
    fitting = words._("fitting: {percent} within {limits}", percent=_percent(words, parts["at_least"]), limits=limits)
    if not parts["n"]:
        return f"{words._('no tickets to judge by')}; {fitting}"
    share = words._("{count} of {total}", count=_number(words, parts["in_time"]), total=_number(words, parts["n"]))
    return f"{share}; {fitting}"


def _open_tickets(words: Words, each: Experienced) -> str:
    most = words._("fitting: at most {most}", most=_number(words, each.parts["at_most"]))
    count = each.parts["n"]
    return f"{words._('no tickets to judge by') if count is None else _number(words, count)}; {most}"


def _tick(words: Words, each: Experienced) -> str:
    on, note = each.parts.get("on"), each.parts.get("note")
    if not isinstance(on, date):
        return words._("nobody has looked")
    texts = {
        "met": words._("so on {day}", day=words.day(on)),
        "too_little": words._("not so on {day}", day=words.day(on)),
    }
    said = texts.get(each.state) or words._("last looked at on {day}", day=words.day(on))
    return f"{said}: {named(str(note), 120)}" if note else said


def _number(words: Words, value: Any) -> str:
    return words.number(int(value))


def _percent(words: Words, value: Any) -> str:
    return words.percent(int(value) / 100)


READINGS: Mapping[str, Callable[[Words, Experienced], str]] = {
    "touches": _touches,
    "channels": _channels,
    "first_response": _first_response,
    "open_tickets": _open_tickets,
    "tick": _tick,
}


@dataclass(frozen=True)
class Ticked:
    item: str
    check: Check
    marked: str


def answer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    account = the_account(ask, ask.text)
    said = ask.words._("The experience of {name}:", name=named(account.name))
    return Reply(said, (section(said), actions(tick_button(ask.words, account))))


def tick_button(words: Words, account: Account) -> Block:
    return button(words._("Tick an item"), "form", f"{TICK} {account.account_id}")


def view(ask: Ask) -> Block:
    words, account = ask.words, the_account(ask, ask.text)
    shown = portrait(ask, account)
    named_items = [
        (item.id, _named(words, item)) for item in items(ask, shown.facts, shown.contracts) if item.measure == "tick"
    ][:100]
    if not named_items:
        said = words._("The policy names nothing that has to be ticked for {name}.", name=named(account.name))
        raise refusal(said)
    so = [("yes", words._("Yes, it is so")), ("no", words._("No, it is not"))]
    blocks = [
        section(f"*{named(account.name)}*"),
        field(words._("Item"), "item", choice(named_items)),
        field(words._("Is it so?"), "met", choice(so, kind="radio_buttons")),
        field(words._("Seen on"), "on", day(ask.today)),
        field(words._("Note"), "note", lines(NOTE), optional=True),
    ]
    marked = experience.mark(lived(ask, account).checks)
    return modal(TICK, words._("Tick an item"), words._("Save"), words._("Cancel"), blocks, memory=marked)


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Ticked:
    on = date.fromisoformat(entered["on"])
    if on > today:
        raise Invalid({"on": words._("What was seen lies behind us: this day is still to come.")})
    note = (entered.get("note") or "").strip() or None
    return Ticked(entered["item"], Check(met=entered["met"] == "yes", checked_on=on, note=note), entered[SEEN])


def save(ask: Ask, ticked: Ticked) -> Reply:
    account, words = the_account(ask, ask.text), ask.words
    again = button(words._("See the outcomes"), "ask", f"outcomes {account.account_id}")
    try:
        with ask.database.changing() as tx:
            change = experience.tick(
                tx, account.number, ticked.item, ticked.check, marked=ticked.marked, seen=ask.seen,
                who=ask.caller.email, at=ask.now, origin="modal",
            )  # fmt: skip
    except changes.Overtaken:
        said = words._(
            "Somebody ticked this item while your form was open, so I kept theirs and did not overwrite it. "
            "Look at it, and tick it again if you see it otherwise."
        )
        raise refusal(said, again) from None
    item = next((each for each in ask.policy.experience.items if each.id == ticked.item), None)
    so = words._("yes") if ticked.check.met else words._("no")
    said = words._("Ticked for {name}: {item}: {so}", name=named(account.name),
                   item=label(words, item) if item else named(ticked.item), so=so)  # fmt: skip
    buttons = actions(again, undo_button(words, change))
    return Reply(words._("Saved for {name}", name=named(account.name)), (section(f"✓ {said}"), buttons))


FORM = Form(view, read, save)
