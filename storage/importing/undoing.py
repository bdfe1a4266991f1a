"""Taking an import back: what it changed or removed is restored, what it added goes; what came later stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, literal, select, tuple_, update

from domain.policies.policy import Policy
from storage import admins
from storage.database import Database, Transaction, upsert
from storage.importing import aftermath, standing
from storage.importing.aftermath import REMOVED, TOLD
from storage.importing.images import entity_key, key_columns, key_values, restored
from storage.scope import STAGE_BY_RULE
from storage.sources.problems import Warned
from storage.tables import (
    ENTITIES,
    accounts,
    before_images,
    edited,
    history,
    import_progress,
    imports,
    parked,
    people,
    renewal_calls,
    sources,
)

PAGE = 2_000
NAMED = 1_000
# Accounts come back first and go last.
TABLES: dict[str, Table] = {table.name: table for table in (accounts, *ENTITIES.values(), history, parked, sources)}
NOT_BY_RULE = {"renewal_calls": (renewal_calls.c.by != "rule",), "history": (history.c.field != STAGE_BY_RULE,)}


@dataclass(frozen=True, slots=True)
class Left:
    """A row that stays as it is because something later wrote it: an edit, an import, or rows that need it."""

    entity: str
    key: str
    because: str


@dataclass
class Undone:
    import_id: int
    restored: int = 0
    removed: int = 0
    left: list[Left] = field(default_factory=list)
    error: Warned | None = None

    @property
    def ok(self) -> bool:
        return self.error is None

    def leave(self, table: Table, row: Mapping[str, Any], because: str) -> None:
        if len(self.left) < NAMED:
            self.left.append(Left(table.name, entity_key(table, row), because))


def undo(database: Database, import_id: int, *, who: str, now: datetime, policy: Policy) -> Undone:
    """Take an import back, in chunks: interrupted, it is run again."""
    undone = Undone(import_id)
    with database.transaction() as tx:
        made = tx.execute(select(imports).where(imports.c.id == import_id)).first()
        why_not = _why_not(tx, made, now - timedelta(days=policy.undo_days))
    if made is None or why_not:
        undone.error = Warned(why_not, {"import_id": import_id, "days": policy.undo_days})
        return undone
    for table in TABLES.values():
        _repeat(database, lambda tx, table=table: _restore(tx, table, made, undone))
    for table in reversed([table for table in TABLES.values() if "import_id" in table.c]):
        _remove_added(database, table, made, undone)
    with database.changing() as tx:
        tx.execute(delete(import_progress).where(import_progress.c.import_id == import_id))
        report = {**(made.report or {}), "undone": {"who": who, "at": now.isoformat()}}
        tx.execute(update(imports).where(imports.c.id == import_id).values(state="undone", report=report))
    return undone


def _why_not(tx: Transaction, made: Any, oldest: datetime) -> str:
    """The code of what stands against undoing an import, if anything does."""
    if made is None:
        return "no_such_import"
    if made.state == "undone":
        return "already_undone"
    if made.started_at < oldest:
        return "too_late"
    return "last_admin" if admins.others(tx, ()) and not _is_administered_without(tx, made) else ""


def _is_administered_without(tx: Transaction, made: Any) -> bool:
    """Whether somebody administers once the import is undone."""
    stands = {row.email: row._asdict() for row in tx.execute(select(people))}
    ours = select(before_images).where(before_images.c.import_id == made.id, before_images.c.entity == people.name)
    for image in tx.execute(ours.order_by(before_images.c.id.desc())):
        removed, before = REMOVED in image.before, _before(people, image)
        row = _put_back(tx, people, before, stands.get(before["email"]), made, Undone(made.id), removed=removed)
        stands |= {before["email"]: row} if row else {}
    return any(row["role"] == admins.ADMIN and row["import_id"] != made.id for row in stands.values())


def purge(tx: Transaction, before: datetime) -> None:
    """Drop the images of imports that can no longer be undone."""
    old = select(imports.c.id).where(imports.c.started_at < before)
    tx.execute(delete(before_images).where(before_images.c.import_id.in_(old)))


def _repeat(database: Database, step: Any) -> None:
    while True:
        with database.changing() as tx:
            if not step(tx):
                return


def _restore(tx: Transaction, table: Table, made: Any, undone: Undone) -> int:
    """Restore one page of images, the newest first."""
    query = select(before_images).where(before_images.c.import_id == made.id, before_images.c.entity == table.name)
    images = tx.execute(query.order_by(before_images.c.id.desc()).limit(PAGE)).all()
    for several in _without_repeats(images):
        _restore_rows(tx, table, several, made, undone)
    tx.execute(standing.deleting(tx, before_images, before_images.c.id, [image.id for image in images]))
    return len(images)


def _without_repeats(images: Sequence[Any]) -> Iterator[list[Any]]:
    """Runs of images in which no row comes twice: each has to see what the one before it restored."""
    run: list[Any] = []
    seen: set[str] = set()
    for image in images:
        name = str(sorted(image.key.items()))
        if name in seen:
            yield run
            run, seen = [], set()
        run.append(image)
        seen.add(name)
    if run:
        yield run


def _restore_rows(tx: Transaction, table: Table, images: Sequence[Any], made: Any, undone: Undone) -> None:
    names = [column.name for column in table.primary_key.columns]
    found = standing.rows(tx, table, names, [[image.key[name] for name in names] for image in images])
    stands = {tuple(row[name] for name in names): row for row in (each._asdict() for each in found)}
    back, touched = [], []
    for image in images:
        before = _before(table, image)
        old = stands.get(tuple(restored(table, image.key)[name] for name in names))
        row = _put_back(tx, table, before, old, made, undone, removed=REMOVED in image.before)
        if row:
            back.append(row)
            touched += [row] if old is None else [row, old]
    upsert(tx, table, back)
    undone.restored += len(back) if table.name in ENTITIES else 0
    aftermath.mark(tx, table, touched)
    if table is accounts:
        aftermath.name_anew(tx, back)


def _before(table: Table, image: Any) -> dict[str, Any]:
    return restored(table, {name: value for name, value in image.before.items() if name != REMOVED})


def _put_back(
    tx: Transaction, table: Table, before: dict[str, Any], old: dict[str, Any] | None, made: Any, undone: Undone,
    *, removed: bool,
) -> dict[str, Any] | None:  # fmt: skip
    """The row to write, or None where it has to stay as it is."""
    if table is sources:
        return _put_source_back(tx, before, old, made)
    if old is None:
        return before if removed else None
    if old["import_id"] == made.id:
        return before
    if old["import_id"] is None and table.name in ENTITIES:
        undone.leave(table, old, "edited")
        edits = standing.edits(tx, table.name, [entity_key(table, old)]).get(entity_key(table, old), {})
        if edits:
            return {**before, **{name: old[name] for name in edits if name in old}, "import_id": None}
        return None
    if table.name in ENTITIES:
        undone.leave(table, old, "later_import")
    return None


def _put_source_back(tx: Transaction, before: dict[str, Any], old: Any, made: Any) -> dict[str, Any] | None:
    if old is None or old["arrived_at"] != made.finished_at:
        return None
    if "arrived_at" not in before:
        tx.execute(delete(sources).where(sources.c.name == before["name"]))
        return None
    return before


def _remove_added(database: Database, table: Table, made: Any, undone: Undone) -> None:
    """What is left with the import's number, it added."""
    _name_edited(database, table, made, undone)
    last: tuple[Any, ...] = ()
    keys = list(table.primary_key.columns)
    while True:
        with database.changing() as tx:
            query = select(table).where(table.c.import_id == made.id).order_by(*keys).limit(PAGE)
            rows = [row._asdict() for row in tx.execute(_after(query, keys, last))]
            if not rows:
                return
            last = tuple(rows[-1][column.name] for column in keys)
            going = _not_needed(tx, rows, undone) if table is accounts else rows
            aftermath.mark(tx, table, going)
            if table is accounts:
                aftermath.forget(tx, [row["number"] for row in going], None)
            else:
                aftermath.delete_rows(tx, table, going)
            undone.removed += len(going) if table.name in ENTITIES else 0


