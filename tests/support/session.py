"""The pages as a person without JavaScript uses them: get, read, find a form, fill it, press its button.

Session keeps the cookies and follows redirects; Page gives the visible text, links and forms; Form carries its hidden
fields along (CSRF, version) and refuses fields that are not on the page.
"""
import http.client
import secrets
import time
import urllib.parse
from html.parser import HTMLParser
from http.cookies import SimpleCookie

import witness

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_HIDDEN = {"script", "style", "head", "template"}
_BLOCK = {"p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "dt", "dd", "section", "article", "br", "table",
          "form", "main", "header", "footer", "nav", "label", "option", "button", "pre", "blockquote", "time"}
REDIRECTS_MOST = 10
# What people type themselves, and what of it is as secret as what (witness.py); a login is no secret.
TYPED = {"text", "textarea", "password", "tel", "email", "search"}
TYPED_AS = {"p": "password", "lama": "password", "baru": "password", "ulang": "password", "telepon": "telephone",
            "hp": "telephone", "surel": "address", "email": "address", "kode": "code"}
PUBLIC_FIELDS = {"u"}
FOR_MACHINES = {"/healthz", "/readyz", "/metrics"}


class NotOnPage(AssertionError):
    """What the test wants to use is not there for the person either."""


class Field:
    """One named control. kind: input type, "select" or "textarea". options: [(value, text)] of select and radio."""

    def __init__(self, name, kind, value=""):
        self.name, self.kind, self.value = name, kind, value
        self.options = []
        self.sent = kind not in ("checkbox", "radio", "file")

    def set(self, value):
        value = str(value)
        if self.kind == "checkbox":
            self.sent = value not in ("", "False")
            return
        if self.kind in ("select", "radio"):
            for known, text in self.options:
                if value in (known, text):
                    self.value, self.sent = known, True
                    return
            raise NotOnPage(f"pilihan {value!r} tidak ada di {self.name}: {self.options}")
        self.value = value


class Form:
    def __init__(self, session, page_path, attributes):
        self._session = session
        self.action = urllib.parse.urljoin(page_path, attributes.get("action") or page_path)
        self.method = (attributes.get("method") or "get").lower()
        self.multipart = attributes.get("enctype") == "multipart/form-data"
        self.fields = []
        self.buttons = []  # (text, name, value)
        self._files = []

    def __repr__(self):
        return f"<form {self.method} {self.action} {[field.name for field in self.fields]}>"

    def field(self, name):
        for field in self.fields:
            if field.name == name:
                return field
        raise NotOnPage(f"isian {name!r} tidak ada di {self!r}")

    def has(self, name):
        return any(field.name == name for field in self.fields)

    def fill(self, **values):
        for name, value in values.items():
            self.field(name).set(value)
            if self.field(name).kind in TYPED and name not in PUBLIC_FIELDS:
                witness.keep(TYPED_AS.get(name, "text"), str(value))
        return self

    def attach(self, name, filename, content_type, data):
        if self.field(name).kind != "file":
            raise NotOnPage(f"{name!r} bukan isian berkas")
        self._files.append((name, filename, content_type, data))
        return self

    def submit(self, button=None):
        """Presses the button whose text contains `button` (default: the first). Returns the page after redirects."""
        pairs = [(field.name, field.value) for field in self.fields if field.sent]
        pressed = next((found for found in self.buttons if button is None or button.lower() in found[0].lower()), None)
        if button is not None and pressed is None:
            raise NotOnPage(f"tombol {button!r} tidak ada di {self!r}: {[found[0] for found in self.buttons]}")
        if pressed and pressed[1]:
            pairs.append((pressed[1], pressed[2]))
        if self.method == "get":
            return self._session.get(self.action.split("?")[0] + "?" + urllib.parse.urlencode(pairs))
        if self.multipart:
            body, content_type = _multipart(pairs, self._files)
        else:
            body, content_type = urllib.parse.urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return self._session.request("POST", self.action, body, {"Content-Type": content_type})


