"""How the daemon is run as a service: by whom, and how far its unit lets it reach."""
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from daemon import ROOT, Daemon
from process import Died, servers_user

EX_NOPERM = 77
UNITS = ["pengaduand.service", "pengaduand@.service"]
EXPOSURE_MOST = 1.5


@pytest.fixture()
def office(tmp_path):
    made = Daemon(tmp_path)
    yield made
    made.kill()


@pytest.fixture()
def foreign(office):
    """A prepared office whose data folder belongs to another user, as root finds it on an installed machine."""
    office.init()
    if os.geteuid() != 0:
        pytest.fail("dijalankan tanpa root: uji ini memerlukan pengguna lain sebagai pemilik folder")
    shutil.chown(office.data, servers_user())
    return office


def owner(path):
    return pwd.getpwuid(path.stat().st_uid).pw_name


def test_root_does_not_serve_from_the_data_folder_of_somebody_else(foreign):
    with pytest.raises(Died) as died:
        foreign.start()
    assert died.value.status == EX_NOPERM
    assert f"sudo -u {servers_user()} pengaduand" in died.value.output


def test_root_serves_from_it_when_told(foreign):
    foreign.argv = lambda: [*Daemon.argv(foreign), "--as-root"]
    foreign.start()
    foreign.wait_log(r"serve\.as_root")
    before = len(foreign.output())
    foreign.reload()  # starts itself anew, still told
    foreign.wait_log(r"serve\.ready", after=before)
    assert foreign.stop() == 0


@pytest.mark.parametrize("command", [["init"], ["verify"], ["backup", "."], ["user", "list"], ["status"]])
def test_root_opens_no_book_of_somebody_else(foreign, command):
    before = sorted((path.name, owner(path)) for path in foreign.data.iterdir())
    done = foreign.run(*command)
    assert done.returncode == EX_NOPERM, done
    assert f"sudo -u {servers_user()}" in done.stderr
    assert sorted((path.name, owner(path)) for path in foreign.data.iterdir()) == before


def test_root_restores_nothing_into_the_folder_of_somebody_else(foreign, tmp_path):
    shutil.chown(foreign.data, "root")
    (tmp_path / "cadangan").mkdir()
    foreign.must("backup", str(tmp_path / "cadangan"))
    shutil.rmtree(foreign.data)
    foreign.data.mkdir()
    shutil.chown(foreign.data, servers_user())
    done = foreign.run("restore", str(next((tmp_path / "cadangan").iterdir())))
    assert done.returncode == EX_NOPERM, done
    assert not list(foreign.data.iterdir())


def test_init_by_root_says_that_the_daemon_will_be_root(office):
    said = office.init()
    assert ("oleh root" in said) == (os.geteuid() == 0)
    office.start()
    assert ("serve.as_root" in office.output()) == (os.geteuid() == 0)
    assert office.stop() == 0


def test_another_user_needs_not_be_told(office, tmp_path):
    """The way of the unit: everything belongs to the user that runs it."""
    office.write_configuration()
    entry = pwd.getpwnam(servers_user())
    home = tmp_path / "rumah"
    home.mkdir()
    office.sections["server"]["data"] = str(home / "data")
    office.data = home / "data"
    office.write_configuration()
    for path in (home, office.configuration):
        shutil.chown(path, entry.pw_uid, entry.pw_gid)
    for folder in [tmp_path, *tmp_path.parents][:4]:  # pytest's folders are for their owner alone
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o011)
    done = subprocess.run([*office.argv()[:1], "init", "-c", str(office.configuration)], cwd=home, text=True,
                          capture_output=True, env=office.environment(), user=entry.pw_uid, group=entry.pw_gid,
                          extra_groups=[])
    assert done.returncode == 0, done
    assert "oleh root" not in done.stdout
    assert owner(office.data) == entry.pw_name


# ---- the unit


@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_is_closed_in(unit):
    """systemd's own judgement where systemd is (0 = nothing allowed, 10 = everything); its worth elsewhere too."""
    text = (ROOT / "config" / unit).read_text()
    settings = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert settings["User"] == "pengaduand" and settings["CapabilityBoundingSet"] == ""
    assert settings["NoNewPrivileges"] == settings["PrivateUsers"] == settings["ProtectHome"] == "yes"
    assert settings["ProtectSystem"] == "strict" and settings["StateDirectoryMode"] == "0700"
    assert "ReadWritePaths" not in settings
    if shutil.which("systemd-analyze") is None:
        return
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--threshold={int(EXPOSURE_MOST * 10)}",
                           "--no-pager", str(ROOT / "config" / unit)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr
    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout).group(1))
    assert exposure <= EXPOSURE_MOST


def test_both_units_differ_in_names_only():
    one, many = ((ROOT / "config" / unit).read_text() for unit in UNITS)
    settings = [[line for line in text.split("[Service]")[1].splitlines() if "=" in line and not line.startswith("#")
                 and "pengaduand" not in line] for text in (one, many)]
    assert settings[0] == settings[1]


def test_a_secret_comes_as_a_credential_of_systemd(office, tmp_path):
    """LoadCredential= gives a folder that only the service sees; the file's value names the credential."""
    folder = tmp_path / "kredensial"
    folder.mkdir(mode=0o700)
    (folder / "WEB_SECRET").write_text(office.secrets.pop("WEB_SECRET") + "\n")
    office.extra_environment["CREDENTIALS_DIRECTORY"] = str(folder)
    office.init()
    office.start()
    environment = Path(f"/proc/{office.process.pid}/environ").read_text()
    assert (folder / "WEB_SECRET").read_text().strip() not in environment
    assert office.stop() == 0
    (folder / "WEB_SECRET").unlink()
    done = office.run("check")
    assert done.returncode == 78 and "kredensial systemd WEB_SECRET" in done.stdout + done.stderr
