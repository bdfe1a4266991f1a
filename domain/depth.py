"""Layer 8: who uses what of it. It is not enough that the product works."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.accounts import Contact

WEEKS = 4
REGULAR_WEEKS = 3
SIMILAR_AT_LEAST = 3
# Alike in size: between a half and twice as much; fewer accounts than these are too few to compare with.
SIZE_FACTOR = 2
ALIKE_AT_LEAST = 5
OF_USE = {"champion", "admin", "user"}


@dataclass(frozen=True, slots=True)
class User:
    """One who was given access: `last_on` None where no use was ever seen; weeks: of the last four, with use."""

    name: str
    contact_id: str | None = None
    last_on: date | None = None
    weeks: int = 0
    features: int = 0

    @property
    def regular(self) -> bool:
        """In three of the last four weeks, or more."""
        return self.weeks >= REGULAR_WEEKS


@dataclass(frozen=True, slots=True)
class Feature:
    """users: in the last four weeks, None where only the feature is counted; used: in these weeks at all."""

    name: str
    product: str
    core: bool
    used: bool = False
    users: int | None = None


Size = Literal["seats", "mrr"]


@dataclass(frozen=True, slots=True)
class Similar:
    """Other accounts of the segment that used any feature in four weeks: `n`, and how many of them used each.

    size: what makes them alike, None for the whole segment; least, most: the sizes compared with, an MRR in the
    organisation's currency. known: whether the account's own size is known at all.
    """

    uses: Mapping[str, int]
    n: int
    size: Size | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """A feature that so many of the similar accounts use, and this one does not."""

    feature: Feature
    accounts: int
    of: int


@dataclass(frozen=True, slots=True)
class Depth:
    """regular, once: people of the last four weeks; seen: people whose use was ever seen.

    confident: the regular ones, those of most features first; silent: known by name, and no use in four weeks;
    untouched: core features that nobody used in these.
    """

    regular: int
    once: int
    seen: int
    confident: tuple[User, ...]
    silent: tuple[User, ...]
    used: tuple[Feature, ...]
    untouched: tuple[Feature, ...]
    missed: tuple[Missed, ...]


def depth(
    users: Iterable[User],
    contacts: Iterable[Contact],
    features: Collection[Feature],
    products: Collection[str],
    similar: Similar,
) -> Depth:
    """What one account makes of what it pays for.

    features: every known one, with this account's use; products: those it holds, all where none is named; of the
    similar accounts a majority of at least three counts.
    """
    known = list(users)
    seen = {user.contact_id for user in known if user.contact_id}
    present = [c for c in contacts if c.left_on is None and c.role in OF_USE]
    never = [User(c.name, c.contact_id) for c in present if c.contact_id not in seen] if known else []
    silent = [user for user in known if not user.weeks]
    held = [f for f in features if not any(products) or not f.product or f.product in products]
    used = sorted((f for f in features if f.used), key=lambda f: (not f.core, -(f.users or 0), f.name))
    missed = [
        Missed(f, similar.uses[f.name], similar.n)
        for f in held
        if not f.used and similar.uses.get(f.name, 0) >= max(SIMILAR_AT_LEAST, similar.n / 2)
    ]
    return Depth(
        regular=sum(user.regular for user in known),
        once=sum(0 < user.weeks < REGULAR_WEEKS for user in known),
        seen=len(known),
        confident=tuple(sorted((u for u in known if u.regular), key=lambda u: (-u.features, -u.weeks, u.name))),
        silent=(*sorted(silent, key=lambda u: (u.last_on or date.min, u.name), reverse=True), *never),
        used=tuple(used),
        untouched=tuple(sorted((f for f in held if f.core and not f.used), key=lambda f: f.name)),
        missed=tuple(sorted(missed, key=lambda m: (-m.accounts, m.feature.name))),
    )
