"""What people write, in the language of their account. No dates in the text: the sample moves in time."""

_NAMES = {
    "es": """
        Lucía Herrera, Jorge Salas, Carmen Olmedo, Raúl Benítez, Paula Ríos, Andrés Quiroga, Beatriz Lara, Hugo
        Montes, Inés Calvo, Tomás Arce, Valeria Pinto, Emilio Duarte, Rocío Ferrer, Gonzalo Vidal, Natalia
        Bravo, Sergio Peña, Mónica Castro, Julián Otero, Adriana Luna, Federico Sanz, Elsa Rivas, Martín Zúñiga,
        Teresa Ibarra, Diego Funes, Pilar Cano, Rodrigo Mejía, Silvia Aranda, Óscar Tello, Gabriela Nieto, Ramón
        Cuesta, Laura Sepúlveda, Fabián Ocampo
    """,
    "en": """
        Helen Ward, Peter Nolan, Grace Whitman, Daniel Reyes, Amy Thornton, Robert Sim, Joan Pryce, Michael
        Adeyemi, Laura Finch, Samuel Brandt, Katie Morrow, Imran Shah, Diane Keller, Patrick Doyle, Alice Novak,
        George Hume, Rachel Stein, Martin Lowe, Sandra Pike, Neil Travers, Fiona Burke, Victor Lang, Olivia
        Dean, Henry Marsh, Susan Crane, Aaron Wells, Megan Frost, Leo Barker, Nina Shaw, Ruth Ellison, Simon
        Grey, Clara Boyd
    """,
}

NAMES = {language: [" ".join(name.split()) for name in names.split(",")] for language, names in _NAMES.items()}

# role, department
CONTACT_ROLES = {
    "es": (
        ("champion", "Operaciones"),
        ("sponsor", "Dirección general"),
        ("admin", "Sistemas"),
        ("user", "Servicio en campo"),
        ("decision_maker", "Dirección financiera"),
    ),
    "en": (
        ("champion", "Operations"),
        ("sponsor", "General management"),
        ("admin", "IT"),
        ("user", "Field service"),
        ("decision_maker", "Finance direction"),
    ),
}

# channel, subject, note
TOUCHES = {
    "es": (
        ("call", "Seguimiento", "Revisamos los pendientes. Piden que la próxima vez esté también la jefa de turno."),
        ("call", "Dudas de la app", "Dos técnicos no podían cerrar órdenes sin cobertura. Lo vimos juntos."),
        ("meeting", "Reunión de avance", "Buen tono. Quieren empezar por una sola área y medir antes de seguir."),
        (
            "meeting",
            "Uso por equipos",
            "Vimos el uso por turno; la supervisora de noche pide una sesión corta para su gente.",
        ),
        ("email", "Resumen y próximos pasos", "Respondieron el mismo día: de acuerdo con las fechas."),
        ("email", "Plantillas de checklist", "Enviamos tres ejemplos; usarán el de mantenimiento preventivo."),
        ("chat", "Consulta rápida", "Preguntaban cómo duplicar una orden. Resuelto en el momento."),
        (
            "visit",
            "Visita a la planta",
            "Vimos el trabajo real: una cuadrilla aún anota en papel por costumbre y lo pasa después.",
        ),
        ("event", "Sesión de usuarios", "Vinieron tres personas; contaron cómo ordenan las rutas por zona."),
    ),
    "en": (
        ("call", "Check-in", "Went through the open points. They would like the shift lead to join next time."),
        ("call", "Questions on the app", "Two technicians could not close jobs offline. We did one together."),
        ("meeting", "Progress meeting", "Good mood. They want to start with one area and measure before going on."),
        (
            "meeting",
            "Use by team",
            "Looked at use by shift; the night supervisor asks for a short session for her people.",
        ),
        ("email", "Summary and next steps", "Answered the same day: they agree with the dates."),
        ("email", "Checklist templates", "Sent three examples; they will use the one for preventive maintenance."),
        ("chat", "Quick question", "How to copy a work order. Solved on the spot."),
        (
            "visit",
            "Site visit",
            "Saw the real work: one crew still writes on paper out of habit and types it in later.",
        ),
        ("event", "User group", "Three people came and told how they sort routes by zone."),
    ),
}
SPONSOR_TOUCHES = {
    "es": (
        "Revisión con dirección",
        "Hablamos de resultados, no de funciones. Le importan los plazos y que nadie trabaje doble.",
    ),
    "en": (
        "Review with the sponsor",
        "We spoke of results, not of features. What matters to them is lead time and no double work.",
    ),
}
UNANSWERED = {
    "es": ("¿Hablamos esta semana?", "Sin respuesta todavía."),
    "en": ("Shall we talk this week?", "No answer yet."),
}
PREPARATION = {
    "es": ("Preparación interna", "Datos de uso y tickets revisados antes de hablar con ellos."),
    "en": ("Internal preparation", "Use and tickets looked at before speaking to them."),
}

