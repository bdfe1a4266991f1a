"""/health: the card of one account, or the caller's book, worst first."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import get_args

from domain.accounts import Account
from domain.health.scores import State
from handlers.accounts import card_stage
from handlers.accounts.health_card import card, notification
from handlers.accounts.portrait import portrait_in
from handlers.arguments import account_in, option, selection, the_account
from handlers.ask import Ask, File, Reply
from handlers.blocks import actions, button, named, section
from reports import chart
from reports.values import Point
from storage import accounts, policies, scores
from storage.accounts import Standing
from words import Words
from words.terms import SIGNS, STATES, UNSCORED, term

PAGE = 15
YEAR = timedelta(365)
COUNTED: tuple[State, ...] = get_args(State)
AFTER = "after:"
FACTORS = ("factors", "factores")
HISTORY = ("history", "historial")
CURSOR = re.compile(r"([a-z]*),(\d{0,3}),(\d{1,9})")


def answer(ask: Ask) -> Reply:
    if not ask.text or ask.text.startswith(AFTER):
        return _book(ask, ask.text.removeprefix(AFTER))
    name, wanted = option(ask, ask.text, (*HISTORY, *FACTORS))
    if wanted in HISTORY:
        return _history(ask, name)
    whole = wanted in FACTORS
    with ask.database.transaction() as tx:
        shown = portrait_in(tx, ask, account_in(tx, ask, name, then="factors" if whole else ""))
        scene = card_stage.scene(tx, ask, shown)
    return Reply(notification(shown, ask.words), card(shown, ask.words, whole=whole, scene=scene))


def _book(ask: Ask, after: str) -> Reply:
    """A page of the caller's book; `after` is where it begins."""
    chosen = selection(ask.about(""), periods=False)
    with ask.database.transaction() as tx:
        counts = scores.counts(tx, chosen.scope)
        page = accounts.page(tx, chosen.scope, after=cursor_of(after), limit=PAGE + 1)
    said = counted(ask.words, counts)
    if not page:
        return Reply(
            ask.words._("There is no account to show."), (section(ask.words._("There is no account to show.")),)
        )
    shown = page[:PAGE]
    lines = [_line(ask.words, standing) for standing in shown]
    more = (
        button(ask.words._("Next page"), "turn", f"health {AFTER}{cursor_said(shown[-1].cursor)}")
        if len(page) > PAGE
        else None
    )
    choices = [button(named(standing.account.name, 40), "ask", f"health {standing.account.account_id}")
               for standing in shown[:5]]  # fmt: skip
    return Reply(said, (section(f"*{said}*"), section(*lines), actions(*choices, more)))


def counted(words: Words, counts: Mapping[State | None, int]) -> str:
    total = words.ngettext("{n} account", "{n} accounts", sum(counts.values()))
    bands = [f"{words.number(counts[s])} {SIGNS[s] if s else UNSCORED}" for s in (*COUNTED, None) if s in counts]
    return f"{total}: {'  '.join(bands)}" if bands else total


def _line(words: Words, standing: Standing) -> str:
    sign = SIGNS[standing.state] if standing.state else UNSCORED
    said = words.number(standing.score) if standing.score is not None else term(words, STATES, standing.state)
    held = f" · {words._('held by a rule')}" if standing.cap else ""
    return f"{sign} *{named(standing.account.name)}* · {said}{held}"


def cursor_said(cursor: accounts.Cursor) -> str:
    """A place in a book, as a button carries it."""
    return ",".join("" if part is None else str(part) for part in cursor)


def cursor_of(text: str) -> accounts.Cursor | None:
    found = CURSOR.fullmatch(text)
    if found is None:
        return None
    state, score, number = found.groups()
    return (state or None, int(score) if score else None, int(number))


def _history(ask: Ask, typed: str) -> Reply:
    """The score of the last year: in words everywhere, and as a picture where the plotting library is there."""
    account = the_account(ask, typed, then="history")
    with ask.database.transaction() as tx:
        version = policies.current(tx, ask.policy)
        series = scores.series(
            tx, account.number, policy_version=version, first=ask.today - YEAR, last=ask.today, scope=ask.scope
        )
    points = [Point(one.day, one.score, one.state) for one in series]
    if not points:
        said = ask.words._("{name} has not been scored yet.", name=named(account.name))
        return Reply(said, (section(said),))
    title = ask.words._("Health of {name}, the last 12 months", name=named(account.name))
    lines = [f"*{title}*", chart.sparkline(points), _extremes(ask.words, points)]
    return Reply(title, (section(*lines),), files=_picture(ask, account, points))


def _extremes(words: Words, points: Sequence[Point]) -> str:
    known = [point for point in points if point.score is not None]
    if not known:
        return words._("No score in these months: not enough data.")
    low, high = min(known, key=lambda p: p.score or 0), max(known, key=lambda p: p.score or 0)
    return words._(
        "lowest {low} on {low_day} · highest {high} on {high_day} · now {now}",
        low=words.number(low.score or 0),
        low_day=words.short_day(low.day),
        high=words.number(high.score or 0),
        high_day=words.short_day(high.day),
        now=words.number(known[-1].score or 0),
    )


def _picture(ask: Ask, account: Account, points: Sequence[Point]) -> tuple[File, ...]:
    if not chart.available():
        return ()
    bands = ask.policy.rules.bands
    draw = partial(chart.history_png, points, ask.words, bands=(bands["yellow"], bands["green"]))
    return (File(f"{account.account_id}.png", "image/png", draw),)
