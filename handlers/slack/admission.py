"""Who is let in: a person of ours, where nobody outside the organisation reads."""

import math
from dataclasses import replace

from slack_bolt import BoltContext
from slack_sdk import WebClient

from domain.accounts import Person
from domain.policies.policy import Policy
from handlers.ask import Desk, Refused, Reply, sentence
from handlers.slack.doors import Doors, Home, Visitor
from storage import people
from words import Words, spoken


def admitted(
    desk: Desk,
    doors: Doors,
    client: WebClient,
    context: BoltContext,
    user: str,
    channel: str | None,
    *,
    paced: bool = True,
) -> tuple[Person, Words]:
    """The person of ours behind a Slack user; raises Refused for an outsider, and where outsiders read.

    paced: they may ask too fast; not so where what they entered would be lost.
    """
    home = home_of(context)
    visitor = doors.visitor(client, user, home)
    words = context["words"] = spoken(visitor.locale, country=desk.policy.country, default=desk.policy.language)
    if paced and (wait := context["pace"].wait(user)):
        raise Refused(_too_fast(words, desk, wait), "pace")
    if not visitor.insider:
        raise Refused(_not_here(words), "outsider")
    if channel is not None and not doors.is_private_to_us(client, channel):
        raise Refused(_not_here(words), "outsiders_read")
    person = _person(desk, visitor)
    if person is None:
        raise Refused(_unknown(words, visitor), "unknown")
    context["role"] = person.role
    words = context["words"] = own_words(desk.policy, person, visitor)
    return person, words


def _too_fast(words: Words, desk: Desk, wait: float) -> Reply:
    seconds = math.ceil(wait)
    return sentence(
        words.ngettext(
            "That is more than I can answer: at most {most} questions a minute. Ask again in {n} second.",
            "That is more than I can answer: at most {most} questions a minute. Ask again in {n} seconds.",
            seconds,
            most=words.number(desk.policy.limits.requests_a_minute),
        )
    )


def home_of(context: BoltContext) -> Home:
    known = context.authorize_result
    return Home(known.team_id or "", known.enterprise_id or "") if known else Home("")


def own_words(policy: Policy, person: Person, visitor: Visitor) -> Words:
    """Answered and told alike: the language that one has set, else that of one's Slack, else the policy's."""
    return spoken(person.language, visitor.locale, country=person.country or policy.country, default=policy.language)


def _not_here(words: Words) -> Reply:
    return sentence(words._("I cannot show account data here. Write to me in a direct message."))


def _unknown(words: Words, visitor: Visitor) -> Reply:
    return sentence(
        words._(
            "I do not know you yet. Ask whoever administers me to add {email} to the people file.",
            email=visitor.email or visitor.slack_id,
        )
    )


def _person(desk: Desk, visitor: Visitor) -> Person | None:
    """By Slack id, which is linked at the first contact: Slack tells the e-mail of its members."""
    with desk.database.transaction() as tx:
        known = people.by_slack_id(tx, visitor.slack_id)
        if known or not visitor.email:
            return known
        known = people.by_email(tx, visitor.email)
    return _linked(desk, known, visitor) if known else None


def _linked(desk: Desk, person: Person, visitor: Visitor) -> Person:
    with desk.database.changing() as tx:
        people.link_slack(tx, person.email, visitor.slack_id, at=desk.clock(), on=desk.today)
    return replace(person, slack_id=visitor.slack_id)
