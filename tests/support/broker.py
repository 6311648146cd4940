"""Mosquitto on loopback and a subscriber that remembers every message."""
import json
import queue
import subprocess
import threading
import time

import witness
from process import PATIENCE, Missed, Server, deadline, free_port, give_to_servers, port_answers, servers_user


class Mosquitto(Server):
    """accounts: {user: password}, or None to let anybody in. Nothing is kept over a stop, unless `keeps`: then the
    subscribers' sessions and what waits for them outlive stop() and start()."""

    name = "mosquitto"

    def __init__(self, folder, accounts=None, keeps=False):
        super().__init__(folder)
        self.port = free_port()
        self.accounts = accounts
        self._listener = None  # hears everything, for witness.py
        self._configuration = folder / "mosquitto.conf"
        lines = [f"listener {self.port} 127.0.0.1", f"user {servers_user()}", "log_dest stderr",
                 "max_queued_messages 0", f"persistence {str(keeps).lower()}", f"persistence_location {folder}/"]
        if accounts is None:
            lines.append("allow_anonymous true")
        else:
            passwords = folder / "passwords"
            passwords.touch(mode=0o600)
            for user, password in accounts.items():
                subprocess.run(["mosquitto_passwd", "-b", str(passwords), user, password], check=True,
                               capture_output=True)
            give_to_servers(passwords)
            lines += ["allow_anonymous false", f"password_file {passwords}"]
        self._configuration.write_text("\n".join(lines) + "\n")
        give_to_servers(self._configuration)

    def start(self):
        super().start()
        if witness.folder():
            self._listener = Subscriber(self, "#", tell=lambda line: witness.said("mqtt", line)).start()
        return self

    def kill(self):
        if self._listener:
            self._listener.stop()
        self._listener = None
        return super().kill()

    def argv(self):
        return ["/usr/sbin/mosquitto", "-c", str(self._configuration)]

    def is_ready(self):
        return port_answers(self.port)

    def arguments(self):
        """For the mosquitto clients."""
        who = next(iter(self.accounts.items())) if self.accounts else None
        return ["-h", "127.0.0.1", "-p", str(self.port), *(["-u", who[0], "-P", who[1]] if who else [])]

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", *self.arguments(), "-q", "1", "-t", topic, "-m", payload], check=True,
                       capture_output=True, timeout=20)


class Subscriber:
    """mosquitto_sub on a topic; each message is a dict {"topic", "payload", "qos", "retain"} in arrival order.
    It reconnects by itself when the broker comes back. start() returns once the broker granted the subscription."""

    def __init__(self, broker, topic="pengaduan/#", tell=None):
        self.messages, self._tell = [], tell
        self._broker, self._topic = broker, topic
        self._arrived = threading.Condition()
        self._granted = queue.Queue()
        self._process = None

    def start(self):
        # -d says "Subscribed" on stdout between the messages: the event that start() awaits.
        self._process = subprocess.Popen(
            ["stdbuf", "-oL", "mosquitto_sub", *self._broker.arguments(), "-q", "1", "-d", "-k", "5",
             "-i", f"saksi-{id(self)}", "-c", "-t", self._topic, "-F", "%j"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._granted.get(timeout=20)
        except queue.Empty:
            raise Missed("langganan MQTT tidak diterima") from None
        return self

    def _read(self):
        for line in self._process.stdout:
            if line.startswith("Subscribed"):
                self._granted.put(True)
            elif line.startswith("{"):
                if self._tell:
                    self._tell(line.rstrip("\n"))
                with self._arrived:
                    self.messages.append(json.loads(line))
                    self._arrived.notify_all()

    def wait_connected_again(self, seconds=20.0):
        """After the broker was stopped and started: returns once the subscription stands again."""
        try:
            self._granted.get(timeout=seconds * PATIENCE)
        except queue.Empty:
            raise Missed("langganan MQTT tidak kembali") from None

    def wait(self, wanted=lambda message: True, seconds=20.0, what="pesan MQTT"):
        """The first message, from the beginning, for which wanted(message) is true."""
        end = deadline(seconds)
        with self._arrived:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                left = end - time.monotonic()
                if left <= 0:
                    topics = [message["topic"] for message in self.messages]
                    raise Missed(f"{what}: tidak datang dalam {seconds:g} detik; ada: {topics}")
                self._arrived.wait(left)

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None
