"""A list that goes out as a workbook: recorded, drawn on the pool of exports, for the caller alone."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from domain.periods import Period
from domain.scopes import Filter
from handlers.ask import Ask, File, Reply
from handlers.blocks import section
from storage import exports

if TYPE_CHECKING:
    from reports.listing import About

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handed(
    ask: Ask, kind: str, title: str, scope: str, content: Mapping[str, object], draw: Callable[["About"], bytes]
) -> Reply:
    """`scope` as it is said; `content` is kept in the record; `draw` makes the workbook, later."""

    def build() -> bytes:
        from reports.listing import About  # noqa: PLC0415  half a second that only a workbook is worth

        with ask.database.changing() as tx:
            export_id = exports.record(
                tx, account=None, kind=kind, who=ask.caller.email or "operator", made_at=ask.now,
                customer_safe=False, content={"day": ask.today.isoformat(), **content},
            )  # fmt: skip
        return draw(About(title, scope, ask.today, export_id))

    words = ask.words
    said = words._("{what}: the workbook is on its way to your direct messages.", what=title)
    file = File(f"{title} · {ask.today.isoformat()}.xlsx", XLSX, build)
    return Reply(said, (section(said, scope),), files=(file,))


def kept(filters: Iterable[Filter], period: Period | None = None) -> dict[str, object]:
    """The scope and the period as the record holds them."""
    scope = " ".join(f"{one.kind}:{one.value}" if one.value else one.kind for one in filters)
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()} if period else {}
    return {"scope": scope, **days}
