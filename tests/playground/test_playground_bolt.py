"""A Bolt app, driven as people drive it, over signed HTTP; test_playground_sockets.py does so over Socket Mode."""

from tests.playground.stagehand import section


def test_a_command_is_answered_for_the_caller_alone(slack, hand):
    assert slack.as_user("U1").command("/health", "acme", channel="C1").ok
    slack.wait(lambda: slack.messages("C1", seen_by="U1"))
    card = slack.last("C1", seen_by="U1")
    assert card.ephemeral_to == "U1"
    assert card.buttons == ["Account plan", "Log a touch", "Forget it"]
    assert "US$48,000" in card.plain
    assert slack.messages("C1", seen_by="U2") == []
    assert hand.heard[0]["channel_name"] == "general"
    assert not slack.refused


def test_what_is_acknowledged_with_words_is_shown(slack, hand):
    slack.as_user("U1").command("/quick")
    assert slack.last(seen_by="U1").text == "At once."


def test_a_message_and_a_mention_reach_the_app(slack, hand):
    slack.as_user("U1").say("how is <acme>?")
    slack.wait(lambda: len(slack.messages(seen_by="U1")) == 2)
    assert slack.last(seen_by="U1").text == "You said: how is &lt;acme&gt;?"
    slack.as_user("U1").mention("hello", channel="C1")
    slack.wait(lambda: slack.last("C1", seen_by="U1").text == "Write to me directly.")
    assert [m.user for m in slack.messages("C1", seen_by="U2")] == ["U1"]


def test_a_click_uploads_a_file_to_the_direct_message(slack, hand):
    ana = slack.as_user("U1")
    ana.command("/health", "acme")
    slack.wait(lambda: slack.messages(seen_by="U1"))
    assert ana.click(slack.last(seen_by="U1"), text="Account plan").ok
    slack.wait(lambda: slack.files("U1"))
    file = slack.files("U1")[0]
    assert (file.name, file.content, file.title) == ("acme-plan.xlsx", b"a workbook", "Acme plan")
    assert slack.files("U2") == []
    assert slack.last(seen_by="U1").files == (file,)


def test_a_form_comes_back_with_errors_and_then_goes(slack, hand):
    ana = slack.as_user("U1")
    ana.command("/health", "acme")
    slack.wait(lambda: slack.messages(seen_by="U1"))
    ana.click(slack.last(seen_by="U1"), "log")
    slack.wait(lambda: slack.modal("U1"))
    assert slack.modal("U1").title == "Log a touch"
    assert set(ana.submit({"kind": "call"}).errors) == {"account", "note"}
    [globex] = ana.suggest(None, "account", "glo")
    filled = {"account": {"account": globex}, "What was said": "no", "kind": "Meeting", "again": ["again"]}
    assert ana.submit(filled).errors == {"note": "Tell me a little more."}
    assert ana.submit({**filled, "note": "They are glad", "What was said": None}).ok
    slack.wait(lambda: slack.last(seen_by="U1").text == "Logged: They are glad")
    assert slack.modal("U1") is None
    assert hand.heard[-1]["day"]["day"]["selected_date"] == "2026-11-23"
    assert hand.heard[-1]["kind"]["kind"]["selected_option"]["value"] == "meeting"
    assert [o["value"] for o in hand.heard[-1]["again"]["again"]["selected_options"]] == ["again"]
    assert not slack.refused


def test_a_message_suggests_options_too(slack, hand):
    picker = {"type": "external_select", "action_id": "account", "min_query_length": 1}
    message = slack.workspace.post("C1", slack.workspace.app.id, "x", blocks=[section("Which?", accessory=picker)])
    [globex] = slack.as_user("U1").suggest(message, "account", "glo")
    assert globex["value"] == "Globex"


def test_closing_a_modal_is_told(slack, hand):
    ana = slack.as_user("U1")
    message = slack.workspace.post("C1", "U2", "Acme called")
    assert ana.shortcut(message, "log_message").ok
    slack.wait(lambda: slack.modal("U1"))
    ana.close()
    slack.wait(lambda: {"closed": "touch"} in hand.heard)
    assert slack.modal("U1") is None


def test_overflow_and_delete_original(slack, hand):
    ana = slack.as_user("U1")
    ana.command("/health")
    slack.wait(lambda: slack.messages(seen_by="U1"))
    card = slack.last(seen_by="U1")
    ana.choose(card, "more", "Renewal call")
    slack.wait(lambda: slack.last(seen_by="U1").text == "You chose call")
    ana.click(card, "forget")
    slack.wait(lambda: card.ts not in [m.ts for m in slack.messages(seen_by="U1")])


def test_the_home_tab(slack, hand):
    slack.as_user("U1").open_home()
    slack.wait(lambda: slack.home("U1"))
    assert slack.home("U1").plain == "*Your book*"
    assert slack.home("U2") is None
