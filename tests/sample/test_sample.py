"""The sample: what is committed is what the script writes, and the stories that examples rely on hold."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from sample import generate
from sample.columns import COLUMNS, DATES, FUTURE, KEYS, MONTHS, TIMES
from sample.shift import ANCHOR, SAMPLE, write_shifted

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def files() -> dict[str, Rows]:
    return {name: _read(SAMPLE / f"{name}.csv") for name in COLUMNS}


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _of(rows: Rows, account: str) -> Rows:
    return [row for row in rows if row["account_id"] == account]


def _ago(days: int) -> str:
    return (ANCHOR - timedelta(days=days)).isoformat()


def _between(rows: Rows, first: int, last: int) -> Rows:
    """The rows of the days from `first` to `last` days before the anchor."""
    return [row for row in rows if _ago(first) <= row["day"] <= _ago(last)]


def _mean_events(usage: Rows, account: str, first: int, last: int) -> float:
    days: Counter[str] = Counter()
    for row in _between(_of(usage, account), first, last):
        if not row["feature"]:
            days[row["day"]] += int(row["events"])
    return days.total() / len(days)


def _people(files: dict[str, Rows], account: str, first: int = 28, last: int = 1) -> int:
    return len({row["user"] for row in _between(_of(files["usage_users"], account), first, last)})


def test_the_script_writes_what_is_committed(tmp_path):
    generate.write(tmp_path)
    for name in COLUMNS:
        assert (tmp_path / f"{name}.csv").read_bytes() == (SAMPLE / f"{name}.csv").read_bytes(), name


def test_the_repository_stays_small(files):
    assert len(files["usage"]) <= 60_000
    assert sum(path.stat().st_size for path in SAMPLE.glob("*.csv")) < 4_000_000


def test_plain_utf8_with_the_columns_of_the_contract():
    for name, columns in COLUMNS.items():
        content = (SAMPLE / f"{name}.csv").read_bytes()
        assert b"\r" not in content, name
        assert content.decode().splitlines()[0] == ",".join(columns)


def test_keys_are_unique(files):
    for name, rows in files.items():
        twice = [key for key, n in Counter(tuple(row[part] for part in KEYS[name]) for row in rows).items() if n > 1]
        assert not twice, name


def test_accounts_are_known_by_id_or_by_another_system(files):
    known = {row["account_id"] for row in files["accounts"]}
    known |= {f"{row['system']}:{row['external_id']}" for row in files["identifiers"]}
    for name, rows in files.items():
        mentioned = {row["account_id"] for row in rows if row.get("account_id")}
        assert mentioned <= known, name
    assert any(row["account_id"] == "helpdesk:4411" for row in files["tickets"])
    assert {row["parent_id"] for row in files["accounts"]} - {""} <= known


def test_contacts_belong_to_the_account_that_names_them(files):
    home = {row["contact_id"]: row["account_id"] for row in files["contacts"]}
    systems = {f"{row['system']}:{row['external_id']}": row["account_id"] for row in files["identifiers"]}
    for name, rows in files.items():
        for row in rows:
            account = systems.get(row.get("account_id", ""), row.get("account_id"))
            named = [row.get("contact_id"), row.get("confirmed_by"), *row.get("contacts", "").split(";")]
            assert {home[contact] for contact in named if contact} <= {account}, (name, row)


def test_people_are_known(files):
    known = {row["email"] for row in files["people"]} | {""}
    for name, column in (("accounts", "csm"), ("accounts", "ae"), ("touches", "csm"), ("goals", "owner")):
        assert {row[column] for row in files[name]} <= known, (name, column)
    roles = {row["email"]: row["role"] for row in files["people"]}
    assert {roles[row["csm"]] for row in files["accounts"]} == {"csm"}


def test_subscriptions_or_monthly_figures_never_both(files):
    contracts, months = ({row["account_id"] for row in files[name]} for name in ("subscriptions", "mrr"))
    assert months == {"san-isidro", "quayside-freight"}
    assert not contracts & months


def test_nothing_happens_after_the_anchor_but_what_is_due(files):
    for name, rows in files.items():
        for row in rows:
            for column in (DATES | TIMES) & row.keys() - FUTURE:
                assert not row[column] or row[column][:10] < ANCHOR.isoformat(), (name, row)
    assert max(row["day"] for row in files["usage"]) == _ago(3)


def test_days_follow_one_another(files):
    ordered = {
        "tickets": ("opened_at", "first_response_at", "closed_at"),
        "surveys": ("sent_at", "answered_at"),
        "invoices": ("issued_on", "due_on"),
        "subscriptions": ("starts_on", "ends_on"),
        "outcomes": ("achieved_on", "confirmed_on"),
        "referrals": ("asked_on", "introduced_on", "converted_on"),
    }
    for name, columns in ordered.items():
        for row in files[name]:
            days = [datetime.fromisoformat(row[column]) for column in columns if row[column]]
            assert days == sorted(days), row


def test_active_users_fit_the_licences_and_the_whole_product(files):
    for row in files["usage"]:
        if not row["feature"]:
            assert int(row["active_users"]) <= int(row["active_users_28d"]), row
    for account in {row["account_id"] for row in files["usage_users"]}:
        newest = [row for row in _of(files["usage"], account) if row["active_users_28d"] and row["product"] == "Core"][
            -1
        ]
        assert int(newest["active_users_28d"]) == _people(files, account)


def test_acme_uses_it_less(files):
    assert _people(files, "acme") == 61
    assert _people(files, "acme", 58, 31) == 75
    assert _of(files["subscriptions"], "acme")[-1]["seats"] == "120"
    now, before = (_mean_events(files["usage"], "acme", *days) for days in ((28, 1), (56, 29)))
    assert round(100 * now / before - 100) == -32


def test_acme_uses_four_of_six_core_features(files):
    core = {row["feature"] for row in files["features"] if row["core"] == "true" and row["product"] == "Core"}
    rows = [row for name in ("usage", "usage_users") for row in _between(_of(files[name], "acme"), 28, 1)]
    assert (len({row["feature"] for row in rows} & core), len(core)) == (4, 6)


def test_acme_is_what_its_card_says(files):
    contract = _of(files["subscriptions"], "acme")[-1]
    assert (contract["arr"], contract["ends_on"], contract["notice_days"]) == ("48000.00", "2027-03-31", "60")
    assert contract["auto_renew"] == "true"
    [ticket] = [row for row in _of(files["tickets"], "acme") if not row["closed_at"]]
    assert (ticket["severity"], ticket["escalated"], ticket["opened_at"][:10]) == ("critical", "true", _ago(6))
    [nps] = [row for row in _of(files["surveys"], "acme") if row["kind"] == "nps"]
    assert (nps["score"], nps["answered_at"][:10]) == ("7", "2026-10-14")
    csat = [row["answered_at"] for row in _of(files["surveys"], "acme") if row["kind"] == "csat"]
    assert max(csat)[:7] == "2026-05"
    talks = [row for row in _of(files["touches"], "acme") if row["direction"] == "both"]
    assert talks[-1]["at"][:10] == "2026-11-14"
    assert max(row["at"] for row in talks if "acme-c2" in row["contacts"])[:10] == "2026-09-10"
    assert all(row["paid_on"] for row in _of(files["invoices"], "acme"))
    assert _of(files["renewal_calls"], "acme")[-1]["call"] == "renew"
    newest = max(_of(files["sentiments"], "acme"), key=lambda row: row["given_on"])
    assert (newest["value"], newest["given_on"]) == ("good", "2026-09-02")
    close = next(row for row in _of(files["outcomes"], "acme") if row["statement"] == "Close the month in 3 days")
    assert [close[column] for column in ("baseline", "current", "target", "due_on")] == ["7", "5", "3", "2027-03-31"]


def test_globex_fell_before_its_renewal(files):
    now, before = (_mean_events(files["usage"], "globex", *days) for days in ((14, 1), (28, 15)))
    assert round(100 * now / before - 100) == -46
    last = [row for row in _of(files["subscriptions"], "globex") if row["ends_on"] == _ago(-58)]
    assert sum(float(row["arr"]) for row in last) == 96_000
    assert sum(not row["closed_at"] for row in _of(files["tickets"], "globex")) >= 3


def test_norte_logistica_has_one_contact_left_and_a_full_house(files):
    champion, other = _of(files["contacts"], "norte-logistica")
    assert (champion["role"], champion["left_on"]) == ("champion", "2026-11-20")
    assert (other["department"], other["left_on"]) == ("Sistemas", "")
    assert _people(files, "norte-logistica") == 98
    assert _of(files["subscriptions"], "norte-logistica")[-1]["seats"] == "100"


def test_of_industrias_perez_little_is_known(files):
    assert not _of(files["usage"], "industrias-perez")
    assert max(row["answered_at"] for row in _of(files["surveys"], "industrias-perez")) < "2026-02"
    contract = _of(files["subscriptions"], "industrias-perez")[-1]
    notice = date.fromisoformat(contract["ends_on"]) - timedelta(days=int(contract["notice_days"]))
    assert (notice, contract["auto_renew"]) == (date(2026, 12, 2), "true")
    assert "2027-01-31" not in {row["renewal_on"] for row in _of(files["renewal_calls"], "industrias-perez")}
    assert all(row["paid_on"] for row in _of(files["invoices"], "industrias-perez"))


def test_clinica_alameda_waits_for_an_answer(files):
    answer = max(_of(files["surveys"], "clinica-alameda"), key=lambda row: row["answered_at"])
    assert (answer["score"], answer["comment"]) == ("3", "nadie contesta por la tarde")
    assert max(row["at"] for row in _of(files["touches"], "clinica-alameda")) < answer["answered_at"]


def test_initech_reached_its_outcome_and_says_so(files):
    reached = [row for row in _of(files["outcomes"], "initech") if row["confirmed_on"]]
    assert [row["statement"] for row in reached] == ["Close the month in 3 days"]
    assert _ago(10) < reached[0]["achieved_on"] <= reached[0]["confirmed_on"]


def test_contracts_tell_every_story(files):
    last = {row["account_id"]: row for row in files["subscriptions"]}
    leaving = last["energia-levante"]
    assert (leaving["notice_given_on"], leaving["cancelled_on"]) == ("2026-11-10", "2027-01-20")
    assert leaving["cancel_reason"] == "price"
    assert last["editorial-cordillera"]["cancelled_on"] == _ago(200)
    assert last["kestrel-facilities"]["renews"] == "S-1035"
    assert last["aguas-montealto"]["ends_on"] == ""
    assert last["vinedos-duraton"]["term_months"] == "1"
    assert last["juniper-home-care"]["status"] == "trialing"
    assert last["ashdown-dairy"]["status"] == "paused"
    assert float(last["fundacion-abrigo"]["arr"]) == 0
    assert {row["currency"] for row in _of(files["subscriptions"], "grupo-mirador")} == {"EUR", "USD"}
    assert _ago(30) < last["dunmore-elevators"]["ends_on"] < ANCHOR.isoformat()
    assert last["pinecrest-pest"]["ends_on"] < _ago(60)
    assert last["stonebridge-rail"]["ends_on"] < ANCHOR.isoformat()
    assert last["stonebridge-rail"]["auto_renew"] == "true"


def test_no_account_is_named_like_another_of_the_examples(files):
    names = [row["name"].casefold() for row in files["accounts"]]
    for part in ("acme", "globex", "norte", "initech", "alameda", "industrias"):
        assert sum(part in name for name in names) == 1, part
    for part in ("mirador", "seguridad"):
        assert sum(part in name for name in names) == 2, part


@pytest.mark.parametrize("days", [1, -33, 400])
def test_shifted_there_and_back_is_the_same(tmp_path, days):
    write_shifted(tmp_path / "there", days)
    write_shifted(tmp_path / "back", -days, source=tmp_path / "there", anchor=ANCHOR + timedelta(days=days))
    for name in COLUMNS:
        assert (tmp_path / "back" / f"{name}.csv").read_bytes() == (SAMPLE / f"{name}.csv").read_bytes(), name


def test_every_date_moves_and_nothing_else(tmp_path, files):
    write_shifted(tmp_path, 45)
    for name, rows in files.items():
        for before, after in zip(rows, _read(tmp_path / f"{name}.csv"), strict=True):
            assert {column for column in before if before[column] != after[column]} == {
                column for column in (DATES | TIMES | MONTHS) & before.keys() if before[column]
            }
            for column in DATES & before.keys():
                if before[column]:
                    assert date.fromisoformat(after[column]) - date.fromisoformat(before[column]) == timedelta(days=45)


def test_every_column_that_looks_like_a_date_is_known_as_one(files):
    for name, rows in files.items():
        for row in rows:
            for column in row.keys() - DATES - TIMES - MONTHS:
                assert not row[column].startswith(("2024-", "2025-", "2026-", "2027-")), (name, column)


def test_months_move_together(tmp_path, files):
    write_shifted(tmp_path, 8)
    assert max(row["month"] for row in files["costs"]) == "2026-11"
    assert max(row["month"] for row in _read(tmp_path / "costs.csv")) == "2026-12"
    months = {row["month"] for row in _read(tmp_path / "mrr.csv")}
    assert len(months) == len({row["month"] for row in files["mrr"]})
