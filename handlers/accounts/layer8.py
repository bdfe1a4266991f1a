"""/account … features: who has access and does not use it, and what of the product nobody touches."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from math import ceil

from domain.accounts import Account
from domain.depth import ALIKE_AT_LEAST, Depth, Feature, Similar, User, depth
from handlers.accounts.portrait import Portrait, portrait
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, bullets, button, context, named, section
from storage.facts import depth as storage_depth
from words import Words

WORDS = ("features", "funciones", "layer8", "capa8")
PEOPLE, FEATURES, CONFIDENT = 10, 12, 5


def answer(ask: Ask, account: Account) -> Reply:
    shown = portrait(ask, account)
    found, similar, trained = _found(ask, shown)
    words = ask.words
    said = words._("{account}: who uses what", account=named(account.name))
    heading = section(f"*{said}*", *_counts(words, shown, found))
    parts = (
        listed(words, words._("They use it with confidence"),
                [_confident(words, user, trained) for user in found.confident], CONFIDENT),
        listed(words, words._("They have access and have not used it in 4 weeks"),
                [_silent(ask, user) for user in found.silent], PEOPLE),
        listed(words, words._("Core features that nobody touches"), [_name(f) for f in found.untouched], FEATURES),
        listed(words, words._("What they use"), [_used(words, f) for f in found.used], FEATURES),
        listed(words, words._("Similar accounts use it, this one does not"), list(_missed(words, found)), FEATURES),
    )  # fmt: skip
    compared = context(_compared(ask, account, similar)) if similar.n else None
    taught = [m for m in shown.facts.milestones if m.milestone == "trained"]
    note = context(words._("Training: {day}", day=words.day(taught[0].reached_on))) if taught else None
    return Reply(said, (heading, *filter(None, (*parts, compared, note)), _buttons(words, account)))


def _found(ask: Ask, shown: Portrait) -> tuple[Depth, Similar, dict[str, date]]:
    account, day = shown.account, ask.today
    products = {span.version.product for span in shown.contracts if span.covers(day)}
    with ask.database.transaction() as tx:
        users = storage_depth.users(tx, account.number, day, ask.scope)
        features = storage_depth.known_features(tx, account.number, day, ask.scope, core=ask.policy.core_features)
        trained = storage_depth.trained(tx, account.number, day, ask.scope)
        similar = storage_depth.similar(tx, account, day, ask.scope, ask.policy.exchange)
    return depth(users, shown.facts.contacts, features, products, similar), similar, trained


def _counts(words: Words, shown: Portrait, found: Depth) -> Iterator[str]:
    licences = shown.health.factor("licences")
    if licences:
        parts = licences.reading.parts
        active, seats = int(str(parts["active"])), int(str(parts["seats"]))
        yield words._("{active} of {seats} licences are active", active=words.number(active), seats=words.number(seats))
        if 0 < found.seen < seats:
            idle = seats - found.seen
            yield words.ngettext("{n} licence has never had a user", "{n} licences have never had a user", idle)
    if found.regular or found.once or found.silent:
        yield words._(
            "{regular} use it regularly (3 of the last 4 weeks), {once} now and then, {silent} not at all",
            regular=words.number(found.regular),
            once=words.number(found.once),
            silent=words.number(len(found.silent)),
        )
    else:
        yield words._("No file says which people use it: usage_users would.")


def listed(words: Words, title: str, lines: list[str], most: int) -> Block | None:
    """Nothing where there is none."""
    if not lines:
        return None
    return section(f"*{title}*", *bullets(words, lines, most))


def _confident(words: Words, user: User, trained: Mapping[str, date]) -> str:
    parts = [named(user.name, 60), words.ngettext("{n} feature", "{n} features", user.features)]
    if day := trained.get(user.contact_id or ""):
        parts.append(words._("trained on {day}", day=words.day(day)))
    return " · ".join(parts)


def _silent(ask: Ask, user: User) -> str:
    words = ask.words
    seen = words._("last used {ago}", ago=words.ago((ask.today - user.last_on).days)) if user.last_on else None
    return f"{named(user.name, 60)} · {seen or words._('never seen in the product')}"


def _name(feature: Feature) -> str:
    return " · ".join(named(part, 60) for part in (feature.name, feature.product) if part)


def _used(words: Words, feature: Feature) -> str:
    people = [] if feature.users is None else [words.ngettext("{n} person", "{n} people", feature.users)]
    core = [words._("core")] if feature.core else []
    return " · ".join([_name(feature), *core, *people])


def _missed(words: Words, found: Depth) -> Iterator[str]:
    for each in found.missed:
        counted = words._("{n} of {total}", n=words.number(each.accounts), total=words.number(each.of))
        yield f"{_name(each.feature)} · {counted}"


def _compared(ask: Ask, account: Account, similar: Similar) -> str:
    """Which accounts are called similar, and how many they are."""
    words, of = ask.words, named(account.segment or ask.words._("no segment"), 60)
    if similar.least is not None and similar.most is not None:
        return words.ngettext(
            "Similar: {n} account of {segment} with {least} to {most}",
            "Similar: {n} accounts of {segment} with {least} to {most}",
            similar.n, segment=of, least=_size(ask, similar, similar.least, last=False),
            most=_size(ask, similar, similar.most, last=True),
        )  # fmt: skip
    whole = words.ngettext(
        "Similar: {n} account of {segment}, of any size",
        "Similar: {n} accounts of {segment}, of any size",
        similar.n,
        segment=of,
    )
    if not similar.known:
        return f"{whole} ({words._('its own licences and MRR are not known')})"
    few = words.ngettext(
        "fewer than {n} has half to twice its licences or MRR", "fewer than {n} have half to twice its licences or MRR",
        ALIKE_AT_LEAST,
    )  # fmt: skip
    return f"{whole} ({few})"


def _size(ask: Ask, similar: Similar, size: Decimal, *, last: bool) -> str:
    words = ask.words
    if similar.size == "mrr":
        amount = words.money(size.quantize(Decimal(1)), ask.policy.exchange.base)
        return words._("{amount} MRR", amount=amount) if last else amount
    count = int(size) if last else ceil(size)
    return words.ngettext("{n} licence", "{n} licences", count) if last else words.number(count)


def _buttons(words: Words, account: Account) -> Block:
    return actions(
        button(words._("How they are"), "ask", f"health {account.account_id}"),
        button(words._("Journey"), "ask", f"journey {account.account_id}"),
        button(words._("See the outcomes"), "ask", f"outcomes {account.account_id}"),
    )
