"""One office that lives through many faults: each hits one story of a citizen or one act of an officer.

A Life starts the daemon once. hit() makes the N-th call of one kind fail (tests/support/faults.py) while one play runs;
the outside repeats itself as it does outside (tests/support/story.py). The play must come to its end, nobody may have
been told anything but "later", and a refusal must stand in the log. settle() looks at all that the plays left: each
complaint must be as the first one, which was told without a fault; each letter must have arrived once; the broker must
have heard every event; `verify` must find nothing.
"""
import collections
import http.client
import json
import re
import time
from datetime import datetime, timedelta, timezone

from desk import OFFICERS, Desk, code_in, number_in
from faults import Faults, places
from process import Missed, await_that
from session import Session
from story import LARGE, STORIES, WALK, ComeLater, act, apart, plain

PATIENCE_S = 60  # of the outside, for one act: longer than the back-off after one or two faults
SETTLE_S = 90    # a letter that failed once waits for ten seconds, its second attempt for twenty
DELIVERY_S = 30
MOMENT_S, HURRY_S = 0.3, 0.5
UNSURE = "tidak_pasti"

# One complaint's rows, without the ids and times by which it differs from its neighbours.
ROWS = {
    "complaint": "SELECT kind, confidentiality, state, version, channel, section_id, instruction, subject, place,"
                 " answered_at IS NULL, citizen_id IS NULL FROM complaint WHERE id = ?1",
    "message": "SELECT purpose, channel, officer_id, author, subject, text, own_words, must_read, raw_sha256 IS NULL"
               " FROM message WHERE complaint_id = ?1",
    "attachment": "SELECT m.purpose, lower(hex(a.sha256)), a.filename, a.media_type, a.size FROM attachment a"
                  " JOIN message m ON m.id = a.message_id WHERE m.complaint_id = ?1",
    "event": "SELECT kind, actor FROM event WHERE complaint_id = ?1",
    "notice": "SELECT officer_id, kind FROM notice WHERE complaint_id = ?1",
    "arrival": "SELECT channel, outcome, reason FROM arrival WHERE complaint_id = ?1",
    "outbox": "SELECT channel, purpose, payload FROM outbox WHERE complaint_id = ?1 AND channel <> 'mqtt'",
}
LETTERS = """SELECT c.number, o.state, json_extract(o.payload, '$.text') FROM outbox o
             JOIN complaint c ON c.id = o.complaint_id
             WHERE o.purpose IN ('tanda_terima', 'jawaban') AND (o.channel LIKE 'email:%' OR o.channel LIKE 'gateway:%')"""
# The tag behind a number is its complaint's alone (rules/thread_tag.h); a story that is played again in
# the same place of the same book has the same one, so tests/crash compares it.
OWN = [(re.compile(pattern), word) for pattern, word in (
    (r"tercatat \d+", "tercatat <n>"), (r"62812\d+", "<telepon>"),
    (r"\d+/PGD/[IVXLC]+/\d{4}#[0-9a-hjkmnp-tv-z]{8}\]", "<nomor>#<tanda>]"), (r"\d+/PGD/[IVXLC]+/\d{4}", "<nomor>"))]


def of_all(value):
    value = plain(value)
    if isinstance(value, str):
        for pattern, word in OWN:
            value = pattern.sub(word, value)
    return value