def _multipart(pairs, files):
    """RFC 7578; file names as browsers send them (UTF-8, quotes as %22)."""
    boundary = "----pengaduand" + secrets.token_hex(12)
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in pairs]
    for name, filename, content_type, data in files:
        filename = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
                     f"Content-Type: {content_type}\r\n\r\n".encode() + data + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


class Page(HTMLParser):
    """One answer. status, headers (lower-case names), body (bytes), path it was found at; text, links, forms."""

    def __init__(self, session, path, status, headers, body):
        super().__init__(convert_charrefs=True)
        self.path, self.status, self.headers, self.body = path, status, headers, body
        self.links, self.forms, self.title = [], [], ""
        self._session = session
        self._words, self._open = [], []
        self._form = self._select = self._textarea = self._button = self._option = None
        if headers.get("content-type", "").startswith("text/html"):
            self.feed(body.decode("utf-8", errors="replace"))
        self.text = "\n".join(line for line in (" ".join(line.split()) for line in "".join(self._words).split("\n"))
                              if line)

    def __repr__(self):
        return f"<{self.status} {self.path} {self.title!r}>"

    # ---- for the tests

    def form(self, action=None, button=None):
        """The form whose action ends with `action` (query aside) and that has such a button."""
        for form in self.forms:
            where = form.action.split("?")[0]
            if (action is None or where.endswith(action)) and (
                    button is None or any(button.lower() in found[0].lower() for found in form.buttons)):
                return form
        raise NotOnPage(f"formulir {action or ''} {button or ''} tidak ada di {self!r}: {self.forms}\n{self.text[:2000]}")

    def has_form(self, action):
        return any(form.action.split("?")[0].endswith(action) for form in self.forms)

    def link(self, containing):
        """The address of the first link whose text or address contains that."""
        for address, text in self.links:
            if containing in address or containing.lower() in text.lower():
                return address
        raise NotOnPage(f"tautan {containing!r} tidak ada di {self!r}: {self.links}")

    def must(self, *texts):
        """Status 200 and every text visible; returns the page itself."""
        if self.status != 200:
            raise NotOnPage(f"{self!r}: status {self.status}\n{self.text[:2000]}")
        for text in texts:
            if text.lower() not in self.text.lower():
                raise NotOnPage(f"{text!r} tidak terlihat di {self!r}:\n{self.text[:4000]}")
        return self

    # ---- HTMLParser

    def handle_starttag(self, tag, attributes):
        attributes = {key: value if value is not None else "" for key, value in attributes}
        if tag not in _VOID:
            self._open.append(tag)
        if tag in _BLOCK:
            self._words.append("\n")
        handler = getattr(self, "_begin_" + tag, None)
        if handler:
            handler(attributes)

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in _BLOCK:
            self._words.append("\n")
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "button":
            self._button = None
        elif tag == "option":
            self._option = None

    def handle_data(self, data):
        if "title" in self._open:
            self.title += data
        if self._textarea is not None:
            # A newline right after the tag is not part of the value (HTML 4.10.11).
            self._textarea.value += data[1:] if not self._textarea.value and data.startswith("\n") else data
        if self._option is not None:
            value, text = self._select.options[self._option]
            self._select.options[self._option] = (value, (text + data).strip())
        if self._button is not None:
            text, name, value = self._form.buttons[self._button]
            self._form.buttons[self._button] = (" ".join((text + data).split()), name, value)
        if self.links and "a" in self._open:
            address, text = self.links[-1]
            self.links[-1] = (address, text + data)
        if not _HIDDEN.intersection(self._open):
            self._words.append(data)

    def _begin_a(self, attributes):
        self.links.append((urllib.parse.urljoin(self.path, attributes.get("href", "")), ""))

    def _begin_form(self, attributes):
        self._form = Form(self._session, self.path, attributes)
        self.forms.append(self._form)

    def _begin_input(self, attributes):
        kind, name = attributes.get("type", "text").lower(), attributes.get("name")
        if self._form is None:
            return
        if kind == "submit":
            self._form.buttons.append((attributes.get("value", ""), name, attributes.get("value", "")))
        elif name:
            self._add_control(kind, name, attributes)

    def _add_control(self, kind, name, attributes):
        value = attributes.get("value", "on" if kind in ("checkbox", "radio") else "")
        if kind == "radio":
            field = next((known for known in self._form.fields if known.name == name), None)
            if field is None:
                field = Field(name, kind)
                self._form.fields.append(field)
            field.options.append((value, attributes.get("aria-label", value)))
            if "checked" in attributes:
                field.set(value)
            return
        field = Field(name, kind, value)
        if kind == "checkbox":
            field.sent = "checked" in attributes
        self._form.fields.append(field)

    def _begin_select(self, attributes):
        self._select = Field(attributes.get("name", ""), "select")
        if self._form is not None and attributes.get("name"):
            self._form.fields.append(self._select)

    def _begin_option(self, attributes):
        if self._select is None:
            return
        self._select.options.append((attributes.get("value", ""), ""))
        self._option = len(self._select.options) - 1
        if "selected" in attributes or self._option == 0:
            self._select.value = attributes.get("value", "")

    def _begin_textarea(self, attributes):
        self._textarea = Field(attributes.get("name", ""), "textarea")
        if self._form is not None and attributes.get("name"):
            self._form.fields.append(self._textarea)

    def _begin_button(self, attributes):
        if self._form is not None and attributes.get("type", "submit") == "submit":
            self._form.buttons.append(("", attributes.get("name"), attributes.get("value", "")))
            self._button = len(self._form.buttons) - 1


