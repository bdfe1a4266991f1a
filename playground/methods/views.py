"""views.*: each needs the modals and tickets beside the arguments."""

from __future__ import annotations

from playground.arguments import Arguments
from playground.modals import Modals
from playground.objects import view_json
from playground.tickets import RefusedError, Tickets
from playground.values import Json, View


class Views:
    def __init__(self, modals: Modals, tickets: Tickets) -> None:
        self._modals, self._tickets = modals, tickets

    def open(self, call: Arguments) -> Json:
        body = self._modal(call)
        trigger = self._tickets.spend(call.required("trigger_id"))
        return self._told(call, self._modals.open(trigger.user, body))

    def push(self, call: Arguments) -> Json:
        body = self._modal(call)
        trigger = self._tickets.spend(call.required("trigger_id"))
        return self._told(call, self._modals.push(trigger.user, body))

    def update(self, call: Arguments) -> Json:
        body = call.view()
        view = self._modals.find(view_id=call.text("view_id"), external_id=call.text("external_id"))
        return self._told(call, self._modals.update(view, body, seen_hash=call.text("hash")))

    def publish(self, call: Arguments) -> Json:
        person, body = call.person("user_id"), call.view()
        if body["type"] != "home":
            raise RefusedError("invalid_arguments")
        return self._told(call, self._modals.publish(person.id, body, seen_hash=call.text("hash")))

    def _modal(self, call: Arguments) -> Json:
        body = call.view()
        if body["type"] != "modal":
            raise RefusedError("invalid_arguments")
        return body

    def _told(self, call: Arguments, view: View) -> Json:
        return {"view": view_json(call.workspace, view)}
