"""One account with a story, and the strange ones: what the tests of the workbook are made of."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import cos

from domain.accounts import Account, Contact
from domain.facts import Answer, Facts, Invoice, Outcome, RenewalCall, Sentiment, Ticket, Usage
from domain.health.health import (
    MEASURES,
    Then,
    changes,
    critical,
    first_reason,
    health,
    next_words,
    rule_call,
    towards_green,
)
from domain.health.measures import held
from domain.money import Money
from domain.policies.policy import Policy
from domain.renewals.renewals import renewals_in, soonest
from domain.subscriptions import Version
from reports.values import Plan, Point, Touch

DAY = date(2026, 11, 23)
POLICY = Policy()
IN_USE = frozenset(MEASURES)
FELL = {"licences": 3, "tickets": 4, "use": 5}

NOTE = {
    "en": "They closed October in five days instead of four. Two people of the plant in León have left and nobody took "
    "over their work; the report by area is what the finance direction waits for.",
    "es": "Cerraron octubre en cinco días en vez de cuatro. Dos personas de la planta de León se fueron y nadie tomó "
    "su trabajo; el informe por área es lo que espera la dirección financiera.",
}
SUBJECT = {"en": "Monthly follow-up", "es": "Seguimiento mensual"}
AIMS = {
    "en": ("To close the month in 3 days", "No invoice entered twice", "days of closing", "duplicates a month"),
    "es": ("Cerrar el mes en 3 días", "Ninguna factura capturada dos veces", "días de cierre", "duplicados al mes"),
}


def _usd(amount: int | str) -> Money:
    return Money(Decimal(amount), "USD")


def _yearly(number: str, year: int, amount: int | str, seats: int, product: str = "Ledger") -> Version:
    return Version(
        number, date(year, 4, 1), _usd(amount), product, ends_on=date(year + 1, 4, 1), seats=seats, auto_renew=True,
        notice_days=60, term_months=12,
    )  # fmt: skip


def facts(language: str = "en") -> Facts:
    closing, twice, days, doubles = AIMS[language]
    account = Account(
        7, "acme", "Acme Corp", segment="enterprise", tier="A", csm="ana@example.com",
        customer_since=date(2024, 4, 1), country="MX", currency="USD",
    )  # fmt: skip
    return Facts(
        account,
        DAY,
        versions=(
            _yearly("S-1042", 2024, 30000, 80),
            _yearly("S-1042", 2025, 40800, 100),
            replace(_yearly("S-1042", 2026, 40800, 100), ends_on=date(2027, 3, 31)),
            replace(_yearly("S-1377", 2026, "7200.50", 20, "Reports"), ends_on=date(2027, 3, 31)),
            Version("S-1420", date(2027, 1, 1), _usd(3600), "Archive", ends_on=date(2028, 1, 1), seats=10),
        ),
        contacts=(
            Contact("c1", "Laura Méndez", "laura@acme.example", "Finance", "sponsor", None, date(2026, 9, 10)),
            Contact("c2", "Jorge Ibarra", "jorge@acme.example", "Accounting", "champion", None, date(2026, 11, 14)),
            Contact("c3", "Pedro Solís", "pedro@acme.example", "IT", "admin", None, date(2026, 8, 3)),
            Contact("c4", "Rosa Luna", "rosa@acme.example", "León plant", "user", date(2026, 10, 9), date(2026, 9, 1)),
        ),
        usage=Usage(DAY - timedelta(1), active=61, recent=Decimal(480), recent_days=20, earlier=Decimal(600),
                    earlier_days=20, core_used=4, core_total=6, core_on=DAY - timedelta(1)),
        tickets=(
            Ticket("T-88213", date(2026, 11, 17), "critical", escalated=True, category="Integrations"),
            Ticket("T-88190", date(2026, 11, 12), "normal", category="Reports"),
        ),
        tickets_on=date(2026, 11, 21),
        answers=(Answer("nps", 8, date(2026, 10, 14), "c2"), Answer("csat", 4, date(2026, 5, 5), "c2")),
        outcomes=(
            Outcome("o-311", closing, "c1", days, Decimal(6), Decimal(3), Decimal(5), date(2026, 11, 9),
                    date(2027, 3, 31), recorded_on=date(2026, 4, 1)),
            Outcome("o-312", twice, "c2", doubles, Decimal(14), Decimal(0), Decimal(1), date(2026, 11, 9),
                    date(2026, 12, 31), recorded_on=date(2026, 4, 1)),
        ),
        touched_on=date(2026, 11, 14),
        invoices=(Invoice("F-2210", date(2026, 10, 1), date(2026, 11, 18), Decimal("1200.50"), "USD"),),
        invoices_on=date(2026, 11, 20),
        calls=(RenewalCall("rule", "at_risk", DAY, date(2027, 3, 31)),
               RenewalCall("csm", "renew", date(2026, 11, 2), date(2027, 3, 31))),
        sentiment=Sentiment("good", date(2026, 9, 2), "ana@example.com", "They like us"),
    )  # fmt: skip


def plan_of(known: Facts, **more: object) -> Plan:
    """As the handlers make it."""
    found, contracts = health(known, POLICY, in_use=IN_USE), held(known, POLICY.rules)
    before = {factor.measure: factor.points + FELL.get(factor.measure, 0) for factor in found.factors}
    moved = changes(found, Then(sum(before.values()), before)) if found.score is not None else None
    signals, coming = critical(known, POLICY), renewals_in(contracts, today=known.day)
    why = first_reason(found, changes=moved, critical=signals)
    call = rule_call(found, soonest(coming), change_30d=None, critical=signals, at_risk_below=50)
    given = {
        "contracts": contracts,
        "renewals": coming,
        "changes": moved,
        "steps": towards_green(found, known, POLICY) or (),
        "why": why,
        "advice": next_words(found, known, causes=why, renewal=soonest(coming)),
        "risks": signals,
        "rule": call[0] if coming else None,
    }
    return Plan(export_id="exp-2026-000417", facts=known, health=found, **(given | more))


def acme(language: str = "en") -> Plan:
    channels = ("meeting", "email", "call", "visit", "chat")
    touches = [
        Touch(DAY - timedelta(9 + 11 * n), channels[n % 5], ("both", "out", "in")[n % 3], "Ana Ruiz", SUBJECT[language],
              NOTE[language] if n % 3 == 0 else None, "back" if n % 4 == 3 else "front")
        for n in range(28)
    ]  # fmt: skip
    return plan_of(
        facts(language), csm="Ana Ruiz", said="renew", stage="adopt", series=_series(400, 56), touches=touches
    )


def empty() -> Plan:
    """Nothing is known at all."""
    return plan_of(Facts(Account(1, "x", "Industrias Pérez"), DAY))


def long_named() -> Plan:
    known = facts()
    return plan_of(replace(known, account=replace(known.account, name="Acme Corp & Co of the Northern Plains " * 13)))


def many_contracts() -> Plan:
    """400 contracts in two currencies."""
    versions = tuple(
        Version(f"S-{n}", date(2026, 1, 1) + timedelta(n % 90), Money(Decimal(1000 + n), ("USD", "MXN")[n % 2]),
                f"Product {n % 7}", ends_on=date(2027, 1, 1) + timedelta(n), seats=n)
        for n in range(400)
    )  # fmt: skip
    return plan_of(replace(facts(), versions=versions))


def _series(days: int, last: int) -> list[Point]:
    """A year of good health, a gap, then a fall."""
    found = []
    for back in range(days, -1, -1):
        score = round(min(84, last + back * 0.22) + 3 * cos(back / 9)) if back else last
        known = not 130 < back < 160
        state = "green" if score >= 75 else "yellow" if score >= 50 else "red"
        found.append(Point(DAY - timedelta(back), score if known else None, state if known else "unknown"))
    return found


def silent() -> Plan:
    """A customer of whom only the contract and the invoices are known: no score."""
    known = facts()
    return plan_of(Facts(known.account, DAY, versions=known.versions, invoices_on=DAY, contacts=known.contacts))
