"""The gateway stand-in: the one server that cannot be real here.

It answers the send calls of GOWA 9 (`POST /send/message`), of Meta's Cloud API, Messenger and Instagram
(`POST /v23.0/<id>/messages`), WAHA, Evolution, Fonnte, Twilio and Telegram, gives the files it was given (`files`),
remembers what was sent and asked for, answers wrongly or not at all when told to, and posts signed callbacks to the daemon with the
retries of the real ones: GOWA any 2xx, five attempts, pauses of 1, 2, 4, 8 s, 30 s in all, then lost; Meta 200 only,
growing pauses. `pace` shortens the pauses for tests (0.01 = a hundred times faster).
"""
import base64
import hashlib
import hmac
import http.client
import itertools
import json
import threading
import time
import urllib.parse
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import witness
from process import Missed, deadline

GOWA_PAUSES_S = (1, 2, 4, 8)
META_PAUSES_S = (1, 2, 4, 8, 16, 32)
DEVICE_JID = "628110000001@s.whatsapp.net"


class Sent:
    """One send call as it came in. api: "gowa" or "meta"; to and text as the gateway understood them."""

    def __init__(self, api, to, text, message_id, headers, body):
        self.api, self.to, self.text, self.message_id = api, to, text, message_id
        self.headers, self.body = headers, body

    def __repr__(self):
        return f"<{self.api} {self.to}: {self.text[:60]!r}>"


