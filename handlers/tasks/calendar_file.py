"""/tasks ics: one's own calendar of tasks and front-stage events; of the customer nothing but the account's name."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from domain.playbooks.playbooks import Playbook
from handlers.ask import Ask, File, Reply
from handlers.blocks import section
from handlers.tasks.task_matter import books_of
from handlers.tasks.task_naming import task_title
from handlers.tasks.task_room import plays_of
from storage.playbooks import tasks
from storage.playbooks.tasks import Due
from words import Words

AHEAD, MOST = timedelta(90), 1000
PRODUCT = "-//Apuntador//Tasks//EN"
SHORTEST = timedelta(minutes=15)
REMIND = timedelta(minutes=-30)


def answer(ask: Ask, _typed: str = "") -> Reply:
    words = ask.words
    with ask.database.transaction() as tx:
        owners = (ask.caller.email,)
        due = tasks.due(tx, ask.scope, until=ask.today + AHEAD, owners=owners, sides=["front", "back"], limit=MOST)
        books = books_of(tx, plays_of(tx, ask, due).values())
    said = words.ngettext(
        "Your calendar with {n} task is on its way to your direct messages.",
        "Your calendar with {n} tasks is on its way to your direct messages.",
        len(due),
    )
    hint = words._("Import it into your calendar; a later file updates what it brought before.")
    name = f"{words._('tasks')} {ask.today.isoformat()}.ics"
    written = calendar(words, due, books, ask.now)
    return Reply(said, (section(said, hint),), files=(File(name, "text/calendar", lambda: written),))


def calendar(words: Words, due: list[Due], books: dict[str, Playbook], now: datetime) -> bytes:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", words._("Front stage and tasks"))
    for each in due:
        made.add_component(_event(words, each, books.get(each.task.play_id or ""), now))
    return bytes(made.to_ical())


def _event(words: Words, due: Due, book: Playbook | None, now: datetime) -> Event:
    """With an hour it takes its time; without one it is of the day and leaves it free."""
    task = due.task
    event = Event()
    event.add("uid", f"{task.task_id}@apuntador")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", now.astimezone(UTC))
    event.add("sequence", _sequence(now))
    event.add("summary", f"{due.account_name}: {task_title(words, task, book)}")
    event.add("categories", [words._("Front stage") if task.side == "front" else words._("Back stage")])
    if task.at:
        start = task.at.astimezone(UTC)
        event.add("dtstart", start)
        event.add("dtend", start + max(timedelta(hours=task.hours), SHORTEST))
        event.add_component(_reminder(words))
    else:
        event.add("dtstart", task.due_on)
        event.add("dtend", task.due_on + timedelta(1))
        event.add("transp", "TRANSPARENT")
    return event


def _sequence(now: datetime) -> int:
    """Grows with time, so that a later file wins over what an earlier one brought."""
    return int(now.timestamp()) // 60


def _reminder(words: Words) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words._("Front stage"))
    alarm.add("trigger", REMIND)
    return alarm
