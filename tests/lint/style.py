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


# What makes a statement of a text. Each takes it as second argument, sqlite3_* too.
_STATEMENT = re.compile(r"\b(stmt_open(?:_once)?|stmt_exec|sqlite3_(?:exec|prepare(?:_v[23])?))\s*\(\s*[^,()]+(?:\([^()]*\))?,\s*")
# Constant pieces only: literals, macros, and the word in front of a literal's macro.
_CONSTANT = re.compile(r'(?:\s*(?:"[^"]*"|\b[A-Z][A-Z_0-9]*\b))+\s*[,)]')
# The doors themselves (stmt.c), compiled-in schema steps (migrate.c, connection.c's set-up texts), the lists, whose
# conditions are pieces that the next lint holds, and the two files that go through every table there
# is: their texts hold names out of the schema, which sealed.c has read and quoted.
_BUILT = {"daemon/book/stmt.c", "daemon/book/migrate.c", "daemon/book/connection.c", "daemon/book/journal.c", "daemon/book/verify_rows.c"}
_BUILDER = "daemon/book/complaint_list.c"
_BUILDERS = {_BUILDER, "daemon/book/publication.c"}
_PIECE = re.compile(r"\bstr_add\w*\s*\(\s*sql\s*,\s*([^;]*)\)\s*;")
_PIECE_CONSTANT = re.compile(r"(?:\s*(?:\"[^\"]*\"|\b[A-Z][A-Z_0-9]*\b|from\[[^]]*\]|separator|state_key\([^;]*\)|,))+\s*")


def sql_statements_are_constant(tree):
    """No statement holds what somebody typed: values are bound. Statements are literals."""
    for name in tree.sources:
        if not name.startswith("daemon/book/") or name in _BUILT:
            continue
        text = tree.text(name)
        for match in _STATEMENT.finditer(tree.code(name)):
            rest = text[match.end():]
            if name in _BUILDERS and match.group(1) == "stmt_open_once" and rest.startswith("sql.data)"):
                continue
            if not _CONSTANT.match(rest):
                yield f"{name}:{line_of(text, match.start())}: {match.group(1)}() with a text that is no literal"


def sql_lists_are_built_of_constant_pieces(tree):
    """Who puts lists together adds to `sql` literals and keys of rules/state.c, never a value."""
    for name in [file for file in tree.sources if file in _BUILDERS]:
        code = tree.code(name)
        for match in _PIECE.finditer(code):
            chosen = match.group(1).split("?", 1)[-1].split(":") if "?" in match.group(1) else [match.group(1)]
            if not all(_PIECE_CONSTANT.fullmatch(one) for one in chosen):
                yield f"{name}:{line_of(code, match.start())}: not only constants in a statement: {match.group(1).strip()}"


_COMPARED = re.compile(r"\b(strcmp|strcasecmp|strncmp|memcmp)\s*\(([^;{}]*)")
_SECRET_NAME = re.compile(r"\b\w*(?:secret|token|password|csrf|mac|signature|cookie|hash|offered|expected)\w*\b(?!\s*\()", re.IGNORECASE)
# Compared, and no secret that a stranger could learn byte by byte: digests of contents and of the history; words of the
# configuration when it is loaded; two texts that one and the same person typed; words of a complaint.
_COMPARED_OPENLY = {"daemon/book/event.c", "daemon/book/blob.c", "daemon/book/restore.c", "channels/gateway/check.c", "daemon/web/static.c",
                    "daemon/web/login.c:again", "daemon/web/login.c:old", "channels/gateway/mapping_auth_load.c",
                    "daemon/book/verify_rows.c", "rules/identity_token.c"}


def secrets_are_compared_in_constant_time(tree):
    """sodium_memcmp(), so that the time of a refusal does not tell how much was right."""
    for name in tree.sources:
        code = tree.code(name)
        for match in _COMPARED.finditer(code):
            depth, end = 1, 0
            while depth and end < len(match.group(2)):
                depth += {"(": 1, ")": -1}.get(match.group(2)[end], 0)
                end += 1
            arguments = match.group(2)[:end]
            found = _SECRET_NAME.search(arguments)
            openly = name in _COMPARED_OPENLY or any(f"{name}:{word}" in _COMPARED_OPENLY
                                                     for word in re.findall(r"\w+", arguments))
            if found and not openly:
                yield f"{name}:{line_of(code, match.start())}: {match.group(1)}() of {found.group()}: use sodium_memcmp()"


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
        (sql_statements_are_constant, "daemon/book/a.c", 's = stmt_open(txn, words);', 's = stmt_open(txn, "SELECT " A_B " x");'),
        (sql_statements_are_constant, "daemon/book/a.c", 's = stmt_open_once(txn, sql.data);', 'stmt_exec(txn, "COMMIT", f);'),
        (sql_statements_are_constant, "daemon/book/a.c", 'sqlite3_exec(txn->db, text, 0, 0, 0);', 'sqlite3_exec(txn->db, "X", 0);'),
        (sql_lists_are_built_of_constant_pieces, _BUILDER, "str_adds(sql, f->words);", 'str_adds(sql, words ? "a" : "b");'),
        (sql_lists_are_built_of_constant_pieces, _BUILDER, "str_addf(sql, \"'%s'\", text);", 'str_adds(sql, ")");'),
        (secrets_are_compared_in_constant_time, c, "x = strcmp(token, given);", "x = sodium_memcmp(token, given, 32);"),
        (secrets_are_compared_in_constant_time, c, "x = !memcmp(a, mac, sizeof mac);", "x = strcmp(key, name);"),
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
         sql_only_in_the_book, sql_statements_are_constant, sql_lists_are_built_of_constant_pieces,
         secrets_are_compared_in_constant_time, no_paths_of_one_machine, no_left_overs, views_are_safe_to_fill,
         style_lints_see_what_they_look_for]
