"""Every word that the bot answers to."""

from collections.abc import Mapping

from handlers import help, undo  # noqa: A004
from handlers.accounts import account, greeting, health, log, risks, sentiment, touch
from handlers.alerts import alert_acts, alert_list, book_forms, snoozing
from handlers.ask import Capability
from handlers.digests import digest, digest_settings, home
from handlers.journey import journey
from handlers.kpis import kpi
from handlers.outcomes import contact_forms, experience, goal_forms, outcome_forms, outcomes
from handlers.playbooks import (
    merge_list,
    play_decision,
    play_message,
    play_reached,
    play_reopen,
    play_start,
    play_steer,
    play_wave,
    playbook,
)
from handlers.renewals import forecast, renewal_call, renewals
from handlers.tasks import stage, task_forms, tasks
from handlers.workbooks import export, import_plan
from words import N_

CAPABILITIES: Mapping[str, Capability] = {
    "health": Capability(
        health.answer,
        N_("[ACCOUNT]"),
        N_("why an account is red, yellow or green; without a name your book, worst first"),
        more=(N_("`/health acme factors` lists every factor, `/health acme history` draws the last 12 months."),),
    ),
    "account": Capability(
        account.answer,
        N_("ACCOUNT"),
        N_("who they are: contacts, contracts, outcomes, open tickets, last touches"),
        more=(N_("`/account acme features`: who has access and does not use it, and what similar accounts use."),),
    ),
    "renewals": Capability(
        renewals.answer,
        N_("[PERIOD] [SCOPE]"),
        N_("who renews, until when one can decide, what it is worth"),
        more=(
            N_("`/renewals call acme` gives your call on a renewal; a period gone by shows what was decided and why."),
            N_("PERIOD: 30d, 4 months, 2026-11, 2026-Q4, next quarter … Without one: the next 90 days."),
            N_("SCOPE: mine, team, all, segment:enterprise, csm:ana@example.com, band:red, tier:1, x_region:latam …"),
        ),
    ),
    "kpi": Capability(
        kpi.answer,
        N_("[NAME] [PERIOD] [SCOPE] [ACCOUNT]"),
        N_("the metrics of the base: one with its formula filled in, or the scorecard of all"),
        more=(
            N_(
                "NAME: nrr, grr, churn, net-growth, nps, licences … in your own words too; `/kpi` alone shows them all."
            ),
            N_("PERIOD: 30d, 4 months, 2026-11, 2026-Q3, last quarter … Without one: the last 12 months."),
            N_("ACCOUNT: the same of one account, `/kpi licences acme`; `/kpi acme` shows all of it."),
        ),
    ),
    "outcomes": Capability(
        outcomes.answer,
        N_("ACCOUNT"),
        N_("what each stakeholder wants and how far it is, and whether they are served the way that fits"),
        more=(N_("Its buttons add and edit an outcome, record progress, have it confirmed, and tick the experience."),),
    ),
    "risks": Capability(risks.answer, N_("[SCOPE]"), N_("what is at risk, and why, the most urgent money first")),
    "alerts": Capability(
        alert_list.answer,
        N_("[SCOPE] | ACCOUNT | good | rules [PERIOD] | unowned | load"),
        N_("what needs you, the most urgent money first, and why; taken, put off or called wrong by a click"),
        more=(
            N_("`/alerts team` shows the team's, `/alerts acme` those of one account, `/alerts good` good news."),
            N_("`/alerts rules` says of each rule how often it was acted on, and how often it was wrong."),
            N_("`/alerts unowned` and `/alerts load` let a lead assign what nobody has, and share out accounts."),
        ),
    ),
    "journey": Capability(
        journey.answer,
        N_("[ACCOUNT] [SCOPE]"),
        N_("where customers stand on their way: land, adopt, expand, renew; who is stuck; the funnel"),
        more=(
            N_("`/journey acme` says since when, why, and what would move it on; `/journey stage:adopt` lists them."),
            N_("`/journey funnel month` and `/journey funnel quarter` show the funnel by the time of entry."),
        ),
    ),
    "export": Capability(
        export.answer,
        N_("plan ACCOUNT [customer-safe] | portfolio | renewals | kpis"),
        N_("the account plan, or a list of many accounts, as an Excel workbook"),
        more=(
            N_("An edited plan comes back: send me the file in our direct message, I show what it changes."),
            N_("`/export portfolio segment:smb`: every account in a line, the worst first; with the definitions."),
            N_("`/export renewals 2027-Q1 team`: what ends in a period, with its calls and what each counts."),
            N_("`/export kpis 2026-Q3`: every metric, its formula filled in."),
        ),
    ),
    "forecast": Capability(
        forecast.answer,
        N_("[ACCOUNT] [SCOPE] [PERIOD]"),
        N_("what renewals will bring, how long customers stay, and what they are still worth"),
        more=(
            N_("`/forecast acme` says what Acme is still worth and how likely it renews, and what that rests on."),
            N_("`/forecast clv segment:smb` tells the worth alone, by segment and by tenure."),
            N_("PERIOD: 30d, 4 months, 2026-11, 2026-Q4, next quarter … Without one: the next 90 days."),
        ),
    ),
    "playbook": Capability(
        playbook.answer,
        N_("[list | show NAME | start NAME ACCOUNT | stop NAME ACCOUNT | effect NAME | save ACCOUNT NAME]"),
        N_("the playbooks: whom each fits and why, its five steps; starting and stopping one; its effect"),
        more=(
            N_("`/playbook show low-adoption team` looks at your team's accounts; without a scope at your own."),
            N_("`/playbook plays [NAME] [SCOPE]`: what runs, how far its goal is, and what its follow-up says."),
            N_("`/playbook effect low-adoption` tells what it did, against accounts that could have had it."),
            N_("`/playbook pause`, `/playbook resume` NAME ACCOUNT: its open dates shift by as long as it waits."),
            N_("`/playbook save acme our-rescue` makes a playbook file of what runs on an account."),
        ),
    ),
    "tasks": Capability(
        tasks.answer,
        N_("[SCOPE] [week] | add ACCOUNT | merge NAME ACTIVITY | ics"),
        N_("what is due today and late, by account and side, with your hours; done, later or left out by a click"),
        more=(
            N_("`/tasks team` shows the tasks of the team's accounts, whoever has them; `/tasks week` the whole week."),
            N_("`/tasks merge low-adoption F3`: one message to many small accounts, as a list for your mail."),
            N_("`/tasks ics`: your tasks and front-stage events as a calendar file."),
        ),
    ),
    "stage": Capability(
        stage.answer,
        N_("[ACCOUNT] [picture] | [SCOPE]"),
        N_("front and back stage of an account; without one, the curtain calls of 14 days, what is not ready first"),
        more=(N_("`/stage acme picture` draws the lanes: customer, front stage, back stage, support."),),
    ),
    "log": Capability(
        log.answer,
        N_("ACCOUNT TEXT"),
        N_("log a touch in one line: shown first, kept by one click"),
        more=(
            N_("`/log acme meeting: renewed interest in SSO`; a call unless you say meeting, email, visit or chat."),
        ),
    ),
    "help": Capability(help.answer, N_("[WORD]"), N_("this list, or how one word is used")),
    "outcome": Capability(
        outcome_forms.offer, N_("ACCOUNT"), N_("add a required outcome"), form=outcome_forms.NEW, hidden=True
    ),
    "stakeholder": Capability(
        contact_forms.offer, N_("ACCOUNT"), N_("add or edit a stakeholder"), form=contact_forms.NEW, hidden=True
    ),
    "stakeholder-edit": Capability(
        contact_forms.again, N_("CONTACT"), N_("edit a stakeholder"), form=contact_forms.EDITED, hidden=True
    ),
    "goal": Capability(goal_forms.offer, N_("ACCOUNT"), N_("add or edit a goal"), form=goal_forms.NEW, hidden=True),
    "goal-edit": Capability(goal_forms.again, N_("GOAL"), N_("edit a goal"), form=goal_forms.EDITED, hidden=True),
    "outcome-edit": Capability(
        outcome_forms.offer_of, N_("OUTCOME"), N_("edit an outcome"), form=outcome_forms.EDITED, hidden=True
    ),
    "outcome-progress": Capability(
        outcome_forms.offer_of, N_("OUTCOME"), N_("record progress"), form=outcome_forms.PROGRESSED, hidden=True
    ),
    "outcome-confirm": Capability(
        outcome_forms.offer_of, N_("OUTCOME"), N_("record who confirmed it"), form=outcome_forms.CONFIRMED, hidden=True
    ),
    "experience": Capability(
        experience.answer, N_("ACCOUNT"), N_("tick the experience"), form=experience.FORM, hidden=True
    ),
    "play-start": Capability(
        play_start.again, N_("NAME ACCOUNT"), N_("start a playbook"), form=play_start.FORM, hidden=True
    ),
    "play-wave": Capability(
        play_start.again, N_("NAME SCOPE"), N_("start a wave of a playbook"), form=play_wave.FORM, hidden=True
    ),
    "play-decision": Capability(
        play_steer.again, N_("PLAY"), N_("move a play with its decision"), form=play_decision.FORM, hidden=True
    ),
    "play-reopen": Capability(
        play_steer.again, N_("PLAY"), N_("go on with a play"), form=play_reopen.FORM, hidden=True
    ),
    "play-reached": Capability(
        play_steer.again, N_("PLAY"), N_("say that a goal is reached"), form=play_reached.FORM, hidden=True
    ),
    **{
        f"play-{verb}": Capability(play_steer.again, N_("PLAY"), N_("steer a play"), form=form, hidden=True)
        for verb, form in play_steer.FORMS.items()
    },
    "task-later": Capability(task_forms.again, N_("TASK"), N_("move a task"), form=task_forms.LATER, hidden=True),
    "task-skip": Capability(task_forms.again, N_("TASK"), N_("leave a task out"), form=task_forms.SKIP, hidden=True),
    "task-add": Capability(
        task_forms.again_add, N_("[ACCOUNT]"), N_("add a task of your own"), form=task_forms.ADD, hidden=True
    ),
    "task-relieve": Capability(
        task_forms.again, N_("today"), N_("make room in a full day"), form=task_forms.RELIEVE, hidden=True
    ),
    "task-message": Capability(
        task_forms.again, N_("TASK"), N_("a message ready to be sent"), form=play_message.MESSAGE, hidden=True
    ),
    "task-script": Capability(
        task_forms.again, N_("TASK"), N_("what to say in a call"), form=play_message.SCRIPT, hidden=True
    ),
    "task-merged": Capability(
        merge_list.again, N_("NAME ACTIVITY"), N_("sent to all"), form=merge_list.FORM, hidden=True
    ),
    "import-plan": Capability(import_plan.answer, N_("NAME"), N_("apply an edited account plan"), hidden=True),
    "alert-take": Capability(alert_acts.take, N_("NUMBER"), N_("take an alert"), hidden=True),
    "alert-release": Capability(alert_acts.release, N_("NUMBER"), N_("give an alert back"), hidden=True),
    "alert-wrong": Capability(alert_acts.wrong, N_("NUMBER"), N_("call an alert wrong"), hidden=True),
    "alert-snooze": Capability(
        alert_acts.again, N_("NUMBER"), N_("put an alert off"), form=alert_acts.SNOOZE, hidden=True
    ),
    "alert-assign": Capability(
        alert_acts.again, N_("ACCOUNT"), N_("assign an account"), form=book_forms.ASSIGN, hidden=True
    ),
    "alert-move": Capability(
        alert_acts.again, N_("[ACCOUNT]"), N_("move an account"), form=book_forms.MOVE, hidden=True
    ),
    "digest": Capability(digest.answer, "", N_("what needs you today"), hidden=True),
    "home": Capability(home.answer, "", N_("my day, my renewals and my book"), hidden=True),
    "digest-settings": Capability(
        digest_settings.answer,
        "",
        N_("your digest's hour and channel, language, country, absence"),
        form=digest_settings.FORM,
        hidden=True,
    ),
    "undo": Capability(undo.answer, N_("NUMBER"), N_("take back what you just saved"), hidden=True),
    "snooze": Capability(snoozing.answer, N_("ACCOUNT [PERIOD]"), N_("put an alert off"), hidden=True),
    "snooze-now": Capability(snoozing.save_now, N_("NUMBER"), N_("put an alert off"), hidden=True),
    "log-now": Capability(log.save_now, N_("ACCOUNT TEXT"), N_("log a touch"), hidden=True),
    "greeting": Capability(greeting.answer, N_("ACCOUNT"), N_("prepare a message"), form=greeting.FORM, hidden=True),
    "touch": Capability(touch.answer, N_("ACCOUNT"), N_("log a touch"), form=touch.FORM, hidden=True),
    "sentiment": Capability(
        sentiment.answer, N_("ACCOUNT"), N_("give your sentiment"), form=sentiment.FORM, hidden=True
    ),
    "renewal-call": Capability(
        renewal_call.answer,
        N_("ACCOUNT"),
        N_("give your call on a renewal"),
        form=renewal_call.FORM,
        hidden=True,
    ),
}
