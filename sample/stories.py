"""What is true of one account only. Days are counted back from the anchor, unless a date says otherwise."""

from sample.company import ago

HELPDESK = {"tidewell-water": "4411", "grupo-mirador": "4127"}
HAND_OVERS = {"larkfield-estates": ("ben", 75)}

# Contacts by their place in texts.CONTACT_ROLES: champion, sponsor, admin, user, decision maker.
CONTACT_ROLES = {
    "acme": (0, 1, 4, 2, 3),
    "norte-logistica": (0, 2),
    "vinedos-duraton": (0, 2),
    "mirador-seguridad": (0, 1, 2),
    "clinica-alameda": (0, 1, 2, 3),
}
LEFT = {
    "norte-logistica-c1": ago(3),
    "globex-c4": ago(160),
    "merrow-shipping-c4": ago(120),
    "aguas-montealto-c5": ago(60),
}

# Open now: account, opened, severity, category, minutes to the first answer, escalated, reopened
TICKETS = (
    ("acme", 6, "critical", "data", 35, True, False),
    ("globex", 19, "critical", "bug", 50, True, True),
    ("globex", 13, "high", "performance", 400, True, False),
    ("globex", 11, "high", "bug", 190, False, False),
    ("globex", 5, "critical", "integration", None, False, False),
    ("clinica-alameda", 10, "high", "access", 610, False, True),
    ("clinica-alameda", 4, "normal", "how_to", None, False, False),
    ("minera-cerro-plomo", 24, "critical", "integration", 300, True, True),
    ("minera-cerro-plomo", 18, "high", "data", 120, True, False),
    ("minera-cerro-plomo", 7, "high", "billing", 900, False, False),
    ("mirador-seguridad", 17, "high", "bug", 240, True, False),
    ("copperline-telecom", 14, "high", "performance", 80, True, False),
    ("merrow-shipping", 12, "high", "data", 700, False, True),
    ("aguas-montealto", 7, "high", "integration", 95, False, False),
    ("wexley-theatres", 26, "normal", "how_to", None, False, False),
    ("laboratorios-arrayan", 3, "normal", "how_to", 22, False, False),
    ("stonebridge-rail", 3, "low", "access", 40, False, False),
)

# account, role of who answered, kind, score, answered, comment
SURVEYS = (
    ("clinica-alameda", "champion", "nps", 3, 3, "nadie contesta por la tarde"),
    ("clinica-alameda", "champion", "nps", 8, 188, ""),
    ("clinica-alameda", "champion", "nps", 8, 371, "Va bien. Ojalá recordatorios más cortos."),
    ("initech", "sponsor", "nps", 9, 13, "Three days instead of nine. My Sundays thank you."),
    ("globex", "admin", "nps", 4, 45, "Two open tickets and three different answers."),
    ("brightwater-utilities", "sponsor", "nps", 10, 16, "The crews asked for it themselves. That says it all."),
    ("laboratorios-arrayan", "sponsor", "nps", 9, 21, "Auditoría sin una sola hoja de papel."),
    ("norte-logistica", "admin", "nps", 8, 39, ""),
    ("halden-robotics", "decision_maker", "nps", 9, 18, ""),
    ("grupo-mirador", "decision_maker", "nps", 8, 25, ""),
    ("stonebridge-rail", "user", "nps", None, 12, ""),
    ("fenwick-cold-storage", "sponsor", "nps", None, 60, ""),
)

# latest score, answered
CES = {
    "acme": (5, 203),
    "initech": (7, 9),
    "norte-logistica": (6, 18),
    "transportes-quetzal": (6, 35),
    "alimentos-dona-elvira": (6, 24),
    "grupo-mirador": (6, 12),
    "aguas-montealto": (4, 31),
    "laboratorios-arrayan": (6, 10),
    "minera-cerro-plomo": (2, 17),
    "frigorifico-pampa": (5, 28),
    "farmacias-luz": (6, 40),
    "brightwater-utilities": (7, 11),
    "copperline-telecom": (3, 25),
    "tidewell-water": (6, 14),
    "halden-robotics": (7, 33),
    "fenwick-cold-storage": (5, 46),
}

# account, role, days, channel, direction: written to, and no answer
TOUCHES = (
    ("globex", "sponsor", 7, "email", "out"),
    ("globex", "champion", 4, "call", "out"),
    ("merrow-shipping", "champion", 20, "email", "out"),
    ("merrow-shipping", "champion", 11, "email", "out"),
    ("mirador-seguridad", "sponsor", 18, "email", "out"),
    ("minera-cerro-plomo", "sponsor", 12, "email", "out"),
    ("wexley-theatres", "champion", 40, "email", "out"),
    ("industrias-perez", "champion", 60, "email", "out"),
    ("puerto-seco", "champion", 48, "email", "out"),
    ("quayside-freight", "champion", 55, "email", "out"),
    ("copperline-telecom", "sponsor", 13, "call", "out"),
    ("dunmore-elevators", "decision_maker", 6, "email", "out"),
)

# kind, purpose, from, to (US$ a month)
COSTS = (
    ("tools", "retention", 1400, 1700),
    ("training", "retention", 400, 1500),
    ("events", "retention", 100, 2600),
    ("marketing", "acquisition", 5200, 8400),
    ("sales", "acquisition", 9000, 12500),
)

# milestone, days after the start, spread
USUAL_MILESTONES = (
    ("acquired", -25, 10),
    ("converted", 0, 0),
    ("activated", 6, 9),
    ("trained", 20, 14),
    ("onboarded", 38, 16),
    ("first_value", 40, 45),
)
MILESTONES = {
    "constructora-penalba": (("acquired", -18, 0), ("converted", 0, 0), ("activated", 9, 0)),
    "juniper-home-care": (("acquired", -4, 0), ("activated", 5, 0)),
}

