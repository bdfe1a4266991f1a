"""Past renewals as questions, each with what was known at its snapshot and nothing later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from domain.renewals.decisions import Decision
from domain.renewals.learned import Known


class Leaked(ValueError):
    """A reading was recorded after the snapshot: the test would know the future."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored score and the day it is of: made of what was known by then.

    before: the score of four weeks earlier; points: of each measure, as a part of its weight, of the day `points_on`.
    """

    day: date
    state: str
    score: int | None
    coverage: int = 100
    before: int | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    points_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One renewal of one account: was it lost? on: the snapshot, the decision date or the day before notice came.

    terms: what the contract says, in figures.
    """

    account: int
    on: date
    ends_on: date
    settled_on: date
    lost: bool
    terms: Known = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """A question with what was known at its snapshot; raises Leaked for anything later."""

    question: Question
    reading: Reading | None

    def __post_init__(self) -> None:
        days = (self.reading.day, self.reading.points_on) if self.reading else ()
        for day in days:
            if day and day > self.question.on:
                raise Leaked(f"a reading of {day} for a decision on {self.question.on}")

    @property
    def known(self) -> Known:
        return figures(self.reading, self.question.terms) if self.reading else self.question.terms

    @property
    def score(self) -> int | None:
        return self.reading.score if self.reading else None


def figures(reading: Reading, terms: Known) -> Known:
    """What a learned model may know: the score, where it comes from, its way, and what the contract says."""
    known = {**terms, "coverage": float(reading.coverage)}
    if reading.score is not None:
        known["score"] = float(reading.score)
        if reading.before is not None:
            known["change"] = float(reading.score - reading.before)
    return {**known, **{f"points:{measure}": part for measure, part in reading.points.items()}}


def terms_known(on: date, *, since: date, term_months: int, by_itself: bool) -> Known:
    """Of a contract on a day; since: its customer's first start."""
    return {"years": (on - since).days / 365.25, "term_months": float(term_months), "by_itself": float(by_itself)}


def questions(account: int, decisions: Iterable[Decision], *, since: date | None = None) -> list[Question]:
    """The settled renewals of an account: contracts of one end are one, lost where all are; months apart are none.

    Where notice was given before the decision date, the snapshot is the day before it: what is known is not foretold.
    """
    settled = [d for d in decisions if d.settled_on and d.term_months > 1]
    found = []
    for ends_on, group in groupby(sorted(settled, key=attrgetter("ends_on")), key=attrgetter("ends_on")):
        of_day = list(group)
        known = [d.gone_on - timedelta(1) for d in of_day if d.gone_on]
        on = min([*(d.decision_on for d in of_day), *known])
        settled_on = max(d.settled_on or ends_on for d in of_day)
        first = of_day[0]
        terms = terms_known(on, since=since or first.version.starts_on, term_months=first.term_months,
                            by_itself=first.by_itself or first.version.auto_renew)  # fmt: skip
        found.append(Question(account, on, ends_on, settled_on, all(d.result == "lost" for d in of_day), terms))
    return found
