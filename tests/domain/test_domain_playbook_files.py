"""A playbook's file: every mistake is said with its key and line."""

import pytest

from domain.playbooks.playbook_files import load, placed, strangers
from domain.policies.problems import PolicyError
from words.templates import fields_of

GOOD = """\
name: mine
title: {en: Mine, es: Mío}
summary: {en: A test, es: Una prueba}
kpi: {name: licences, moves: up}
clients:
  any:
    - when: {licences: {at_most: 50}}
goal:
  measure: licences
  target: {to: 70}
  due: D+90
  statement: {en: '{{ account.name }}', es: '{{ account.name }}'}
plan:
  - id: B1
    side: back
    title: {en: Look, es: Mirar}
    owner: csm
    day: D+1
  - id: F1
    side: front
    title: {en: Write, es: Escribir}
    owner: csm
    day: [D+2, D+9]
    needs: [B1]
    message:
      subject: {en: Hello, es: Hola}
      text: {en: "Hello {{ contact.first_name }}. Shall we?", es: "Hola, {{ contact.first_name }}. ¿Vamos?"}
follow_up:
  days: D+30
  rules:
    - {verdict: stop, when: {reached: true}, say: {en: Done, es: Hecho}}
"""


def read(text=GOOD, file="mine.yaml"):
    return load(text, file=file, fields_of=fields_of)


def test_a_playbook_is_read():
    mine = read()
    assert [activity.id for activity in mine.plan] == ["B1", "F1"]
    assert mine.activities["F1"].day == ("D+2", "D+9")
    assert mine.priority.tier("9") == mine.priority.tier("2"), "an unknown tier is that of those without one"
    assert mine.digest == read(GOOD + "# a remark\n").digest != read(GOOD.replace("to: 70", "to: 71")).digest


