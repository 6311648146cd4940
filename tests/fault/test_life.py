"""One running office, and a failing call in each story: come again, a line in the log, and in the end everything once.

A choice of the calls, in the build with ASan; `make check-fault` (run.py) takes far more of them."""
import pytest

from sweep import Sweep, work

CHOICE = {
    "whatsapp": [Sweep("whatsapp", "sync"), Sweep("whatsapp", "open"), Sweep("whatsapp", "socket"),
                 Sweep("whatsapp", "write", stride=41), Sweep("whatsapp", "sqlite", stride=47),
                 Sweep("whatsapp", "alloc", stride=131), Sweep("whatsapp", "alloc", stride=211, count=30)],
    "situs": [Sweep("situs", "sync"), Sweep("situs", "name"), Sweep("situs", "open"), Sweep("situs", "socket", stride=5),
              Sweep("situs", "write", stride=23), Sweep("situs", "sqlite", stride=29), Sweep("situs", "alloc", stride=71),
              Sweep("situs", "socket", program="parser"), Sweep("situs", "alloc", stride=211, program="parser", most=2000)],
    "email": [Sweep("email", "sync", stride=3), Sweep("email", "name", stride=4), Sweep("email", "socket", stride=61),
              Sweep("email", "alloc", stride=401), Sweep("email", "socket", stride=17, program="mailbox"),
              Sweep("email", "alloc", stride=167, program="mailbox", most=500)],
    "meja": [Sweep("meja", "sync"), Sweep("meja", "sqlite", stride=67), Sweep("meja", "alloc", stride=401)],
    "baca": [Sweep("baca", "read", stride=3), Sweep("baca", "sqlite", stride=11), Sweep("baca", "alloc", stride=97)],
}


@pytest.mark.parametrize("play", CHOICE)
def test_a_failing_call_under_a_running_office_loses_and_doubles_nothing(town, play):
    left = work(town, CHOICE[play])
    bad = [f"{sweep.name} {number}: {text}" for sweep in CHOICE[play] for number, wrong in sweep.bad.items() for text in wrong]
    assert not bad and not left, "\n".join([*bad, *left])[:12000]
    assert sum(sweep.faults for sweep in CHOICE[play]) > 10
