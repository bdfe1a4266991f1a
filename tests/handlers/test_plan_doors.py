"""The ways by which a plan comes back: through LibreOffice, in a direct message, at the terminal."""

import json
import shutil
import subprocess
from datetime import date

import pytest
from click.testing import CliRunner
from slack_sdk import WebClient

import bot
from handlers import cli
from handlers.workbooks import plan_upload, plan_verb
from tests.handlers.plan_sheets import ANA, Sheet, exported, found_in, open_task, tasks_of
from tests.stage import TODAY, Counter, Stage, settings


@pytest.mark.xdist_group("libreoffice")
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_through_libreoffice_and_back(prompter: Counter, tmp_path) -> None:
    sheet = Sheet(exported(prompter, lang="es"), "Tareas")
    task = open_task(prompter)
    sheet.cell(task, "Nota").value = "línea uno\nlínea dos"
    sheet.new(Día=date(2026, 12, 9), Tarea="Llamar a Alice", Lado="en escena", Canal="llamada")
    (tmp_path / "plan.xlsx").write_bytes(sheet.saved())
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", tmp_path / "plan.xlsx"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    found = found_in(prompter, (tmp_path / "out" / "plan.xlsx").read_bytes(), lang="es")
    assert not found["refused"]
    assert [(c["id"], c["field"], c["after"]) for c in found["changed"]] == [(task, "note", "línea uno\nlínea dos")]
    (new,) = found["added"]
    assert (new["title"], new["due_on"], new["side"], new["channel"]) == (
        "Llamar a Alice", "2026-12-09", "front", "call",
    )  # fmt: skip


def test_a_file_in_the_direct_message_is_told_and_applied_by_its_button(on_stage: Stage) -> None:
    counter = Counter(on_stage.desk)
    sheet = Sheet(exported(counter), "Tasks")
    task = open_task(counter)
    sheet.cell(task, "Note").value = "from the file"
    said = on_stage.after(ANA, lambda hands: hands.upload("plan.xlsx", sheet.saved()))
    assert "1 value changes" in said.plain
    on_stage.slack.as_user(ANA).click(said, text="Apply")
    on_stage.slack.wait(lambda: tasks_of(counter)[task]["note"] == "from the file")


def test_at_the_terminal(prompter: Counter, tmp_path) -> None:
    group = cli.verbs(open_desk=lambda day: bot.desk(settings(prompter.desk.database), day), serve=lambda: None)
    group.add_command(plan_verb.verb)

    def run(*arguments: str):
        return CliRunner().invoke(group, ["import-plan", *arguments, "--date", TODAY.isoformat()])

    sheet = Sheet(exported(prompter), "Tasks")
    task = open_task(prompter)
    sheet.cell(task, "Note").value = "by file"
    file = tmp_path / "plan.xlsx"
    file.write_bytes(sheet.saved())
    told = run(str(file), "--json")
    assert (told.exit_code, json.loads(told.stdout)["applied"]) == (0, False)
    assert tasks_of(prompter)[task]["note"] != "by file"
    done = run(str(file), "--apply")
    assert done.exit_code == 0, done.output
    assert "Applied to Acme Corp: 1 value changes." in done.stdout
    assert tasks_of(prompter)[task]["note"] == "by file"
    sheet.cell(task, "Hours").value = "a lot"
    file.write_bytes(sheet.saved())
    again = run(str(file), "--apply", "--json")
    assert again.exit_code == 1
    assert [one["given"] for one in json.loads(again.stdout)["refused"]] == ["a lot"]
    assert run(str(tmp_path / "none.xlsx")).exit_code == 2
    (tmp_path / "no.xlsx").write_text("no workbook")
    refused = run(str(tmp_path / "no.xlsx"))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "not an Excel workbook" in refused.stderr


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/plan.xlsx", True),
        ("https://slack.com.evil.example/plan.xlsx", False),
        ("http://files.slack.com/plan.xlsx", False),
        ("https://evilslack.com/plan.xlsx", False),
        ("file:///etc/passwd", False),
        ("http://127.0.0.1:9/elsewhere", False),
        ("", False),
    ],
)
def test_the_token_goes_to_slack_only(address: str, allowed: bool) -> None:
    assert plan_upload._is_slacks(address, WebClient("xoxb-1")) is allowed
