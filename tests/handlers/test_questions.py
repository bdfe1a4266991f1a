"""A sentence is answered as its command; what is not sure is offered, and what is not understood is said."""

from collections import Counter as Counted
from random import Random

import pytest
from sqlalchemy import select

import bot
from domain.folding import bare
from domain.sentences import tokens
from domain.slips import PLACES, finger_slip
from handlers.answers import answered
from handlers.ask import Ask
from handlers.questions.questions import understand
from playground import Message
from storage.tables import accounts, alerts, people, touches
from storage.tables import questions as kept
from tests.questions.counting import counted, questions
from tests.stage import TODAY, Counter, Stage, settings
from words import Words

ANA = "ana@example.com"
STANDING = {
    "at_stake": 0,
    "urgency": 0,
    "chance": 1,
    "colour": "red",
    "score": 31,
    "decision_on": None,
    "ends_on": None,
}
SAMPLES = [each for each in questions("samples") if each.get("same_as")]


@pytest.fixture(scope="module")
def reader(filled):
    """A counter that nothing is written at."""
    from storage.database import Database

    database = Database(f"sqlite:///{filled}")
    desk = bot.desk(settings(database), TODAY)
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()
    database.close()


def understood(counter: Counter, text: str, *, lang: str = "en", after: str = "", by: str = ANA):
    return understand(Ask(counter.desk, counter.person(by), Words(lang)), text, after)


def test_every_sample_is_answered_with_the_blocks_of_its_command(reader: Counter) -> None:
    ana = reader.person(ANA)
    for each in SAMPLES:
        words = Words(each["lang"], ana.country)
        asked = answered(reader.desk, ana, words, each["text"])
        commanded = answered(reader.desk, ana, words, each["same_as"])
        assert commanded.reply.answered, each
        assert asked.reply.blocks == commanded.reply.blocks, (each, asked.command)
        assert asked.reply.text == commanded.reply.text, each
        assert asked.capability == commanded.capability, each


@pytest.mark.parametrize("name", ["samples", "en", "es"])
def test_no_question_is_answered_wrongly(counter: Counter, name: str) -> None:
    ana = counter.person(ANA)
    found = [counted(counter.desk, ana, each) for each in questions(name)]
    assert [(one.question["text"], one.command) for one in found if one.verdict == "wrong"] == []
    assert [(one.question["text"], one.offered) for one in found if one.must_be_right and one.verdict != "right"] == []
    assert [one.question["text"] for one in found if one.question.get("offered") and one.verdict != "offered"] == []


def test_courtesy_case_accents_and_marks_change_no_reading(reader: Counter) -> None:
    around = {"en": "Hey, could you {}, please? 🙏", "es": "hola, ¿me podés {}? ¡Gracias!"}
    for each in SAMPLES:
        text, lang = each["text"], each["lang"]
        meant = understood(reader, text, lang=lang).command
        plain = text.strip("¿?")
        for other in (text.upper(), bare(text), plain, around[lang].format(plain), text.replace(" ", "   ")):
            assert understood(reader, other, lang=lang).command == meant, other


def test_a_slip_that_is_a_piece_of_a_name_is_asked_about(reader: Counter) -> None:
    found = understood(reader, "snooze it util Friday", after="/alerts acme")
    assert not found.command
    assert set(found.offered) == {"snooze brightwater-utilities 2026-11-27", "snooze acme 2026-11-27"}


@pytest.mark.parametrize(
    ("lang", "said", "command"),
    [("en", "snooze acme until 15 december", "snooze acme 2026-12-15"),
     ("en", "mute Acme for two weeks", "snooze acme 2 weeks"),
     ("en", "who renews in two months?", "renewals 2 months"),
     ("es", "pospón acme hasta el 15 de diciembre", "snooze acme 2026-12-15"),
     ("es", "posponer acme durante dos semanas", "snooze acme 2 weeks"),
     ("es", "¿quién renueva en los próximos tres meses?", "renewals 3 months")],
)  # fmt: skip
def test_days_of_a_month_and_numbers_in_words_are_understood(reader: Counter, lang, said, command) -> None:
    assert understood(reader, said, lang=lang).command == command


