"""May a play start: re-run, overlap and cool-down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import LIVE, OVER, Play
from domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """waivable: whoever starts it by hand, with a reason, may do so all the same."""

    reason: Reason
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """pauses: running plays of the account that would wait while this one runs."""

    refused: tuple[Refusal, ...] = ()
    pauses: tuple[Play, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refused


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that a play may start on: plays: all of its own, past ones too; began_on: its first paid day, or that
    of its return; contact_id, decision_on: what the play would be about."""

    plays: tuple[Play, ...] = ()
    leaving: bool = False
    began_on: date | None = None
    contact_id: str | None = None
    decision_on: date | None = None


def subject_of(playbook: Playbook, candidate: Candidate, today: date) -> str:
    """What tells its plays apart: the contact's id, the decision date, the quarter (2026-Q4), or ''."""
    match playbook.again.per:
        case "contact":
            return candidate.contact_id or ""
        case "term":
            return candidate.decision_on.isoformat() if candidate.decision_on else ""
        case "quarter":
            return f"{today.year}-Q{(today.month + 2) // 3}"
        case _:
            return ""


def may_start(playbook: Playbook, candidate: Candidate, books: Mapping[int, Playbook], today: date) -> Ruling:
    """books: the playbooks of the candidate's plays by version."""
    subject = subject_of(playbook, candidate, today)
    same = [play for play in candidate.plays if play.playbook == playbook.name]
    refused = [
        *_of_itself(same, subject),
        *_again(playbook, [p for p in same if p.status in OVER], subject, candidate.began_on, today),
        *_leaving(playbook, candidate),
        *_paused_by_others(playbook, candidate.plays, books),
    ]
    running = [p for p in candidate.plays if p.status == "running" and p.playbook in playbook.pauses]
    return Ruling(tuple(refused), tuple(running))


def _of_itself(same: Iterable[Play], subject: str) -> Iterator[Refusal]:
    """It runs, or the draw keeps the account from it: then a start is chosen, and the effect cannot count it."""
    for play in same:
        since = {"since": play.started_on or play.eligible_on}
        if play.subject == subject and play.status in LIVE:
            yield Refusal(Reason("play_running", since))
        elif play.status == "held_out":
            yield Refusal(Reason("play_held_out", since), waivable=True)


def _again(
    playbook: Playbook, over: Iterable[Play], subject: str, began_on: date | None, today: date
) -> Iterator[Refusal]:
    mine = [play for play in over if play.subject == subject and play.started_on]
    last = max((play.ended_on for play in mine if play.ended_on), default=None)
    if last is None:
        return
    again = playbook.again
    if again.per in {"term", "quarter"}:
        yield Refusal(Reason("play_this_time"), waivable=True)
    elif again.after_days is None:
        if not (again.unless_new and began_on and began_on > last):
            yield Refusal(Reason("play_once"))
    elif today < (until := last + timedelta(again.after_days)):
        yield Refusal(Reason("play_cooling", {"days": (until - today).days, "until": until}), waivable=True)


def _leaving(playbook: Playbook, candidate: Candidate) -> Iterator[Refusal]:
    if candidate.leaving and not playbook.clients.leavers:
        yield Refusal(Reason("play_leaving"))


def _paused_by_others(playbook: Playbook, plays: Iterable[Play], books: Mapping[int, Playbook]) -> Iterator[Refusal]:
    """A running play of the account would only pause it again."""
    for play in plays:
        other = books.get(play.version)
        if play.status == "running" and other is not None and playbook.name in other.pauses:
            yield Refusal(Reason("play_paused_by", {"playbook": play.playbook}), waivable=True)
