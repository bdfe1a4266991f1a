"""What conversations leave behind: the frame of the last answer, and questions in vain."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from storage import frames, questions
from storage.database import Database
from storage.tables import frames as kept_frames

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = date(2026, 11, 22)


def test_the_nearest_place_of_one_s_own_is_followed(database: Database) -> None:
    with database.changing() as tx:
        frames.keep(tx, ("D1",), "ana@example.com", "risks", now=NOW)
        frames.keep(tx, ("D1:5", "D1:5"), "ana@example.com", "health acme", now=NOW)
        frames.keep(tx, ("D1:5",), "ben@example.com", "tasks", now=NOW)
        frames.keep(tx, ("D1",), "ana@example.com", "renewals 90d", now=NOW)
    with database.transaction() as tx:
        assert frames.last(tx, ("D1:5", "D1"), "ana@example.com", now=NOW) == "health acme"
        assert frames.last(tx, ("D1:6", "D1"), "ana@example.com", now=NOW) == "renewals 90d"
        assert frames.last(tx, ("D1:5",), "ben@example.com", now=NOW) == "tasks"
        assert frames.last(tx, ("D2",), "ana@example.com", now=NOW) == ""


def test_a_frame_is_forgotten_after_a_day_and_goes(database: Database) -> None:
    later = NOW + timedelta(hours=25)
    with database.changing() as tx:
        frames.keep(tx, ("D1",), "ana@example.com", "risks", now=NOW)
    with database.transaction() as tx:
        assert frames.last(tx, ("D1",), "ana@example.com", now=later) == ""
    with database.changing() as tx:
        frames.keep(tx, ("D2",), "ben@example.com", "risks", now=later)
        assert tx.execute(select(func.count()).select_from(kept_frames)).scalar_one() == 1


def test_a_question_in_vain_is_kept_once_with_how_often(database: Database) -> None:
    with database.changing() as tx:
        questions.keep(tx, "the weather", "the weather?", language="en", on=DAY)
        questions.keep(tx, "the weather", "The weather", language="en", on=DAY + timedelta(1))
        questions.keep(tx, "the weather", "the weather", language="es", on=DAY)
    with database.transaction() as tx:
        first, other = questions.unanswered(tx)
        assert (first.said, first.times, first.first_on, first.last_on) == ("The weather", 2, DAY, DAY + timedelta(1))
        assert (other.language, other.times) == ("es", 1)
        assert questions.unanswered(tx, limit=1) == [first]