def test_there_are_as_many_questions_of_our_own_in_each_language() -> None:
    for language in ("en", "es"):
        samples = [each for each in questions("samples") if each["lang"] == language]
        assert len(list(questions(language))) >= len(samples)


def test_every_word_is_reached_by_a_sentence_in_both_languages(counter: Counter) -> None:
    shown = {word for word, each in counter.desk.capabilities.items() if not each.hidden}
    for language in ("en", "es"):
        every = [*questions("samples"), *questions(language)]
        asked = {
            each["same_as"].split()[0].strip("/") for each in every if each.get("same_as") and each["lang"] == language
        }
        assert shown <= asked


def test_what_was_not_understood_is_said(counter: Counter) -> None:
    said = counter.asked("la cuenta esa del logo azul", lang="es")
    assert "logo azul" in said.text
    assert not said.answered
    assert said.offered == ("help",)


def test_at_most_three_readings_are_offered_as_buttons(counter: Counter) -> None:
    said = counter.asked("Globex")
    assert said.offered == ("health globex", "account globex", "export plan globex")
    assert [each["value"] for each in said.blocks[-1]["elements"]] == list(said.offered)


def test_several_accounts_are_offered_never_guessed(counter: Counter) -> None:
    by_sentence, by_command = counter.asked("how is mirador doing?"), counter.asked("/health mirador")
    assert by_sentence.blocks == by_command.blocks
    assert set(by_sentence.offered) == {"health grupo-mirador", "health mirador-seguridad"}


