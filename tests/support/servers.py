"""Everything around the daemon, real and on loopback, in one scratch folder that is gone afterwards.

    with Town() as town:                     # Dovecot + Exim + Mosquitto + gateway stand-in
        office = town.daemon()               # not started; its configuration names all of them
        office.init(); office.start()
        town.send(compose("siti@warga.example", OFFICE_ADDRESS, "Jalan rusak", "..."))
        town.mailbox("siti@warga.example").wait(lambda mail: "PGD" in mail["subject"])

The parts: process.py (start, pause, stop), certificates.py, mail.py, broker.py, gateway.py, daemon.py, session.py.
"""
from broker import Mosquitto, Subscriber
from certificates import Certificates
from daemon import Daemon
from gateway import Gateway
from mail import Dovecot, Exim, Mailbox, Maildirs
from mail import send as send_mail
from process import Scratch

GOWA_BASIC = ("kec", "rahasia-gowa")


class Town:
    """The outside world of one office. Parts that are not wanted are None: Town(mqtt=False)."""

    def __init__(self, mail=True, mqtt=True, whatsapp=True, broker_accounts=None, broker_keeps=False, pace=0.01):
        self.scratch = Scratch()
        self.certificates = self.maildirs = self.dovecot = self.exim = self.broker = self.gateway = None
        self._daemons = 0
        try:
            if mail:
                self._start_mail()
            if mqtt:
                self.broker = Mosquitto(self.scratch.folder("mosquitto", servers=True), broker_accounts, broker_keeps)
                self._start(self.broker)
            if whatsapp:
                self.gateway = Gateway(basic=GOWA_BASIC, pace=pace)
                self._start(self.gateway)
        except BaseException:
            self.scratch.close()
            raise

    def _start(self, server):
        self.scratch.at_end(server.stop)
        server.start()

    def _start_mail(self):
        folder = self.scratch.folder("certificates", servers=True)
        folder.chmod(0o755)  # clients read the CA
        self.certificates = Certificates(folder)
        self.maildirs = Maildirs(self.scratch.folder("maildirs", servers=True))
        self.dovecot = Dovecot(self.scratch.folder("dovecot", servers=True), self.maildirs, self.certificates)
        self.exim = Exim(self.scratch.folder("exim", servers=True), self.maildirs, self.certificates)
        self._start(self.dovecot)
        self._start(self.exim)

    def close(self):
        self.scratch.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def daemon(self, **options):
        """An office with every server of this town; each call a new data folder. Stopped at the end."""
        self._daemons += 1
        parts = {"dovecot": self.dovecot, "exim": self.exim, "broker": self.broker, "gateway": self.gateway,
                 "certificates": self.certificates, "maildirs": self.maildirs, **options}
        office = Daemon(self.scratch.folder(f"kantor{self._daemons}"), **parts)
        self.scratch.at_end(office.kill)
        return office

    def mailbox(self, address):
        return Mailbox(self.dovecot, self.certificates, self.maildirs, address)

    def send(self, message, **envelope):
        send_mail(self.exim, message, **envelope)
        return message

    def subscriber(self, topic="pengaduan/#"):
        subscriber = Subscriber(self.broker, topic)
        self.scratch.at_end(subscriber.stop)
        return subscriber.start()
