"""How a playbook reads: the shelf of all, and one in its five steps."""

from collections.abc import Iterator, Mapping, Sequence

from domain.playbooks.playbooks import Activity, Playbook
from domain.reasons import Reason
from domain.risks import why
from domain.roles import may
from domain.scopes import Filter
from handlers.arguments import Selection, selected
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.playbooks import waves
from handlers.playbooks.audience import Audience, Guest
from handlers.playbooks.waves import Waves
from words import N_, NN_, Words
from words.metrics import METRICS
from words.phrases import clause
from words.terms import CHANNELS, FUNCTIONS, MEASURES, ROLES, capital, term

SHOWN, LEFT_OUT, REASONS, TOGETHER = 5, 3, 4, 10
SIDES: Mapping[str, str] = {"front": N_("front"), "back": N_("back"), "customer": N_("theirs")}
VERDICTS: Mapping[str, str] = {"continue": N_("continue"), "adjust": N_("adjust"), "stop": N_("stop")}
MOVES: Mapping[str, str] = {"up": N_("is to rise"), "down": N_("is to fall")}
RANKS: Mapping[str, str] = {
    "growth": N_("most growth possible first"),
    "mrr": N_("most money first"),
    "decision": N_("nearest decision first"),
    "risk": N_("most money nearest to its decision first"),
}
MEASURED: Mapping[str, str] = {
    "result": N_("a result that is there or not"),
    "outcome": N_("the customer's required outcome"),
}
DUE = "due"
STANDING: Mapping[str, tuple[str, str]] = {
    "running": NN_("{n} play is running", "{n} plays are running"),
    "paused": NN_("{n} paused", "{n} paused"),
    "waiting": NN_("{n} waits for free hours", "{n} wait for free hours"),
    "held_out": NN_("{n} left out at random, to tell the effect", "{n} left out at random, to tell the effect"),
    DUE: NN_("🔎 {n} to be looked at", "🔎 {n} to be looked at"),
}

Counted = Mapping[tuple[str, str], int]
"""By playbook and status; DUE: of those that run, how many are to be looked at."""


def shelf(ask: Ask, counted: Counted) -> Reply:
    words, held = ask.words, ask.desk.playbooks
    said = words.ngettext("{n} playbook", "{n} playbooks", len(held.playbooks))
    blocks = [section(f"*{said}*"), *(_on_shelf(ask, book, counted) for book in held.playbooks.values())]
    if held.refused and may(ask.caller.role, "administer"):
        files = sorted({problem.file for problem in held.refused})
        blocks.append(context(words._("Files that cannot be used: {files}", files=", ".join(files))))
    return Reply(said, tuple(blocks))


def _on_shelf(ask: Ask, book: Playbook, counted: Counted) -> Block:
    words = ask.words
    running = counted.get((book.name, "running"), 0)
    going = [words.ngettext("{n} running", "{n} running", running)] if running else []
    if due := counted.get((book.name, DUE), 0):
        going.append(words.ngettext(*STANDING[DUE], due))
    about = " · ".join([_moves(words, book.kpi.name, book.kpi.moves), *going])
    see = button(words._("See whom it fits"), "ask", f"playbook show {book.name}")
    return section(f"*{title(words, book)}* · `{book.name}`", book.summary.of(words.language), about, accessory=see)


def title(words: Words, book: Playbook) -> str:
    return named(book.title.of(words.language))


def _moves(words: Words, kpi: str, moves: str) -> str:
    return f"{words._(METRICS[kpi].label)} {words._(MOVES[moves])}"


