from datetime import date, timedelta

from domain.accounts import Contact
from domain.depth import Feature, Missed, Similar, User, depth

DAY = date(2026, 11, 23)


def user(name, weeks, days=0, contact_id=None):
    return User(name, contact_id, DAY - timedelta(days), weeks, 1)


def feature(name, *, core=True, used=False, product="", users=None):
    return Feature(name, product, core, used, users)


def of(users=(), contacts=(), features=(), products=(), similar=None, others=0):
    return depth(users, contacts, features, products, Similar(similar or {}, others))


def test_regular_is_three_of_the_last_four_weeks():
    found = of([user("a", 4), user("b", 3), user("c", 2), user("d", 0, 40)])
    assert (found.regular, found.once, [u.name for u in found.silent], found.seen) == (2, 1, ["d"], 4)
    assert [u.name for u in found.confident] == ["a", "b"]


def test_contacts_who_should_use_it_and_were_never_seen_are_silent():
    contacts = [
        Contact("c1", "Champion", role="champion"),
        Contact("c2", "Seen", role="user"),
        Contact("c3", "Gone", role="user", left_on=DAY),
        Contact("c4", "Sponsor", role="sponsor"),
    ]
    found = of([user("Seen", 4, contact_id="c2")], contacts)
    assert [u.name for u in found.silent] == ["Champion"]
    assert of([], contacts).silent == (), "where no file names users, nobody can be said not to use it"


def test_core_features_of_its_products_that_nobody_touches():
    features = [
        feature("close", product="Core"),
        feature("orders", product="Core", used=True, users=5),
        feature("routes", product="Fleet"),
        feature("extra", product="Core", core=False),
    ]
    assert [f.name for f in of(features=features, products=["Core"]).untouched] == ["close"]
    assert [f.name for f in of(features=features, products=[""]).untouched] == ["close", "routes"]


def test_what_a_majority_of_at_least_three_similar_accounts_use():
    features = [feature(name) for name in ("many", "few", "two")] + [feature("own", used=True)]
    similar = {"many": 5, "few": 4, "two": 2, "own": 10}
    assert of(features=features, similar=similar, others=10).missed == (Missed(features[0], 5, 10),)
    assert of(features=features, similar={"two": 2}, others=2).missed == ()


def test_what_they_use_begins_with_core_and_the_most_used():
    features = [
        feature("b", used=True, users=3),
        feature("a", core=False, used=True, users=9),
        feature("c", used=True, users=7),
    ]
    assert [f.name for f in of(features=features).used] == ["c", "b", "a"]
