"""Open311 GeoReport v2 as a client of the standard sees it: every answer against the standard's own tables of fields, and
JSON and XML against each other."""
import json
import urllib.parse
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta, timezone

import pytest

from desk import Desk, code_in, number_in
from mail import text_of
from servers import Town

BASE = "/open311/v2/"
TEXT, BOOLEAN, NUMBER, MOMENT, LIST = "text", "boolean", "number", "moment", "list"
# GeoReport v2: name -> (kind, may be null). What an answer has beside these, or lacks of them, is wrong.
DISCOVERY = {"changeset": (MOMENT, False), "contact": (TEXT, False), "key_service": (TEXT, False), "endpoints": (LIST, False)}
ENDPOINT = {"specification": (TEXT, False), "url": (TEXT, False), "changeset": (MOMENT, False), "type": (TEXT, False),
            "formats": (LIST, False)}
SERVICE = {"service_code": (TEXT, False), "service_name": (TEXT, False), "description": (TEXT, False), "metadata": (BOOLEAN, False),
           "type": (TEXT, False), "keywords": (TEXT, False), "group": (TEXT, False)}
DEFINITION = {"service_code": (TEXT, False), "attributes": (LIST, False)}
ATTRIBUTE = {"variable": (BOOLEAN, False), "code": (TEXT, False), "datatype": (TEXT, False), "required": (BOOLEAN, False),
             "datatype_description": (TEXT, False), "order": (NUMBER, False), "description": (TEXT, False)}
VALUE = {"key": (TEXT, False), "name": (TEXT, False)}
POSTED = {"service_request_id": (TEXT, False), "service_notice": (TEXT, True), "account_id": (TEXT, True)}
REQUEST = {"service_request_id": (TEXT, False), "status": (TEXT, False), "status_notes": (TEXT, True), "service_name": (TEXT, False),
           "service_code": (TEXT, False), "description": (TEXT, True), "agency_responsible": (TEXT, True),
           "service_notice": (TEXT, True), "requested_datetime": (MOMENT, False), "updated_datetime": (MOMENT, True),
           "expected_datetime": (MOMENT, True), "address": (TEXT, True), "address_id": (TEXT, True), "zipcode": (TEXT, True),
           "lat": (NUMBER, True), "long": (NUMBER, True), "media_url": (TEXT, True)}
TOKEN = {"service_request_id": (TEXT, False), "token": (TEXT, False)}
ERROR = {"code": (NUMBER, False), "description": (TEXT, False)}
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
TYPES = {"realtime", "batch", "blackbox"}
KEY, OTHER_KEY = "kunci-aplikasi-warga-01", "kunci-aplikasi-lain-002"
WORDS = "Lampu penerangan di tikungan dekat jembatan <b>padam</b> & gelap."
SITI = "siti@warga.example"


@pytest.fixture(scope="module")
def desk():
    """An office with two applications, mail and a published complaint of somebody else."""
    with Town() as town:
        office = town.daemon()
        for name, key in (("warga", KEY), ("lain", OTHER_KEY)):
            office.sections[f"open311 {name}"] = {"api_key": office.secret(f"OPEN311_{name.upper()}", key)}
        office.init()
        made = Desk(office).hire()
        made.town = town
        office.start()
        yield made
        office.stop()
        office.must("verify")


def holds(value, fields, optional=()):
    """The object is exactly as the table says."""
    assert set(value) == set(fields) | (set(optional) & set(value)), value
    for name, (kind, may_be_null) in fields.items():
        one = value[name]
        if one is None:
            assert may_be_null, (name, value)
        elif kind == TEXT:
            assert isinstance(one, str), (name, one)
        elif kind == BOOLEAN:
            assert isinstance(one, bool), (name, one)
        elif kind == NUMBER:
            assert isinstance(one, (int, float)) and not isinstance(one, bool), (name, one)
        elif kind == MOMENT:
            assert datetime.fromisoformat(one.replace("Z", "+00:00")).tzinfo, (name, one)
        else:
            assert isinstance(one, list), (name, one)
    return value


