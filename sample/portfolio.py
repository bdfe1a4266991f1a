"""The accounts of the sample and how each of them is doing at the anchor."""

from dataclasses import dataclass
from typing import Any

STEADY = (1.0, 1.01, 1.02, 1.02)
GROWING = (1.03, 1.05, 1.06, 1.08)
SOFTER = (0.96, 0.92, 0.88, 0.84)
FALLING = (0.82, 0.68, 0.55, 0.47)

LONG_NAME = (
    "Cooperativa Agrícola San Isidro Labrador de los Campos Altos y la Ribera del Río Tórtolas, "
    "Sociedad Cooperativa Limitada"
)


@dataclass(frozen=True)
class Account:
    """Who they are, then how they are doing; days are counted back from the anchor."""

    id: str
    name: str
    segment: str
    tier: int
    csm: str
    country: str
    language: str
    currency: str
    industry: str
    since: str
    mood: str
    active: tuple[int, int] = (0, 0)  # people active in 28 days: a month ago, now
    weeks: tuple[float, ...] = STEADY  # use of the last four weeks against the four before
    before: float = 1.0  # use of those four against the four before them
    unused: tuple[str, ...] = ()  # core features that nobody opens
    touched: int = 6  # last two-way touch
    sponsor: int | None = 20  # sponsor last spoken to
    nps: tuple[int, int] | None = (9, 40)  # score, answered
    csat: tuple[int, int] | None = (5, 35)
    parent: str = ""
    fit: str = "good"
    relationship: str = ""
    stage: str = ""
    potential: float = 1.2  # of what they pay now
    ended: int | None = None  # left, with no facts since
    users: bool = False  # product analytics name each person
    billing: int = 12  # months between invoices
    overdue: int = 0  # invoices unpaid
    tickets: float = 0.8  # a month


