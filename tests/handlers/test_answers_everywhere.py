"""The same question gives the same answer, however it is asked."""

import json

from click.testing import CliRunner

import bot
from handlers import cli
from tests.stage import TODAY, Stage, raised, settings


def terminal(database, *arguments: str) -> dict:
    verbs = cli.verbs(open_desk=lambda day: bot.desk(settings(database), day), serve=lambda: None)
    done = CliRunner().invoke(verbs, [*arguments, "--json", "--date", TODAY.isoformat()])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return json.loads(done.stdout)


def shown(blocks):
    return [{k: v for k, v in block.items() if k != "block_id"} for block in blocks]


def test_command_message_mention_and_terminal_give_the_same_card(stage: Stage, sample_database) -> None:
    card = stage.answer("ana@example.com", "/health", "acme")
    assert card.ephemeral_to
    ana = stage.slack.as_user("ana@example.com")
    ana.say("health acme")
    stage.slack.wait(
        lambda: (
            stage.slack.last(seen_by=ana.person.id).blocks
            and stage.slack.last(seen_by=ana.person.id).ts != card.ts
            and not stage.slack.last(seen_by=ana.person.id).ephemeral_to
        )
    )
    said = stage.slack.last(seen_by=ana.person.id)
    assert shown(said.blocks) == shown(card.blocks)
    at_terminal = terminal(sample_database, "ask", "/health acme", "--as", "ana@example.com", "--lang", "en")
    assert shown(at_terminal["blocks"]) == shown(card.blocks)
    assert at_terminal["capability"] == "health"


def test_socket_mode_gives_the_same_card(sample_database) -> None:
    with raised(sample_database) as by_http:
        card = by_http.answer("ana@example.com", "/health", "acme")
    with raised(sample_database, socket=True) as by_socket:
        assert shown(by_socket.answer("ana@example.com", "/health", "acme").blocks) == shown(card.blocks)
