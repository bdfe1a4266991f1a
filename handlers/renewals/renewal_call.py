"""Giving one's call on a renewal: the CSM's own, or the final one of a lead; dated, beside the rule's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from domain.accounts import Account
from domain.facts import Call, RenewalCall, Voice
from domain.renewals.checkpoints import decides_from
from domain.renewals.renewals import Renewal, renewals, soonest
from domain.renewals.tracks import Tracks, tracks
from domain.roles import may
from handlers import meanwhile
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, field, line, lines, modal, named, section, whole_number
from handlers.undo import undo_button
from storage.facts import renewal_calls, subscriptions
from words import N_, Words
from words.terms import CALLS, capital, term

REASON, COMPETITOR, MOST = 1000, 120, 10**12
DAY = re.compile(r"(?:^|\s)(\d{4}-\d{2}-\d{2})$")
WHOSE: Mapping[Voice, str] = {"final": N_("the final call"), "csm": N_("the CSM's call")}


@dataclass(frozen=True)
class Given:
    call: Call
    by: Voice | None
    reason: str
    competitor: str
    annual: Decimal | None
    mark: str | None = None


@dataclass(frozen=True)
class Matter:
    """What the call is about: one end of an account's contracts, and what has been said of it."""

    account: Account
    renewal: Renewal
    due: Mapping[str, Decimal]
    tracks: Tracks


def answer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    found = _matter(ask)
    said = ask.words._("Your call on the renewal of {name}, {day}:", name=named(found.account.name),
                       day=ask.words.day(found.renewal.ends_on))  # fmt: skip
    return Reply(said, (section(said), actions(give(ask.words, found.account, found.renewal.ends_on))))


def give(words: Words, account: Account, renewal_on: date | None = None) -> Block:
    """The button, wherever it stands."""
    day = f" {renewal_on}" if renewal_on else ""
    return button(words._("Give my call"), "form", f"renewal-call {account.account_id}{day}")


def _matter(ask: Ask) -> Matter:
    typed = DAY.search(ask.text)
    account = the_account(ask, ask.text[: typed.start()].strip() if typed else ask.text)
    with ask.database.transaction() as tx:
        versions = subscriptions.of_account(tx, account.number, ask.scope)
        said = renewal_calls.of_accounts(tx, [account.number], scope=ask.scope, since=date.min, day=ask.today)
    coming = renewals(versions, today=ask.today, grace_days=ask.policy.grace_days)
    meant = [r for r in coming if typed is None or r.ends_on.isoformat() == typed[1]]
    renewal = soonest(meant)
    if renewal is None:
        text = ask.words._("{name} has no end of contract ahead: there is nothing to call.", name=named(account.name))
        raise refusal(text)
    if renewal.leaving:
        text = ask.words._("{name} leaves on {day}: that is known, no call is needed.", name=named(account.name),
                           day=ask.words.day(renewal.ends_on))  # fmt: skip
        raise refusal(text)
    known = tracks(said.get(account.number, ()), renewal, ask.today)
    return Matter(account, renewal, _due(coming, renewal.ends_on), known)


def _due(coming: Sequence[Renewal], ends_on: date) -> dict[str, Decimal]:
    due: dict[str, Decimal] = {}
    for item in coming:
        if item.ends_on == ends_on and not item.leaving:
            money = item.version.annual
            due[money.currency] = due.get(money.currency, Decimal(0)) + money.amount
    return due


def view(ask: Ask) -> Block:
    found, words = _matter(ask), ask.words
    blocks = [
        section(f"*{named(found.account.name)}*", *_known(words, found)),
        *_whose(ask),
        field(words._("My call"), "call", choice(_calls(words, found), kind="radio_buttons")),
        field(words._("Why"), "reason", lines(REASON), optional=True,
              hint=words._("Needed for every call but “renew”.")),
        *_reduced(words, found),
        field(words._("Competitor"), "competitor", line(COMPETITOR), optional=True,
              hint=words._("Where they leave for one; else leave it empty.")),
    ]  # fmt: skip
    return modal(
        "renewal-call", words._("Renewal call"), words._("Save"), words._("Cancel"), blocks, memory=meanwhile.seen(ask)
    )


def _known(words: Words, found: Matter) -> list[str]:
    renewal = found.renewal
    amounts = " + ".join(words.money(amount, currency) for currency, amount in sorted(found.due.items()))
    first = words._("Ends {day}, decision by {decision}: {amount} a year", day=words.day(renewal.ends_on),
                    decision=words.day(renewal.decision_on), amount=amounts)  # fmt: skip
    rule = found.tracks.calls.get("rule")
    return [first, words._("The rule says “{call}”.", call=term(words, CALLS, rule.call))] if rule else [first]


