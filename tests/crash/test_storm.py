"""Kills at random moments under load: nothing acknowledged is lost, nothing is there twice (storm.py)."""
from storm import storm

KILLS = 12


def test_nothing_acknowledged_is_lost_or_doubled_by_kills_under_load(town):
    wrong, figures = storm(town, KILLS)
    assert not wrong, "\n".join(wrong)
    assert figures["callbacks"] > 20 and figures["mails"] > 5, figures
