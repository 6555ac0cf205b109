"""The trust region's state."""

from __future__ import annotations

from latent_repl.synthesis.bayesian.trust_region import FIRST, GROW_AFTER, LONGEST, SHRINK_AFTER, TrustRegion


def after(region: TrustRegion, *losses: float) -> TrustRegion:
    for loss in losses:
        region = region.after(loss)
    return region


def test_gains_let_it_grow_up_to_a_limit() -> None:
    gains = [10.0 - step for step in range(GROW_AFTER)]
    assert after(TrustRegion(), *gains).length == min(2 * FIRST, LONGEST)
    assert after(TrustRegion(length=LONGEST), *gains).length == LONGEST


def test_rounds_without_a_gain_let_it_shrink_until_it_is_exhausted() -> None:
    region = after(TrustRegion(), 5.0, *[5.0] * SHRINK_AFTER)
    assert region.length == FIRST / 2
    assert not region.exhausted
    assert after(region, *[5.0] * 10 * SHRINK_AFTER).exhausted


def test_a_gain_of_nearly_nothing_is_none() -> None:
    assert after(TrustRegion(), 5.0, 5.0 - 1e-6).failures == 1
    assert after(TrustRegion(), 5.0, 4.0).length == 2 * FIRST


def test_it_is_a_value() -> None:
    region = TrustRegion()
    region.after(3.0)
    assert region == TrustRegion()
