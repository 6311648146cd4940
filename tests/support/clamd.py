"""A stand-in for clamd: its INSTREAM command over TCP, and what it does when it is not well.

What the bytes hold decides: b"EICAR" is found, b"GALAT" gives an error, b"PUTUS" closes the line.
"""
import socketserver
import struct
import threading

COMMAND = b"zINSTREAM\0"


class _Line(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(len(COMMAND)) == COMMAND
        data = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        self.server.seen.append(data)
        if b"PUTUS" in data and not self.server.heals:
            return
        said = b"stream: Eicar-Signature FOUND" if b"EICAR" in data else b"INSTREAM: Can't allocate memory ERROR" if b"GALAT" in data and not self.server.heals \
            else b"stream: OK"
        self.wfile.write(said + b"\0")


class Clamd(socketserver.ThreadingTCPServer):
    """with Clamd() as clamd: clamd.address, clamd.seen (the bytes of each file)."""

    daemon_threads = True
    allow_reuse_address = True
    heals = False  # True: what made it ill before is clean now

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Line)
        self.seen = []
        self.address = f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
