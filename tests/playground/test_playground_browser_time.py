"""A visitor who lets time go on, and lets others in."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from playground import MovableClock, Person, Team
from tests.playground.stagehand import PEOPLE, type_and_send


@pytest.fixture
def slack(open_box):
    """A box with a partner and a clock that stands still: nine in the morning of a Monday in Madrid."""
    nine = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Madrid")).timestamp()
    stranger = Person("U8", "Nora Quist", team_id="T0HARBOR", is_stranger=True)
    partner = Team("T0HARBOR", "Harborlight Ltd", "harborlight")
    return open_box(people=[*PEOPLE, stranger], partners=[partner], clock=MovableClock(nine, real_clock=lambda: 0))


def test_the_clock_moves(visitor, slack):
    page = visitor(timezone_id="America/Lima")
    expect(page.locator(".timepiece time")).to_have_text("Mon 23 Nov · 09:00")
    type_and_send(page, "first")
    page.wait_for_selector("text=You said: first")
    expect(page.locator(".message time").first, "in Ana's time zone, wherever she looks").to_have_text("09:00")
    page.click(".timepiece")
    page.click(".menu >> text=Tomorrow at 9:00")
    page.wait_for_selector(".timepiece >> text=Tue 24 Nov · 09:00")
    type_and_send(page, "second")
    page.wait_for_selector("text=You said: second")
    expect(page.locator(".day")).to_have_text(["Yesterday", "Today"])
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
    expect(page.locator(".shared")).to_have_text("shared with another organisation")
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
    expect(page.locator("[aria-label='People and sharing']"), "strangers change nothing").to_have_count(0)
    expect(page.locator("nav >> text=customers")).to_have_count(0)


def test_conversations_by_keys(visitor):
    page = visitor()
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_selector("h1 >> text=general")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector("h1 >> text=Apuntador")
    page.focus("[role=tab][aria-selected=true]")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".home >> text=Your book")
    expect(page.get_by_role("tab", name="Home")).to_be_focused()
