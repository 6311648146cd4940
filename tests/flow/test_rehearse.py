"""`pengaduand rehearse`: conversations by WhatsApp and the end state each must have."""
import json
import os
import subprocess
from pathlib import Path

import pytest

from daemon import ROOT, build_folder

STORIES = sorted([*(ROOT / "tests/data/indonesia/obrolan").glob("*.json"), *(ROOT / "tests/data/obrolan").glob("*.json")])
SAID_FIELDS = ("nama", "pekerjaan", "alamat")


MEMORY = {"TMPDIR": "/dev/shm"} if os.access("/dev/shm", os.W_OK) else {}  # a throw-away book need not wait for a disk


def rehearse(path, **environment):
    return subprocess.run([str(build_folder() / "pengaduand"), "rehearse", str(path)], capture_output=True, text=True,
                          env={**os.environ, **MEMORY, **environment}, timeout=60, cwd="/")


def wrong(end, expected):
    """What is otherwise than expected; the conventions are those of tests/data/indonesia/README.md, 5."""
    found = []
    if end["complaints"] not in (expected["complaints"], *expected.get("complaints_also", [])):
        found.append(f"{end['complaints']} aduan")
    whole = "\n".join(end["texts"])
    found += [f"hilang: {text}" for text in expected["text_contains"] + expected.get("joined_text_contains", [])
              if text not in whole]
    if not expected.get("identity_free"):
        found += [f"{field}: {end['identity'][field]}" for field in SAID_FIELDS
                  if (end["identity"][field] or "").lower() != (expected["identity"][field] or "").lower()]
        if bool(end["identity"]["anonim"]) != bool(expected["identity"]["anonim"]):
            found.append(f"anonim: {end['identity']['anonim']}")
    found += [f"{key}: {end.get(key)}" for key in ("joined_to_existing", "human_requested", "rating", "has_location")
              if key in expected and end.get(key) != expected[key]]
    return found


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_conversation_ends_as_it_should(path):
    story = json.loads(path.read_text())
    done = rehearse(path)
    assert done.returncode == 0, done.stderr
    said, end = done.stdout.rstrip("\n").rsplit("\n", 1)
    assert not wrong(json.loads(end), story["expect"]), said


def test_there_are_enough_conversations():
    assert len(STORIES) >= 12 + 25


@pytest.mark.parametrize("text,status", [("{", 65), ('{"lines": 3}', 65), ("[]", 65)])
def test_a_file_that_is_no_story_is_refused(tmp_path, text, status):
    path = tmp_path / "salah.json"
    path.write_text(text)
    done = rehearse(path)
    assert done.returncode == status and "gladi" in done.stderr


def test_a_missing_file_is_named(tmp_path):
    assert rehearse(tmp_path / "tidak-ada.json").returncode == 66


def test_nothing_stays_behind(tmp_path):
    assert rehearse(STORIES[0], TMPDIR=str(tmp_path)).returncode == 0
    assert list(Path(tmp_path).iterdir()) == []
