"""The daemon under test: its configuration, its life from READY=1 to exit 0, its command line."""
import base64
import os
import re
import secrets
import select
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import witness
from process import STOP_S, Missed, Server, await_that, free_port
from mail import OFFICE_ADDRESS
from session import Session

ROOT = Path(__file__).resolve().parents[2]
READY_S = 30.0


def build_folder():
    """Where the programs to test are: PENGADUAND_BUILD, or the build of `make`."""
    return ROOT / os.environ.get("PENGADUAND_BUILD", "build/release")


def sections_text(sections):
    """{"mailbox kantor": {"host": "localhost"}} as INI text, in that order."""
    blocks = ("\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in options.items())])
              for name, options in sections.items())
    return "\n\n".join(blocks) + "\n"


class Daemon(Server):
    """One office. The servers it is given (None = not configured) are written into its configuration.

    `sections` may be changed until start(); secrets go by environment, as `$NAME` in the file.
    Exit codes are kept: stop() must give 0, or the test fails."""

    name = "pengaduand"
    as_servers_user = False

    def __init__(self, folder, dovecot=None, exim=None, broker=None, gateway=None, certificates=None, maildirs=None,
                 port=None, mapping="gowa"):
        super().__init__(folder)
        self.log_path = witness.log_path(self.log_path)
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.configuration = folder / "pengaduand.conf"
        self.data = folder / "data"
        self.secrets = {}
        self.extra_environment = {}
        self.sections = self._office()
        if dovecot:
            self._add_mailbox(dovecot, certificates, maildirs)
        if exim:
            self._add_smtp(exim, certificates, maildirs)
        if gateway:
            self._add_gateway(gateway, mapping)
        if broker:
            self._add_broker(broker)
        self._notify_path = folder / "notify"
        self._notify = None
        self._said = set()
        self.status = None  # of the last end

    # ---- configuration

    def _office(self):
        return {
            "office": {"name": "Kecamatan Kedopok", "region": "Kota Probolinggo", "address": "Jalan Mastrip 100",
                       "phone": "(0335) 555-014", "email": OFFICE_ADDRESS, "timezone": "WIB",
                       "letter_seconds": 0},  # an office lets its officers think again; a test has no time
            "server": {"listen": f"127.0.0.1:{self.port}", "public_url": self.base, "data": str(self.data),
                       "verify": "no"},  # what is tested of it is told to begin; elsewhere it would write into the book
            "log": {"level": "info"},
            "website lama": {"secret": self.secret("WEB_SECRET")},
        }

    def secret(self, name, value=None):
        """Sets the environment's value; returns the reference for the file."""
        self.secrets[name] = value or secrets.token_hex(16)
        witness.keep("key", self.secrets[name])
        return f"${name}"

    def _add_mailbox(self, dovecot, certificates, maildirs):
        user, password = maildirs.accounts[OFFICE_ADDRESS]
        self.sections["mailbox kantor"] = {
            "host": "localhost", "port": dovecot.port, "tls": "yes", "ca_file": certificates.ca, "user": user,
            "password": self.secret("IMAP_PASSWORD", password), "folder": "INBOX"}

    def _add_smtp(self, exim, certificates, maildirs):
        user, password = maildirs.accounts[OFFICE_ADDRESS]
        self.sections["smtp"] = {
            "host": "localhost", "port": exim.tls_port, "tls": "yes", "ca_file": certificates.ca, "user": user,
            "password": self.secret("SMTP_PASSWORD", password), "from": OFFICE_ADDRESS, "per_minute": 6000,
            "auto_per_address": 10000, "auto_in_all": 100000}

    def _add_gateway(self, gateway, mapping):
        if mapping == "gowa":
            # The mapping writes "Authorization: Basic <GOWA_BASIC>": the pair comes in base64, as RFC 7617 has it.
            basic = base64.b64encode(":".join(gateway.basic or ("kec", "rahasia")).encode()).decode()
            settings = {"private": "yes", "set.base": gateway.base, "set.device": "kec",
                        "secret.GOWA_SECRET": self.secret("GOWA_SECRET"),
                        "secret.GOWA_BASIC": self.secret("GOWA_BASIC", basic)}
        else:
            settings = {"private": "yes", "set.base": gateway.base, "set.phone_number_id": "106540352242922",
                        "secret.META_APP_SECRET": self.secret("META_APP_SECRET"),
                        "secret.META_VERIFY_TOKEN": self.secret("META_VERIFY_TOKEN"),
                        "secret.META_TOKEN": self.secret("META_TOKEN", gateway.bearer)}
        # A test has more citizens in a minute than an office in an hour; what keeps to these limits sets them itself.
        self.sections["gateway wa"] = {"mapping": mapping, "auto_in_all": 100000, **settings}

    def _add_broker(self, broker):
        self.sections["mqtt"] = {"host": "127.0.0.1", "port": broker.port, "tls": "no", "office": "kedopok"}
        if broker.accounts:
            user, password = next(iter(broker.accounts.items()))
            self.sections["mqtt"].update(user=user, password=self.secret("MQTT_PASSWORD", password))

    def write_configuration(self, text=None):
        self.configuration.write_text(text if text is not None else sections_text(self.sections))

    def hook_url(self, name="wa"):
        return f"{self.base}/hook/gateway/{name}"

    # ---- life

    def argv(self):
        return [str(build_folder() / "pengaduand"), "serve", "-c", str(self.configuration)]

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        return {**super().environment(), **kept, **self.secrets, **self.extra_environment,
                "PENGADUAND_LIBEXEC": str(build_folder() / "libexec"), "NOTIFY_SOCKET": str(self._notify_path)}

    def is_ready(self):
        """READY=1 on the socket that systemd would listen on."""
        if select.select([self._notify], [], [], 0.05)[0]:
            self._said.update(self._notify.recv(4096).decode(errors="replace").split("\n"))
        return "READY=1" in self._said

    def start(self, crash_step=None, crash_program=None, crash_counter=None):
        """crash_step: the process kills itself at its N-th durable step (daemon/base/step.h). Died when that is
        before it was ready. crash_counter: a file that counts over several lives."""
        if not self.configuration.exists():
            self.write_configuration()
        for name, value in (("STEP", crash_step), ("PROGRAM", crash_program), ("COUNTER", crash_counter)):
            self.extra_environment.pop(f"PENGADUAND_CRASH_{name}", None)
            if value is not None:
                self.extra_environment[f"PENGADUAND_CRASH_{name}"] = str(value)
        self._said.clear()
        self._notify_path.unlink(missing_ok=True)
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify.bind(str(self._notify_path))
        return super().start()

    def stop(self):
        """SIGTERM; the daemon must leave with 0 within STOP_S."""
        if self.process is None:
            return 0
        self.signal_all(signal.SIGCONT)
        self.process.terminate()
        try:
            self.status = status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Missed(f"pengaduand tidak berhenti dalam {STOP_S:g} detik:\n{self.output()[-4000:]}") from None
        self._forget()
        if status != 0:
            raise Missed(f"pengaduand berhenti dengan status {status}:\n{self.output()[-4000:]}")
        return status

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9 of the daemon and its children."""
        status = super().kill()
        self._forget()
        return status

    def wait_death(self, seconds=20.0):
        """The exit status of a daemon that ended by itself; -9 = it was killed, by itself too (crash_step)."""
        if self.process is not None:
            try:
                self.status = self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise Missed(f"pengaduand tidak mati dalam {seconds:g} detik") from None
            self.signal_all(signal.SIGKILL)
            self._forget()
        return self.status

    def _forget(self):
        self.process = None
        if self._notify:
            self._notify.close()
            self._notify = None

    def children(self):
        """{program name: pid} of the daemon's children."""
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, rest = path.read_text().split("(", 1)[1].rsplit(")", 1)
            except (OSError, IndexError):
                continue
            if int(rest.split()[1]) == self.process.pid:
                found[name] = int(path.parent.name)
        return found

    def restart(self):
        self.stop()
        return self.start()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def wait_log(self, pattern, seconds=20.0, after=0):
        """The first log line (from byte `after` on) that matches the regular expression."""
        compiled = re.compile(pattern)

        def look():
            return next((line for line in self.output()[after:].splitlines() if compiled.search(line)), None)

        return await_that(look, seconds, f"baris log /{pattern}/")

    def forget_output(self):
        """The log begins anew."""
        witness.said("log", self.output())
        self.log_path.write_bytes(b"")

    # ---- command line and pages

    def run(self, *arguments, stdin=None, seconds=60):
        """`pengaduand ARGUMENTS -c FILE`; returns subprocess.CompletedProcess with text."""
        if not self.configuration.exists():
            self.write_configuration()
        command = [str(build_folder() / "pengaduand"), arguments[0]]
        rest = list(arguments[1:])
        if arguments[0] in ("user", "holidays", "report"):
            command.append(rest.pop(0))
        done = subprocess.run([*command, "-c", str(self.configuration), *rest], input=stdin, text=True,
                              env=self.environment(), capture_output=True, timeout=seconds, cwd=self.folder)
        witness.said("errors", done.stderr)
        if arguments[0] in ("status", "verify", "check"):
            witness.said("errors", done.stdout)
        witness.keep("password", *re.findall(r"sekali pakai:? (\S+)", done.stdout))
        return done

    def must(self, *arguments, stdin=None):
        """run() that has to exit 0; returns its standard output."""
        done = self.run(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise Missed(f"pengaduand {' '.join(arguments)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def init(self):
        return self.must("init")

    def add_user(self, name, role, password, section=None, full_name=None):
        witness.keep("password", password)
        witness.keep("text", full_name)
        options = ["--role", role, "--password-stdin"]
        options += ["--section", section] if section else []
        options += ["--name", full_name] if full_name else []
        return self.must("user", "add", name, *options, stdin=password + "\n")

    def session(self, user=None, password=None):
        """A visitor of the pages; with a user, one who has logged in."""
        visitor = Session(self.base)
        if user:
            visitor.log_in(user, password)
        return visitor

    # ---- the book, for what no page shows

    def book_query(self, sql, *values):
        """Rows of a read-only look into the book while it is in use. Only tests of durability and of the ledger may
        know tables; everything else reads the pages."""
        uri = f"file:{next(self.data.glob('*.db'))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def wait_ready_page(self, seconds=20.0):
        return await_that(lambda: self.session().get("/readyz").status == 200, seconds, "/readyz menjawab 200")