def five_steps(
    ask: Ask,
    book: Playbook,
    found: Audience,
    counted: Counted,
    begun: Waves,
    hours: Sequence[str],
    wanted: Selection,
    page: int,
) -> Reply:
    """hours: what the next wave asks of those who do it."""
    words, filters = ask.words, wanted.filters
    said = words.ngettext("{n} account fits “{title}”", "{n} accounts fit “{title}”", len(found.guests),
                          title=title(words, book))  # fmt: skip
    if not found.guests:
        said = words._("“{title}” fits nobody here", title=title(words, book))
    looked = words.ngettext("{n} account looked at", "{n} accounts looked at", found.looked_at)
    scope = selected(words, wanted)
    blocks = [
        section(f"*{title(words, book)}*", book.summary.of(words.language)),
        section(_step(words, 1, words._("KPI")), *_kpis(words, book)),
        section(_step(words, 2, words._("clients")), f"{said} · {looked} · {scope}", words._(RANKS[book.clients.rank])),
        *_guests(ask, book, found, filters, page),
        *_excluded(words, found),
        *([] if found.guests else [context(*empty(words, found))]),
        section(_step(words, 3, words._("goal of each account")), *_goal(words, book)),
        section(_step(words, 4, words._("priority")), *_priority(words, book), *hours),
        *_plan(words, book),
        section(*_follow_up(words, book)),
        actions(*_steps_on(ask, book, found, filters)),
    ]
    blocks[1:1] = [*_running(words, book, counted, filters), *waves.said(words, begun)]
    return Reply(said, tuple(blocks))


def _running(words: Words, book: Playbook, counted: Counted, filters: Sequence[Filter]) -> Iterator[Block]:
    if standing := list(_standing(words, book, counted)):
        asked = " ".join(["playbook plays", book.name, *map(_typed, filters)])
        yield section(" · ".join(standing), accessory=button(words._("See the plays"), "ask", asked))


def _standing(words: Words, book: Playbook, counted: Counted) -> Iterator[str]:
    for status, said in STANDING.items():
        if n := counted.get((book.name, status), 0):
            yield words.ngettext(*said, n)


def _step(words: Words, number: int, name: str) -> str:
    return f"*{words.number(number)} · {capital(name)}*"


def _kpis(words: Words, book: Playbook) -> Iterator[str]:
    yield _moves(words, book.kpi.name, book.kpi.moves)
    if book.also:
        others = words.listed([words._(METRICS[kpi.name].label) for kpi in book.also])
        yield words._("also looked at: {others}", others=others)


def _guests(ask: Ask, book: Playbook, found: Audience, filters: Sequence[Filter], page: int) -> Iterator[Block]:
    words = ask.words
    for guest in found.guests[page * SHOWN : (page + 1) * SHOWN]:
        start = button(words._("Start"), "form", f"play-start {book.name} {guest.account.account_id}")
        yield section(*_guest(words, guest), accessory=start)
    left = len(found.guests) - (page + 1) * SHOWN
    if left > 0:
        asked = " ".join(["playbook show", book.name, *map(_typed, filters), f"page:{page + 2}"])
        yield actions(button(words.ngettext("{n} more", "{n} more", left), "turn", asked))


def _typed(wanted: Filter) -> str:
    kind = {"own": "mine"}.get(wanted.kind, wanted.kind)
    return f"{kind}:{wanted.value}" if wanted.value else kind


def _guest(words: Words, guest: Guest) -> Iterator[str]:
    who = next((c.name for c in guest.facts.contacts if c.contact_id == guest.fitting.subject), "")
    yield f"*{named(guest.account.name, 60)}*" + (f" · {named(who, 60)}" if who else "")
    yield _why(words, told(guest))


def _why(words: Words, reasons: Sequence[Reason]) -> str:
    return " · ".join(clause(words, reason.code, reason.params) for reason in reasons[:REASONS])


def told(guest: Guest) -> tuple[Reason, ...]:
    """Why it fits; of one at risk what that rests on."""
    rest = tuple(reason for reason in guest.fitting.why if reason.params.get("fact") != "at_risk")
    at_risk = len(rest) < len(guest.fitting.why)
    return (*(why(guest.case, guest.situated.seen.policy) if at_risk else ()), *rest)


def empty(words: Words, found: Audience) -> Iterator[str]:
    """Of an audience without a guest: why, and what to do."""
    if not found.looked_at:
        yield words._("There is no account in this scope: choose another.")
    elif found.excluded:
        yield words.ngettext(
            "{n} fits but is left out for now, as said beside it: start it by itself, with a reason, if it must be.",
            "{n} fit but are left out for now, as said beside them: start one by itself, with a reason, if it must be.",
            len(found.excluded),
        )
    else:
        yield words._("None of them is as step 2 asks today. It is looked at anew each time: come back, or start it on "
                      "one account, with a reason: `/playbook start NAME ACCOUNT`.")  # fmt: skip


