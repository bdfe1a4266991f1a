"""The page's doors: what they show to whom, and whom they refuse."""

import http.client
import json

import pytest

from playground import File


@pytest.fixture
def visit(slack):
    def ask(path, body=None, **headers):
        connection = http.client.HTTPConnection(slack.workspace.url.removeprefix("http://"))
        content = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET" if body is None else "POST", path, content, {**kind, **named})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer, said

    return ask


def test_other_hosts_and_other_sites_are_refused(visit, slack):
    assert visit("/")[0].status == 200
    assert visit("/", Host="evil.example")[0].status == 403
    assert visit("/api/api.test", Host="evil.example:80")[0].status == 403
    deed = {"do": "say", "person": "U1", "text": "x"}
    assert visit("/page/act", deed, Origin="http://evil.example")[0].status == 403
    assert visit("/page/act", deed, Origin="null")[0].status == 403
    assert visit("/page/act", deed, Content_Type="text/plain")[0].status == 415
    assert visit("/page/upload?person=U1&name=a.csv", "x")[0].status == 415
    assert slack.messages(seen_by="U1") == []
    assert visit("/page/act", deed, Origin=slack.workspace.url)[0].status == 200


def test_only_loopback_listens(slack):
    assert slack.url.startswith("http://127.0.0.1:")
    assert slack._server._server.socket.getsockname()[0] == "127.0.0.1"


def test_nothing_comes_from_outside(visit):
    answer, page = visit("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert b"://" not in page
    assert visit("/static/../page.py")[0].status == 404


def seen(visit, person, channel=""):
    return json.loads(visit(f"/page/scene?person={person}&channel={channel}")[1])


def test_each_sees_their_own(visit, slack):
    slack.workspace.post("C1", "U2", "for all")
    slack.workspace.post("C1", slack.workspace.app.id, "for Ana", ephemeral_to="U1")
    assert [m["text"] for m in seen(visit, "U1", "C1")["messages"]] == ["for all", "for Ana"]
    assert [m["text"] for m in seen(visit, "U2", "C1")["messages"]] == ["for all"]
    assert [c["id"] for c in seen(visit, "U1")["channels"]] == ["D0U1", "C1", "C2", "C3"]
    assert [c["id"] for c in seen(visit, "U3")["channels"]] == ["D0U3", "C3"]
    assert seen(visit, "U3", "C2")["channel"] == "D0U3"
    assert visit("/page/scene?person=U9")[0].status == 404


def test_a_waiting_page_hears_at_once_of_a_change(visit, slack):
    version = slack.workspace.version
    slack.workspace.post("C1", "U2", "x")
    told = json.loads(visit(f"/page/scene?person=U1&after={version}&wait=10")[1])
    assert told["version"] > version


def test_files_are_for_those_in_the_conversation(visit, slack):
    file = File("F1", "a.svg", "A", b"<svg/>", "image/svg+xml", slack.workspace.app.id, 1, ("D0U1",))
    slack.workspace.files["F1"] = file
    answer, content = visit("/page/files/F1?person=U1")
    assert content == b"<svg/>"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.svg"
    assert visit("/page/files/F1?person=U1&inline")[0].status == 404
    assert visit("/page/files/F1?person=U2")[0].status == 404


def test_what_is_gone_is_said_to_be_gone(visit):
    deed = {"do": "click", "person": "U1", "channel": "C1", "ts": "1.1", "action_id": "a", "block_id": "b"}
    answer, said = visit("/page/act", deed)
    assert (answer.status, json.loads(said)["error"]) == (409, "gone")
    assert visit("/page/act", {"do": "dance", "person": "U1"})[0].status == 400


def test_a_typed_command_is_remembered_for_its_author_alone(visit, slack):
    visit("/page/act", {"do": "command", "person": "U1", "text": "/health acme", "channel": "C1"})
    assert seen(visit, "U1", "C1")["messages"][0]["typed"] == "/health acme"
    assert seen(visit, "U2", "C1")["messages"] == []
    assert [m.text for m in slack.messages("C1")] == ["/health failed with the error “dispatch_failed”"]
