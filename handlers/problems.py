"""What is wrong in a settings file, a policy or a playbook, said to whoever wrote it."""

from collections.abc import Mapping

from domain.policies.problems import Problem
from words import N_, Words

REASONS: Mapping[str, str] = {
    "not_yaml": N_("this is not YAML"),
    "not_a_mapping": N_("the file must hold keys and values"),
    "duplicate_key": N_("the key stands here twice"),
    "unknown_key": N_("there is no such key"),
    "missing": N_("a value is missing"),
    "wrong_type": N_("this is not the right kind of value"),
    "not_allowed": N_("this value is not one of those allowed"),
    "out_of_range": N_("this value is too small or too large"),
    "wrong_form": N_("this value does not have the right form"),
    "nothing_asked": N_("it asks for nothing: name at least one thing that must hold"),
    "floor_above_ceiling": N_("the least must not be above the most"),
    "unknown_metric": N_("there is no such metric; write a name of /kpi"),
    "unknown_column": N_("accounts have no such column; write one of theirs, or x_… of yours"),
    "bands_out_of_order": N_("yellow must begin below green"),
    "curve_not_rising": N_("the points of the curve must stand in rising order"),
    "curve_turns": N_("the curve must only rise or only fall"),
    "curves_differ": N_("the curves of all ages must have the same shape"),
    "nothing_weighs": N_("at least one measure must have a weight"),
    "unknown_time_zone": N_("there is no such time zone; write a name like America/Bogota"),
    "unknown_fact": N_("there is no such fact to ask for"),
    "wrong_condition": N_("this fact is asked for in another form"),
    "wrong_moment": N_("write a moment like D+3, E-2 or R-90"),
    "wrong_recurrence": N_("write a recurrence like FREQ=WEEKLY;COUNT=6, without a start"),
    "one_target": N_("write one of to, by, share with of, or done"),
    "nobody_does_it": N_("say who does it: owner for ours, contact for theirs"),
    "duplicate_activity": N_("two activities have this id"),
    "unknown_activity": N_("no activity of the plan has this id"),
    "needs_in_circle": N_("the activity needs itself, by way of the others"),
    "wrong_name": N_("a playbook is called as its file is"),
    "wrong_field": N_("there is no such merge field"),
    "too_long": N_("a message has one purpose, and at most 120 words"),
    "one_question": N_("a message asks exactly one question"),
    "wrong_template": N_("the text cannot be filled in: it holds fields, and whether one is defined"),
    "same_name": N_("another file has this name"),
    "too_big": N_("the file is too big"),
    "unreadable": N_("the file cannot be read"),
    "unknown_playbook": N_("there is no playbook of this name"),
    "unknown_measure": N_("there is no such measure"),
    "unknown_file": N_("no file of the data contract has this name"),
}
DETAILS: Mapping[str, str] = {
    "line": N_("line {value}"),
    "value": N_("given: {value}"),
    "nearest": N_("did you mean {value}?"),
    "allowed": N_("allowed: {value}"),
    "expected": N_("expected: {value}"),
    "limit": N_("limit: {value}"),
}


def explained(problem: Problem, words: Words) -> str:
    """file: key: what is wrong (what was given, what would do)."""
    details = [words._(DETAILS[name], value=value) for name, value in problem.detail.items() if name in DETAILS]
    where = ": ".join(part for part in (problem.file, problem.key) if part)
    reason = words._(REASONS[problem.reason_code])
    return f"{where}: {reason} ({'; '.join(details)})" if details else f"{where}: {reason}"
