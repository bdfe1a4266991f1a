"""The modals that lie on each person's screen, one stack a person, and their Home tabs."""

from __future__ import annotations

import secrets
from dataclasses import replace

from playground.tickets import RefusedError
from playground.values import Json, View
from playground.workspace import Workspace

DEEPEST = 3


class Modals:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        return list(self._stacks.get(user, []))

    def top(self, user: str) -> View | None:
        return next(reversed(self._stacks.get(user, [])), None)

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View:
        for view in self._every():
            if view_id == view.id or (external_id and external_id == view.body.get("external_id")):
                return view
        raise RefusedError("not_found")

    def _every(self) -> list[View]:
        return [*(view for stack in list(self._stacks.values()) for view in stack), *self.homes.values()]

    def open(self, user: str, body: Json) -> View:
        view = self._new(user, body)
        with self._workspace.change():
            self._stacks[user] = [view]
        return view

    def push(self, user: str, body: Json) -> View:
        stack = self._stacks.get(user, [])
        if not stack:
            raise RefusedError("not_found")
        if len(stack) == DEEPEST:
            raise RefusedError("push_limit_reached")
        view = replace(self._new(user, body), root=stack[0].id, previous=stack[-1].id)
        with self._workspace.change():
            stack.append(view)
        return view

    def update(self, view: View, body: Json, *, seen_hash: str | None = None) -> View:
        if seen_hash and seen_hash != view.hash:
            raise RefusedError("hash_conflict")
        changed = replace(view, body=self._named(body), hash=self._hash())
        with self._workspace.change():
            if view.id in {v.id for v in list(self.homes.values())}:
                self.homes[view.user] = changed
            else:
                stack = self._stacks[view.user]
                stack[[v.id for v in stack].index(view.id)] = changed
        return changed

    def publish(self, user: str, body: Json, *, seen_hash: str | None = None) -> View:
        if user in self.homes:
            return self.update(self.homes[user], body, seen_hash=seen_hash)
        view = self._new(user, body)
        with self._workspace.change():
            self.homes[user] = view
        return view

    def close(self, user: str, *, everything: bool = False) -> list[View]:
        """Take the top modal away, or all; what was taken, topmost first."""
        with self._workspace.change():
            stack = self._stacks.get(user, [])
            closed = stack[::-1] if everything else stack[-1:]
            self._stacks[user] = [] if everything else stack[:-1]
        return closed

    def take(self, view: View, *, everything: bool = False) -> None:
        """Take a submitted modal away, unless the app has put another in its place meanwhile."""
        top = self.top(view.user)
        if everything or (top and top.id == view.id):
            self.close(view.user, everything=everything)

    def _new(self, user: str, body: Json) -> View:
        named = body.get("external_id")
        if named and any(view.body.get("external_id") == named for view in self._every()):
            raise RefusedError("duplicate_external_id")
        identity = self._workspace.new_id("V")
        return View(identity, user, self._named(body), self._hash(), root=identity)

    def _named(self, body: Json) -> Json:
        return {**body, "blocks": self._workspace.with_block_ids(body["blocks"])}

    def _hash(self) -> str:
        return f"{int(self._workspace.clock())}.{secrets.token_hex(4)}"
