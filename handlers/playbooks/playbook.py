"""/playbook: the list, one with its five steps and whom it fits, a start, a stop, its effect."""

from collections import Counter
from collections.abc import Callable, Mapping

from rapidfuzz import process

from domain.folding import fold
from domain.playbooks.playbooks import Playbook
from domain.scopes import NotAScope
from domain.scopes import take as take_scope
from handlers.arguments import selection
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import actions, button, named, section
from handlers.playbooks import capacity, play_start, play_steer, playbook_card, playbook_effect, playbook_file
from handlers.playbooks import plays as running_plays
from handlers.playbooks.audience import audience
from handlers.playbooks.waves import waves
from storage.database import Transaction
from storage.playbooks import plays
from storage.scope import Scope

VERBS: Mapping[str, str] = {
    **dict.fromkeys(("list", "lista", "listar", "all", "todos"), "list"),
    **dict.fromkeys(("show", "ver", "mostrar", "muestra", "preview"), "show"),
    **dict.fromkeys(("start", "iniciar", "inicia", "empezar", "lanzar", "run"), "start"),
    **dict.fromkeys(("stop", "detener", "parar", "terminar", "end"), "stop"),
    **dict.fromkeys(("plays", "running", "jugadas", "corriendo"), "plays"),
    **dict.fromkeys(("effect", "efecto", "impacto", "impact"), "effect"),
    **dict.fromkeys(("save", "guardar", "guarda"), "save"),
    **dict.fromkeys(("pause", "pausar", "pausa"), "pause"),
    **dict.fromkeys(("resume", "reanudar", "continuar"), "resume"),
}
ALIKE, OFFERED = 70, 3


def answer(ask: Ask) -> Reply:
    first, _, rest = ask.text.strip().partition(" ")
    verb = VERBS.get(fold(first))
    if verb is None:
        return _list(ask) if not ask.text.strip() else _show(ask, ask.text)
    return ANSWERS[verb](ask, rest.strip())


def the_playbook(ask: Ask, typed: str, verb: str = "show") -> tuple[Playbook, str]:
    """The playbook that the words begin with, by its name, title or a beginning that only one has, and the rest.

    Raises Refused with the nearest.
    """
    known = _names(ask)
    tokens = typed.split()
    for length in range(len(tokens), 0, -1):
        name = known.get(fold(" ".join(tokens[:length])))
        if name:
            return ask.desk.playbooks.playbooks[name], " ".join(tokens[length:])
    begun = {name for said, name in known.items() if tokens and said.startswith(fold(tokens[0]))}
    if len(begun) == 1:
        return ask.desk.playbooks.playbooks[begun.pop()], " ".join(tokens[1:])
    raise _unknown(ask, typed, known, verb)


def _names(ask: Ask) -> dict[str, str]:
    """What people may type, folded → the name."""
    found: dict[str, str] = {}
    for name, playbook in ask.desk.playbooks.playbooks.items():
        for said in (playbook.title.en, playbook.title.es, name.replace("-", " "), name):
            found[fold(said)] = name
    return found


def _unknown(ask: Ask, typed: str, known: Mapping[str, str], verb: str) -> Refused:
    if not typed:
        said = ask.words._("Which playbook? Write its name, as `/playbook list` shows it.")
    else:
        said = ask.words._("I know no playbook “{typed}”.", typed=named(typed, 60))
    near = process.extract(fold(typed), list(known), limit=OFFERED * 2, score_cutoff=ALIKE) if typed else []
    names = list(dict.fromkeys(known[found] for found, _score, _ in near))[:OFFERED]
    offered = tuple(f"{ask.capability} {verb} {name}" for name in names) or (f"{ask.capability} list",)
    choices = actions(*(button(f"/{one}", "ask", one) for one in offered))
    return Refused(Reply(said, (section(said), choices), offered=offered, answered=False))


def _list(ask: Ask, _rest: str = "") -> Reply:
    with ask.database.transaction() as tx:
        counted = _counted(tx, ask, ask.scope)
    return playbook_card.shelf(ask, counted)


def _counted(tx: Transaction, ask: Ask, scope: Scope, name: str | None = None) -> playbook_card.Counted:
    due = (each.play for each in running_plays.running(tx, scope, ask.today, name) if each.due)
    return plays.counted(tx, scope, name) | Counter((play.playbook, playbook_card.DUE) for play in due)


def _show(ask: Ask, typed: str) -> Reply:
    """Whom it fits now is looked at anew each time: the caller's own accounts unless another scope is named."""
    unpaged, page = ask.about(typed).paged()
    playbook, rest = the_playbook(ask, unpaged.text)
    wanted = selection(ask.about(rest), periods=False, before=f"show {playbook.name}")
    with ask.database.transaction() as tx:
        found = audience(tx, playbook, ask.policy, wanted.scope, ask.today)
        counted = _counted(tx, ask, wanted.scope, playbook.name)
        begun = waves(tx, wanted.scope, playbook)
        hours = capacity.next_wave(tx, ask, playbook, found.guests)
    return playbook_card.five_steps(ask, playbook, found, counted, begun, hours, wanted, page)


def _plays(ask: Ask, typed: str) -> Reply:
    """Of one playbook where the words begin with its name, else of all."""
    if _is_scope(ask.about(typed).paged()[0].text):
        return running_plays.answer(ask, None, typed)
    playbook, scope = the_playbook(ask, typed, "plays")
    return running_plays.answer(ask, playbook, scope)


def _is_scope(typed: str) -> bool:
    """Wrong or not; whatever is left beside it may be a name."""
    try:
        return not take_scope(typed.split())[1]
    except NotAScope:
        return True


def _effect(ask: Ask, typed: str) -> Reply:
    playbook, scope = the_playbook(ask, typed, "effect")
    return playbook_effect.answer(ask, playbook, scope)


def _start(ask: Ask, typed: str) -> Reply:
    playbook, account = the_playbook(ask, typed, "start")
    return play_start.offer(ask, playbook, account)


def _steered(verb: str) -> Callable[[Ask, str], Reply]:
    def answer(ask: Ask, typed: str) -> Reply:
        playbook, account = the_playbook(ask, typed, verb)
        return play_steer.offer(ask, verb, playbook, account)

    return answer


ANSWERS: Mapping[str, Callable[[Ask, str], Reply]] = {
    "list": _list,
    "show": _show,
    "start": _start,
    "effect": _effect,
    "plays": _plays,
    "save": playbook_file.answer,
    **{verb: _steered(verb) for verb in ("stop", "pause", "resume")},
}
