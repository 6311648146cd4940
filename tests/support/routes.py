"""The pages there are, from the daemon's own table (tests/support/routes.c), and the way through them: a crawl from link to
link as each officer sees them. A test that goes through these covers a new page without being told of it."""
import re
import subprocess
import urllib.parse
from collections import deque

from daemon import build_folder

PAGES_MOST = 600  # of one crawl: a list that links to itself for ever would show here
# Paths that are no page: fixed by the daemon for machines, and the files of the pages.
OTHER = ["/healthz", "/readyz", "/statis/"]


class Route:
    def __init__(self, line):
        self.pattern, methods, roles, size = line.split(" ")
        self.get, self.post = "G" in methods, "P" in methods
        self.roles = frozenset(role for role in roles.split(",") if role)
        self.max_body = int(size)

    def __repr__(self):
        return self.pattern

    def example(self, below="1"):
        return self.pattern.replace("*", below)

    def fits(self, path):
        path = path.split("?")[0]
        return path.startswith(self.pattern[:-1]) if self.pattern.endswith("*") else path == self.pattern


def all_routes():
    done = subprocess.run([build_folder() / "routes"], check=True, capture_output=True, text=True)
    return [Route(line) for line in done.stdout.splitlines()]


def route_of(path, routes):
    """The longest pattern that fits, as the server chooses; None = no page."""
    fitting = [route for route in routes if route.fits(path)]
    return max(fitting, key=lambda route: (len(route.pattern), not route.pattern.endswith("*")), default=None)


def shape(path):
    """/aduan/17/lembar?dari=3 -> /aduan/N/lembar: pages of one kind."""
    return re.sub(r"/\d+", "/N", path.split("?")[0])


def crawl(session, starts):
    """{path: Page} of everything that links and GET forms lead to from there, on this site."""
    pages, queue = {}, deque(starts)
    while queue and len(pages) < PAGES_MOST:
        path = queue.popleft()
        if path in pages:
            continue
        pages[path] = page = session.get(path)
        for address, _ in page.links:
            where = urllib.parse.urlsplit(urllib.parse.urljoin(session.base + path, address))
            if address.startswith("/") and where.netloc == urllib.parse.urlsplit(session.base).netloc:
                queue.append(where.path + ("?" + where.query if where.query else ""))
    assert len(pages) < PAGES_MOST, sorted(pages)[-20:]
    return pages
