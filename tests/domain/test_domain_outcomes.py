from datetime import timedelta
from decimal import Decimal

import pytest

from domain.accounts import Contact
from domain.health.evidence import on_track
from domain.outcomes import by_stakeholder, feature_words, is_at_target, judged, questioned, state
from tests.domain.build import ACME, DAY, acme, ago, outcome

CASES = [
    ({"achieved_on": ago(3), "confirmed_on": ago(2)}, "confirmed"),
    ({"achieved_on": ago(3)}, "reached"),
    ({"achieved_on": ago(3), "confirmed_on": DAY + timedelta(1)}, "reached"),
    ({"achieved_on": DAY + timedelta(1), "current": 10}, "behind"),
    ({"current": 5}, "on_track"),
    ({"current": 9}, "behind"),
    ({"current": 5, "due_on": ago(1)}, "overdue"),
    ({"current": 5, "due_on": DAY}, "behind"),
    ({"current": None}, "unmeasured"),
    ({"current": None, "due_on": ago(1)}, "overdue"),
    ({"baseline": None, "current": 5}, "unmeasured"),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_the_state_of_an_outcome(values, expected):
    assert state(outcome(**values), ACME, DAY) == expected


@pytest.mark.parametrize("values", [values for values, _ in CASES])
def test_health_reads_the_same_line(values):
    one = outcome(**values)
    good = {"confirmed": True, "reached": True, "on_track": True, "behind": False, "overdue": False, "unmeasured": None}
    assert on_track(one, acme()) is good[state(one, ACME, DAY)]


def test_the_most_urgent_come_first_and_stand_with_their_stakeholder():
    people = (Contact("u", "Ada", role="user"), Contact("s", "Zoe", role="sponsor"))
    found = judged(
        [
            outcome("done", contact_id="s", achieved_on=ago(9), confirmed_on=ago(8)),
            outcome("late", contact_id="s", due_on=ago(2)),
            outcome("fine", contact_id="u"),
            outcome("orphan", contact_id=None),
            outcome("gone", contact_id="nobody"),
        ],
        ACME,
        DAY,
    )
    wanted = by_stakeholder(found, people)
    assert [
        (group.who and group.who.name, [each.outcome.outcome_id for each in group.outcomes]) for group in wanted
    ] == [
        ("Zoe", ["late", "done"]),
        ("Ada", ["fine"]),
        (None, ["gone", "orphan"]),
    ]


@pytest.mark.parametrize(
    ("baseline", "target", "current", "expected"),
    [(10, 3, 3, True), (10, 3, 2, True), (10, 3, 4, False), (40, 98, 99, True), (40, 98, 97, False),
     (None, 3, 3, True), (None, 3, 2, False), (10, None, 3, False), (10, 3, None, False)],
)  # fmt: skip
def test_at_the_target_from_either_side(baseline, target, current, expected):
    figures = (None if value is None else Decimal(value) for value in (baseline, target, current))
    assert is_at_target(*figures) is expected


@pytest.mark.parametrize(
    "statement",
    [
        "Uses the dashboard", "usar el panel", "The whole team uses our mobile app", "Adoption of the planning module",
        "Everyone logs in every day", "Que los técnicos usen la aplicación", "Uso del tablero",
        "Utilizar más funciones",
        "Que inicien sesión cada semana", "Activate all the licences", "Entrar al sistema a diario",
        "USAR  LA\nFUNCIÓN",
        "More active users",
    ],
)  # fmt: skip
def test_a_feature_s_use_is_questioned(statement):
    assert questioned(statement) == "feature_use"


@pytest.mark.parametrize(
    "statement",
    [
        "Close the month in 3 days", "Reach urgent jobs within 4 hours", "Audit trail ready for every job",
        "Salir a ruta antes de las 7", "Bajar el combustible por ruta", "Bajar las paradas no planificadas",
        "Primera obra con partes desde el móvil", "Cerrar el parte el mismo día", "No job waits for parts",
        "Use less fuel on every route", "Reports to the board in 2 days", "Que la causa de cada paro se conozca", "",
        "Informes listos el día 3", "Reduce unused stock",
    ],
)  # fmt: skip
def test_an_outcome_is_not_questioned(statement):
    assert questioned(statement) is None


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("Everybody uses Month close", True), ("Usar el cierre de mes", True), ("Adopt the routes", True),
        ("Que todos utilicen Rutas", True), ("Month-close adoption doubles", True), ("use month closes daily", True),
        ("The month closes in 3 days", False), ("Cerrar el mes en 3 días", False), ("Shorter routes", False),
    ],
)  # fmt: skip
def test_the_use_of_a_feature_by_its_own_name_is_questioned(statement: str, named: bool) -> None:
    features = [feature_words(name) for name in ("month_close", "Cierre de Mes", "Routes", "Rutas", "A", "")]
    assert (questioned(statement, features) == "feature_use") is named
    assert questioned(statement) is None


def test_no_outcome_of_the_sample_is_questioned():
    import csv
    from pathlib import Path

    with (Path(__file__).parents[2] / "sample" / "outcomes.csv").open(encoding="utf-8") as file:
        assert [row["statement"] for row in csv.DictReader(file) if questioned(row["statement"])] == []
