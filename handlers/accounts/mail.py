"""A message to somebody of the customer's, ready in a form: to whom, its subject and text; what was entered."""

from collections.abc import Mapping
from typing import Any

from domain.accounts import Contact
from handlers.ask import Invalid
from handlers.blocks import Block, clipped, field, line, lines, modal, named
from words import Words

SUBJECT, TEXT = 200, 3000


def addressed(words: Words, contact: Contact) -> str:
    return f"{named(contact.name, 60)} · {contact.email or words._('⚠ no e-mail address')}"


def fields(words: Words, subject: str, text: str) -> list[Block]:
    """It is copied from here: nothing is sent by the bot."""
    hint = words._("To copy: click into the text, Ctrl+A, Ctrl+C (⌘A, ⌘C). I send nothing: you do, from your mail.")
    return [
        field(words._("Subject"), "subject", line(SUBJECT, initial=clipped(subject, SUBJECT))),
        field(words._("Text"), "text", lines(TEXT, initial=clipped(text, TEXT)), hint=hint),
    ]


def form(words: Words, name: str, blocks: list[Block], memory: str = "") -> Block:
    return modal(name, words._("A message ready"), words._("Log as sent"), words._("Cancel"), blocks, memory=memory)


def read(words: Words, entered: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text."""
    subject, text = (entered["subject"] or "").strip(), (entered["text"] or "").strip()
    if not subject:
        raise Invalid({"subject": words._("Write what it was about.")})
    return subject, text
