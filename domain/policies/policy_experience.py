"""The experience and fit sections of policy.yaml: what is appropriate for whom, and who is an ideal customer."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.policies.problems import Settings, problem

Function = Literal["sales", "onboarding", "services", "support", "product", "cs"]
Channel = Literal["meeting", "call", "email", "visit", "event", "chat"]
MeasuredBy = Literal["touches", "channels", "first_response", "open_tickets", "tick"]
Severity = Literal["low", "normal", "high", "critical"]
FitValue = Literal["good", "partial", "poor"]

NEEDED: dict[MeasuredBy, tuple[str, ...]] = {
    "touches": ("floor_days", "ceiling_days"),
    "channels": ("at_least", "at_most"),
    "first_response": ("hours",),
    "open_tickets": ("at_most",),
    "tick": ("label",),
}
FIT_COLUMNS = ("segment", "tier", "country", "language", "currency", "industry", "relationship")
LIVE: tuple[Channel, ...] = ("meeting", "call", "visit")

Days = Annotated[int, Field(ge=1, le=3660)]


class Item(Settings):
    """One thing that the customer is to live; what each measure needs stands in NEEDED."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = Field(description="Names the item in checks")
    function: Function = Field(description="Who gives it")
    measure: MeasuredBy = Field(description="tick: cannot be measured, somebody looks and ticks it")
    segments: tuple[str, ...] = Field((), description="For whom; empty: all")
    products: tuple[str, ...] = Field((), description="For users of which products; empty: all")
    floor_days: Days | None = Field(None, description="touches: not more often than every so many days")
    ceiling_days: Days | None = Field(None, description="touches: not more rarely than every so many days")
    channels: tuple[Channel, ...] = Field(LIVE, description="channels: whose share of the two-way touches counts")
    hours: dict[Severity, Annotated[float, Field(gt=0, le=1000)]] = Field(
        default_factory=dict, description="first_response: hours to the first answer by severity, by the clock"
    )
    at_least: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, description="channels: share in %; first_response: answered in time in %, 80 if not given"
    )
    at_most: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description="channels: share in %; open_tickets: how many"
    )
    label: dict[Literal["en", "es"], Annotated[str, Field(min_length=1, max_length=70)]] = Field(
        default_factory=dict, description="What it is called; a tick needs one, and checks may name it so"
    )

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if not any(getattr(self, name) not in (None, {}) for name in NEEDED[self.measure]):
            raise problem("missing")
        if (self.floor_days or 0) > (self.ceiling_days or 3660) or (self.at_least or 0) > (
            1000 if self.at_most is None else self.at_most
        ):
            raise problem("floor_above_ceiling")
        return self


def _touches(floor: int, ceiling: int, *segments: str) -> Item:
    return Item(
        id="rhythm", function="cs", measure="touches", segments=segments, floor_days=floor, ceiling_days=ceiling
    )


def _live(least: int, most: int, *segments: str) -> Item:
    return Item(id="live", function="cs", measure="channels", segments=segments, at_least=least, at_most=most)


def _tick(name: str, function: Function, en: str, es: str) -> Item:
    return Item(id=name, function=function, measure="tick", label={"en": en, "es": es})


APPROPRIATE: tuple[Item, ...] = (
    _tick("hand_over", "sales", "Hand-over without repeating themselves", "Traspaso sin que repitan su historia"),
    _tick("training", "onboarding", "Training with their own data", "Formación con sus propios datos"),
    _tick("invoice", "services", "The invoice is understood without a call", "La factura se entiende sin llamar"),
    _tick("language", "support", "An answer in their language at all hours", "Respuesta en su idioma a toda hora"),
    Item(
        id="first_answer",
        function="support",
        measure="first_response",
        hours={"critical": 4, "high": 8, "normal": 24, "low": 48},
        at_least=80,
    ),
    Item(id="open_tickets", function="support", measure="open_tickets", at_most=4),
    _tick("changes_told", "product", "They hear of changes before they meet them", "Saben de los cambios de antemano"),
    _touches(10, 45),
    _touches(7, 21, "enterprise"),
    _touches(10, 30, "mid-market"),
    _touches(20, 60, "smb"),
    _live(20, 90),
    _live(0, 80, "smb"),
)


class ExperiencePolicy(Settings):
    window_days: Annotated[int, Field(ge=14, le=366)] = Field(90, description="How far back the experience is measured")
    tick_days: Days = Field(180, description="How long a ticked item holds; older is not known")
    met_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        80, description="Judged items in % that must be met for the way to be right"
    )
    known_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        50, description="Items in % that must be judged before the way is called right"
    )
    items: tuple[Item, ...] = Field(
        APPROPRIATE, description="The checklist; of items with one id the closest to the segment and product holds"
    )


def _is_column(name: str) -> str:
    if name not in FIT_COLUMNS and not name.startswith("x_"):
        raise problem("unknown_column")
    return name


class FitRule(Settings):
    """Accounts of which each named column holds one of its values."""

    fit: FitValue = Field(description="good, partial or poor")
    when: Annotated[
        dict[Annotated[str, AfterValidator(_is_column)], Annotated[tuple[str, ...], Field(min_length=1)]],
        Field(min_length=1),
    ] = Field(description="Columns of accounts, or x_* of yours, each with the values that will do")