# comments of a survey: unhappy, so-so, happy
COMMENTS = {
    "es": (
        (
            "Explico lo mismo en cada llamada y nadie lo apunta.",
            "La app se cierra a mitad del parte y hay que empezar de nuevo.",
            "Prometieron una fecha y nadie volvió a escribir.",
        ),
        (
            "Funciona, pero los informes los seguimos haciendo en hojas de cálculo.",
            "Bien en oficina; en campo cuesta más.",
            "Cumple. Esperaba más ayuda para el cierre.",
        ),
        (
            "Dejamos el papel y nadie lo echa de menos.",
            "El equipo de soporte conoce nuestro caso, eso vale mucho.",
            "Los técnicos salen con la ruta clara. Gracias.",
        ),
    ),
    "en": (
        (
            "I explain the same thing on every call and nobody writes it down.",
            "The app closes half-way through a job sheet and we start again.",
            "We were promised a date and then silence.",
        ),
        (
            "It works, but we still do the reports in spreadsheets.",
            "Fine in the office; harder out on the road.",
            "Does the job. I expected more help with the costing side.",
        ),
        (
            "We dropped paper and nobody misses it.",
            "Support knows our case, which is worth a lot.",
            "The crews leave with a clear route. Thank you.",
        ),
    ),
}

# statement, measure, baseline, target
OUTCOMES = {
    "es": (
        ("Atender las urgencias en menos de 4 horas", "horas hasta la llegada", 9, 4),
        ("Cerrar el parte el mismo día", "% de partes cerrados el mismo día", 55, 95),
        ("Resolver a la primera visita", "% resuelto a la primera", 68, 85),
        ("Facturar el trabajo en 2 días", "días hasta facturar", 8, 2),
        ("Dejar el papel en todas las sedes", "sedes sin papel", 2, 12),
        ("Bajar las horas extra del equipo de campo", "horas extra por persona y mes", 14, 6),
    ),
    "en": (
        ("Reach urgent jobs within 4 hours", "hours to arrival", 9, 4),
        ("Close the job sheet on the same day", "% of sheets closed the same day", 55, 95),
        ("Fix it on the first visit", "% fixed first time", 68, 85),
        ("Invoice the work within 2 days", "days to invoice", 8, 2),
        ("Paper gone from every depot", "depots without paper", 2, 12),
        ("Fewer overtime hours in the field team", "overtime hours per person a month", 14, 6),
    ),
}

SENTIMENTS = {
    "es": {
        "great": "Nos cuentan sus planes antes que a nadie.",
        "good": "Relación cómoda; contestan y cumplen.",
        "neutral": "Correctos, pero nadie tira del proyecto.",
        "worried": "Contestan tarde y con pocas palabras.",
        "lost": "Creo que la decisión está tomada.",
    },
    "en": {
        "great": "They tell us their plans before anyone else.",
        "good": "Easy to work with; they answer and deliver.",
        "neutral": "Polite, but nobody pulls the project.",
        "worried": "Answers come late and short.",
        "lost": "I think the decision is made.",
    },
}

CALLS = {
    "es": {
        "renew": "Presupuesto aprobado y sin cambios de alcance.",
        "reduce": "Quieren pagar solo las licencias que usan.",
        "at_risk": "No hay quien lo defienda dentro.",
        "lose": "Ya avisaron.",
        "monitor": "Pronto para decirlo.",
    },
    "en": {
        "renew": "Budget approved, same scope.",
        "reduce": "They want to pay for the licences in use only.",
        "at_risk": "Nobody inside defends it.",
        "lose": "They gave notice.",
        "monitor": "Too early to say.",
    },
}

# item, note in Spanish, note in English
EXPERIENCE = (
    ("Hand-over without repeating themselves", "Contaron su caso dos veces.", "They told their story twice."),
    ("Training with their own data", "Usamos los datos de ejemplo.", "We used the example data."),
    ("An answer in their language at all hours", "Por la tarde, solo en inglés.", "Evenings in English only."),
    ("The invoice is understood without a call", "Llamaron por el prorrateo.", "They rang about the pro rata."),
)