def as_text(value):
    """A JSON value as XML writes it: only text, and nothing for null."""
    if isinstance(value, dict):
        return {name: as_text(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_text(one) for one in value]
    if value is None or value == "":
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_xml(element, like):
    """The element as the JSON beside it is built; the names of list members must be the standard's."""
    members = {"endpoints": "endpoint", "formats": "format", "services": "service", "attributes": "attribute", "values": "value",
               "service_requests": "request", "errors": "error"}
    if isinstance(like, dict):
        assert [child.tag for child in element] == list(like), element.tag
        return {child.tag: from_xml(child, like[child.tag]) for child in element}
    if isinstance(like, list):
        assert {child.tag for child in element} <= {members[element.tag]}
        return [from_xml(child, one) for child, one in zip(element, like, strict=True)]
    assert not len(element)
    return element.text or ""


def get(office, resource, query="", root=None, status=200):
    """The JSON of a resource, after its XML was found to tell the same."""
    ask = office.session()
    plain = ask.request("GET", f"{BASE}{resource}.json{query}")
    marked = ask.request("GET", f"{BASE}{resource}.xml{query}")
    assert (plain.status, marked.status) == (status, status), plain.body
    assert plain.headers["content-type"] == "application/json; charset=utf-8"
    assert marked.headers["content-type"] == "text/xml; charset=utf-8"
    assert marked.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    value, tree = json.loads(plain.body), ElementTree.fromstring(marked.body)
    assert tree.tag == (root or "errors")
    assert from_xml(tree, value) == as_text(value)
    return value


def post(office, form="json", **fields):
    sent = {"api_key": KEY, "service_code": "izin_keramaian", "description": WORDS, "address_string": "Jembatan Sumber Wetan", **fields}
    body = urllib.parse.urlencode({name: value for name, value in sent.items() if value is not None}).encode()
    return Bare(office).send(f"{BASE}requests.{form}", body)


class Bare:
    """A program, not a browser: it sends neither Origin nor cookies."""

    def __init__(self, office):
        self.session = office.session()

    def send(self, path, body):
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", self.session._port, timeout=30)
        connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer.status, said


def posted(office, **fields):
    """(id, notice) of a request that was taken."""
    status, said = post(office, **fields)
    assert status == 201, said
    one, = json.loads(said)
    holds(one, POSTED)
    return one["service_request_id"], one["service_notice"]


def publish(desk, complaint, **fields):
    form = desk.session("petugas").get(f"/aduan/{complaint}/publikasi").must().form("/publikasi")
    form.fill(**fields).submit("Lihat").form("/publikasi").submit("Publikasikan").must("Hasilnya sudah dipublikasikan")


def finish(desk, number, answer):
    desk.verify(number)
    desk.forward(number)
    desk.approve(number)
    desk.answer(number, answer)


@pytest.fixture(scope="module")
def known(desk):
    """Somebody else's complaint that was published: (id, title)."""
    number = number_in(desk.complain_on_website("Antrean di loket, kata saya Siti Rohmatul, tidak tertib.", name="Siti Rohmatul").text)
    finish(desk, number, "Antrean memakai nomor.")
    complaint = desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]
    publish(desk, complaint, aduan="Antrean tidak tertib.", tempat="Kedopok")
    return str(complaint)


# ---- what there is


def test_discovery_leads_to_the_endpoint(desk):
    office = desk.daemon
    value = holds(get(office, "discovery", root="discovery"), DISCOVERY)
    endpoint, = value["endpoints"]
    holds(endpoint, ENDPOINT)
    assert endpoint["url"] == f"{office.base}/open311/v2" and endpoint["type"] in ("production", "test")
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]


def test_services_are_those_of_the_catalogue_each_with_its_definition(desk):
    office = desk.daemon
    services = get(office, "services", root="services")
    assert {(one["service_code"], one["service_name"]) for one in services} == set(
        office.book_query("SELECT key, name FROM service WHERE active = 1"))
    for service in services:
        assert holds(service, SERVICE)["type"] in TYPES
        definition = holds(get(office, f"services/{service['service_code']}", root="service_definition"), DEFINITION)
        for attribute in definition["attributes"]:
            assert holds(attribute, ATTRIBUTE, ["values"])["datatype"] in DATATYPES
            assert ("values" in attribute) == attribute["datatype"].endswith("valuelist")
            for value in attribute.get("values", []):
                holds(value, VALUE)
        assert [one["order"] for one in definition["attributes"]] == list(range(1, len(definition["attributes"]) + 1))


@pytest.mark.parametrize("resource", ["services/tidak-ada", "requests/999999", "requests/abc", "requests/0", "tokens/abc",
                                      "tokens/7KQM-X2R9-4T", "apa-ini", ""])
