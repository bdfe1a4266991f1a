"""/log: a touch in one line; what would be kept is shown, and kept by one click."""

import hashlib
from dataclasses import replace

from domain.accounts import Account
from domain.folding import fold
from handlers.accounts.touch import NOTE, SUBJECT, Entered, save
from handlers.arguments import the_account
from handlers.ask import Ask, Reply, refusal
from handlers.blocks import actions, button, context, named, section
from handlers.gestures import check_may_write
from storage import search
from storage.names import fold as named_as
from words.terms import CHANNELS, term

LONGEST_NAME, LONGEST = 8, 1500
CHANNEL_WORDS = {
    **dict.fromkeys(("call", "phone", "llamada", "telefono"), "call"),
    **dict.fromkeys(("meeting", "reunion", "junta"), "meeting"),
    **dict.fromkeys(("email", "mail", "correo"), "email"),
    **dict.fromkeys(("visit", "visita"), "visit"),
    **dict.fromkeys(("chat", "mensaje", "message"), "chat"),
    **dict.fromkeys(("event", "evento"), "event"),
}


def answer(ask: Ask) -> Reply:
    """What would be logged, and the button that logs it."""
    account, entered = _read(ask)
    check_may_write(ask.caller, ask.words)
    words = ask.words
    said = words._("To be logged with {name}:", name=named(account.name))
    how = term(words, CHANNELS, entered.channel)
    text = entered.note or entered.subject
    log = button(words._("Log it"), "ask", f"log-now {account.account_id} {entered.channel}: {text}", style="primary")
    change = button(words._("By form…"), "form", f"touch {account.account_id}")
    blocks = (
        section(f"*{said}*", words._("“{text}”", text=named(text, LONGEST))),
        context(f"{how} · {words.day(entered.on)}"),
        actions(log, change),
    )
    quoted = words._("“{text}”", text=named(text, 200))
    return Reply(f"{said} {quoted}", blocks, pending=True)


def save_now(ask: Ask) -> Reply:
    """The click: twice is once, since the same words of the same person and day are one touch."""
    account, entered = _read(ask)
    check_may_write(ask.caller, ask.words)
    text = entered.note or entered.subject
    seed = f"{ask.caller.email}\n{account.account_id}\n{ask.today}\n{entered.channel}\n{text}"
    token = f"log-{hashlib.sha256(seed.encode()).hexdigest()[:24]}"
    return save(replace(ask, text=account.account_id, token=token), entered)


def _read(ask: Ask) -> tuple[Account, Entered]:
    """ACCOUNT [CHANNEL:] TEXT. Before a colon, or as many words as are an account's whole name, else the first one."""
    name, rest = _split(ask)
    account = the_account(ask, name, then=rest)
    channel, text = _channel(rest)
    if not text:
        said = ask.words._("What shall I log? Write it after the account: `/log acme renewed interest in SSO`.")
        raise refusal(said)
    if len(text) > LONGEST:
        said = ask.words._("That is too long for one line: the form takes it.")
        form = button(ask.words._("Log a touch"), "form", f"touch {account.account_id}", style="primary")
        raise refusal(said, form)
    note = text if len(text) > SUBJECT else ""
    return account, Entered(ask.today, channel, "both", text[:SUBJECT], (), None, note[:NOTE])


def _split(ask: Ask) -> tuple[str, str]:
    words = ask.text.split()
    runs = {size: " ".join(words[:size]).rstrip(":") for size in range(1, min(LONGEST_NAME, len(words)) + 1)}
    with ask.database.transaction() as tx:
        held = search.called(tx, list(runs.values()), scope=ask.scope)
    known = [size for size, run in runs.items() if named_as(run) in held]
    if known:
        return runs[max(known)], " ".join(words[max(known) :]).removeprefix(":").strip()
    before, colon, after = ask.text.partition(": ")
    if colon and fold(before.split()[-1] if before.split() else "") not in CHANNEL_WORDS:
        return before.strip(), after.strip()
    return " ".join(words[:1]), " ".join(words[1:])


def _channel(rest: str) -> tuple[str, str]:
    first, _, text = rest.partition(" ")
    channel = CHANNEL_WORDS.get(fold(first)) if first.endswith(":") else None
    return (channel, text.strip()) if channel else ("call", rest.strip())
