"""Other people's checkers: clang-format, cppcheck, shellcheck; clang-tidy for `make lint` only, with a cache."""
import hashlib
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

_CORES = 2
# What says something about this house: bug patterns and the path analyser. Left out: opinions about style,
# what -Wconversion says already, and warnings about functions that banned_functions() settles.
TIDY_CHECKS = ",".join([
    "-*", "bugprone-*", "-bugprone-easily-swappable-parameters", "-bugprone-reserved-identifier",
    "-bugprone-narrowing-conversions", "-bugprone-assignment-in-if-condition", "-bugprone-suspicious-string-compare",
    "-bugprone-implicit-widening-of-multiplication-result",
    "clang-analyzer-*", "-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling",
])
# What cppcheck 2.10 sees wrongly here and gcc, clang-tidy and the sanitizers see rightly: results written through a
# pointer when the outcome is DONE, and switches that name every member of an enum.
CPPCHECK_BLIND = ["uninitvar", "legacyUninitvar", "uninitStructMember", "missingReturn", "ctunullpointer"]
_PACKAGES = ["libevent", "openssl", "sqlite3", "jansson", "inih", "libsodium", "libmosquitto", "libcurl", "libetpan",
             "gmime-3.0", "gumbo", "libmagic", "libseccomp", "cmocka"]


def _run(tree, *command):
    done = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def _missing(program):
    if shutil.which(program) is None:
        return [f"{program} is not installed (tests/support/packages.sh check lint)"]
    return []


def clang_format(tree):
    if _missing("clang-format") or not tree.c:
        return _missing("clang-format")
    _, said = _run(tree, "clang-format", "--dry-run", "--Werror", *tree.c)
    places = [line.split(":")[:2] for line in said.splitlines() if ": error:" in line]
    first = {name: line for name, line in reversed(places)}
    return [f"{name}:{line}: not as .clang-format wants it (clang-format -i {name})" for name, line in first.items()]


def cppcheck(tree):
    if _missing("cppcheck"):
        return _missing("cppcheck")
    cache = tree.root / "build" / "lint-cppcheck"
    cache.mkdir(parents=True, exist_ok=True)
    code, said = _run(
        tree, "cppcheck", "--quiet", f"-j{_CORES}", f"--cppcheck-build-dir={cache}", "--error-exitcode=1",
        "--enable=warning,performance,portability", "--inline-suppr", "--std=c11", "-D_GNU_SOURCE", '-DVERSION="0"',
        "--suppress=missingIncludeSystem", *(f"--suppress={name}" for name in CPPCHECK_BLIND), "--template={file}:{line}: {id}: {message}", "-I.", *tree.sources)
    return [line for line in said.splitlines() if line] if code else []


def shellcheck(tree):
    scripts = [name for name in tree.files
               if name.endswith(".sh") or (name == ".ci/run" or tree.text(name).startswith("#!/bin/sh"))]
    if _missing("shellcheck") or not scripts:
        return _missing("shellcheck")
    code, said = _run(tree, "shellcheck", "-f", "gcc", *scripts)
    return [line for line in said.splitlines() if line] if code else []


_QUOTED = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)


def _with_headers(tree, name, seen):
    """name and every header of ours it reaches."""
    if name in seen or not (tree.root / name).is_file():
        return seen
    seen.add(name)
    folder = name.rsplit("/", 1)[0]
    for quoted in _QUOTED.findall(tree.text(name)):
        beside = (tree.root / folder / quoted).resolve()
        inside = beside.is_file() and beside.is_relative_to(tree.root)
        _with_headers(tree, str(beside.relative_to(tree.root)) if inside else quoted, seen)
    return seen


def clang_tidy(tree):
    """Each file once until it or a header of it changes: build/lint-tidy holds the digests of those that passed."""
    if _missing("clang-tidy"):
        return _missing("clang-tidy")
    cache = tree.root / "build" / "lint-tidy"
    cache.mkdir(parents=True, exist_ok=True)
    packages = [name for name in _PACKAGES
                if subprocess.run(["pkg-config", "--exists", name], check=False).returncode == 0]
    flags = _run(tree, "pkg-config", "--cflags", *packages)[1].split()
    arguments = [f"--checks={TIDY_CHECKS}", "--quiet", "--warnings-as-errors=*", "--", "-std=gnu11", "-D_GNU_SOURCE",
                 '-DVERSION="0"', "-I.", *flags]

    def one(name):
        digest = hashlib.sha256("\0".join(arguments).encode())
        for part in sorted(_with_headers(tree, name, set())):
            digest.update(part.encode() + tree.text(part).encode())
        passed = cache / digest.hexdigest()
        if passed.exists():
            return []
        code, said = _run(tree, "clang-tidy", name, *arguments)
        if code == 0:
            passed.touch()
            return []
        return [line.replace(f"{tree.root}/", "") for line in said.splitlines()
                if ": error:" in line or ": warning:" in line] or [f"{name}: clang-tidy: {said[-300:]}"]

    with ThreadPoolExecutor(_CORES) as pool:
        return [line for lines in pool.map(one, tree.sources) for line in lines]


LINTS = [clang_format, cppcheck, shellcheck]
DEEP = [clang_tidy]
