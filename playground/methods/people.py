"""auth.test, api.test and users.*"""

from __future__ import annotations

from playground.arguments import Arguments
from playground.methods.conversations import page
from playground.objects import app_id, bot_id, handle, person_json
from playground.tickets import RefusedError
from playground.values import Json


def test_api(call: Arguments) -> Json:
    if error := call.text("error"):
        raise RefusedError(error)
    return {"args": call.values}


def test_auth(call: Arguments) -> Json:
    workspace = call.workspace
    found: Json = {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": handle(workspace.app),
        "team_id": workspace.team.id,
        "user_id": workspace.app.id,
        "bot_id": bot_id(workspace),
        "app_id": app_id(workspace),
        "is_enterprise_install": False,
    }
    if workspace.team.enterprise_id:
        found["enterprise_id"] = workspace.team.enterprise_id
    return found


def info(call: Arguments) -> Json:
    person = call.person("user")
    return {"user": person_json(call.workspace, person, locale=call.flag("include_locale"))}


def look_up_by_email(call: Arguments) -> Json:
    person = call.workspace.person_by_email(call.required("email"))
    if person is None or person.deleted or person.is_stranger:
        raise RefusedError("users_not_found")
    return {"user": person_json(call.workspace, person)}


def list_users(call: Arguments) -> Json:
    found, more = page(call, list(call.workspace.people.values()))
    locale = call.flag("include_locale")
    return {"members": [person_json(call.workspace, person, locale=locale) for person in found], **more}