# role of who expects it, statement, measure, baseline, target, current, due (negative: ahead), achieved
OUTCOMES = {
    "acme": (
        ("decision_maker", "Close the month in 3 days", "days to close", 7, 3, 5, -128, None),
        ("user", "Fewer repeat visits", "% of jobs visited twice", 18, 10, 19, -38, None),
    ),
    "globex": (
        ("decision_maker", "Audit trail ready for every job", "% of jobs with a full trail", 40, 98, 46, -38, None),
        ("champion", "Reach urgent jobs within 4 hours", "hours to arrival", 9, 4, 9.5, 23, None),
    ),
    "norte-logistica": (
        ("champion", "Salir a ruta antes de las 7", "% de rutas que salen a tiempo", 61, 95, 93, -97, None),
        ("champion", "Cerrar el parte el mismo día", "% de partes cerrados el mismo día", 58, 95, 96, 30, 45),
    ),
    "industrias-perez": (
        ("sponsor", "Bajar las paradas no planificadas", "horas de parada al mes", 42, 25, 33, -97, None),
    ),
    "clinica-alameda": (
        ("sponsor", "Primera campaña de recordatorios a 500 pacientes", "pacientes avisados", 0, 500, 500, 420, 431),
        ("champion", "Que las visitas a domicilio empiecen a su hora", "% de visitas puntuales", 66, 90, 78, -97, None),
    ),
    "initech": (
        ("sponsor", "Close the month in 3 days", "days to close", 9, 3, 3, -38, 5),
        ("champion", "No job waits for parts", "jobs waiting for parts", 22, 5, 7, -128, None),
    ),
    "constructora-penalba": (
        ("sponsor", "Primera obra con partes desde el móvil", "obras", 0, 1, 0, -24, None),
    ),
}

# account, playbook, kpi, baseline, target, current, due
GOALS = (
    ("acme", "low-adoption", "licences", 61, 84, 61, ago(-95)),
    ("acme", "quarterly-review", "outcomes", 1, 2, 1, ago(-38)),
    ("globex", "at-risk-rescue", "weekly active users", 31, 55, 31, ago(-53)),
    ("globex", "renewal-120", "renewal-rate", "", 1, "", ago(-43)),
    ("norte-logistica", "champion-left", "named champion and sponsor met", 0, 1, 0, ago(-25)),
    ("norte-logistica", "licence-expansion", "mrr", 5000, 7400, 5000, ago(-128)),
    ("industrias-perez", "quarterly-review", "review held with the sponsor", 0, 1, 0, ago(-18)),
    ("clinica-alameda", "detractor-recovery", "nps", 3, 7, 3, ago(-17)),
    ("initech", "promoter-referral", "referral", 0, 1, 0, ago(-67)),
    ("constructora-penalba", "onboarding", "time-to-value", "", 45, "", ago(-24)),
    ("hotelera-bahia-clara", "low-adoption", "licences", 43, 66, 43, ago(-80)),
    ("minera-cerro-plomo", "at-risk-rescue", "core-features", 5, 7, 5, ago(-30)),
    ("mirador-seguridad", "renewal-120", "renewal-rate", "", 1, "", ago(-20)),
    ("kestrel-facilities", "licence-expansion", "mrr", 3000, 3600, 3000, ago(-120)),
    ("editorial-cordillera", "win-back", "mrr", 0, 1700, 0, ago(-158)),
    ("dunmore-elevators", "renewal-120", "renewal-rate", "", 1, "", ago(-5)),
)

# account, kind, asked, name, introduced, converted
REFERRALS = (
    ("brightwater-utilities", "external", 120, "Lakeside Power", 110, 48),
    ("brightwater-utilities", "internal", 200, "Metering department", 190, 150),
    ("halden-robotics", "external", 90, "Corran Automation", 78, None),
    ("laboratorios-arrayan", "external", 150, "Droguería Maule", 141, None),
    ("laboratorios-arrayan", "internal", 60, "Planta de envasado", 52, 20),
    ("grupo-mirador", "internal", 640, "Mirador Seguridad", 630, 600),
    ("transportes-quetzal", "external", 75, "Carga Ixchel", 70, None),
    ("panaderia-espiga", "external", 210, "Molinos La Vega", 205, 160),
    ("kestrel-facilities", "external", 35, "Osprey Maintenance", None, None),
    ("hartwell-plumbing", "external", 260, "Delaney Heating", 255, None),
    ("alimentos-dona-elvira", "external", 40, "", None, None),
    ("tidewell-water", "external", 300, "Saltmarsh Drainage", 280, 230),
)

# value, given
SENTIMENTS = {
    "acme": ("good", 82),
    "globex": ("worried", 6),
    "norte-logistica": ("great", 31),
    "clinica-alameda": ("good", 40),
    "initech": ("great", 4),
    "energia-levante": ("lost", 12),
    "minera-cerro-plomo": ("worried", 13),
    "constructora-penalba": ("good", 5),
}

# The CSM's call on the renewal ahead, and when it was given; empty: not given yet
CALLS = {
    "acme": ("renew", 3),
    "globex": ("renew", 18),
    "industrias-perez": ("", 0),
    "energia-levante": ("lose", 12),
    "mirador-seguridad": ("reduce", 10),
    "fenwick-cold-storage": ("monitor", 30),
    "copperline-telecom": ("renew", 25),
    "clinica-alameda": ("renew", 20),
    "farmacias-luz": ("", 0),
    "puerto-seco": ("", 0),
}
