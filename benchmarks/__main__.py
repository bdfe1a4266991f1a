"""`python -m benchmarks [NAME [SIZES]]`: one measurement or every one; times are ratios of one run."""

import sys
from collections.abc import Callable, Mapping, Sequence

from benchmarks import alerts, effect, export, http, kpis, night, questions, score

BENCHMARKS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "http": http.main,
    "night": night.main,
    "score": score.main,
    "alerts": alerts.main,
    "kpis": kpis.main,
    "effect": effect.main,
    "export": export.main,
    "questions": questions.main,
}


def main(arguments: Sequence[str]) -> None:
    wanted = arguments[:1] or list(BENCHMARKS)
    if wanted[0] not in BENCHMARKS:
        sys.exit(f"{wanted[0]}? One of {', '.join(BENCHMARKS)}")
    for name in wanted:
        print(f"— {name}")
        BENCHMARKS[name](arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
