"""The verb `alerts`: what is due, to whom; it is queued, and posted here where no `serve` is alive to do it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from handlers import terminal
from handlers.alerts import alert_report
from handlers.ask import Desk
from handlers.delivery import delivery
from handlers.delivery.digest_plan import DAILY
from handlers.delivery.office import TOKENS, Office
from handlers.residence import somebody_serves
from storage.delivery import outbox
from storage.delivery.outbox import Message
from words import N_, Words
from words.terms import term

KINDS: Mapping[str, str] = {
    "digest": N_("digest"),
    "team": N_("the team's week"),
    "urgent": N_("urgent"),
    "undelivered": N_("what could not be delivered"),
}
ENDED: Mapping[str, str] = {
    "posted": N_("posted"),
    "found": N_("there already"),
    "lost": N_("taken over by another process"),
    "paced": N_("waiting for their turn"),
    "put_off": N_("put off to a better hour"),
    "passed_on": N_("passed on to who is there"),
    "slowed": N_("waiting because Slack asked to"),
    "failed": N_("to be tried again"),
    "parked": N_("parked"),
}


def verb(
    *,
    open_office: Callable[[Desk], Office | None],
    evaluate: Callable[[Desk], object] | None = None,
    foresee: Callable[[Desk], Iterable[Message]] | None = None,
) -> click.Command:
    """open_office: None without a token. evaluate: queues what is due. foresee: what it would queue, unwritten."""

    @click.command("alerts", help="What is due, to whom. It is queued, and posted if no serve is alive.")
    @click.option("--dry-run", is_flag=True, help="Only say it.")
    @terminal.LANG
    @terminal.DATE
    @terminal.JSON
    @click.pass_context
    def alerts(context: click.Context, dry_run: bool, lang: str | None, day: datetime | None, as_json: bool) -> None:
        with terminal.seated(context, day) as desk:
            words = terminal.words_of(desk, terminal.OPERATOR, lang)
            if not dry_run:
                _queue(desk, evaluate)
            messages = _with(_waiting(desk), list(foresee(desk)) if dry_run and foresee else [])
            ended = {} if dry_run else _delivered(desk, open_office)
            barred = not dry_run and _is_barred(desk)
            told = alert_report.as_json(desk, dry=dry_run) if as_json else {}
            said = [] if as_json else list(alert_report.lines(desk, words, dry=dry_run))
        if as_json:
            sent = {"due": [_as_json(each) for each in messages], "ended": ended}
            click.echo(terminal.as_text(sent | told))
        else:
            for line in (*said, *_list(desk, words, messages)):
                click.echo(line)
            click.echo(_summary(words, messages, ended), err=True)
        if barred:
            click.echo(words._("Slack does not take my token. Install me again, and give me the new one."), err=True)
        if barred or "failed" in ended:
            context.exit(terminal.ENVIRONMENT)

    return alerts


def _list(desk: Desk, words: Words, messages: Iterable[Message]) -> Iterator[str]:
    zone = desk.policy.time_zone
    for each in messages:
        yield f"{words.moment(each.due_at, zone)} {zone}  {term(words, KINDS, each.kind)}  {each.reader}"


def _with(waiting: list[Message], foreseen: list[Message]) -> list[Message]:
    """A digest that never went is merged into the next one."""
    newer = {(message.kind, message.reader): message.told_on for message in foreseen if message.kind in DAILY}
    return [m for m in waiting if m.told_on >= newer.get((m.kind, m.reader), m.told_on)] + foreseen


def _summary(words: Words, messages: Sequence[Message], ended: Mapping[str, int]) -> str:
    how = [f"{term(words, ENDED, code)}: {words.number(count)}" for code, count in ended.items()]
    waiting = words.ngettext("{n} message is waiting", "{n} messages are waiting", len(messages))
    return " · ".join(how) or waiting


def _queue(desk: Desk, evaluate: Callable[[Desk], object] | None) -> None:
    """What is due; and what was parked, which whoever asks may have mended."""
    if evaluate:
        evaluate(desk)
    with desk.database.changing() as tx:
        outbox.resume(tx)


def _waiting(desk: Desk) -> list[Message]:
    with desk.database.transaction() as tx:
        return outbox.waiting(tx, due_by=desk.clock())


def _delivered(desk: Desk, open_office: Callable[[Desk], Office | None]) -> dict[str, int]:
    """How what was due ended; empty where a `serve` delivers it, or there is no token."""
    office = None if somebody_serves(desk.database) else open_office(desk)
    return dict(delivery.run(office)) if office else {}


def _is_barred(desk: Desk) -> bool:
    """Whether Slack refused our token."""
    with desk.database.transaction() as tx:
        return outbox.has_parked(tx, TOKENS)


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "key": message.key,
        "kind": message.kind,
        "person": message.person,
        "channel": message.channel,
        "told_on": message.told_on.isoformat(),
        "due_at": message.due_at.isoformat(),
    }
