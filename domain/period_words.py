"""The words of time, folded (no case, no accents), in English and Spanish."""

from domain.numerals import ENGLISH, SPANISH

UNITS = {
    **dict.fromkeys(("d", "day", "days", "dia", "dias"), "day"),
    **dict.fromkeys(("w", "week", "weeks", "semana", "semanas", "sem"), "week"),
    **dict.fromkeys(("m", "month", "months", "mes", "meses"), "month"),
    **dict.fromkeys(("q", "quarter", "quarters", "trimestre", "trimestres"), "quarter"),
    **dict.fromkeys(("half", "halves", "half-year", "half year", "semestre", "semestres"), "half"),
    **dict.fromkeys(("y", "a", "year", "years", "ano", "anos"), "year"),
}
COUNTS = {
    **{word: number for names in (ENGLISH, SPANISH) for number, word in enumerate(names.split()) if number},
    **dict.fromkeys(("un", "una"), 1),
}
ONE = ("for a", "for an", "in a", "in an", "within a", "within an")
UNTIL = frozenset(("until", "till", "til", "hasta"))
THIS = ("this", "current", "este", "esta", "actual", "el presente", "presente")
NEXT = (
    *("next", "coming", "upcoming", "following"),
    *("proximo", "proxima", "proximos", "proximas", "siguiente", "siguientes", "que viene", "que vienen", "entrante"),
)
WAS = (
    *("last", "past", "previous", "prior"),
    *("pasado", "pasada", "pasados", "pasadas", "ultimo", "ultima", "ultimos", "ultimas", "anterior", "anteriores"),
)
LEADING = frozenset(
    (
        *("in", "on", "for", "from", "during", "within", "over", "the", "at"),
        *("el", "la", "los", "las", "en", "a", "de", "del", "durante", "dentro", "por", "para", "al"),
    )
)
MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
} | {"setiembre": 9}
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
WEEKDAYS = {
    name: number
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "lunes martes miercoles jueves viernes sabado domingo",
    )
    for number, name in enumerate(names.split())
}
ORDINALS = {
    **dict.fromkeys(("first", "1st", "primer", "primero", "1er", "1ro", "1o"), 1),
    **dict.fromkeys(("second", "2nd", "segundo", "2do", "2o"), 2),
    **dict.fromkeys(("third", "3rd", "tercer", "tercero", "3er", "3ro", "3o"), 3),
    **dict.fromkeys(("fourth", "4th", "cuarto", "4to", "4o"), 4),
}
LAST = frozenset(("last", "ultimo"))
SIMPLE = {
    **dict.fromkeys(("today", "hoy"), "today"),
    **dict.fromkeys(("yesterday", "ayer"), "yesterday"),
    **dict.fromkeys(("tomorrow", "manana"), "tomorrow"),
    **dict.fromkeys(
        ("ytd", "year to date", "this year to date", "lo que va del ano", "lo que va de ano", "lo que va de este ano"),
        "year_to_date",
    ),
    **dict.fromkeys(
        ("year end", "end of year", "end of the year", "fin de ano", "aca a fin de ano", "aqui a fin de ano"),
        "to_year_end",
    ),
    **dict.fromkeys(
        ("month end", "end of month", "end of the month", "fin de mes", "aca a fin de mes", "aqui a fin de mes"),
        "to_month_end",
    ),
    **dict.fromkeys(("fortnight", "quincena"), "fortnight"),
}
EXAMPLES = (
    *("30d", "90 days", "90 dias", "4 months", "4 meses", "2026-11", "2026-q4", "q4 2026", "1t 2027", "2026"),
    *("2026-10-01..2026-12-31", "today", "yesterday", "tomorrow", "hoy", "ayer", "manana"),
    *("this week", "this month", "this quarter", "this year", "next week", "next month", "next quarter", "next year"),
    *("last week", "last month", "last quarter", "last year", "year to date", "first half", "first quarter"),
    *("esta semana", "este mes", "este trimestre", "este ano", "proxima semana", "proximo mes", "proximo trimestre"),
    *("el mes que viene", "proximo ano", "semana pasada", "mes pasado", "trimestre pasado", "ano pasado"),
    *("primer semestre", "primer trimestre", "ano fiscal 2026"),
)
