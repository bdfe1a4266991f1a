"""Our own people as files name them: by e-mail, or by a name or alias that only one of them bears."""

from dataclasses import dataclass, field

from sqlalchemy import select

from storage.database import Transaction
from storage.names import fold, listed
from storage.sources.problems import BadCell
from storage.tables import people


@dataclass
class Colleagues:
    """`unknown` collects the names that nobody bears: they are kept as they are written, and said."""

    names: dict[str, set[str]] = field(default_factory=dict)
    bearers: dict[str, set[str]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def learn(self, email: str, name: str | None, aliases: str | None) -> None:
        """What is told later of a person replaces what was told before."""
        for folded in self.names.get(email, ()):
            self.bearers[folded].discard(email)
        self.names[email] = {fold(said) for said in (name or "", *listed(aliases))} - {""}
        for folded in self.names[email]:
            self.bearers.setdefault(folded, set()).add(email)

    def resolve(self, said: str) -> str:
        """The e-mail; raises BadCell where several people bear the name."""
        if "@" in said:
            return said.lower()
        found = self.bearers.get(fold(said), set())
        if len(found) > 1:
            raise BadCell("ambiguous_person", people=sorted(found))
        if not found:
            self.unknown.add(said)
        return next(iter(found), said)


def known(tx: Transaction) -> Colleagues:
    colleagues = Colleagues()
    for row in tx.execute(select(people)):
        colleagues.learn(row.email, row.name, row.aliases)
    return colleagues
