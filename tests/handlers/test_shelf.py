"""A folder of playbooks: what works, what is refused, and that the one does not depend on the other."""

import os
import shutil
from pathlib import Path

import pytest

import bot
from handlers.problems import explained
from handlers.shelf import BIGGEST, Shelf, shelf
from tests.stage import HOUSE
from words import Words

OURS = HOUSE / "playbooks"
ONE = (OURS / "onboarding.yaml").read_text(encoding="utf-8").replace("start: at-risk-rescue", "start: onboarding")
MINE = ONE.replace("name: onboarding", "name: mine", 1)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "onboarding.yaml").write_text(ONE, encoding="utf-8")
    return tmp_path


def refused(folder: Path) -> list[tuple[str, str]]:
    found = shelf(folder)
    assert "onboarding" in found.playbooks, "the others go on working"
    return [(problem.file, problem.reason_code) for problem in found.refused]


def write(folder, name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def test_names_are_in_order(folder):
    for name in ("win-back", "a-first", "middle"):
        write(folder, f"{name}.yaml", ONE.replace("name: onboarding", f"name: {name}", 1))
    assert list(shelf(folder).playbooks) == ["a-first", "middle", "onboarding", "win-back"]
    assert refused(folder) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("mine.yaml", "", "missing"),
        ("mine.yaml", "a: [1", "not_yaml"),
        ("mine.yaml", "- a", "not_a_mapping"),
        ("mine.yaml", b"\xff\xfe\x00", "unreadable"),
        ("mine.yaml", "a: \x00", "not_yaml"),
        ("mine.yaml", "#" * (BIGGEST + 1), "too_big"),
        ("mine.yaml", "a: &a [x]\nb: [" + "*a, " * 30 + "]", "too_big"),
        ("mine.yaml", "!!python/object/apply:os.getcwd []", "not_yaml"),
        ("mine.yaml", ONE, "wrong_name"),
        ("onboarding.yml", ONE, "same_name"),
        ("mine.yml", MINE.replace("start: on", "start: in"), "unknown_playbook"),
        ("mine.yaml", MINE.replace("me.first_name", "me.pin"), "wrong_field"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_alone(folder, name, content, reason):
    write(folder, name, content)
    assert (name, reason) in refused(folder)


def test_what_is_no_file_of_the_folder_is_not_looked_at(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
    elsewhere.write_text("password: 1")
    (folder / "secret.yaml").symlink_to(elsewhere)
    (folder / "old").mkdir()
    (folder / "old.yaml").mkdir()
    write(folder / "old", "broken.yaml", "a: [1")
    write(folder, "notes.txt", "a: [1")
    os.mkfifo(folder / "pipe.yaml")
    assert refused(folder) == []


def test_one_that_names_a_refused_one_goes_on_working(folder):
    write(folder, "onboarding.yaml", ONE.replace("start: onboarding", "start: broken"))
    write(folder, "broken.yaml", "name: broken")
    assert {file for file, _ in refused(folder)} == {"broken.yaml"}


def test_no_folder_is_an_empty_shelf(tmp_path):
    assert shelf(tmp_path / "none") == Shelf()


def test_the_reason_is_said_with_file_and_line_in_the_reader_s_language(folder):
    write(folder, "mine.yaml", MINE.replace("day: D+1\n", "day: soon\n", 1))
    (problem,) = shelf(folder).refused
    line = ONE.split("day: D+1\n")[0].count("\n") + 1
    assert explained(problem, Words("en")).startswith("mine.yaml: plan.0.day.0: write a moment like D+3")
    assert f"línea {line}" in explained(problem, Words("es"))


def test_the_desk_has_the_shelf_and_refused_files_do_not_stop_it(folder, capsys):
    write(folder, "mine.yaml", "a: [1")
    at = bot.desk(bot.Settings(_env_file=None, database_url=f"sqlite:///{folder / 'x.db'}", playbooks=folder))
    bot.say_refused(at, Words("es"))
    at.exports.shutdown()
    at.database.close()
    said_there = capsys.readouterr()
    assert list(at.playbooks.playbooks) == ["onboarding"]
    assert said_there.err.startswith("PLAYBOOKS mine.yaml: esto no es YAML")
    assert said_there.out == ""


def test_a_copy_of_ours_in_another_folder_works(tmp_path):
    copied = shutil.copytree(OURS, tmp_path / "theirs")
    assert shelf(copied) == shelf(OURS)
