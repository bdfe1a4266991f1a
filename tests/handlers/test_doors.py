"""Who may ask, and where: an insider, in a conversation that nobody outside reads. In doubt, no."""

import json

import pytest
from slack_sdk import WebClient
from sqlalchemy import func, select

from handlers.slack.doors import REMEMBERED_S, Doors, Home
from playground import Channel, Fault, Message, Person, Playground
from storage.tables import accounts, changes, sentiments, touches
from tests.stage import Stage, raised

NOT_HERE = {
    "en": "I cannot show account data here. Write to me in a direct message.",
    "es": "Aquí no puedo mostrar datos de cuentas. Escríbeme por mensaje directo.",
}
TOUCH = {"subject": "Asked about the ticket", "channel": "call"}


def written(stage: Stage) -> list[int]:
    with stage.desk.database.transaction() as tx:
        return [tx.execute(select(func.count()).select_from(t)).scalar_one() for t in (touches, sentiments, changes)]


def told_nothing(stage: Stage, since: int) -> None:
    """No request to Slack since then names an account, an amount or a score."""
    with stage.desk.database.transaction() as tx:
        names = list(tx.execute(select(accounts.c.name)).scalars())
    for request in stage.slack.requests[since:]:
        said = json.dumps(request.args, ensure_ascii=False)
        assert not [word for word in (*names, "US$", " of 100", " de 100", "acme") if word in said], said


def refused(message: Message) -> bool:
    return message.plain in NOT_HERE.values()


OUTSIDERS = {
    "guest": {"is_restricted": True},
    "single-channel guest": {"is_ultra_restricted": True},
    "stranger": {"is_stranger": True},
    "deactivated": {"deleted": True},
    "another team": {"team_id": "T0OTHER"},
    "another enterprise": {"team_id": "T0OTHER", "enterprise_id": "E0OTHER"},
}


@pytest.mark.parametrize("change", OUTSIDERS.values(), ids=OUTSIDERS)
def test_whoever_becomes_an_outsider_is_refused_at_every_door(stage: Stage, change: dict) -> None:
    ana = stage.slack.as_user("ana@example.com")
    card = stage.answer("ana@example.com", "/health", "acme")
    ana.click(card, text="Registrar interacción" if "Registrar interacción" in card.buttons else "Log a touch")
    stage.slack.wait(lambda: ana.modal)
    before, since = written(stage), len(stage.slack.requests)

    stage.slack.workspace.change_person(ana.person.id, **change)
    stage.slack.app.changed(ana.person.id)
    stage.slack.wait(lambda: stage.slack.as_user("U0ANA").person)
    known, unknown = stage.answer("U0ANA", "/health", "acme"), stage.answer("U0ANA", "/health", "nobody knows this")
    assert refused(known)
    assert (known.text, known.blocks[0]["text"]) == (unknown.text, unknown.blocks[0]["text"])
    assert refused(stage.answer("U0ANA", "/cs", "export plan acme"))
    assert refused(stage.after("U0ANA", lambda hands: hands.say("health acme")))
    for label in card.buttons:
        if label not in {"Open in the CRM", "Abrir en el CRM"}:
            assert refused(stage.after("U0ANA", lambda hands, label=label: hands.click(card, text=label))), label
    assert refused(stage.after("U0ANA", lambda hands: hands.submit(TOUCH)))
    assert not stage.slack.files("U0ANA")
    assert written(stage) == before
    told_nothing(stage, since)


def test_a_person_whom_we_do_not_know_learns_nothing_but_whom_to_ask(stage: Stage) -> None:
    stage.slack.workspace.change_person("U0VIC", email="someone@example.com")
    since = len(stage.slack.requests)
    known, unknown = stage.answer("U0VIC", "/health", "acme"), stage.answer("U0VIC", "/health", "nobody knows this")
    assert known.plain == unknown.plain
    assert "someone@example.com" in known.plain
    told_nothing(stage, since)


@pytest.mark.parametrize("fault", [Fault(error="user_not_found"), Fault(status=500), Fault(cut=True)], ids=str)
def test_a_person_who_cannot_be_looked_up_is_refused(stage: Stage, fault: Fault) -> None:
    stage.failing.add("users.info")
    stage.slack.fail_next("users.info", fault, times=2)
    since = len(stage.slack.requests)
    assert refused(stage.answer("ana@example.com", "/health", "acme"))
    told_nothing(stage, since)


CHANNELS = {
    "shared with another company": {"is_shared": True, "is_ext_shared": True},
    "invitation pending": {"is_pending_ext_shared": True},
    "shared in a way we do not know": {"is_shared": True},
}


@pytest.mark.parametrize("change", CHANNELS.values(), ids=CHANNELS)
def test_nothing_is_said_where_outsiders_read(stage: Stage, change: dict) -> None:
    """Also where a card was shown while the channel was still our own."""
    channel, ana = "C0SUCCESS", stage.slack.as_user("ana@example.com")
    card = stage.answer("ana@example.com", "/health", "acme", channel=channel)
    assert not refused(card)
    before, since = written(stage), len(stage.slack.requests)
    stage.slack.workspace.change_channel(channel, **change)
    stage.slack.app.tell({"type": "channel_shared", "channel": channel, "connected_team_id": "T0OTHER"})

    def answered(act) -> Message:
        return stage.after("U0ANA", act, channel=channel)

    known = stage.answer("U0ANA", "/health", "acme", channel=channel)
    unknown = stage.answer("U0ANA", "/health", "nobody knows this", channel=channel)
    assert refused(known)
    assert known.plain == unknown.plain
    assert refused(answered(lambda hands: hands.mention("health acme", channel=channel)))
    for label in card.buttons[:-1]:
        assert refused(answered(lambda hands, label=label: hands.click(card, text=label))), label
    assert ana.modal is None
    assert all(message.ephemeral_to == "U0ANA" for message in stage.slack.messages(channel, seen_by="U0ANA")[-3:])
    assert written(stage) == before
    told_nothing(stage, since)


