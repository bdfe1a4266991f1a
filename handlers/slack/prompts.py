"""As an agent: what one could ask first, out of one's own book; and that it is at work."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from domain.periods import Period
from handlers.answers import meant
from handlers.arguments import Selection
from handlers.ask import Ask
from handlers.blocks import clipped, named
from handlers.digests.home import AHEAD, whose
from handlers.renewals import renewals
from storage import accounts
from words import Words

log = logging.getLogger("apuntador.prompts")

TITLE, MOST = 75, 4


def offer(client: WebClient, channel: str, ask: Ask) -> None:
    """Where Slack knows no agents, nothing is offered."""
    found = [{"title": clipped(title, TITLE), "message": message} for title, message in prompts(ask)][:MOST]
    title = ask.words._("What would you like to know?")
    try:
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, title=title, prompts=found)
    except (SlackClientError, OSError) as error:
        log.info("no prompts were offered: %s", error)


def working(client: WebClient, event: Mapping[str, Any], words: Words) -> None:
    """Said in a thread of one's own with the bot, whose answer takes it away; elsewhere it would stay."""
    if event.get("channel_type") != "im" or not event.get("thread_ts"):
        return
    status = words._("is looking in the prompt book…")
    try:
        client.assistant_threads_setStatus(channel_id=event["channel"], thread_ts=event["thread_ts"], status=status)
    except (SlackClientError, OSError) as error:
        log.info("no status was shown: %s", error)


def prompts(ask: Ask) -> Iterator[tuple[str, str]]:
    """Of a title and what is then said in one's name: what needs me, the worst account, the nearest renewal."""
    words = ask.words
    today = words._("What needs me today?")
    yield today, _said(ask, today, "digest")
    scope = ask.scope.narrowed(*whose(ask))
    chosen = Selection(scope, whose(ask), Period(ask.today, ask.today + AHEAD))
    with ask.database.transaction() as tx:
        worst = accounts.page(tx, scope, limit=1)
        ending = min((e for e in renewals.endings(tx, ask, chosen) if not e.renewal.leaving),
                     key=renewals.Ending.soonest, default=None)  # fmt: skip
    if worst:
        account = worst[0].account
        asked = words._("How is {name} doing?", name=named(account.name, 50))
        yield asked, _said(ask, asked, f"health {account.account_id}")
    if ending:
        until = words.until(ending.renewal.days_left)
        title = words._("{name} renews {until}: what renews?", name=named(ending.account.name, 30), until=until)
        mine = "renewals team" if ask.caller.role == "lead" else "renewals mine"
        yield title, _said(ask, words._("What renews next?"), mine)


def _said(ask: Ask, sentence: str, command: str) -> str:
    """In words where these are understood as the command, else the command itself."""
    return sentence if meant(ask.desk, ask.caller, ask.words, sentence) == command else command
