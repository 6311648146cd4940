"""`make fuzz TIME=60`: every harness of tests/fuzz for so many seconds, two at a time; ends `N passed, N failed`.

A harness begins with its seeds (tests/fuzz/seeds/NAME), what it once stumbled over (tests/fuzz/regress/NAME), the
samples of other tests that fit, and what earlier runs here discovered (build/fuzz/corpus/NAME). What makes it stumble
now is kept in build/fuzz/found/NAME; once mended at the cause it goes into regress/NAME, with the mending.

check.py uses run_short(): everything that is kept once, then a moment of search with the same luck every time, so that
a failure is about the change at hand.

run.py SECONDS [NAME ...]
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "fuzz"
PROGRAMS = ROOT / "build" / "fuzz" / "fuzz"
DATA = ROOT / "tests" / "data"
CORES = 2
LONGEST_INPUT = 16384   # bytes that the search tries; kept inputs may be longer
INPUT_S = 20            # one input that takes longer is a finding
MEMORY_MB = 2048
SHORT_S = 1
SHORT_RUNS = 5000
SHOWN_MOST = 4000

_MAILS = ["cpython-email/data", "flufl-bounce/data", "indonesia", "mail-gem/emails", "mime4j/mimetools-testmsgs",
          "mime4j/testmsgs"]
SAMPLES = {"mail": _MAILS, "unreadable": ["indonesia", "mail-gem/emails/error_emails"],
           "reply": ["crisp/fixtures", "indonesia/balasan"], "form": ["python-multipart", "rack-multipart"],
           "gateway": ["gateways"], "answer": ["gateways"]}
ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:handle_abort=1:"
                               "allocator_may_return_null=1",
               "UBSAN_OPTIONS": "print_stacktrace=1", "G_SLICE": "always-malloc", "TZ": "UTC"}


def harnesses():
    return sorted(path.stem.removeprefix("fuzz_") for path in HERE.glob("fuzz_*.c"))


def kept(name):
    """Folders whose files this harness must always get through."""
    folders = [HERE / "seeds" / name, HERE / "regress" / name, *(DATA / sample for sample in SAMPLES.get(name, []))]
    return [str(folder) for folder in folders if folder.is_dir()]


def run(name, *arguments, seconds):
    """(exit status, what it said)"""
    found = ROOT / "build" / "fuzz" / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    command = [str(PROGRAMS / f"fuzz_{name}"), f"-artifact_prefix={found}/", f"-timeout={INPUT_S}",
               f"-rss_limit_mb={MEMORY_MB}", "-print_final_stats=1", *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", text=True,
                              timeout=seconds + 120)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return -1, f"habis waktu: {late}"


def search_arguments(name, seconds):
    dictionary = HERE / f"{name}.dict"
    return [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}",
            *([f"-dict={dictionary}"] if dictionary.exists() else [])]


def figures(said):
    """(inputs tried, tries a second, edges covered)"""
    def last(pattern):
        return int((re.findall(pattern, said) or ["0"])[-1])
    return last(r"number_of_executed_units: *(\d+)"), last(r"average_exec_per_sec: *(\d+)"), last(r"\bcov: (\d+)")


def essence(said):
    """What broke and where: without the engine's news and its own frames."""
    lines = [line for line in said.splitlines()
             if not re.match(r"#\d+\s|INFO: |stat::|    #\d+ .*(fuzzer::|__libc_start|_start|nptl/)", line)]
    return "\n".join(lines)[-SHOWN_MOST:].rstrip()


def run_long(name, seconds):
    corpus = ROOT / "build" / "fuzz" / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    status, said = run(name, *search_arguments(name, seconds), str(corpus), *kept(name), seconds=seconds)
    tried, speed, edges = figures(said)
    print(f"{name:<12} {tried:>10} inputs  {speed:>7}/s  {edges:>6} edges  {'ok' if status == 0 else 'FOUND'}", flush=True)
    if status != 0:
        print(f"--- {name}\n{essence(said)}\n---", flush=True)
    return status == 0


def run_short(name):
    """[(what, passed, said)]: all that is kept, then a moment of search."""
    status, said = run(name, "-runs=0", *kept(name), seconds=60)
    results = [(f"{name} gets through what is kept", status == 0, essence(said))]
    status, said = run(name, "-seed=1", f"-runs={SHORT_RUNS}", *search_arguments(name, SHORT_S), seconds=SHORT_S)
    return [*results, (f"{name} finds nothing new", status == 0, essence(said))]


def main():
    seconds = int(sys.argv[1])
    with ThreadPoolExecutor(CORES) as pool:
        results = list(pool.map(lambda name: run_long(name, seconds), sys.argv[2:] or harnesses()))
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
