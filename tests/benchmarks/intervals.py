"""Intervals of shares: Wilson's, with the problems as clusters where seeds repeat.

share_with_interval([[True] * 5] * 20)     (1.0, 0.84, 1.0): five seeds of 20 problems are no 100 problems
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from statsmodels.stats.proportion import proportion_confint

LEVEL = 0.95


def share_with_interval(solved: Sequence[Sequence[bool]]) -> tuple[float, float, float]:
    """Return the share solved and its 95 % interval.

    solved: the seeds of each problem, as many for each. Problems weigh alike.

    Wilson's interval (1927) for the effective number of runs: so many independent ones would vary as much as the means
    of the problems do; no fewer than the problems and no more than the runs. Where all runs end alike nothing is seen
    to vary, and only the problems count. Source: Korn and Graubard, 1998, "Confidence intervals for proportions with
    small expected number of positive counts estimated from survey data", with Wilson's interval in place of theirs.
    """
    means = np.array([np.mean(seeds) for seeds in solved])
    share, problems, runs = float(means.mean()), len(means), sum(map(len, solved))
    variance = float(means.var(ddof=1)) / problems if problems > 1 else 0.0
    effective = float(np.clip(share * (1 - share) / variance, problems, runs)) if variance > 0 else float(problems)
    low, high = proportion_confint(share * effective, effective, alpha=1 - LEVEL, method="wilson")
    return share, float(low), float(high)
