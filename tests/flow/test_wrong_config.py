"""What the daemon says when something around it is wrong: one clear line, the right exit code, the rest goes on."""
import os
import re
import signal
import socket
import sqlite3

import pytest

from desk import Desk, number_in
from process import Died
from servers import Town

EX_CONFIG = 78


@pytest.fixture(scope="module")
def bare_town():
    with Town(mail=False, mqtt=False, whatsapp=False) as made:
        yield made


def lines_of(done):
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]


@pytest.mark.parametrize("section,key,value", [
    ("server", "listen", "bukan-alamat"), ("server", "listne", "127.0.0.1:1"), ("office", "timezone", "CET"),
    ("log", "level", "keras"), ("website lama", "secret", "$TIDAK_DIISI"),
    ("mailbox kantor", "port", "99999"), ("gateway wa", "mapping", "tidak-ada")])
def test_each_fault_is_named_with_file_line_and_what_is_expected(bare_town, section, key, value):
    office = bare_town.daemon()
    office.sections["mailbox kantor"] = {"host": "localhost", "user": "u", "password": "$WEB_SECRET"}
    office.sections["gateway wa"] = {"mapping": "gowa", "set.base": "http://127.0.0.1:9", "private": "yes",
                                     "secret.GOWA_SECRET": "$WEB_SECRET", "secret.GOWA_BASIC": "$WEB_SECRET"}
    office.sections[section][key] = value
    office.write_configuration()
    at = office.configuration.read_text().splitlines().index(f"{key} = {value}") + 1
    done = office.run("check")
    assert done.returncode == EX_CONFIG
    assert any(re.match(rf"{re.escape(str(office.configuration))}:{at}: \S", line) for line in lines_of(done)), done
    assert office.secrets["WEB_SECRET"] not in done.stdout + done.stderr
    with pytest.raises(Died) as died:
        office.start()
    assert died.value.status == EX_CONFIG


def test_right_configuration_passes_the_check(bare_town):
    office = bare_town.daemon()
    office.init()
    assert office.run("check").returncode == 0


@pytest.mark.parametrize("text", ["[office]\nname = Kecamatan Kedopok\n[server]\nlisten = 127.0.0.1:{port}\n",
                                  "[office]\nname = Kecamatan Kedopok\n[server]\nlisten = 0.0.0.0:{port}\n"])
def test_name_of_the_office_alone_is_enough(bare_town, text):
    office = bare_town.daemon()
    office.data = office.folder / "data"
    office.write_configuration(text.format(port=office.port))
    office.init()
    office.start()
    assert "Kecamatan Kedopok" in office.session().get("/").must().text
    office.stop()


def test_all_faults_are_told_at_once(bare_town):
    office = bare_town.daemon()
    office.sections["office"]["timezone"] = "CET"
    office.sections["log"]["level"] = "keras"
    office.write_configuration()
    assert len([line for line in lines_of(office.run("check")) if str(office.configuration) in line]) == 2


def test_missing_file_is_named(bare_town):
    office = bare_town.daemon()
    office.write_configuration()
    office.configuration.unlink()
    office.write_configuration = lambda *_: None
    done = office.run("check")
    assert done.returncode == EX_CONFIG and str(office.configuration) in done.stdout + done.stderr


def test_taken_port_is_said_in_one_line(bare_town):
    office = bare_town.daemon()
    office.init()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", office.port))
        other.listen()
        with pytest.raises(Died) as died:
            office.start()
    assert died.value.status not in (0, -signal.SIGSEGV, -signal.SIGABRT)
    assert len([line for line in died.value.output.splitlines() if str(office.port) in line]) == 1


def test_data_folder_that_cannot_be_written_is_said_in_one_line(bare_town):
    office = bare_town.daemon()
    office.init()
    office.data.rename(office.data.with_name("dipindah"))
    office.data.write_text("bukan folder")
    with pytest.raises(Died) as died:
        office.start()
    assert died.value.status > 0
    assert [line for line in died.value.output.splitlines() if str(office.data) in line]


def test_book_of_a_newer_version_is_left_untouched(bare_town):
    office = bare_town.daemon()
    office.init()
    book = next(office.data.glob("*.db"))
    with sqlite3.connect(book) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(Died) as died:
        office.start()
    assert died.value.status > 0 and "9999" in died.value.output
    connection = sqlite3.connect(book)
    assert connection.execute("PRAGMA user_version").fetchone() == (9999,)
    connection.close()


def test_everything_outside_away_and_the_counter_still_works():
    with Town() as town:
        office = town.daemon()
        office.init()
        desk = Desk(office).hire()
        town.dovecot.stop()
        town.exim.stop()
        town.broker.stop()
        town.gateway.stop()
        office.start()
        number = number_in(desk.complain_on_website("Semua mati, buku tetap terbuka.").text)
        desk.complaint("petugas", number)
        status = office.must("status").lower()
        assert "email:kantor" in status and "mqtt" in status
        office.stop()


def test_second_daemon_on_the_same_book_is_refused(bare_town):
    office = bare_town.daemon()
    office.init()
    office.start()
    other = bare_town.daemon()
    other.sections["server"]["data"] = office.data
    with pytest.raises(Died) as died:
        other.start()
    assert died.value.status > 0
    office.stop()


def test_kill_is_survived_and_stop_is_clean(bare_town):
    office = bare_town.daemon()
    office.init()
    desk = Desk(office).hire()
    office.start()
    number = number_in(desk.complain_on_website("Sebelum mati listrik.").text)
    office.kill()
    office.start()
    desk.logged_out()
    desk.complaint("petugas", number)
    assert office.session().get("/healthz").status == office.session().get("/readyz").status == 200
    assert office.stop() == 0


def test_edited_history_is_found_by_verify(bare_town):
    office = bare_town.daemon()
    office.init()
    desk = Desk(office).hire()
    office.start()
    number = number_in(desk.complain_on_website("Jangan diubah.").text)
    desk.verify(number)
    office.stop()
    office.must("verify")
    with sqlite3.connect(next(office.data.glob("*.db"))) as connection:
        connection.execute("UPDATE event SET actor = 'petugas:orang-lain' WHERE kind = 'verifikasi'")
    connection.close()
    done = office.run("verify")
    assert done.returncode == 1 and done.stdout + done.stderr


def test_secrets_and_phone_numbers_stay_out_of_the_log():
    with Town(mail=False, mqtt=False) as town:
        import gateway as stand_in
        office = town.daemon()
        office.sections["log"]["level"] = "debug"
        office.init()
        office.start()
        town.gateway.deliver_gowa(office.hook_url(), stand_in.gowa_text("6281234567890", "Rahasia isi pesan"),
                                  office.secrets["GOWA_SECRET"])
        town.gateway.wait_sent(lambda sent: number_in(sent.text))
        office.stop()
        said = office.output()
        assert "6281234567890" not in said and "Rahasia isi pesan" not in said
        assert not [name for name, value in office.secrets.items() if value in said]
        assert os.path.getsize(office.log_path) > 0