class Session:
    """One person's browser."""

    def __init__(self, base, seconds=30, took=None):
        """took(method, path, status, seconds): called after each request, redirects too."""
        where = urllib.parse.urlsplit(base)
        self._took = took
        self.base, self._host, self._port, self._seconds = base, where.hostname, where.port, seconds
        self.cookies = {}

    def get(self, path):
        return self.request("GET", path)

    def request(self, method, path, body=None, headers=None, follow=True):
        for _ in range(REDIRECTS_MOST):
            page = self._once(method, path, body, headers or {})
            if not follow or page.status not in (301, 302, 303, 307, 308):
                return page
            where = urllib.parse.urlsplit(urllib.parse.urljoin(self.base + path, page.headers.get("location", "")))
            path = where.path + ("?" + where.query if where.query else "")
            if page.status in (301, 302, 303):
                method, body, headers = "GET", None, {}
        raise NotOnPage(f"terlalu banyak pengalihan: {path}")

    def _once(self, method, path, body, headers):
        if path.startswith(self.base):
            path = path[len(self.base):]
        headers = dict(headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers.setdefault("Origin", self.base)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
        began = time.monotonic()
        try:
            connection.request(method, path or "/", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if self._took:
            self._took(method, path, answer.status, time.monotonic() - began)
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._keep_cookie(line)
        names = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status >= 500 or path.split("?")[0] in FOR_MACHINES:
            witness.said("machines", content.decode(errors="replace"))
        return Page(self, path, answer.status, names, content)

    def _keep_cookie(self, line):
        for name, morsel in SimpleCookie(line).items():
            if morsel.value == "" or morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value
                witness.keep("cookie", morsel.value)

    def log_in(self, user, password):
        """Through /masuk as anybody would; afterwards the desk is open."""
        form = self.get("/masuk").must().form("/masuk")
        page = form.fill(u=user, p=password).submit()
        if page.has_form("/masuk"):
            raise NotOnPage(f"{user} tidak dapat masuk: {page.text[:600]}")
        return page.must()
