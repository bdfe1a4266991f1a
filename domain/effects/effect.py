"""What a playbook did: its accounts beside those that were eligible and not treated; never before against after."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from statistics import NormalDist
from typing import Literal

from domain.effects.adjustment import Row, difference
from domain.effects.overlap import comparable
from domain.playbooks.plays import Assigned

Method = Literal["randomised", "adjusted", "hint"]
Undefined = Literal["cannot_tell", "no_control", "no_outcome", "too_few", "no_overlap", "no_variation"]
LeftOut = Literal["chosen", "not_drawn", "no_outcome", "unknown_before", "no_counterpart"]
Caution = Literal["many_chosen", "outcomes_uneven", "potential_unknown"]

ENOUGH = 20
MANY = UNEVEN = 0.1
CERTAINTY = 0.95
BEFORE = ("score_before", "kpi_before", "potential")


@dataclass(frozen=True, slots=True)
class Subject:
    """An eligible account when it was eligible, started (treated) or not, and what came of it by the same horizon.

    assigned: as its play says; drawn: the draw could have held it out. Of an account that waited or was held out, the
    outcome is from before any start of its own. kpi_before, outcome: in the unit of the KPI; a renewal is 1 or 0.
    potential: what the waves were ordered by; only the order counts. customer: the number of its parent, if it has one.
    done: names of activities.
    """

    account: int
    treated: bool
    assigned: Assigned
    drawn: bool = False
    score_before: float | None = None
    kpi_before: float | None = None
    outcome: float | None = None
    potential: float | None = None
    customer: int | None = None
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """Treated − control, adjusted for `adjusted_for`, with the ends of its 95 % interval; or why there is none.

    The unit is that of the KPI; for renewals 0.05 is five points. treated_n, control_n: accounts compared; *_customers:
    these with those of one parent as one, of which each side needs 20. assigned: the reasons of all starts. left_out:
    subjects by why; not_drawn: the draw could not reach them, and is enough without them.
    """

    treated_n: int
    control_n: int
    treated_customers: int
    control_customers: int
    assigned: Mapping[Assigned, int]
    left_out: Mapping[LeftOut, int]
    method: Method | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    undefined_because: Undefined | None = None
    adjusted_for: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()

    @property
    def clear(self) -> bool:
        """The interval does not hold zero."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class ActivityHint:
    """Accounts of the playbook where an activity was done beside those where it was not: not randomised, a hint only.

    Intervals are so wide that all hints of one playbook hold together with 95 %.
    """

    activity: str
    effect: Effect


@dataclass(slots=True)
class _Pool:
    """Subjects that still count, and how many went for which reason."""

    subjects: list[Subject]
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def keep(self, those: Callable[[Subject], bool], otherwise: LeftOut) -> None:
        kept = [subject for subject in self.subjects if those(subject)]
        self.left_out[otherwise] += len(self.subjects) - len(kept)
        self.subjects = kept


def held_out(playbook: str, account_id: str, *, share: float, salt: str = "") -> bool:
    """Whether the draw keeps an eligible account from the start; the same answer each time it is asked.

    share: 0 to 1; a larger one holds out more, never others. salt: another one is another draw. Accounts of one parent
    are drawn together if the parent's id is given for each.
    """
    drawn = sha256(f"{salt}\x1f{playbook}\x1f{account_id}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") / 2**64 < share


def effect(subjects: Iterable[Subject], *, binary: bool) -> Effect:
    """The effect over subjects of one playbook; binary: the outcome is 1 or 0, as a renewal is.

    The draw alone, where it gives 20 customers a side and started all that it let pass; else all that the CSM did not
    choose and that have a counterpart. Lin (2013), Crump et al. (2009); docs/effect.md says what it cannot tell.
    """
    pool = _Pool(list(subjects))
    assigned = Counter(subject.assigned for subject in pool.subjects if subject.treated)
    pool.keep(lambda subject: subject.assigned != "chosen", "chosen")
    fair = pool.subjects
    controls = sum(not subject.treated for subject in fair)
    cautions: list[Caution] = []
    if assigned["chosen"] > MANY * (assigned["chosen"] + controls):
        cautions.append("many_chosen")
    if why := _unanswerable(assigned, controls):
        return _made(pool, [], assigned=assigned, undefined_because=why)
    return _answered(pool, assigned, cautions + _uneven(fair), binary=binary)


def activity_hints(subjects: Iterable[Subject], *, binary: bool) -> tuple[ActivityHint, ...]:
    """For each activity with 20 customers where it was done and 20 where not, by name; chosen starts left out."""
    starts = [subject for subject in subjects if subject.treated and subject.assigned != "chosen"]
    splits = {name: _split(starts, name) for name in sorted({name for subject in starts for name in subject.done})}
    asked = {name: split for name, split in splits.items() if _enough([s for s in split if s.outcome is not None])}
    found = []
    for name, split in asked.items():
        certainty = 1 - (1 - CERTAINTY) / len(asked)
        assigned = Counter(subject.assigned for subject in split if subject.treated)
        hint = _answered(_Pool(split), assigned, _uneven(split), binary=binary, hint=True, certainty=certainty)
        if hint.difference is not None:
            found.append(ActivityHint(name, hint))
    return tuple(found)


