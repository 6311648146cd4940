"""What every lint needs: the files of the tree, and C text without comments and strings.

A lint is a function `name(tree) -> iterable of "file:line: message"`; no message means that it passed.
"""
import re
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


class Tree:
    """Files that git knows or would add, as paths relative to the root; outside test data is left out."""

    def __init__(self, root=ROOT):
        self.root = root
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, check=True,
                                capture_output=True, text=True).stdout.split("\n")
        self.files = sorted(name for name in listed
                            if name and not name.startswith("tests/data/") and (root / name).is_file())
        self.c = [name for name in self.files if name.endswith((".c", ".h"))]
        # The product's own C; tests may be cruder.
        self.product = [name for name in self.c if not name.startswith("tests/")]
        self.sources = [name for name in self.product if name.endswith(".c")]

    @lru_cache(maxsize=None)
    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    @lru_cache(maxsize=None)
    def code(self, name):
        return blank(self.text(name))


def blank(text):
    """C text with comments and the insides of literals blanked; lines and columns stay."""
    return _TOKENS.sub(_blank, text)


def _blank(match):
    found = match.group()
    keep = found[0] + found[-1] if found[0] in "\"'" else "  "
    middle = re.sub(r"[^\n]", " ", found[1:-1])
    return keep[0] + middle + keep[1]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def matches(tree, names, pattern, message, code=True):
    """`file:line: message` for each place where pattern (compiled) is found; {0} in message = what was found."""
    for name in names:
        text = tree.code(name) if code else tree.text(name)
        for match in pattern.finditer(text):
            yield f"{name}:{line_of(text, match.start())}: {message.format(match.group(match.lastindex or 0))}"
