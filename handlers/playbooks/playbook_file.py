"""/playbook save ACCOUNT NAME: what runs on an account as a playbook file of its own, for the playbooks folder."""

import re

import yaml

from domain.accounts import Account
from domain.folding import fold
from domain.playbooks.playbook_files import load
from domain.playbooks.plays import LIVE
from domain.playbooks.saved_playbooks import Ran, playbook_of
from domain.policies.problems import PolicyError
from handlers.arguments import the_account
from handlers.ask import Ask, File, Refused, Reply, refusal
from handlers.blocks import named, section
from handlers.problems import explained
from handlers.tasks.task_matter import books_of
from storage.database import Transaction
from storage.playbooks import plays, tasks
from words.templates import fields_of

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
YAML = "application/yaml"
WIDE = 110


def answer(ask: Ask, typed: str) -> Reply:
    """The last word is the name; the file is checked as the folder checks it."""
    words = ask.words
    called, _, last = typed.strip().rpartition(" ")
    name = re.sub(r"[^a-z0-9]+", "-", fold(last)).strip("-")
    if not called or not NAME.fullmatch(name):
        raise _refused(words._("Write the account and a name for the file: /playbook save acme our-rescue."))
    if name in ask.desk.playbooks.playbooks:
        raise _refused(words._("There is a playbook “{name}” already: choose another name.", name=name))
    account = the_account(ask, called, before="save", then=name)
    with ask.database.transaction() as tx:
        text, activities = _written(tx, ask, account, name)
    said = words.ngettext(
        "“{name}” holds {n} activity of what runs on {account}: put the file into the playbooks folder.",
        "“{name}” holds {n} activities of what runs on {account}: put the file into the playbooks folder.",
        activities,
        name=name,
        account=named(account.name),
    )
    hint = words._("Read it once before: its titles, texts and clients are those of the play that it was made of.")
    return Reply(said, (section(said, hint),), files=(File(f"{name}.yaml", YAML, text.encode),))


def _written(tx: Transaction, ask: Ask, account: Account, name: str) -> tuple[str, int]:
    live = [play for play in plays.of_account(tx, account.number, ask.scope) if play.status in LIVE]
    if not live:
        raise _refused(ask.words._("No playbook runs on {name}: there is nothing to save.", name=named(account.name)))
    books = books_of(tx, live)
    every = tasks.of_account(tx, account.number, ask.scope)
    ran = [Ran(play, books[play.play_id], tuple(t for t in every if t.play_id == play.play_id)) for play in live]
    own = [task for task in every if task.play_id is None and task.status != "skipped"]
    cast = tasks.casts(tx, [account.number], ask.scope)[account.number]
    contacts = {contact.contact_id: contact for contact in cast.contacts}
    title = name.replace("-", " ").capitalize()
    content = playbook_of(name, title, ran, own, contacts, account.tier)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=WIDE)
    try:
        made = load(text, file=f"{name}.yaml", fields_of=fields_of)
    except PolicyError as wrong:
        problems = "\n".join(explained(problem, ask.words) for problem in wrong.problems)
        raise _refused(f"{ask.words._('What runs there makes no playbook that could be used:')}\n{problems}") from None
    return text, len(made.plan)


def _refused(said: str) -> Refused:
    return refusal(said)
