"""How the effect of a playbook is told: English msgids by the codes of domain/effects/effect.py."""

from collections.abc import Mapping

from words import N_, NN_

ASSIGNED: Mapping[str, tuple[str, str]] = {
    "hold_out": NN_("{n} by the draw", "{n} by the draw"),
    "capacity": NN_("{n} by free hours", "{n} by free hours"),
    "chosen": NN_("{n} chosen by a CSM", "{n} chosen by a CSM"),
    "rule": NN_("{n} by the rule alone", "{n} by the rule alone"),
}
METHODS: Mapping[str, str] = {
    "randomised": N_("the draw decided who started: only those are compared"),
    "adjusted": N_("compared where they resemble one another; what no column holds may still differ"),
    "hint": N_("nobody drew lots for it"),
}
ADJUSTED: Mapping[str, str] = {
    "score_before": N_("the score before"),
    "kpi_before": N_("the KPI before"),
    "potential": N_("the rank in the wave"),
}
LEFT_OUT: Mapping[str, tuple[str, str]] = {
    "chosen": NN_("{n} that a CSM chose", "{n} that a CSM chose"),
    "not_drawn": NN_("{n} that the draw could not reach", "{n} that the draw could not reach"),
    "no_outcome": NN_("{n} of which the result is not known", "{n} of which the result is not known"),
    "unknown_before": NN_(
        "{n} of which it is not known how it was before", "{n} of which it is not known how they were before"
    ),
    "no_counterpart": NN_("{n} that no other resembles", "{n} that no other resembles"),
}
CAUTIONS: Mapping[str, str] = {
    "many_chosen": N_("CSMs chose more than a tenth of those that could have been compared: what is left may differ"),
    "outcomes_uneven": N_("the result is missing more often on one side: who has left has no KPI"),
    "potential_unknown": N_("the starts went by rank, and the rank was not recorded"),
}
UNDEFINED: Mapping[str, str] = {
    "cannot_tell": N_("Cannot tell: a CSM chose every start, for reasons that no column holds."),
    "unknown_scores": N_("Cannot tell: nothing was drawn, and the scores before are not known."),
    "no_control": N_("Nobody to compare with: every account that could have it was started."),
    "no_outcome": N_("No result is known yet."),
    "no_overlap": N_("Nothing can be said: those that started and those that did not are too different."),
    "no_variation": N_("Nothing can be said: the KPI is the same in all accounts of each side."),
    "not_started": N_("It has not been started yet."),
    "not_by_account": N_("Nothing can be said: this KPI is not told of one account alone."),
}
