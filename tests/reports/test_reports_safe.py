"""The customer's copy: what is ours is nowhere in the file, not even hidden."""

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from domain.facts import Ticket
from reports.plan import workbook
from reports.values import Touch
from tests.reports import acme_plan, acme_work
from words import spoken

SECRETS = {
    "csm": "Zoraida Quintanilla",
    "e-mail of ours": "zoraida@",
    "sentiment": "SENTIMENT-NOTE",
    "note": "NOTE-OF-OURS",
    "subject": "SUBJECT-OF-OURS",
    "ticket": "TICKET-9",
    "invoice": "F-2210",
    "segment": "SEGMENT-SECRET",
    "tier": "TIER-SECRET",
    "competitor": "COMPETITOR-SECRET",
    "reason to leave": "REASON-SECRET",
    "change": "CHANGE-SECRET",
    "left": "Rosa Luna",
    "outcome's row": "o-311",
    "CRM": "crm.example",
    "script": "SCRIPT-SECRET",
    "note of a task": "NOTE-SECRET",
    "statement of ours": "GOAL-SECRET",
    "what is missing": "LACK-SECRET",
    "back stage": "BACK-SECRET",
    "playbook": "BOOK-SECRET",
    "remark in a title": "no price",
    "remark in brackets": "gets in the way",
    "owner": "Ana Ruiz",
    "play": "P1-T",
}
OURS = re.compile(
    r"health|salud|score|índice|churn|risk|riesgo|sentiment|percepci|MRR|ARR\b|renewal call|pronóstico|ticket|"
    r"overdue|vencida|back stage|bastidores|de 100|of 100|\bCSM\b",
    re.IGNORECASE,
)


def secretive(language):
    known = acme_plan.facts(language)
    account = replace(
        known.account, segment=SECRETS["segment"], tier=SECRETS["tier"], csm="zoraida@ours.example",
        crm_url="https://crm.example/7", potential_mrr=777,
    )  # fmt: skip
    versions = tuple(
        replace(v, competitor=SECRETS["competitor"], cancel_reason=SECRETS["reason to leave"],
                change_reason=SECRETS["change"])
        for v in known.versions
    )  # fmt: skip
    sentiment = replace(known.sentiment, csm="zoraida@ours.example", note=SECRETS["sentiment"])
    tickets = (*known.tickets, Ticket(SECRETS["ticket"], acme_plan.DAY, "critical", category="internal"))
    return acme_plan.plan_of(
        replace(known, account=account, versions=versions, sentiment=sentiment, tickets=tickets),
        csm=SECRETS["csm"],
        work=acme_work.work(language, secret=True),
        said="lose",
        series=acme_plan.acme().series,
        touches=[Touch(acme_plan.DAY, "call", "out", SECRETS["csm"], SECRETS["subject"], SECRETS["note"], "back")],
    )


def parts(content):
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("es", "es-MX")])
def test_nothing_of_ours_is_anywhere_in_the_file(language, locale):
    plan = secretive(language)
    inside = parts(workbook(plan, spoken(locale)))
    assert all(any(secret in text for text in inside.values()) for what, secret in SECRETS.items() if what in SEEN)
    safe = parts(workbook(plan, spoken(locale), customer_safe=True))
    for name, text in safe.items():
        found = [what for what, secret in SECRETS.items() if secret.lower() in text.lower()]
        assert not found, (name, found)
        assert not OURS.search(re.sub(r"<[^>]*>", " ", text)), (name, OURS.search(re.sub(r"<[^>]*>", " ", text)))


SEEN = (
    "csm", "note", "subject", "ticket", "invoice", "segment", "tier", "left", "outcome's row", "script",
    "note of a task", "statement of ours", "what is missing", "back stage", "playbook", "reason to leave", "play",
)  # fmt: skip


def test_nothing_is_hidden():
    content = workbook(secretive("en"), spoken("en-GB"), customer_safe=True)
    assert not [name for name in parts(content) if re.search(r"comment|chart|drawing|custom", name)]
    book = load_workbook(BytesIO(content))
    assert list(book.defined_names) == ["export_id"]
    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert book.properties.creator == "Apuntador"


def test_it_says_what_was_agreed():
    said = "".join(parts(workbook(acme_plan.acme(), spoken("en-GB"), customer_safe=True)).values())
    for agreed in ("To close the month in 3 days", "Laura Méndez", "Ledger", "S-1377"):
        assert agreed in said


def test_it_holds_what_both_live_and_their_own_part():
    said = "".join(parts(workbook(acme_work.acme(), spoken("en-GB"), customer_safe=True)).values())
    for agreed in ("Call with the champion", "Kick-off", "The data file is sent", "Active licences"):
        assert agreed in said
    assert "Closing interview" not in said
