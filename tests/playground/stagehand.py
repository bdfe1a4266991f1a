"""A small app on Bolt that does a little of everything, for the playground to be tried with."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from playground import Channel, Person, Playground
from playground.server import Server
from tests.stage import PATIENCE_S

MANIFEST = {
    "display_information": {"name": "Apuntador"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/health", "description": "The health of an account", "usage_hint": "[ACCOUNT]"},
            {"command": "/renewals", "description": "Who renews soon", "usage_hint": "[PERIOD] [SCOPE]"},
            {"command": "/quick", "description": "Answered at once"},
            {"command": "/slow", "description": "Never acknowledged in time"},
            {"command": "/broken", "description": "Raises"},
            {"command": "/help", "description": "What I can do", "usage_hint": "[WORD]"},
        ],
        "shortcuts": [{"name": "Log this", "type": "message", "callback_id": "log_message", "description": "…"}],
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_mention", "message.im", "app_home_opened"]}},
}
PEOPLE = [
    Person("U1", "Ana Ruiz", "ana@example.com", locale="en-GB", tz="Europe/Madrid", title="CSM", role="CSM"),
    Person("U2", "Sofía Vega", "sofia@example.com", locale="es-MX", tz="America/Mexico_City", role="CS lead"),
    Person("U3", "Tom Baker", "tom@example.com", tz="Europe/London", role="Guest", is_restricted=True),
]
CHANNELS = [
    Channel("C1", "general", members=["U1", "U2"]),
    Channel("C2", "customers", kind="private", members=["U1"], with_app=False),
    Channel("C3", "acme-shared", members=["U1", "U3"], is_ext_shared=True),
]


def box(**more: object) -> Playground:
    given = {"people": PEOPLE, "channels": CHANNELS, "manifest": MANIFEST, "retry_delays": (0, 0, 0)}
    return Playground(**{"ack_seconds": PATIENCE_S, **given, **more})


FACTORS = [
    ("Adoption", "16 of 35", "−9"),
    ("Outcomes: 1 of 2 on track", "12 of 20", "="),
    ("Experience", "11 of 20", "−4"),
    ("Relationship", "11 of 15", "="),
    ("Commercial", "8 of 10", "="),
]


def section(text: str, **more: object) -> dict:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: object) -> dict:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": action_id, **more}


def option(text: str, value: str) -> dict:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


def cell(text: str) -> dict:
    return {"type": "raw_text", "text": text}


def card(account: str) -> list[dict]:
    name = account or "Acme Corp"
    more = [option("Sentiment", "sentiment"), option("Renewal call", "call"), option("Open in CRM", "crm")]
    rows = [[cell("Why"), cell("Points"), cell("30 days")], *[[cell(c) for c in row] for row in FACTORS]]
    return [
        {"type": "header", "text": {"type": "plain_text", "text": f"🟡 {name} · 58 of 100"}},
        section(
            "*Down 13 in 30 days* (was 71). They use the product less since October, "
            "and a critical ticket has been escalated for 6 days."
        ),
        section(
            "*Renews* 31 Mar 2027 (128 days) · notice by 30 Jan",
            fields=[
                {"type": "mrkdwn", "text": "*ARR*\nUS$48,000"},
                {"type": "mrkdwn", "text": "*Your call*\n_renew_; the rule says _at risk_"},
            ],
        ),
        {"type": "table", "rows": rows, "column_settings": [{}, {"align": "right"}, {"align": "right"}]},
        {"type": "divider"},
        section(
            "*To turn green (75)* it needs 17 points\n• active licences from `61` to `92` (+5)\n"
            "• the escalated <https://example.com/tickets/7|ticket 7> closed (+4)\n> Still so? asks <@U1> :eyes:"
        ),
        {
            "type": "actions",
            "block_id": "card",
            "elements": [
                button("Account plan", "plan", style="primary", value=name),
                button("Log a touch", "log"),
                button("Forget it", "forget", style="danger", confirm=CONFIRM),
                {"type": "overflow", "action_id": "more", "options": more},
            ],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Data available: 94 % · CSAT missing"}]},
    ]


CONFIRM = {
    "title": {"type": "plain_text", "text": "Forget this card?"},
    "text": {"type": "mrkdwn", "text": "It goes away for *you* only."},
    "confirm": {"type": "plain_text", "text": "Forget"},
    "deny": {"type": "plain_text", "text": "Keep"},
}


def plain_input(block_id: str, label: str, element: dict, **more: object) -> dict:
    text = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": block_id, "label": text, "element": element, **more}


def touch_form() -> dict:
    kinds = [option("Call", "call"), option("Meeting", "meeting"), option("E-mail", "mail")]
    boxes = [option("Ask me again in a week", "again")]
    hint = {"type": "plain_text", "text": "At least five letters."}
    text_input = {"type": "plain_text_input", "action_id": "note", "multiline": True}
    return {
        "type": "modal",
        "callback_id": "touch",
        "title": {"type": "plain_text", "text": "Log a touch"},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Not now"},
        "notify_on_close": True,
        "blocks": [
            plain_input(
                "account", "Account", {"type": "external_select", "action_id": "account", "min_query_length": 1}
            ),
            plain_input("kind", "Kind", {"type": "static_select", "action_id": "kind", "options": kinds}),
            plain_input("day", "Day", {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"}),
            plain_input("note", "What was said", text_input, hint=hint),
            plain_input(
                "again", "Follow up", {"type": "checkboxes", "action_id": "again", "options": boxes}, optional=True
            ),
        ],
    }


def listen_to_commands(app: App, heard: list) -> None:
    @app.command("/health")
    def health(ack, respond, command):
        ack()
        heard.append(command)
        respond(text="Acme Corp: yellow, down 13", blocks=card(command["text"]))

    @app.command("/quick")
    def quick(ack):
        ack("At once.")

    @app.command("/slow")
    def slow(ack, command):
        threading.Event().wait(float(command["text"] or 1))

    @app.command("/broken")
    def broken(ack):
        raise RuntimeError("on purpose")


def listen_to_events(app: App, heard: list) -> None:
    @app.event("message")
    def message(event, say):
        heard.append(event)
        say(text=f"You said: {event['text']}", blocks=[section(f"You said: {event['text']}")])

    @app.event("app_mention")
    def mention(event, client):
        heard.append(event)
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="Write to me directly.")

    @app.event("app_home_opened")
    def home(event, client):
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("*Your book*")]})


def listen_to_clicks(app: App) -> None:
    @app.action("plan")
    def plan(ack, body, client):
        ack()
        channel = client.conversations_open(users=body["user"]["id"])["channel"]["id"]
        client.files_upload_v2(channel=channel, filename="acme-plan.xlsx", content="a workbook", title="Acme plan")

    @app.action("log")
    def log(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=touch_form())

    @app.action("more")
    def more(ack, respond, action):
        ack()
        respond(text=f"You chose {action['selected_option']['value']}", replace_original=False)

    @app.action("forget")
    def forget(ack, respond):
        ack()
        respond(delete_original=True)


def listen_to_forms(app: App, heard: list) -> None:
    @app.options("account")
    def accounts(ack, payload):
        names = ["Acme Corp", "Globex", "Initech", "Clínica Alameda"]
        ack(options=[option(n, n) for n in names if payload["value"].casefold() in n.casefold()])

    @app.view("touch")
    def touch(ack, body, view, client):
        note = view["state"]["values"]["note"]["note"]["value"]
        if len(note) < 5:
            ack(response_action="errors", errors={"note": "Tell me a little more."})
            return
        ack()
        heard.append(view["state"]["values"])
        client.chat_postMessage(channel=body["user"]["id"], text=f"Logged: {note}")

    @app.view_closed("touch")
    def closed(ack, body):
        ack()
        heard.append({"closed": body["view"]["callback_id"]})

    @app.shortcut("log_message")
    def log_message(ack, shortcut, client):
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=touch_form())


def type_and_send(page, text: str) -> None:
    """In the page, as a visitor does."""
    page.fill("#composer", text)
    page.keyboard.press("Enter")


class Stagehand:
    """The app, listening over HTTP or over a socket, and what it heard."""

    def __init__(self, slack: Playground, *, socket: bool = False) -> None:
        self.heard: list = []
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        self._pool = ThreadPoolExecutor(8)
        self.app = App(client=client, signing_secret=slack.signing_secret, listener_executor=self._pool)
        listen_to_commands(self.app, self.heard)
        listen_to_events(self.app, self.heard)
        listen_to_clicks(self.app)
        listen_to_forms(self.app, self.heard)
        self._socket = self._link(slack) if socket else None
        self._server = None if socket else self._serve(slack)

    def _link(self, slack: Playground) -> SocketModeHandler:
        web = WebClient(slack.app_token, base_url=slack.api_url)
        handler = SocketModeHandler(self.app, slack.app_token, web_client=web)
        handler.connect()
        slack.wait(lambda: slack.sockets.connected)
        return handler

    def _serve(self, slack: Playground) -> Server:
        flask, handler = Flask("stagehand"), SlackRequestHandler(self.app)
        flask.add_url_rule("/slack/events", view_func=lambda: handler.handle(request), methods=["POST"])
        server = Server(flask, 0)
        slack.app_url = f"http://127.0.0.1:{server.port}/slack/events"
        return server

    def stop(self) -> None:
        if self._socket:
            self._socket.close()
        if self._server:
            self._server.stop()
        self._pool.shutdown(wait=True)
