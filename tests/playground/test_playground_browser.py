"""A visitor with a real browser."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.playground.stagehand import option, plain_input, touch_form, type_and_send

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SUGGESTIONS = {"en": [{"label": "Why is Acme yellow?", "text": "/health acme"}]}


@pytest.fixture
def slack(open_box):
    return open_box(suggestions=SUGGESTIONS, command_words={"es": {"/health": {"usage": "[CUENTA]"}}})


def test_a_first_visit(visitor, slack):
    page = visitor()
    expect(page.locator(".welcome h2")).to_have_text("Good to see you, Ana.")
    page.click("text=Why is Acme yellow?")
    page.wait_for_selector("text=acme · 58 of 100")
    expect(page.locator(".only-you")).to_have_text("Only visible to you")
    expect(page.locator("td.right").first).to_have_text("16 of 35")
    with page.expect_popup() as popup:
        page.click("a >> text=ticket 7")
    popup.value.close()
    page.click("text=Account plan")
    with page.expect_download() as download:
        page.click(".file")
    assert Path(download.value.path()).read_bytes() == b"a workbook"
    assert download.value.suggested_filename == "acme-plan.xlsx"
    assert not slack.refused


def test_commands_are_completed_by_keys(visitor, slack, hand):
    page = visitor()
    page.fill("#composer", "")
    page.focus("#composer")
    page.keyboard.type("/")
    expect(page.locator(".completion li")).to_have_count(6)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".completion [aria-selected=true] strong")).to_have_text("/renewals")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.locator("#composer")).to_have_value("/health ")
    page.keyboard.type("globex")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=globex · 58 of 100")
    assert hand.heard[0]["text"] == "globex"


def test_a_form_with_an_error_and_then_without(visitor, hand, slack):
    page = visitor()
    type_and_send(page, "/health acme")
    page.click("text=Log a touch")
    page.wait_for_selector("dialog.modal[open]")
    page.click("dialog >> text=Save")
    page.wait_for_selector("text=Please complete this required field.")
    page.fill("dialog .combobox input", "clí")
    page.click("dialog .options >> text=Clínica Alameda")
    page.select_option("dialog select", "meeting")
    page.fill("dialog textarea", "no")
    page.click("dialog >> text=Save")
    page.wait_for_selector("dialog >> text=Tell me a little more.")
    page.fill("dialog textarea", "They are glad")
    page.click("dialog >> text=Save")
    page.wait_for_selector("text=Logged: They are glad")
    expect(page.locator("dialog")).to_have_count(0)
    assert hand.heard[-1]["account"]["account"]["selected_option"]["value"] == "Clínica Alameda"
    page.click("text=Log a touch")
    page.wait_for_selector("dialog.modal[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    slack.wait(lambda: {"closed": "touch"} in hand.heard)


def test_a_form_that_changes_keeps_what_was_typed(visitor, slack):
    page = visitor()
    form = {**touch_form(), "title": {"type": "plain_text", "text": "Another title"}}
    view = slack.modals.open("U1", touch_form())
    page.fill("dialog textarea", "half a sentence")
    page.select_option("dialog select", "mail")
    slack.modals.update(view, form)
    page.wait_for_selector("dialog >> text=Another title")
    expect(page.locator("dialog textarea")).to_have_value("half a sentence")
    expect(page.locator("dialog select")).to_have_value("mail")


def test_menus_questions_and_what_goes_away(visitor):
    page = visitor()
    type_and_send(page, "/health acme")
    page.click(".dots")
    page.click(".menu >> text=Sentiment")
    page.wait_for_selector("text=You chose sentiment")
    page.click("text=Forget it")
    page.click("dialog.confirm >> text=Keep")
    expect(page.locator("dialog.confirm")).to_have_count(0)
    expect(page.locator("text=58 of 100")).to_have_count(1)
    page.click("text=Forget it")
    page.click("dialog.confirm .primary")
    page.wait_for_selector("text=58 of 100", state="detached")


def test_text_stays_text(visitor, hand):
    page = visitor()
    type_and_send(page, "<img src=x onerror=alert(1)> *bold* & <b>")
    page.wait_for_selector("text=You said: <img src=x onerror=alert(1)> bold & <b>")
    expect(page.locator(".messages strong >> text=bold")).to_have_count(2)
    expect(page.locator(".messages img")).to_have_count(0)
    assert hand.heard[0]["text"] == "&lt;img src=x onerror=alert(1)&gt; *bold* &amp; &lt;b&gt;"


def test_sharing_a_file(visitor, slack, hand):
    page = visitor()
    file = {"name": "plan.csv", "mimeType": "text/csv", "buffer": b"a,b"}
    page.set_input_files("input[type=file]", file)
    page.wait_for_selector(".file >> text=plan.csv")
    assert slack.files("U1")[0].content == b"a,b"
    slack.wait(lambda: hand.heard)
    assert hand.heard[0]["files"][0]["name"] == "plan.csv"
    picture = {"name": "stage.png", "mimeType": "image/png", "buffer": PIXEL}
    page.set_input_files("input[type=file]", picture)
    expect(page.locator(".message img[alt='stage.png']")).to_have_js_property("naturalWidth", 1)


def test_another_person_and_another_language(visitor, slack):
    page = visitor()
    page.click(".languages >> text=ES")
    page.wait_for_selector("text=Qué bueno verte, Ana.")
    assert slack.as_user("U1").person.locale == "es-GB"
    page.fill("#composer", "/he")
    expect(page.locator(".completion .usage").first).to_have_text("[CUENTA]")
    page.fill("#composer", "")
    page.click(".whoami")
    page.click(".menu >> text=Sofía Vega")
    page.wait_for_selector("text=Qué bueno verte, Sofía.")
    expect(page.locator("nav >> text=customers")).to_have_count(0)
    slack.workspace.post("C1", "U1", "Hola, *equipo*")
    page.click(".toast >> text=Hola, equipo")
    page.wait_for_selector("h1 >> text=general")
    page.reload()
    page.wait_for_selector("text=Qué bueno verte, Sofía.")


def test_home_is_opened_again_in_another_language(visitor, slack):
    page = visitor()
    page.click("#tab-home")
    page.wait_for_selector(".home >> text=Your book")
    page.click(".languages >> text=ES")
    slack.wait(lambda: [told["event"].get("tab") for told in slack.app.told].count("home") == 2)


def test_an_app_that_does_not_answer(visitor, slack):
    page = visitor()
    type_and_send(page, "/health acme")
    page.wait_for_selector("text=Log a touch")
    slack.app_url = ""
    page.click("text=Log a touch")
    page.wait_for_selector(".failed", state="attached")
    type_and_send(page, "/renewals")
    page.wait_for_selector("text=/renewals failed with the error “dispatch_failed”")


def test_on_a_phone_at_night(visitor):
    page = visitor(viewport={"width": 390, "height": 800}, color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-light", "dark")
    type_and_send(page, "/health acme")
    page.wait_for_selector("text=58 of 100")
    expect(page.locator("html")).to_have_js_property("scrollWidth", 390)
    page.click(".menu-button")
    page.click(".sidebar .light")
    expect(page.locator("html")).to_have_attribute("data-light", "light")
    page.click("nav >> text=general")
    page.wait_for_selector("h1 >> text=general")


DROP = """() => {
    const carried = new DataTransfer();
    for (const name of ["one.csv", "two.csv"]) carried.items.add(new File(["a,b"], name));
    const place = document.querySelector("main");
    const happen = (kind) => place.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true }));
    ["dragover", "drop"].forEach(happen);
}"""


def test_files_are_dropped_on_the_conversation(visitor, slack, hand):
    page = visitor()
    page.evaluate(DROP)
    expect(page.locator(".file strong")).to_have_text(["one.csv", "two.csv"])
    slack.wait(lambda: len(hand.heard) == 2)
    assert {event["files"][0]["name"] for event in hand.heard} == {"one.csv", "two.csv"}
    expect(page.locator(".drop")).to_be_hidden()


FORM = {
    **touch_form(),
    "blocks": [
        plain_input("seats", "Seats", {"type": "number_input", "action_id": "n", "is_decimal_allowed": False,
                                       "min_value": "1", "max_value": "40"}),
        plain_input("why", "Why", {"type": "radio_buttons", "action_id": "r",
                                   "options": [option("Price", "p"), option("Use", "u")]}),
        plain_input("who", "Who", {"type": "multi_static_select", "action_id": "m", "max_selected_items": 1,
                                   "options": [option("Ana", "a"), option("Luis", "l")]}),
        plain_input("hour", "Hour", {"type": "timepicker", "action_id": "t", "initial_time": "09:00"}),
    ],
}  # fmt: skip


def test_only_the_conversations_that_the_app_asks_for_are_offered(visitor, slack):
    page = visitor()
    wanted = {"include": ["public"], "exclude_external_shared_channels": True}
    select = {"type": "conversations_select", "action_id": "c", "filter": wanted}
    slack.modals.open("U1", {**touch_form(), "blocks": [plain_input("room", "Channel", select)]})
    page.wait_for_selector("dialog.modal[open]")
    expect(page.locator("dialog option:not([value=''])")).to_have_text(["#general"])


def test_every_input_says_what_is_wrong_in_the_readers_language(visitor, slack, hand):
    page = visitor()
    slack.as_user("U1").speak("es")
    slack.modals.open("U1", FORM)
    page.wait_for_selector("dialog.modal[open]")
    field = page.locator("dialog input[type=number]")
    expect(field, "the first field has the focus").to_be_focused()
    field.fill("50")
    page.click("dialog >> text=Use")
    for name in ("Ana", "Luis"):
        page.click(f"dialog >> text={name}")
    page.click("dialog >> text=Save")
    page.wait_for_selector("text=Escribe 40 o menos.")
    expect(page.locator("text=Elige como máximo 1.")).to_have_count(1)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("aria-describedby", "seats-n-error")
    expect(page.get_by_role("radiogroup", name="Why")).to_have_count(1)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_suggestions_are_chosen_by_keys_one_or_several(visitor, slack, hand):
    page = visitor()
    several = {"type": "multi_external_select", "action_id": "account", "min_query_length": 1}
    slack.modals.open("U1", {**touch_form(), "blocks": [
        touch_form()["blocks"][0], plain_input("more", "More", {**several, "action_id": "account"}, optional=True),
    ]})  # fmt: skip
    one, more = page.locator(".combobox input >> nth=0"), page.locator(".combobox input >> nth=1")
    one.press_sequentially("i")
    expect(page.locator(".options:visible li")).to_have_text(["Initech", "Clínica Alameda"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(one).to_have_value("Clínica Alameda")
    for typed, name in (("glo", "Globex"), ("ini", "Initech")):
        more.press_sequentially(typed)
        expect(page.locator(".options:visible li")).to_have_text([name])
        page.keyboard.press("Enter")
        expect(page.locator(".choice").last).to_have_text(re.compile(name))
    expect(page.locator(".choice")).to_have_count(2)
    page.click(".choice >> text=Globex")
    expect(page.locator(".choice")).to_have_text([re.compile("Initech")])
    one.fill("nonsense")
    more.focus()
    expect(one).to_have_value("Clínica Alameda")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_nothing_is_asked_for_outside(visitor, slack):
    page = visitor()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    type_and_send(page, "/health acme")
    page.wait_for_selector("text=58 of 100")
    assert {url for url in asked if not url.startswith(slack.url)} == set()


def test_nobody_writes_before_it_is_known_who_and_where(visitor):
    page = visitor()
    held = []
    page.route("**/page/scene*", lambda route: held.append(route), times=1)  # noqa: PLW0108  it marks what it is given
    with page.expect_request("**/page/scene*"):
        page.reload()
    expect(page.locator("#composer")).to_be_disabled()
    page.keyboard.press("Alt+ArrowDown")
    held[0].continue_()
    type_and_send(page, "hello")
    page.wait_for_selector("text=You said: hello")


SAID = {
    "*bold* _it_ ~no~": "<strong>bold</strong> <em>it</em> <s>no</s>",
    "*_both_*": "<strong><em>both</em></strong>",
    "2*3*4 snake_case_name": "2*3*4 snake_case_name",
    "`a *b* &amp;`": "<code>a *b* &amp;</code>",
    "&lt;b&gt; &amp;amp;": "&lt;b&gt; &amp;amp;",
    "```x\n*y*```": "<pre>x\n*y*</pre>",
    "&gt; quoted\n&gt; more\nafter": "<blockquote>quoted<br>more</blockquote>after",
    "hello <@U1> <#C1> <!here>": 'hello <span class="mention">@Ana Ruiz</span> <span class="mention">#general</span> '
    '<span class="mention">@here</span>',
    "<javascript:alert(1)|go>": "go",
    ":tada: :unknown:": "🎉 :unknown:",
    "<!date^0^{year}|then>": "<time>{year}</time>",
    "a\nb": "a<br>b",
}
DRAW = """async (said) => {
    const { mrkdwn } = await import("/static/mrkdwn.js");
    const box = document.createElement("div");
    const names = { U1: { name: "Ana Ruiz" }, C1: { name: "general" } };
    return said.map((text) => { box.replaceChildren(...mrkdwn(text, names)); return box.innerHTML; });
}"""


def test_mrkdwn(visitor):
    drawn = visitor().evaluate(DRAW, list(SAID))
    assert dict(zip(SAID, drawn, strict=True)) == SAID
