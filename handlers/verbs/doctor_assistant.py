"""Of a doctor's checks that of the language model: asked a question of ours, in which nothing of the company stands."""

from collections.abc import Iterator

from domain.policies.policy_assistant import AssistantPolicy
from handlers.assistant.assistant_line import Endpoint, Tool, Unhelped, asked, installed
from handlers.verbs.doctor_findings import Finding, bad, good, look

CHECK = "assistant"
TOOL = Tool("risks", "Accounts at risk.", {"type": "object", "properties": {}, "additionalProperties": False})
ASKED = "Call the one tool that there is, once, and write nothing."


def checks(endpoint: Endpoint | None, policy: AssistantPolicy) -> Iterator[Finding]:
    """Nothing where none is set up."""
    if endpoint is None:
        return
    if not endpoint.model:
        yield bad(CHECK, "assistant_unnamed", host=endpoint.host)
    elif not installed():
        yield bad(CHECK, "assistant_absent")
    else:
        if endpoint.is_open:
            yield look(CHECK, "assistant_open", host=endpoint.host)
        yield _answers(endpoint, policy)


def _answers(endpoint: Endpoint, policy: AssistantPolicy) -> Finding:
    who = {"model": endpoint.model, "host": endpoint.host}
    try:
        said = asked(endpoint, ASKED, "Which accounts are at risk?", [TOOL], seconds=policy.timeout_seconds)
    except Unhelped as unhelped:
        return bad(CHECK, "assistant_silent", **who, reason=unhelped.reason)
    if [name for name, _ in said.chosen] != [TOOL.name]:
        return look(CHECK, "assistant_idle", **who)
    return good(CHECK, "assistant_fine", **who)
