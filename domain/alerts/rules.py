"""The signals of a policy, ready to be asked of many accounts: bounds read, words folded and facts named once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.conditions import Test, Wanted, condition
from domain.fact_kinds import KINDS, Value
from domain.policies.policy_alerts import SignalPolicy
from domain.situations import Made

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
    """of_leaving: what is noticed of accounts that have given notice too; facts: all that any rule reads."""

    every: Mapping[str, Rule]
    of_leaving: Mapping[str, Rule]
    facts: frozenset[str]


def rules(watched: Mapping[str, SignalPolicy]) -> Rules:
    """watched: the signals that are on, by kind."""
    every = {kind: _rule(kind, signal) for kind, signal in watched.items()}
    of_leaving = {kind: rule for kind, rule in every.items() if rule.signal.leaving}
    return Rules(every, of_leaving, frozenset(name for signal in watched.values() for name in _read(signal)))


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
