"""/journey: where an account, or a whole scope, stands on the customer's way; and the funnel by cohort."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.days import add_months
from domain.funnel import Cohort
from domain.journey import STAGES, Segmented, Usual, usual_of, usual_times
from domain.money import Money, NoRate
from domain.policies.policy_journey import Stage
from domain.scopes import NotAScope, misspelt
from domain.scopes import take as take_scope
from handlers.arguments import Selection, selected, selection, the_account
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.journey import funnel, journey_card
from handlers.journey.relationships import hypotheses
from storage import journey
from storage.database import Transaction
from storage.journey import Slow, Standing
from words import MINUS, N_
from words.terms import LAER_STAGES, capital, term

PAGE = 10
STUCK = 5
KINDS = {
    "new": N_("new {amount}"),
    "added": N_("gained {amount}"),
    "taken": N_("lost {amount}"),
    "indexation": N_("price index {amount}"),
}
Growth = Mapping[tuple[Stage | None, str], list[Money]]


@dataclass(frozen=True)
class Found:
    """What a scope shows; `slow`: how many are stuck, and the longest of them."""

    counts: Mapping[Stage | None, int]
    worth: Mapping[Stage | None, list[Money]]
    growth: Growth
    usual: Mapping[Segmented, Usual]
    slow: tuple[int, list[Slow]]
    listed: list[Standing]
    funnel: tuple[Cohort, tuple[Cohort, ...]]
    hypotheses: tuple[Block, ...]


def answer(ask: Ask) -> Reply:
    typed, page = ask.paged()
    first, *rest = typed.text.split() or [""]
    if first.lower() in funnel.WORDS:
        by, left = funnel.cohort_words(rest)
        return funnel.answer(ask, _selection(ask.about(" ".join(left))), by)
    if _names_an_account(typed.text):
        try:
            account = the_account(typed, typed.text)
        except Refused:
            if not misspelt(typed.text.split()):
                raise
        else:
            return journey_card.answer(ask, account)
    chosen = _selection(typed)
    with ask.database.transaction() as tx:
        found = _found(tx, ask, chosen, page)
    return _reply(typed, chosen, found, page)


def _names_an_account(text: str) -> bool:
    try:
        filters, rest = take_scope(text.split())
    except NotAScope:
        return False
    return bool(rest) and not filters


def _selection(ask: Ask) -> Selection:
    """All that one may see, unless a scope is named."""
    return selection(ask if ask.text else ask.about("all"), periods=False)


def _found(tx: Transaction, ask: Ask, chosen: Selection, page: int) -> Found:
    scope, today = chosen.scope, ask.today
    usual = usual_times(journey.completed(tx, ask.scope), ask.policy.journey)
    return Found(
        counts=journey.standing(tx, scope),
        worth=journey.worth(tx, today, scope),
        growth=journey.growth(tx, after=add_months(today, -12), last=today, scope=scope),
        usual=usual,
        slow=journey.slow(tx, scope, _limits(tx, ask, usual), today, limit=STUCK),
        listed=journey.listed(tx, scope, offset=page * PAGE, limit=PAGE + 1) if _of_stage(chosen) else [],
        funnel=funnel.counted(tx, ask, scope, "quarter"),
        hypotheses=hypotheses(tx, ask, scope),
    )


def _of_stage(chosen: Selection) -> bool:
    return any(wanted.kind == "stage" for wanted in chosen.filters)


def _limits(tx: Transaction, ask: Ask, usual: Mapping[Segmented, Usual]) -> dict[tuple[str | None, Stage], int]:
    """Days in a stage beyond which an account of the segment is stuck."""
    rules = ask.policy.journey
    return {
        (segment, stage): int(usual_of(usual, segment, stage, rules).days * rules.slow)
        for segment in journey.segments(tx, ask.scope)
        for stage in STAGES
    }


def _reply(ask: Ask, chosen: Selection, found: Found, page: int) -> Reply:
    words = ask.words
    customers = sum(count for stage, count in found.counts.items() if stage)
    if not customers:
        said = words._("No account here stands in a stage.")
        return Reply(said, (section(said, selected(words, chosen)),))
    worth = [money for stage, amounts in found.worth.items() if stage for money in amounts]
    said = words.ngettext("{n} customer", "{n} customers", customers)
    heading = section(f"*{said}, {mrr(ask, worth)}*", selected(words, chosen))
    if found.listed:
        return Reply(said, (heading, *_listed(ask, found, page)))
    return Reply(
        said,
        (
            heading,
            *_stages(ask, found),
            context(words._("Growth: what the accounts' MRR gained and lost in the last 12 months, by the stage "
                            "that each was in the day before.")),
            *_slow(ask, found),
            *funnel.blocks(ask, *found.funnel),
            *found.hypotheses,
        ),
    )  # fmt: skip


def mrr(ask: Ask, annual: Iterable[Money], *, signed: bool = False) -> str:
    """Annual amounts as MRR in the organisation's currency; where a rate is lacking, each currency by itself."""
    words, amounts = ask.words, list(annual)
    try:
        totals = [ask.policy.exchange.total(amounts)]
    except NoRate:
        currencies = sorted({money.currency for money in amounts})
        totals = [sum((m for m in amounts if m.currency == c), Money(Decimal(0), c)) for c in currencies]
    said = []
    for total in totals:
        month = (total.amount / 12).quantize(Decimal(1))
        sign = ("+" if month > 0 else MINUS if month else "") if signed else ""
        said.append(sign + words.money(abs(month) if signed else month, total.currency))
    return words._("{amount} MRR", amount=" + ".join(said))


