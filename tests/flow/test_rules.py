"""`pengaduand classify` and `find-identity`: how well they read what they were not tuned on, and what they say to bad input.

The figures may rise, never fall: docs/classification.md holds them, and is written by
    python3 -B tests/support/classification.py PROGRAM --document"""
import json
import os
import subprocess
from pathlib import Path

import classification
import identity
import pytest

from daemon import build_folder

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = build_folder() / "pengaduand"


@pytest.fixture(scope="module", params=["tala", "sulit", "uji"])
def read(request):
    return request.param, classification.classify(PROGRAM, classification.samples("klasifikasi", request.param))


def test_kind_and_section_of_complaints_are_seen(read):
    name, pairs = read
    least = {"uji": (0.92, 0.95, 0.95), "tala": (0.97, 0.97, 0.97), "sulit": (0.95, 0.95, 0.95)}[name]
    got = tuple(classification.share(pairs, field) for field in ("kind", "service", "section"))
    assert all(have >= want for have, want in zip(got, least)), (got, classification.confusion(pairs, "kind"))


def test_every_urgent_one_is_seen_and_hardly_any_other(read):
    _, pairs = read
    assert [one["text"] for one, got in pairs if one["urgent"] and not got["urgent"]] == []
    assert sum(got["urgent"] for one, got in pairs if not one["urgent"]) <= 1


def test_a_complaint_about_an_officer_never_goes_to_a_section(read):
    _, pairs = read
    assert all(got["section"] == "sekcam" for _, got in pairs if got["kind"] == "pengaduan_pengawasan")


def test_each_decision_has_reasons(read):
    _, pairs = read
    for one, got in pairs:
        assert sorted(got) == ["confidence", "kind", "place", "reasons", "section", "service", "urgent"]
        assert got["reasons"] and 0.3 <= got["confidence"] <= 0.98, one["text"]


def test_the_document_tells_the_figures_of_today():
    assert (ROOT / "docs" / "classification.md").read_text(encoding="utf-8") == classification.document(PROGRAM)


@pytest.mark.parametrize("name", ["tala", "uji"])
def test_identities_are_found_and_little_else(name):
    judged = identity.judge(PROGRAM, classification.samples("privasi", name))
    figures = identity.figures(judged)
    assert figures["found"] >= 0.97 and figures["false"] <= 0.02, [one[2:] for one in judged if one[2] or one[3]]


def run(*words, text=""):
    return subprocess.run([PROGRAM, *words], input=text.encode(), capture_output=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})


@pytest.mark.parametrize("command", ["classify", "find-identity"])
def test_bad_lines_are_named_and_the_others_answered(command):
    told = run(command, text='{"text": "jalan rusak"}\n\nbukan json\n{"text": 3}\n[]\n{"text": ""}\n')
    answers = [json.loads(line) for line in told.stdout.decode().splitlines()]
    assert told.returncode == 65
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
    assert told.stderr.decode().splitlines()[-3] == 'pengaduand: baris 3: bukan objek JSON dengan "text"'


@pytest.mark.parametrize("command", ["classify", "find-identity"])
def test_a_file_may_be_named(command, tmp_path):
    path = tmp_path / "aduan.jsonl"
    path.write_text('{"channel": "email", "text": "nama saya Sulastri, jalan rusak"}', encoding="utf-8")
    assert run(command, str(path)).stdout == run(command, text=path.read_text(encoding="utf-8")).stdout != b""
    missing = run(command, str(tmp_path / "tiada"))
    assert missing.returncode == 66 and "tidak dapat dibaca" in missing.stderr.decode()


def test_an_office_may_have_its_own_rules_and_check_names_their_mistakes(tmp_path):
    (tmp_path / "pengaduand.conf").write_text("[office]\nname = Kecamatan Uji\nrules = aturan.conf\n", encoding="utf-8")
    config = str(tmp_path / "pengaduand.conf")
    rules = tmp_path / "aturan.conf"
    rules.write_text("[layanan jalan di dinas]\njalan\n[aturan]\njika selalu maka jenis=keluhan\n", encoding="utf-8")
    told = json.loads(run("classify", "-c", config, text='{"text":"jalan"}').stdout)
    assert (told["kind"], told["service"], told["section"]) == ("keluhan", "jalan", "dinas")
    assert run("check", "-c", config).returncode == 0
    rules.write_text("[layanan jalan di dinas]\n[aturan]\njika lucu maka jenis=keluhan\n", encoding="utf-8")
    for command in ("check", "classify"):
        told = run(command, "-c", config)
        assert told.returncode == 78
        assert f'{rules}:3: tidak ada kelompok kata bernama "lucu"' in told.stderr.decode()
    rules.unlink()
    assert run("check", "-c", config).returncode == 78
