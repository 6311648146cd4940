"""Long-running programs of a test: a scratch folder, free ports, start, readiness, pause, stop.

Nothing here waits for a time to pass: await_that() looks for an event until a deadline and says what it missed.
"""
import ctypes
import fcntl
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# A look may open the book or ask for a page, and five other tests look too: what takes long is looked at less often.
LOOK_AGAIN_S, LOOK_AGAIN_MOST_S, LOOK_AGAIN_SHARE = 0.02, 0.25, 0.1
START_S = 20.0
STOP_S = 10.0
# How many times longer than a calm machine needs an event is waited for: check.py runs several jobs on each core.
PATIENCE = float(os.environ.get("PENGADUAND_PATIENCE", "1"))

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


class Missed(AssertionError):
    """An awaited event did not come."""


class Died(Missed):
    """A server ended instead of becoming ready."""

    def __init__(self, name, status, output):
        super().__init__(f"{name} berhenti dengan status {status}:\n{output[-4000:]}")
        self.status, self.output = status, output


def deadline(seconds):
    """The moment (time.monotonic()) by which something must have come that a calm machine has within `seconds`."""
    return time.monotonic() + seconds * PATIENCE


def await_that(look, seconds, what):
    """Calls look() until it returns something true, which is returned; Missed(what) after `seconds` of a calm machine."""
    began, end = time.monotonic(), deadline(seconds)
    while True:
        seen = look()
        if seen:
            return seen
        now = time.monotonic()
        if now >= end:
            raise Missed(f"{what}: tidak terjadi dalam {seconds * PATIENCE:g} detik")
        time.sleep(min(max(LOOK_AGAIN_S, (now - began) * LOOK_AGAIN_SHARE), LOOK_AGAIN_MOST_S))


# Below those that the kernel gives to outgoing connections: a port chosen here is not taken by a client meanwhile.
_PORTS = range(20000, 32000)
_held_ports = []


def free_port():
    """A port of this process alone until it ends: another test's process, which chooses at the same moment, passes it
    over, for the port is held by a lock."""
    folder = Path(tempfile.gettempdir()) / f"pengaduand-ports-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    for port in random.sample(_PORTS, len(_PORTS)):
        lock = open(folder / str(port), "w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _held_ports.append(lock)
        return port
    raise Missed("tidak ada porta bebas")


def port_answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def servers_user():
    """Name of the user the mail servers and the broker run as. They refuse root or treat it specially, so that
    root hands them to `mail`, a user every Debian has; anybody else runs them himself. One path for both."""
    return "mail" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def give_to_servers(path):
    """Makes path belong to the user of the servers; returns it."""
    if os.geteuid() == 0:
        shutil.chown(path, servers_user(), servers_user())
    return Path(path)


class Scratch:
    """A folder that is gone afterwards, with everything in it, and the servers started in it."""

    def __init__(self):
        # The servers' user has to pass through, which root's own TMPDIR may not let him.
        self.path = Path(tempfile.mkdtemp(prefix="pengaduand-", dir="/tmp" if os.geteuid() == 0 else None))
        self.path.chmod(0o755)
        self._stops = []

    def folder(self, name, servers=False):
        made = self.path / name
        made.mkdir(mode=0o750 if servers else 0o700, parents=True, exist_ok=True)
        return give_to_servers(made) if servers else made

    def at_end(self, call):
        """call() runs in close(), the last one first."""
        self._stops.append(call)

    def close(self):
        while self._stops:
            try:
                self._stops.pop()()
            except Exception as failure:  # the others still have to be stopped
                print(f"berhenti: {failure!r}")
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def die_with_parent():
    """For a child (also between fork and exec): die with the test, even if that one is killed with -9."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """One program in its own process group. Subclasses give argv and is_ready()."""

    name = "server"
    as_servers_user = True

    def __init__(self, folder):
        self.folder = Path(folder)
        self.log_path = self.folder / f"{self.name}.out"
        self.process = None

    def argv(self):
        raise NotImplementedError

    def environment(self):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": str(self.folder)}

    def is_ready(self):
        raise NotImplementedError

    def start(self):
        identity = {}
        if self.as_servers_user and os.geteuid() == 0:
            entry = pwd.getpwnam(servers_user())
            identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.argv(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=self.environment(), start_new_session=True, preexec_fn=die_with_parent, **identity)
        await_that(self._ready_or_dead, START_S, f"{self.name} siap")
        return self

    def _ready_or_dead(self):
        if self.process.poll() is not None:
            raise Died(self.name, self.process.returncode, self.output())
        return self.is_ready()

    def output(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def signal_all(self, number):
        """To the program and all its children."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def stop(self):
        """SIGTERM to the program, SIGKILL to what is left of its group. Returns the exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.signal_all(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                pass
        return self.kill()

    def kill(self):
        if self.process is None:
            return None
        self.signal_all(signal.SIGKILL)
        status = self.process.wait(STOP_S)
        self.process = None
        return status

    def pause(self):
        """The ports stay open and nobody answers: what a hanging server looks like."""
        self.signal_all(signal.SIGSTOP)

    def resume(self):
        self.signal_all(signal.SIGCONT)
