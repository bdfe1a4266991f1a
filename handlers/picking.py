"""Forms that are opened without an account: it is picked first, and suggested while it is typed."""

import json
from collections.abc import Iterator, Mapping

from domain.accounts import Account
from domain.roles import may
from handlers.ask import Ask
from handlers.blocks import Block, button, context, field, modal, named, plain
from storage import search
from words import N_, Words

PICK, FIELD = "pick", "picked"
# Of the 3,000 characters that a form remembers.
MOST, VALUE, REMEMBERED = 100, 150, 2400
FORMS: Mapping[str, str] = {
    "touch": N_("Log a touch"),
    "sentiment": N_("My sentiment"),
    "renewal-call": N_("Renewal call"),
    "stakeholder": N_("Stakeholder"),
    "goal": N_("Goal"),
    "outcome": N_("Outcome"),
    "alert-assign": N_("Hand over"),
}
DECIDED = {"alert-assign"}


def buttons(ask: Ask) -> Iterator[Block]:
    """The forms that the caller may fill in, each to be opened without an account."""
    for word, label in FORMS.items():
        if word not in DECIDED or may(ask.caller.role, "decide"):
            said = f"{ask.words._(label)}…"
            yield button(said, "form", word, style="primary" if word == "touch" else None)


def view(ask: Ask, memory: Mapping[str, object], *, wrong: str = "") -> Block:
    """wrong: why the account that was picked will not do."""
    words = ask.words
    hint = words._("Type a part of its name; I suggest while you type.")
    which = field(words._("Which account"), FIELD, _select(words), hint=hint)
    blocks = [{**which, "dispatch_action": True}, *([context(wrong)] if wrong else [])]
    title = words._(FORMS[ask.capability])
    kept = json.dumps({**memory, "word": ask.capability, "given": _kept(ask.given)}, ensure_ascii=False)
    return modal(PICK, title, words._("Continue"), words._("Cancel"), blocks, memory=kept)


def _select(words: Words) -> Block:
    return {"type": "external_select", "min_query_length": 1, "placeholder": plain(words._("Acme…"), VALUE)}


def _kept(given: Mapping[str, str]) -> dict[str, str]:
    """As far as Slack lets a form remember it: the longest is cut."""
    kept = dict(given)
    while kept and (over := len(json.dumps(kept, ensure_ascii=False)) - REMEMBERED) > 0:
        longest = max(kept, key=lambda name: len(kept[name]))
        kept[longest] = kept[longest][: -over - 1].rstrip() + "…"
    return kept


def suggested(ask: Ask, typed: str) -> list[Block]:
    """The accounts that what is typed could become; the nearest where there is none."""
    with ask.database.transaction() as tx:
        found = search.beginning(tx, typed, scope=ask.scope, limit=MOST)
        if not found:
            match = search.find(tx, typed, scope=ask.scope, limit=MOST)
            found = [*((match.found,) if match.found else ()), *match.candidates, *match.suggestions]
    alike = {account.name for account in found if [other.name for other in found].count(account.name) > 1}
    return [_option(account, alike) for account in found if len(account.account_id) <= VALUE]


def _option(account: Account, alike: set[str]) -> Block:
    """Of accounts with the same name the id tells them apart."""
    said = named(account.name, 75)
    if account.name in alike:
        said = f"{named(account.name, 40)} · {named(account.account_id, 30)}"
    return {"text": plain(said, 75), "value": account.account_id}
