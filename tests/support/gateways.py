"""All ten gateways for one office: how each is configured, and how it signs its callbacks."""
import base64
import hashlib
import hmac
import json
import time
import urllib.parse

PATH_TOKEN = "0123456789abcdef0123456789abcdef"
SECRETS = {
    "META_APP_SECRET": "appsecret-test", "META_VERIFY_TOKEN": "token-rahasia", "META_TOKEN": "EAAB-token",
    "GOWA_SECRET": "secret-gowa", "GOWA_BASIC": "a2VjOnJhaGFzaWEtZ293YQ==", "PATH_TOKEN": PATH_TOKEN,
    "FONNTE_TOKEN": "DEVICE_TOKEN", "WABLAS_TOKEN": "TOKEN", "WABLAS_SECRET": "SECRET_KEY",
    "WAHA_HMAC_KEY": "waha-hmac-key", "WAHA_KEY": "waha-api-key", "EVO_HOOK_TOKEN": "rahasia-evo",
    "EVO_JWT_KEY": "evo-jwt-key", "EVO_KEY": "INSTANCE_TOKEN", "TWILIO_TOKEN": "twilio-token-test",
    "TWILIO_BASIC": "QUMwOnRva2Vu", "TELEGRAM_SECRET": "rahasia-telegram", "TELEGRAM_TOKEN": "110201543:AAH",
}
# Settings beside the base; secrets.
GATEWAYS = {
    "meta": ({"phone_number_id": "106540352242922"}, ("META_APP_SECRET", "META_VERIFY_TOKEN", "META_TOKEN")),
    "messenger": ({"page_id": "100200300400"}, ("META_APP_SECRET", "META_VERIFY_TOKEN", "META_TOKEN")),
    "instagram": ({"ig_id": "100200300400"}, ("META_APP_SECRET", "META_VERIFY_TOKEN", "META_TOKEN")),
    "gowa": ({"device": "kec"}, ("GOWA_SECRET", "GOWA_BASIC")),
    "waha": ({"session": "default"}, ("WAHA_HMAC_KEY", "WAHA_KEY")),
    "evolution": ({"instance": "kec"}, ("EVO_HOOK_TOKEN", "EVO_JWT_KEY", "EVO_KEY")),
    "fonnte": ({}, ("FONNTE_TOKEN",)),
    "wablas": ({"server": "solo"}, ("WABLAS_TOKEN", "WABLAS_SECRET")),
    "twilio": ({"sid": "AC0", "sender": "+14155238886", "public_url": "https://aduan.contoh.go.id/hook/twilio"},
               ("TWILIO_TOKEN", "TWILIO_BASIC")),
    "telegram": ({}, ("TELEGRAM_SECRET", "TELEGRAM_TOKEN")),
}
FORMS = ("twilio",)


def configure(daemon, base, names=GATEWAYS, **more):
    """[gateway NAME] for each of them, called as its preset is. more: options of every section."""
    for name in names:
        settings, wanted = GATEWAYS[name]
        section = {"mapping": name, "private": "yes", **more, **{f"set.{key}": value for key, value in settings.items()}}
        if name != "wablas":
            section["set.base"] = base
        if name in ("fonnte", "wablas"):
            section["path_token"] = daemon.secret("PATH_TOKEN", PATH_TOKEN)
        for secret in wanted:
            section[f"secret.{secret}"] = daemon.secret(secret, SECRETS[secret])
        daemon.sections[f"gateway {name}"] = section


def url(daemon, name):
    return daemon.hook_url(name) + (f"/{PATH_TOKEN}" if name in ("fonnte", "wablas") else "")


def _sha256(secret, raw):
    return "sha256=" + hmac.new(SECRETS[secret].encode(), raw, hashlib.sha256).hexdigest()


def _twilio(raw):
    signed = GATEWAYS["twilio"][0]["public_url"]
    for key, value in sorted(urllib.parse.parse_qsl(raw.decode(), keep_blank_values=True)):
        signed += key + value
    return base64.b64encode(hmac.new(SECRETS["TWILIO_TOKEN"].encode(), signed.encode(), hashlib.sha1).digest()).decode()


