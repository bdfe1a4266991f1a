"""/account: who they are: contacts, contracts, outcomes, open tickets, the last touches."""

from collections.abc import Iterator

from domain.accounts import Contact
from domain.facts import Outcome, Ticket
from domain.health.evidence import is_open
from domain.money import Money
from domain.subscriptions import Span
from handlers.accounts import card_stage, layer8
from handlers.accounts.portrait import Portrait, portrait
from handlers.arguments import the_account
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.journey import journey_card
from storage.facts import touches
from storage.facts.touches import Touch
from words import Words
from words.terms import CHANNELS, ROLES, SEVERITIES, SIGNS, STATES, STATUSES, term

CONTACTS, CONTRACTS, OUTCOMES, TICKETS, TOUCHES = 8, 6, 4, 5, 5


def answer(ask: Ask) -> Reply:
    *typed, last = ask.text.split() or [""]
    if typed and last.lower() in layer8.WORDS:
        return layer8.answer(ask, the_account(ask, " ".join(typed), then=last.lower()))
    account = the_account(ask, ask.text)
    shown = portrait(ask, account)
    with ask.database.transaction() as tx:
        latest = touches.of_account(tx, account.number, ask.scope, limit=TOUCHES)
    words, zone = ask.words, ask.policy.time_zone
    travelled = journey_card.travelled(ask, shown, {})
    stage = journey_card.said_stage(words, travelled) if travelled.stage else ""
    parts = (
        layer8.listed(words, words._("Contacts"), [_contact(words, shown, c) for c in _present(shown)], CONTACTS),
        layer8.listed(words, words._("Contracts"), [_contract(words, span) for span in _current(shown)], CONTRACTS),
        layer8.listed(words, words._("Required outcomes"), [_outcome(words, o) for o in shown.open_outcomes], OUTCOMES),
        layer8.listed(words, words._("Open tickets"), [_ticket(words, shown, t) for t in _tickets(shown)], TICKETS),
        layer8.listed(words, words._("Last touches"), [_touch(words, zone, t) for t in latest], TOUCHES),
    )
    on_stage = card_stage.running(ask, account)
    name = named(account.name)
    blocks = (_head(words, shown, stage), *on_stage, *filter(None, parts), *_extra(shown), _buttons(words, shown))
    return Reply(name, blocks)


def _head(words: Words, shown: Portrait, stage: str) -> Block:
    account = shown.account
    health = shown.health
    state = f"{SIGNS[health.state]} {term(words, STATES, health.state)}"
    said = [f"*{named(account.name)}*", state if health.score is None else f"{state}, {words.number(health.score)}"]
    return section(" · ".join(said), " · ".join(_who(words, shown, stage)))


def _who(words: Words, shown: Portrait, stage: str) -> Iterator[str]:
    account = shown.account
    for label, value in (
        (words._("segment"), account.segment),
        (words._("tier"), account.tier),
        (words._("CSM"), account.csm),
        (words._("stage"), stage),
        (words._("country"), account.country),
        (words._("industry"), account.industry),
        (words._("customer since"), words.day(account.customer_since) if account.customer_since else None),
        (words._("id"), account.account_id),
    ):
        if value:
            yield f"{label}: {named(value, 60)}"


def _present(shown: Portrait) -> list[Contact]:
    here = [contact for contact in shown.facts.contacts if contact.left_on is None or contact.left_on > shown.facts.day]
    rank = {role: place for place, role in enumerate(ROLES)}
    return sorted(here, key=lambda contact: (rank.get(contact.role or "", len(rank)), contact.name))


def _contact(words: Words, shown: Portrait, contact: Contact) -> str:
    parts = [named(contact.name, 60), *filter(None, (term(words, ROLES, contact.role), contact.department))]
    if contact.last_touch_on:
        parts.append(words._("spoken to {ago}", ago=words.ago((shown.facts.day - contact.last_touch_on).days)))
    return " · ".join(named(part, 60) for part in parts)


def _current(shown: Portrait) -> list[Span]:
    today = shown.facts.day
    return [span for span in shown.contracts if span.covers(today) or span.first > today]


def _contract(words: Words, span: Span) -> str:
    version = span.version
    parts = [named(version.product or version.subscription_id, 60), _price(words, version.annual)]
    if version.seats:
        parts.append(words.ngettext("{n} licence", "{n} licences", version.seats))
    if version.status != "active":
        parts.append(term(words, STATUSES, version.status))
    until = span.until or version.ends_on
    since = words.day(span.first)
    parts.append(f"{since} – {words.day(until)}" if until else words._("since {day}, without an end", day=since))
    return " · ".join(parts)


def _price(words: Words, annual: Money) -> str:
    return words._("{amount} a year", amount=words.money(annual.amount, annual.currency))


def _outcome(words: Words, outcome: Outcome) -> str:
    due = [words._("by {day}", day=words.day(outcome.due_on))] if outcome.due_on else []
    return " · ".join([named(outcome.statement, 200), *due])


def _tickets(shown: Portrait) -> list[Ticket]:
    still = [ticket for ticket in shown.facts.tickets if is_open(ticket, shown.facts.day)]
    return sorted(still, key=lambda ticket: (-list(SEVERITIES).index(ticket.severity), ticket.opened_on))


def _ticket(words: Words, shown: Portrait, ticket: Ticket) -> str:
    opened = words.ago((shown.facts.day - ticket.opened_on).days)
    parts = [named(ticket.ticket_id, 40), term(words, SEVERITIES, ticket.severity)]
    parts += [words._("escalated")] if ticket.escalated else []
    parts += [named(ticket.category, 40)] if ticket.category else []
    return " · ".join([*parts, words._("opened {ago}", ago=opened)])


def _touch(words: Words, time_zone: str, touch: Touch) -> str:
    when = words.moment(touch.at, time_zone)
    about = [named(touch.subject, 120)] if touch.subject else []
    return " · ".join([when, term(words, CHANNELS, touch.channel), *about])


def _extra(shown: Portrait) -> Iterator[Block]:
    """The company's own columns, by their names."""
    own = [
        f"{named(name.removeprefix('x_'), 40)}: {named(value, 80)}"
        for name, value in sorted(shown.account.extra.items())
        if value
    ]
    if own:
        yield context(" · ".join(own))


def _buttons(words: Words, shown: Portrait) -> Block:
    account_id, url = shown.account.account_id, shown.account.crm_url or ""
    return actions(
        button(words._("How they are"), "ask", f"health {account_id}"),
        button(words._("Two stages"), "ask", f"stage {account_id}"),
        button(words._("Journey"), "ask", f"journey {account_id}"),
        button(words._("See the outcomes"), "ask", f"outcomes {account_id}"),
        button(words._("Who uses what"), "ask", f"account {account_id} features"),
        button(words._("Log a touch"), "form", f"touch {account_id}"),
        button(words._("Stakeholders…"), "form", f"stakeholder {account_id}"),
        button(words._("Goals…"), "form", f"goal {account_id}"),
        button(words._("Account plan"), "ask", f"export plan {account_id}"),
        button(words._("Open in the CRM"), "link", url=url) if url.startswith(("https://", "http://")) else None,
    )
