"""One person's hands: everything that someone can do in Slack, as a method."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground import payloads
from playground.app import App
from playground.arguments import check_view
from playground.delivery import Answer
from playground.entries import CARRIES, chosen, refused, state_of
from playground.limits import option_faults
from playground.objects import handle, view_json
from playground.tickets import RefusedError, Reply
from playground.values import Channel, Json, Message, Person, Team, View
from playground.workspace import SLACKBOT

Place = Message | View


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: `error` if the app did not take it, `errors` by block id if a form came back."""

    error: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.error and not self.errors


class Actor:
    def __init__(self, app: App, person: Person) -> None:
        self._app, self.person = app, person
        self._workspace = app.workspace

    @property
    def direct(self) -> Channel:
        """The direct message with the app."""
        return self._workspace.open_direct([self.person.id])[0]

    @property
    def modal(self) -> View | None:
        return self._app.modals.top(self.person.id)

    def command(self, name: str, text: str = "", *, channel: str | None = None, thread: str | None = None) -> Outcome:
        """Type a slash command, in the direct message with the app unless told otherwise."""
        where = self._conversation(channel)
        name, *rest = f"{name} {text}".strip().split(maxsplit=1)
        text = "".join(rest)
        if thread:
            return self._slackbot(where, f"{name} is not supported in threads.", "not_in_threads")
        if name not in self._app.manifest.commands:
            return self._slackbot(where, f"{name} is not a valid command.", "not_a_command")
        if self._app.manifest.commands[name].escapes:
            text = self._escaped_mentions(text)
        ticket = self._app.tickets.reply(self.person.id, where.id)
        answer = self._app.courier.deliver(
            "slash_commands",
            payloads.command(
                self._workspace,
                self.person,
                where,
                name,
                text,
                response_url=self._app.response_url(ticket),
                trigger_id=self._app.tickets.trigger(self.person.id),
            ),
        )
        reply = Reply(self.person.id, where.id, self._workspace.clock())
        shown = answer.ok and self._app.responses.acknowledged(reply, answer.body)
        error = answer.error or ("" if shown else "invalid_command_response")
        return self._slackbot(where, f"{name} failed with the error “{error}”", error) if error else Outcome()

    def say(self, text: str, *, channel: str | None = None, thread: str | None = None) -> Message:
        """Write a message, in the direct message with the app unless told otherwise."""
        where = self._conversation(channel)
        message = self._workspace.post(where.id, self.person.id, as_slack_keeps(text), thread_ts=thread)
        self._app.tell_message(message, where)
        return message

    def mention(self, text: str, *, channel: str, thread: str | None = None) -> Message:
        return self.say(f"<@{self._workspace.app.id}> {text}", channel=channel, thread=thread)

    def upload(self, name: str, content: bytes, *, text: str = "", channel: str | None = None) -> Message:
        """Share a file, in the direct message with the app unless told otherwise."""
        where = self._conversation(channel)
        file = self._workspace.keep_file(name, content, owner=self.person.id, channels=(where.id,))
        said = as_slack_keeps(text)
        message = self._workspace.post(where.id, self.person.id, said, files=(file,), subtype="file_share")
        self._app.tell_file(file, where, self.person)
        self._app.tell_message(message, where)
        return message

    def share(self, channel: str, team: str) -> None:
        """Share a channel with one of the playground's partners; their people come in."""
        self._app.share(self._own(channel, "shared", name=self._partner(team).name), self._partner(team))

    def unshare(self, channel: str, team: str) -> None:
        """Stop sharing it; their people go."""
        self._app.unshare(self._own(channel, "unshared", name=self._partner(team).name), self._partner(team))

    def invite(self, person: str, channel: str) -> None:
        """Bring someone into a channel: a colleague, a guest, or the app."""
        who = self._workspace.people[person]
        self._app.add(who, self._own(channel, "joined", name=who.name), inviter=self.person.id)

    def remove(self, person: str, channel: str) -> None:
        who = self._workspace.people[person]
        self._app.remove(who, self._own(channel, "left", name=who.name))

    def click(self, place: Place | None = None, action_id: str = "", *, text: str = "", **more: Any) -> Outcome:
        """Press a button, found by its action id or by what it says; without a place, in the modal."""
        where = place or self._screen()
        element = self._element(where, action_id, text, more.get("block_id", ""))
        return self._act(where, element, {}, more.get("values") or {})

    def choose(self, place: Place | None, action_id: str, choice: Any, **more: Any) -> Outcome:
        """Pick an option, date, person or line of an overflow menu, by value or by what it says."""
        where = place or self._screen()
        element = self._element(where, action_id, "", more.get("block_id", ""))
        picked = {CARRIES[element["type"]]: chosen(element, choice)}
        values = dict(more.get("values") or {})
        beside = values.get(element["block_id"])
        values[element["block_id"]] = {**(beside if isinstance(beside, Mapping) else {}), element["action_id"]: choice}
        return self._act(where, element, picked, values)

    def suggest(self, place: Place | None, action_id: str, typed: str) -> list[Json]:
        """The options that the app offers for what was typed into an external select."""
        where = place or self._screen()
        element = self._element(where, action_id, "")
        payload = payloads.interaction(self._workspace, self.person, "block_suggestion")
        payload |= {"action_id": element["action_id"], "block_id": element["block_id"], "value": typed}
        answer = self._app.courier.deliver("interactive", payload | self._where(where, {}))
        if faults := option_faults(answer.body):
            self._app.api.note(
                "ack", {"options": answer.body}, {"ok": False, "error": "invalid_options", "why": faults}
            )
            return []
        found = answer.body if answer.ok and isinstance(answer.body, dict) else {}
        grouped = [option for group in found.get("option_groups") or [] for option in group["options"]]
        return list(found.get("options") or grouped)

    def submit(self, values: Mapping[str, Any] | None = None, *, view: View | None = None) -> Outcome:
        """Send the modal; values by action id, block id or label."""
        shown = view or self._screen()
        state = state_of(shown.body["blocks"], values or {})
        if wrong := refused(shown.body["blocks"], state):
            return Outcome(errors=wrong)
        payload = payloads.interaction(self._workspace, self.person, "view_submission")
        payload |= {"trigger_id": self._app.tickets.trigger(self.person.id, view=shown.id), "response_urls": []}
        answer = self._app.courier.deliver("interactive", payload | self._viewed(shown, state))
        return self._answered(shown, answer)

    def close(self, *, everything: bool = False) -> None:
        """Close the modal on top; the app hears of it where it asked to."""
        for view in self._app.modals.close(self.person.id, everything=everything):
            if view.body.get("notify_on_close"):
                payload = payloads.interaction(self._workspace, self.person, "view_closed")
                self._app.courier.deliver("interactive", payload | self._viewed(view, {}) | {"is_cleared": everything})

    def shortcut(self, message: Message, callback_id: str) -> Outcome:
        """Use a message shortcut."""
        payload = payloads.interaction(self._workspace, self.person, "message_action")
        payload |= {
            "callback_id": callback_id,
            "trigger_id": self._app.tickets.trigger(self.person.id),
            "message_ts": message.ts,
            "action_ts": self._workspace.tick(),
            "response_url": self._app.response_url(self._app.tickets.reply(self.person.id, message.channel)),
        }
        where = payloads.in_message(self._workspace, message)
        return Outcome(self._app.courier.deliver("interactive", payload | where).error)

    def begin(self, callback_id: str) -> Outcome:
        """Use a global shortcut, which belongs to no conversation."""
        payload = payloads.interaction(self._workspace, self.person, "shortcut")
        payload |= {
            "callback_id": callback_id,
            "trigger_id": self._app.tickets.trigger(self.person.id),
            "action_ts": self._workspace.tick(),
        }
        return Outcome(self._app.courier.deliver("interactive", payload).error)

    def speak(self, language: str) -> None:
        """Choose the language of one's Slack, keeping the country; the app hears of it."""
        _, _, country = self.person.locale.partition("-")
        self._workspace.change_person(self.person.id, locale="-".join(filter(None, (language, country))))
        self._app.changed(self.person.id)

    def open_home(self, tab: str = "home") -> None:
        """Open the app's Home tab, or its Messages tab."""
        if self._app.manifest.subscribes("app_home_opened"):
            event = {"type": "app_home_opened", "user": self.person.id, "channel": self.direct.id, "tab": tab}
            home = self._app.modals.homes.get(self.person.id)
            seen = {"view": view_json(self._workspace, home)} if home and tab == "home" else {}
            self._app.tell(event | seen, channel=self.direct)

    def _conversation(self, named: str | None) -> Channel:
        channel = self._workspace.find_channel(named) if named else self.direct
        if channel is None:
            raise LookupError(f"no conversation {named!r}")
        if not self.person.sees(channel):
            raise LookupError(f"{self.person.name} is not in {named!r}")
        if self.person.id not in channel.members:
            self._app.add(self.person, channel)
        return self._workspace.channels[channel.id]

    def _own(self, named: str, happened: str, **names: str) -> Channel:
        """A channel that this person may change, which guests and strangers may not; all in it see what happened."""
        channel = self._workspace.find_channel(named)
        if channel is None or channel.is_direct or self.person.is_outside or not self.person.sees(channel):
            raise LookupError(f"{self.person.name} may not change {named!r}")
        self._workspace.note(channel.id, happened, who=self.person.name, **names)
        return channel

    def _partner(self, team: str) -> Team:
        return self._workspace.partners[team]

    def _screen(self) -> View:
        if self.modal is None:
            raise LookupError("no modal is open")
        return self.modal

    def _element(self, place: Place, action_id: str, text: str, block_id: str = "") -> Json:
        if isinstance(place, Message):
            place = self._workspace.message(place.channel, place.ts) or place
        for element in place.actions:
            if block_id and element["block_id"] != block_id:
                continue
            says = element.get("text", {}).get("text") if element["type"] == "button" else None
            if action_id == element["action_id"] or (text and text == says):
                return element
        offered = [(e["action_id"], e.get("text", {}).get("text", e["type"])) for e in place.actions]
        raise LookupError(f"no {action_id or text!r} here; there are {offered}")

    def _act(self, place: Place, element: Json, picked: Json, values: Mapping[str, Any]) -> Outcome:
        named = ("type", "action_id", "block_id", "text", "value", "style")
        action = {name: element[name] for name in named if name in element} | picked
        if "url" in element:
            action["url"] = element["url"]
        payload = payloads.interaction(self._workspace, self.person, "block_actions")
        payload |= {
            "trigger_id": self._app.tickets.trigger(self.person.id),
            "actions": [action | {"action_ts": self._workspace.tick()}],
        }
        return Outcome(self._app.courier.deliver("interactive", payload | self._where(place, values)).error)

    def _where(self, place: Place, values: Mapping[str, Any]) -> Json:
        if isinstance(place, View):
            return self._viewed(place, state_of(place.body["blocks"], values))
        ticket = self._app.tickets.reply(self.person.id, place.channel, message_ts=place.ts)
        where = payloads.in_message(self._workspace, place)
        state = {"values": state_of(place.blocks, values)}
        return where | {"state": state, "response_url": self._app.response_url(ticket)}

    def _viewed(self, view: View, state: Json) -> Json:
        return payloads.in_view(self._workspace, view, state)

    def _answered(self, view: View, answer: Answer) -> Outcome:
        """Do with the modal what the app answered to its submission."""
        if not answer.ok:
            return Outcome(answer.error)
        said = answer.body if isinstance(answer.body, dict) else {}
        try:
            return self._respond(view, said)
        except RefusedError as refusal:
            self._app.api.note("ack", said, {"ok": False, "error": refusal.error, **refusal.extra})
            return Outcome(refusal.error)

    def _respond(self, view: View, said: Json) -> Outcome:
        kind = said.get("response_action")
        if kind == "errors":
            known = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
            if not said.get("errors") or set(said["errors"]) - known:
                raise RefusedError("invalid_errors")
            return Outcome(errors=dict(said["errors"]))
        if kind in {"update", "push"}:
            check_view(said.get("view"))
            if kind == "update":
                self._app.modals.update(view, said["view"])
            else:
                self._app.modals.push(self.person.id, said["view"])
        elif kind in {None, "clear"}:
            self._app.modals.take(view, everything=kind == "clear" or view.body.get("clear_on_close", False))
        else:
            raise RefusedError("invalid_response_action")
        return Outcome()

    def _slackbot(self, channel: Channel, text: str, error: str) -> Outcome:
        self._workspace.post(channel.id, SLACKBOT, text, ephemeral_to=self.person.id)
        return Outcome(error)

    def _escaped_mentions(self, text: str) -> str:
        people = {f"<@{p.id}>": f"<@{p.id}|{handle(p)}>" for p in self._workspace.people.values()}
        return re.sub(r"<@\w+>", lambda found: people.get(found[0], found[0]), text)


def as_slack_keeps(text: str) -> str:
    """What a person typed, with Slack's three entities; mentions stay mentions."""
    parts = re.split(r"(<[@#!][\w|.-]+>)", text)
    return "".join(part if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
