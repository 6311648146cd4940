"""Clients that mean no good, each kind a process of its own: `attackers.py PORT KIND [ADDRESS]` goes on until it is killed.

    with Attackers(port, ["slow", "churn"]):
        ...

They come from 127.0.0.2 and up: strangers to the daemon, while 127.0.0.1 could be its proxy. They run with a lower
priority, because on their own machines they would take no time from the daemon's processor.
"""
import os
import select
import socket
import subprocess
import sys
import time

HELD = 600  # connections of those who hold them: more than the daemon's default cap
DRIP_S = 0.05
PIPELINE_MS = 300
HEAD = b"GET /aduan HTTP/1.1\r\nHost: x\r\n"
PAGE = HEAD + b"\r\n"


class Stranger:
    def __init__(self, port, address):
        self.port, self.address = port, address

    def dial(self, seconds=5.0):
        """A connected socket, or None: refused, reset, or too slow."""
        made = socket.socket()
        try:
            made.settimeout(seconds)
            made.bind((self.address, 0))
            made.connect(("127.0.0.1", self.port))
            return made
        except OSError:
            made.close()
            return None

    def forever(self, act):
        """act(socket) on a new connection each time; how it ends does not matter to him."""
        while True:
            made = self.dial()
            if made is None:
                continue
            try:
                act(made)
            except OSError:
                pass
            made.close()

    def hold(self, first, then):
        """As many connections as it can get, anew when one is closed; `then` is sent on one after the other."""
        held = []
        while True:
            if len(held) < HELD:
                made = self.dial(0.5)
                if made:
                    held.append(made)
                    made.setblocking(False)
                    self._send(made, first)
            gone = [one for one in held if self._send(one, then) is None or self._ended(one)][:50]
            for one in gone:
                held.remove(one)
                one.close()
            time.sleep(DRIP_S if len(held) >= HELD else 0)

    @staticmethod
    def _send(made, data):
        try:
            return made.send(data) if data else 0
        except BlockingIOError:
            return 0
        except OSError:
            return None

    @staticmethod
    def _ended(made):
        if not select.select([made], [], [], 0)[0]:
            return False
        try:
            return made.recv(65536) == b""
        except OSError:
            return True

    # ---- the kinds

    def idle(self):
        self.hold(b"", b"")

    def slow(self):
        self.hold(HEAD, b"X-A: b\r\n")

    def slow_body(self):
        self.hold(b"POST /aduan HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"x")

    def garbage(self):
        def act(made):
            made.sendall(os.urandom(200) + b"\r\n\r\n")
            made.recv(4096)
        self.forever(act)

    def headers(self):
        def act(made):
            made.sendall(HEAD + b"X: " + b"a" * 15_000 + b"\r\n\r\n" + HEAD + b"A: b\r\n" * 3000 + b"\r\n")
            while made.recv(65536):
                pass
        self.forever(act)

    def pipeline(self):
        def act(made):
            made.sendall(PAGE * 400)  # and reads nothing, until the daemon hangs up or one more of them is due
            hung_up = select.poll()
            hung_up.register(made, select.POLLRDHUP)
            hung_up.poll(PIPELINE_MS)
        self.forever(act)

    def upload(self):
        def act(made):
            made.sendall(b"POST /aduan HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n" + bytes(3_000_000))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # a reset
        self.forever(act)

    def refused(self):
        def act(made):
            made.sendall(b"POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n" + bytes(2_000_000))
            made.recv(65536)
        self.forever(act)

    def churn(self):
        self.forever(lambda made: None)


KINDS = ("idle", "slow", "slow_body", "garbage", "headers", "pipeline", "upload", "refused", "churn")


class Attackers:
    """All kinds at once, each from its own address, until the end of the block."""

    def __init__(self, port, kinds=KINDS):
        self._commands = [[sys.executable, "-B", __file__, str(port), kind, f"127.0.0.{number}"]
                          for number, kind in enumerate(kinds, 2)]
        self._processes = []

    def __enter__(self):
        self._processes = [subprocess.Popen(command) for command in self._commands]
        return self

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()
            process.wait()

    def at_work(self):
        return [process.poll() for process in self._processes] == [None] * len(self._processes)


if __name__ == "__main__":
    os.nice(10)
    getattr(Stranger(int(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else "127.0.0.2"), sys.argv[2])()