class Life:
    def __init__(self, town, name):
        self.town, self.name = town, name
        self.kind = STORIES["situs" if name in ("meja", "baca") else name]
        self.daemon = town.daemon(**self.kind.parts)
        self.daemon.sections["chat"] = {"quiet_seconds": 1}  # so that the questions come among the faults
        self.daemon.init()
        desk = Desk(self.daemon).hire()
        self.faults = Faults(self.daemon.folder)
        self.daemon.extra_environment.update(self.faults.environment())
        self.subscriber = town.subscriber()
        self.kind.clear(self)
        self.daemon.start()
        self.cookies = {role: desk.session(role).cookies for role in OFFICERS if role not in ("kasi", "camat")}
        self.stories, self.given_up = [], set()  # given_up: what a reported failure left behind
        self.told, self.unsure = [], 0
        self._prepared = None
        self.play()  # the calm one

    def said_since_start(self):
        return self.daemon.output()

    # ---- the outside

    def _hurried(self, look):
        """look(); what has not come by itself after a moment waits for the end of a pause: the time passes faster."""
        began = time.monotonic()

        def hurried():
            found = look()
            if not found and time.monotonic() - began > MOMENT_S and self.daemon.alive():
                self.faults.let_pass(HURRY_S, self.daemon)
            return found
        return hurried

    def until_done(self, call):
        """call(), again as long as it is told to come later."""
        def once():
            try:
                call()
                return True
            except (OSError, http.client.HTTPException) as failure:
                if not self.daemon.alive():
                    raise
                self.told.append(failure)
                return False
        await_that(once, PATIENCE_S, "berhasil akhirnya")

    def _id(self, story):
        rows = self.daemon.book_query("SELECT DISTINCT complaint_id FROM message WHERE text LIKE ? AND purpose = 'aduan'",
                                      f"%{story.text}%")
        return rows[0][0] if rows else None

    def _begin(self, **options):
        number = len(self.stories) + 1
        if self.kind is STORIES["whatsapp"]:
            options["phone"] = f"62812{number:08d}"
        if self.kind is STORIES["email"]:
            options["sender"] = f"siti+{number}@warga.example"
        story = self.kind(self, f" {number}", **options)
        self.stories.append(story)
        return story

    def _told(self, story):
        self.until_done(story.tell)
        story.id = await_that(self._hurried(lambda: self._id(story)), PATIENCE_S, "aduan di dalam buku")
        return story

    def plays(self):
        """The parts of this play, each a function; a fault is counted from the beginning of each."""
        if self.name == "meja":
            story = self._told(self._begin())
            return [lambda step=step: self.until_done(lambda: act(self.daemon, self.cookies, story.id, *step))
                    for step in WALK]
        if self.name == "baca":
            return [lambda path=path: self.until_done(lambda: self._read(path)) for path in self._pages()]
        return [lambda: self._told(self._begin())]

    def _pages(self):
        if self._prepared is None:
            story = self._told(self._begin())
            session = Session(self.daemon.base)
            session.cookies = dict(self.cookies["petugas"])
            shown = session.get(f"/aduan/{story.id}").must()
            code = code_in(self.daemon.session().get(next(iter(story.told))).must().text)
            self._prepared = ["/meja", "/buku", "/buku?cari=tercatat", f"/aduan/{story.id}", shown.link(LARGE[0]),
                              f"/lacak?kode={code}", "/", "/readyz"]
        return self._prepared

    def _read(self, path):
        session = Session(self.daemon.base)
        session.cookies = dict(self.cookies["petugas"])
        page = session.get(path)
        if page.status == 503:
            raise ComeLater(path)
        page.must()

    def play(self):
        for part in self.plays():
            part()

    # ---- faults

    def hit(self, kind, number, count=1, program="pengaduand", error=0):
        """One play with that fault in each part. ([what is wrong], places where it struck)."""
        wrong, struck = [], []
        try:
            parts = self.plays()
        except (AssertionError, OSError, http.client.HTTPException) as failure:
            self._survive()
            return [f"tanpa gangguan: {failure}"], []
        for part in parts:
            at, told, failed = len(self.daemon.output()), len(self.told), self.faults.failed()
            self.faults.fail(kind, first=number, count=count, program=program, error=error)
            found = self._attempt(part)
            self.faults.heal()
            said = self.daemon.output()[at:]
            if self.faults.failed() > failed:
                struck += places(said)[:1] or ["(tidak tertulis)"]
            # A stranger who hangs up is no news; everything else that sends him away is.
            refusals = [each for each in self.told[told:] if kind != "socket" or isinstance(each, ComeLater)]
            known = self._known_not_to_write() or self._known_to_hang_up()
            if refusals and not re.search(r"Z (warn|error) | book.writes_again ", said) and not known:
                found.append(f"ditolak tanpa baris log: {refusals}")
            if found:
                wrong += [*found, *places(said), said[-1500:]]
                break
        return wrong, struck

    def _known_not_to_write(self):
        """The log said once that the book cannot be written, and not yet that it can again."""
        said = self.daemon.output()
        return said.rfind(" book.cannot_write ") > said.rfind(" book.writes_again ")

    def _known_to_hang_up(self):
        """The log said so within the minute in which it says it once."""
        times = re.findall(r"^(\S+Z) warn .*http\.(?:accept_failed|hung_up|no_room) ", self.daemon.output(), re.MULTILINE)
        return times and datetime.now(timezone.utc) - datetime.fromisoformat(times[-1]) < timedelta(minutes=1)

    def _attempt(self, part):
        try:
            part()
            return []
        except (AssertionError, OSError, http.client.HTTPException) as failure:
            self.faults.heal()
            return [f"{type(failure).__name__}: {failure}"] + self._survive()

    def _survive(self):
        """After a failure: the other faults want a living daemon."""
        if self.stories:
            self.given_up.add(self.stories[-1])
        if self.daemon.alive():
            return []
        status = self.daemon.wait_death()
        self.daemon.start()
        return [f"pengaduand mati dengan {status}"]

    # ---- what they left

    def _waits(self):
        """What is still on its way: letters, files to be fetched, the first question of a conversation."""
        return self.daemon.book_query(
            "SELECT 'outbox', channel, purpose, state, attempts, complaint_id FROM outbox WHERE state IN ('antre', 'mengirim')"
            " UNION ALL SELECT 'media', channel, request, state, attempts, complaint_id FROM media"
            " WHERE state IN ('antre', 'mengambil')"
            " UNION ALL SELECT 'chat', channel, address, heard_at, wake_at, complaint_id FROM chat"
            " WHERE wake_at AND asked IS NULL LIMIT 5")

    def _rows(self, story):
        return {table: sorted((tuple(map(of_all, row)) for row in self.daemon.book_query(sql, story.id)), key=repr)
                for table, sql in ROWS.items()}

    def _strangers(self):
        """Complaints beyond the stories: something came in twice."""
        known = {self._id(story) for story in self.stories}
        return [f"aduan {number} tidak diceritakan siapa pun" for id, number
                in self.daemon.book_query("SELECT id, number FROM complaint") if id not in known]

    def _letters(self):
        """What each outbox row became outside: one copy, or none that anybody vouches for."""
        seen = collections.defaultdict(list)
        for text in self.stories[0].letters():
            seen[number_in(text)].append(text.strip())
        self.unsure, found = 0, []
        for number, state, text in self.daemon.book_query(LETTERS):
            count = seen[number].count(text.strip())
            self.unsure += state == UNSURE
            if not (count == 1 or (count == 0 and state == UNSURE)):
                found.append(f"surat {number}: sampai {count} kali, {state}")
        return found

    def _events(self):
        """The broker may hear an event twice (QoS 1), never in another order and never not at all."""
        heard = dict.fromkeys(json.loads(message["payload"])["id"] for message in self.subscriber.messages
                              if "/event/" in message["topic"])
        mine = [number for number, in self.daemon.book_query(
            "SELECT json_extract(payload, '$.event.id') FROM outbox WHERE channel = 'mqtt' ORDER BY id")]
        return [] if list(heard) == mine else [f"peristiwa di broker: {set(mine) ^ set(heard) or 'urutannya lain'}"]

    def _eventually(self, look):
        found = []

        def right():
            found[:] = look()
            return not found
        try:
            await_that(right, DELIVERY_S, "sampai")
        except Missed:
            pass
        return found

    def settle(self):
        """[what is wrong with what all plays left]; the daemon is stopped."""
        self.faults.heal()
        try:
            await_that(self._hurried(lambda: not self._waits()), SETTLE_S, "kotak keluar selesai")
            wrong = [*self._complaints(), *self._strangers(), *self._eventually(self._letters),
                     *self._eventually(self._events)]
            self.daemon.stop()
            self.daemon.must("verify")
        except Missed as failure:
            return [f"{failure}: {self._waits()}"]
        return wrong

    def _complaints(self):
        calm = self._rows(self.stories[0])
        for story in self.stories[1:]:
            if story not in self.given_up and self.name != "baca":
                for table, now in self._rows(story).items():
                    if now != calm[table]:
                        yield f"{story.text} {table}: {apart(calm[table], now)}"
