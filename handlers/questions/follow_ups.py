"""What a short question means after an answer: the frame of that answer, with what the question changes in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.kpis import kpis_names
from domain.periods import take as take_period
from domain.scopes import NotAScope
from domain.scopes import take as take_scope
from domain.sentences import SLOT, Found, Grammar, Span, filled, filter_order, read
from handlers.ask import Ask
from handlers.questions.readings import BACKWARD, Heard

WHOSE = {"mine", "mine?", "team", "all", "csm"}
ANY = "any"


@dataclass(frozen=True)
class Frame:
    """A command that was answered: its words, and what stood in its slots."""

    literals: tuple[str, ...]
    slots: Mapping[str, str]

    @property
    def capability(self) -> str:
        return self.literals[0]


def frame(ask: Ask, command: str, grammar: Grammar) -> Frame | None:
    """Of the form with the most words of its own that the command fits."""
    words = command.removeprefix("/").split()
    forms = sorted(_forms(grammar), key=lambda form: -len(literals(form)))
    return next((found for form in forms if (found := _fitted(ask, words, form))), None)


def literals(form: str) -> tuple[str, ...]:
    return tuple(SLOT.sub(" ", form).split())


def _forms(grammar: Grammar) -> list[str]:
    return list(dict.fromkeys(one.command for one in grammar.sentences if "{text}" not in one.command))


def _fitted(ask: Ask, words: Sequence[str], form: str) -> Frame | None:
    own, rest = literals(form), list(words)
    if not words or own[:1] != tuple(words[:1]) or any(word not in words for word in own):
        return None
    for word in own:
        rest.remove(word)
    slots: dict[str, str] = {}
    for kind in (slot[1] for slot in SLOT.finditer(form)):
        if kind != "account":
            slots[kind], rest = TAKEN[kind](ask, rest, own)
    if "{account}" in form:
        slots["account"], rest = " ".join(rest), []
    needed = {slot[1] for slot in SLOT.finditer(form)} & {"account", "playbook"}
    if rest or (own[0] not in {"kpi", "forecast"} and any(not slots[kind] for kind in needed)):
        return None
    return Frame(own, {kind: value for kind, value in slots.items() if value})


def _period(ask: Ask, words: list[str], own: Sequence[str]) -> tuple[str, list[str]]:
    start, forward = ask.policy.fiscal_year_start, not " ".join(own).startswith(BACKWARD)
    rest = take_period(words, today=ask.today, fiscal_year_start=start, forward=forward)[1]
    return _without(words, rest), rest


def _scope(_ask: Ask, words: list[str], _own: Sequence[str]) -> tuple[str, list[str]]:
    try:
        rest = take_scope(words)[1]
    except NotAScope:
        return "", words
    return _without(words, rest), rest


def _metric(_ask: Ask, words: list[str], _own: Sequence[str]) -> tuple[str, list[str]]:
    name, rest = kpis_names.take(words)
    return name or "", rest


def _playbook(ask: Ask, words: list[str], _own: Sequence[str]) -> tuple[str, list[str]]:
    name = next((word for word in words if word in ask.desk.playbooks.playbooks), "")
    return name, [word for word in words if word != name]


TAKEN = {"period": _period, "scope": _scope, "metric": _metric, "playbook": _playbook}


def _without(words: Sequence[str], rest: Sequence[str]) -> str:
    left = list(rest)
    taken = []
    for word in words:
        if left and left[0] == word:
            left.pop(0)
        else:
            taken.append(word)
    return " ".join(taken)


def followed(said: Heard, keys: Sequence[str], grammar: Grammar, before: Frame) -> Iterator[tuple[str, bool]]:
    """Commands that the words may come to after it; whether they can be nothing else than a follow-up."""
    spans = [*said.accounts, *said.fixed(grammar, keys), *said.periods(keys, forward=before.capability != "kpi")]
    command = _changed(keys, spans, grammar, before)
    if command:
        yield command, _begins(keys, grammar)
    short = (*grammar.after.get(before.capability, ()), *grammar.after.get(ANY, ()))
    for sentence in short:
        for reading in read(keys, spans, grammar, [sentence]):
            if reading.whole and set(reading.missing) <= before.slots.keys():
                yield reading.command(**before.slots), True


def _begins(keys: Sequence[str], grammar: Grammar) -> bool:
    """With “and” or the like, whatever courtesy stands before it."""
    first = next((at for at, word in enumerate(keys) if word in grammar.also or word not in grammar.noise), 0)
    return any(" ".join(keys[first : first + size]) in grammar.also for size in range(1, 4))


def _changed(keys: Sequence[str], spans: Sequence[Span], grammar: Grammar, before: Frame) -> str:
    """The same question of something else: only what changes is named."""
    chosen = _apart(spans)
    used = {at for span in chosen for at in range(span.first, span.last)}
    found = Found(keys, grammar.noise | grammar.also | grammar.follows)
    if not chosen or any(at not in used and at not in found.noise for at in range(len(keys))):
        return ""
    new: dict[str, str] = {span.kind: span.value for span in chosen}
    filters = [span.value for span in chosen if span.kind == "scope"]
    slots = {**before.slots, **new}
    if filters:
        slots["scope"] = _narrowed(before.slots.get("scope", ""), filters)
    return _best(grammar, before, slots, new.keys())


def _best(grammar: Grammar, before: Frame, slots: Mapping[str, str], new: Iterable[str]) -> str:
    """In the form of the command before that takes what is new, and most of the rest."""
    kinds = {
        form: {slot[1] for slot in SLOT.finditer(form)} for form in _forms(grammar) if literals(form) == before.literals
    }
    fitting = [
        form
        for form, takes in kinds.items()
        if set(new) <= takes and not ({"account", "playbook"} & takes) - slots.keys()
    ]
    fitting += [
        form
        for form, takes in kinds.items()
        if form not in fitting and set(new) <= takes and form.startswith(("kpi", "forecast"))
    ]
    best = max(fitting, key=lambda form: len(kinds[form] & slots.keys()), default="")
    return filled(best, slots)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Accounts before all else, longer ones before shorter ones."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.kind != "account", -one.size)):
        if not any(span.meets(other) for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda one: one.first)


def _narrowed(before: str, filters: Sequence[str]) -> str:
    """Filters of another kind stay; whose accounts they are is one kind."""
    replaced = {_kind(one) for one in filters}
    kept = [one for one in before.split() if _kind(one) not in replaced]
    return " ".join(sorted({*kept, *filters} - {""}, key=filter_order))


def _kind(value: str) -> str:
    kind = value.partition(":")[0]
    return "whose" if kind in WHOSE else kind