_ROWS: tuple[tuple[str, dict[str, object]], ...] = (
    # Ana Ruiz
    (
        "acme|Acme Corp|mid-market|1|ana|MX|en|USD|Manufacturing|2026-03-31|yellow",
        {
            "active": (75, 61),
            "weeks": (0.80, 0.70, 0.64, 0.58),
            "before": 0.92,
            "unused": ("Job costing", "Month close"),
            "touched": 9,
            "sponsor": 74,
            "nps": (7, 40),
            "csat": None,
            "tickets": 0,
            "users": True,
            "billing": 3,
            "potential": 1.5,
        },
    ),
    (
        "globex|Globex|enterprise|1|ana|US|en|USD|Chemicals|2024-01-20|red",
        {
            "active": (76, 50),
            "weeks": (1.0, 1.0, 0.54, 0.54),
            "unused": ("Job costing", "Month close", "Route planning", "Checklists"),
            "touched": 26,
            "sponsor": 96,
            "nps": (5, 48),
            "csat": (2, 12),
            "users": True,
            "tickets": 2.2,
            "billing": 3,
        },
    ),
    (
        "norte-logistica|Norte Logística|mid-market|1|ana|MX|es|USD|Logistics|2024-05-31|green",
        {
            "active": (97, 98),
            "weeks": GROWING,
            "touched": 5,
            "sponsor": None,
            "users": True,
            "potential": 1.6,
            "billing": 3,
        },
    ),
    (
        "industrias-perez|Industrias Pérez|mid-market|2|ana|MX|es|MXN|Manufacturing|2024-01-31|silent",
        {"touched": 400, "sponsor": None, "nps": (8, 306), "csat": None, "tickets": 0},
    ),
    (
        "clinica-alameda|Clínica Alameda|mid-market|2|ana|MX|es|USD|Health care|2025-02-15|yellow",
        {
            "active": (30, 28),
            "weeks": SOFTER,
            "unused": ("Job costing",),
            "touched": 12,
            "sponsor": 40,
            "nps": None,
            "csat": (3, 19),
            "users": True,
            "tickets": 1.6,
            "billing": 3,
        },
    ),
    (
        "initech|Initech|mid-market|2|ana|US|en|USD|Software|2024-07-31|green",
        {
            "active": (50, 56),
            "weeks": GROWING,
            "touched": 4,
            "sponsor": 11,
            "nps": (10, 14),
            "csat": (5, 6),
            "users": True,
        },
    ),
    (
        "constructora-penalba|Constructora Peñalba|smb|3|ana|MX|es|USD|Construction|2026-11-03|new",
        {"active": (0, 7), "touched": 4, "sponsor": 18, "nps": None, "csat": None, "tickets": 0.5, "potential": 2.0},
    ),
    (
        "transportes-quetzal|Transportes Quetzal|mid-market|2|ana|GT|es|USD|Transport|2024-09-15|green",
        {"active": (50, 54), "weeks": GROWING, "touched": 7, "sponsor": 25, "potential": 1.4, "billing": 1},
    ),
    (
        "hotelera-bahia-clara|Hotelera Bahía Clara|mid-market|2|ana|MX|es|USD|Hospitality|2023-06-10|yellow",
        {
            "active": (45, 43),
            "unused": ("Job costing", "Month close", "Checklists"),
            "touched": 17,
            "sponsor": 60,
            "nps": (7, 70),
            "csat": (4, 55),
            "users": True,
            "fit": "partial",
            "potential": 1.0,
        },
    ),
    (
        "alimentos-dona-elvira|Alimentos Doña Elvira|mid-market|2|ana|MX|es|MXN|Food|2024-12-01|green",
        {"csat": (4, 41), "active": (36, 36), "touched": 3, "sponsor": 17, "nps": (8, 33), "billing": 1},
    ),
    # Luis Ortega
    (
        "grupo-mirador|Grupo Mirador|enterprise|1|luis|ES|es|EUR|Security|2024-02-28|green",
        {
            "weeks": (1.0, 0.98, 0.97, 0.95),
            "active": (190, 186),
            "touched": 4,
            "sponsor": 13,
            "nps": (9, 26),
            "billing": 3,
            "relationship": "dedicated",
        },
    ),
    (
        "mirador-seguridad|Mirador Seguridad|mid-market|2|luis|ES|es|EUR|Security|2024-12-15|red",
        {
            "active": (24, 15),
            "weeks": FALLING,
            "unused": ("Job costing", "Month close", "Checklists", "Work orders"),
            "touched": 47,
            "sponsor": 130,
            "nps": (3, 27),
            "csat": (2, 24),
            "parent": "grupo-mirador",
            "fit": "partial",
            "tickets": 1.8,
        },
    ),
    (
        "talleres-inaki|Talleres Iñaki & Hijos|smb|3|luis|ES|es|EUR|Repair shops|2024-12-05|green",
        {
            "unused": ("Month close",),
            "active": (8, 8),
            "touched": 19,
            "sponsor": 19,
            "nps": (8, 55),
            "csat": (5, 45),
            "tickets": 0.3,
        },
    ),
    (
        "aguas-montealto|Aguas de Montealto|enterprise|1|luis|ES|es|EUR|Utilities|2023-10-01|yellow",
        {
            "active": (92, 88),
            "weeks": SOFTER,
            "unused": ("Job costing", "Month close"),
            "touched": 18,
            "sponsor": 82,
            "nps": (7, 62),
            "csat": (3, 30),
            "billing": 3,
        },
    ),
    (
        "vinedos-duraton|Viñedos del Duratón|smb|3|luis|ES|es|EUR|Agriculture|2025-05-01|yellow",
        {
            "active": (5, 5),
            "weeks": SOFTER,
            "unused": ("Job costing", "Month close", "Scheduling"),
            "touched": 61,
            "sponsor": None,
            "nps": (7, 80),
            "csat": None,
            "fit": "partial",
            "tickets": 0.3,
            "billing": 1,
        },
    ),
    (
        "mudanzas-ocallaghan|Mudanzas O'Callaghan|smb|3|luis|ES|es|EUR|Moving|2023-10-01|yellow",
        {
            "active": (9, 8),
            "unused": ("Month close",),
            "touched": 31,
            "sponsor": 45,
            "nps": (4, 66),
            "csat": (3, 52),
            "tickets": 0.9,
        },
    ),
    (
        "energia-levante|Energía Solar Levante|mid-market|2|luis|ES|es|EUR|Energy|2025-01-20|red",
        {
            "active": (38, 31),
            "weeks": FALLING,
            "unused": ("Job costing", "Month close", "Checklists"),
            "touched": 13,
            "sponsor": 13,
            "nps": (5, 75),
            "csat": (3, 60),
            "potential": 0.9,
        },
    ),
    (
        f"san-isidro|{LONG_NAME}|mid-market|2|luis|ES|es|EUR|Agriculture|2024-02-01|green",
        {"active": (44, 45), "touched": 10, "sponsor": 31, "nps": (9, 44), "billing": 1},
    ),
    # Marta Gil
    (
        "frigorifico-pampa|Frigorífico Pampa Sur|mid-market|2|marta|AR|es|USD|Food|2024-09-30|yellow",
        {
            "active": (44, 42),
            "weeks": SOFTER,
            "unused": ("Job costing", "Checklists"),
            "touched": 24,
            "sponsor": 54,
            "nps": (6, 88),
            "csat": (4, 47),
            "potential": 1.4,
            "billing": 3,
        },
    ),
    (
        "laboratorios-arrayan|Laboratorios Arrayán|enterprise|1|marta|CL|es|USD|Pharmaceuticals|2024-03-15|green",
        {
            "unused": ("Job costing",),
            "active": (158, 155),
            "touched": 5,
            "sponsor": 12,
            "nps": (9, 20),
            "csat": (5, 11),
            "billing": 3,
        },
    ),
    (
        "minera-cerro-plomo|Minera Cerro Plomo|enterprise|1|marta|PE|es|USD|Mining|2023-12-31|red",
        {
            "active": (118, 84),
            "weeks": (0.88, 0.74, 0.66, 0.56),
            "unused": ("Job costing", "Month close", "Route planning", "Vehicle upkeep"),
            "touched": 33,
            "sponsor": 108,
            "nps": (4, 39),
            "csat": (1, 10),
            "overdue": 2,
            "tickets": 2.8,
            "billing": 3,
        },
    ),
    (
        "panaderia-espiga|Panadería La Espiga 🌾|smb|3|marta|CO|es|USD|Food|2025-03-01|green",
        {"active": (6, 7), "touched": 27, "sponsor": 27, "nps": (9, 51), "csat": (5, 51), "tickets": 0.3},
    ),
    (
        "fundacion-abrigo|Fundación Abrigo|smb|3|marta|CO|es|USD|Non-profit|2025-04-01|green",
        {
            "active": (12, 13),
            "unused": ("Job costing",),
            "touched": 38,
            "sponsor": 38,
            "nps": (10, 58),
            "csat": None,
            "relationship": "community",
            "tickets": 0.3,
        },
    ),
    (
        "seguridad-andina|Seguridad Andina|mid-market|2|marta|CO|es|USD|Security|2023-10-01|green",
        {"active": (29, 31), "weeks": GROWING, "touched": 6, "sponsor": 47, "nps": (8, 30), "potential": 1.5},
    ),
    (
        "puerto-seco|Puerto Seco Villeta|smb|3|marta|PY|es|USD|Logistics|2024-05-05|silent",
        {"touched": 215, "sponsor": None, "nps": None, "csat": None, "fit": "partial", "tickets": 0},
    ),
    (
        "editorial-cordillera|Editorial Cordillera|mid-market|2|marta|CL|es|USD|Publishing|2024-05-07|gone",
        {"active": (22, 18), "ended": 200, "touched": 6, "sponsor": 40, "nps": (6, 60), "csat": (4, 80)},
    ),
    (
        "farmacias-luz|Farmacias Luz|mid-market|2|marta|CO|es|USD|Retail|2025-02-20|green",
        {
            "unused": ("Job costing",),
            "active": (53, 54),
            "touched": 10,
            "sponsor": 28,
            "nps": (9, 36),
            "csat": (4, 21),
            "billing": 3,
        },
    ),
    # Ben Carter
    (
        "hartwell-plumbing|Hartwell & Sons Plumbing|smb|3|ben|US|en|USD|Field services|2024-12-12|green",
        {
            "unused": ("Job costing", "Month close"),
            "active": (9, 9),
            "touched": 20,
            "sponsor": 20,
            "nps": (9, 47),
            "csat": (5, 31),
            "tickets": 0.4,
        },
    ),
    (
        "kestrel-facilities|Kestrel Facilities|mid-market|2|ben|US|en|USD|Facilities|2024-10-15|green",
        {"active": (60, 63), "weeks": GROWING, "touched": 6, "sponsor": 14, "nps": (9, 24), "stage": "expand"},
    ),
    (
        "brightwater-utilities|Brightwater Utilities|enterprise|1|ben|US|en|USD|Utilities|2024-03-31|green",
        {
            "active": (203, 208),
            "touched": 3,
            "sponsor": 10,
            "nps": (9, 17),
            "csat": (5, 7),
            "relationship": "co-creation",
            "billing": 1,
        },
    ),
    (
        "dunmore-elevators|Dunmore Elevators|enterprise|1|ben|CA|en|USD|Elevators|2024-11-08|yellow",
        {
            "active": (84, 80),
            "weeks": SOFTER,
            "unused": ("Job costing", "Month close"),
            "touched": 10,
            "sponsor": 31,
            "nps": (7, 58),
            "csat": (4, 40),
        },
    ),
    (
        "pinecrest-pest|Pinecrest Pest Control|smb|3|ben|US|en|USD|Field services|2024-08-31|gone",
        {"active": (4, 2), "ended": 84, "touched": 40, "sponsor": None, "nps": (6, 120), "csat": None, "fit": "poor"},
    ),
    (
        "copperline-telecom|Copperline Telecom|enterprise|2|ben|US|en|USD|Telecom|2024-01-31|red",
        {
            "active": (52, 34),
            "weeks": FALLING,
            "unused": ("Job costing", "Month close", "Checklists"),
            "touched": 39,
            "sponsor": 117,
            "nps": (4, 53),
            "csat": (2, 25),
            "tickets": 1.8,
            "billing": 3,
        },
    ),
    (
        "juniper-home-care|Juniper Home Care|smb|3|ben|US|en|USD|Health care|2026-11-09|new",
        {"active": (0, 6), "touched": 5, "sponsor": None, "nps": None, "csat": None, "tickets": 0.5, "potential": 1.0},
    ),
    (
        "stonebridge-rail|Stonebridge Rail|enterprise|1|ben|US|en|USD|Transport|2024-09-30|green",
        {
            "unused": ("Month close",),
            "active": (135, 138),
            "touched": 7,
            "sponsor": 44,
            "nps": (9, 32),
            "csat": (5, 18),
        },
    ),
    # Chloe Evans
    (
        "larkfield-estates|Larkfield Estates|mid-market|2|chloe|GB|en|USD|Facilities|2024-12-20|green",
        {"active": (43, 43), "touched": 6, "sponsor": 21, "nps": (9, 37)},
    ),
    (
        "ashdown-dairy|Ashdown Dairy|smb|3|chloe|GB|en|USD|Food|2025-06-01|gone",
        {"active": (19, 17), "ended": 83, "touched": 3, "sponsor": 10, "nps": (8, 60), "csat": (4, 45)},
    ),
    (
        "merrow-shipping|Merrow Shipping|mid-market|2|chloe|GB|en|USD|Shipping|2024-01-10|red",
        {
            "active": (38, 29),
            "weeks": FALLING,
            "unused": ("Job costing", "Month close", "Checklists"),
            "touched": 52,
            "sponsor": None,
            "nps": (5, 84),
            "csat": (2, 17),
            "tickets": 1.6,
        },
    ),
    (
        "tidewell-water|Tidewell Water|mid-market|2|chloe|GB|en|USD|Utilities|2024-12-28|green",
        {"active": (36, 36), "touched": 5, "sponsor": 17, "nps": (9, 28), "csat": (4, 13), "tickets": 1.2},
    ),
    (
        "fenwick-cold-storage|Fenwick Cold Storage|mid-market|2|chloe|IE|en|EUR|Logistics|2025-02-10|yellow",
        {
            "active": (38, 36),
            "weeks": SOFTER,
            "unused": ("Job costing", "Month close"),
            "touched": 20,
            "sponsor": 66,
            "nps": (7, 61),
            "csat": (4, 38),
            "billing": 3,
            "overdue": 1,
        },
    ),
    (
        "halden-robotics|Halden Robotics|enterprise|1|chloe|GB|en|USD|Robotics|2024-06-30|green",
        {
            "active": (156, 160),
            "weeks": GROWING,
            "touched": 4,
            "sponsor": 13,
            "nps": (10, 19),
            "csat": (5, 9),
            "billing": 3,
        },
    ),
    (
        "quayside-freight|Quayside Freight|smb|3|chloe|GB|en|USD|Logistics|2024-08-01|silent",
        {"touched": 180, "sponsor": None, "nps": None, "csat": None, "billing": 1, "tickets": 0},
    ),
    (
        "wexley-theatres|Wexley Theatres|smb|3|chloe|GB|en|USD|Entertainment|2024-02-05|red",
        {
            "active": (5, 3),
            "weeks": FALLING,
            "unused": ("Job costing", "Month close", "Checklists"),
            "touched": 94,
            "sponsor": None,
            "nps": (5, 101),
            "csat": (2, 33),
            "overdue": 2,
            "fit": "poor",
            "tickets": 0.9,
            "billing": 3,
        },
    ),
    (
        "marlow-cleaning|Marlow Cleaning|smb|3|chloe|IE|en|EUR|Cleaning|2026-01-15|green",
        {
            "unused": ("Job costing",),
            "active": (11, 11),
            "touched": 13,
            "sponsor": 26,
            "nps": (9, 42),
            "csat": (5, 22),
            "tickets": 0.5,
        },
    ),
)


FIRST_FIELDS = ["id", "name", "segment", "tier", "csm", "country", "language", "currency", "industry", "since", "mood"]


def _account(row: str, story: dict[str, object]) -> Account:
    fields = row.split("|")
    told: dict[str, Any] = dict(zip(FIRST_FIELDS, fields, strict=True)) | {"tier": int(fields[3])} | story
    return Account(**told)


ACCOUNTS = tuple(_account(row, story) for row, story in _ROWS)
BY_ID = {account.id: account for account in ACCOUNTS}