class Gateway:
    """basic: (user, password) that GOWA calls must carry; bearer: token that Meta calls must carry; None = any."""

    def __init__(self, basic=None, bearer=None, pace=1.0):
        self.basic, self.bearer, self.pace = basic, bearer, pace
        self.sent = []
        self.files = {}    # path (with query) -> (status, content type, bytes, {header: value})
        self.asked = []    # (path, headers) of each GET, and of each POST for a file or a history
        self._next = []  # what the coming send calls get instead of success
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a daemon that was killed in the middle of a call
        self.port = self._server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"

    def start(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    # ---- what the next send calls get

    def answer_next(self, status, body=None, times=1):
        """The next call(s) get this status and JSON body; the message counts as not sent."""
        with self._changed:
            self._next += [("answer", status, body)] * times

    def well(self):
        """What was to come next is called off."""
        with self._changed:
            self._next.clear()

    def hang_next(self, taken=True):
        """The next call gets no answer until release(). taken: the message was sent all the same, which is what
        makes the outcome unknown."""
        with self._changed:
            self._next.append(("hang", taken, None))

    def hold_next(self):
        """The next call is taken and answered rightly, but only once the returned event is set."""
        held = threading.Event()
        with self._changed:
            self._next.append(("hold", held, None))
        return held

    def release(self):
        self._released.set()
        self._released = threading.Event()

    # ---- what was sent

    def wait_sent(self, wanted=lambda sent: True, seconds=20.0, what="kiriman WhatsApp"):
        """The first send call, from the beginning, for which wanted(sent) is true."""
        end = deadline(seconds)
        with self._changed:
            while True:
                for sent in self.sent:
                    if wanted(sent):
                        return sent
                left = end - time.monotonic()
                if left <= 0:
                    raise Missed(f"{what}: tidak terjadi dalam {seconds:g} detik; ada: {self.sent}")
                self._changed.wait(left)

    def _take(self, api, to, text, headers, body):
        """Decides one call. Returns (status, JSON) or None for no answer at all."""
        with self._changed:
            order = self._next.pop(0) if self._next else None
            if order and order[0] == "answer":
                return order[1], order[2] if order[2] is not None else _error(api, order[1])
            number = next(self._numbers)
            message_id = {"gowa": f"3EB0{number:016X}", "meta": f"wamid.{number:020d}"}.get(api, str(700000 + number))
            if order is None or order[0] == "hold" or order[1]:
                self.sent.append(Sent(api, to, text, message_id, headers, body))
                self._changed.notify_all()
            released = self._released
        if order and order[0] == "hold":
            order[1].wait(300)
        elif order:
            released.wait(300)
            return None
        return 200, _accepted(api, to, message_id)

    def _handler(gateway):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path in gateway.files:
                    self.do_GET()
                    return
                answer = gateway._answer(self.path, dict(self.headers), raw)
                if answer is None:
                    self.close_connection = True
                    return
                self.say(answer[0], "application/json", json.dumps(answer[1]).encode(), {})

            def do_GET(self):
                self.say(*gateway._give(self.path, {name.lower(): value for name, value in self.headers.items()}))

            def say(self, status, content_type, body, headers, slow=0):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if slow:
                    for i in range(len(body)):
                        self.wfile.write(body[i:i + 1])
                        time.sleep(slow)
                else:
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def _give(self, path, headers):
        with self._changed:
            self.asked.append((path, headers))
            self._changed.notify_all()
            found = self.files.get(path)
            return found if found else (404, "text/plain", b"", {})

    def give(self, path, body, content_type="application/octet-stream", status=200, slow=0, **headers):
        """From now on this path answers so. A dict or list is given as JSON. slow: seconds for each byte."""
        if isinstance(body, (dict, list)):
            body, content_type = json.dumps(body).encode(), "application/json"
        with self._changed:
            self.files[path] = (status, content_type, body, headers, slow)

    def wait_asked(self, path, times=1, seconds=20.0):
        """The headers of the times-th request for that path."""
        end = deadline(seconds)
        with self._changed:
            while True:
                found = [headers for asked, headers in self.asked if asked == path]
                if len(found) >= times:
                    return found[times - 1]
                left = end - time.monotonic()
                if left <= 0:
                    raise Missed(f"{path} tidak diminta {times} kali; diminta: {[asked for asked, _ in self.asked]}")
                self._changed.wait(left)

    def _answer(self, path, headers, raw):
        plain = _plain_call(path, raw)
        if plain:
            return self._take(*plain, headers, raw)
        authorization = {key.lower(): value for key, value in headers.items()}.get("authorization", "")
        try:
            body = json.loads(raw)
        except ValueError:
            return 400, {"code": "BAD_REQUEST", "message": "body is not JSON"}
        parts = path.strip("/").split("/")
        if path == "/send/message":
            if self.basic and authorization != "Basic " + base64.b64encode(":".join(self.basic).encode()).decode():
                return 401, {"status": 401, "code": "UNAUTHORIZED", "message": "Unauthorized"}
            if not body.get("phone") or not body.get("message"):
                return 400, {"status": 400, "code": "VALIDATION_ERROR", "message": "phone: cannot be blank."}
            return self._take("gowa", body["phone"], body["message"], headers, body)
        if len(parts) == 3 and parts[0].startswith("v") and parts[2] == "messages":
            if self.bearer and authorization != f"Bearer {self.bearer}":
                return 401, _error("meta", 401, 190, "Invalid OAuth access token.")
            if isinstance(body.get("recipient"), dict):
                to = body["recipient"].get("id") or "comment:" + body["recipient"]["comment_id"]
                return self._take("messenger", to, body["message"]["text"], headers, body)
            if body.get("messaging_product") != "whatsapp" or not (body.get("to") or body.get("recipient")):
                return 400, _error("meta", 400, 100, "Invalid parameter")
            text = body.get("text", {}).get("body", "")
            if body.get("type") == "template":
                text = body["template"]["components"][0]["parameters"][0]["text"]
            return self._take("meta", body.get("to") or body["recipient"], text, headers, body)
        return 404, {"status": 404, "code": "NOT_FOUND", "message": "Cannot POST " + path}

    # ---- callbacks to the daemon

    def deliver(self, url, payload, secret, pauses=GOWA_PAUSES_S, taken=lambda status: 200 <= status < 300):
        """Posts the signed callback until it is taken. Returns the statuses seen, None = no answer."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        statuses = []
        for pause in (*pauses, None):
            statuses.append(post(url, raw, {"X-Hub-Signature-256": signature(secret, raw)}))
            if pause is None or (statuses[-1] is not None and taken(statuses[-1])):
                return statuses
            time.sleep(pause * self.pace)
        return statuses

    def deliver_gowa(self, url, payload, secret):
        return self.deliver(url, payload, secret)

    def deliver_meta(self, url, payload, secret):
        return self.deliver(url, payload, secret, META_PAUSES_S, lambda status: status == 200)


def signature(secret, raw):
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _request(method, url, body, headers, seconds):
    """(status, body), or (None, b"") when there was no answer."""
    where = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=seconds)
    try:
        connection.request(method, where.path + ("?" + where.query if where.query else ""), body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:  # 200 of a signed form holds the tracking code, for whoever sent it
            witness.said("machines", content.decode(errors="replace"))
        return answer.status, content
    except (OSError, http.client.HTTPException):
        return None, b""
    finally:
        connection.close()


def post(url, raw, headers=None, content_type="application/json", seconds=10):
    """One POST of raw bytes; the status, or None without an answer."""
    return _request("POST", url, raw, {"Content-Type": content_type, **(headers or {})}, seconds)[0]


def handshake(url, token, challenge="1158201444"):
    """Meta's GET before the first callback: (status, body); right is (200, challenge)."""
    query = urllib.parse.urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token})
    status, body = _request("GET", f"{url}?{query}", None, {}, 10)
    return status, body.decode(errors="replace")