def _stages(ask: Ask, found: Found) -> Iterator[Block]:
    for stage in STAGES:
        count = found.counts.get(stage, 0)
        name = term(ask.words, LAER_STAGES, stage)
        first = [f"*{capital(name)}*", ask.words.ngettext("{n} account", "{n} accounts", count)]
        if found.worth.get(stage):
            first.append(mrr(ask, found.worth[stage]))
        see = button(ask.words._("Show them"), "ask", _narrowed(ask, stage)) if count and not found.listed else None
        yield section(" · ".join(first), _grown(ask, found.growth, stage), accessory=see)


def _narrowed(ask: Ask, stage: Stage) -> str:
    return " ".join(f"{ask.capability} {ask.text} stage:{stage}".split())


def _grown(ask: Ask, growth: Growth, stage: Stage) -> str:
    """What the stage added to, and took from, net growth."""
    words, moved = ask.words, [money for kind in KINDS for money in growth.get((stage, kind), ())]
    if not moved:
        return words._("Net growth in 12 months: none")
    parts = [
        words._(said, amount=mrr(ask, (-m if kind == "taken" else m for m in growth[stage, kind])))
        for kind, said in KINDS.items()
        if growth.get((stage, kind))
    ]
    return words._("Net growth in 12 months: {net} ({parts})", net=mrr(ask, moved, signed=True), parts=", ".join(parts))


def _slow(ask: Ask, found: Found) -> Iterator[Block]:
    words, (count, longest) = ask.words, found.slow
    if not count:
        yield section(words._("*Stuck:* nobody is much longer in a stage than usual."))
        return
    factor = words.number(ask.policy.journey.slow)
    yield section(
        words.ngettext(
            "*Stuck:* {n} account is more than {factor} times its segment's usual time in a stage",
            "*Stuck:* {n} accounts are more than {factor} times their segment's usual time in a stage",
            count,
            factor=factor,
        )
    )
    yield from (_stuck(ask, found, each) for each in longest)


def _stuck(ask: Ask, found: Found, slow: Slow) -> Block:
    words, stage = ask.words, term(ask.words, LAER_STAGES, slow.stage)
    usual = usual_of(found.usual, slow.account.segment, slow.stage, ask.policy.journey)
    days = words.ngettext("{n} day", "{n} days", (ask.today - slow.since).days)
    normal = words.ngettext("{n} day", "{n} days", usual.days)
    so_far = (
        words._("at least {days} so far, usual: {normal}", days=days, normal=normal)
        if slow.at_least
        else words._("{days} so far, usual: {normal}", days=days, normal=normal)
    )
    see = button(words._("See the journey"), "ask", f"{ask.capability} {slow.account.account_id}")
    return section(f"*{named(slow.account.name, 60)}* · {stage}", so_far, accessory=see)


def _since(ask: Ask, each: Standing) -> str | None:
    if each.since is None:
        return None
    words = ask.words
    day, days = words.day(each.since), words.ngettext("{n} day", "{n} days", (ask.today - each.since).days)
    if each.at_least:
        return words._("at least since {day} ({days})", day=day, days=days)
    return words._("since {day} ({days})", day=day, days=days)


def _listed(ask: Ask, found: Found, page: int) -> Iterator[Block]:
    words = ask.words
    for each in found.listed[:PAGE]:
        given = words._("a person says so") if each.given else None
        see = button(words._("See the journey"), "ask", f"{ask.capability} {each.account.account_id}")
        yield section(
            " · ".join(filter(None, (f"*{named(each.account.name, 60)}*", _since(ask, each), given))), accessory=see
        )
    if len(found.listed) > PAGE:
        yield actions(button(words._("Next page"), "turn", ask.page_after(page)))
