"""What a task is called, wherever it stands."""

from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Task
from handlers.blocks import named
from words import Words


def task_title(words: Words, task: Task, book: Playbook | None) -> str:
    """As the playbook calls it, or as somebody wrote it."""
    activity = book.activities.get(task.activity or "") if book else None
    if activity:
        return named(activity.title.of(words.language), 120)
    if task.title:
        return named(task.title, 120)
    return words._("Learn the outcome that the customer wants")
