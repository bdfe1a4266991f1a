"""The contracts: chains of terms that follow one another, amendments, and what is special about some versions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sample.company import FIRST, Row, add_months, ago, draw
from sample.portfolio import BY_ID, Account
from sample.shift import ANCHOR

# subscription, account, product, first day, how the price is given, renews by itself or not and days of notice,
# then the terms of twelve months, each as price of a year / seats / reason of the change
_CHAINS = """
S-1001 acme Core 2026-03-31 arr auto 60 : 48000/120
S-1002 globex Core 2024-01-20 arr hand 60 : 72000/105, 80000/120/seats, 80000/120
S-1003 globex Fleet 2025-01-20 arr hand 60 : 16000, 16000
S-1004 norte-logistica Core 2024-05-31 mrr auto 30 : 36000/60, 48000/80/seats, 60000/100/seats
S-1005 industrias-perez Core 2024-01-31 mrr auto 60 : 480000/60, 510000/60/indexation, 540000/60/indexation
S-1006 clinica-alameda Core 2025-02-15 quarter hand 30 : 15000/30, 18000/36/seats
S-1007 initech Core 2024-07-31 arr auto 30 : 24000/40, 30000/50/seats, 36000/60/seats
S-1008 constructora-penalba Core 2026-11-03 year hand 30 : 9600/16
S-1009 transportes-quetzal Core 2024-09-15 month auto 30 : 18000/30, 24000/40/seats, 30000/50/seats
S-1011 hotelera-bahia-clara Core 2023-06-10 arr auto 60 : 33000/110, 33000/110, 33000/110, 33000/110
S-1012 alimentos-dona-elvira Core 2024-12-01 mrr auto 30 : 360000/45, 378000/45/indexation
S-1013 grupo-mirador Core 2024-02-28 quarter auto 60 : 90000/200, 102000/220/seats, 108000/220/indexation
S-1014 grupo-mirador Insights 2025-02-28 quarter auto 60 : 12000, 12000
S-1015 mirador-seguridad Core 2024-12-15 arr hand 30 : 24000/50, 24000/50
S-1016 talleres-inaki Core 2024-12-05 year auto 30 : 4800/8, 5400/9/seats
S-1019 mudanzas-ocallaghan Core 2023-10-01 year hand 30 : 7200/12, 7200/12, 7200/12, 7200/12
S-1020 energia-levante Core 2025-01-20 arr auto 60 : 30000/60, 33000/60/price
S-1021 frigorifico-pampa Core 2024-09-30 quarter hand 30 : 42000/90, 42000/90, 30000/60/seats
S-1022 laboratorios-arrayan Core 2024-03-15 arr auto 90 : 78000/160, 84000/170/seats, 96000/190/seats
S-1023 laboratorios-arrayan Fleet 2025-03-15 arr auto 90 : 18000, 18000
S-1024 minera-cerro-plomo Core 2023-12-31 arr hand 60 : 120000/240, 120000/240, 126000/240/indexation
S-1025 minera-cerro-plomo Fleet 2023-12-31 arr hand 60 : 30000, 30000, 30000
S-1026 panaderia-espiga Core 2025-03-01 year auto 30 : 3600/6, 4200/7/seats
S-1027 fundacion-abrigo Core 2025-04-01 arr auto 30 : 0/15, 0/15
S-1028 seguridad-andina Core 2023-10-01 arr auto 30 : 18000/30, 18000/30
S-1029 seguridad-andina Core 2026-06-01 arr auto 30 : 21000/35
S-1030 puerto-seco Core 2024-05-05 year auto 30 : 7500/12, 7500/12, 7500/12
S-1031 editorial-cordillera Core 2024-05-07 arr hand 30 : 20400/34, 20400/34
S-1032 farmacias-luz Core 2025-02-20 mrr auto 30 : 27000/55, 30000/60/seats
S-1033 farmacias-luz Insights 2025-08-20 mrr auto 30 : 6000, 6000
S-1034 hartwell-plumbing Core 2024-12-12 year auto 30 : 6000/10, 7200/12/seats
S-1035 kestrel-facilities Core 2024-10-15 arr hand 30 : 30000/60, 30000/60
S-1036 kestrel-facilities Core 2026-10-15 arr auto 30 : 36000/70/seats
S-1037 brightwater-utilities Core 2024-03-31 month auto 60 : 96000/200, 108000/230/seats, 108000/230
S-1038 brightwater-utilities Fleet 2024-03-31 month auto 60 : 24000, 24000, 24000
S-1039 brightwater-utilities Insights 2025-03-31 month auto 60 : 12000, 12000
S-1040 dunmore-elevators Core 2024-11-08 arr hand 30 : 63000/130, 66000/130/indexation
S-1041 pinecrest-pest Core 2024-08-31 year hand 30 : 4800/8, 4800/8
S-1042 copperline-telecom Core 2024-01-31 arr hand 30 : 54000/110, 57000/110/indexation, 57000/110
S-1043 copperline-telecom Fleet 2024-01-31 arr hand 30 : 18000, 18000, 18000
S-1045 stonebridge-rail Core 2024-09-30 arr auto 60 : 72000/150, 72000/150
S-1046 larkfield-estates Core 2024-12-20 arr hand 30 : 24000/48, 27000/52/seats
S-1047 ashdown-dairy Core 2025-06-01 arr hand 30 : 12600/21, 12600/21
S-1048 merrow-shipping Core 2024-01-10 arr hand 30 : 45000/90, 45000/90, 45000/90
S-1049 tidewell-water Core 2024-12-28 arr auto 30 : 21000/42, 22500/44/seats
S-1050 fenwick-cold-storage Core 2025-02-10 quarter hand 30 : 27000/54, 27000/54
S-1051 halden-robotics Core 2024-06-30 arr auto 60 : 60000/120, 84000/160/seats, 90000/170/seats
S-1052 halden-robotics Insights 2026-06-30 arr auto 60 : 15000
S-1053 wexley-theatres Core 2024-02-05 quarter hand 30 : 6600/11, 6600/11, 6600/11
S-1054 marlow-cleaning Core 2026-01-15 year auto 30 : 8400/14
"""

# subscription, account, product, starts, ends, months, how the price is given, price of a year, seats, reason
ROWS: tuple[tuple[str, str, str, str, str, int | None, str, int, int | None, str], ...] = (
    ("S-1009", "transportes-quetzal", "Core", "2026-10-12", "2027-09-15", 12, "month", 36000, 60, "seats"),
    ("S-1010", "transportes-quetzal", "Fleet", "2026-04-01", "2026-09-15", 5, "month", 6000, None, ""),
    ("S-1010", "transportes-quetzal", "Fleet", "2026-09-15", "2027-09-15", 12, "month", 7200, None, "price"),
    ("S-1007", "initech", "Core", "2025-11-15", "2026-07-31", 12, "arr", 33000, 55, "seats"),
    ("S-1037", "brightwater-utilities", "Core", "2025-09-01", "2026-03-31", 12, "month", 114000, 240, "seats"),
    ("S-1037", "brightwater-utilities", "Core", "2025-12-01", "2026-03-31", 12, "month", 108000, 230, "seats"),
    ("S-1051", "halden-robotics", "Core", "2025-10-01", "2026-06-30", 12, "arr", 87000, 165, "seats"),
    ("S-1022", "laboratorios-arrayan", "Core", "2025-10-15", "2026-03-15", 12, "arr", 90000, 180, "seats"),
    ("S-1017", "aguas-montealto", "Core", "2023-10-01", "", None, "quarter", 66000, 140, ""),
    ("S-1017", "aguas-montealto", "Core", "2025-10-01", "", None, "quarter", 69000, 140, "indexation"),
    ("S-1018", "vinedos-duraton", "Core", "2025-05-01", "2025-06-01", 1, "month", 3600, 6, ""),
    ("S-1018", "vinedos-duraton", "Core", "2026-03-01", "2026-04-01", 1, "month", 4800, 8, "seats"),
    ("S-1044", "juniper-home-care", "Core", "2026-11-09", "2026-12-09", 1, "arr", 9000, 12, ""),
    ("S-1047", "ashdown-dairy", "Core", "2026-09-01", "2027-06-01", 12, "arr", 12600, 21, ""),
)

# what a version (subscription, first day) says besides; by itself: "yes" or "no" of renewing
SPECIAL: dict[tuple[str, str], dict[str, str]] = {
    ("S-1020", "2026-01-20"): {
        "notice_given_on": "2026-11-10",
        "cancelled_on": "2027-01-20",
        "cancel_reason": "price",
        "competitor": "Planivo",
    },
    ("S-1028", "2024-10-01"): {
        "notice_given_on": "2025-08-20",
        "cancelled_on": "2025-10-01",
        "cancel_reason": "budget",
    },
    ("S-1031", "2025-05-07"): {
        "notice_given_on": "2026-03-30",
        "cancelled_on": "2026-05-07",
        "cancel_reason": "missing audit log",
        "competitor": "Ordalia",
    },
    ("S-1043", "2026-01-31"): {
        "notice_given_on": "2026-07-30",
        "cancelled_on": "2026-09-30",
        "cancel_reason": "fleet sold to a contractor",
    },
    ("S-1036", "2026-10-15"): {"renews": "S-1035"},
    ("S-1044", "2026-11-09"): {"status": "trialing"},
    ("S-1047", "2026-09-01"): {"status": "paused"},
    ("S-1018", "2025-05-01"): {"auto_renew": "true", "notice_days": "15"},
    ("S-1018", "2026-03-01"): {"auto_renew": "true", "notice_days": "15"},
    ("S-1014", "2025-02-28"): {"currency": "USD"},
    ("S-1014", "2026-02-28"): {"currency": "USD"},
}

# Only monthly figures: account, first month, (months from the first, monthly amount)
MONTHLY = (
    ("san-isidro", "2024-02-01", ((0, "1850.00"), (12, "2100.00"), (19, "2240.50"), (28, "2412.75"))),
    ("quayside-freight", "2024-08-01", ((0, "420.00"), (10, "465.00"), (22, "438.60"))),
)


LAST_INVOICES = {
    "acme": ago(33),
    "minera-cerro-plomo": ago(53),
    "wexley-theatres": ago(41),
    "fenwick-cold-storage": ago(46),
}


@dataclass(frozen=True)
class Version:
    id: str
    account: str
    product: str
    starts: date
    ends: date | None
    months: int | None
    price: str
    annual: int
    seats: int | None
    reason: str
    renews_itself: bool
    notice: int
    special: dict[str, str] = field(default_factory=dict)

    @property
    def last(self) -> date:
        """The first day that this version does not cover by what is written in it."""
        cancelled = self.special.get("cancelled_on")
        return date.fromisoformat(cancelled) if cancelled else self.ends or date.max


def versions() -> tuple[Version, ...]:
    found = sorted((*_chained(), *_single()), key=lambda version: (version.id, version.starts))
    return tuple(found)


def _chained() -> Iterator[Version]:
    for row in _CHAINS.strip().splitlines():
        head, terms = row.split(" : ")
        id_, account, product, first, price, renewing, notice = head.split()
        for number, term in enumerate(terms.split(", ")):
            annual, seats, reason = (*term.split("/"), "", "")[:3]
            starts = add_months(date.fromisoformat(first), 12 * number)
            ends = add_months(date.fromisoformat(first), 12 * (number + 1))
            yield Version(
                id_, account, product, starts, ends, 12, price, int(annual), int(seats) if seats else None, reason,
                renewing == "auto", int(notice), SPECIAL.get((id_, starts.isoformat()), {}),
            )  # fmt: skip


def _single() -> Iterator[Version]:
    habits = {version.id: (version.renews_itself, version.notice) for version in _chained()}
    for id_, account, product, starts, ends, months, price, annual, seats, reason in ROWS:
        renews_itself, notice = habits.get(id_, (False, 30))
        yield Version(
            id_, account, product, date.fromisoformat(starts), date.fromisoformat(ends) if ends else None,
            months, price, annual, seats, reason, renews_itself, notice, SPECIAL.get((id_, starts), {}),
        )  # fmt: skip


VERSIONS = versions()


def in_force(account: str, day: date) -> list[Version]:
    """The latest version of each subscription on a day; a term past its end counts unless something ended it."""
    latest: dict[str, Version] = {}
    for version in VERSIONS:
        if version.account == account and version.starts <= day:
            latest[version.id] = version
    succeeded = {version.special.get("renews") for version in latest.values()}
    return [v for v in latest.values() if v.id not in succeeded and not _over(v, day)]


def _over(version: Version, day: date) -> bool:
    account = BY_ID[version.account]
    gone = account.ended is not None and day >= ago(account.ended)
    return gone or ("cancelled_on" in version.special and day >= version.last)


def annual(account: Account, day: date) -> dict[str, Decimal]:
    """What the account pays in a year, as of a day, by currency."""
    for id_, first, steps in MONTHLY:
        if id_ == account.id:
            begun = [amount for months, amount in steps if add_months(date.fromisoformat(first), months) <= day]
            return {account.currency: Decimal(begun[-1]) * 12} if begun else {}
    paid: dict[str, Decimal] = {}
    for version in in_force(account.id, day):
        if version.annual and "status" not in version.special:
            currency = version.special.get("currency", account.currency)
            paid[currency] = paid.get(currency, Decimal(0)) + version.annual
    return paid


def seats(account: Account, day: date) -> int:
    return sum(version.seats or 0 for version in in_force(account.id, day))


def products(account: Account) -> list[str]:
    return sorted({v.product for v in VERSIONS if v.account == account.id}) or ["Core"]


def subscriptions() -> Iterator[Row]:
    for version in VERSIONS:
        yield {
            "subscription_id": version.id,
            "account_id": version.account,
            "product": version.product,
            "starts_on": version.starts,
            "ends_on": version.ends,
            **_price(version),
            "currency": BY_ID[version.account].currency,
            "seats": version.seats,
            "term_months": version.months,
            "auto_renew": "true" if version.renews_itself else "false",
            "notice_days": version.notice if version.ends else None,
            "status": "active",
            "change_reason": version.reason,
            **version.special,
        }


def _price(version: Version) -> Row:
    parts = {"arr": 1, "year": 1, "quarter": 4, "month": 12, "mrr": 12}[version.price]
    amount = f"{Decimal(version.annual) / parts:.2f}"
    if version.price in {"arr", "mrr"}:
        return {version.price: amount}
    return {"amount": amount, "interval": version.price}


def mrr() -> Iterator[Row]:
    for account, first, _ in MONTHLY:
        month = date.fromisoformat(first)
        while month <= ANCHOR:
            yield {
                "account_id": account,
                "month": f"{month:%Y-%m}",
                "mrr": f"{annual(BY_ID[account], month)[BY_ID[account].currency] / 12:.2f}",
                "currency": BY_ID[account].currency,
            }
            month = add_months(month, 1)


def invoices() -> Iterator[Row]:
    number = 20001
    for account in BY_ID.values():
        for row in _invoices(account):
            yield {"invoice_id": f"F-{number}", **row}
            number += 1


def _invoices(account: Account) -> Iterator[Row]:
    luck = draw(account.id, "invoices")
    days = _billing_days(account)
    for index, issued in enumerate(days):
        late = luck.choice((-9, -6, -4, -2, 0, 0)) if account.mood == "green" else luck.choice((-3, 0, 0, 6, 14))
        due = issued + timedelta(days=30)
        paid = due + timedelta(days=0 if account.id == "acme" else late)
        unpaid = paid > ago(3) or index >= len(days) - account.overdue
        for currency, amount in annual(account, issued).items():
            yield {
                "account_id": account.id,
                "issued_on": issued,
                "due_on": due,
                "paid_on": None if unpaid else paid,
                "amount": f"{amount * account.billing / 12:.2f}",
                "currency": currency,
            }


def _billing_days(account: Account) -> list[date]:
    last = LAST_INVOICES.get(account.id)
    day = last or date.fromisoformat(account.since)
    if not last:
        while add_months(day, account.billing) < ANCHOR:
            day = add_months(day, account.billing)
    days = []
    steps = 0
    while (issued := add_months(day, -steps * account.billing)) >= max(FIRST, date.fromisoformat(account.since)):
        days.append(issued)
        steps += 1
    return days[::-1]