@pytest.mark.parametrize(
    ("before", "after", "key", "reason", "line", "detail"),
    [
        ("name: mine", "name: yours", "name", "wrong_name", 1, {"allowed": "mine"}),
        ("kpi: {name: licences", "kpi: {name: licenses", "kpi.name", "not_allowed", 4, {"value": "licenses"}),
        ("moves: up", "moves: sideways", "kpi.moves", "not_allowed", 4, {"allowed": "up, down"}),
        ("when: {licences:", "when: {licence:", "clients.any.0.when", "unknown_fact", 7, {"nearest": "licences"}),
        ("{at_most: 50}}", "high}", "clients.any.0.when", "wrong_condition", 7, {"expected": "number"}),
        ("when: {licences: {at_most: 50}}", "when: {progress: {at_most: 5}}", "clients.any.0.when.progress",
         "unknown_fact", 7, {"value": "progress"}),
        ("  measure: licences", "  measure: licenses", "goal.measure", "unknown_measure", 9, {"nearest": "licences"}),
        ("target: {to: 70}", "target: {to: 70, by: 3}", "goal.target", "one_target", 10, {}),
        ("target: {to: 70}", "target: {share: 0.5}", "goal.target", "one_target", 10, {}),
        ("due: D+90", "due: in spring", "goal.due", "wrong_moment", 11, {"value": "in spring"}),
        ("en: Look, es: Mirar", "en: Look", "plan.0.title.es", "missing", 16, {}),
        ("owner: csm\n    day: D+1\n", "day: D+1\n", "plan.0", "nobody_does_it", 14, {}),
        ("owner: csm\n    day: D+1\n", "owner: ceo\n    day: D+1\n", "plan.0.owner", "not_allowed", 17, {}),
        ("side: back", "side: behind", "plan.0.side", "not_allowed", 15, {"allowed": "front, back, customer"}),
        ("needs: [B1]", "needs: [B2]", "plan.1.needs.0", "unknown_activity", 24, {"value": "B2", "allowed": "B1, F1"}),
        ("needs: [B1]", "needs: [F1]", "plan.1.needs", "needs_in_circle", 24, {"value": "F1"}),
        ("id: F1", "id: B1", "plan.1.id", "duplicate_activity", 19, {"value": "B1"}),
        ("reached: true", "open: C9", "follow_up.rules.0.when.open", "unknown_activity", 31, {"value": "C9"}),
        ("needs: [B1]", "only_if_open: C9", "plan.1.only_if_open", "unknown_activity", 24, {"value": "C9"}),
        ("needs: [B1]", "repeats: SOMETIMES", "plan.1.repeats", "wrong_recurrence", 24, {}),
        ("needs: [B1]", "neds: [B1]", "plan.1.neds", "unknown_key", 24, {"nearest": "needs"}),
        ("{en: '{{ account.name", "{en: '{{ acount.name", "goal.statement.en", "wrong_field", 12,
         {"value": "acount.name", "nearest": "account.name"}),
        ("first_name }}. ¿", "first_name. ¿", "plan.1.message.text.es", "wrong_template", 27, {}),
        ("Hola, {{", "Hola, {% for x in y %}{{", "plan.1.message.text.es", "wrong_template", 27, {}),
        ("Shall we?", "We shall.", "plan.1.message.text.en", "one_question", 27, {"value": 0}),
        ("Shall we?", "Shall we? When?", "plan.1.message.text.en", "one_question", 27, {"value": 2}),
        ("¿Vamos?", "Vamos?", "plan.1.message.text.es", "one_question", 27, {}),
        ("Shall we?", "Word " * 120 + "?", "plan.1.message.text.en", "too_long", 27, {"value": 123, "limit": 120}),
        ("summary:", "name: mine\nsummary:", "name", "duplicate_key", 3, {}),
        ("verdict: stop", "verdict: sleep", "follow_up.rules.0.verdict", "not_allowed", 31, {}),
        ("title: {en: Mine", "title: {en: [Mine", "", "not_yaml", 2, {}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_precisely(before, after, key, reason, line, detail):
    assert GOOD.count(before) >= 1
    with pytest.raises(PolicyError) as caught:
        read(GOOD.replace(before, after, 1))
    found = {problem.reason_code: problem for problem in caught.value.problems}
    assert reason in found, found
    assert (found[reason].key, found[reason].detail["line"]) == (key, line)
    assert detail.items() <= dict(found[reason].detail).items()


def test_all_problems_are_said_at_once():
    text = GOOD.replace("account.name", "acount.name").replace("Shall we?", "No.")
    with pytest.raises(PolicyError) as caught:
        read(text)
    assert [problem.reason_code for problem in caught.value.problems] == ["wrong_field", "wrong_field", "one_question"]


def test_other_playbooks_that_it_speaks_of_must_be_there():
    text = GOOD + "pauses: [renewal-120, reneval]\nwins_over: [onboarding]\n"
    found = strangers(read(text), ["renewal-120", "renewal", "mine"], file="mine.yaml")
    assert [(p.key, p.detail) for p in found] == [
        ("pauses.1", {"value": "reneval", "nearest": "renewal"}),
        ("wins_over.0", {"value": "onboarding"}),
    ]
    assert placed(found[0], text).detail["line"] == 32


def test_a_goal_has_another_form_for_some_accounts():
    other = """  instead:
    - when: {licences_for_age: {at_least: 50}}
      measure: core_features
      target: {by: 25}
      due: D+60
      statement: {en: Features, es: Funciones}
plan:
"""
    goal = read(GOOD.replace("plan:\n", other, 1)).goal
    assert goal.of({"licences_for_age": 80.0}).measure == "core_features"
    assert goal.of({"licences_for_age": 20.0}).measure == "licences"
    assert goal.of({}).measure == "licences"


def test_lines_of_a_message_are_paragraphs():
    text = GOOD.replace('"Hello {{ contact.first_name }}. Shall we?"', '"Hello.\\n\\nShall we?\\nAna"')
    assert read(text).activities["F1"].message.paragraphs("en") == "Hello.\n\nShall we?\n\nAna"
