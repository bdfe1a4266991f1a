"""The card of one account in each of its states, the book, and how an account is named."""

import re

import pytest

from handlers.ask import Reply
from storage import changes
from tests.stage import Counter, read

# As CARDS.md shows them; # stands for a number.
FIRST_LINES = {
    "acme": (
        "🟡 Acme Corp · 58 of 100 · down 13 in 30 days (was 71)",
        "🟡 Acme Corp · 58 de 100 · bajó 13 en 30 días (era 71)",
    ),
    "globex": (
        "🔴 Globex · # of 100 · down # in 30 days (was #)",
        "🔴 Globex · # de 100 · bajó # en 30 días (era #)",
    ),
    "grupo mirador": ("🟢 Grupo Mirador · # of 100", "🟢 Grupo Mirador · # de 100"),
    "perez": ("⚪ Industrias Pérez · not enough data (# %)", "⚪ Industrias Pérez · sin datos suficientes (# %)"),
    "penalba": (
        "🌱 Constructora Peñalba · onboarding, day 21 of 45 · first value: open · 3 milestones reached",
        "🌱 Constructora Peñalba · en onboarding, día 21 de 45 · primer valor: pendiente · 3 hitos logrados",
    ),
    "solar levante": (
        "⚫ Energía Solar Levante · gave notice on 10 Nov 2026 · ends 20 Jan 2027 · reason: price",
        "⚫ Energía Solar Levante · avisó que no renueva (10 nov 2026) · termina el 20 ene 2027 · motivo: ",
    ),
    "norte logistica": (
        "🟡 Norte Logística · # of 100 · down # in 30 days (was #), held at yellow: the champion left on 20 Nov",
        "🟡 Norte Logística · # de 100 · bajó # en 30 días (era #), tope amarillo: se fue su champion el 20 nov",
    ),
    "editorial cordillera": (
        "🚪 Editorial Cordillera · no longer a customer",
        "🚪 Editorial Cordillera · ya no es cliente",
    ),
    "juniper": ("▫️ Juniper Home Care · not a customer yet", "▫️ Juniper Home Care"),
}
SCORED = (
    *("acme", "globex", "grupo mirador", "norte logistica", "initech", "tidewell"),
    *("minera cerro", "dunmore", "kestrel"),
)


@pytest.mark.parametrize("account", FIRST_LINES)
def test_the_first_line_is_the_answer(counter: Counter, account: str) -> None:
    for line, language in zip(FIRST_LINES[account], ("en", "es"), strict=True):
        said = read(counter.asked(f"health {account}", lang=language))[0].replace("\N{NO-BREAK SPACE}", " ")
        assert re.match(re.escape(line).replace(r"\#", r"\d+"), said), said


def test_after_the_answer_come_the_reason_and_the_money(counter: Counter) -> None:
    english, spanish = (read(counter.asked("health acme", lang=language)) for language in ("en", "es"))
    assert english[1:4] == [
        "A critical ticket has been escalated for 6 days and they use the product 32\xa0% less since October.",
        "Renews 31 Mar 2027 (in 128 days) · ARR US$48,000 · notice by 30 Jan · renews by itself",
        "Renewal call: you say “renew”, the rule says “at risk” → they disagree",
    ]
    assert (
        spanish[2]
        == "Renueva el 31 mar 2027 (en 128 días) · ARR US$48,000 · preaviso hasta el 30 ene · renovación automática"
    )
    assert any(line.startswith("Before you call: ") for line in english)
    assert any(line.startswith("Antes de llamar: ") for line in spanish)


def test_what_is_not_known_is_said_and_nothing_is_scored(counter: Counter) -> None:
    said = read(counter.asked("health industrias perez"))
    assert said[1] == "Neither a good nor a bad sign: we do not know."
    assert said[2].startswith("Missing: usage (never received)")
    assert "renews 31 Jan 2027" in said[3]
    assert "notice by 2 Dec" in said[3]
    assert not any(" of 100" in line for line in said)


def test_a_green_parent_shows_its_red_subsidiary(counter: Counter) -> None:
    below = [line for line in read(counter.asked("health grupo mirador")) if line.startswith("Below it: ")]
    red = re.search(r"\d+ of 100", read(counter.asked("health mirador seguridad"))[0])[0]
    assert below == [f"Below it: 🔴 Mirador Seguridad, {red}"]


FACTOR = re.compile(r"^• .* · (\d+)/(\d+)( · (?:=|[+−]\d+))?( · .*)?$")
GROUP = re.compile(r"^\S.* · (\d+) of (\d+)(?: · (=|[+−]\d+))?$")


def number(change: str) -> int:
    return 0 if change == "=" else int(change.replace("−", "-"))


@pytest.mark.parametrize("account", SCORED)
def test_the_points_add_up_to_the_score(counter: Counter, account: str) -> None:
    lines = read(counter.asked(f"health {account} factors"))
    score = int(re.search(r"(\d+) of 100", lines[0])[1])
    why = next(place for place, line in enumerate(lines) if line.startswith("Why"))
    groups: list[list[int]] = []
    factors: list[tuple[int, int, int]] = []
    for line in lines[why + 1 :]:
        if found := GROUP.match(line):
            groups.append([int(found[1]), int(found[2]), number(found[3] or "="), len(factors)])
        elif found := FACTOR.match(line):
            moved = (found[3] or "=").strip(" ·")
            factors.append((int(found[1]), int(found[2]), number(moved)))
        else:
            break
    assert sum(points for points, _, _ in factors) == sum(group[0] for group in groups) == score
    assert sum(weight for _, weight, _ in factors) == sum(group[1] for group in groups) == 100
    ends = [*(group[3] for group in groups[1:]), len(factors)]
    for (points, weight, moved, begin), end in zip(groups, ends, strict=True):
        assert [sum(column) for column in zip(*factors[begin:end], strict=True)] == [points, weight, moved]
    if change := re.search(r"(down|up) (\d+) in 30 days \(was (\d+)\)", lines[0]):
        assert sum(group[2] for group in groups) == int(change[2]) * (-1 if change[1] == "down" else 1)
        assert score - int(change[3]) == sum(group[2] for group in groups)


