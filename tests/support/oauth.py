"""A token endpoint (RFC 6749) that hands out short-lived access tokens and a new refresh token each time."""
import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class TokenProvider:
    """refresh: the token that is valid now. refused: every request is answered invalid_grant. issued: access tokens."""

    def __init__(self, refresh="segar-0", life=3600):
        self.refresh, self.life, self.refused, self.status = refresh, life, False, None
        self.requests, self.issued = [], []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/token"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _grant(self, form):
        self.requests.append(form)
        if self.status:
            return self.status, {}
        if self.refused or form.get("refresh_token") != self.refresh or form.get("grant_type") != "refresh_token":
            return 400, {"error": "invalid_grant"}
        number = len(self.issued) + 1
        self.issued.append(f"akses-{number}")
        self.refresh = f"segar-{number}"
        return 200, {"access_token": self.issued[-1], "refresh_token": self.refresh, "expires_in": self.life,
                     "token_type": "Bearer"}

    def _handler(provider):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = provider._grant(dict(urllib.parse.parse_qsl(body)))
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass
        return Handler
