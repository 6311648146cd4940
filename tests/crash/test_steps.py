"""kill -9 at durable steps of the daemon and its children, for each channel: the end is the same as without it.

Here a choice of them, so that it takes a minute; `make check-crash` (sweep.py) takes them all.
"""
import re
import signal

import pytest

from stage import SWEEPS, Stage

# The first steps of the daemon are its start, the arrival and the receipt; then come the officers' acts, all alike.
CLOSE, CLOSE_STRIDE, STRIDE = 33, 9, 127


@pytest.fixture(scope="module")
def stages(town):
    """One office a story; its calm worlds are played once."""
    made = {}

    def stage(story):
        if story not in made:
            made[story] = Stage(town, story)
        return made[story]
    return stage


@pytest.mark.parametrize("story, program", SWEEPS)
def test_death_at_a_step_changes_nothing(stages, story, program):
    stage = stages(story)
    steps, calm = stage.calm(program)
    assert steps > 5, "tidak ada langkah yang dihitung"
    assert not calm[1].differences(calm[0]), "mengulang tanpa mati mengubah sesuatu"
    last = min(steps - 1, CLOSE)
    chosen = [*range(2 if program == "mailbox" else 1, last, CLOSE_STRIDE), *range(CLOSE, steps - 3, STRIDE)]
    wrong, died = {}, 0
    for step in chosen:
        found = stage.judge(program, step, calm)
        died += len(stage.crashes())
        if found:
            wrong[f"langkah {step} {stage.crashes()}"] = found
    assert not wrong, "\n".join(f"{where}: {text}" for where, found in wrong.items() for text in found)
    assert died >= len(chosen) - 1, f"hanya {died} dari {len(chosen)} kali mati"


def test_first_start_killed_at_any_step_can_be_done_again(town):
    """init makes the book, its schema and the first admin; killed in between, the same command completes it."""
    step, died = 0, True
    while died:
        step += 1
        office = town.daemon(dovecot=None, exim=None, broker=None, gateway=None)
        office.extra_environment = {"PENGADUAND_CRASH_STEP": str(step), "PENGADUAND_CRASH_PROGRAM": "daemon"}
        died = office.run("init").returncode == -signal.SIGKILL
        office.extra_environment = {}
        said = office.must("init")
        assert re.search(r"kata sandi|sudah punya petugas", said), said
        office.must("verify")
        assert [login for login, in office.book_query("SELECT login FROM officer")] == ["admin"], f"langkah {step}"
        office.start()
        office.stop()
    assert step > 4, "tidak ada langkah yang dihitung"
