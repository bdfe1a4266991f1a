"""What is true of one account only. Days are counted back from the anchor, unless a date says otherwise."""

from sample.company import ago

HELPDESK = {"tidewell-water": "4411", "grupo-mirador": "4127"}
HAND_OVERS = {"larkfield-estates": ("ben", 75)}

# Contacts by their place in texts.CONTACT_ROLES: champion, sponsor, admin, user, decision maker.
CONTACT_ROLES = {
    "norte-logistica": (0, 2),
    "vinedos-duraton": (0, 2),
    "mirador-seguridad": (0, 1, 2),
    "clinica-alameda": (0, 1, 2, 3),
}
CONTACTS = {
    "acme": (
        ("champion", "Operations"),
        ("sponsor", "General management"),
        ("other", "Finance direction"),
        ("admin", "IT"),
        ("user", "Field service"),
    ),
}
LEFT = {
    "norte-logistica-c1": ago(3),
    "globex-c4": ago(160),
    "merrow-shipping-c4": ago(120),
    "aguas-montealto-c5": ago(60),
}

# account, opened, severity, category, minutes to the first answer, closed (empty: open now), then what it went through
TICKETS = (
    ("acme", 6, "critical", "data", 35, None, "escalated"),
    ("acme", 52, "normal", "access", 30, 48, "reopened"),
    ("acme", 97, "low", "how_to", 25, 96, ""),
    ("acme", 146, "normal", "data", 90, 143, ""),
    ("acme", 203, "normal", "how_to", 40, 202, ""),
    ("globex", 19, "critical", "bug", 50, None, "escalated reopened"),
    ("globex", 13, "high", "performance", 400, None, "escalated"),
    ("globex", 11, "high", "bug", 190, None, ""),
    ("globex", 5, "critical", "integration", None, None, ""),
    ("norte-logistica", 4, "normal", "how_to", 45, None, ""),
    ("clinica-alameda", 10, "high", "access", 610, None, "reopened"),
    ("clinica-alameda", 4, "normal", "how_to", None, None, ""),
    ("minera-cerro-plomo", 24, "critical", "integration", 300, None, "escalated reopened"),
    ("minera-cerro-plomo", 18, "high", "data", 120, None, "escalated"),
    ("minera-cerro-plomo", 7, "high", "billing", 900, None, ""),
    ("mirador-seguridad", 17, "high", "bug", 240, None, "escalated"),
    ("copperline-telecom", 14, "high", "performance", 80, None, "escalated"),
    ("merrow-shipping", 12, "high", "data", 700, None, "reopened"),
    ("aguas-montealto", 7, "high", "integration", 95, None, ""),
    ("wexley-theatres", 26, "normal", "how_to", None, None, ""),
    ("laboratorios-arrayan", 3, "normal", "how_to", 22, None, ""),
    ("stonebridge-rail", 3, "low", "access", 40, 2, ""),
)

