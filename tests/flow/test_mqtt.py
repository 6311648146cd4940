"""Events on MQTT: all of them, in order, without personal data, whatever the broker does."""
import json
import time

from desk import Desk, number_in
from liar import Liar
from process import await_that
from servers import Town

STEPS = ["masuk", "verifikasi", "teruskan", "disposisi", "mulai", "lapor", "setujui", "jawab"]


def kinds_of(subscriber, number):
    """Event kinds of one complaint in order of arrival, doubles (at least once) left out."""
    kinds = [message["topic"].rsplit("/", 1)[1] for message in subscriber.messages
             if "/event/" in message["topic"] and number in message["payload"]]
    return list(dict.fromkeys(kinds))


def test_each_step_is_an_event_in_order_without_personal_data(town, desk):
    subscriber = town.subscriber("pengaduan/kedopok/event/#")
    number = number_in(desk.complain_on_website("Isi yang tidak boleh keluar", name="Nama Rahasia").text)
    desk.walk(number, "Tangani", "Selesai", "Jawaban")
    subscriber.wait(lambda message: number in message["payload"] and message["topic"].endswith("/jawab"))
    assert kinds_of(subscriber, number) == STEPS
    for message in subscriber.messages:
        json.loads(message["payload"])
        assert message["qos"] == 1 and not message["retain"]
        assert "Nama Rahasia" not in message["payload"] and "tidak boleh keluar" not in message["payload"]


def test_an_officer_may_be_reminded_by_mqtt_where_there_is_a_broker(desk):
    page = desk.session("camat").get("/pengingat").must("Topik pengaduan/kedopok/pengingat/camat")
    page.form("/pengingat").fill(mqtt="ya").submit().must("Sudah disimpan")
    assert desk.daemon.book_query("SELECT remind_mqtt FROM officer WHERE login = 'camat'") == [(1,)]


def test_status_is_retained_and_the_last_will_speaks_for_a_dead_daemon(town):
    office = town.daemon(dovecot=None, exim=None, gateway=None)
    office.sections["mqtt"]["office"] = "wasiat"
    office.init()
    office.start()
    subscriber = town.subscriber("pengaduan/wasiat/status")
    online = subscriber.wait(what="status")["payload"]
    office.kill()
    subscriber.wait(lambda message: message["payload"] != online, what="wasiat")


def test_broker_away_delays_events_and_loses_none():
    with Town(mail=False, whatsapp=False, broker_keeps=True) as town:
        office = town.daemon()
        office.init()
        desk = Desk(office).hire()
        subscriber = town.subscriber("pengaduan/kedopok/event/#")
        office.start()
        town.broker.stop()
        number = number_in(desk.complain_on_website("Saat broker mati").text)
        desk.verify(number)
        office.restart()  # what waited outlives the daemon too
        desk.logged_out()
        desk.forward(number)
        town.broker.start()
        subscriber.wait(lambda message: number in message["payload"] and message["topic"].endswith("/teruskan"),
                        seconds=90)
        assert kinds_of(subscriber, number) == STEPS[:3]
        office.stop()


def test_events_on_their_way_when_the_broker_died_come_before_those_that_waited():
    with Town(mail=False, whatsapp=False) as town:
        liar = Liar(town.broker.port).start()
        town.scratch.at_end(liar.stop)
        office = town.daemon()
        office.sections["mqtt"]["port"] = liar.port
        office.init()
        desk = Desk(office).hire()
        office.start()
        subscriber = town.subscriber("pengaduan/kedopok/event/#")
        for turn in range(4):
            town.broker.pause()
            before = liar.seen
            for number in range(20):
                desk.complain_on_website(f"Dikirim, belum diterima {turn}/{number}")
            await_that(lambda: office.book_query(
                "SELECT count(*) FROM outbox WHERE channel = 'mqtt' AND state = 'mengirim'")[0][0] >= 20, 20, "dikirim")
            liar.be("dead")
            town.broker.kill()
            for number in range(5):
                desk.complain_on_website(f"Menunggu {turn}/{number}")
            town.broker.start()
            subscriber.wait_connected_again()  # so that it hears all
            await_that(lambda: liar.seen > before, 20, "daemon mencoba lagi")
            liar.be("honest")
            await_that(lambda: not office.book_query(
                "SELECT 1 FROM outbox WHERE channel = 'mqtt' AND state <> 'sampai'"), 60, "semua sampai di broker")
        written = [number for number, in office.book_query(
            "SELECT json_extract(payload, '$.event.id') FROM outbox WHERE channel = 'mqtt' ORDER BY id")]
        subscriber.wait(lambda message: json.loads(message["payload"])["id"] == written[-1])
        heard = list(dict.fromkeys(json.loads(message["payload"])["id"] for message in subscriber.messages))
        assert heard == written[-len(heard):]
        office.stop()


def test_broker_with_password_is_used_and_a_wrong_one_is_shown():
    with Town(mail=False, whatsapp=False, broker_accounts={"kedopok": "sandi-broker"}) as town:
        office = town.daemon()
        office.init()
        desk = Desk(office).hire()
        office.start()
        subscriber = town.subscriber("pengaduan/kedopok/event/#")
        number = number_in(desk.complain_on_website("Dengan sandi").text)
        subscriber.wait(lambda message: number in message["payload"])
        office.stop()
        office.secrets["MQTT_PASSWORD"] = "salah"
        office.start()
        await_that(lambda: "mqtt" in office.must("status").lower(), 20, "status menyebut mqtt")
        office.wait_log(r"(?i)mqtt.*(refused|not auth|ditolak|rc=5|reason)")
        office.stop()


def test_stop_at_any_moment_after_the_start_ends_at_once_and_leaves_no_row_half_sent(town):
    office = town.daemon(dovecot=None, exim=None, gateway=None)
    office.init()
    for milliseconds in range(0, 40, 2):
        office.add_user(f"petugas{milliseconds}", "petugas", "sandi-yang-panjang")  # an event for the broker
        office.start()
        time.sleep(milliseconds / 1000)  # the moment is what is tested
        began = time.monotonic()
        office.stop()
        assert time.monotonic() - began < 3, f"sesudah {milliseconds} md"
        assert not office.book_query("SELECT 1 FROM outbox WHERE state = 'mengirim'"), f"sesudah {milliseconds} md"
