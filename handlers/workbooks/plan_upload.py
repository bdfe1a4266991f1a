"""A workbook sent to the bot in a direct message: fetched with the bot's token, from Slack and from nowhere else."""

import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

from slack_sdk import WebClient

from domain.accounts import Person
from handlers.ask import Ask, Desk, Refused, Reply, sentence
from handlers.workbooks import import_plan
from words import Words

TIMEOUT_S = 20
ENDINGS = (".xlsx", ".xlsm")
SLACK_HOSTS = ("slack.com", "slack-gov.com", "slack-files.com", "slack-edge.com")
WORD = "import-plan"
File = Mapping[str, Any]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host; a page to log in is no file."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def workbooks(event: Mapping[str, Any]) -> list[File]:
    """Of a direct message; what is shared in a channel is for the people there."""
    files = event.get("files") or []
    named = [file for file in files if str(file.get("name") or "").lower().endswith(ENDINGS)]
    return named if event.get("channel_type") == "im" else []


def answer(
    desk: Desk, caller: Person, words: Words, files: Sequence[File], client: WebClient
) -> tuple[str | None, Reply]:
    """As handlers.answers.answer, of a file instead of words."""
    ask = Ask(desk, caller, words, capability=WORD)
    if len(files) > 1:
        return WORD, sentence(words._("One plan at a time, please: send me the files one after the other."))
    try:
        return WORD, import_plan.offer(ask, _fetched(ask, files[0], client))
    except Refused as refused:
        return WORD, refused.reply


def _fetched(ask: Ask, file: File, client: WebClient) -> bytes:
    words, largest = ask.words, ask.policy.limits.upload_mb << 20
    if int(file.get("size") or 0) > largest:
        raise _too_large(ask)
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(address, client):
        raise Refused(sentence(words._("I cannot open this file: it does not lie in Slack.")))
    headers = {"Authorization": f"Bearer {client.token}"}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  only of the hosts above
    proxies = {"http": client.proxy, "https": client.proxy} if client.proxy else None
    opener = urllib.request.build_opener(
        _NoRedirect, urllib.request.HTTPSHandler(context=client.ssl), urllib.request.ProxyHandler(proxies)
    )
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answered:
            content: bytes = answered.read(largest + 1)
    except (OSError, HTTPException):
        raise Refused(sentence(words._("Slack did not give me the file. Send it again, please."))) from None
    if len(content) > largest:
        raise _too_large(ask)
    if content.lstrip().startswith(b"<"):
        said = words._("Slack wants a log-in for this file: I lack the scope files:read. Tell whoever administers me.")
        raise Refused(sentence(said))
    return content


def _too_large(ask: Ask) -> Refused:
    said = ask.words._("The file is too large for me: at most {most} MB.", most=ask.policy.limits.upload_mb)
    return Refused(sentence(said), "too_large")


def _is_slacks(address: str, client: WebClient) -> bool:
    """Over TLS from one of Slack's hosts; or the very host that all questions go to."""
    where, home = urlsplit(address), urlsplit(client.base_url)
    if where.netloc == home.netloc and where.scheme == home.scheme:
        return True
    host = (where.hostname or "").lower()
    return where.scheme == "https" and any(host == name or host.endswith(f".{name}") for name in SLACK_HOSTS)
