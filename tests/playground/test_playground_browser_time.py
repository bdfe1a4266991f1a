"""A visitor who lets time go on, and lets others in."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from playground import MovableClock, Person, Team
from tests.playground.stagehand import PEOPLE, type_and_send


@pytest.fixture
def slack(open_box):
    """A box with a partner and a clock: nine in the morning of a Monday in Madrid."""
    nine = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Madrid")).timestamp()
    stranger = Person("U8", "Nora Quist", team_id="T0HARBOR", is_stranger=True)
    partner = Team("T0HARBOR", "Harborlight Ltd", "harborlight")
    return open_box(people=[*PEOPLE, stranger], partners=[partner], clock=MovableClock(nine))


def test_the_clock_moves(visitor, slack):
    page = visitor(timezone_id="America/Lima")
    assert page.inner_text(".timepiece time") == "Mon 23 Nov · 09:00"
    type_and_send(page, "first")
    page.wait_for_selector("text=You said: first")
    assert page.inner_text(".message time >> nth=0") == "09:00", "in Ana's time zone, wherever the browser is"
    page.click(".timepiece")
    page.click(".menu >> text=Tomorrow at 9:00")
    page.wait_for_selector(".timepiece >> text=Tue 24 Nov · 09:00")
    type_and_send(page, "second")
    page.wait_for_selector("text=You said: second")
    assert page.locator(".day").all_inner_texts() == ["Yesterday", "Today"]
    page.focus(".timepiece")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_selector(".timepiece >> text=Mon 30 Nov · 09:00")


def test_a_channel_is_shared_and_a_guest_comes(visitor, slack, hand):
    page = visitor()
    page.click("nav >> text=general")
    page.wait_for_selector("h1 >> text=general")
    page.click("[aria-label='People and sharing']")
    page.click(".menu >> text=Share this channel with Harborlight Ltd")
    page.wait_for_selector("text=Ana Ruiz shared this channel with Harborlight Ltd")
    assert page.inner_text(".shared") == "shared with another organisation"
    assert slack.workspace.channels["C1"].is_ext_shared
    page.click("[aria-label='People and sharing']")
    page.click(".menu >> text=Invite Tom Baker")
    page.wait_for_selector("text=Ana Ruiz invited Tom Baker")
    page.click(".languages >> text=ES")
    page.wait_for_selector("text=Ana Ruiz invitó a Tom Baker")
    page.click(".whoami")
    page.click(".menu >> text=Nora Quist")
    page.wait_for_selector("text=Nora.")
    page.click("nav >> text=general")
    page.wait_for_selector("h1 >> text=general")
    assert page.locator("[aria-label='People and sharing']").count() == 0, "strangers change nothing"
    assert page.locator("nav >> text=customers").count() == 0


def test_conversations_by_keys(visitor):
    page = visitor()
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_selector("h1 >> text=general")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector("h1 >> text=Apuntador")
    page.focus("[role=tab][aria-selected=true]")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".home >> text=Your book")
    assert page.evaluate("document.activeElement.textContent") == "Home"
