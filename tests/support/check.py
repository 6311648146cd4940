"""`make check`: builds strictly, runs every suite, and says in the last line `N passed, N failed`.

Suites: unit (every program in BUILD/unit), lint (tests/lint/lint.py), fuzz (tests/fuzz/run.py), and each folder of tests/ that holds pytest
files (flow, crash, browser ...). Jobs, one program or one file (or a part of a long one) each, run eight at a time, for most of
them wait for a server half of the time, the longest first, as they were the last time; only failures are printed, the scores of
the mail corpora (lines "score: ..." of a unit test; one below the kept score fails), and which jobs took most.
What the daemons wrote meanwhile is searched for secrets and persons at the end (tests/support/witness.py): suite secrets.
A job that dies, hangs, or runs no test at all is a failed test. A skipped test has not passed and counts as failed.

check.py [SUITE ...] runs only those.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
import run as fuzz  # noqa: E402
BUILD = os.environ.get("PENGADUAND_BUILD", "build/check")
CORES = 2
JOBS_AT_ONCE = 8
PATIENCE = JOBS_AT_ONCE / CORES  # process.py
JOB_S = 1800  # one that takes longer hangs
SLOW_SHOWN = 8
SHOWN_MOST = 12000  # characters of one failing job: the end says what broke
STRICT = ["SANITIZE=-fsanitize=address,undefined -fno-sanitize-recover=all", "OPTIMISE=-O1 -g1", "WERROR=-Werror"]
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
              "UBSAN_OPTIONS": "print_stacktrace=1"}
PYTEST_FOLDERS = ["browser", "crash", "fault", "flow", "soak"]
WITNESS = ROOT / "build" / "witness"
TIMES = ROOT / "build" / "check-times.json"  # {job: its seconds the last time}
# Files that would still run when all others have ended are jobs by parts: what fits the words (pytest -k), and the rest.
PARTS = {
    "crash/test_steps.py": ["email", "situs or loket", "whatsapp"], "fault/test_book.py": ["alloc"],
    "fault/test_life.py": ["email or baca"], "browser/test_injection.py": ["stored"], "browser/test_officer.py": ["axe"],
}
# Where there was no last time: these first.
LONG = ["crash/test_steps.py", "browser/test_injection.py", "browser/test_officer.py", "fault/test_book.py",
        "flow/test_tamper.py", "fault/test_life.py", "flow/test_hostile_mail.py", "fault/test_start.py",
        "browser/test_public.py", "lint/lint.py"]


spent = threading.local()  # .cpu: processor seconds of the programs that this thread ran


class Result:
    def __init__(self, passed=0, failed=0, text=""):
        self.passed, self.failed, self.text = passed, failed, text


def run_program(command, environment=None, seconds=JOB_S):
    """(exit status, output). A program that takes too long is killed with all its children."""
    late = threading.Event()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True,
                                   env={**os.environ, **SANITIZERS, "PENGADUAND_BUILD": BUILD,
                                        "PENGADUAND_PATIENCE": str(PATIENCE), "PENGADUAND_PICTURES": "no",
                                        "PENGADUAND_WITNESS": str(WITNESS),
                                        **(environment or {})})
        clock = threading.Timer(seconds, lambda: (late.set(), os.killpg(process.pid, signal.SIGKILL)))
        clock.start()
        _, status, usage = os.wait4(process.pid, 0)
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        spent.cpu = getattr(spent, "cpu", 0.0) + usage.ru_utime + usage.ru_stime
        output.seek(0)
        said = output.read().decode(errors="replace")
    if late.is_set():
        return -signal.SIGKILL, said + f"\nhabis waktu sesudah {seconds} detik"
    return process.returncode, said


def count_tap(status, said):
    """TAP as cmocka and lint.py write it. Planned tests that never reported were lost in a crash."""
    plans = [int(plan) for plan in re.findall(r"^\s*1\.\.(\d+)\s*$", said, re.MULTILINE)]
    passed = len(re.findall(r"^ok\b(?!.*# SKIP)", said, re.MULTILINE))
    failed = len(re.findall(r"^not ok\b|^ok\b.*# SKIP", said, re.MULTILINE))
    failed += max(sum(plans) - passed - failed, 0)
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1
        said += f"\nstatus {status}, {passed} uji berhasil"
    return Result(passed, failed, said)


def run_tap(command, environment=None):
    return count_tap(*run_program(command, environment))


def run_pytest(path, words=None):
    """The tests of that file, or those that fit the words."""
    with tempfile.TemporaryDirectory(prefix="pengaduand-check-") as folder:
        report = Path(folder) / "report.xml"
        status, said = run_program([sys.executable, "-m", "pytest", "-q", "-rfEsx", "--tb=short", "-p",
                                    "no:cacheprovider", f"--basetemp={folder}/tmp", f"--junitxml={report}",
                                    *(["-k", words] if words else []), str(path)],
                                   {"PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")})
        return count_junit(status, said, report)


def count_junit(status, said, report):
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Result(0, 1, said + f"\npytest tidak memberi laporan, status {status}")
    total = sum(int(suite.get("tests")) for suite in suites)
    failed = sum(int(suite.get(key, 0)) for suite in suites for key in ("failures", "errors", "skipped"))
    # A test that fails and then cannot be torn down is one test, reported twice.
    failed = min(failed, total) if total else 1
    if failed == 0 and status != 0:
        failed, said = 1, said + f"\npytest: status {status}"
        total += 1
    return Result(max(total - failed, 0), failed, said)


def unit_jobs():
    programs = sorted(path for path in (ROOT / BUILD / "unit").rglob("*")
                      if path.is_file() and os.access(path, os.X_OK) and path.suffix == "")
    return [("unit", path.name, lambda path=path: run_tap([str(path)], {"CMOCKA_MESSAGE_OUTPUT": "TAP"}))
            for path in programs]


def run_fuzz(name):
    results = fuzz.run_short(name)
    return Result(sum(1 for _, good, _ in results if good), sum(1 for _, good, _ in results if not good),
                  "\n".join(f"{what}\n{said}" for what, good, said in results if not good))


def fuzz_jobs():
    return [("fuzz", name, lambda name=name: run_fuzz(name)) for name in fuzz.harnesses()]


def pytest_jobs(folder, path):
    parts = PARTS.get(f"{folder}/{path.name}")
    if not parts:
        return [(folder, path.name, lambda: run_pytest(path))]
    every = [*parts, " and ".join(f"not ({words})" for words in parts)]
    return [(folder, f"{path.name} {number}", lambda words=words: run_pytest(path, words)) for number, words in enumerate(every, 1)]


def all_jobs():
    """(suite, name, run); the slow ones first, so that both cores end together."""
    jobs = [job for folder in PYTEST_FOLDERS for path in sorted((ROOT / "tests" / folder).glob("test_*.py"))
            for job in pytest_jobs(folder, path)]
    lint = ("lint", "lint.py", lambda: run_tap([sys.executable, "tests/lint/lint.py"]))
    return longest_first([*jobs, lint, *fuzz_jobs(), *unit_jobs()])


def longest_first(jobs):
    """By the last time; a file that has none yet stands where LONG has it, the others as they come."""
    try:
        known = json.loads(TIMES.read_text())
    except (OSError, ValueError):
        known = {}
    guess = {name: 1000.0 - place for place, name in enumerate(LONG)}

    def seconds(job):
        name = f"{job[0]}/{job[1]}"
        return known.get(name, guess.get(name.split(" ")[0], 5.0))
    return sorted(jobs, key=seconds, reverse=True)


def build():
    began = time.monotonic()
    command = ["make", "-s", f"-j{CORES}", f"BUILD={BUILD}", *STRICT, "all", "unit", "fault-programs"]
    status, said = run_program(command, {"MAKEFLAGS": "", "MAKELEVEL": ""}, seconds=3600)
    if status == 0:
        status, said = run_program(["make", "-s", f"-j{CORES}", "fuzz-build"], {"MAKEFLAGS": "", "MAKELEVEL": ""},
                                   seconds=3600)
    print(f"{'build':<10} {'berhasil' if status == 0 else 'GAGAL'}  {time.monotonic() - began:.1f} s  "
          "(-Werror, ASan, UBSan)", flush=True)
    if status != 0:
        print(said[-SHOWN_MOST:])
    return status == 0


def timed(job):
    """(suite, name, result, seconds, processor seconds)"""
    spent.cpu, began = 0.0, time.monotonic()
    result = job[2]()
    return job[0], job[1], result, time.monotonic() - began, spent.cpu


def run_jobs(jobs):
    """Runs them, prints each failing one as it ends and each suite when its last one has. Returns the sum."""
    left = {suite: sum(1 for job in jobs if job[0] == suite) for suite, _, _ in jobs}
    sums = {suite: [0, 0, 0.0] for suite in left}
    times = []
    with ThreadPoolExecutor(JOBS_AT_ONCE) as pool:
        for done in as_completed([pool.submit(timed, job) for job in jobs]):
            suite, name, result, seconds, cpu = done.result()
            if result.failed:
                print(f"--- {suite}/{name}: {result.failed} gagal\n{result.text[-SHOWN_MOST:].rstrip()}\n---", flush=True)
            else:
                for score in re.findall(r"^(?:# )?score: .*", result.text, re.MULTILINE):
                    print(score, flush=True)
            times.append((seconds, cpu, f"{suite}/{name}"))
            sums[suite] = [sums[suite][0] + result.passed, sums[suite][1] + result.failed, sums[suite][2] + seconds]
            left[suite] -= 1
            if left[suite] == 0:
                passed, failed, spent = sums[suite]
                print(f"{suite:<10} {passed} passed, {failed} failed  {spent:.1f} s", flush=True)
    if len(times) > SLOW_SHOWN:
        print("paling lama:", ", ".join(f"{name} {seconds:.0f} s" for seconds, _, name in sorted(times)[:-SLOW_SHOWN - 1:-1]))
        by_cpu = sorted(times, key=lambda one: one[1], reverse=True)
        print(f"prosesor {sum(cpu for _, cpu, _ in times):.0f} s, terbanyak:",
              ", ".join(f"{name} {cpu:.0f} s" for _, cpu, name in by_cpu[:SLOW_SHOWN]))
        TIMES.write_text(json.dumps({name: round(seconds, 1) for seconds, _, name in times}, indent=0))
    return sum(one[0] for one in sums.values()), sum(one[1] for one in sums.values())


def main():
    wanted = sys.argv[1:]
    if not build():
        print("0 passed, 1 failed")
        return 1
    jobs = [job for job in all_jobs() if not wanted or job[0] in wanted]
    missing = [suite for suite in wanted or ["unit", "flow", "lint", "fuzz"] if suite not in {job[0] for job in jobs}]
    for suite in missing:
        print(f"{suite}: tidak ada uji")
    shutil.rmtree(WITNESS, ignore_errors=True)
    passed, failed = run_jobs(jobs)
    if not wanted:  # a part of the suite types and hears only a part of it all
        judge = ("secrets", "witness.py", lambda: run_tap([sys.executable, "tests/support/witness.py", str(WITNESS)]))
        more_passed, more_failed = run_jobs([judge])
        passed, failed = passed + more_passed, failed + more_failed
    failed += len(missing)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
