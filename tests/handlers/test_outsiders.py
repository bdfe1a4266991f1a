"""Every surface, tried by every kind of outsider: the same words whether or not the account exists."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from handlers.slack import withdrawal
from playground import Actor, Fault, Message, payloads
from storage.database import Database
from storage.delivery import outbox
from storage.tables import accounts, contacts, people
from storage.tables import outbox as kept
from tests.stage import TODAY, Stage, raised

NOT_HERE = "I cannot show account data here. Write to me in a direct message."
KNOWN, UNKNOWN = "acme", "zzzz"


@pytest.fixture
def house(sample_database: Database, tmp_path: Path) -> Iterator[Stage]:
    """Nobody is held up for asking much."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("limits: {requests_a_minute: 6000, burst: 1000}", encoding="utf-8")
    with raised(sample_database, policy=policy) as stage:
        yield stage


Act = Callable[[Actor, str, dict], object]
SURFACES: dict[str, tuple[str, Act]] = {
    "a command in a channel": ("C0SUCCESS", lambda h, a, _c: h.command("/health", a, channel="C0SUCCESS")),
    "a command in a direct message": ("", lambda h, a, _c: h.command("/account", a)),
    "the prefix": ("", lambda h, a, _c: h.command("/cs", f"health {a}")),
    "a list": ("", lambda h, a, _c: h.command("/risks", "all" if a == KNOWN else "segment:zzzz")),
    "an export": ("", lambda h, a, _c: h.command("/export", f"plan {a}")),
    "a message": ("", lambda h, a, _c: h.say(f"health {a}")),
    "a mention": ("C0SUCCESS", lambda h, a, _c: h.mention(f"health {a}", channel="C0SUCCESS")),
    "a workbook that was sent": ("", lambda h, a, _c: h.upload(f"{a}.xlsx", b"PK", text=f"health {a}")),
    **{
        f"the button “{label}”": ("", lambda h, _a, card, label=label: h.click(card["card"], text=label))
        for label in ("Why this score", "Account plan", "Log a touch", "Give my sentiment", "Renewals")
    },
    "a form that is still open": ("", lambda h, _a, card: h.submit(card["touch"], view=card["view"])),
}


def suggested(hands: Actor, account: str, _card: dict) -> None:
    """What an account's picker would offer to somebody who kept it open."""
    asked = payloads.interaction(hands._workspace, hands.person, "block_suggestion")
    view = {"id": "V1", "hash": "1", "private_metadata": "{}", "state": {"values": {}}, "callback_id": "pick"}
    asked |= {"action_id": "picked", "block_id": "picked", "value": account, "view": view}
    said = hands._app.courier.deliver("interactive", asked).body
    assert not (said.get("options") if isinstance(said, dict) else None), said


QUIET: dict[str, Act] = {
    "the Home tab": lambda h, _a, _c: h._app.tell(
        {"type": "app_home_opened", "user": h.person.id, "channel": h.direct.id, "tab": "home"}
    ),
    "a link that is unfurled": lambda h, a, _c: h._app.tell(
        {"type": "link_shared", "user": h.person.id, "channel": "C0SUCCESS", "links": [{"url": f"https://crm/{a}"}]}
    ),
    "a message shortcut": lambda h, _a, card: h.shortcut(card["card"], "touch-message"),
    "a file that is shared": lambda h, _a, _c: h._app.tell(
        {"type": "file_shared", "user_id": h.person.id, "channel_id": "C0SUCCESS", "file_id": "F1"}
    ),
    "the suggestions of a picker": suggested,
    "a reaction": lambda h, _a, _c: h._app.tell({"type": "reaction_added", "user": h.person.id, "reaction": "eyes"}),
}


def lookup_fails(stage: Stage) -> None:
    stage.failing.add("users.info")
    stage.slack.fail_next("users.info", Fault(status=500), times=1000)


def becomes(**change: object) -> Callable[[Stage], None]:
    return lambda stage: stage.slack.workspace.change_person("U0ANA", **change)