def test_an_account_called_like_a_word_of_ours_is_not_mistaken(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(accounts.update().where(accounts.c.account_id == "globex").values(name="Renewal", folded="renewal"))
    assert understood(counter, "how is Renewal doing?").command == "health globex"
    assert understood(counter, "renewal rate last quarter").command == "kpi renewal-rate last quarter"


def test_two_people_of_one_name_are_both_offered(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(people.update().where(people.c.email == "ben@example.com").values(aliases="Luis"))
    said = counter.asked("Luis' accounts at risk")
    assert set(said.offered) == {"risks csm:luis@example.com", "risks csm:ben@example.com"}


@pytest.mark.parametrize(
    "text",
    ["health of acme", "risks in my book", "tasks for this week please", "renewals for Luis next quarter"],
)
def test_a_sentence_that_begins_with_a_word_of_a_command_is_one(counter: Counter, text: str) -> None:
    assert counter.asked(text).answered


def test_a_slash_command_is_never_read_as_a_sentence(counter: Counter) -> None:
    refused = counter.asked("/kpi nrr lst quarter")
    assert not refused.answered
    assert "kpi nrr last quarter" in refused.offered
    assert counter.asked("/cs how is acme doing?").blocks == counter.asked("/health acme").blocks


def test_a_typo_does_not_turn_an_account_into_a_word_without_meaning(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(accounts.update().where(accounts.c.account_id == "globex").values(name="Plisa", folded="plisa"))
    assert understood(counter, "churn de Plisa", lang="es").command == "kpi churn globex"
    assert understood(counter, "churn de Plusa", lang="es").command != "kpi churn"


def test_phrases_of_the_organisation_s_own_are_understood(sample_database) -> None:
    desk = bot.desk(settings(sample_database), TODAY)
    own = {"en": {"health {account}": ("(pulse check)",)}}
    policy = desk.policy.model_copy(update={"questions": desk.policy.questions.model_copy(update={"phrases": own})})
    from dataclasses import replace

    counter = Counter(replace(desk, policy=policy))
    assert understood(counter, "pulse check on acme, please").command == "health acme"
    desk.exports.shutdown()
    desk.database.close()


def test_a_foreigner_of_the_book_is_told_of_no_account(sample_database) -> None:
    """With `visibility: own`, Ben's questions name none of Ana's accounts: neither found, nor offered, nor nearly."""
    from dataclasses import replace

    desk = bot.desk(settings(sample_database), TODAY)
    counter = Counter(replace(desk, policy=desk.policy.model_copy(update={"visibility": "own"})))
    with desk.database.transaction() as tx:
        theirs = list(tx.execute(select(accounts.c.name, accounts.c.account_id).where(accounts.c.csm == ANA)))
    for name, account_id in theirs[:5]:
        part = name.partition(" ")[0]
        for text in (
            f"how is {name} doing?",
            f"how is {part}x doing",
            f"log a call with {name}: hello",
            account_id,
            "and " + name,
        ):
            said = counter.asked(text, by="ben@example.com")
            assert not said.answered, text
            assert not any(account_id in one.split() for one in said.offered), (text, said.offered)
    desk.exports.shutdown()
    desk.database.close()


def heard(stage: Stage, text: str, **more) -> Message:
    return stage.after(ANA, lambda hands: hands.say(text, **more))


def test_in_a_direct_message_the_last_answer_is_the_frame_of_the_next_question(stage: Stage) -> None:
    first = heard(stage, "who renews next month?")
    assert "renewal" in first.text
    assert "segment: enterprise" in heard(stage, "and the enterprise ones?").plain
    assert "Acme Corp" in heard(stage, "how is acme doing?").plain
    assert "Globex" in heard(stage, "and Globex?").plain
    assert "Globex" in heard(stage, "why?").plain


def test_in_a_thread_below_an_answer_that_answer_is_the_frame(stage: Stage) -> None:
    """As in the agent view, where each conversation is a thread."""
    first = heard(stage, "how is acme doing?")
    heard(stage, "how is globex doing?")
    assert "Acme Corp" in heard(stage, "¿por qué?", thread=first.ts).plain
    assert "Globex" in heard(stage, "why?").plain


def test_after_a_command_and_after_a_button_a_question_follows_too(stage: Stage) -> None:
    card = stage.answer(ANA, "/health", "mirador")
    assert "Mirador" in card.plain
    stage.after(ANA, lambda hands: hands.click(card, "ask.0"))
    assert "Mirador" in heard(stage, "what stage is it in?").plain


def test_a_gesture_with_a_button_leaves_what_was_asked_before_it(stage: Stage) -> None:
    heard(stage, "how is acme doing?")
    shown = heard(stage, "log a call with acme: renewed interest in SSO")
    stage.after(ANA, lambda hands: hands.click(shown, "ask.0"))
    assert "Acme Corp" in heard(stage, "and in which stage is it?").plain


def test_in_a_thread_of_a_mention_each_person_has_a_frame_of_their_own(stage: Stage) -> None:
    root = stage.slack.workspace.post("C0SUCCESS", "U0BEN", "What of our accounts?")
    ask = lambda person, text: stage.after(  # noqa: E731
        person, lambda h: h.mention(text, channel="C0SUCCESS", thread=root.ts), channel="C0SUCCESS"
    )
    assert "Acme Corp" in ask(ANA, "how is acme doing?").plain
    assert "Globex" in ask(ANA, "and globex?").plain
    unclear = ask("luis@example.com", "why?")
    assert "Globex" not in unclear.plain


def test_what_is_to_be_written_is_shown_and_written_by_one_click_once(stage: Stage) -> None:
    shown = heard(stage, "log a call with acme: renewed interest in SSO")
    count = lambda: [row for row in _touches(stage) if row.subject == "renewed interest in SSO"]  # noqa: E731
    assert "renewed interest in SSO" in shown.plain
    assert count() == []
    said = stage.after(ANA, lambda hands: hands.click(shown, "ask.0"))
    assert "Logged with Acme Corp" in said.text
    stage.after(ANA, lambda hands: hands.click(shown, "ask.0"))
    (row,) = count()
    assert (row.channel, row.csm) == ("call", ANA)


def _touches(stage: Stage) -> list:
    with stage.desk.database.transaction() as tx:
        return list(tx.execute(select(touches)))


def test_pending_says_that_a_click_is_awaited(counter: Counter) -> None:
    for text in ("log a call with acme: SSO", "start the champion-left playbook for Norte"):
        assert counter.asked(text).pending, text
    assert not counter.asked("how is acme?").pending


def test_who_may_only_read_logs_nothing(counter: Counter) -> None:
    said = counter.asked("log a call with acme: SSO", by="vic@example.com")
    assert not said.answered
    assert not said.pending


def test_an_alert_is_put_off_by_one_click(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        number = tx.execute(select(accounts.c.number).where(accounts.c.account_id == "acme")).scalar_one()
        tx.execute(alerts.insert().values(
            account=number, kind="at_risk", severity="high", params={"score": 31}, standing=STANDING, told="digest",
            owner=ANA, opened_on=TODAY, seen_on=TODAY, status="open",
        ))  # fmt: skip
    shown = counter.asked("snooze acme until Friday")
    assert shown.pending
    (button,) = [block["accessory"] for block in shown.blocks if "accessory" in block]
    assert button["value"].startswith("snooze-now ")
    assert counter.asked(button["value"]).answered
    with counter.desk.database.transaction() as tx:
        assert tx.execute(select(alerts.c.snoozed_until).where(alerts.c.account == number)).scalar_one().weekday() == 4


def test_a_question_in_vain_is_kept_once_without_names(counter: Counter) -> None:
    for _ in range(2):
        counter.asked("does Globex sponsor Grace Whitman or Luis at the marathon, 555 123 4567?")
    with counter.desk.database.transaction() as tx:
        (row,) = tx.execute(select(kept))
    assert (row.times, row.first_on, row.language) == (2, TODAY, "en")
    assert "marathon" in row.said
    assert "Q1" in kept_of(counter, "and the weather in Q1")
    for name in ("Globex", "Grace", "Whitman", "Luis", "4567"):
        assert name.lower() not in row.said.lower()
    assert "{account}" in row.said


def kept_of(counter: Counter, text: str) -> str:
    counter.asked(text)
    with counter.desk.database.transaction() as tx:
        return next(row.said for row in tx.execute(select(kept)) if row.said.startswith(text[:3]))


def test_the_policy_may_keep_no_question(counter: Counter) -> None:
    from dataclasses import replace

    off = counter.desk.policy.questions.model_copy(update={"keep": False})
    Counter(replace(counter.desk, policy=counter.desk.policy.model_copy(update={"questions": off}))).asked(
        "what is the weather"
    )
    with counter.desk.database.transaction() as tx:
        assert list(tx.execute(select(kept))) == []


def test_marks_emoji_and_links_are_no_words() -> None:
    assert tokens("¿Cómo va *acme*? 🙏 :wave:") == ["Cómo", "va", "acme"]
    assert tokens("🔴 and :large_green_circle: for <mailto:luis@example.com|luis@example.com>’s") == [
        "red", "and", "green", "for", "luis@example.com",
    ]  # fmt: skip


def slipped(text: str, chance: Random) -> str:
    """One slip of the keys: two letters in each other's place, one too few, one too many, or the key beside it."""
    at = chance.choice([place for place, sign in enumerate(text) if sign.isalpha()])
    kind, before, sign, after = chance.randrange(4), text[:at], text[at], text[at + 1 :]
    if kind == 0 and after[:1].isalpha():
        return f"{before}{after[0]}{sign}{after[1:]}"
    beside = chance.choice([key for key in PLACES if key != sign.lower() and finger_slip(key, sign.lower())] or ["x"])
    return before + {1: "", 2: sign + sign}.get(kind, beside) + after


def test_a_slip_of_the_keys_is_put_right_or_asked_about_and_never_answered_otherwise(
    reader: Counter, record_property
) -> None:
    """What is quoted stays as it was typed; one slip makes real words, of which nobody can know."""
    chance, found, wrong = Random(20261123), Counted(), []
    for question in questions("samples", "en", "es"):
        if question.get("same_as") and not question["same_as"].startswith("/log"):
            text = slipped(question["text"], chance)
            said = counted(reader.desk, reader.person(ANA), {**question, "text": text})
            asks_which = (
                said.verdict == "wrong" and not reader.asked(f"/{said.command}", lang=question["lang"]).answered
            )
            found["offered" if asks_which else said.verdict] += 1
            wrong += [(text, said.command)] if said.verdict == "wrong" and not asks_which else []
    record_property("counted", dict(found))
    assert not wrong
    assert found["right"] / found.total() > 0.85