def test_what_is_not_there_is_a_404_in_the_standard_s_words(desk, resource):
    error, = get(desk.daemon, resource, status=404)
    assert holds(error, ERROR)["code"] == 404


def test_other_endings_and_wrong_filters_are_refused_in_the_standard_s_words(desk):
    office = desk.daemon
    assert office.session().request("GET", BASE + "services.yaml").status == 404
    assert office.session().request("GET", BASE + "services").body.startswith(b"<?xml")  # XML is what every server has
    for query in ("?status=terbuka", "?start_date=kemarin", "?end_date=2026-13-01T00:00:00Z"):
        assert holds(get(office, "requests", query, status=400)[0], ERROR)["code"] == 400
    assert get(office, "requests", "?api_key=salah", status=403)[0]["code"] == 403


# ---- handing in


def test_a_request_becomes_a_complaint_with_a_receipt(desk):
    office = desk.daemon
    request, notice = posted(office, email=SITI, first_name="Siti", last_name="Rohmah", phone="0812-3456-7890", lat="-7.7543", long="113.2159",
                             **{"attribute[jenis]": "aspirasi", "attribute[kejadian]": "semalam"})
    number, code = number_in(notice), code_in(notice)
    assert office.book_query("SELECT number, channel, kind, occurred, place FROM complaint WHERE id = ?", int(request)) == [
        (number, "open311:warga", "aspirasi", "semalam", "Jembatan Sumber Wetan (-7.7543, 113.2159)")]
    page = desk.complaint("petugas", number).must(WORDS, "Siti Rohmah", "aplikasi (Open311)", "Izin Keramaian")
    assert "<b>padam" not in page.body.decode()
    desk.track(code).must(number, "Aduan diterima")
    letter = desk.town.mailbox(SITI).wait(lambda seen: number in text_of(seen))
    assert code in text_of(letter)
    raw = bytes(office.book_query("SELECT b.data FROM blob b JOIN message m ON m.raw_sha256 = b.sha256 WHERE m.complaint_id = ?",
                                  int(request))[0][0])
    assert KEY.encode() not in raw and json.loads(raw)["phone"] == "0812-3456-7890"
    assert get(office, "tokens/" + code, root="service_requests") == [{"service_request_id": request, "token": code}]
    holds(get(office, "tokens/" + code.lower().replace("-", ""), root="service_requests")[0], TOKEN)


def test_xml_and_json_answer_the_same_to_a_request(desk):
    status, said = post(desk.daemon, "xml", description="Pohon di taman perlu dipangkas, rantingnya kering.")
    tree = ElementTree.fromstring(said)
    assert status == 201 and tree.tag == "service_requests" and [child.tag for child in tree] == ["request"]
    assert [child.tag for child in tree[0]] == list(POSTED)
    again, notice = posted(desk.daemon, description="Pohon di taman perlu dipangkas, rantingnya kering.")
    assert (tree[0].findtext("service_request_id"), tree[0].findtext("service_notice")) == (again, notice)


def test_sent_again_it_is_the_same_request(desk):
    office = desk.daemon
    first = posted(office, description="Rambu di simpang tiga roboh.")
    assert posted(office, description="Rambu di simpang tiga roboh.") == first
    assert posted(office, description="Rambu di simpang tiga roboh!")[0] != first[0]
    assert posted(office, description="Rambu di simpang tiga roboh.", api_key=OTHER_KEY)[0] != first[0]


@pytest.mark.parametrize("status, fields", [
    (403, {"api_key": None}), (403, {"api_key": "salah"}), (403, {"api_key": KEY + "x"}), (403, {"api_key": KEY[:-1]}),
    (400, {"service_code": None}), (404, {"service_code": "tidak-ada"}), (400, {"description": None}), (400, {"description": " "}),
    (400, {"address_string": None}), (400, {"address_string": None, "lat": "-7.7"}), (400, {"lat": "-97", "long": "113"}),
    (400, {"lat": "1e9", "long": "113"}), (400, {"lat": "-7.7", "long": "180,1"}), (400, {"email": "siti@"}), (400, {"phone": "12"}),
    (400, {"attribute[jenis]": "pengaduan_pengawasan"}), (400, {"description": "x" * 20001}), (400, {"address_string": "x" * 301})])
def test_a_wrong_request_is_refused_and_nothing_is_written(desk, status, fields):
    office = desk.daemon
    before = office.book_query("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM arrival)")
    for form in ("json", "xml"):
        found, said = post(office, form, **fields)
        assert found == status, said
        if form == "json":
            assert holds(json.loads(said)[0], ERROR)["code"] == status
        else:
            assert ElementTree.fromstring(said).findtext("error/code") == str(status)
    assert office.book_query("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM arrival)") == before


