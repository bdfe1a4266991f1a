"""Whoever may not see an account is answered as if there were none."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update

import bot
from handlers import picking
from handlers.alerts.book_forms import ASSIGN
from handlers.alerts.evaluation import evaluate
from handlers.ask import SEEN, Ask
from storage import changes
from storage.tables import accounts
from tests.handlers.test_export_lists import rows
from tests.stage import TODAY, Counter, read, settings
from words import Words

# farmacias-luz is Luis's; Ana and Luis are led by Sofía, and so is everybody else who has a book.
THEIRS = ("acme", "globex")


@pytest.fixture
def seen_as(sample_database) -> Iterator:
    desk = bot.desk(settings(sample_database), TODAY)

    def under(visibility: str) -> Counter:
        return Counter(replace(desk, policy=desk.policy.model_copy(update={"visibility": visibility})))

    yield under
    desk.exports.shutdown()
    desk.database.close()


def everything(counter: Counter, by: str) -> str:
    """All that the lists show of the whole company, page by page."""
    said = []
    for first in ("health", "renewals 2026 all", "renewals 2027 all", "risks all"):
        question = first
        while question:
            reply = counter.asked(question, by=by)
            said += read(reply)
            turns = [e["value"] for b in reply.blocks if b["type"] == "actions" for e in b["elements"]
                     if e["action_id"].startswith("turn")]  # fmt: skip
            question = turns[0] if turns else ""
    return "\n".join(said)


@pytest.mark.parametrize(
    ("visibility", "person", "sees"),
    [
        ("own", "ana@example.com", True), ("own", "luis@example.com", False), ("own", "sofia@example.com", True),
        ("own", "tom@example.com", True), ("own", "vic@example.com", False), ("team", "luis@example.com", True),
        ("team", "sofia@example.com", True), ("team", "vic@example.com", False), ("all", "luis@example.com", True),
        ("all", "vic@example.com", True),
    ],
)  # fmt: skip
def test_what_each_role_sees_of_anas_accounts(seen_as, visibility: str, person: str, sees: bool) -> None:
    counter = seen_as(visibility)
    for question in ("health acme", "account acme", "export plan acme", "touch acme", "sentiment acme",
                     "health acme factors", "health acme history", "health globx"):  # fmt: skip
        reply = counter.asked(question, by=person)
        assert reply.answered is sees, question
    lists = everything(counter, person)
    assert ("Globex" in lists) is sees
    assert ("Acme Corp" in lists) is sees


@pytest.mark.parametrize("question", ["health {}", "account {}", "export plan {}", "touch {}", "health {} factors"])
def test_a_hidden_account_is_answered_like_one_that_does_not_exist(seen_as, question: str) -> None:
    counter = seen_as("own")
    for hidden in ("acme", "Acme Corp", "norte logistica"):
        invented = hidden[::-1].replace(" ", "x")
        one = counter.asked(question.format(hidden), by="vic@example.com")
        other = counter.asked(question.format(invented), by="vic@example.com")
        assert one.text.replace(hidden, "…") == other.text.replace(invented, "…")
        assert one.offered == other.offered == ()


def test_candidates_and_suggestions_are_of_what_one_sees(seen_as) -> None:
    """Mirador and Mirador Seguridad are Marta's or Luis's: another's book holds neither."""
    for person in ("ana@example.com", "ben@example.com", "chloe@example.com", "luis@example.com", "marta@example.com"):
        counter = seen_as("own")
        book = everything(counter, person)
        for typed in ("health mirador", "health seguridad", "health nort logist", "health zzzz"):
            for offered in counter.asked(typed, by=person).offered:
                name = read(counter.asked(offered, by=person))[0].split(" · ")[0].split(" ", 1)[1]
                assert name in book or counter.asked(f"account {offered.split()[-1]}", by=person).answered


def test_a_parent_does_not_show_the_child_that_one_may_not_see(seen_as, sample_database) -> None:
    with sample_database.changing() as tx:
        tx.execute(update(accounts).where(accounts.c.account_id == "grupo-mirador").values(csm="ana@example.com"))
        tx.execute(update(accounts).where(accounts.c.account_id == "mirador-seguridad").values(csm="luis@example.com"))
    assert "Mirador Seguridad" in "\n".join(read(seen_as("all").asked("health grupo-mirador")))
    assert "Mirador Seguridad" not in "\n".join(read(seen_as("own").asked("health grupo-mirador")))


def test_filters_do_not_widen_what_one_sees(seen_as) -> None:
    counter = seen_as("own")
    for scope in ("all", "team", "csm:ana@example.com", "csm:ana", "segment:mid-market", "band:red", "x_region:latam"):
        for word in ("renewals 2027", "risks"):
            assert "Globex" not in "\n".join(read(counter.asked(f"{word} {scope}", by="luis@example.com"))), scope


def test_whose_owner_left_is_seen_and_given_away_by_a_lead(seen_as, sample_database) -> None:
    counter, lead, csm = seen_as("own"), "sofia@example.com", "luis@example.com"
    with sample_database.changing() as tx:
        by = {"who": lead, "at": counter.desk.clock(), "origin": "modal", "on": TODAY}
        changes.edit(tx, "accounts", {"account_id": "acme"}, {"csm": "gone@example.com"}, **by)
    evaluate(sample_database, counter.desk.policy, day=TODAY)
    for question in ("health acme", "account acme", "export plan acme", "alerts acme"):
        assert counter.asked(question, by=lead).answered, question
        assert not counter.asked(question, by=csm).answered, question
    assert "Acme Corp" in everything(counter, lead)
    assert "Acme Corp" not in everything(counter, csm)
    assert "Acme Corp" in "\n".join(read(counter.asked("alerts unowned", by=lead)))
    assert "Acme Corp" in "\n".join(read(counter.asked("home", by=lead)))
    for person in (lead, csm):
        suggested = picking.suggested(Ask(counter.desk, counter.person(person), Words()), "acme corp")
        assert ("acme" in {option["value"] for option in suggested}) is (person == lead)
    books = (rows(counter.asked("export portfolio all", by=person)) for person in (lead, csm))
    assert ["acme" in {row["Account id"] for row in book} for book in books] == [True, False]
    given = ASSIGN.save(Ask(counter.desk, counter.person(lead), Words(), "acme"), {"csm": csm, "account": "", SEEN: ""})
    assert "Acme Corp is Luis Ortega's now." in given.text
    assert counter.asked("health acme", by=csm).answered
