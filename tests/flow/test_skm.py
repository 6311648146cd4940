"""Survei Kepuasan Masyarakat: filled in by link and typed in from paper, told unsur by unsur."""
import pytest

from daemon import Daemon
from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    office = Daemon(tmp_path_factory.mktemp("kantor"))
    office.init()
    try:
        office.start()
        yield Desk(office).hire()
        office.stop()
        office.must("verify")
    finally:
        office.kill()


def by_link(desk, first, rest, **person):
    """The answers to U1 and to the eight others."""
    form = desk.daemon.session().get("/skm").must("Sembilan pertanyaan").form("/skm")
    return form.fill(**{f"u{u}": first if u == 1 else rest for u in range(1, 10)}, **person).submit()


def on_paper(desk, scores, **person):
    form = desk.session("petugas").get("/laporan/skm/isi").must().form("/laporan/skm/isi")
    return form.fill(**{f"u{u}": score for u, score in enumerate(scores, 1) if score}, **person).submit()


def results(desk, query=""):
    return desk.session("sekcam").get(f"/laporan/skm{query}").must()


def test_results_are_those_of_a_calculation_by_hand_and_a_blank_counts_for_its_own_unsur_only(desk):
    results(desk).must("IKM", "–")
    by_link(desk, 3, 3, umur="24", kelamin="P", pendidikan="sma", pekerjaan="pelajar", saran="Kursi tunggu ditambah.").must("Terima kasih")
    by_link(desk, 3, 3, umur="61", kelamin="L").must("Terima kasih")
    on_paper(desk, [4] + [3] * 8, umur="40").must("Kuesioner sudah disimpan")
    # U1: 3, 3, 4; the others 3 each: (10 + 8 * 9) * 2500 / 27 = 7592,59
    page = results(desk, "?dilayani=100").must("75,93", "Kurang baik", "3,333", "83,33", "Kursi tunggu ditambah.", "Di atas kertas")
    page.must("perlu 80", "Kurang 77 responden")  # Krejcie and Morgan: 80 of 100
    page.must("sampai 25", "26–40", "di atas 60", "Tidak diisi")
    on_paper(desk, [4] + [0] * 8).must("Kuesioner sudah disimpan")
    # U1: 3, 3, 4, 4 = 3.5; the others stay 3: 25 * (3.5 + 8 * 3) / 9 = 76,39
    results(desk).must("76,39", "3,500")
    by_link(desk, 4, 4).must("Terima kasih")
    # U1: 18 / 5 = 3.6, the others 13 / 4 = 3.25: 25 * (3.6 + 26) / 9 = 82,22
    results(desk).must("82,22", "Baik")
    assert desk.daemon.book_query("SELECT count(*) FROM event WHERE kind = 'skm_diisi'") == [(5,)]


def test_a_form_sent_twice_is_counted_once_and_a_wrong_one_comes_back_as_it_was_typed(desk):
    before = desk.daemon.book_query("SELECT count(*) FROM skm_form")
    form = desk.daemon.session().get("/skm").must().form("/skm")
    page = form.fill(u1="2", umur="24", saran="Lift.").submit()
    assert page.status == 422 and "Pilih satu jawaban untuk setiap pertanyaan" in page.text
    form = page.form("/skm")
    assert (form.field("umur").value, form.field("u1").value, form.field("u1").sent) == ("24", "2", True)
    page = form.fill(**{f"u{u}": 2 for u in range(1, 10)}, umur="tua").submit()
    assert page.status == 422 and "Umur ditulis dengan angka" in page.text
    form = page.form("/skm").fill(umur="70")
    assert desk.daemon.book_query("SELECT count(*) FROM skm_form") == before
    for _ in range(2):
        form.submit().must("Terima kasih")
    assert desk.daemon.book_query("SELECT count(*) FROM skm_form") == [(before[0][0] + 1,)]


def test_results_belong_to_a_semester_and_a_made_up_one_is_the_present(desk):
    results(desk, "?periode=2019-1").must("Semester 1 tahun 2019", "Semester 2 tahun 2018", "–")
    now = results(desk).text.split("\n")
    for nonsense in ("2019-3", "0000-1", "x", "2019-1x"):
        assert [line for line in results(desk, f"?periode={nonsense}").text.split("\n") if "Semester" in line] == [
            line for line in now if "Semester" in line]
    assert desk.daemon.session().get("/laporan/skm").path.startswith("/masuk")


def test_one_visitor_cannot_fill_the_survey_by_himself(desk):
    statuses = [by_link(desk, 1, 1).status for _ in range(12)]
    assert 429 in statuses and statuses[-1] == 429
    on_paper(desk, [3] * 9).must("Kuesioner sudah disimpan")