def _answered(
    pool: _Pool,
    assigned: Counter[Assigned],
    cautions: list[Caution],
    *,
    binary: bool,
    hint: bool = False,
    certainty: float = CERTAINTY,
) -> Effect:
    pool.keep(lambda subject: subject.outcome is not None, "no_outcome")
    if not pool.subjects:
        return _made(pool, [], assigned=assigned, undefined_because="no_outcome")
    method: Method = "hint" if hint else _settled(pool)
    names = _adjustable(pool)
    rows, why = _compared(pool, names, method)
    if not why and not binary and _flat(rows):
        why = "no_variation"
    made = _made(pool, rows, assigned=assigned, method=method, undefined_because=why)
    if why:
        return made
    if method != "randomised" and "potential" not in names:
        cautions = [*cautions, "potential_unknown"]
    found = difference(rows, binary=binary, certainty=certainty)
    made = replace(made, adjusted_for=tuple(names), cautions=tuple(cautions))
    return replace(made, difference=found.value, low=found.low, high=found.high)


def _adjustable(pool: _Pool) -> list[str]:
    """What is known of half of each side or more; those without it are left out."""
    names = [name for name in BEFORE if _mostly_known(pool.subjects, name)]
    pool.keep(lambda subject: all(getattr(subject, name) is not None for name in names), "unknown_before")
    return names


def _compared(pool: _Pool, names: Sequence[str], method: Method) -> tuple[list[Row], Undefined | None]:
    """Without a draw the score before must be known, and only those with a counterpart count."""
    if method != "randomised" and "score_before" not in names:
        return [], "cannot_tell"
    rows = _rows(pool.subjects, names)
    if not _many(rows):
        return rows, "too_few"
    if method == "randomised":
        return rows, None
    alike = comparable(rows)
    pool.left_out["no_counterpart"] = len(rows) - len(alike)
    return alike, None if _many(alike) else "no_overlap"


def _unanswerable(assigned: Counter[Assigned], controls: int) -> Undefined | None:
    if assigned["chosen"] and assigned.total() == assigned["chosen"]:
        return "cannot_tell"
    return None if controls else "no_control"


def _settled(pool: _Pool) -> Method:
    """By the draw alone, where it is enough or all there is; who waits though the draw let it pass, undoes it."""
    drawn = [subject for subject in pool.subjects if _drawn(subject)]
    waits = any(subject.assigned != "hold_out" and not subject.treated for subject in drawn)
    if waits or not (_enough(drawn) or len(drawn) == len(pool.subjects)):
        return "adjusted"
    pool.keep(_drawn, "not_drawn")
    return "randomised"


def _drawn(subject: Subject) -> bool:
    return subject.drawn or subject.assigned == "hold_out"


def _uneven(fair: Sequence[Subject]) -> list[Caution]:
    """Outcomes are missing on one side more than on the other: who left has no KPI."""
    sides = [[subject.outcome is None for subject in fair if subject.treated is side] for side in (True, False)]
    missing = [sum(side) / len(side) if side else 0.0 for side in sides]
    return ["outcomes_uneven"] if abs(missing[0] - missing[1]) >= UNEVEN else []


def _mostly_known(subjects: Sequence[Subject], name: str) -> bool:
    sides = [[getattr(s, name) is not None for s in subjects if s.treated is side] for side in (True, False)]
    return all(2 * sum(side) >= len(side) > 0 for side in sides)


def _split(starts: Sequence[Subject], activity: str) -> list[Subject]:
    return [replace(subject, treated=activity in subject.done) for subject in starts]


def _rows(subjects: Sequence[Subject], names: Sequence[str]) -> list[Row]:
    columns = [[getattr(subject, name) for subject in subjects] for name in names]
    columns = [
        _by_order(column) if name == "potential" else column for name, column in zip(names, columns, strict=True)
    ]
    befores = list(zip(*columns, strict=True)) or [()] * len(subjects)
    return [
        Row(subject.treated, _customer(subject), float(subject.outcome or 0), tuple(map(float, before)))
        for subject, before in zip(subjects, befores, strict=True)
    ]


def _by_order(column: Sequence[float]) -> list[float]:
    """Normal scores: money and days to a date are skewed, each in its way; ties share the middle of their places."""
    ordered = sorted(column)
    middles = {x: (bisect_left(ordered, x) + bisect_right(ordered, x)) / 2 for x in ordered}
    return [NormalDist().inv_cdf(middles[x] / len(ordered)) for x in column]


def _customer(subject: Subject) -> int:
    return subject.account if subject.customer is None else subject.customer


def _enough(subjects: Sequence[Subject]) -> bool:
    return _many(_rows(subjects, ()))


def _many(rows: Sequence[Row]) -> bool:
    return all(_customers(rows, treated=side) >= ENOUGH for side in (True, False))


def _customers(rows: Sequence[Row], *, treated: bool) -> int:
    return len({row.group for row in rows if row.treated is treated})


def _flat(rows: Sequence[Row]) -> bool:
    return all(len({row.outcome for row in rows if row.treated is side}) == 1 for side in (True, False))


def _made(
    pool: _Pool,
    rows: Sequence[Row],
    *,
    assigned: Counter[Assigned],
    undefined_because: Undefined | None,
    method: Method | None = None,
) -> Effect:
    treated = sum(row.treated for row in rows)
    return Effect(
        treated_n=treated,
        control_n=len(rows) - treated,
        treated_customers=_customers(rows, treated=True),
        control_customers=_customers(rows, treated=False),
        assigned=dict(assigned),
        left_out=dict(+pool.left_out),
        method=method,
        undefined_because=undefined_because,
    )
