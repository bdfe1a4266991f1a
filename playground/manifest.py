"""What the app's manifest promises: its commands, events, shortcuts and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.values import Json


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    description: str = ""
    usage: str = ""
    escapes: bool = False


class Manifest:
    def __init__(self, whole: Json | None) -> None:
        self._whole = whole or {}

    def _at(self, *path: str) -> Any:
        value: Any = self._whole
        for name in path:
            value = (value or {}).get(name)
        return value

    @property
    def app_name(self) -> str:
        display = self._at("features", "bot_user", "display_name")
        return str(display or self._at("display_information", "name") or "App")

    @property
    def commands(self) -> dict[str, Command]:
        listed = self._at("features", "slash_commands") or []
        found = (
            Command(c["command"], c.get("description", ""), c.get("usage_hint", ""), c.get("should_escape", False))
            for c in listed
        )
        return {command.name: command for command in found}

    @property
    def scopes(self) -> frozenset[str] | None:
        listed = self._at("oauth_config", "scopes", "bot")
        return None if listed is None else frozenset(listed)

    @property
    def shortcuts(self) -> list[Json]:
        return list(self._at("features", "shortcuts") or [])

    @property
    def has_home(self) -> bool:
        return bool(self._at("features", "app_home", "home_tab_enabled"))

    def subscribes(self, *names: str) -> bool:
        """Whether one of these events is asked for; a manifest without a list asks for all."""
        listed = self._at("settings", "event_subscriptions", "bot_events")
        return listed is None or any(name in listed for name in names)
