"""What is said, in each language: sentences by gettext, dates, money and plurals by Babel.

English is the source; a message is a literal with named placeholders, filled after translation:
`words._("{count} accounts", count=words.number(3))`. Values are plain: escaping belongs to the medium.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "es")
HOME_COUNTRY = {"en": "GB", "es": "ES"}
SYMBOLS = {"USD": "US$", "MXN": "MX$", "COP": "COL$", "CLP": "CLP$", "ARS": "AR$", "CAD": "CA$", "EUR": "€", "GBP": "£"}
SPANISH_AND = re.compile(r" y (?=(?:i|hi(?!e))\w*[^,]*$)", re.IGNORECASE)
NO_BREAK = "\N{NO-BREAK SPACE}"
REMEMBERED = 10_000
MINUS = "\N{MINUS SIGN}"


def N_(message: str) -> str:  # noqa: N802
    """Mark a message that is translated later, where the language is known."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802
    """Mark a message with a plural that is translated later."""
    return singular, plural


def catalog_file(language: str) -> Path:
    return Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "messages.po"


@lru_cache
def _translations(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    with catalog_file(language).open("rb") as source:
        catalog = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache
def _locale(language: str, country: str | None) -> Locale:
    for known in (country, HOME_COUNTRY[language]):
        try:
            return Locale(language, known)
        except UnknownLocaleError:
            continue
    return Locale(language)


@lru_cache(REMEMBERED, typed=True)
def _decimal(value: Decimal | float, pattern: str | None, locale: Locale) -> str:
    return numbers.format_decimal(value, format=pattern, locale=locale)


@lru_cache(REMEMBERED)
def _date(day: date, pattern: str, locale: Locale) -> str:
    return dates.format_date(day, pattern, locale=locale)


@dataclass(frozen=True)
class Words:
    """One reader's language, and the country that decides how numbers look."""

    language: str = "en"
    country: str | None = None

    @property
    def locale(self) -> Locale:
        return _locale(self.language, self.country)

    def _(self, message: str, **values: Any) -> str:
        return _filled(_translations(self.language).gettext(message), values)

    def pgettext(self, context: str, message: str, **values: Any) -> str:
        return _filled(_translations(self.language).pgettext(context, message), values)

    def ngettext(self, singular: str, plural: str, n: int, **values: Any) -> str:
        return _filled(_translations(self.language).ngettext(singular, plural, n), {"n": self.number(n), **values})

    def number(self, value: Decimal | float, *, decimals: int | None = None) -> str:
        pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return _decimal(value or 0, pattern, self.locale)

    def percent(self, ratio: Decimal | float, *, decimals: int = 0) -> str:
        """A ratio as a percentage: 0.51 is 51 %."""
        signed = self.number(Decimal(str(ratio)) * 100, decimals=decimals)
        return f"{signed}{NO_BREAK}%".replace("-", MINUS)

    def signed(self, value: float) -> str:
        """A change: +3, −3 or =."""
        if not value:
            return "="
        return ("+" if value > 0 else MINUS) + self.number(abs(value))

    def money(self, amount: Decimal, currency: str) -> str:
        """Cents are shown where there are some, rounded to the cent."""
        decimals = ".00" if amount != amount.to_integral_value() else ""
        before, after = (
            ("", f"{NO_BREAK}¤¤") if self.locale.currency_formats["standard"].pattern.endswith("¤") else ("¤¤", "")
        )
        shown = numbers.format_currency(
            amount, currency, format=f"{before}#,##0{decimals}{after}", locale=self.locale, currency_digits=False
        )
        return re.sub(rf"{currency}{NO_BREAK}?", SYMBOLS.get(currency, f"{currency}{NO_BREAK}"), shown).strip(NO_BREAK)

    def day(self, day: date) -> str:
        return _date(day, "d MMM y", self.locale).replace(".", "")

    def short_day(self, day: date) -> str:
        """Without the year, for days close by."""
        return _date(day, "d MMM", self.locale).replace(".", "")

    def month(self, day: date) -> str:
        return _date(day, "LLLL", self.locale)

    def weekday(self, day: date) -> str:
        return _date(day, "EEE d", self.locale).replace(".", "")

    def spoken_day(self, day: date) -> str:
        """As one writes it in a letter: 26 February, 26 de febrero."""
        return dates.format_skeleton("MMMMd", day, locale=self.locale)

    def full_day(self, day: date) -> str:
        """With the day of the week: Thursday 3 December, jueves 3 de diciembre."""
        return f"{_date(day, 'EEEE', self.locale)} {self.spoken_day(day)}"

    def moment(self, moment: datetime, time_zone: str) -> str:
        local = moment.astimezone(ZoneInfo(time_zone))
        return f"{self.day(local.date())} {dates.format_time(local, 'HH:mm', locale=self.locale)}"

    def ago(self, days: int) -> str:
        if days <= 0:
            return self._("today")
        return self._("yesterday") if days == 1 else self.ngettext("{n} day ago", "{n} days ago", days)

    def until(self, days: int) -> str:
        if days == 0:
            return self._("today")
        return self._("tomorrow") if days == 1 else self.ngettext("in {n} day", "in {n} days", days)

    def listed(self, items: Iterable[str]) -> str:
        said = lists.format_list(list(items), locale=self.locale)
        return SPANISH_AND.sub(" e ", said) if self.language == "es" else said

    def and_more(self, left: int) -> list[str]:
        """What closes a list of which so many are left out; nothing where none are."""
        return [self.ngettext("and {n} more", "and {n} more", left)] if left > 0 else []

    def either(self, items: Iterable[str]) -> str:
        """As `listed`, with or."""
        return lists.format_list(list(items), style="or", locale=self.locale)


def _filled(sentence: str, values: dict[str, Any]) -> str:
    return sentence.format_map(values) if values else sentence


def spoken(*locales: str | None, country: str | None = None, default: str = "en") -> Words:
    """The words for the first locale that is spoken here, such as "es-MX" or "es_LA".

    `country`, where known, decides the separators; else the first that a locale names.
    """
    told = [(locale or "").replace("_", "-").partition("-")[::2] for locale in locales]
    chosen = next((language.lower() for language, _ in told if language.lower() in LANGUAGES), default)
    region = next((region for _, region in told if len(region) == 2 and region != "LA"), None)
    return Words(chosen, country or region)
