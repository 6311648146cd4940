"""What the whole suite gave away: everything the daemon wrote, and everything that it should have kept to itself.

While `make check` runs, PENGADUAND_WITNESS names a folder. The helpers of the tests leave there what they told the
daemon (passwords, keys, cookies, codes, names, telephone numbers, addresses, messages: keep()), and what it said where
others can read it (its log, its commands' errors, MQTT, answers to machines: said()). The last job of `make check`
(witness.py FOLDER) looks for the one in the other. A new test is covered by using the helpers.
"""
import itertools
import json
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

# kind -> how it is looked for. What is shorter than this many characters stands in ordinary words as well.
LEAST = 9
# What a test may type that is no secret: words of the house that stand in logs anyway.
OPEN_WORDS = re.compile(r"^(?:\d{3,}/PGD/[IVX]+/\d{4}|\d{4}-\d\d-\d\d|seksi_\w+|[a-z]+:[a-z]+)$")
SINKS = ("log", "errors", "mqtt", "machines")
_numbers = itertools.count(1)
_kept = set()


def folder():
    named = os.environ.get("PENGADUAND_WITNESS")
    return Path(named) if named else None


def _file(kind, ending):
    where = folder() / kind
    where.mkdir(parents=True, exist_ok=True)
    return where / f"{os.getpid()}{ending}"


def log_path(usual):
    """Where a daemon's log goes: a file of its own that outlives the test, else `usual`."""
    return _file("log", f"-{next(_numbers)}.log") if folder() else usual


def keep(kind, *values):
    """These must not be found in anything the daemon says. kind: "password", "key", "cookie", "code", "telephone",
    "address", "nik", "text" (a name is a text). A NIK in a text is kept by itself too."""
    if not folder():
        return
    values = [(kind, value) for value in values if value]
    values += [("nik", nik) for _, value in values for nik in re.findall(r"\b\d{16}\b", str(value))]
    with open(_file("kept", ".jsonl"), "a", encoding="utf-8") as file:
        for kind, value in values:
            if (kind, str(value)) not in _kept:
                _kept.add((kind, str(value)))
                file.write(json.dumps([kind, str(value)]) + "\n")


def said(sink, text):
    """The daemon wrote this into one of SINKS."""
    if folder() and text:
        with open(_file(sink, ".said"), "a", encoding="utf-8") as file:
            file.write(text + "\n")


# ---- the search


def _needles(kind, value):
    """What to look for: [(text, in digits only)]."""
    if kind == "nik":
        return [(value, True)]
    if kind == "telephone":
        digits = re.sub(r"\D", "", value)
        # +62812..., 0812..., 62812...: the same number behind its prefix.
        return [(digits.removeprefix("62").removeprefix("0"), True)] if len(digits) >= 9 else []
    if kind == "code":
        bare = value.replace("-", "").replace(" ", "")
        return [(value.lower(), False), (bare.lower(), False)]
    if kind == "text":
        return [(line.strip().lower(), False) for line in value.splitlines()
                if len(line.strip()) >= LEAST and not OPEN_WORDS.match(line.strip())]
    return [(value.lower(), False)] if len(value) >= LEAST else []


def find(kept, text):
    """[(kind, value)] of what is in text."""
    low = text.lower()
    digits = re.sub(r"(?<=\d)[ .\-](?=\d)", "", low)
    return [(kind, value) for kind, value in kept
            if any(needle in (digits if bare else low) for needle, bare in _needles(kind, value))]


_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z ")


def lines_of(where, sink):
    """Every different line, without its time."""
    seen = set()
    for path in sorted((where / sink).glob("*")) if (where / sink).is_dir() else []:
        with open(path, encoding="utf-8", errors="replace") as file:
            seen.update(_STAMP.sub("", line.rstrip("\n")) for line in file)
    return seen


def kept_in(where):
    kept = set()
    for path in (where / "kept").glob("*.jsonl"):
        with open(path, encoding="utf-8") as file:
            kept.update(tuple(json.loads(line)) for line in file)
    return sorted(kept)


PLANTED = {"password": "petugas-kedopok-7", "key": "9f86d081884c7d659a2feaa0c55ad015", "cookie": "a3" * 32,
           "code": "7KQM-X2R9-4T", "telephone": "6281234567890", "address": "siti.rohmah@warga.example",
           "nik": "3574016512900003", "text": "Siti Rohmah"}
# The same, as a careless line could show it.
SHOWN = {"password": "reason=\"wrong: Petugas-Kedopok-7\"", "key": "Authorization: Bearer 9f86d081884c7d659a2feaa0c55ad015",
         "cookie": "sesi=" + "a3" * 32, "code": "code=7kqmx2r94t", "telephone": "from 0812-3456-7890",
         "address": "rcpt=<siti.rohmah@warga.example>", "nik": "nik=3574.016512.900003", "text": "{\"nama\":\"SITI ROHMAH\"}"}


def the_search_finds_what_is_planted(_where, _kept_values):
    with tempfile.TemporaryDirectory() as scratch:
        for sink in SINKS:
            (Path(scratch) / sink).mkdir()
            for kind, value in PLANTED.items():
                line = f"2026-11-22T03:00:00.123Z info - web.refused {SHOWN[kind]}"
                (Path(scratch) / sink / "1").write_text("halo\n" + line + "\n")
                if find([(kind, value)], "\n".join(lines_of(Path(scratch), sink))) != [(kind, value)]:
                    yield f"{kind} is not found in {sink}: {line}"
        masked = "info - gateway.refused from=6281*****7890 mail=s***@warga.example"
        yield from (f"found what is masked: {kind}" for kind, _ in find(PLANTED.items(), masked))


def the_suite_kept_something_of_every_kind(where, kept):
    """Otherwise the other tests look for nothing, or in nothing."""
    counts = Counter(kind for kind, _ in kept)
    yield from (f"no {kind} was ever typed" for kind in PLANTED if not counts[kind])
    yield from (f"nothing was ever said to {sink}" for sink in SINKS if not lines_of(where, sink))
    print("# " + ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) + "; different lines: " +
          ", ".join(f"{len(lines_of(where, sink))} {sink}" for sink in SINKS))


def _leaks(where, kept, sink):
    lines = lines_of(where, sink)
    for kind, value in find(kept, "\n".join(lines)):
        line = next((line for line in sorted(lines) if find([(kind, value)], line)), "")
        yield f"{kind} {value!r}: {line[:300]}"


def the_log_names_no_secret_and_nobody(where, kept):
    return _leaks(where, kept, "log")


def errors_of_commands_name_no_secret_and_nobody(where, kept):
    return _leaks(where, kept, "errors")


def mqtt_carries_no_secret_and_nobody(where, kept):
    return _leaks(where, kept, "mqtt")


def answers_to_machines_name_no_secret_and_nobody(where, kept):
    return _leaks(where, kept, "machines")


TESTS = [the_search_finds_what_is_planted, the_suite_kept_something_of_every_kind, the_log_names_no_secret_and_nobody,
         errors_of_commands_name_no_secret_and_nobody, mqtt_carries_no_secret_and_nobody,
         answers_to_machines_name_no_secret_and_nobody]


def main():
    where = Path(sys.argv[1])
    kept, failed = kept_in(where), 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        found = list(test(where, kept))
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} - {test.__name__}")
        for line in found[:20]:
            print(f"  {line}")
        if len(found) > 20:
            print(f"  ... and {len(found) - 20} more")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