# ---- reading


def test_strangers_read_what_was_published_and_nothing_else(desk, known):
    office = desk.daemon
    posted(office, description="Rahasia bagi orang lain: pagar sekolah roboh.")
    rows = get(office, "requests", root="service_requests")
    assert [one["service_request_id"] for one in rows] == [known]
    one = holds(rows[0], REQUEST)
    assert (one["status"], one["description"], one["status_notes"], one["address"]) == (
        "closed", "Antrean tidak tertib.", "Antrean memakai nomor.", "Kedopok")
    assert one["requested_datetime"].endswith("T17:00:00Z")  # midnight in Probolinggo: not the minute in which he wrote
    assert get(office, f"requests/{known}", root="service_requests") == rows
    office.session().get("/hasil/" + known).must("Antrean tidak tertib.")


def test_the_application_sees_how_its_own_requests_stand_without_a_word_of_them(desk, known):
    office = desk.daemon
    request, notice = posted(office, description="Selokan di gang buntu meluap sampai jalan.")
    mine = holds(get(office, f"requests/{request}", f"?api_key={KEY}", "service_requests")[0], REQUEST)
    assert (mine["status"], mine["description"], mine["address"], mine["status_notes"]) == ("open", None, None, "Aduan diterima")
    assert mine["expected_datetime"] and mine["service_code"] == "izin_keramaian"
    for query in ("", f"?api_key={OTHER_KEY}"):
        assert get(office, f"requests/{request}", query, status=404)[0]["code"] == 404
        assert request not in [one["service_request_id"] for one in get(office, "requests", query, "service_requests")]
    everything = office.session().request("GET", f"{BASE}requests.json?api_key={KEY}")
    assert everything.headers["cache-control"] == "no-store" and b"Selokan" not in everything.body
    assert {request, known} <= {one["service_request_id"] for one in json.loads(everything.body)}
    finish(desk, number_in(notice), "Sudah dikeruk.")
    mine, = get(office, f"requests/{request}", f"?api_key={KEY}", "service_requests")
    assert (mine["status"], mine["status_notes"], mine["description"]) == ("closed", "Dijawab", None)
    publish(desk, int(request), aduan="Selokan meluap.")
    mine, = get(office, f"requests/{request}", "", "service_requests")
    assert (mine["description"], mine["status_notes"]) == ("Selokan meluap.", "Sudah dikeruk.")


def test_the_standard_s_filters(desk, known):
    office = desk.daemon
    request, _ = posted(office, description="Kursi taman patah di dekat kolam.", service_code="ikd")

    def ids(**query):
        words = urllib.parse.urlencode({"api_key": KEY, **query})
        return {one["service_request_id"] for one in get(office, "requests", "?" + words, "service_requests")}

    now = datetime.now(timezone.utc)
    w3 = "%Y-%m-%dT%H:%M:%SZ"
    assert {request, known} <= ids()
    assert ids(service_request_id=request) == {request}
    assert ids(service_request_id=f"{request},{known},999999", status="open") == {request, known}  # the ids rule
    assert ids(service_code="ikd") == {request} and known in ids(service_code="ikd,lainnya")
    assert request in ids(status="open") and known not in ids(status="open")
    assert known in ids(status="closed") and request not in ids(status="closed")
    assert {request, known} <= ids(status="open,closed")
    assert request in ids(start_date=(now - timedelta(days=1)).strftime(w3))
    assert ids(start_date=(now + timedelta(days=1)).strftime(w3)) == set()
    assert ids(end_date=(now - timedelta(days=1)).strftime(w3)) == set()
    east = timezone(timedelta(hours=7))
    assert request in ids(start_date=(now.astimezone(east) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S+07:00"))
    assert ids(start_date="2020-01-01T00:00:00Z", end_date=(now + timedelta(days=1)).strftime(w3)) == set()  # 90 days, no more


def test_other_methods_and_sites_are_kept_out(desk):
    office = desk.daemon
    body = urllib.parse.urlencode({"api_key": KEY, "service_code": "ikd", "description": WORDS, "address_string": "x"}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://lain.example"}
    assert office.session().request("POST", BASE + "requests.json", body, form).status == 403
    assert Bare(office).send(BASE + "services.json", body)[0] == 404
