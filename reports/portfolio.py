"""The portfolio as a list: an account a row, the worst first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from domain.facts import Voice
from domain.health.scores import COLOURS
from domain.portfolio import Entry
from reports.listing import About, Field
from reports.listing import workbook as listed
from words import N_, Words
from words.terms import CALLS, LAER_STAGES, MEASURES, SENTIMENTS, STATES, term

CAPS: Mapping[str, str] = {
    "champion_left": N_("the champion left"),
    "sponsor_left": N_("the sponsor left"),
    "critical_ticket": N_("a critical ticket is open"),
    "use_fell": N_("use fell"),
}
UNMEASURED = frozenset({"former", "prospect"})
PERCENT = Decimal(100)


def workbook(
    about: About, entries: Iterable[Entry], words: Words, *, people: Mapping[str, str], own: Sequence[str] = ()
) -> bytes:
    """people: names by e-mail; own: the company's own columns."""
    fields = [
        *_who(words, people),
        *_health(words),
        *_worth(words),
        *_renewal(words),
        *_life(words),
        *(_own(words, name) for name in own),
    ]
    return listed(about, fields, entries, words)


def _who(words: Words, people: Mapping[str, str]) -> list[Field[Entry]]:
    return [
        Field(words._("Account id"), 22, lambda e: e.account.account_id, words._("The account's id in your systems.")),
        Field(words._("Account"), 34, lambda e: e.account.name, words._("The account's name.")),
        Field(words._("Segment"), 15, lambda e: e.account.segment, words._("The account's segment today.")),
        Field(words._("Tier"), 9, lambda e: e.account.tier, words._("The account's tier today.")),
        Field(
            words._("CSM"), 20, lambda e: people.get(e.account.csm or "", e.account.csm),
            words._("Who holds the account today."),
        ),
        Field(
            words._("Stage"), 14, lambda e: term(words, LAER_STAGES, e.stage) or None,
            words._("The stage of LAER: as a person gave it, else as the rules say."),
        ),
    ]  # fmt: skip


def _health(words: Words) -> list[Field[Entry]]:
    states = {code: words._(said) for code, said in STATES.items()}
    return [
        Field(
            words._("Score"), 10, lambda e: e.score,
            words._("Health from 0 to 100, higher is healthier; empty where there is none."), "number",
        ),
        Field(
            words._("Colour"), 23, lambda e: term(words, STATES, e.state) or None,
            words._("The colour of the score, or why there is none: too little data, onboarding, leaving."),
            states=states,
        ),
        Field(
            words._("Held by a rule"), 24, lambda e: term(words, CAPS, e.cap) or None,
            words._("The rule that holds the colour below that of the score; the score stays."),
        ),
        Field(
            words._("Change in 30 days"), 13, lambda e: e.change,
            words._("The score less that of 30 days before, under the same policy."), "change",
        ),
        Field(
            words._("Data available"), 14, _coverage,
            words._("The share of the weight for which there are fresh facts."), "percent",
        ),
        Field(
            words._("Speaks most against it"), 44, _against(words),
            words._(
                "What fell most in 30 days, else what is furthest below its weight, with its points of its weight. "
                "/health ACCOUNT tells the whole of it."
            ),
        ),
    ]  # fmt: skip


def _coverage(entry: Entry) -> Decimal | None:
    return None if entry.coverage is None or entry.state in UNMEASURED else entry.coverage / PERCENT


def _against(words: Words) -> Callable[[Entry], str | None]:
    @cache
    def of(measure: str, points: int, weight: int) -> str:
        earned = words._("{points} of {weight}", points=words.number(points), weight=words.number(weight))
        return f"{term(words, MEASURES, measure)} · {earned}"

    def said(entry: Entry) -> str | None:
        found = entry.against
        if found is None:
            return words._("nothing stands out") if entry.state in COLOURS else None
        return of(found.measure, found.points, found.weight)

    return said


def _worth(words: Words) -> list[Field[Entry]]:
    return [
        Field(words._("MRR"), 13, lambda e: e.mrr, words._("A twelfth of the ARR, to the cent."), "amount"),
        Field(
            words._("ARR"), 14, lambda e: e.annual.amount if e.annual else None,
            words._("The annual amounts in force on the day; in several currencies at the policy's rates."), "amount",
        ),
        Field(
            words._("Currency"), 10, lambda e: e.annual.currency if e.annual else None,
            words._("The currency of the amounts of this row."),
        ),
    ]  # fmt: skip


def _renewal(words: Words) -> list[Field[Entry]]:
    return [
        Field(
            words._("Renewal"), 14, lambda e: e.renewal.ends_on if e.renewal else None,
            words._("The coming end of the contract that ends first, of those that may still renew."), "day",
        ),
        Field(
            words._("Decision date"), 14, lambda e: e.renewal.decision_on if e.renewal else None,
            words._("The notice date where a contract renews by itself, else its end."), "day",
        ),
        _call(words, "rule", words._("Call of the rule"), words._("What the rule expects of this renewal.")),
        _call(words, "csm", words._("Call of the CSM"), words._("What the CSM expects of this renewal.")),
        _call(words, "final", words._("Final call"), words._("What was settled in the end.")),
    ]  # fmt: skip


def _call(words: Words, voice: Voice, title: str, means: str) -> Field[Entry]:
    def said(entry: Entry) -> str | None:
        found = entry.calls.get(voice)
        return term(words, CALLS, found.call) if found else None

    return Field(title, 18, said, means)


def _life(words: Words) -> list[Field[Entry]]:
    return [
        Field(words._("Licences"), 11, lambda e: e.seats, words._("Seats in force on the day."), "number"),
        Field(
            words._("Active licences"), 11, _value("licences", PERCENT),
            words._("Distinct users active in the last 28 days, of the seats; empty without fresh facts."), "percent",
        ),
        Field(
            words._("NPS answers"), 10, _value("nps", Decimal(1)),
            words._("The mean, 0 to 10, of the latest answer of each contact."), "tenths",
        ),
        Field(
            words._("Last two-way touch"), 14, lambda e: e.touched_on,
            words._("The last day on which the customer spoke with us."), "day",
        ),
        Field(
            words._("Sentiment"), 15, lambda e: term(words, SENTIMENTS, e.sentiment.value) if e.sentiment else None,
            words._("How the CSM of today feels about the account; never part of the score."),
        ),
        Field(
            words._("Sentiment of"), 14, lambda e: e.sentiment.given_on if e.sentiment else None,
            words._("The day on which it was given."), "day",
        ),
    ]  # fmt: skip


def _value(measure: str, per: Decimal) -> Callable[[Entry], Decimal | None]:
    def found(entry: Entry) -> Decimal | None:
        value = entry.values.get(measure)
        return None if value is None else Decimal(str(value)) / per

    return found


def _own(words: Words, name: str) -> Field[Entry]:
    means = words._("A column of your own, as it was imported.")
    return Field(
        name, max(16, len(name) + 3), lambda e: str(e.account.extra[name]) if e.account.extra.get(name) else None, means
    )
