"""From plays to what `effect` compares: who was eligible, until when each is looked at, what came of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.effects.effect import Subject
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play

RENEWAL = "renewal-rate"
PERCENT = 100.0
FLAGS = frozenset(
    {RENEWAL, "retention", "churn", "activation", "conversion", "referral", "outcomes", "repeat-purchase"}
)
"""KPIs that are 1 or 0 for one account."""


@dataclass(frozen=True, slots=True)
class Eligible:
    """A play, started or not, with what is known of its account.

    customer: the number of its parent, or its own. notice_days: of its contracts, where they renew by themselves.
    done: activities that were done, each with its first day. book: the playbook of the play's version.
    """

    play: Play
    book: Playbook
    customer: int
    tier: str | None = None
    notice_days: int = 0
    done: tuple[tuple[str, date], ...] = ()

    @property
    def treated(self) -> bool:
        return self.play.started_on is not None

    @property
    def until(self) -> date | None:
        """Of one that was not started here: the day of a start of its own."""
        return None if self.treated else self.play.ended_on


@dataclass(frozen=True, slots=True)
class Look:
    """An account from the day on which it was eligible to the day on which it is looked at."""

    play_id: str
    account: int
    since: date
    until: date


def look(each: Eligible, playbook: Playbook, grace_days: int) -> Look | None:
    """So many days after it was eligible as the playbook lasts; a renewal when the term that was due is decided.

    None: it has no renewal, or got a start of its own before.
    """
    play, until = each.play, each.play.eligible_on + timedelta(playbook.lasts)
    if playbook.kpi.name == RENEWAL:
        if play.decision_on is None:
            return None
        until = play.decision_on + timedelta(each.notice_days + grace_days)
    if each.until is not None and each.until <= until:
        return None
    return Look(play.play_id, play.account, play.eligible_on, until)


def subject(each: Eligible, playbook: Playbook, seen: Look | None, outcome: float | None) -> Subject:
    """What was known before counts only where it is of the same KPI; activities only up to the day of the look."""
    play = each.play
    same = each.book.kpi.name == playbook.kpi.name
    return Subject(
        account=play.account,
        treated=each.treated,
        assigned=play.assigned,
        drawn=play.assigned == "hold_out"
        or (play.assigned != "chosen" and each.book.clients.hold_out.reaches(each.tier)),
        score_before=None if play.score_before is None else float(play.score_before),
        kpi_before=float(play.kpi_before) if same and play.kpi_before is not None else None,
        outcome=outcome,
        potential=play.potential,
        customer=each.customer,
        done=frozenset(name for name, day in each.done if seen is not None and day <= seen.until),
    )


def awaited(looks: Iterable[Look], today: date) -> tuple[list[Look], date | None]:
    """Those whose day has come, and the next day on which one comes."""
    every = list(looks)
    ahead = [each.until for each in every if each.until > today]
    return [each for each in every if each.until <= today], min(ahead, default=None)


def _growth(opening: float, closing: float) -> float:
    return (closing - opening) / opening * PERCENT


def _lost(opening: float, closing: float) -> float:
    return max(opening - closing, 0.0) / opening * PERCENT


OF_REVENUE: Mapping[str, Callable[[float, float], float]] = {
    "nrr": lambda opening, closing: closing / opening * PERCENT,
    "grr": lambda opening, closing: PERCENT - _lost(opening, closing),
    "revenue-churn": _lost,
    "net-revenue-churn": lambda opening, closing: -_growth(opening, closing),
    "net-growth": _growth,
    "retention": lambda _opening, closing: float(closing > 0),
    "churn": lambda _opening, closing: float(closing <= 0),
    RENEWAL: lambda _opening, closing: float(closing > 0),
}
"""Of one account that paid when it was eligible: from the annual amounts then and at the look; ratios in %."""
ENDINGS: Mapping[str, Callable[[float], float]] = {"mrr": lambda closing: closing / 12, "arr": lambda closing: closing}
"""Of any account: from the annual amount at the look."""
