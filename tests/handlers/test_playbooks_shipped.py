"""The ten playbooks that come with the bot: complete, in both languages, and for whom they say."""

import re

import pytest

from domain.accounts import Contact
from domain.facts import Answer
from domain.playbooks.audience import match
from domain.playbooks.merge import FIELDS, MOST_WORDS, words_in
from domain.playbooks.schedule import Cast
from handlers.shelf import shelf
from reports.sheets.tasks import without_remark
from tests.domain.build import DAY, acme, ago
from tests.stage import HOUSE
from words.templates import fields_of, missing, render

SHELF = shelf(HOUSE / "playbooks")
OURS = SHELF.playbooks
NAMES = [
    "at-risk-rescue", "champion-left", "detractor-recovery", "licence-expansion", "low-adoption", "onboarding",
    "promoter-referral", "quarterly-review", "renewal-120", "win-back",
]  # fmt: skip
FILLED = {name: f"«{name}»" for name in FIELDS}
FILES = {name: (HOUSE / "playbooks" / f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES}


def test_all_ten_work():
    assert SHELF.refused == ()
    assert list(OURS) == NAMES


def texts(content, key=""):
    """Every text in a language, with its key."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from ((f"{key}.{name}", value),) if name in {"en", "es"} else texts(value, f"{key}.{name}")
    elif isinstance(content, list | tuple):
        for number, value in enumerate(content):
            yield from texts(value, f"{key}.{number}")


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_said_in_both_languages_and_not_twice_in_one(name):
    said = dict(texts(OURS[name].model_dump(exclude_none=True)))
    same = [key for key, text in said.items() if key.endswith(".en") and said[key[:-3] + ".es"] == text]
    assert set(same) <= {".title.en"}, "a translation is not a copy"
    spanish = re.sub(r"{[{%].*?[%}]}", "", " ".join(text for key, text in said.items() if key.endswith(".es")))
    assert not re.search(r"\b(the|and|with|your)\b", spanish)
    assert not re.search(r"\b(vos|vosotros|vuestr\w+|tenés|podés|coste|costo|ordenador|computadora)\b", spanish)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_stands_in_the_customers_copy_says_nothing_of_what_we_think_of_them(name, language):
    ours = r"champion|detractor|promot|risk|riesgo|rescue|rescate|honest|sincer|trust|confianza|whoever|paga"
    for activity in OURS[name].plan:
        if activity.side != "back":
            shown = without_remark(activity.title.of(language))
            assert shown
            assert not re.search(ours, shown, re.IGNORECASE), shown


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_messages_have_one_purpose_one_question_and_no_rest_of_a_template(name, language):
    for activity in OURS[name].plan:
        if activity.message is None:
            continue
        text = activity.message.paragraphs(language)
        for fields in (FILLED, {f: FILLED[f] for f in fields_of(text) if f in missing(text, {})}):
            said = render(text, fields)
            assert "{" not in said
            assert "  " not in said, said
            assert words_in(said) <= MOST_WORDS
            assert said.count("?") == 1
            assert max(map(len, said.split("\n\n"))) < 500, "short paragraphs"
            assert not re.search(r" [.,;:]", said)
        assert text.rstrip().endswith("{{ me.first_name }}"), "a person signs"


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_is_whole(name):
    playbook = OURS[name]
    assert playbook.plan[0].side == "back" or name == "quarterly-review", "it starts with a look at the account"
    for activity in playbook.plan:
        where = f"{name} {activity.id}"
        assert activity.id[0] == {"front": "F", "back": "B", "customer": "C"}[activity.side], where
        assert activity.evidence, where
        assert not activity.public or activity.contingency, where
        if activity.side == "front":
            assert activity.contact, where
            assert activity.channel, where
            assert activity.message or (activity.script and activity.channel in {"call", "meeting"}), where
    assert playbook.follow_up.rules[-1].when is None, "there is always a verdict"
    assert "stop" in {rule.verdict for rule in playbook.follow_up.rules} or name == "quarterly-review"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_pleasant_to_edit(name):
    lines = FILES[name].splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../docs/playbook.schema.json"
    assert max(map(len, lines)) <= 120
    steps = [line[2] for line in lines if re.match(r"# \d ·", line)]
    assert steps == list("12345")
    assert sum(line.lstrip().startswith("#") for line in lines) == 6


LOW = {"stage": "adopt", "customer_days": 200.0, "usage_age": 1.0, "licences_for_age": 30.0, "core_features": 80.0}
FULL = {
    "licences": 93.0, "colour": "green", "critical_tickets": 0.0, "overdue_invoices": 0.0, "outcomes_on_track": 1.0,
}  # fmt: skip
DUE = {"term_months": 12.0, "decision_days": 100.0, "colour": "green"}
REVIEW = {"tier": "1", "review_days": 90.0}
GLAD = {"promoter_days": 9.0, "colour": "green", "escalated_tickets": 0.0}
GONE = {"former_days": 200.0, "x_reason_changed": "sí", "colour": "former", "fit": "good", "overdue_invoices": 0.0}


@pytest.mark.parametrize(
    ("name", "known", "standing"),
    [
        ("onboarding", {"began_days": 10.0, "first_value": False}, "eligible"),
        ("onboarding", {"began_days": 11.0, "first_value": False}, "other"),
        ("onboarding", {"began_days": 3.0, "first_value": True}, "other"),
        ("onboarding", {"began_days": None, "first_value": False}, "other"),
        ("low-adoption", LOW, "eligible"),
        ("low-adoption", LOW | {"licences_for_age": 50.0}, "other"),
        ("low-adoption", LOW | {"licences_for_age": 60.0, "core_features": 40.0}, "eligible"),
        ("low-adoption", LOW | {"licences_for_age": None, "core_features": None}, "other"),
        ("low-adoption", LOW | {"usage_age": 8.0}, "other"),
        ("low-adoption", LOW | {"usage_age": None}, "other"),
        ("low-adoption", LOW | {"customer_days": 90.0}, "other"),
        ("low-adoption", LOW | {"stage": "land"}, "other"),
        ("low-adoption", LOW | {"colour": "leaving"}, "excluded"),
        ("licence-expansion", FULL, "eligible"),
        ("licence-expansion", FULL | {"licences": 89.0}, "other"),
        ("licence-expansion", FULL | {"colour": "yellow"}, "other"),
        ("licence-expansion", FULL | {"outcomes_on_track": 0.0}, "other"),
        ("licence-expansion", FULL | {"critical_tickets": 1.0}, "excluded"),
        ("licence-expansion", FULL | {"overdue_invoices": 1.0}, "excluded"),
        ("renewal-120", DUE, "eligible"),
        ("renewal-120", DUE | {"decision_days": 120.0, "colour": "red"}, "eligible"),
        ("renewal-120", DUE | {"decision_days": 121.0}, "other"),
        ("renewal-120", DUE | {"decision_days": -1.0}, "other"),
        ("renewal-120", DUE | {"term_months": 6.0}, "other"),
        ("renewal-120", DUE | {"term_months": 6.0, "decision_days": 85.0}, "eligible"),
        ("renewal-120", DUE | {"term_months": 1.0, "decision_days": 10.0}, "other"),
        ("renewal-120", DUE | {"term_months": 3.0, "decision_days": 10.0}, "other"),
        ("renewal-120", DUE | {"colour": "leaving"}, "excluded"),
        ("at-risk-rescue", {"at_risk": True, "colour": "red"}, "eligible"),
        ("at-risk-rescue", {"at_risk": False, "critical": True, "colour": "green"}, "eligible"),
        ("at-risk-rescue", {"at_risk": False, "critical": False, "colour": "yellow"}, "other"),
        ("at-risk-rescue", {"at_risk": True, "colour": "unknown"}, "excluded"),
        ("at-risk-rescue", {"at_risk": None, "critical": False}, "other"),
        ("champion-left", {"key_left_days": 3.0, "colour": "green"}, "eligible"),
        ("champion-left", {"key_left_days": 46.0}, "other"),
        ("champion-left", {"key_silent_days": 70.0}, "eligible"),
        ("champion-left", {"handed_over_days": 5.0}, "eligible"),
        ("champion-left", {"handed_over_days": None, "key_left_days": None}, "other"),
        ("detractor-recovery", {"low_answer_days": 10.0}, "eligible"),
        ("detractor-recovery", {"low_answer_days": 11.0}, "other"),
        ("detractor-recovery", {"low_answer_days": None}, "other"),
        ("quarterly-review", REVIEW, "eligible"),
        ("quarterly-review", REVIEW | {"tier": "2"}, "eligible"),
        ("quarterly-review", REVIEW | {"tier": "3"}, "other"),
        ("quarterly-review", REVIEW | {"review_days": 80.0}, "other"),
        ("quarterly-review", REVIEW | {"critical_days": 6.0}, "excluded"),
        ("quarterly-review", REVIEW | {"critical_days": 5.0}, "eligible"),
        ("promoter-referral", GLAD, "eligible"),
        ("promoter-referral", GLAD | {"promoter_days": 61.0}, "other"),
        ("promoter-referral", GLAD | {"promoter_days": None, "confirmed_days": 30.0}, "eligible"),
        ("promoter-referral", GLAD | {"colour": "yellow"}, "other"),
        ("promoter-referral", GLAD | {"escalated_tickets": 1.0}, "excluded"),
        ("promoter-referral", GLAD | {"asked_days": 180.0}, "excluded"),
        ("promoter-referral", GLAD | {"asked_days": 181.0}, "eligible"),
        ("win-back", GONE, "eligible"),
        ("win-back", GONE | {"former_days": 89.0}, "other"),
        ("win-back", GONE | {"former_days": 541.0}, "other"),
        ("win-back", GONE | {"x_reason_changed": "no"}, "other"),
        ("win-back", GONE | {"fit": "poor"}, "excluded"),
        ("win-back", GONE | {"overdue_invoices": 1.0}, "excluded"),
        ("win-back", GONE | {"x_leave_alone": "yes"}, "excluded"),
    ],
)
def test_it_is_for_whom_it_says(name, known, standing):
    clients = OURS[name].clients
    weeks = max(each.readings for each in clients.any)
    assert match(clients, acme(), [known] * weeks).standing == standing


@pytest.mark.parametrize(("name", "known", "weeks"), [("low-adoption", LOW, 2), ("licence-expansion", FULL, 4)])
def test_one_bad_week_is_not_enough(name, known, weeks):
    clients = OURS[name].clients
    assert match(clients, acme(), [known] * (weeks - 1)).standing == "other"
    assert match(clients, acme(), [*[known] * (weeks - 1), {}]).standing == "other"
    assert match(clients, acme(), [known] * weeks).standing == "eligible"


def test_more_people_than_licences_need_no_second_week():
    assert match(OURS["licence-expansion"].clients, acme(), [FULL | {"licences": 104.0}]).standing == "eligible"


def test_plays_about_people_name_them():
    left = Contact("c9", "Gone", role="champion", left_on=ago(3), last_touch_on=ago(9))
    quiet = Contact("c8", "Quiet", role="sponsor", last_touch_on=ago(74))
    facts = acme(contacts=(left, quiet), answers=(Answer("nps", 3, ago(2), "c8"),))
    for name, known, who in [
        ("champion-left", {"key_left_days": 3.0}, ("c9",)),
        ("champion-left", {"key_silent_days": 74.0}, ("c8",)),
        ("champion-left", {"handed_over_days": 3.0}, ()),
        ("detractor-recovery", {"low_answer_days": 2.0}, ("c8",)),
    ]:
        assert match(OURS[name].clients, facts, [known]).subjects == who


def test_who_decides_and_the_sponsor_stand_in_for_each_other():
    sponsor, decider = Contact("c1", "A", role="sponsor"), Contact("c2", "B", role="decision_maker")
    assert Cast(contacts=(sponsor, decider)).contact("decision_maker", DAY) == "c2"
    assert Cast(contacts=(sponsor,)).contact("decision_maker", DAY) == "c1"
    assert Cast(contacts=(decider,)).contact("sponsor", DAY) == "c2"
    assert Cast(contacts=(sponsor, decider)).contact("champion", DAY) is None
    assert Cast(contacts=(Contact("c3", "C"),)).contact(None, DAY) is None


def test_green_renewals_take_the_short_way():
    short = [activity.id for activity in OURS["renewal-120"].plan if activity.when is None]
    assert short == ["B1", "F2", "B4", "F4"]


def test_what_runs_beside_what():
    assert set(OURS["at-risk-rescue"].pauses) == {"licence-expansion", "promoter-referral", "quarterly-review"}
    assert set(OURS["champion-left"].pauses) == {"licence-expansion", "promoter-referral"}
    assert OURS["at-risk-rescue"].wins_over == ("renewal-120",)


def test_when_they_may_come_again():
    again = {name: (playbook.again.after_days, playbook.again.per) for name, playbook in OURS.items()}
    assert again == {
        "onboarding": (None, "account"),
        "low-adoption": (120, "account"),
        "licence-expansion": (180, "account"),
        "renewal-120": (0, "term"),
        "at-risk-rescue": (60, "account"),
        "champion-left": (0, "contact"),
        "detractor-recovery": (30, "contact"),
        "quarterly-review": (0, "quarter"),
        "promoter-referral": (180, "account"),
        "win-back": (365, "account"),
    }
    assert OURS["onboarding"].again.unless_new
    assert {name for name, each in OURS.items() if each.clients.hold_out.share} == {"at-risk-rescue"}
    assert OURS["at-risk-rescue"].clients.hold_out.tiers == ("3",)


def test_a_play_lasts_until_its_last_look():
    for name, playbook in OURS.items():
        looks = [int(day[1:]) for day in playbook.follow_up.days if day.startswith("D+")]
        assert max(looks, default=0) <= playbook.lasts, name
