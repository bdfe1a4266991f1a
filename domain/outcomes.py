"""Required outcomes: how far each is, whose it is, and whether a statement is an outcome at all."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.accounts import Account, Contact
from domain.facts import Facts, Outcome
from domain.folding import bare, fold
from domain.health.evidence import on_track

State = Literal["confirmed", "reached", "on_track", "behind", "overdue", "unmeasured"]
REACHED: tuple[State, ...] = ("confirmed", "reached")
URGENT_FIRST: tuple[State, ...] = ("overdue", "behind", "reached", "unmeasured", "on_track", "confirmed")
ROLES_FIRST = ("sponsor", "decision_maker", "champion")


@dataclass(frozen=True, slots=True)
class Judged:
    outcome: Outcome
    state: State


@dataclass(frozen=True, slots=True)
class Wanted:
    """The outcomes of one stakeholder, the most urgent first; `who` is None for those that nobody was named for."""

    who: Contact | None
    outcomes: tuple[Judged, ...]


def state(outcome: Outcome, account: Account, day: date) -> State:
    """Reached and confirmed or not; else overdue, or against the straight line that health uses; else unmeasured."""
    if outcome.achieved_on and outcome.achieved_on <= day:
        return "confirmed" if outcome.confirmed_on and outcome.confirmed_on <= day else "reached"
    if outcome.due_on and outcome.due_on < day:
        return "overdue"
    good = on_track(outcome, Facts(account, day))
    if good is None:
        return "unmeasured"
    return "on_track" if good else "behind"


def judged(outcomes: Iterable[Outcome], account: Account, day: date) -> tuple[Judged, ...]:
    """Each with its state, the most urgent first, then the nearest due."""
    found = [Judged(outcome, state(outcome, account, day)) for outcome in outcomes]
    return tuple(sorted(found, key=_urgency))


def _urgency(each: Judged) -> tuple[int, date, str]:
    return URGENT_FIRST.index(each.state), each.outcome.due_on or date.max, each.outcome.outcome_id


def by_stakeholder(found: Sequence[Judged], contacts: Iterable[Contact]) -> tuple[Wanted, ...]:
    """Sponsors and deciders first, then by name; outcomes without a stakeholder, or with one unknown, at the end."""
    known = {contact.contact_id: contact for contact in contacts}
    groups: dict[str | None, list[Judged]] = {}
    for each in found:
        owner = known.get(each.outcome.contact_id or "")
        groups.setdefault(owner.contact_id if owner else None, []).append(each)
    wanted = [Wanted(known[owner] if owner else None, tuple(group)) for owner, group in groups.items()]
    return tuple(sorted(wanted, key=_standing))


def _standing(wanted: Wanted) -> tuple[bool, int, str]:
    who = wanted.who
    rank = ROLES_FIRST.index(who.role) if who and who.role in ROLES_FIRST else len(ROLES_FIRST)
    return who is None, rank, fold(who.name) if who else ""


def is_at_target(baseline: Decimal | None, target: Decimal | None, current: Decimal | None) -> bool:
    """The figure has reached the target or gone past it, on whichever side of the baseline it lies."""
    if target is None or current is None:
        return False
    if baseline is None:
        return current == target
    return current >= target if target > baseline else current <= target


@dataclass(frozen=True, slots=True)
class FeatureTalk:
    """How a language speaks of using a product: verbs, what they are followed by, and words that need no object."""

    verbs: tuple[str, ...]
    things: tuple[str, ...]
    alone: tuple[str, ...]


FEATURE_TALK: Mapping[str, FeatureTalk] = {
    "en": FeatureTalk(
        verbs=("use", "uses", "using", "used", "usage of", "use of", "adopt", "adopts", "adopting", "adoption of",
               "activate", "activates", "enable", "enables", "open", "opens", "click", "clicks", "try", "tries",
               "work with", "works with", "switch on"),
        things=("dashboards?", "features?", "modules?", "app", "apps", "application", "tool", "tools", "platform",
                "product", "software", "system", "licen[cs]es?", "seats?", "buttons?", "api", "plugins?",
                "integrations?", "portal", "screens?", "reports?", "checklists?", "calendar", "widgets?"),
        alone=("logs? in", "logging in", "logins?", "active users", "signs? in"),
    ),
    "es": FeatureTalk(
        verbs=("usar", "usa", "usan", "usen", "use", "uso de", "uso del", "utilizar", "utiliza", "utilizan",
               "utilicen", "utilice", "adoptar", "adopte", "adopten", "adopcion de", "adopcion del", "activar",
               "activen", "abrir", "abran", "entrar a", "entrar al", "entrar en", "entren a", "entren al", "entren en",
               "trabajar con", "trabajen con", "probar", "prueben", "manejar", "manejen"),
        things=("panel", "paneles", "tableros?", "funcion", "funciones", "funcionalidad", "funcionalidades", "modulos?",
                "app", "aplicacion", "aplicaciones", "herramientas?", "plataforma", "producto", "software", "sistema",
                "licencias?", "botones", "boton", "api", "integracion", "integraciones", "portal", "pantallas?",
                "informes?", "reportes?", "calendario", "dashboards?"),
        alone=("iniciar sesion", "inicien sesion", "inician sesion", "usuarios activos", "conectarse", "se conecten"),
    ),
}  # fmt: skip
BETWEEN, SHORTEST_NAME = 3, 3
USE_AFTER = ("usage", "use", "adoption", "rollout")


def questioned(statement: str, features: Iterable[str] = ()) -> Literal["feature_use"] | None:
    """A use of the product is a means: `feature_use` where a verb of use is followed closely by a thing of software.

    features: what the company's own are called, as `feature_words` gives them.
    """
    said = re.sub(r"\s+", " ", fold(statement))
    if any(_speaks_of_use(said, talk) for talk in FEATURE_TALK.values()) or _names_a_feature(statement, features):
        return "feature_use"
    return None


def feature_words(name: str) -> str:
    """`month_close`, `Cierre de Mes` and `month close` as they would be said in a sentence."""
    return " ".join(re.sub(r"[\W_]+", " ", bare(name)).split())


def _names_a_feature(statement: str, features: Iterable[str]) -> bool:
    """A verb of use before the name, or the use of it after."""
    names = "|".join(re.escape(name.removesuffix("s")) + "s?" for name in features if len(name) >= SHORTEST_NAME)
    if not names:
        return False
    verbs = "|".join(verb for talk in FEATURE_TALK.values() for verb in talk.verbs)
    before = rf"\b(?:{verbs})\b(?: \w+){{0,{BETWEEN}}} (?:{names})\b"
    return re.search(rf"{before}|\b(?:{names}) (?:{'|'.join(USE_AFTER)})\b", feature_words(statement)) is not None


def _speaks_of_use(said: str, talk: FeatureTalk) -> bool:
    verbs, things, alone = ("|".join(words) for words in (talk.verbs, talk.things, talk.alone))
    follows = rf"\b(?:{verbs})\b(?: [\w'’-]+){{0,{BETWEEN}}} (?:{things})\b"
    return re.search(rf"{follows}|\b(?:{alone})\b", said) is not None
