"""A relay between the daemon and a real server that can be dead, silent, wrong or cut off, and honest again.

    liar = Liar(broker.port).start()         # the daemon is told liar.port
    liar.be("hang")                          # from the next connection on; those that are open are reset
    liar.be("honest")

dead: the connection is closed at once. hang: it is accepted and nothing is ever said. say: it is told `words` and then
nothing. cut: honest, but the server's answer ends after `bytes`. drip: honest, one byte of the answer at a time.
"""
import selectors
import socket
import threading

DRIP_PAUSE_S = 0.01


class Liar:
    def __init__(self, port):
        self.manner, self._words, self._bytes = "honest", b"", 0
        self.seen = 0  # connections, ever
        self._real = port
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self._open, self._lock = set(), threading.Lock()
        self._over = threading.Event()

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def be(self, manner, words=b"", bytes=0):
        with self._lock:
            self.manner, self._words, self._bytes = manner, words, bytes
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def stop(self):
        self._over.set()
        self.be("dead")
        self._socket.close()

    def _accept(self):
        while not self._over.is_set():
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with self._lock:
            manner, words, left = self.manner, self._words, self._bytes
            self._open.add(client)
            self.seen += 1
        try:
            if manner == "say":
                client.sendall(words)
            if manner in ("hang", "say"):
                while client.recv(65536):
                    pass
            elif manner != "dead":
                self._relay(client, left if manner == "cut" else None, manner == "drip")
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _relay(self, client, left, drip):
        with socket.create_connection(("127.0.0.1", self._real)) as server, selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in both.select():
                    data = key.fileobj.recv(1 if drip and key.fileobj is server else 65536)
                    if not data:
                        return
                    if key.fileobj is server and left is not None:
                        data = data[:left]
                        left -= len(data)
                    key.data.sendall(data)
                    if left == 0:
                        return
