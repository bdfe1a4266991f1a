"""What the demo lets a visitor do besides asking: time, company, and a plan that comes back."""

from pathlib import Path

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
    assert page.locator("text=/ of 100/").count() == 0, "neither an answer of her own nor one of Ana's"
    picture(page, "7-guest")
    become(page, "Ana Ruiz")
    go(page, "customer-success")
    in_room(page, "Remove Gail Frost", "removed Gail Frost")


def test_an_edited_plan_comes_back(visit, picture, tmp_path: Path) -> None:
    page = visit()
    ask(page, "/export plan acme")
    with page.expect_download() as download:
        page.click(".file >> nth=-1")
    download.value.save_as(tmp_path / "plan.xlsx")
    tasks = Sheet((tmp_path / "plan.xlsx").read_bytes(), "Tasks")
    tasks.cell(tasks.ids[0], "Note").value = "with her own data"
    (tmp_path / "edited.xlsx").write_bytes(tasks.saved())
    page.set_input_files("input[type=file]", str(tmp_path / "edited.xlsx"))
    page.wait_for_selector("text=The plan of Acme Corp: 1 value changes.")
    picture(page, "8-plan-back")
    page.click("button >> text=Apply")
    page.wait_for_selector("text=with her own data")