# account, role of who answered, kind, score, answered, comment
SURVEYS = (
    ("clinica-alameda", "champion", "nps", 3, 3, "nadie contesta por la tarde"),
    ("clinica-alameda", "champion", "nps", 8, 188, ""),
    ("clinica-alameda", "champion", "nps", 8, 371, "Va bien. Ojalá recordatorios más cortos."),
    ("acme", "admin", "csat", 4, 203, "Quick and kind. The import took two tries."),
    ("acme", "user", "csat", None, 95, ""),
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

# account, role, days, channel: written to or rung up, and no answer
UNANSWERED = (
    ("globex", "sponsor", 7, "email"),
    ("globex", "champion", 4, "call"),
    ("merrow-shipping", "champion", 20, "email"),
    ("merrow-shipping", "champion", 11, "email"),
    ("mirador-seguridad", "sponsor", 18, "email"),
    ("minera-cerro-plomo", "sponsor", 12, "email"),
    ("wexley-theatres", "champion", 40, "email"),
    ("industrias-perez", "champion", 60, "email"),
    ("puerto-seco", "champion", 48, "email"),
    ("quayside-freight", "champion", 55, "email"),
    ("copperline-telecom", "sponsor", 13, "call"),
    ("dunmore-elevators", "decision_maker", 6, "email"),
)

# Spoken to, by account: days, channel, roles, subject, note. These take the place of what would be drawn.
TALKS = {
    "acme": (
        (9, "chat", "champion", "North crew", "Half of the north crew went back to paper since their foreman changed."),
        (27, "call", "champion", "Check-in", "Sounds tired. Says the new foreman was never shown the app."),
        (
            47,
            "email",
            "admin",
            "Access for the new depot",
            "Twelve accounts moved to the new depot; six never signed in.",
        ),
        (
            74,
            "meeting",
            "sponsor",
            "Mid-year review",
            "Wants the month closed in three days; asked us to bring figures.",
        ),
        (104, "call", "champion", "Check-in", "All crews on the app. Job costing is still done in a spreadsheet."),
        (118, "visit", "user", "A day with the field team", "They like the checklists and dislike typing parts twice."),
        (
            139,
            "meeting",
            "sponsor champion",
            "First quarter together",
            "Agreed on two outcomes and on who watches each.",
        ),
        (165, "call", "admin", "Import of parts", "Second try of the import went through."),
        (188, "meeting", "champion", "Use by team", "South and east crews are in; north starts next."),
        (203, "call", "admin", "Import of parts", "The first file had two codes for the same part."),
        (
            215,
            "meeting",
            "champion user",
            "Training with their own jobs",
            "Nine people. Two of them now teach the others.",
        ),
        (228, "meeting", "sponsor champion", "Kick-off", "Why they bought: month end takes seven days."),
    ),
    "globex": (
        (
            26,
            "call",
            "champion",
            "The tickets",
            "Curt. Says the crews stopped trusting the job times and went back to phone calls.",
        ),
        (44, "meeting", "admin", "Integration with their ERP", "Two fixes promised, one delivered."),
        (
            96,
            "meeting",
            "sponsor",
            "Half-year review",
            "Asked for the audit trail again; it was promised at signature.",
        ),
    ),
    "norte-logistica": (
        (
            5,
            "meeting",
            "champion",
            "Despedida y relevo",
            "Se va el viernes. Nos agradece; aún no hay nombre para su puesto.",
        ),
        (17, "call", "admin", "Licencias", "98 de 100 en uso y dos áreas esperan lugar. Él no decide el gasto."),
        (
            33,
            "meeting",
            "champion",
            "Salidas a ruta",
            "La mejor semana del año: casi todas las rutas salieron antes de las siete.",
        ),
    ),
    "clinica-alameda": (
        (12, "email", "champion", "Accesos de la tarde", "Responde que el turno de la tarde sigue sin poder entrar."),
        (
            40,
            "meeting",
            "sponsor",
            "Revisión con dirección",
            "Le preocupa la puntualidad de las visitas más que el sistema.",
        ),
    ),
    "initech": (
        (4, "call", "champion", "The month is closed", "Closed in three days. She put the chart on the wall."),
        (11, "meeting", "sponsor", "Before the close", "Agreed what counts as closed, so nobody argues afterwards."),
    ),
    "constructora-penalba": (
        (4, "call", "champion", "Carga de obras", "Tres obras cargadas. Falta la lista de cuadrillas."),
        (
            10,
            "meeting",
            "champion admin",
            "Configuración",
            "Ya entran los primeros siete. El encargado de obra pregunta mucho y bien.",
        ),
        (
            18,
            "meeting",
            "sponsor champion",
            "Arranque",
            "El primer valor, en sus palabras: un parte de obra firmado desde el móvil.",
        ),
    ),
    "energia-levante": (
        (
            13,
            "call",
            "sponsor",
            "Aviso de no renovación",
            "No renuevan: el precio. Agradece el trato y deja abierta una conversación.",
        ),
        (31, "meeting", "champion", "Presupuesto", "Compras ha pedido tres ofertas más baratas."),
    ),
    "mudanzas-ocallaghan": (
        (
            31,
            "call",
            "champion",
            "Después de renovar",
            "Renovaron porque cambiar cuesta más. Quieren que alguien conteste los sábados.",
        ),
    ),
    "larkfield-estates": (
        (6, "call", "champion", "Check-in", "Glad that the change of hands went without repeating everything."),
        (
            73,
            "meeting",
            "sponsor champion",
            "Hand-over",
            "Ben introduced Chloe; open promises read aloud, three of them.",
        ),
    ),
    "dunmore-elevators": (
        (10, "call", "champion", "The purchase order", "Signed inside; stuck in their new supplier portal."),
    ),
}

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
        ("other", "Close the month in 3 days", "days to close", 7, 3, 5, -128, None),
        ("champion", "Reach urgent jobs within 4 hours", "hours to arrival", 9, 4, 5, -128, None),
    ),
    "globex": (
        ("decision_maker", "Audit trail ready for every job", "% of jobs with a full trail", 40, 98, 46, -38, None),
        ("champion", "Reach urgent jobs within 4 hours", "hours to arrival", 9, 4, 9.5, 23, None),
    ),
    "norte-logistica": (
        ("champion", "Salir a ruta antes de las 7", "% de rutas que salen a tiempo", 61, 95, 93, -97, None),
        ("champion", "Bajar el combustible por ruta", "litros por ruta", 64, 52, 65, -38, None),
    ),
    "industrias-perez": (
        ("sponsor", "Bajar las paradas no planificadas", "horas de parada al mes", 42, 25, 26, -97, None),
    ),
    "clinica-alameda": (
        ("sponsor", "Primera campaña de recordatorios a 500 pacientes", "pacientes avisados", 0, 500, 500, 420, 431),
        ("champion", "Que las visitas a domicilio empiecen a su hora", "% de visitas puntuales", 66, 90, 71, -97, None),
    ),
    "initech": (
        ("sponsor", "Close the month in 3 days", "days to close", 9, 3, 3, -38, 5),
        ("champion", "No job waits for parts", "jobs waiting for parts", 22, 5, 7, -128, None),
    ),
    "constructora-penalba": (("sponsor", "Primera obra con partes desde el móvil", "obras", 0, 1, 0, -24, None),),
}