def test_within_one_organisation_shared_channels_are_our_own(stage: Stage) -> None:
    stage.slack.workspace.change_channel("C0SUCCESS", is_shared=True, is_org_shared=True)
    assert "Acme Corp" in stage.answer("ana@example.com", "/health", "acme", channel="C0SUCCESS").plain


def test_a_private_channel_without_the_bot_and_one_that_cannot_be_looked_up(stage: Stage) -> None:
    stage.failing.add("conversations.info")
    stage.slack.workspace.change_channel("C0ACME", kind="private", members=("U0ANA",))
    assert refused(stage.answer("ana@example.com", "/health", "acme", channel="C0ACME"))
    stage.slack.fail_next("conversations.info", Fault(status=500))
    assert refused(stage.answer("ana@example.com", "/health", "acme", channel="C0SUCCESS"))
    assert not refused(stage.answer("ana@example.com", "/health", "acme", channel="C0SUCCESS")), "asked anew"


HOME = Home("T0PLAYGROUND")


@pytest.fixture
def box():
    with Playground(people=[Person("U1", "Ana", "ana@example.com")], channels=[Channel("C1", "ours")]) as slack:
        yield slack, WebClient(slack.bot_token, base_url=slack.api_url)


def test_what_changes_without_a_word_is_seen_after_five_minutes(box) -> None:
    slack, client = box
    now = [0.0]
    doors = Doors(now=lambda: now[0])
    assert doors.is_private_to_us(client, "C1")
    assert doors.visitor(client, "U1", HOME).insider
    slack.workspace.change_channel("C1", is_ext_shared=True)
    slack.workspace.change_person("U1", is_restricted=True)
    now[0] += REMEMBERED_S - 1
    assert doors.is_private_to_us(client, "C1")
    now[0] += 2
    assert not doors.is_private_to_us(client, "C1")
    assert not doors.visitor(client, "U1", HOME).insider


def test_a_lookup_that_was_overtaken_by_a_change_is_not_remembered(box) -> None:
    """Slack answers, the channel becomes shared and is forgotten, and only then the answer would be kept."""
    slack, client = box
    doors = Doors()

    class Slow:
        def conversations_info(self, **asked):
            answer = client.conversations_info(**asked)
            slack.workspace.change_channel("C1", is_ext_shared=True)
            doors.forget("C1")
            return answer

    doors.is_private_to_us(Slow(), "C1")
    assert not doors.is_private_to_us(client, "C1")


def test_of_the_same_enterprise_is_one_of_us() -> None:
    team = {"team_id": "T0OTHER"}
    with Playground(people=[Person("U1", "Ana", enterprise_id="E1", **team), Person("U2", "Bo", **team)]) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        assert Doors().visitor(client, "U1", Home("T0PLAYGROUND", "E1")).insider
        assert not Doors().visitor(client, "U1", Home("T0PLAYGROUND", "E2")).insider
        assert not Doors().visitor(client, "U1", Home("", "")).insider
        assert not Doors().visitor(client, "U2", Home("", "")).insider


def test_a_person_is_linked_at_the_first_contact_by_the_e_mail_that_slack_tells(stage: Stage) -> None:
    def linked() -> list[tuple[str, dict, dict]]:
        with stage.desk.database.transaction() as tx:
            made = tx.execute(select(changes).where(changes.c.entity == "people").order_by(changes.c.id)).all()
        return [(row.entity_key, row.before, row.after) for row in made]

    assert linked() == []
    for _ in range(2):
        assert "Acme Corp" in stage.answer("ben@example.com", "/health", "acme").plain
    assert linked() == [("ben@example.com", {"slack_id": None}, {"slack_id": "U0BEN"})]
    stage.slack.workspace.change_person("U0BEN", email="")
    stage.slack.app.changed("U0BEN")
    assert "Acme Corp" in stage.answer("U0BEN", "/health", "acme").plain, "found by the id from now on"
    stage.slack.workspace.change_person("U0VIC", is_restricted=True)
    assert refused(stage.answer("U0VIC", "/health", "acme"))
    assert len(linked()) == 1, "a guest is linked to nobody"


def test_a_viewer_reads_and_does_not_write(stage: Stage) -> None:
    card = stage.answer("vic@example.com", "/health", "acme")
    assert "Acme Corp" in card.plain
    before = written(stage)
    for label in ("Log a touch", "Give my sentiment"):
        said = stage.after("vic@example.com", lambda hands, label=label: hands.click(card, text=label))
        assert said.plain == "You may read and not write. Ask whoever administers me for another role."
    assert stage.slack.modal("U0VIC") is None
    assert written(stage) == before


def test_a_role_taken_away_while_the_form_is_open_counts(stage: Stage) -> None:
    from sqlalchemy import update

    from storage.tables import people

    card = stage.answer("ben@example.com", "/health", "acme")
    stage.slack.as_user("ben@example.com").click(card, text="Log a touch")
    stage.slack.wait(lambda: stage.slack.modal("U0BEN"))
    with stage.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == "ben@example.com").values(role="viewer"))
    before = written(stage)
    said = stage.after("ben@example.com", lambda hands: hands.submit(TOUCH))
    assert said.plain.startswith("You may read and not write.")
    assert written(stage) == before


def test_socket_mode_refuses_alike(sample_database) -> None:
    with raised(sample_database, socket=True) as stage:
        stage.slack.workspace.change_person("U0ANA", is_restricted=True)
        assert refused(stage.answer("U0ANA", "/health", "acme"))
