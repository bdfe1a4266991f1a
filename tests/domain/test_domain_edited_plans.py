"""The laws of merging an edited plan: base × theirs × ours."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.workbooks.edited_plans import FIELDS, alike, merge

VALUES = {
    "text": st.one_of(st.none(), st.sampled_from(["a", "b", "línea uno\nlínea dos", "c "])),
    "number": st.one_of(st.none(), st.decimals(-5, 5, places=1)),
    "day": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 4))),
    "choice": st.sampled_from(["open", "done", "skipped"]),
    "person": st.one_of(st.none(), st.sampled_from(["ana@x.com", "ben@x.com"])),
}


def _rows(entity):
    row = st.fixed_dictionaries({name: VALUES[kind] for name, kind in FIELDS[entity].items()})
    keys = st.sampled_from([(entity, "r1"), (entity, "r2"), (entity, "r3")])
    return st.dictionaries(keys, row, max_size=3)


ROWS = st.tuples(*(_rows(entity) for entity in ("tasks", "goals"))).map(lambda parts: {**parts[0], **parts[1]})
THREE = st.tuples(ROWS, ROWS, ROWS)


def applied(rows, found):
    after = {key: dict(row) for key, row in rows.items()}
    for edit in found.changed:
        after[edit.key][edit.field] = edit.after
    return after


@given(ROWS, ROWS)
def test_an_unchanged_file_changes_nothing(base, ours):
    found = merge(base, base, ours)
    assert not found.changed
    assert not found.conflicts
    assert not found.absent


@given(THREE)
def test_the_order_of_rows_and_columns_does_not_matter(three):
    base, theirs, ours = three
    turned = {key: dict(reversed(row.items())) for key, row in reversed(theirs.items())}
    assert merge(base, theirs, ours) == merge(base, turned, ours)


@given(THREE)
def test_a_conflict_iff_both_sides_changed_to_different_values(three):
    base, theirs, ours = three
    found = merge(base, theirs, ours)
    fought = {(each.key, each.field) for each in found.conflicts}
    for key in base.keys() & theirs.keys() & ours.keys():
        for field, value in theirs[key].items():
            was, now = base[key][field], ours[key][field]
            both = not alike(value, was) and not alike(now, was) and not alike(value, now)
            assert ((key, field) in fought) == both


@given(THREE)
def test_sent_again_it_changes_nothing(three):
    base, theirs, ours = three
    after = applied(ours, merge(base, theirs, ours))
    assert not merge(base, theirs, after).changed


@given(ROWS, st.data())
def test_disjoint_edits_commute(base, data):
    cells = sorted((key, field) for key, row in base.items() for field in row)
    mine = data.draw(st.sets(st.sampled_from(cells)) if cells else st.just(set()))

    def edited(chosen):
        rows = {key: dict(row) for key, row in base.items()}
        for key, field in chosen:
            rows[key][field] = data.draw(VALUES[FIELDS[key[0]][field]])
        return rows

    one, other = edited(mine), edited(set(cells) - mine)
    first = applied(applied(base, merge(base, one, base)), merge(base, other, applied(base, merge(base, one, base))))
    second = applied(applied(base, merge(base, other, base)), merge(base, one, applied(base, merge(base, other, base))))
    assert first == second


def test_a_column_that_was_taken_out_and_a_row_that_was_deleted_touch_nothing():
    base = {("tasks", "t1"): {"note": "a", "hours": Decimal(1)}, ("tasks", "t2"): {"note": "b"}}
    found = merge(base, {("tasks", "t1"): {"hours": Decimal(2)}}, base)
    assert [(edit.field, edit.after) for edit in found.changed] == [("hours", Decimal(2))]
    assert found.absent == (("tasks", "t2"),)


def test_an_edited_row_that_is_gone_meanwhile_is_a_conflict():
    base = {("tasks", "t1"): {"note": "a"}}
    (found,) = merge(base, {("tasks", "t1"): {"note": "b"}}, {}).conflicts
    assert found.gone


def test_a_new_row_stands_once_and_one_of_another_plan_is_unknown():
    new = {"n1": {"title": "x"}}
    assert merge({}, {}, {}, new).added == new
    assert not merge({}, {}, {("tasks", "n1"): {}}, new).added
    assert merge({}, {("goals", "g9"): {}}, {}).unknown == (("goals", "g9"),)


def test_what_a_spreadsheet_does_to_a_value_is_no_edit():
    assert alike("one\r\ntwo ", "one\ntwo")
    assert alike(Decimal("1.10"), Decimal("1.1"))
    assert alike("", None)
    assert not alike(Decimal("1.1"), Decimal("1.2"))