# What a former customer left over is there by now: the audit log that Editorial Cordillera missed was shipped since.
MENDED = {"editorial-cordillera": "yes"}

# account, playbook, kpi, baseline, target, current, due; shares in %
GOALS = (
    ("acme", "low-adoption", "licences", 51, 70, 51, ago(-95)),
    ("acme", "quarterly-review", "outcomes", 60, 100, 60, ago(-38)),
    ("globex", "at-risk-rescue", "weekly active users", 31, 55, 31, ago(-53)),
    ("globex", "renewal-120", "renewal-rate", "", 100, "", ago(-43)),
    ("norte-logistica", "champion-left", "named champion and sponsor met", 0, 1, 0, ago(-25)),
    ("norte-logistica", "licence-expansion", "mrr", 5000, 7400, 5000, ago(-128)),
    ("industrias-perez", "quarterly-review", "review held with the sponsor", 0, 1, 0, ago(-18)),
    ("clinica-alameda", "detractor-recovery", "nps", 3, 7, 3, ago(-17)),
    ("initech", "promoter-referral", "referral", 0, 100, 0, ago(-67)),
    ("constructora-penalba", "onboarding", "time-to-value", "", 45, "", ago(-24)),
    ("hotelera-bahia-clara", "low-adoption", "licences", 39, 60, 39, ago(-80)),
    ("minera-cerro-plomo", "at-risk-rescue", "core-features", 56, 78, 56, ago(-30)),
    ("mirador-seguridad", "renewal-120", "renewal-rate", "", 100, "", ago(-20)),
    ("kestrel-facilities", "licence-expansion", "mrr", 3000, 3600, 3000, ago(-120)),
    ("editorial-cordillera", "win-back", "mrr", 0, 1700, 0, ago(-158)),
    ("dunmore-elevators", "renewal-120", "renewal-rate", "", 100, "", ago(-5)),
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

# What the CSM said before that
EARLIER_CALLS = {"acme": ("monitor", 49)}

# How a renewal of the past came out, where it did not simply renew: account, year of the end of the term
FINAL_CALLS = {
    ("editorial-cordillera", 2026): "lose",
    ("frigorifico-pampa", 2026): "reduce",
    ("pinecrest-pest", 2026): "lose",
    ("seguridad-andina", 2025): "lose",
}