OUTSIDERS: dict[str, Callable[[Stage], None]] = {
    "stranger": becomes(is_stranger=True, team_id="T0OTHER"),
    "guest": becomes(is_restricted=True),
    "single-channel guest": becomes(is_restricted=True, is_ultra_restricted=True),
    "of another organisation": becomes(team_id="T0OTHER", enterprise_id="E0OTHER"),
    "whose lookup fails": lookup_fails,
    "bot": becomes(is_bot=True),
    "deactivated": becomes(deleted=True),
}


def secrets(stage: Stage) -> list[str]:
    with stage.desk.database.transaction() as tx:
        named = [*tx.execute(select(accounts.c.name)).scalars(), *tx.execute(select(contacts.c.name)).scalars()]
    return [*named, "US$", "€", " of 100"]


def opened(stage: Stage) -> dict:
    """A card and a form from the time when Ana was one of us."""
    ana = stage.slack.as_user("ana@example.com")
    card = stage.answer("ana@example.com", "/health", KNOWN)
    ana.click(card, text="Log a touch")
    stage.slack.wait(lambda: ana.modal)
    return {"card": card, "view": ana.modal, "touch": {"subject": "Asked", "channel": "call"}}


def tried(stage: Stage, where: str, act: Act, account: str, card: dict) -> list[Message]:
    """What she sees of the bot's after it: of each message its words."""
    hands = stage.slack.as_user("U0ANA")
    channel = where or hands.direct.id
    before = {message.ts for message in stage.slack.messages(channel, seen_by="U0ANA")}
    act(hands, account, card)

    def new() -> list[Message]:
        seen = stage.slack.messages(channel, seen_by="U0ANA")
        return [m for m in seen if m.ts not in before and m.user == stage.slack.workspace.app.id]

    stage.slack.wait(new)
    return new()


@pytest.mark.parametrize("kind", OUTSIDERS)
def test_no_surface_tells_an_outsider_anything(house: Stage, kind: str) -> None:
    card, hidden = opened(house), secrets(house)
    labels = set(card["card"].buttons)
    OUTSIDERS[kind](house)
    house.slack.app.changed("U0ANA")
    since = len(house.slack.requests)
    for surface, (where, act) in SURFACES.items():
        if "button" in surface and surface.split("“")[1][:-1] not in labels:
            continue
        if kind == "bot" and not where:
            continue  # bots have no direct messages with one another
        named = (KNOWN,) if surface.startswith(("the button", "a form")) else (KNOWN, UNKNOWN)
        for account in named:
            assert [m.plain for m in tried(house, where, act, account, card)] == [NOT_HERE], (surface, account)
    for act in QUIET.values():
        act(house.slack.as_user("U0ANA"), KNOWN, card)
    house.settle()
    for request in house.slack.requests[since:]:
        said = json.dumps(request.args, ensure_ascii=False)
        assert not [word for word in hidden if word in said], said
        assert request.method not in {"views.open", "views.push", "chat.unfurl", "files.getUploadURLExternal"}
    assert not [file for file in house.slack.files("U0ANA") if file.owner != "U0ANA"]


def posted(stage: Stage, *, count: int = 2) -> list[str]:
    """Messages of the bot in a channel of ours, as delivery leaves them."""
    sent = []
    with stage.desk.database.changing() as tx:
        for n in range(count):
            message = outbox.Message(f"team:{n}", "team", TODAY, {}, stage.desk.clock(), channel="C0SUCCESS")
            outbox.queue(tx, [message])
            ts = stage.slack.workspace.post("C0SUCCESS", stage.slack.workspace.app.id, "Acme Corp is red").ts
            values = {"status": "posted", "posted_to": "C0SUCCESS", "ts": ts, "posted_at": stage.desk.clock()}
            tx.execute(update(kept).where(kept.c.key == message.key).values(values))
            sent.append(ts)
        tx.execute(update(people).where(people.c.email == "tom@example.com").values(slack_id="U0TOM"))
    return sent


