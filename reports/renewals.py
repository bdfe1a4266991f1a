"""Renewals as a list: what ends in a period with both tracks and what each counts, or what was decided in one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from domain.accounts import Account
from domain.facts import RenewalCall, Voice
from domain.renewals.decisions import Decision
from domain.renewals.tracks import PEOPLE, Line
from reports.listing import About, Field, Value
from reports.listing import workbook as listed
from words import N_, Words
from words.terms import CALLS, STATES, term

Row = TypeVar("Row")
CALLED: Mapping[Voice, str] = {"rule": N_("Call of the rule"), "csm": N_("Call of the CSM"), "final": N_("Final call")}
EXPECTS: Mapping[Voice, str] = {
    "rule": N_("Counted by the rule"), "csm": N_("Counted by the CSM"), "final": N_("Counted in the end"),
}  # fmt: skip
RESULTS: Mapping[str, str] = {
    "lost": N_("lost"), "reduced": N_("reduced"), "renewed": N_("renewed"), "waiting": N_("waiting"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A renewal to come. csm: a name; counts: what each voice's call counts a year, None where it is open; step: what
    is due now."""

    account: Account
    line: Line
    csm: str | None = None
    state: str | None = None
    score: int | None = None
    counts: Mapping[Voice, Decimal | None] = field(default_factory=dict)
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A renewal that was decided, with the last call of each voice on it."""

    account: Account
    decision: Decision
    calls: Mapping[Voice, RenewalCall]
    csm: str | None = None


def workbook(about: About, rows: Iterable[Due], words: Words) -> bytes:
    """Of renewals to come."""
    states = {code: words._(said) for code, said in STATES.items()}
    fields: list[Field[Due]] = [
        *_who(words, lambda row: row.account, lambda row: row.csm),
        Field(words._("Score"), 10, lambda r: r.score, words._("Health of the last night, 0 to 100."), "number"),
        Field(
            words._("Colour"), 23, lambda r: term(words, STATES, r.state) or None,
            words._("The colour of the score, or why there is none: too little data, onboarding, leaving."),
            states=states,
        ),
        *_contract(words),
        *_dates(words),
        *(_call(words, voice) for voice in CALLED),
        Field(
            words._("They disagree"), 12, lambda r: _yes(words, holds=r.line.tracks.disagree),
            words._("The calls are not the same."),
        ),
        Field(
            words._("Calls missing"), 40,
            lambda r: words.listed(words._(CALLED[v]) for v in r.line.tracks.missing) or None,
            words._("Who has yet to give a call that counts; near the decision “monitor” counts no more."),
        ),
        *(_counted(words, voice) for voice in EXPECTS),
        Field(words._("Due now"), 110, lambda r: r.step, words._("The checkpoint that it is at, and what is due.")),
    ]  # fmt: skip
    return listed(about, fields, rows, words)


def workbook_of_decided(about: About, rows: Iterable[Done], words: Words) -> bytes:
    """Of a period gone by."""
    fields: list[Field[Done]] = [
        *_who(words, lambda row: row.account, lambda row: row.csm),
        Field(
            words._("Result"), 14, lambda r: words._(RESULTS[r.decision.result]),
            words._("What became of the contract at the end of its term."),
            states={"red": words._("lost"), "yellow": words._("reduced"), "green": words._("renewed")},
        ),
        Field(
            words._("Product"), 20, lambda r: r.decision.version.product or None, words._("The contract's product."),
        ),
        Field(words._("Ended"), 14, lambda r: r.decision.ends_on, words._("The end of the term."), "day"),
        Field(
            words._("Due a year"), 14, lambda r: r.decision.before.amount,
            words._("The annual amount that came up for renewal."), "amount",
        ),
        Field(
            words._("Goes on a year"), 14, lambda r: r.decision.after.amount,
            words._("The annual amount that went on."), "amount",
        ),
        Field(words._("Currency"), 10, lambda r: r.decision.after.currency, words._("The currency of the amounts.")),
        Field(
            words._("By itself"), 12, lambda r: _yes(words, holds=r.decision.by_itself),
            words._("The contract went on without anybody's decision."),
        ),
        Field(words._("Reason"), 40, _reason, words._("As recorded with the contract, else with the last call.")),
        Field(words._("Competitor"), 20, _competitor, words._("To whom a lost account went.")),
        *(_called(words, voice) for voice in CALLED),
    ]  # fmt: skip
    return listed(about, fields, rows, words)


def _who(words: Words, account: Callable[[Row], Account], csm: Callable[[Row], str | None]) -> list[Field[Row]]:
    return [
        Field(words._("Account id"), 22, lambda r: account(r).account_id, words._("The account's id in your systems.")),
        Field(words._("Account"), 34, lambda r: account(r).name, words._("The account's name.")),
        Field(words._("Segment"), 15, lambda r: account(r).segment, words._("The account's segment today.")),
        Field(words._("Tier"), 9, lambda r: account(r).tier, words._("The account's tier today.")),
        Field(words._("CSM"), 20, csm, words._("Who holds the account today.")),
    ]


def _contract(words: Words) -> list[Field[Due]]:
    return [
        Field(
            words._("Contract"), 18, lambda r: r.line.renewal.version.subscription_id,
            words._("The contract's id in your systems."),
        ),
        Field(
            words._("Product"), 20, lambda r: r.line.renewal.version.product or None,
            words._("The contract's product."),
        ),
        Field(
            words._("Amount a year"), 14, lambda r: r.line.renewal.version.annual.amount,
            words._("The contract's annual amount."), "amount",
        ),
        Field(
            words._("Currency"), 10, lambda r: r.line.renewal.version.annual.currency,
            words._("The currency of the amounts of this row."),
        ),
        Field(
            words._("Licences"), 11, lambda r: r.line.renewal.version.seats, words._("The contract's seats."), "number"
        ),
    ]  # fmt: skip


def _dates(words: Words) -> list[Field[Due]]:
    return [
        Field(
            words._("Ends"), 14, lambda r: r.line.renewal.ends_on,
            words._("The coming end of the term; the list is in this order."), "day",
        ),
        Field(
            words._("Days left"), 10, lambda r: r.line.renewal.days_left,
            words._("Days from the day of this file to the end; below zero it has passed."), "number",
        ),
        Field(
            words._("Decision date"), 14, lambda r: r.line.renewal.decision_on,
            words._("The notice date where a contract renews by itself, else its end."), "day",
        ),
        Field(
            words._("Days to decide"), 11, lambda r: r.line.renewal.days_to_decide,
            words._("Days from the day of this file to the decision date."), "number",
        ),
        Field(
            words._("By itself"), 12, lambda r: _yes(words, holds=r.line.renewal.automatic),
            words._("The contract renews by itself unless somebody gives notice."),
        ),
        Field(
            words._("Standing"), 24, lambda r: _standing(words, r),
            words._("Leaving: notice or a cancellation is known. Ended: within the grace, not renewed yet."),
        ),
    ]  # fmt: skip


def _standing(words: Words, row: Due) -> str | None:
    renewal = row.line.renewal
    if renewal.leaving:
        return words._("leaving")
    if renewal.pending:
        return words._("ended, not renewed yet")
    return words._("month to month") if renewal.kind == "month_to_month" else None


def _call(words: Words, voice: Voice) -> Field[Due]:
    means = words._("The last call of this voice on this renewal.")
    return Field(words._(CALLED[voice]), 18, lambda r: _said(words, r.line.tracks.calls.get(voice)), means)


def _called(words: Words, voice: Voice) -> Field[Done]:
    means = words._("The last call of this voice on this renewal.")
    return Field(words._(CALLED[voice]), 18, lambda r: _said(words, r.calls.get(voice)), means)


def _counted(words: Words, voice: Voice) -> Field[Due]:
    means = words._(
        "What this voice's call counts of the amount in the forecast of /renewals; empty where there is no call that "
        "counts."
    )
    return Field(words._(EXPECTS[voice]), 14, lambda r: r.counts.get(voice), means, "amount")


def _said(words: Words, call: RenewalCall | None) -> str | None:
    return term(words, CALLS, call.call) if call else None


def _yes(words: Words, *, holds: bool) -> str | None:
    return words._("yes") if holds else None


def _reason(row: Done) -> Value:
    return row.decision.reason or next((c.reason for c in _given(row) if c.reason), None)


def _competitor(row: Done) -> Value:
    if row.decision.result != "lost":
        return None
    return row.decision.competitor or next((c.competitor for c in _given(row) if c.competitor), None)


def _given(row: Done) -> list[RenewalCall]:
    """What people said, the final word first; the rule's reason is a code."""
    return [row.calls[voice] for voice in reversed(PEOPLE) if voice in row.calls]
