"""A table that may only grow: the database itself refuses an update or a deletion."""

from sqlalchemy import Connection, text


def guard(connection: Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(
                text(
                    f"create trigger {table}_no_{verb} before {verb} on {table} "
                    f"begin select raise(abort, '{table} is append-only'); end"
                )
            )
        return
    connection.execute(
        text(
            f"create function {table}_append_only() returns trigger language plpgsql as "
            f"$$ begin raise exception '{table} is append-only'; end $$"
        )
    )
    connection.execute(
        text(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            f"for each statement execute function {table}_append_only()"
        )
    )


def release(connection: Connection, table: str) -> None:
    """Lift the guard, for taking the table away."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"drop trigger {table}_no_{verb}"))
        return
    connection.execute(text(f"drop function {table}_append_only() cascade"))