def _after(query: Any, keys: Sequence[Any], last: tuple[Any, ...]) -> Any:
    if not last:
        return query
    return query.where(tuple_(*keys) > tuple_(*(literal(v, c.type) for c, v in zip(keys, last, strict=True))))


def _not_needed(tx: Transaction, rows: Sequence[dict[str, Any]], undone: Undone) -> list[dict[str, Any]]:
    """The accounts of which nothing else is told; what a rule says of them nobody told."""
    needed: set[int] = set()
    for table in TOLD:
        query = standing.matching(tx, select(table.c.account).distinct(), table.c.account, [r["number"] for r in rows])
        needed |= set(tx.execute(query.where(*NOT_BY_RULE.get(table.name, ()))).scalars())
    for row in rows:
        if row["number"] in needed:
            undone.leave(accounts, row, "needed")
    return [row for row in rows if row["number"] not in needed]


def _name_edited(database: Database, table: Table, made: Any, undone: Undone) -> None:
    """Rows that the import may have added and a person changed since: they stay."""
    if table.name not in made.files["entities"]:
        return
    since = () if table.name in made.files["first"] else (table.c.known_on == date.fromisoformat(made.files["day"]),)
    marked = select(edited.c.entity_key).distinct().where(edited.c.entity == table.name)
    named = {(left.entity, left.key) for left in undone.left}
    with database.transaction() as tx:
        keys = [tuple(key_values(table, key).values()) for key in tx.execute(marked.limit(NAMED)).scalars()]
        for row in standing.rows(tx, table, key_columns(table), keys, table.c.import_id.is_(None), *since):
            if (table.name, entity_key(table, row._asdict())) not in named:
                undone.leave(table, row._asdict(), "edited")
