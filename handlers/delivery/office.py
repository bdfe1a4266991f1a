"""What delivering needs: the desk, the doors, a line to Slack that waits for nobody, and how each kind is worded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from slack_sdk import WebClient

from domain.accounts import Person
from handlers.ask import Desk, Reply
from handlers.slack.doors import Doors, Home
from storage.database import Transaction
from storage.delivery import leases
from words import Words

Render = Callable[[Desk, Mapping[str, Any], Person | None, Words], Reply]

REQUEST_TIMEOUT_S = 10
TOKENS = {
    "account_inactive", "invalid_auth", "not_authed", "org_login_required", "team_access_not_granted", "token_expired",
    "token_revoked",
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """What delivers: `client` retries nothing by itself and waits no longer than REQUEST_TIMEOUT_S.

    render: how each kind of message is worded; its content has `late` where its day (`told_on`) is over.
    moment: real time, which leases and paces go by.
    """

    desk: Desk
    doors: Doors
    client: WebClient
    render: Mapping[str, Render]
    moment: Callable[[Transaction], datetime] = leases.moment

    @cached_property
    def home(self) -> Home:
        known = self.client.auth_test()
        return Home(known.get("team_id") or "", known.get("enterprise_id") or "")