def _jwt():
    def part(value):
        return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode().rstrip("=")
    head = part({"alg": "HS256", "typ": "JWT"}) + "." + part({"iat": int(time.time()), "exp": int(time.time()) + 600})
    return head + "." + part(hmac.new(SECRETS["EVO_JWT_KEY"].encode(), head.encode(), hashlib.sha256).digest())


def headers(name, raw):
    """What proves that the callback is the gateway's, as it sends it."""
    if name in ("meta", "messenger", "instagram"):
        return {"X-Hub-Signature-256": _sha256("META_APP_SECRET", raw)}
    if name == "gowa":
        return {"X-Hub-Signature-256": _sha256("GOWA_SECRET", raw)}
    if name == "waha":
        return {"X-Webhook-Hmac": hmac.new(SECRETS["WAHA_HMAC_KEY"].encode(), raw, hashlib.sha512).hexdigest()}
    if name == "evolution":
        return {"Authorization": "Bearer " + _jwt()}
    if name == "twilio":
        return {"X-Twilio-Signature": _twilio(raw)}
    if name == "telegram":
        return {"X-Telegram-Bot-Api-Secret-Token": SECRETS["TELEGRAM_SECRET"]}
    return {}


def text(name, who, words, when):
    """The callback of one text, bytes. who: +62 number, psid or Telegram id, digits; when: seconds since 1970."""
    key = f"{who}{when}{len(words)}"
    if name == "meta":
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "106540352242922"},
                 "contacts": [{"profile": {"name": "Siti"}, "wa_id": who}],
                 "messages": [{"from": who, "id": f"wamid.{key}", "timestamp": str(when), "type": "text", "text": {"body": words}}]}
        body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"value": value, "field": "messages"}]}]}
    elif name in ("messenger", "instagram"):
        body = {"object": "page" if name == "messenger" else name, "entry": [{"id": "100200300400", "time": when * 1000, "messaging": [
            {"sender": {"id": who}, "recipient": {"id": "100200300400"}, "timestamp": when * 1000,
             "message": {"mid": f"m_{key}", "text": words}}]}]}
    elif name == "telegram":
        body = {"update_id": int(who) + when, "message": {
            "message_id": when, "from": {"id": int(who), "first_name": "Siti"}, "chat": {"id": int(who), "type": "private"},
            "date": when, "text": words}}
    elif name == "waha":
        body = {"id": f"evt_{key}", "timestamp": when * 1000, "event": "message", "session": "default", "payload": {
            "id": f"false_{who}@c.us_{key}", "timestamp": when, "from": f"{who}@c.us", "fromMe": False, "source": "app",
            "to": "628110000001@c.us", "body": words, "hasMedia": False}}
    elif name == "evolution":
        body = {"event": "messages.upsert", "instance": "kec", "data": {
            "key": {"remoteJid": f"{who}@s.whatsapp.net", "fromMe": False, "id": key}, "pushName": "Siti",
            "message": {"conversation": words}, "messageType": "conversation", "messageTimestamp": when}}
    elif name == "gowa":
        body = {"event": "message", "device_id": "628110000001@s.whatsapp.net", "payload": {
            "id": key, "chat_id": f"{who}@s.whatsapp.net", "from": f"{who}@s.whatsapp.net", "from_name": "Siti", "body": words,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))}}
    elif name == "fonnte":
        body = {"device": "628110000001", "sender": who, "message": words, "text": "non-button message", "name": "Siti",
                "type": "text", "inboxid": int(who) % 10 ** 9 + when, "isgroup": False, "timestamp": when}
    elif name == "wablas":
        body = {"id": key, "phone": who, "message": words, "pushName": "Siti", "isGroup": False, "isFromMe": False,
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))}
    else:
        return urllib.parse.urlencode({"MessageSid": f"SM{key}", "From": f"whatsapp:+{who}", "To": "whatsapp:+14155238886",
                                       "Body": words, "NumMedia": "0", "AccountSid": "AC0"}).encode()
    return json.dumps(body).encode()
