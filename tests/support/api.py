"""A program that uses /api/v1, and a reader of the part of JSON Schema that openapi.json speaks."""
import http.client
import json
import urllib.parse

import witness

PLAIN = {"string": str, "integer": int, "object": dict, "array": list, "null": type(None), "boolean": bool}


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()
        self.json = json.loads(self.body) if self.body and "json" in self.headers.get("content-type", "") else None

    def __repr__(self):
        return f"<{self.status} {self.body[:500]!r}>"


class Api:
    def __init__(self, base, token=None):
        self._at, self.token = urllib.parse.urlsplit(base), token
        witness.keep("key", token)

    def ask(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        line = http.client.HTTPConnection(self._at.hostname, self._at.port, timeout=20)
        try:
            line.request(method, "/api/v1" + path, json.dumps(body) if isinstance(body, dict) else body, sent)
            return Answer(line.getresponse())
        finally:
            line.close()

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def act(self, complaint, action, version=None, key=None, **fields):
        """version None: the newest one."""
        tag = f'"{version}"' if version else self.get(f"/aduan/{complaint}").headers["etag"]
        return self.ask("POST", f"/aduan/{complaint}/{action}", fields, If_Match=tag, **({"Idempotency_Key": key} if key else {}))


def misfit(value, schema, document, where="$"):
    """What of the value is not as the schema says; [] = all is."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds and not any(isinstance(value, PLAIN[kind]) and not (kind == "integer" and isinstance(value, bool)) for kind in kinds):
        return [f"{where}: {value!r} is no {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    found = []
    if isinstance(value, dict):
        found += [f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value]
        for name, inner in value.items():
            known = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            found += misfit(inner, known, document, f"{where}.{name}") if isinstance(known, dict) else [
                f"{where}.{name}: not in the document"]
    if isinstance(value, list):
        for number, inner in enumerate(value):
            found += misfit(inner, schema["items"], document, f"{where}[{number}]")
    return found
