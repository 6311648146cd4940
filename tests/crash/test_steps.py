"""kill -9 at durable steps of the daemon and its children, for each channel: the end is the same as without it.

Here a choice of them, so that it takes a minute; `make check-crash` (sweep.py) takes them all.
"""
import re
import shutil
import signal

import pytest

from desk import Desk, number_in
from process import Died, await_that
from stage import SWEEPS, Stage

# The first steps of the daemon are its start, the arrival and the receipt; then come the officers' acts, all alike.
CLOSE, CLOSE_STRIDE, STRIDE = 33, 9, 127
FORGETTING = (6, 8, 9)  # of a start with nothing else to do: around the COMMIT, what follows it, its file


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


@pytest.fixture(scope="module")
def agreed(town):
    """(office, folder): the Camat has agreed, and nothing is carried out yet; two complaints, a file in the folder."""
    office = town.daemon(dovecot=None, exim=None, broker=None, gateway=None)
    office.init()
    desk = Desk(office).hire()
    office.start()
    photo = ("rumah.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"jejak" * 20000)
    for files in ((photo,), ()):
        number = number_in(desk.complain_on_website("Lampu padam di depan rumah.", name="Kusumaningrum", files=files).text)
        desk.act("petugas", number, "arsipkan", isi="Ditarik.")
        complaint = office.book_query("SELECT max(id) FROM complaint")[0][0]
        form = desk.session("petugas").get(f"/aduan/{complaint}").form(f"/aduan/{complaint}/hak").fill(hak="hapus", cara="loket")
        form.submit().form("/penuhi").submit().must("Dilaporkan kepada Camat")
    for address in ["/hak/usulan/1", "/hak/usulan/2"]:
        desk.session("camat").get(address).form(address).fill(yakin="ya").submit("Setujui").must("Disetujui")
        office.kill() if address.endswith("2") else None
    shutil.copytree(office.data, office.folder / "disetujui", ignore=shutil.ignore_patterns("*.sock"))
    return office, office.folder / "disetujui"


def test_forgetting_killed_at_a_step_is_carried_out_in_the_next_life(agreed):
    """Between the COMMIT and the file that goes with it the file is left: it is swept a day later, as any without a row."""
    office, folder = agreed
    died, left = [], "SELECT 1 FROM forget_list WHERE merged_at IS NULL"
    for step in FORGETTING:
        shutil.rmtree(office.data)
        shutil.copytree(folder, office.data)
        office.forget_output()
        try:
            office.start(crash_step=step, crash_program="daemon")
            await_that(lambda: not office.alive() or not office.book_query(left), 30, "mati atau selesai")
        except Died:  # before it was ready
            pass
        if office.alive():
            office.stop()
        office.wait_death()
        died += re.findall(r"^crash step \d+: (\S+)", office.output(), re.MULTILINE)
        office.start()
        await_that(lambda: not office.book_query(left), 30, "terhapus")
        office.stop()
        office.must("verify")
        assert office.book_query("SELECT count(*), count(DISTINCT complaint_id) FROM event WHERE kind = 'lupakan'") == [(2, 2)]
        assert office.book_query("SELECT count(*) FROM citizen WHERE nama IS NOT NULL") == [(0,)]
        assert b"kusumaningrum" not in (office.data / "buku.db").read_bytes().lower()
    assert len(died) == len(FORGETTING), died


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
