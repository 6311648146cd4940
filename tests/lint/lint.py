"""All lints as TAP, one test each: lint.py (what `make check` runs) or lint.py --deep (with clang-tidy: `make lint`).

Exit 1 when one fails. --summary adds the line "N passed, N failed"."""
import sys
import time

import includes
import style
import tools
from source import Tree

SHOWN_MOST = 40


def main():
    tree = Tree()
    lints = includes.LINTS + style.LINTS + tools.LINTS + (tools.DEEP if "--deep" in sys.argv else [])
    failed = 0
    print(f"1..{len(lints)}")
    for number, lint in enumerate(lints, 1):
        began = time.monotonic()
        found = list(lint(tree))
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} {number} - {lint.__name__} # {time.monotonic() - began:.1f} s")
        for line in found[:SHOWN_MOST]:
            print(f"  {line}")
        if len(found) > SHOWN_MOST:
            print(f"  ... and {len(found) - SHOWN_MOST} more")
        sys.stdout.flush()
    if "--summary" in sys.argv:
        print(f"{len(lints) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