def _excluded(words: Words, found: Audience) -> Iterator[Block]:
    if not found.excluded:
        return
    said = words.ngettext("{n} fits and is left out", "{n} fit and are left out", len(found.excluded))
    lines = [f"{named(account.name, 60)}: {_why(words, why)}" for account, why in found.excluded[:LEFT_OUT]]
    yield context("\n".join([f"{said}:", *lines]))


def _goal(words: Words, book: Playbook) -> Iterator[str]:
    measure = book.goal.measure
    known = METRICS[measure].label if measure in METRICS else MEASURED.get(measure)
    name = words._(known) if known else term(words, MEASURES, measure)
    yield words._("measured by {measure}, due {moment}", measure=name, moment=_moment(words, book.goal.due))


def _moment(words: Words, moment: str) -> str:
    """D+90 as a person says it."""
    days = int(moment[1:] or 0)
    if moment[0] == "D":
        return words.ngettext("{n} day after the start", "{n} days after the start", days)
    before, after = EVENTS[moment[0]]
    return words.ngettext(*before, -days) if days <= 0 else words.ngettext(*after, days)


EVENTS = {
    "E": (
        NN_("{n} day before the event", "{n} days before the event"),
        NN_("{n} day after the event", "{n} days after the event"),
    ),
    "R": (
        NN_("{n} day before the decision", "{n} days before the decision"),
        NN_("{n} day after the decision", "{n} days after the decision"),
    ),
}


def _priority(words: Words, book: Playbook) -> Iterator[str]:
    ours = sum(a.hours for a in book.plan if a.side != "customer")
    for name, tier in sorted(book.priority.tiers.items()):
        hours = words.number(round(ours * tier.effort, 1))
        instead = [f"{term(words, CHANNELS, old)} → {term(words, CHANNELS, new)}" for old, new in tier.instead.items()]
        said = words._("tier {tier}: about {hours} h", tier=name, hours=hours)
        yield " · ".join([said, *instead])
    wave = book.clients.wave
    held = book.clients.hold_out.share
    yield words.ngettext("a wave is {n} account", "a wave is {n} accounts", wave) + (
        f" · {words._('{share} are left out at random, to tell the effect', share=words.percent(held))}" if held else ""
    )


def _plan(words: Words, book: Playbook) -> Iterator[Block]:
    rows = [_activity(words, activity) for activity in book.plan]
    for first in range(0, len(rows), TOGETHER):
        heading = [_step(words, 5, words._("plan"))] if first == 0 else []
        yield section(*heading, *rows[first : first + TOGETHER])


def _activity(words: Words, activity: Activity) -> str:
    who = term(words, FUNCTIONS, activity.owner) if activity.owner else term(words, ROLES, activity.contact)
    needs = f" ← {' '.join(activity.needs)}" if activity.needs else ""
    hours = f" · {words.number(activity.hours)} h" if activity.hours and activity.side != "customer" else ""
    side = words._(SIDES[activity.side])
    days = ", ".join(activity.day) + (" ↻" if activity.repeats else "")
    return f"*{activity.id}* {days} · {named(activity.title.of(words.language), 120)} · {side} · {who}{hours}{needs}"


def _follow_up(words: Words, book: Playbook) -> Iterator[str]:
    days = words.listed([_moment(words, moment) for moment in book.follow_up.days])
    yield words._("*Follow-up* {days}", days=days)
    for rule in book.follow_up.rules:
        yield f"• _{words._(VERDICTS[rule.verdict])}_: {rule.say.of(words.language)}"


def _steps_on(ask: Ask, book: Playbook, found: Audience, filters: Sequence[Filter]) -> Iterator[Block]:
    words = ask.words
    if found.guests:
        most = min(book.clients.wave, len(found.guests))
        asked = " ".join(["play-wave", book.name, *map(_typed, filters)])
        label = words.ngettext("Start the first {n}", "Start the first {n}", most)
        yield button(label, "form", asked, style="primary")
    yield button(words._("Its effect"), "ask", f"playbook effect {book.name}")
    yield button(words._("All playbooks"), "ask", "playbook list")
