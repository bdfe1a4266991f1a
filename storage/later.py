"""A day so many days after another, as each database says it."""

from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class later(FunctionElement[Any]):  # noqa: N801
    """later(day, days)"""

    type = Date()
    inherit_cache = True


@compiles(later, "sqlite")
def _sqlite(element: later, compiler: Any, **given: Any) -> str:
    day, days = (compiler.process(clause, **given) for clause in element.clauses)
    return f"date({day}, ({days}) || ' days')"


@compiles(later, "postgresql")
def _postgresql(element: later, compiler: Any, **given: Any) -> str:
    day, days = (compiler.process(clause, **given) for clause in element.clauses)
    return f"({day} + CAST({days} AS INTEGER))"