def _error(api, status, code=None, text="Internal error"):
    if api == "meta":
        return {"error": {"message": text, "type": "OAuthException", "code": code or (2 if status >= 500 else 100),
                          "error_data": {"messaging_product": "whatsapp", "details": text}, "fbtrace_id": "A1b2C3"}}
    name = {429: "WA_REACHOUT_TIMELOCK", 400: "INVALID_JID", 504: "GATEWAY_TIMEOUT"}.get(
        status, "INTERNAL_SERVER_ERROR")
    return {"status": status, "code": name, "message": text}


def _plain_call(path, raw):
    """(api, to, text) of the send calls that need no more than that; None = another one."""
    parts = path.strip("/").split("/")
    form = dict(urllib.parse.parse_qsl(raw.decode(errors="replace")))
    if path == "/send":
        return "fonnte", form["target"], form["message"]
    if parts[-1] == "Messages.json":
        return "twilio", form["To"], form.get("Body", form.get("ContentVariables"))
    if parts[0] not in ("api", "message") and parts[-1] != "sendMessage":
        return None
    body = json.loads(raw)
    if parts[-1] == "sendText":
        return "waha", body["chatId"], body["text"]
    if parts[0] == "message":
        return "evolution", body["number"], body["text"]
    return "telegram", body["chat_id"], body["text"]


def _accepted(api, to, message_id):
    answers = {"fonnte": {"detail": "success! message in queue", "id": [message_id], "process": "pending", "status": True,
                          "target": [to]},
               "twilio": {"sid": message_id, "status": "queued"},
               "waha": {"id": {"fromMe": True, "remote": to, "id": message_id, "_serialized": f"true_{to}_{message_id}"}},
               "evolution": {"key": {"remoteJid": to, "fromMe": True, "id": message_id}, "status": "PENDING"},
               "telegram": {"ok": True, "result": {"message_id": int(message_id) if message_id.isdigit() else 1}},
               "messenger": {"recipient_id": to, "message_id": message_id}}
    if api in answers:
        return answers[api]
    if api == "meta":
        return {"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": message_id}]}
    return {"status": 200, "code": "SUCCESS", "message": f"Message sent to {to}",
            "results": {"message_id": message_id, "status": "sent"}}


# ---- payloads, built from the documented shapes

_message_numbers = itertools.count(int(time.time()))


def gowa_text(phone, text, name="Warga", message_id=None, **payload):
    """A text message from phone (digits with country code) as GOWA 9 posts it."""
    if not payload.get("is_from_me"):  # what the office itself wrote is no secret of a citizen: its name stands on every page
        witness.keep("telephone", str(phone))
        witness.keep("text", text, name)
    jid = f"{phone}@s.whatsapp.net"
    now = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"event": "message", "device_id": DEVICE_JID,
            "payload": {"id": message_id or f"3EB0{next(_message_numbers):016X}", "chat_id": jid, "from": jid,
                        "from_name": name, "timestamp": now, "is_from_me": False, "body": text, **payload}}


def gowa_receipt(ids, kind="delivered", phone="6281234567890"):
    jid = f"{phone}@s.whatsapp.net"
    now = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"event": "message.ack", "device_id": DEVICE_JID, "timestamp": now,
            "payload": {"ids": list(ids), "chat_id": jid, "from": jid, "receipt_type": kind}}


def meta_text(phone, text, name="Warga", message_id=None, number_id="106540352242922"):
    witness.keep("telephone", str(phone))
    witness.keep("text", text, name)
    message = {"from": phone, "id": message_id or f"wamid.IN{next(_message_numbers):018d}",
               "timestamp": str(int(time.time())), "type": "text", "text": {"body": text}}
    return _meta({"contacts": [{"profile": {"name": name}, "wa_id": phone}], "messages": [message]}, number_id)


def meta_status(message_id, status="delivered", phone="6281234567890", number_id="106540352242922"):
    return _meta({"statuses": [{"id": message_id, "status": status, "timestamp": str(int(time.time())),
                                "recipient_id": phone}]}, number_id)


def _meta(value, number_id):
    value = {"messaging_product": "whatsapp",
             "metadata": {"display_phone_number": "628110000001", "phone_number_id": number_id}, **value}
    return {"object": "whatsapp_business_account",
            "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}]}