MONEY = re.compile(r"[$€£]|\b(USD|EUR|MXN|GBP)\b|\d,\d{3}")
ASKED = [f"health {name}" for name in FIRST_LINES] + [
    "account acme", "health", "health acme history", "health acme factors", "renewals 90d all", "renewals", "risks all",
    "export plan acme", "touch acme", "sentiment acme", "health mirador", "help",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_lock_screen_shows_no_money_and_nobody(counter: Counter, language: str) -> None:
    ours = {"Ana Ruiz", "Luis Ortega", "Sofía Vega", "@example.com"}
    theirs = {"Grace Whitman", "Alice Novak", "Samuel Brandt", "Ramón Cuesta", "Gonzalo Vidal", "Jorge Salas"}
    for question in ASKED:
        text = counter.asked(question, lang=language).text
        assert text
        assert not MONEY.search(text), (question, text)
        assert not [name for name in ours | theirs if name in text], (question, text)


def test_an_account_is_named_by_whatever_people_call_it(counter: Counter) -> None:
    def title(text: str) -> str:
        return read(counter.asked(f"health {text}"))[0]

    assert "Industrias Pérez" in title("perez")
    assert "Industrias Pérez" in title("INDUSTRIAS  PÉREZ")
    assert "Talleres Iñaki & Hijos" in title("inaki & hijos")
    assert "Mudanzas O'Callaghan" in title("o'callaghan")
    assert "Panadería La Espiga 🌾" in title("la espiga")
    assert "Tidewell Water" in title("helpdesk:4411")
    assert "Globex" in title("globx")
    assert "Acme Corp" in title("acme")


def offered_by(reply: Reply) -> list[str]:
    return [element["value"] for block in reply.blocks if block["type"] == "actions" for element in block["elements"]]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("health mirador", ["health grupo-mirador", "health mirador-seguridad"]),
        ("health mirador factors", ["health grupo-mirador factors", "health mirador-seguridad factors"]),
        ("health mirador history", ["health grupo-mirador history", "health mirador-seguridad history"]),
        ("account mirador", ["account grupo-mirador", "account mirador-seguridad"]),
        ("export plan mirador customer-safe",
         ["export plan grupo-mirador customer-safe", "export plan mirador-seguridad customer-safe"]),
    ],
)  # fmt: skip
def test_several_are_offered_and_each_button_asks_the_same(counter: Counter, asked: str, offered: list[str]) -> None:
    reply = counter.asked(asked)
    assert not reply.answered
    assert list(reply.offered) == offered == offered_by(reply)
    assert "mirador" in reply.text
    chosen = counter.asked(offered[0])
    assert chosen.answered
    assert "Mirador" in chosen.text


def test_nothing_found_is_said_with_what_was_typed(counter: Counter) -> None:
    reply = counter.asked("health zzzzqqq")
    assert not reply.answered
    assert not reply.offered
    assert reply.text == "I know no account “zzzzqqq” that you may see."
    assert counter.asked("health zzzzqqq", lang="es").text == "No conozco ninguna cuenta «zzzzqqq» que puedas ver."


def test_the_book_is_worst_first(counter: Counter) -> None:
    lines = read(counter.asked("health"))
    assert lines[0].startswith("10 accounts: ")
    signs = [line[0] for line in lines[1:11]]
    assert signs == sorted(signs, key="🔴🟡⚪🟢🌱".index)
    assert [f"{signs.count(sign)} {sign}" in lines[0] for sign in set(signs)] == [True] * len(set(signs))
    yellow = [int(line.split(" · ")[1]) for line in lines[1:11] if line[0] == "🟡"]
    assert yellow == sorted(yellow)


def test_the_pages_of_the_book_hold_each_account_once(counter: Counter) -> None:
    question, seen = "health", []
    for _ in range(10):
        reply = counter.asked(question, by="tom@example.com")
        seen += [line.split(" · ")[0] for line in read(reply)[1:] if not line.startswith("[")]
        following = [value for value in offered_by(reply) if value.startswith("health after:")]
        if not following:
            break
        question = following[0]
    assert len(seen) == len(set(seen)) == 44


def test_history_is_said_in_words_and_drawn(counter: Counter) -> None:
    pytest.importorskip("matplotlib")
    reply = counter.asked("health acme history", lang="es")
    assert "Acme Corp" in read(reply)[0]
    assert "12 meses" in read(reply)[0]
    assert len(read(reply)[1]) > 30
    assert [file.name for file in reply.files] == ["acme.png"]
    assert reply.files[0].build().startswith(b"\x89PNG")


def test_an_account_that_is_called_like_an_option_keeps_its_name(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        key, name = {"account_id": "initech"}, {"name": "Museum of History"}
        told = {"who": "sofia@example.com", "at": counter.desk.clock(), "on": counter.desk.today, "origin": "modal"}
        changes.edit(tx, "accounts", key, name, **told)
    assert "Museum of History" in read(counter.asked("health museum of history"))[0]
    assert not counter.asked("health museum of history").files
    assert counter.asked("health museum of history history").files
