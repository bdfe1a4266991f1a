"""What /help offers, it can explain; the list of verbs reads whole at the width of a plain terminal."""

import pytest

import bot
from tests.stage import Counter


@pytest.mark.parametrize("word", ["alert-snooze", "alert-asign", "foo", "task", "renewal-call"])
def test_whatever_is_offered_for_an_unknown_word_is_explained(counter: Counter, word: str) -> None:
    reply = counter.asked(f"help {word}")
    assert not reply.answered
    assert reply.offered
    for offered in reply.offered:
        assert counter.asked(offered).answered, offered


def test_no_verb_is_cut_short_in_the_list(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["bot.py", "--help"])
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        bot.main()
    listed = capsys.readouterr().out.partition("Commands:")[2]
    assert "import-plan" in listed
    assert "..." not in listed
