"""Who may be spoken to, and where: an insider, in a conversation that nobody outside the organisation reads."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from cachetools import TTLCache
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

REMEMBERED_S = 300
PAGE = 200
GONE = {"channel_not_found", "method_not_supported_for_channel_type", "invalid_channel"}


@dataclass(frozen=True)
class Home:
    """The organisation that the bot belongs to."""

    team_id: str
    enterprise_id: str = ""


@dataclass(frozen=True)
class Visitor:
    """Whoever speaks to the bot; `insider` is no unless everything that tells it says yes.

    reads: not an app, nor someone whose account is closed.
    """

    slack_id: str
    insider: bool = False
    reads: bool = True
    email: str = ""
    locale: str = ""
    time_zone: str = ""

    @property
    def may_read(self) -> bool:
        """What is posted where they are."""
        return self.insider or not self.reads


class Doors:
    """Looks people and conversations up in Slack and remembers them for five minutes; a failed lookup means no."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._people: TTLCache[str, Visitor] = TTLCache(10_000, REMEMBERED_S, now)
        self._channels: TTLCache[str, bool] = TTLCache(10_000, REMEMBERED_S, now)
        self._now = now
        self._lock = Lock()
        self._forgotten = 0

    def visitor(self, client: WebClient, slack_id: str, home: Home) -> Visitor:
        try:
            return self.look_up(client, slack_id, home)
        except (SlackClientError, OSError):
            return Visitor(slack_id)

    def look_up(self, client: WebClient, slack_id: str, home: Home) -> Visitor:
        """As `visitor`, for those who can ask again later: raises where Slack does not say."""
        with self._lock:
            known, asked_at = self._people.get(slack_id), self._forgotten
        if known:
            return known
        found = _visitor(client.users_info(user=slack_id, include_locale=True)["user"], home)
        with self._lock:
            if asked_at == self._forgotten:
                self._people[slack_id] = found
        return found

    def is_private_to_us(self, client: WebClient, channel: str) -> bool:
        """Whether nobody outside the organisation can read the conversation."""
        with self._lock:
            known, asked_at = self._channels.get(channel), self._forgotten
        if known is not None:
            return known
        try:
            found = _internal(client.conversations_info(channel=channel)["channel"])
        except (SlackClientError, OSError):
            return False
        with self._lock:
            if asked_at == self._forgotten:
                self._channels[channel] = found
        return found

    def is_read_by_us_alone(self, client: WebClient, channel: str, home: Home) -> bool:
        """Whether a post there is read by insiders only, guests excluded; raises where Slack does not say.

        Asked anew each time: what becomes of a channel is told to one replica, and a post stays.
        """
        if not _internal(client.conversations_info(channel=channel)["channel"]):
            return False
        return all(self.look_up(client, member, home).may_read for member in _members(client, channel))

    def obstacle(self, client: WebClient, channel: str, home: Home, *, within: float = math.inf) -> str:
        """Why the bot may post nothing there, as Slack calls it, or `outsiders`; '' where it may.

        within: seconds after which those whom nobody has looked at yet count as ours. Raises where Slack does not say.
        """
        until = self._now() + within
        try:
            found = client.conversations_info(channel=channel)["channel"]
        except SlackApiError as error:
            if error.response["error"] in GONE:
                return "channel_not_found"
            raise
        if not _internal(found):
            return "outsiders"
        if found.get("is_archived") or not found.get("is_member"):
            return "is_archived" if found.get("is_archived") else "not_in_channel"
        for member in _members(client, channel):
            if self._now() > until:
                break
            if not self.look_up(client, member, home).may_read:
                return "outsiders"
        return ""

    def barred(self, client: WebClient, channel: str, home: Home, *, within: float) -> str:
        """As `obstacle`, for those who cannot wait for Slack: `untold` where it does not say."""
        try:
            return self.obstacle(client, channel, home, within=within)
        except (SlackClientError, OSError):
            return "untold"

    def forget(self, slack_id_or_channel: str) -> None:
        """Also what is being looked up right now, which may be from before the change."""
        with self._lock:
            self._forgotten += 1
            self._people.pop(slack_id_or_channel, None)
            self._channels.pop(slack_id_or_channel, None)


def _visitor(user: Mapping[str, Any], home: Home) -> Visitor:
    profile = user.get("profile") or {}
    return Visitor(
        slack_id=user["id"],
        insider=_is_insider(user, home),
        reads=not (user.get("is_bot") or user.get("deleted")),
        email=(profile.get("email") or "").lower(),
        locale=user.get("locale") or "",
        time_zone=user.get("tz") or "",
    )


def _is_insider(user: Mapping[str, Any], home: Home) -> bool:
    if any(user.get(flag) for flag in ("is_stranger", "is_restricted", "is_ultra_restricted", "is_bot", "deleted")):
        return False
    enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
    same_enterprise = bool(home.enterprise_id) and enterprise == home.enterprise_id
    return same_enterprise or (bool(home.team_id) and user.get("team_id") == home.team_id)


def _members(client: WebClient, channel: str) -> Iterator[str]:
    cursor = ""
    while True:
        page = client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        yield from page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _internal(channel: Mapping[str, Any]) -> bool:
    return not (
        channel.get("is_ext_shared")
        or channel.get("is_pending_ext_shared")
        or (channel.get("is_shared") and not channel.get("is_org_shared"))
    )
