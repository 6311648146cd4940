"""An IMAP server that does as it is told: well-behaved by default, or with one fault of those that servers and lines
have. It holds one folder; mails are added with put() or deliver().

    with ScriptedImap(certificates) as imap:
        imap.fault = Fault("bye")        # what the next FETCH of bodies gets; then it behaves again
"""
import base64
import re
import socket
import ssl
import threading
import time

from process import await_that


class Fault:
    """kind: greeting (silent) | line | literal | drip | bye | short | long | silent (in a FETCH) | idle (deaf to DONE);
    times: how many sessions it spoils."""

    def __init__(self, kind, times=1):
        self.kind, self.times = kind, times


class _Gone(Exception):
    """The client went, or is sent away."""


class ScriptedImap:
    def __init__(self, certificates, host="127.0.0.1", rate=None):
        self.host, self.rate = host, rate  # bytes a second of bodies; None = as fast as it goes
        self.uidvalidity = 7
        self.fault = None
        self.away = False       # whoever comes is sent away without a word
        self.vanished = set()   # UIDs that SEARCH names and FETCH does not give
        self.tokens = None      # accepted XOAUTH2 tokens; None = any password
        self.logins = []        # what clients logged in with
        self.flags = {}         # uid -> what was stored
        self.connections = 0
        self.announced = {}     # uid -> time.monotonic() of its EXISTS
        self._mails = {}
        self._idling = []
        self._told = {}  # session -> how many mails it knows of
        self._lock = threading.RLock()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self._listener = socket.create_server((host, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- the test's side

    def put(self, raw):
        """A mail without a word about it. Returns its UID."""
        with self._lock:
            uid = max(self._mails, default=0) + 1
            self._mails[uid] = raw if isinstance(raw, bytes) else raw.as_bytes().replace(b"\n", b"\r\n")
            return uid

    def deliver(self, raw):
        """... and the doorbell rings."""
        with self._lock:
            uid = self.put(raw)
            self.announced[uid] = time.monotonic()
            for session in self._idling:
                self._announce(session)
            return uid

    def _announce(self, session):
        self._told[session] = len(self._mails)
        self._say(session, f"* {len(self._mails)} EXISTS\r\n".encode())

    def go_away(self):
        """Nobody is served until `away` is taken back."""
        self.away = True
        with self._lock:
            for session in list(self._idling):
                session.shutdown(socket.SHUT_RDWR)

    def wait_idle(self, seconds=20):
        await_that(lambda: self._idling, seconds, "klien menunggu surat baru (IDLE)")

    # ---- the client's side

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.away:
                connection.close()
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _takes(self, *kinds):
        """The fault, when it is one of these and still has its turn."""
        fault = self.fault
        if fault is None or fault.kind not in kinds or fault.times <= 0:
            return None
        fault.times -= 1
        return fault.kind

    def _serve(self, connection):
        session = None
        try:
            session = self._context.wrap_socket(connection, server_side=True)
            if self._takes("greeting"):
                self._wait_for_end(session)
            self._say(session, b"* OK siap\r\n")
            lines = session.makefile("rb")
            for line in lines:
                tag, _, rest = line.decode(errors="replace").strip().partition(" ")
                self._command(session, lines, tag, rest)
        except (_Gone, OSError, ValueError):
            pass
        finally:
            with self._lock:
                if session in self._idling:
                    self._idling.remove(session)
                self._told.pop(session, None)
            (session or connection).close()

    @staticmethod
    def _say(session, data):
        session.sendall(data)

    @staticmethod
    def _wait_for_end(session):
        while session.recv(4096):
            pass
        raise _Gone

    def _command(self, session, lines, tag, rest):
        name = " ".join(rest.upper().split()[:2]) if rest.upper().startswith("UID") else rest.upper().split()[0]
        handler = getattr(self, "_do_" + name.lower().replace(" ", "_"), None)
        if handler:
            handler(session, lines, tag, rest)
        else:
            self._say(session, f"{tag} OK selesai\r\n".encode())

    def _do_capability(self, session, _, tag, __):
        self._say(session, f"* CAPABILITY IMAP4rev1 IDLE AUTH=XOAUTH2\r\n{tag} OK selesai\r\n".encode())

    def _do_login(self, session, _, tag, rest):
        self.logins.append(rest)
        answer = "OK masuk" if self.tokens is None else "NO [AUTHENTICATIONFAILED] pakai token"
        self._say(session, f"{tag} {answer}\r\n".encode())

    def _do_authenticate(self, session, lines, tag, rest):
        words = rest.split()
        if len(words) < 3:
            self._say(session, b"+ \r\n")
            words.append(next(lines).decode().strip())
        token = re.search(r"auth=Bearer ([^\x01]*)", base64.b64decode(words[2]).decode())[1]
        self.logins.append(token)
        if token in (self.tokens or ()):
            self._say(session, f"{tag} OK masuk\r\n".encode())
            return
        self._say(session, b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        next(lines, None)
        self._say(session, f"{tag} NO [AUTHENTICATIONFAILED] token ditolak\r\n".encode())

    def _do_select(self, session, _, tag, __):
        with self._lock:
            self._told[session] = len(self._mails)
            self._say(session, (f"* {len(self._mails)} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n"
                                f"* OK [UIDVALIDITY {self.uidvalidity}] x\r\n"
                                f"* OK [UIDNEXT {max(self._mails, default=0) + 1}] x\r\n"
                                f"{tag} OK [READ-WRITE] terpilih\r\n").encode())

    def _named(self, words):
        """UIDs of the set in a command; n:* names the last mail at least (RFC 3501 6.4.8)."""
        found = set()
        known = sorted(self._mails)
        for part in words.split(","):
            first, _, last = part.partition(":")
            low = int(first)
            high = low if not last else (known[-1] if last == "*" and known else low if last == "*" else int(last))
            found |= {uid for uid in known if min(low, high) <= uid <= max(low, high)}
        return sorted(found)

    def _do_uid_search(self, session, _, tag, rest):
        words = re.search(r"UID SEARCH \(?UID (\S+?)\)?(?: LARGER (\d+)\)?)?$", rest, re.IGNORECASE)
        with self._lock:
            uids = [uid for uid in self._named(words[1])
                    if not words[2] or len(self._mails[uid]) > int(words[2])]
        self._say(session, f"* SEARCH {' '.join(map(str, uids))}\r\n{tag} OK selesai\r\n".encode())

    def _do_uid_store(self, session, _, tag, rest):
        words = rest.split(None, 4)
        with self._lock:
            for uid in self._named(words[2]):
                self.flags.setdefault(uid, []).append(words[4])
        self._say(session, f"{tag} OK selesai\r\n".encode())

    def _do_uid_fetch(self, session, _, tag, rest):
        uids = self._named(rest.split()[2])
        part = re.search(r"BODY\.PEEK\[\](?:<0\.(\d+)>)?", rest)
        if part and self._misbehave(session, uids):
            return
        for uid in uids:
            if uid in self.vanished:
                continue
            mail = self._mails[uid]
            if not part:
                self._say(session, f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(mail)})\r\n".encode())
                continue
            data = mail[:int(part[1])] if part[1] else mail
            self._say(session, f"* {uid} FETCH (UID {uid} BODY[]{'<0>' if part[1] else ''} {{{len(data)}}}\r\n".encode())
            self._trickle(session, data)
            self._say(session, b")\r\n")
        self._say(session, f"{tag} OK selesai\r\n".encode())

    def _trickle(self, session, data):
        """At the pace of the line: the only place where this server lets time pass."""
        if not self.rate:
            self._say(session, data)
            return
        piece = max(self.rate // 20, 1)
        for begin in range(0, len(data), piece):
            self._say(session, data[begin:begin + piece])
            time.sleep(piece / self.rate)

    def _misbehave(self, session, uids):
        kind = self._takes("line", "literal", "drip", "bye", "short", "long", "silent")
        if kind is None:
            return False
        uid, mail = uids[0], self._mails[uids[0]]
        if kind == "line":
            self._say(session, b"* OK ")
            while True:
                self._say(session, b"x" * 65536)
        if kind == "literal":
            self._say(session, f"* {uid} FETCH (UID {uid} BODY[] {{4000000000}}\r\n".encode())
            while True:
                self._say(session, b"x" * 65536)
        if kind == "bye":
            self._say(session, f"* {uid} FETCH (UID {uid} BODY[] {{{len(mail)}}}\r\n".encode() + mail[:20])
            self._say(session, b"\r\n* BYE sedang dirawat\r\n")
            raise _Gone
        if kind in ("short", "long"):
            size = len(mail) + (-10 if kind == "short" else 10)
            self._say(session, f"* {uid} FETCH (UID {uid} BODY[] {{{size}}}\r\n".encode() + mail + b")\r\n")
            self._say(session, b"x1 OK selesai\r\n")
            self._wait_for_end(session)
        self._say(session, f"* {uid} FETCH (UID {uid} BODY[] {{{len(mail)}}}\r\n".encode())
        if kind == "silent":
            self._wait_for_end(session)
        for byte in mail * 1000:  # "drip": a byte in half a second is no silence, and no progress either
            self._say(session, bytes([byte]))
            time.sleep(0.5)
        raise _Gone

    def _do_idle(self, session, lines, tag, _):
        deaf = self._takes("idle")
        self._say(session, b"+ menunggu\r\n")
        with self._lock:
            self._idling.append(session)
            if len(self._mails) != self._told.get(session):  # it came while nobody listened
                self._announce(session)
        line = next(lines, None)
        with self._lock:
            if session in self._idling:
                self._idling.remove(session)
        if line is None or deaf:
            self._wait_for_end(session)
        self._say(session, f"{tag} OK selesai\r\n".encode())

    def _do_logout(self, session, _, tag, __):
        self._say(session, f"* BYE sampai jumpa\r\n{tag} OK\r\n".encode())
        raise _Gone
