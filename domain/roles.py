"""What each role may do; whom they see besides is decided by the policy's `visibility`."""

from collections.abc import Mapping
from typing import Literal

from domain.accounts import Role

# read: ask. write: log, edit, start, acknowledge. decide: the final call on a renewal, other people's work.
# see_all: every account, whatever the policy's visibility. administer: be told what is wrong, mend it.
Act = Literal["read", "write", "decide", "see_all", "administer"]

MAY: Mapping[Role, frozenset[Act]] = {
    "viewer": frozenset({"read"}),
    "csm": frozenset({"read", "write"}),
    "lead": frozenset({"read", "write", "decide"}),
    "admin": frozenset({"read", "write", "decide", "see_all", "administer"}),
    "operator": frozenset({"read", "write", "see_all", "administer"}),
}


def may(role: Role, act: Act) -> bool:
    """Whether a role may do something; an unknown role may nothing."""
    return act in MAY.get(role, frozenset())
