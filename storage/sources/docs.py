"""docs/data.md, from the models: `python -m storage.sources.docs > docs/data.md`; a test compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from storage.names import fold
from storage.sources.kinds import KEY_LENGTH, Kind, choices_of, kind_of
from storage.sources.row import Row
from storage.sources.rows import MODELS
from storage.sources.vocabulary import Vocabulary, shipped

INTRODUCTION = Path(__file__).with_name("introduction.md")
TYPES = {
    Kind.TEXT: "text",
    Kind.KEY: f"text, at most {KEY_LENGTH} characters",
    Kind.ACCOUNT: "account_id, or `system:external_id`",
    Kind.PERSON: "e-mail, or a name or alias that one person bears",
    Kind.EMAIL: "e-mail",
    Kind.DAY: "date",
    Kind.PAST_DAY: "date, not in the future",
    Kind.MONTH: "month (`YYYY-MM`)",
    Kind.MOMENT: "time, not in the future",
    Kind.MONEY: "money, at most 4 decimals",
    Kind.NUMBER: "number, at most 4 decimals; `45 %` is 0.45",
    Kind.WHOLE: "whole number, 0 or more",
    Kind.HOURS: "hours, 0 to 168",
    Kind.FLAG: "yes or no",
    Kind.COUNTRY: "country, ISO 3166 (`ES`)",
    Kind.CURRENCY: "currency, ISO 4217 (`EUR`)",
}
WHAT = {
    "people": "Our own people: who may ask, and whom a `csm` column means.",
    "accounts": "The customers. Everything else names one of these.",
    "identifiers": "The same account in CRM, billing, tickets, product: any file may name it by `system:external_id`.",
    "account_team": "Who else of ours works for an account.",
    "contacts": "The customer's people.",
    "features": "What the product can do; `core` ones count for adoption.",
    "subscriptions": "What is paid, as versions: the same subscription_id with a later start replaces the earlier row "
    "from that day. Give exactly one price: `mrr`, `arr`, or `amount` with `interval`. A year's price stays a year's "
    "price. An account has subscriptions or mrr, not both.",
    "mrr": "Monthly figures, for those who have no contracts as data.",
    "usage": "Use by day, already counted; a row without feature is the whole product.",
    "usage_users": "Use by day and user, as product analytics export it.",
    "tickets": "Support.",
    "surveys": "NPS, CSAT and CES. A row without score was sent and not answered.",
    "touches": "What we did with the customer: meetings, calls, mails.",
    "invoices": "What was billed; unpaid after `due_on` is overdue.",
    "orders": "One-off purchases, for the repeat purchase rate.",
    "costs": "What retention and acquisition cost. A row without account is of the whole base.",
    "milestones": "What an account (or a contact) has reached, and when.",
    "outcomes": "What the customer wants to achieve.",
    "goals": "What a playbook is to move on an account.",
    "referrals": "Whom the customer brought.",
    "sentiments": "The CSM's own impression.",
    "renewal_calls": "Forecasts of a renewal: the rule's, the CSM's, the final one.",
    "experience_checks": "Items of the appropriate experience that cannot be measured.",
}


def page(vocabulary: Vocabulary) -> str:
    """The whole page."""
    parts = [INTRODUCTION.read_text(encoding="utf-8"), *(_file(name, vocabulary) for name in MODELS)]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _file(name: str, vocabulary: Vocabulary) -> str:
    model = MODELS[name]
    also = ", ".join(f"`{said}`" for said in vocabulary.file_names(name))
    lines = [
        f"### {name}",
        "",
        f"{WHAT[name]} Key: {' + '.join(f'`{part}`' for part in model.KEY)}. Also called: {also}.",
        "",
        "| column | type | also called |",
        "|---|---|---|",
        *_columns(name, model, vocabulary),
    ]
    return "\n".join(lines)


def _columns(name: str, model: type[Row], vocabulary: Vocabulary) -> Iterator[str]:
    for column, field in model.model_fields.items():
        required = "*" if field.is_required() else ""
        also = ", ".join(vocabulary.synonyms(name, column))
        yield f"| `{column}`{required} | {_type(name, column, field, vocabulary)} | {also} |"


def _type(name: str, column: str, field: FieldInfo, vocabulary: Vocabulary) -> str:
    choices = choices_of(field)
    if choices:
        words = vocabulary.values(name, column, {})
        meant = "; ".join(_choice(choice, words) for choice in choices if choice)
    else:
        meant = TYPES[kind_of(field)]
    said = f"{meant}: {field.description}" if field.description else meant
    has_default = not field.is_required() and field.default not in {None, ""}
    return f"{said}; default {str(field.default).lower()}" if has_default else said


def _choice(choice: str, words: dict[str, str]) -> str:
    also = [said for said, meant in words.items() if meant == choice and said != fold(choice)]
    return f"`{choice}` ({', '.join(also)})" if also else f"`{choice}`"


if __name__ == "__main__":
    sys.stdout.write(page(shipped()))
