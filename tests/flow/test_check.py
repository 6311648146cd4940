"""The counting of `make check`: no way of failing may come out as passed."""
import pytest

import check

TAP = "1..2\nok 1 - a\nok 2 - b\n"


@pytest.mark.parametrize("status,said,passed,failed", [
    (0, TAP, 2, 0),
    (1, TAP.replace("ok 2", "not ok 2"), 1, 1),
    (-6, "1..3\nok 1 - a\n==1==ERROR: AddressSanitizer", 1, 2),
    (1, TAP + "LeakSanitizer: detected memory leaks", 2, 1),
    (0, "", 0, 1),
    (0, TAP.replace("ok 2 - b", "ok 2 - b # SKIP"), 1, 1),
])
def test_tap_is_counted(status, said, passed, failed):
    result = check.count_tap(status, said)
    assert (result.passed, result.failed) == (passed, failed)


@pytest.mark.parametrize("body,passed,failed", [
    ("def test_a():\n    pass\n", 1, 0),
    ("def test_a():\n    pass\ndef test_b():\n    assert 0\n", 1, 1),
    ("import pytest\n@pytest.mark.skip\ndef test_a():\n    pass\n", 0, 1),
    ("import pytest\n@pytest.fixture\ndef f():\n    yield\n    1/0\ndef test_a(f):\n    pass\n", 1, 1),
    ("import nowhere_to_be_found\n", 0, 1),
    ("x = 1\n", 0, 1),
])
def test_pytest_is_counted(tmp_path, body, passed, failed):
    path = tmp_path / "test_it.py"
    path.write_text(body)
    result = check.run_pytest(path)
    assert (result.passed, result.failed) == (passed, failed), result.text


def test_a_hanging_job_is_killed_and_failed():
    status, said = check.run_program(["/bin/sh", "-c", "echo mulai; sleep 600 & wait"], seconds=0.3)
    assert status < 0 and "mulai" in said and "habis waktu" in said
    assert check.count_tap(status, said).failed == 1


def test_the_parts_of_a_long_file_are_the_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "test_long.py"
    path.write_text("".join(f"def test_{name}():\n    pass\n" for name in ("mail", "mail_again", "form", "night", "start")))
    monkeypatch.setitem(check.PARTS, f"flow/{path.name}", ["mail", "form"])
    jobs = check.pytest_jobs("flow", path)
    assert [run().passed for _, _, run in jobs] == [2, 1, 2]
    assert len({name for _, name, _ in jobs}) == 3


def test_the_longest_job_begins_first(tmp_path, monkeypatch):
    jobs = [("flow", name, None) for name in ("short", "long", "new.py", f"{check.LONG[0].split('/')[1]} 2")]
    jobs[3] = (check.LONG[0].split("/")[0], *jobs[3][1:])
    monkeypatch.setattr(check, "TIMES", tmp_path / "times.json")
    assert check.longest_first(jobs)[0] == jobs[3]
    check.TIMES.write_text('{"flow/short": 1, "flow/long": 90}')
    assert [name for _, name, _ in check.longest_first(jobs[:3])] == ["long", "new.py", "short"]
