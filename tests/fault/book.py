"""Programs that play in one process, with the N-th call of a kind failing until none fails: book_story (the book and the
desk), index_story (the full text and the batches of the writer)."""
import re
import subprocess
import tempfile
from pathlib import Path

from daemon import build_folder
from faults import Faults

SHOWN_MOST = 20


def story(program, kind, stride=1, row=1):
    """(faults, how many plays went wrong, what was said)."""
    with tempfile.TemporaryDirectory(prefix="pengaduand-") as folder:
        page = Faults(Path(folder))
        done = subprocess.run([str(build_folder() / program), kind, str(stride), str(row)], cwd=folder, text=True,
                              capture_output=True, errors="replace",
                              env={"PATH": "/usr/bin:/bin", "TMPDIR": folder, **page.environment()})
    sums = re.search(r"^(\d+) gangguan, (\d+) gagal$", done.stdout, re.MULTILINE)
    if not sums:
        return 0, 1, f"{program} {kind}: status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    said = "\n".join(done.stdout.splitlines()[:SHOWN_MOST])
    return int(sums.group(1)), int(sums.group(2)) or int(done.returncode != 0), said
