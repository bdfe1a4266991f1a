"""The test API itself."""

import threading

import pytest

from tests.playground.stagehand import box


def test_waiting_for_what_comes_and_for_what_does_not(slack):
    threading.Timer(0.05, lambda: slack.workspace.post("C1", "U2", "here")).start()
    slack.wait(lambda: slack.last("C1").text == "here")
    slack.wait(lambda: slack.messages("#general"))
    with pytest.raises(TimeoutError, match="the last calls"):
        slack.wait(lambda: slack.modal("U1").title, seconds=0.1)


def test_who_and_where(slack):
    assert slack.as_user("sofia@example.com").person.id == "U2"
    assert slack.direct("U1") == slack.as_user("U1").direct.id
    with pytest.raises(LookupError, match="nobody"):
        slack.as_user("U9")
    with pytest.raises(LookupError, match="no conversation"):
        slack.messages("C9")


def test_ending_frees_the_port_and_the_threads(open_box):
    before = threading.active_count()
    slack = open_box()
    assert slack.api_url.endswith("/api/")
    port = int(slack.url.rsplit(":", 1)[1].strip("/"))
    slack.stop()
    slack.wait(lambda: threading.active_count() <= before)
    again = box().start(port)
    again.stop()
    assert again.url == slack.url