def offer(stage: Stage, act: Callable[[Actor], object]) -> Message:
    act_by_tom = stage.slack.as_user("tom@example.com")
    direct = act_by_tom.direct.id
    act(act_by_tom)
    stage.slack.wait(lambda: any(m.buttons for m in stage.slack.messages(direct, seen_by="U0TOM")))
    stage.settle()
    return stage.slack.messages(direct, seen_by="U0TOM")[-1]


def standing(stage: Stage) -> list[str]:
    app = stage.slack.workspace.app.id
    return [m.ts for m in stage.slack.messages("C0SUCCESS", seen_by="U0TOM") if m.user == app]


def test_what_stands_in_a_channel_that_becomes_shared_is_offered_for_deletion(house: Stage) -> None:
    sent = posted(house)
    said = offer(house, lambda tom: tom.share("customer-success", "T0HARBORLIGHT"))
    assert "can read #customer-success from now on. 2 messages of mine stand there" in said.plain
    assert "Acme" not in said.plain
    assert standing(house) == sent, "nothing is deleted unasked"
    done = house.after("tom@example.com", lambda tom: tom.click(said, text="Delete what I posted there"))
    assert done.plain == "2 messages are deleted."
    assert standing(house) == []
    with house.desk.database.transaction() as tx:
        assert outbox.where(tx, ["team:0", "team:1"]) == {}
    again = house.after("tom@example.com", lambda tom: tom.click(said, text="Delete what I posted there"))
    assert again.plain == "0 messages are deleted."


def test_also_where_a_guest_joins_and_not_where_one_of_us_does(house: Stage) -> None:
    posted(house, count=1)
    since = len(house.slack.requests)
    house.slack.app.add(house.slack.workspace.people["U0VIC"], house.slack.workspace.channels["C0SUCCESS"])
    said = offer(house, lambda tom: tom.invite("U0GUEST", "customer-success"))
    assert "1 message of mine stands there" in said.plain
    offered = [r for r in house.slack.requests[since:] if "Delete what" in json.dumps(r.args)]
    assert len(offered) == 1


def test_only_who_administers_deletes_and_what_fails_is_told(house: Stage) -> None:
    posted(house)
    said = offer(house, lambda tom: tom.share("customer-success", "T0HARBORLIGHT"))
    house.slack.fail_next("chat.delete", Fault(error="cant_delete_message"))
    house.failing.add("chat.delete")
    done = house.after("tom@example.com", lambda tom: tom.click(said, text="Delete what I posted there"))
    assert done.plain.splitlines() == [
        "1 message is deleted.", "1 could not be deleted: press again, or delete it by hand.",
    ]  # fmt: skip
    with house.desk.database.changing() as tx:
        everybody = update(people).where(people.c.email == "ana@example.com").values(role="admin")
        tx.execute(everybody)
        tx.execute(update(people).where(people.c.email == "tom@example.com").values(role="lead"))
    refused = house.after("tom@example.com", lambda tom: tom.click(said, text="Delete what I posted there"))
    assert refused.plain == "Only who administers me may delete what I posted."
    assert len(standing(house)) == 1


def test_what_one_press_does_not_reach_is_told(house: Stage, monkeypatch) -> None:
    monkeypatch.setattr(withdrawal, "MOST", 1)
    posted(house, count=3)
    said = offer(house, lambda tom: tom.share("customer-success", "T0HARBORLIGHT"))
    done = house.after("tom@example.com", lambda tom: tom.click(said, text="Delete what I posted there"))
    assert done.plain.splitlines() == [
        "1 message is deleted.", "2 could not be deleted: press again, or delete them by hand.",
    ]  # fmt: skip


def test_a_channel_in_which_nothing_was_posted_is_no_news(house: Stage) -> None:
    with house.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == "tom@example.com").values(slack_id="U0TOM"))
    since = len(house.slack.requests)
    house.slack.as_user("tom@example.com").share("customer-success", "T0HARBORLIGHT")
    assert house.answer("tom@example.com", "/health", "acme", channel="C0SUCCESS").plain == NOT_HERE
    assert not [r for r in house.slack.requests[since:] if r.method == "chat.postMessage"]
