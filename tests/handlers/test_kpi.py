"""/kpi and bot.py kpi: the published examples through import, what is refused, what is said."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage.database import Database
from tests.handlers.test_cli import DONE, REFUSED, USAGE, run
from tests.stage import Counter, Stage, read

DAY = ("--date", "2026-11-23")
YEAR = "2025-11-23..2026-11-22"


def told(database: Database, *words: str, day: tuple[str, str] = DAY) -> dict:
    done = run(database, "kpi", *words, "--json", *day)
    assert done.exit_code == DONE, done.output
    return json.loads(done.stdout)


def fed(database: Database, folder: Path, **files: list[str]) -> None:
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run(database, "import", str(folder), *DAY)
    assert done.exit_code == DONE, done.output


def monthly(*accounts: tuple[int, int]) -> dict[str, list[str]]:
    """Accounts with an MRR before the year and another from June on."""
    named = [f"a{n},Account {n}" for n in range(len(accounts))]
    rows = [row for n, (before, after) in enumerate(accounts)
            for row in (f"a{n},2025-01,{before}", f"a{n},2026-06,{after}")]  # fmt: skip
    return {"accounts": ["account_id,name", *named], "mrr": ["account_id,month,mrr", *rows]}


@pytest.mark.parametrize(
    ("accounts", "nrr", "grr"),
    [
        (((22_000, 30_000), (5_000, 0)), "1.1111", "0.8148"),
        (((86_000, 94_000), (6_000, 0), (8_000, 0)), "0.94", "0.86"),
    ],
)
def test_the_published_retentions(sqlite_database, tmp_path, accounts, nrr, grr) -> None:
    fed(sqlite_database, tmp_path, **monthly(*accounts))
    said = told(sqlite_database, "nrr", "2026")
    assert list(said) == [
        "name", "value", "unit", "numerator", "denominator", "period", "scope", "cohort", "undefined_because", "parts",
    ]  # fmt: skip
    assert (said["value"], said["unit"], said["undefined_because"]) == (nrr, "ratio", None)
    assert said["denominator"] == str(sum(before for before, _ in accounts))
    assert said["period"] == {"from": "2026-01-01", "to": "2026-12-31", "to_date": True}
    assert told(sqlite_database, "retención", "bruta", "2026")["value"] == grr
    assert told(sqlite_database, "arr", "2026")["unit"] == "USD"


def test_the_published_quick_ratio(sqlite_database, tmp_path) -> None:
    fed(sqlite_database, tmp_path, **monthly((0, 20), (10, 18), (5, 0), (9, 6)))
    assert told(sqlite_database, "quick-ratio", "2026")["value"] == "3.5"


def test_the_published_surveys(sqlite_database, tmp_path) -> None:
    scores = {"nps": {10: 3, 7: 5, 2: 2}, "csat": {5: 3, 4: 1, 2: 1}}
    rows = [f"{kind}{score}-{n},a,{kind}-{score}-{n},{kind},{score},2026-03-01T10:00:00Z"
            for kind, given in scores.items() for score, count in given.items() for n in range(count)]  # fmt: skip
    earlier = [f"{day},a,nps-10-0,nps,0,{day}T10:00:00Z" for day in ("2026-02-01", "2025-02-01")]
    contacts = [f"{row.split(',')[2]},a,Somebody" for row in rows]
    fed(
        sqlite_database,
        tmp_path,
        accounts=["account_id,name", "a,Acme"],
        contacts=["contact_id,account_id,name", *contacts],
        surveys=["response_id,account_id,contact_id,kind,score,answered_at", *rows, *earlier, "blank,a,,nps,,"],
    )
    nps = told(sqlite_database, "nps", "2026")
    assert (nps["value"], nps["unit"], nps["denominator"]) == ("10", "score", "10")
    assert told(sqlite_database, "csat", "2026")["value"] == "0.8"
    assert told(sqlite_database, "ces", "2026")["undefined_because"] == "no_answers"


SEATS = [
    "subscription_id,account_id,starts_on,ends_on,amount,interval,currency,notice_given_on,renews",
    "s1,a,2024-01-01,2025-01-01,4800,year,USD,,",
    "s1,a,2024-04-01,2025-01-01,7200,year,USD,,",
    "s1,a,2024-09-01,2025-01-01,4800,year,USD,2024-10-01,",
    "s2,a,2025-06-01,2026-06-01,4800,year,USD,,",
]


def test_the_published_seats_story(sqlite_database, tmp_path) -> None:
    fed(sqlite_database, tmp_path, accounts=["account_id,name", "a,Acme"], subscriptions=SEATS)
    parts = told(sqlite_database, "net-growth", "2024-01-01..2025-12-31")["parts"]
    assert parts == {
        "opening": "0", "new": "400", "expansion": "200", "reactivation": "400", "indexation": "0", "fx": "0",
        "contraction": "200", "churn": "400", "closing": "400",
    }  # fmt: skip
    january = told(sqlite_database, "churn", "2025-01-01..2025-01-31")
    assert (january["value"], january["denominator"]) == ("1", "1"), "churn is dated at the end of what was paid"
    assert told(sqlite_database, "churn", "2024-10-01..2024-12-31")["value"] == "0"


def test_an_amount_without_a_rate_is_said(sqlite_database, tmp_path) -> None:
    files = monthly((10, 20))
    files["mrr"] = ["account_id,month,mrr,currency", "a0,2025-01,10,CHF"]
    fed(sqlite_database, tmp_path, **files)
    said = told(sqlite_database, "nrr", "2026")
    assert (said["value"], said["undefined_because"], said["parts"]) == (None, "no_rate", {"of": "CHF"})
    assert "exchange rate (CHF)" in run(sqlite_database, "kpi", "nrr", "2026", "--lang", "en", *DAY).stdout


def test_an_empty_base_and_a_period_without_anybody(sqlite_database, tmp_path) -> None:
    for name in ("nrr", "nps", "mrr"):
        said = told(sqlite_database, name)
        assert (said["value"], said["undefined_because"]) == (None, "no_accounts")
    fed(sqlite_database, tmp_path, **monthly((10, 20)))
    assert told(sqlite_database, "nrr", "2023")["undefined_because"] == "nobody_paid_at_start"
    assert told(sqlite_database, "readiness")["undefined_because"] == "no_plays"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("kpi nrrr", ["kpi nrr"]), ("kpi crecimento neto 2026", ["kpi net-growth 2026"]),
        ("kpi nrr segment:enterprize", ["kpi nrr segment:enterprise"]), ("kpi nrr tem", ["kpi nrr team"]),
        ("kpi nrr last quartr", ["kpi nrr last quarter"]),
        ("kpi nrr csm:ana@exampl.com", ["kpi nrr csm:ana@example.com"]),
        ("kpi nrr 2027", ["kpi nrr this quarter"]), ("kpi nrr nxt quarter", ["kpi nrr this quarter"]),
        ("kpi nrr xxxxx 2026", ["kpi nrr 2026"]), ("kpi nrrr acme", ["kpi nrr acme"]),
        ("kpi licences co", ["kpi licences copperline-telecom"]),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_met_with_the_nearest(counter: Counter, typed: str, offered: list[str]) -> None:
    reply = counter.asked(typed)
    assert not reply.answered
    assert set(offered) <= set(reply.offered), reply.offered
    assert counter.asked(offered[0]).answered


def test_refusals_and_usage_at_the_terminal(sample_database: Database) -> None:
    for words in (("nrrr",), ("nrr", "2027"), ("nrr", "segment:nothing"), ("2026-Q3",)):
        refused = run(sample_database, "kpi", *words, "--json", *DAY)
        assert (refused.exit_code, refused.stdout) == (REFUSED, ""), words
        assert refused.stderr
    assert run(sample_database, "kpi").exit_code == USAGE


def test_one_metric_shows_how_it_was_made(counter: Counter) -> None:
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in read(counter.asked(f"kpi nrr {YEAR}"))]
    assert lines[0].startswith("Net revenue retention (NRR): 101.6 % (")
    assert lines[1] == "23 Nov 2025 to 22 Nov 2026 · all accounts"
    assert "= US$135,081.37 ÷ US$133,008.74 = 101.6 %" in lines
    assert "+ indexation              US$1,256" in lines
    assert any(line.startswith("Transportes Quetzal · +US$1,600") for line in lines)
    quarter = read(counter.asked("kpi crecimiento neto este trimestre", by="luis@example.com", lang="es"))
    assert quarter[0].startswith("Crecimiento neto: 1,3\N{NO-BREAK SPACE}% (")
    assert "a la fecha: 23 nov 2026" in quarter[1]


def test_churn_names_who_is_gone_and_nobody_else(counter: Counter) -> None:
    lines = read(counter.asked(f"kpi churn {YEAR}"))
    moved = lines[lines.index("What moved it most") + 1 : lines.index("By who sold it")]
    gone = [line for line in moved if "→ US$0)" in line]
    assert len(gone) == 3
    assert [line for line in moved if "→" in line] == gone


def test_the_scorecard_holds_every_metric(counter: Counter) -> None:
    from domain.kpis.kpis import METRICS
    from handlers.kpis.kpi_scorecard import GROUPS

    assert sorted(name for _, names in GROUPS for name in names) == sorted(METRICS)
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in read(counter.asked("kpi", by="sofia@example.com"))]
    assert any(line.startswith("• NPS: +17 (") and "n = 47" in line for line in lines)
    unused = [line for line in lines if "Front-stage readiness" in line]
    assert len(unused) == 1
    assert unused[0].startswith("Without a value: Front-stage readiness (no front-stage activity was held)")
    nps = next(line for line in lines if line.startswith("• NPS"))
    assert nps.endswith("▃▃▂▂▅▅·▃▁▃▅▇ 0 → +77,8"), "a sign a month, a gap where nobody answered, both ends in figures"
    assert all(len(line) < 220 for line in lines)


def test_a_lead_asks_in_slack(stage: Stage) -> None:
    said = stage.answer("sofia@example.com", "/kpi", "nrr 2026-Q3 segment:enterprise")
    assert said.text.startswith("Retención neta de ingresos (NRR) ")
    for typed, first in (("", "Tablero de métricas: "), ("churn", "Tasa de churn de clientes ")):
        assert stage.answer("sofia@example.com", "/kpi", typed).text.startswith(first)


def test_a_figure_credits_who_held_the_account_then(sqlite_database, tmp_path) -> None:
    files = monthly((10, 20), (100, 100))
    files["accounts"] = ["account_id,name,csm", "a0,Zero,ana@x.com", "a1,One,ben@x.com"]
    people = ["email,name,role", "ana@x.com,Ana,csm", "ben@x.com,Ben,csm"]
    fed(sqlite_database, tmp_path, people=people, **files)
    (tmp_path / "accounts.csv").write_text("account_id,name,csm\na0,Zero,ben@x.com\n", encoding="utf-8")
    moved = run(sqlite_database, "import", str(tmp_path / "accounts.csv"), "--date", "2026-11-30")
    assert moved.exit_code == DONE, moved.output
    december = ("--date", "2026-12-15")
    assert told(sqlite_database, "mrr", "2026", "csm:ana@x.com", day=december)["value"] == "20"
    assert told(sqlite_database, "mrr", "2026", "csm:ben@x.com", day=december)["value"] == "100"
    assert told(sqlite_database, "mrr", "2026-12", "csm:ben@x.com", day=december)["value"] == "120"
    assert told(sqlite_database, "mrr", "2026-12", "csm:ana@x.com", day=december)["undefined_because"] == "no_accounts"


def test_a_target_is_held_against_the_value_it_is_of(counter: Counter) -> None:
    def first(text: str, lang: str = "en") -> str:
        return read(counter.asked(text, lang=lang))[0].replace("\N{NO-BREAK SPACE}", " ")

    assert first("kpi nrr").endswith("· target 105 %, 3.4 points short")
    assert first("kpi nrr 2026-Q3").endswith("· target 105 % a year"), "a quarter is not held against a year's target"
    assert first("kpi churn").endswith("· target 5 %, 2.9 points over it")
    assert first("kpi licences segment:smb").endswith("· target 60 %, reached")
    assert " · target 85 %" in first("kpi licences segment:enterprise")
    assert first("kpi nps", lang="es").endswith("· objetivo +20, le faltan 3 puntos")
    assert "target" not in first("kpi grr")


def test_one_account_is_asked_for_like_everywhere(counter: Counter) -> None:
    lines = read(counter.asked("kpi licences 2026-Q3 acme"))
    assert lines[1] == "1 Jul 2026 to 30 Sept 2026 · Acme Corp"
    assert "= 75 ÷ 120 = 62.5\N{NO-BREAK SPACE}%" in lines
    assert not any(line.startswith("Most idle seats") for line in lines), "nobody else is behind it"
    for typed in (
        "kpi licences acme 2026-Q3",
        "kpi uso de licencias 2026-Q3 acmee",
        "kpi licences 2026-Q3 account:acme",
    ):
        assert read(counter.asked(typed)) == lines
    card = read(counter.asked("kpi acme"))
    assert card[1].endswith("· Acme Corp")
    assert any(line.startswith("• MRR: ") for line in card)


def test_one_account_at_the_terminal(sample_database: Database) -> None:
    said = told(sample_database, "licences", "2026-Q3", "acme")
    assert (said["value"], said["scope"]) == ("0.625", "account:acme")


def test_an_account_that_one_may_not_see_is_not_found(sample_database: Database) -> None:
    import bot
    from tests.stage import TODAY, settings

    desk = bot.desk(settings(sample_database), TODAY)
    own = replace(desk, policy=desk.policy.model_copy(update={"visibility": "own"}))
    hidden = Counter(own).asked("kpi mrr tidewell", by="ana@example.com")
    desk.exports.shutdown()
    desk.database.close()
    assert not hidden.answered


def test_months_and_what_stands_behind_a_metric(counter: Counter) -> None:
    def after(text: str, title: str) -> list[str]:
        lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in read(counter.asked(text))]
        return lines[lines.index(title) + 1 :]

    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in read(counter.asked("kpi nps"))]
    start = next(n for n, line in enumerate(lines) if line.startswith("Month by month"))
    assert [line.split() for line in lines[start + 1 : start + 13 : 6]] == [
        ["Dec", "2025", "0", "n", "=", "1"],
        ["Jun", "2026", "—"],
    ]
    assert after("kpi nps", "What pulled it down most")[0] == "Globex · detractors: 2 of 2 who answered"
    assert after("kpi licences", "Most idle seats")[0] == "Minera Cerro Plomo · idle: 154 of 240 seats"
    assert after("kpi renewal-rate", "Lost, reduced or undecided, the largest")[:2] == [
        "Dunmore Elevators · −US$5,500 (US$5,500 → US$0) · undecided, within the grace",
        "Editorial Cordillera · −US$1,700 (US$1,700 → US$0)",
    ]
    assert after("kpi time-to-value", "Waiting longest for the first value")[0].endswith("since 3 Nov 2026 · 20 days")


def test_retention_by_seller_and_by_fit_and_why_it_was_lost(counter: Counter) -> None:
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in read(counter.asked("kpi churn"))]
    sellers = lines[lines.index("By who sold it") + 1 :]
    assert sellers[1] == "Owen Hart: 11.8 % · 2 of 17 accounts lost · MRR US$63,645 → US$62,893.60"
    fits = lines[lines.index("By fit to the ideal customer profile") + 1 :]
    assert fits[2] == "poor fit: 50.0 % · 1 of 2 accounts lost · MRR US$950 → US$550 · too few to say much"
    reasons = lines[lines.index("Why MRR was lost, of those who paid at the start") + 1 :]
    assert reasons[0] == "missing audit log (to Ordalia) · US$1,700 · 1 account lost"
    assert reasons[2] == "fewer seats · US$1,500 · 2 accounts reduced"
    grr = read(counter.asked("kpi grr", lang="es"))
    assert any(line.startswith("buen encaje: ") for line in grr)


def test_few_answers_and_an_empty_scope_are_said(sqlite_database: Database, tmp_path: Path) -> None:
    fed(
        sqlite_database,
        tmp_path,
        accounts=["account_id,name,csm", "a,Acme,ana@x.com"],
        people=["email,name,role", "ana@x.com,Ana,csm", "cleo@x.com,Cleo,csm"],
        surveys=["response_id,account_id,contact_id,kind,score,answered_at", "r,a,,nps,9,2026-03-01T10:00:00Z"],
    )
    nps = run(sqlite_database, "kpi", "nps", "--lang", "en", *DAY).stdout
    assert "Fewer than 5: too few to say much." in nps
    assert "= 1 ÷ 1 × 100 = +100" in nps
    nobody = run(sqlite_database, "ask", "kpi csm:cleo@x.com", "--lang", "en", *DAY)
    assert nobody.stdout.splitlines()[0] == "There is no account in this scope, so there is nothing to count."
