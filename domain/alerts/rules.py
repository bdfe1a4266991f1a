"""The signals of a policy, ready to be asked of many accounts: bounds read, words folded and facts named once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.conditions import Test, Wanted, condition
from domain.fact_kinds import KINDS, Value
from domain.policies.policy_alerts import SignalPolicy
from domain.situations import WITHOUT, Made

Asks = tuple[tuple[str, Test], ...]
MEASURED = {"percent", "points"}


@dataclass(frozen=True, slots=True)
class Way:
    """One of the alternatives of `when`; shown: the facts that are told where it holds."""

    asks: Asks
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A signal of the policy by its kind."""

    kind: str
    signal: SignalPolicy
    ways: tuple[Way, ...]
    unless: tuple[Asks, ...]
    leave: tuple[Asks, ...]

    def met(self, made: Made) -> Way | None:
        """The first way in which it is noticed."""
        for way in self.ways:
            for name, holds in way.asks:
                value = made[name]
                if value is None or not holds(value):
                    break
            else:
                return None if any_holds(self.unless, made) else way
        return None

    def untold(self, made: Made) -> bool:
        """All that is known of a way holds, and a measure is not known: silence is no good news."""
        return any(_untold(way.asks, made) for way in self.ways)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules by kind; `groups`: those that ask facts, by what an account must have to meet them, None: nothing."""

    of: Mapping[str, Rule]
    groups: tuple[tuple[str | None, tuple[Rule, ...]], ...]

    def met(self, made: Made) -> Iterator[tuple[Rule, Way]]:
        facts = made.seen.facts
        for needed, those in self.groups:
            if needed is None or getattr(facts, needed):
                for rule in those:
                    way = rule.met(made)
                    if way is not None:
                        yield rule, way


@dataclass(frozen=True, slots=True)
class Watched:
    """of_leaving: what is noticed of accounts that have given notice too; facts: all that any rule reads."""

    every: Rules
    of_leaving: Rules
    facts: frozenset[str]


def ready(signals: Mapping[str, SignalPolicy]) -> Watched:
    """signals: those that are on, by kind."""
    every = [_rule(kind, signal) for kind, signal in signals.items()]
    read = frozenset(name for signal in signals.values() for name in _read(signal))
    return Watched(_grouped(every), _grouped([rule for rule in every if rule.signal.leaving]), read)


def _grouped(those: Iterable[Rule]) -> Rules:
    groups: dict[str | None, list[Rule]] = {None: []}
    for rule in those:
        if rule.ways:
            groups.setdefault(_needed(rule), []).append(rule)
    return Rules({rule.kind: rule for rule in those}, tuple((name, tuple(mine)) for name, mine in groups.items()))


def _needed(rule: Rule) -> str | None:
    """What an account must have some of, for any way of the rule to hold."""
    return next((name for name, facts in WITHOUT.items() if all(_barred(way, facts) for way in rule.ways)), None)


def _barred(way: Way, facts: Mapping[str, Value]) -> bool:
    return any(name in facts and not _holds(holds, facts[name]) for name, holds in way.asks)


def any_holds(those: Iterable[Asks], made: Made) -> bool:
    return any(all(_holds(holds, made[name]) for name, holds in asks) for asks in those)


def _holds(holds: Test, value: Value) -> bool:
    return value is not None and holds(value)


def _untold(asks: Asks, made: Made) -> bool:
    lacking = [name for name, _ in asks if made[name] is None]
    told = all(holds(made[name]) for name, holds in asks if made[name] is not None)
    return bool(lacking) and told and all(KINDS.get(name) in MEASURED for name in lacking)


def _rule(kind: str, signal: SignalPolicy) -> Rule:
    ways = tuple(Way(_asks(one), tuple(dict.fromkeys((*one, *signal.show)))) for one in signal.when)
    return Rule(kind, signal, ways, tuple(map(_asks, signal.unless)), tuple(map(_asks, signal.leave)))


def _asks(one: Mapping[str, Wanted]) -> Asks:
    return tuple((name, condition(wanted)) for name, wanted in one.items())


def _read(signal: SignalPolicy) -> Iterator[str]:
    for one in (*signal.when, *signal.unless, *signal.leave):
        yield from one
    yield from signal.show
    yield from (name for name in (signal.each, signal.due) if name)