def _whose(ask: Ask) -> list[Block]:
    if not may(ask.caller.role, "decide"):
        return []
    options = [(voice, capital(ask.words._(said))) for voice, said in WHOSE.items()]
    chosen = choice(options, kind="radio_buttons", chosen="final")
    return [field(ask.words._("Whose call"), "by", chosen)]


def _calls(words: Words, found: Matter) -> list[tuple[str, str]]:
    """“monitor” carries the last day on which it is a call, so that it can be refused beside its field."""
    last = decides_from(found.renewal) - timedelta(1)
    return [(f"{code}:{last}" if code == "monitor" else code, capital(term(words, CALLS, code))) for code in CALLS]


def _reduced(words: Words, found: Matter) -> list[Block]:
    if len(found.due) != 1:
        return []
    ((currency, due),) = found.due.items()
    hint = words._("Where it is reduced: less than {due}. Empty: the policy's share counts.",
                   due=words.money(due, currency))  # fmt: skip
    label = words._("What stays a year, in {currency}", currency=currency)
    return [field(label, "annual", whole_number(min(int(due), MOST)), hint=hint, optional=True)]


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Given:
    code, _, last = str(entered["call"] or "").partition(":")
    call = cast("Call", code)
    reason, competitor = ((entered.get(name) or "").strip() for name in ("reason", "competitor"))
    wrong = {}
    if call not in CALLS:
        raise Invalid({"call": words._("Choose one of the calls.")})
    if call == "monitor" and (not last or today > date.fromisoformat(last)):
        wrong["call"] = words._("The decision is near: “monitor” is no call any more. Say what you expect.")
    if call != "renew" and not reason:
        wrong["reason"] = words._("Write why.")
    if competitor and call != "lose":
        wrong["competitor"] = words._(
            "A competitor belongs to the call “{call}” only.", call=term(words, CALLS, "lose")
        )
    annual = _annual(words, call, entered.get("annual"), wrong)
    if wrong:
        raise Invalid(wrong)
    by = cast("Voice | None", entered["by"] if entered.get("by") in WHOSE else None)
    return Given(call, by, reason, competitor, annual, entered.get(SEEN))


def _annual(words: Words, call: Call, typed: str | None, wrong: dict[str, str]) -> Decimal | None:
    if not typed:
        return None
    if call != "reduce":
        wrong["annual"] = words._("An amount belongs to the call “{call}” only.", call=term(words, CALLS, "reduce"))
    elif not typed.isdecimal() or not 0 < int(typed) <= MOST:
        wrong["annual"] = words._("A whole amount above zero.")
    else:
        return Decimal(int(typed))
    return None


def save(ask: Ask, given: Given) -> Reply:
    """What may have changed while the form was open is asked again."""
    found, words = _matter(ask), ask.words
    if given.call == "monitor" and ask.today >= decides_from(found.renewal):
        raise refusal(words._("The decision is near: “monitor” is no call any more. Say what you expect."))
    if given.annual is not None and given.annual >= sum(found.due.values()):
        raise refusal(words._("That is not less than what they pay: nothing was saved."))
    by: Voice = given.by if given.by and may(ask.caller.role, "decide") else "csm"
    call = RenewalCall(by, given.call, ask.today, found.renewal.ends_on, given.reason or None,
                       given.competitor or None, given.annual)  # fmt: skip
    with ask.database.changing() as tx:
        meanwhile.check(tx, ask, found.account, "renewal_calls", given.mark)
        change = renewal_calls.give(tx, found.account.number, call, who=ask.caller.email, at=ask.now, origin="modal")
    name, value = named(found.account.name), term(words, CALLS, given.call)
    said = words._("The final call on {name}: “{call}”", name=name, call=value)
    if by == "csm":
        said = words._("Your call on {name}: “{call}”", name=name, call=value)
    again = button(words._("See the card"), "ask", f"health {found.account.account_id}")
    return Reply(
        said, (section(f"✓ {said}", *_against(words, given.call, found)), actions(again, undo_button(words, change)))
    )


def _against(words: Words, call: Call, found: Matter) -> list[str]:
    rule = found.tracks.calls.get("rule")
    if rule is None or rule.call == call:
        return []
    return [words._("The rule says “{call}”: they disagree.", call=term(words, CALLS, rule.call))]


FORM = Form(view, read, save)
