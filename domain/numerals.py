"""Words of numbers, folded, and what each is worth; None for shares and multiples."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete "
    "veintiocho veintinueve"
)
TENS = {
    "en": "thirty forty fifty sixty seventy eighty ninety",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
LARGE: Mapping[str, Mapping[str, int]] = {
    "en": {"dozen": 12, "dozens": 12, "hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000,
           "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9},
    "es": {"docena": 12, "docenas": 12, "cien": 100, "ciento": 100, "cientos": 100, "doscientos": 200,
           "doscientas": 200, "trescientos": 300, "trescientas": 300, "cuatrocientos": 400, "quinientos": 500,
           "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900, "mil": 1000, "miles": 1000,
           "millon": 10**6, "millones": 10**6},
}  # fmt: skip
PARTS = {
    "en": "half halves halved third thirds quarters double doubled twice twofold triple tripled tenfold couple pair",
    "es": "mitad medio tercio tercios doble triple duplico triplico par",
}


def _of(language: Literal["en", "es"], first: str) -> Mapping[str, Decimal | None]:
    small = {word: Decimal(number) for number, word in enumerate(first.split())}
    tens = {word: Decimal(number * 10) for number, word in enumerate(TENS[language].split(), 3)}
    large = {word: Decimal(number) for word, number in LARGE[language].items()}
    return {**small, **tens, **large, **dict.fromkeys(PARTS[language].split())}


NUMERALS: Mapping[str, Mapping[str, Decimal | None]] = {"en": _of("en", ENGLISH), "es": _of("es", SPANISH)}
