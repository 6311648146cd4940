"""The first hour of an office: `init`, `serve` with the configuration it wrote, the admin's one-time password, and the
website form and the tracking page work at once, with no mail and no gateway configured.
"""
import re
import subprocess

import pytest

from daemon import build_folder
from desk import code_in, number_in
from process import await_that, free_port
from session import Session


@pytest.fixture()
def first(tmp_path):
    program = build_folder() / "pengaduand"
    configuration = tmp_path / "pengaduand.conf"
    # By a path from where one stands, as `make run` does.
    told = subprocess.run([program, "init", "-c", configuration.name], capture_output=True, text=True, check=True,
                          cwd=tmp_path).stdout
    port = free_port()
    text = configuration.read_text()
    assert ";listen = 127.0.0.1:8080\n" in text
    configuration.write_text(text.replace(";listen = 127.0.0.1:8080\n", f"listen = 127.0.0.1:{port}\n"))
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen([program, "serve", "-c", configuration.name], stderr=log, cwd=tmp_path)
    session = Session(f"http://127.0.0.1:{port}")

    def ready():
        assert process.poll() is None, (tmp_path / "log").read_text()
        try:
            return session.get("/readyz").status == 200
        except OSError:
            return False

    try:
        await_that(ready, 20, "layanan siap")
        yield told, session, f"http://127.0.0.1:{port}"
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        log.close()


def test_form_and_tracking_work_at_once(first):
    _, session, _ = first
    form = session.get("/aduan").must().form("/aduan")
    page = form.fill(isi="Lampu jalan padam di depan pasar.", nama="Siti").submit().must()
    tracked = session.get("/lacak").must().form("/lacak").fill(kode=code_in(page.text)).submit().must()
    assert number_in(tracked.text) == number_in(page.text)


def test_admin_enters_with_the_one_time_password_and_must_change_it(first):
    told, session, _ = first
    password = re.search(r"kata sandi sekali pakai (\S+)", told).group(1)
    page = session.get("/masuk").must().form("/masuk").fill(u="admin", p=password).submit().must()
    assert page.path == "/sandi"


def test_commands_reach_the_running_daemon(first, tmp_path):
    done = subprocess.run([build_folder() / "pengaduand", "status", "-c", "pengaduand.conf"], capture_output=True,
                          text=True, cwd=tmp_path)
    assert done.returncode == 0 and "situs" in done.stdout


def test_pages_speak_of_the_address_they_are_found_at(first):
    _, session, base = first
    form = session.get("/aduan").must().form("/aduan")
    page = form.fill(isi="Lampu jalan padam di depan pasar.", nama="Siti").submit().must()
    assert base.removeprefix("http://") in page.text
