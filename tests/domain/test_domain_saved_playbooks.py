"""A playbook made of what runs on an account."""

from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from domain.accounts import Contact
from domain.playbooks.playbook_files import load
from domain.playbooks.plays import Task
from domain.playbooks.saved_playbooks import Ran, playbook_of
from tests.domain.plays import MONDAY, activity, book, planned, play
from words.templates import fields_of


def made(ran, own=(), tier="1"):
    contacts = {"c1": Contact("c1", "Eva", role="champion")}
    content = playbook_of("mine", "Mine", ran, own, contacts, tier)
    return load(yaml.safe_dump(content, allow_unicode=True), file="mine.yaml", fields_of=fields_of)


def ran(playbook=None, **changed):
    playbook = playbook or book()
    tasks = tuple(replace(t, **changed.get(t.activity, {})) for t in planned(playbook).tasks)
    return Ran(play(), playbook, tasks)


def test_days_are_counted_from_the_start_as_they_stand_now():
    moved = made([ran(F1={"due_on": MONDAY + timedelta(9)})])
    assert moved.activities["F1"].day == ("D+9",)
    assert moved.name == "mine"
    assert moved.kpi == book().kpi


def test_what_was_left_out_is_no_longer_there_nor_needed():
    found = made([ran(B1={"status": "skipped"})])
    assert "B1" not in found.activities
    assert found.activities["B2"].needs == ()


def test_two_plays_make_one_and_their_needs_stay_their_own():
    other = book(activity("B1", "D+1"), activity("F1", "D+4", needs=("B1",)), name="other")
    found = made([ran(), ran(other)])
    assert len(found.plan) == 7
    last = found.plan[-1]
    assert last.needs == (found.plan[-2].id,)
    assert len({each.id for each in found.plan}) == 7


def test_effort_is_that_of_the_first_tier_whatever_the_accounts():
    tasks = tuple(replace(task, hours=task.hours / 2) for task in planned(book()).tasks)
    found = made([Ran(play(), book(), tasks)], tier="2")
    assert found.activities["B1"].hours == 1
    spent = tuple(replace(task, hours=2.0) if task.activity == "B1" else task for task in tasks)
    assert made([Ran(play(), book(), spent)], tier="2").activities["B1"].hours == 4


def test_somebodys_own_tasks_are_activities_of_their_side():
    own = [
        Task("x", 1, "customer", MONDAY + timedelta(2), title="They send {{ it }}", contact_id="c1"),
        Task("y", 1, "front", MONDAY - timedelta(2), title="Coffee", channel="visit"),
    ]
    found = made([ran()], own)
    coffee, theirs = found.plan[-2:]
    assert (coffee.day, coffee.owner, coffee.channel) == (("D-2",), "csm", "visit")
    assert (theirs.contact, theirs.title.en) == ("champion", "They send (( it ))")


def test_where_nothing_has_started_there_is_nothing_to_save():
    with pytest.raises(ValueError, match="no play"):
        made([])
