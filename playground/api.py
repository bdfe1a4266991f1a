"""The Web API: who calls, may they, what do they get; each call is logged."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.arguments import Arguments
from playground.faults import Fault, Faults
from playground.methods import Method, scope_of
from playground.paces import Paces
from playground.tickets import RefusedError
from playground.values import Json
from playground.workspace import Workspace

LOGGED = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    """One call as the log keeps it, without its token."""

    method: str
    args: Json
    answer: Json
    at: float

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


@dataclass(frozen=True, slots=True)
class Response:
    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


class WebApi:
    def __init__(self, workspace: Workspace, table: Mapping[str, Method], tokens: Mapping[str, str]) -> None:
        self.faults, self.log = Faults(), list[Request]()
        self.stopped = threading.Event()
        self.paces: Paces | None = None
        self.revoked = False
        self._workspace, self._table, self._tokens = workspace, table, tokens

    def call(self, name: str, token: str, values: Json) -> Response:
        fault = self.faults.take(name)
        if fault and fault.hang:
            self.stopped.wait(fault.hang)
        broken = spoiled(fault) if fault else None
        done = self._answer(name, token, values) if broken is None or (fault and fault.accepted) else None
        response = broken or done or Response({"ok": False, "error": "internal_error"}, 500)
        self.note(name, values, response.body)
        return response

    def note(self, name: str, values: Json, answer: Json) -> None:
        """Keep a call in the log; what people wait for may have just happened, so wake them."""
        kept = {key: value for key, value in values.items() if key != "token"}
        with self._workspace.change():
            self.log.append(Request(name, kept, answer, self._workspace.clock()))
            del self.log[:-LOGGED]

    def _answer(self, name: str, token: str, values: Json) -> Response:
        call = Arguments(self._workspace, values)
        try:
            method = self._allowed(name, token, call)
            if wait := self._seconds_to_wait(name, call):
                return limited(wait)
            return Response({"ok": True, **method.call(call)}, headers=self._granted())
        except RefusedError as refusal:
            return Response({"ok": False, "error": refusal.error, **refusal.extra}, headers=self._granted())

    def _seconds_to_wait(self, name: str, call: Arguments) -> int:
        return self.paces.seconds_to_wait(name, self._conversation(call.text("channel"))) if self.paces else 0

    def _conversation(self, named: str) -> str:
        """A channel by its id or name, a person by theirs: one conversation, however it is called."""
        if named in self._workspace.people:
            return self._workspace.open_direct([named])[0].id
        found = self._workspace.find_channel(named)
        return found.id if found else named

    def _granted(self) -> Mapping[str, str]:
        """Slack names the token's scopes with every answer."""
        scopes = self._workspace.scopes
        return {} if scopes is None else {"X-OAuth-Scopes": ",".join(sorted(scopes))}

    def _allowed(self, name: str, token: str, call: Arguments) -> Method:
        method = self._table.get(name)
        if method is None:
            raise RefusedError("unknown_method", req_method=name)
        if method.token:
            self._check_token(method.token, token)
        scope = scope_of(method, call)
        if scope and not self._workspace.grants(scope):
            granted = ",".join(sorted(self._workspace.scopes or ()))
            raise RefusedError("missing_scope", needed=scope, provided=granted)
        return method

    def accepts(self, token: str) -> bool:
        return token == self._tokens["xoxb"] and not self.revoked

    def _check_token(self, wanted: str, token: str) -> None:
        if not token:
            raise RefusedError("not_authed")
        if token not in self._tokens.values():
            raise RefusedError("invalid_auth")
        if self.revoked:
            raise RefusedError("token_revoked")
        if token != self._tokens[wanted]:
            raise RefusedError("not_allowed_token_type")


def spoiled(fault: Fault) -> Response | None:
    """What a fault answers, or nothing where it only delays."""
    if fault.cut:
        return Response({"ok": False, "error": "connection_cut"}, cut=True)
    if fault.status == 429 or fault.error == "ratelimited":
        return limited(1 if fault.retry_after is None else fault.retry_after)
    if fault.error or fault.status != 200:
        return Response({"ok": False, "error": fault.error or "internal_error"}, fault.status)
    return None


def limited(seconds: int) -> Response:
    return Response({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})
