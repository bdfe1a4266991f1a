"""What the demo lets a visitor do besides asking: time, company, and a plan that comes back."""

from pathlib import Path

from playwright.sync_api import expect

from tests.handlers.test_import_plan import Sheet


def ask(page, text: str) -> None:
    page.fill("#composer", text)
    page.keyboard.press("Enter")


def go(page, channel: str) -> None:
    page.click(f"nav >> text={channel}")
    page.wait_for_selector(f"h1 >> text={channel}")


def become(page, name: str) -> None:
    page.click(".whoami")
    page.click(f".menu >> text={name}")
    page.wait_for_selector(f".whoami >> text={name}")


def in_room(page, entry: str, note: str) -> None:
    """Choose something from the menu of people and sharing; it is noted in the channel."""
    page.click("[aria-label='People and sharing']")
    page.click(f".menu >> text={entry}")
    page.wait_for_selector(f".note >> text={note}")


def answered(page, text: str):
    """What the bot says to it."""
    typed = page.locator(".typed", has_text=text)
    before = typed.count()
    ask(page, text)
    answer = typed.nth(before).locator("xpath=following-sibling::article[1]")
    answer.wait_for()
    return answer


def plan_of(page, folder: Path) -> bytes:
    """Acme's account plan, downloaded."""
    said = answered(page, "/export plan acme")
    with page.expect_download() as download:
        said.locator("xpath=following::a[contains(@class, 'file')][1]").click()
    download.value.save_as(folder / "plan.xlsx")
    return (folder / "plan.xlsx").read_bytes()


def below(message, account: str):
    """The buttons below an account."""
    return message.locator(".section", has_text=account).first.locator("xpath=following-sibling::div[1]")


def test_a_channel_that_others_read_shows_no_account(visit, picture) -> None:
    page = visit()
    go(page, "customer-success")
    ask(page, "/health acme")
    page.wait_for_selector("text=58 of 100")
    in_room(page, "Share this channel with Harborlight Ltd", "shared this channel with Harborlight Ltd")
    ask(page, "/health globex")
    page.wait_for_selector("text=I cannot show account data here.")
    picture(page, "6-shared")
    in_room(page, "Stop sharing with Harborlight Ltd", "stopped sharing this channel")
    ask(page, "/health globex")
    page.wait_for_selector("text=/Globex · \\d+ of 100/")
    in_room(page, "Invite Gail Frost", "invited Gail Frost")
    become(page, "Gail Frost")
    go(page, "customer-success")
    ask(page, "/health acme")
    page.wait_for_selector(".only-you")
    expect(page.locator("text=/ of 100/"), "neither an answer of her own nor one of Ana's").to_have_count(0)
    picture(page, "7-guest")
    become(page, "Ana Ruiz")
    go(page, "customer-success")
    in_room(page, "Remove Gail Frost", "removed Gail Frost")


def test_an_edited_plan_comes_back(visit, picture, tmp_path: Path) -> None:
    page = visit()
    tasks = Sheet(plan_of(page, tmp_path), "Tasks")
    tasks.cell(tasks.ids[0], "Note").value = "with her own data"
    (tmp_path / "edited.xlsx").write_bytes(tasks.saved())
    page.set_input_files("input[type=file]", str(tmp_path / "edited.xlsx"))
    page.wait_for_selector("text=The plan of Acme Corp: 1 value changes.")
    picture(page, "8-plan-back")
    page.click("button >> text=Apply")
    page.wait_for_selector("text=with her own data")


def test_the_next_morning_from_the_digest_to_the_plan(visit, picture, tmp_path: Path) -> None:
    page = visit()
    expect(answered(page, "/alerts")).to_contain_text("the curtain rises in 1 day, and the stage is not set")
    page.click(".timepiece")
    page.click(".menu >> text=Tomorrow at 9:00")
    page.wait_for_selector(".timepiece >> text=Nov 24")
    digest = page.locator(".message", has_text="Good morning, Ana")
    digest.wait_for(timeout=60_000)
    picture(page, "9-digest")
    below(digest, "Acme Corp").locator("text=I'll take it").click()
    below(digest, "Acme Corp").locator("text=Give it back").wait_for()
    below(digest, "Acme Corp").locator("text=Start “At-risk rescue”").click()
    page.click("dialog.modal >> role=button[name='Start']")
    page.wait_for_selector("text=▶ “At-risk rescue” runs on Acme Corp.")
    picture(page, "10-started")
    tasks = answered(page, "/tasks week")
    of_acme = tasks.locator(".section", has_text="Acme Corp").first
    while not of_acme.count():
        shown = tasks.inner_text()
        tasks.locator("text=Next page").click()
        expect(tasks).not_to_have_text(shown, use_inner_text=True)
    of_acme.locator("xpath=following-sibling::div[contains(@class, 'actions')][1]").locator("text=Done").click()
    done = tasks.locator("text=/✓ Done: .+ · Acme Corp/").inner_text()
    picture(page, "11-done")
    plan = Sheet(plan_of(page, tmp_path), "Tasks")
    title = done.removeprefix("✓ Done: ").removesuffix(" · Acme Corp")
    written = {plan.cell(row, "Task").value: plan.cell(row, "Status").value for row in plan.ids}
    assert written.get(title) == "done", (title, written)
    assert "At-risk rescue" in [plan.cell(row, "Playbook").value for row in plan.ids]
    go(page, "customer-success")
    page.click(".timepiece")
    page.click(".menu >> text=Next Monday at 9:00")
    team = page.locator(".message", has_text="Team · week of November 30")
    team.wait_for(timeout=60_000)
    expect(team).to_contain_text("NRR of 12 months")
    picture(page, "12-team")
