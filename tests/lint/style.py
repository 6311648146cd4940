"""House rules that a reader of one file cannot miss and a tool can count."""
import re

from source import blank, line_of, matches

FUNCTION_LINES_MOST = 79
FUNCTION_BRANCHES_MOST = 24
FILE_LINES_MOST = 600

# .clang-format puts a function's braces into column 0, nothing else's; clang_format() holds that.
_FUNCTION = re.compile(r"^(?P<head>[A-Za-z_][^\n;{}#]*(?:\n[^\n;{}#]+)*\))\n\{\n(?P<body>.*?)^\}",
                       re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"([A-Za-z_]\w*)\s*\(")
_BRANCH = re.compile(r"\b(?:if|for|while|case)\b|&&|\|\||\?")


def functions(tree, name):
    """(name, first line, lines, branches) of each function of a C file."""
    code = tree.code(name)
    for match in _FUNCTION.finditer(code):
        called = _NAME.search(match.group("head"))
        lines = match.group().count("\n") + 1
        yield called.group(1) if called else "?", line_of(code, match.start()), lines, \
            1 + len(_BRANCH.findall(match.group("body")))


def function_length(tree):
    for file in tree.c:
        for name, line, lines, _ in functions(tree, file):
            if lines > FUNCTION_LINES_MOST:
                yield f"{file}:{line}: {name} has {lines} lines (most {FUNCTION_LINES_MOST})"


def function_complexity(tree):
    for file in tree.product:
        for name, line, _, branches in functions(tree, file):
            if branches > FUNCTION_BRANCHES_MOST:
                yield f"{file}:{line}: {name} has {branches} ways through (most {FUNCTION_BRANCHES_MOST})"


def file_length(tree):
    for file in tree.product:
        lines = tree.text(file).count("\n")
        if lines > FILE_LINES_MOST:
            yield f"{file}:1: {lines} lines (most {FILE_LINES_MOST}): does it hold one stage?"


_BANNED = re.compile(r"\b(strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof|scanf|"
                     r"sscanf|fscanf|system|popen|alloca|mktemp|tmpnam|localtime|gmtime|ctime|asctime|rand|srand|random|"
                     r"sleep|usleep|nanosleep|strdupa)\s*\(")


def banned_functions(tree):
    """Unbounded, not thread-safe, shell, or waiting for time instead of an event."""
    return matches(tree, tree.product, _BANNED, "{0}() is banned here")


_CLOCK = re.compile(r"\b(time|gettimeofday|clock_gettime|timespec_get)\s*\(")
_RANDOM = re.compile(r"\b(getrandom|getentropy|arc4random\w*|randombytes\w*|RAND_bytes)\s*\(")


def time_and_randomness_have_one_door(tree):
    """Only base/clock.c and base/random.c, so that tests can hold both."""
    yield from matches(tree, [f for f in tree.sources if f != "daemon/base/clock.c"], _CLOCK, "{0}(): use base/clock.h")
    yield from matches(tree, [f for f in tree.sources if f != "daemon/base/random.c"], _RANDOM,
                       "{0}(): use base/random.h")


_SQL = re.compile(r'"\s*(SELECT\s|INSERT (?:OR \w+ )?INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|BEGIN IMMEDIATE|PRAGMA )')


def sql_only_in_the_book(tree):
    return matches(tree, [file for file in tree.product if not file.startswith("daemon/book/")], _SQL,
                   "SQL stands only in daemon/book/", code=False)


_MACHINE = re.compile(r"(?<![\w.$}])/(?:work|farm|root|home/[a-z]\w*)/|/tmp/[a-z]\w*/")


def no_paths_of_one_machine(tree):
    return matches(tree, [file for file in tree.files if _is_text(tree, file)], _MACHINE, "{0}: a path of one machine",
                   code=False)


_LEFT_OVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")


def no_left_overs(tree):
    return matches(tree, [file for file in tree.files if _is_text(tree, file)], _LEFT_OVER, "{0}: finish it or leave it",
                   code=False)


def _is_text(tree, file):
    return not file.endswith((".png", ".jpg", ".ico", ".woff2", ".db", ".eml", ".pdf")) and "\0" not in tree.text(file)


_VIEW_SCRIPT = re.compile(r"<(script|style)\b(?![^>]*\bsrc=)[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_VIEW_ON = re.compile(r"<[^>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)
# `="{{` is quoted and `?kode={{` stands inside quotes: only a name of its own before "=" is an attribute.
_VIEW_BARE = re.compile(r"<[^>]*\s[\w:-]+\s*=\s*(\{\{[^>\s]*)")


def views_are_safe_to_fill(tree):
    """Values are escaped for text and quoted attributes only; the content policy allows nothing inline."""
    views = [file for file in tree.files if file.startswith("daemon/web/views/") and file.endswith(".html")]
    yield from matches(tree, views, _VIEW_SCRIPT, "inline <{0}>", code=False)
    yield from matches(tree, views, _VIEW_ON, "attribute {0}", code=False)
    yield from matches(tree, views, _VIEW_BARE, "attribute without quotes around {0}", code=False)


class _Sample:
    """A tree of one file, to see that a lint sees."""

    def __init__(self, name, text):
        self.files = self.c = self.product = self.sources = [name]
        self._text = text

    def text(self, _name):
        return self._text

    def code(self, _name):
        return blank(self._text)


def style_lints_see_what_they_look_for(_tree):
    """The lints themselves, on one bad and one good sample each."""
    c, view = "rules/a.c", "daemon/web/views/a.html"
    body = "int f(int a)\n{\n%s    return a;\n}\n"
    samples = [
        (function_length, c, body % ("    a++;\n" * 76), body % ("    a++;\n" * 75)),
        (function_complexity, c, body % ("    if (a && a)\n        a++;\n" * 12),
         body % ("    if (a)\n        a++;\n" * 23)),
        (file_length, c, "\n" * 601, "\n" * 600),
        (banned_functions, c, body % "    sprintf(b, c);\n", body % '    log("sprintf(");\n'),
        (time_and_randomness_have_one_door, c, "x = time(NULL);", "x = clock_now_ms(); /* time(NULL) */"),
        (sql_only_in_the_book, c, 'x = "SELECT a FROM b";', 'x = "Pilih";'),
        (no_paths_of_one_machine, c, "/home/" "siti/x", "src/work/x and /home"),
        (no_left_overs, c, "/* TO" "DO */", "/* TODAY */"),
        (views_are_safe_to_fill, view, "<p onclick='x'>", '<p title="{{a}}">on = {{b}}</p>'),
        (views_are_safe_to_fill, view, "<script>a()</script>", '<script src="/a.js"></script>'),
        (views_are_safe_to_fill, view, "<a href={{a}}>", '<a href="{{a}}">'),
    ]
    for lint, name, bad, good in samples:
        if not list(lint(_Sample(name, bad))):
            yield f"{lint.__name__} does not see: {bad[:60]!r}"
        for found in lint(_Sample(name, good)):
            yield f"{lint.__name__} refuses what is right: {found}"


LINTS = [function_length, function_complexity, file_length, banned_functions, time_and_randomness_have_one_door,
         sql_only_in_the_book, no_paths_of_one_machine, no_left_overs, views_are_safe_to_fill,
         style_lints_see_what_they_look_for]
