"""A Slack in a box: a fake workspace for tests, and a page for people who want to try the app.

    people = [Person("U1", "Ana Ruiz", "ana@example.com", locale="es-ES", tz="Europe/Madrid", role="CSM")]
    channels = [Channel("C1", "general", members=["U1"])]
    with Playground(people=people, channels=channels, manifest=manifest, app_url=url, signing_secret=secret) as slack:
        # the app under test: App(token=slack.bot_token, signing_secret=slack.signing_secret), and
        # WebClient(token, base_url=slack.api_url); `slack.app_url = …` may also be set later

        ana = slack.as_user("U1")                              # or by e-mail
        ana.command("/health", "acme", channel="C1")           # in the direct message without `channel`
        ana.say("health acme"); ana.upload("plan.xlsx", content); ana.mention("hello", channel="C1")
        slack.wait(lambda: slack.messages("C1", seen_by="U1"))  # at most 30 s; never sleep
        card = slack.last("C1", seen_by="U1")                  # Message: .text .blocks .buttons .plain .ephemeral_to
        ana.click(card, text="Account plan")                   # or ana.click(card, "action_id")
        ana.choose(card, "more", "sentiment")                  # overflow, selects, dates; ana.suggest(card, id, "ac")
        ana.submit({"note": "Called them"})                    # the modal on top; .ok .error .errors by block id
        slack.modal("U1"); slack.home("U1"); slack.files("U1"); slack.messages(seen_by="U1")
        slack.requests                                          # every call: .method .args .answer .error
        assert not slack.refused                                # nothing that Slack would have refused
        slack.fail_next("chat.postMessage", "channel_not_found")          # or Fault(status=429, retry_after=1),
        slack.fail_next("users.info", Fault(cut=True), times=2)           # Fault(status=500), Fault(hang=5),
        slack.fail_next("chat.postMessage", Fault(cut=True, accepted=True))  # posted, and nobody is told

        ana.share("C1", "T0PARTNER"); ana.unshare("C1", "T0PARTNER")      # `partners=[Team("T0PARTNER", …)]`
        ana.invite("U3", "C1"); ana.remove(slack.workspace.app.id, "C1")  # the app hears of it as in Slack
        slack.tell_again(slack.told[-1]); slack.revoke()                  # an event twice; a token that was revoked

Commands, clicks and events return when the app has acknowledged (3 s at most: `ack_seconds`, for which a trigger id is
good too); what it does after that is waited for with `slack.wait`. Socket Mode: an app that calls apps.connections.open
with `slack.app_token` gets everything over its socket instead.
`slack.workspace.change_channel("C1", is_archived=True)`, `remove_channel` and `change_person` alter the scene without a
word.

Slack's pace (a post a second in each conversation after a short burst, a tier for each other method, 429 with
Retry-After) holds with `paced=True`; `slack.api.paces = Paces(clock)` gives it a clock of the test's own. Time:
`clock=MovableClock()`, to be moved ahead by `slack.move_to(seconds)` and on the page; an app that is to follow reads
the same clock, and is told by what it puts into `slack.moved`. Signatures and waiting stay in real time.

The demo: `Playground(…).start(port=3000)`, open `.url`, end with `.stop()`.
"""

from playground.actor import Actor, Outcome
from playground.api import Request
from playground.clock import MovableClock
from playground.faults import Fault
from playground.slack import Playground
from playground.values import Channel, File, Message, Person, Team, View

__all__ = [
    "Actor",
    "Channel",
    "Fault",
    "File",
    "Message",
    "MovableClock",
    "Outcome",
    "Person",
    "Playground",
    "Request",
    "Team",
    "View",
]
