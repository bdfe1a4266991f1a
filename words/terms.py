"""The names of things: each code of the domain, as it is said."""

from collections.abc import Mapping

from words import N_, Words

MEASURES: Mapping[str, str] = {
    "licences": N_("Active licences"),
    "core_features": N_("Core features used"),
    "use": N_("Use of the product"),
    "outcomes": N_("Required outcomes"),
    "nps": N_("NPS"),
    "csat_ces": N_("Satisfaction (CSAT) and effort (CES)"),
    "tickets": N_("Tickets"),
    "touch": N_("Last two-way touch"),
    "sponsor": N_("Sponsor and champion"),
    "invoices": N_("Invoices"),
    "mrr_calls": N_("MRR and renewal calls"),
}
GROUPS: Mapping[str, str] = {
    "adoption": N_("Adoption"),
    "outcome": N_("Outcomes"),
    "experience": N_("Experience"),
    "relationship": N_("Relationship"),
    "commercial": N_("Commercial"),
}
STATES: Mapping[str, str] = {
    "red": N_("red"),
    "yellow": N_("yellow"),
    "green": N_("green"),
    "unknown": N_("not enough data"),
    "onboarding": N_("onboarding"),
    "leaving": N_("leaving"),
    "former": N_("no longer a customer"),
    "prospect": N_("not a customer yet"),
}
SIGNS: Mapping[str, str] = {
    "red": "🔴",
    "yellow": "🟡",
    "green": "🟢",
    "unknown": "⚪",
    "onboarding": "🌱",
    "leaving": "⚫",
    "former": "🚪",
    "prospect": "▫️",
}
UNSCORED = "▫️"
FILES: Mapping[str, str] = {
    "usage": N_("usage"),
    "usage_users": N_("usage by person"),
    "tickets": N_("tickets"),
    "touches": N_("touches"),
}
CALLS: Mapping[str, str] = {
    "renew": N_("renew"),
    "reduce": N_("renew, reduced"),
    "at_risk": N_("at risk"),
    "lose": N_("lose"),
    "monitor": N_("monitor"),
}
SENTIMENTS: Mapping[str, str] = {
    "great": N_("great"),
    "good": N_("good"),
    "neutral": N_("neutral"),
    "worried": N_("worried"),
    "lost": N_("lost"),
}
ROLES: Mapping[str, str] = {
    "champion": N_("champion"),
    "sponsor": N_("sponsor"),
    "decision_maker": N_("decision maker"),
    "admin": N_("administrator"),
    "user": N_("user"),
    "other": N_("other"),
}
THE_ROLES: Mapping[str, str] = {
    "champion": N_("the champion"),
    "sponsor": N_("the sponsor"),
    "decision_maker": N_("the decision maker"),
    "admin": N_("the administrator"),
    "user": N_("the user"),
    "other": N_("the contact"),
}
CHANNELS: Mapping[str, str] = {
    "meeting": N_("meeting"),
    "call": N_("phone call"),
    "email": N_("e-mail"),
    "visit": N_("visit"),
    "event": N_("event"),
    "chat": N_("chat"),
}
DIRECTIONS: Mapping[str, str] = {
    "both": N_("both ways"),
    "out": N_("from us, no answer yet"),
    "in": N_("from them"),
}
SEVERITIES: Mapping[str, str] = {
    "low": N_("low"),
    "normal": N_("normal"),
    "high": N_("high"),
    "critical": N_("critical"),
}
URGENCIES: Mapping[str, str] = {
    "urgent": N_("urgent"),
    "high": N_("high"),
    "normal": N_("normal"),
    "good": N_("good news"),
}
FUNCTIONS: Mapping[str, str] = {
    "csm": N_("CSM"),
    "lead": N_("CS lead"),
    "support": N_("support"),
    "onboarding": N_("onboarding"),
    "sales": N_("sales"),
    "finance": N_("finance"),
    "product": N_("product"),
    "sponsor": N_("sponsor"),
    "services": N_("services"),
    "cs": N_("Customer Success"),
}
LAER_STAGES: Mapping[str, str] = {
    "land": N_("land"),
    "adopt": N_("adopt"),
    "expand": N_("expand"),
    "renew": N_("renewal stage"),
}
STAGE_FACTS: Mapping[str, str] = {
    "licences": N_("active licences"),
    "core_features": N_("core features used"),
    "use": N_("change of use"),
    "outcomes": N_("required outcomes on track"),
    "csat_ces": N_("satisfaction"),
    "nps": N_("NPS answers on average"),
    "score": N_("the score"),
    "product_days": N_("days since the newest product began"),
    "days_to_decide": N_("days to the renewal's decision"),
    "colour": N_("the colour of health"),
}
RELATIONSHIPS: Mapping[str, str] = {
    "self-service": N_("self-service"),
    "automated": N_("automated"),
    "personal": N_("personal"),
    "dedicated": N_("dedicated"),
    "community": N_("community"),
    "co-creation": N_("co-creation"),
}
STATUSES: Mapping[str, str] = {"active": N_("active"), "trialing": N_("on trial"), "paused": N_("paused")}


def term(words: Words, names: Mapping[str, str], code: str | None) -> str:
    """The name of a code; a company's own code, for which there is no name, is said as it is."""
    if code is None:
        return ""
    return words._(names[code]) if code in names else code


def capital(said: str) -> str:
    """As a line or a sentence begins."""
    return said[:1].upper() + said[1:]
