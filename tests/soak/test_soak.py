"""A short soak, so that the long one (`make soak`) is known to work and its checks hold on every change."""
from servers import Town
from soak import soak

SECONDS = 15
P99_S = 3.0  # with sanitizers, a few hundred requests, on cores that run other tests: the long run holds the real bounds


def test_a_quarter_of_a_minute_of_twenty_busy_days_loses_nothing():
    with Town(mqtt=False) as town:
        passed, wrong = soak(town, SECONDS, page_p99_s=P99_S, callback_p99_s=P99_S)
    assert not wrong, "\n".join(wrong)
    assert passed >= 15
