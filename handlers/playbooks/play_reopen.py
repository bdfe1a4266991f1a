"""Going on with a play that ended by itself: what its end changed is taken back; whoever does it closes it later."""

from domain.accounts import Account
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play
from handlers.ask import Ask, Form, Reply, refusal
from handlers.blocks import Block, actions, button, context, modal, named, section
from handlers.entries import nothing
from handlers.playbooks.play_endings import BY_RULE
from storage import accounts, changes
from storage.changes import Made
from storage.database import Transaction
from storage.playbooks import playbooks, plays


def view(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        play, account, book, _made = _matter(tx, ask)
    words = ask.words
    said = words._("It runs again from where it was, and what was open is open again. From now on you close it.")
    blocks = [
        section(f"*{named(account.name)}* · {named(book.title.of(words.language))}", said),
        *([context(play.note)] if play.note else []),
    ]
    return modal("play-reopen", words._("Go on with the play"), words._("Go on"), words._("Cancel"), blocks)


def _matter(tx: Transaction, ask: Ask) -> tuple[Play, Account, Playbook, Made]:
    """Raises Refused where there is no such play in sight, or it is not the rule that ended it."""
    play = plays.get(tx, ask.text.strip(), ask.scope)
    account = accounts.get(tx, play.account, ask.scope) if play else None
    made = changes.latest(tx, "plays", {"play_id": play.play_id}) if play else None
    if play is None or account is None or made is None or play.status != "ended" or made.form != BY_RULE:
        raise refusal(ask.words._("There is nothing to go on with here any more."))
    return play, account, playbooks.of_versions(tx, [play.version])[play.version], made


def save(ask: Ask, _entered: None) -> Reply:
    words = ask.words
    try:
        with ask.database.changing() as tx:
            changes.take_turn(tx)
            _play, account, book, made = _matter(tx, ask)
            changes.undo(tx, made.id, who=ask.caller.email, at=ask.now, on=ask.today)
    except changes.Overtaken:
        raise refusal(words._("Somebody has changed it again since, so I left it as it is.")) from None
    said = words._("“{title}” goes on for {name}.", title=book.title.of(words.language), name=named(account.name))
    see = button(words._("See the two stages"), "ask", f"stage {account.account_id}")
    return Reply(said, (section(f"▶ {said}"), actions(see)))


FORM = Form(view, nothing, save)
