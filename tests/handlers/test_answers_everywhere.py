"""The same question gives the same answer, however it is asked."""

import json
from itertools import cycle

import pytest
import yaml
from click.testing import CliRunner

import bot
from handlers import cli
from handlers.answers import answer
from handlers.terminal import OPERATOR
from playground import Message
from tests.stage import HOUSE, TODAY, Stage, raised, settings

ASKED = {"/health": "acme", "/account": "acme", "/renewals": "90d all", "/risks": "all", "/export": "plan acme",
         "/journey": "acme", "/kpi": "nrr", "/outcomes": "acme", "/forecast": "acme next quarter",
         "/playbook": "list", "/tasks": "all", "/stage": "acme", "/alerts": "all", "/log": "acme they want SSO",
         "/help": "renewals"}  # fmt: skip
ASKING = (("ana@example.com", "U0ANA"), ("ben@example.com", "U0BEN"))


def terminal(database, *arguments: str) -> dict:
    verbs = cli.verbs(open_desk=lambda day: bot.desk(settings(database), day), serve=lambda: None)
    done = CliRunner().invoke(verbs, [*arguments, "--json", "--date", TODAY.isoformat()])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return json.loads(done.stdout)


def shown(blocks):
    """Without what Slack adds, and as Slack keeps it."""
    return [{k: v for k, v in block.items() if k != "block_id"} for block in json.loads(json.dumps(blocks))]


def test_every_command_of_the_manifest_is_asked_here() -> None:
    manifest = yaml.safe_load((HOUSE / "manifest.yaml").read_text(encoding="utf-8"))
    assert {each["command"] for each in manifest["features"]["slash_commands"]} == {*ASKED, "/cs"}


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
def test_command_prefix_message_mention_and_terminal_give_the_same_blocks(
    sample_database, socket: bool, tmp_path
) -> None:
    policy = tmp_path / "policy.yaml"
    ours = (HOUSE / "sample" / "policy.yaml").read_text(encoding="utf-8")
    policy.write_text(f"{ours}\nlimits: {{requests_a_minute: 6000, burst: 1000}}\n", encoding="utf-8")
    with raised(sample_database, socket=socket, policy=policy) as stage:
        for (command, text), (person, user) in zip(ASKED.items(), cycle(ASKING), strict=False):
            question = f"{command.removeprefix('/')} {text}"
            card = stage.answer(person, command, text)
            assert card.ephemeral_to == user
            prefixed = stage.answer(person, "/cs", question)
            said = stage.after(person, lambda h, q=question: h.say(q))
            assert not said.ephemeral_to
            mentioned = stage.after(person, lambda h, q=question: h.mention(q, channel="C0SUCCESS"),
                                    channel="C0SUCCESS")  # fmt: skip
            assert mentioned.ephemeral_to == user
            asked = terminal(sample_database, "ask", f"/{question}", "--as", person, "--lang", "en")
            assert asked["capability"] == command.removeprefix("/")
            for other in (prefixed, said, mentioned):
                assert shown(other.blocks) == shown(card.blocks)
                assert other.text == card.text
            assert shown(asked["blocks"]) == shown(card.blocks)
            assert asked["text"] == card.text


def test_a_mention_in_a_thread_is_answered_in_the_thread(stage: Stage) -> None:
    first = stage.slack.workspace.post("C0SUCCESS", "U0BEN", "What of Acme?")
    said = stage.after(
        "ben@example.com", lambda h: h.mention("health acme", channel="C0SUCCESS", thread=first.ts), channel="C0SUCCESS"
    )
    assert (said.thread_ts, said.ephemeral_to) == (first.ts, "U0BEN")
    said = stage.after("ben@example.com", lambda h: h.say(f"<@{stage.slack.workspace.app.id}> health acme"))
    assert "Acme Corp" in said.text


def test_every_button_of_a_card_answers(stage: Stage) -> None:
    card = stage.answer("ben@example.com", "/health", "acme")
    assert card.buttons == ["See all 10 factors", "Log a touch", "Account plan", "History", "Give my sentiment",
                            "Who they are", "Open in the CRM"] or card.buttons[0].startswith("See all ")  # fmt: skip

    def pressed(label: str) -> Message:
        return stage.after("ben@example.com", lambda h: h.click(card, text=label))

    factors = pressed(card.buttons[0])
    assert factors.plain.splitlines()[0] == card.plain.splitlines()[0]
    assert factors.plain.count("•") > card.plain.count("•")
    assert "Grace Whitman" in pressed("Who they are").plain
    assert stage.slack.as_user("ben@example.com").click(card, text="Open in the CRM").ok


def test_the_next_page_takes_the_place_of_the_one_before(stage: Stage) -> None:
    tom = stage.slack.as_user("tom@example.com")
    for first in (stage.answer("tom@example.com", "/renewals", "90d"), stage.answer("tom@example.com", "/health")):
        count = len(stage.slack.messages(seen_by="U0TOM"))
        tom.click(first, text="Next page")
        stage.slack.wait(lambda f=first: stage.slack.workspace.message(f.channel, f.ts).edited)
        second = stage.slack.workspace.message(first.channel, first.ts)
        assert len(stage.slack.messages(seen_by="U0TOM")) == count
        assert shown(second.blocks) != shown(first.blocks)
        assert second.ephemeral_to == "U0TOM"


def test_a_candidate_s_button_asks_the_same_of_that_account(stage: Stage) -> None:
    offered = stage.answer("ben@example.com", "/account", "mirador")
    assert offered.buttons == ["Grupo Mirador", "Mirador Seguridad"]
    said = stage.after("ben@example.com", lambda h: h.click(offered, text="Mirador Seguridad"))
    assert said.text == "Mirador Seguridad"


def test_each_reads_their_own_language(stage: Stage) -> None:
    assert "de 100" in stage.answer("luis@example.com", "/health", "acme").plain
    assert "of 100" in stage.answer("ben@example.com", "/health", "acme").plain
    ben = stage.slack.as_user("ben@example.com")
    ben.speak("es")
    stage.slack.wait(lambda: "de 100" in stage.answer("ben@example.com", "/health", "acme").plain)


def test_names_of_commands_and_the_prefix_are_settings(sample_database) -> None:
    names = {"health": "salud", "cs": "apuntador"}
    at = bot.desk(settings(sample_database, command_names=names), TODAY)
    for typed in ("salud acme", "/apuntador salud acme", "health acme", "apuntador /health acme"):
        word, _reply = answer(at, OPERATOR, bot.Words("en"), typed)
        assert word == "health", typed
    at.exports.shutdown()
    at.database.close()
