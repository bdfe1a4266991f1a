"""An owner who is away has a deputy, then a manager; what nobody answers goes on."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Person
from domain.alerts.alerts import Alert
from domain.alerts.told import manager, share, told_to

DAY = date(2026, 11, 23)
NAMES = ("ana@x.com", "ben@x.com", "cleo@x.com", "sofia@x.com")


def alert(owner, **more):
    values = {"kind": "at_risk", "reason": "", "severity": "high", "told": "csm", "params": {}}
    return Alert(1, 1, owner=owner, opened_on=DAY, seen_on=DAY, **values | more)


def people(**changes):
    known = {
        "ana": {"manager": "Sofia@x.com", "deputy": "ben@x.com"},
        "ben": {"manager": "sofia@x.com"},
        "sofia": {"role": "lead"},
    }
    made = (Person(f"{name}@x.com", name, **values | changes.get(name, {})) for name, values in known.items())
    return {person.email: person for person in made}


AWAY = {"away_from": DAY - timedelta(1), "away_until": DAY}


def who(found):
    return [(each.email, each.because) for each in found]


def test_absence():
    assert who(told_to(alert("Ana@x.com"), people(), DAY)) == [("ana@x.com", "owner")]
    assert who(told_to(alert("ana@x.com"), people(ana=AWAY), DAY)) == [("ben@x.com", "deputy")]
    assert who(told_to(alert("ana@x.com"), people(ana=AWAY), DAY + timedelta(1))) == [("ana@x.com", "owner")]
    both = people(ana=AWAY, ben=AWAY)
    assert who(told_to(alert("ana@x.com"), both, DAY)) == [("sofia@x.com", "manager")]
    assert who(told_to(alert("gone@x.com"), people(), DAY)) == [("gone@x.com", "owner")]


def test_where_all_of_a_line_are_away_whoever_administers_is_told():
    line = people(ana=AWAY, ben=AWAY, sofia=AWAY)
    there, away = Person("tom@x.com", "Tom", role="admin"), Person("abe@x.com", "Abe", role="admin", **AWAY)
    house = {**line, there.email: there, away.email: away}
    assert who(told_to(alert("ana@x.com"), house, DAY)) == [("tom@x.com", "admin")]
    assert share("tom@x.com", house, DAY).owners == ("tom@x.com", *sorted({*line, "abe@x.com"}))


def test_while_nobody_is_there_it_stays_and_the_first_one_back_reads_it():
    longer = AWAY | {"away_until": DAY + timedelta(2)}
    house = people(ana=longer, ben=longer, sofia=longer) | {"abe@x.com": Person("abe@x.com", "Abe", "admin", **AWAY)}
    assert who(told_to(alert("ana@x.com"), house, DAY)) == [("ana@x.com", "owner")]
    assert who(told_to(alert("ana@x.com"), house, DAY + timedelta(1))) == [("abe@x.com", "admin")]


def test_who_may_only_look_stands_in_for_nobody():
    house = people(ana=AWAY, ben={"role": "viewer"}, sofia={"role": "viewer", "manager": "cleo@x.com"})
    cleo = Person("cleo@x.com", "Cleo", role="lead")
    assert who(told_to(alert("ana@x.com"), {**house, cleo.email: cleo}, DAY)) == [("cleo@x.com", "manager")]


def test_what_nobody_answered_goes_to_the_manager_and_stays_with_its_owner():
    escalated = alert("ana@x.com", escalated_on=DAY)
    assert who(told_to(escalated, people(), DAY)) == [("sofia@x.com", "escalated"), ("ana@x.com", "owner")]
    assert who(told_to(alert("sofia@x.com", escalated_on=DAY), people(), DAY)) == [("sofia@x.com", "owner")]


def test_what_nobody_owns():
    assert who(told_to(alert(None), people(), DAY)) == [(None, "nobody")]
    assert who(told_to(alert(None, told="admin"), people(), DAY)) == [(None, "admin")]


def test_managers_in_a_circle_end():
    circle = people(sofia={"manager": "ana@x.com", **AWAY}, ana=AWAY, ben=AWAY)
    assert manager("ana@x.com", circle, DAY) is None


@st.composite
def houses(draw):
    made = {}
    for name in NAMES:
        away = AWAY if draw(st.booleans()) else {}
        pick = st.sampled_from([None, *NAMES])
        role = draw(st.sampled_from(["csm", "admin", "viewer"]))
        made[name] = Person(name, name, role, manager=draw(pick), deputy=draw(pick), **away)
    return made


@given(houses(), st.sampled_from(NAMES), st.booleans())
def test_each_ones_share_is_what_they_are_told(house, owner, escalated):
    told = {each.email for each in told_to(alert(owner, escalated_on=DAY if escalated else None), house, DAY)}
    for name, person in house.items():
        if person.away(DAY):
            continue
        mine = share(name, house, DAY)
        assert (name in told) == (owner in mine.owners or (escalated and owner in mine.led)), name
