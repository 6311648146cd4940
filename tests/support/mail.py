"""Real mail servers on loopback: Dovecot (IMAP over TLS) and Exim (SMTP, with and without TLS), one set of Maildirs.

Exim accepts mail for every address in `addresses` and puts it into that user's Maildir; Dovecot shows it. So a
citizen's mail to the office and the office's answer to the citizen both go the way they go outside.
"""
import ctypes
import email
import email.policy
import imaplib
import os
import select
import shutil
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import witness
from process import Missed, Server, await_that, deadline, free_port, give_to_servers, port_answers, servers_user

OFFICE_ADDRESS = "pengaduan@kedopok.example"
# address -> (mailbox user, password)
ACCOUNTS = {
    OFFICE_ADDRESS: ("kantor", "rahasia-kantor"),
    "siti@warga.example": ("siti", "rahasia-siti"),
    "budi@warga.example": ("budi", "rahasia-budi"),
}


class Maildirs:
    """The folders, users and passwords that both servers share."""

    def __init__(self, folder, accounts=None):
        self.root = folder
        self.accounts = dict(ACCOUNTS if accounts is None else accounts)
        self.passwords = folder / "passwords"  # user:{PLAIN}password, Dovecot's form
        self.smtp_passwords = folder / "smtp-passwords"
        self.addresses = folder / "addresses"
        for user, _ in self.accounts.values():
            self._make(user)
        self._write(self.passwords, "{0}:{{PLAIN}}{1}\n")
        self._write(self.smtp_passwords, "{0}: {1}\n")
        self._write(self.addresses, "{2}: {0}\n")

    def _make(self, user):
        for path in ("", "Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
            (self.root / user / path).mkdir(exist_ok=True)
            give_to_servers(self.root / user / path)

    def empty(self, address):
        """The mailbox anew: no mail and another UIDVALIDITY."""
        user, _ = self.accounts[address]
        shutil.rmtree(self.root / user)
        self._make(user)

    def _write(self, path, form):
        path.write_text("".join(form.format(user, password, address)
                                for address, (user, password) in self.accounts.items()))
        path.chmod(0o600)
        give_to_servers(path)

    def new_folder(self, user):
        return self.root / user / "Maildir" / "new"


_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:~/Maildir
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = {passwords}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={maildirs}/%u
}}
namespace inbox {{
  inbox = yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


class Dovecot(Server):
    name = "dovecot"

    def __init__(self, folder, maildirs, certificates):
        super().__init__(folder)
        self.port = free_port()
        self._configuration = folder / "dovecot.conf"
        user = servers_user()
        self._configuration.write_text(_DOVECOT.format(
            folder=folder, user=user, group=_group_of(user), port=self.port, passwords=maildirs.passwords,
            maildirs=maildirs.root, certificate=certificates.certificate, key=certificates.key))
        give_to_servers(self._configuration)

    def argv(self):
        return ["/usr/sbin/dovecot", "-F", "-c", str(self._configuration)]

    def is_ready(self):
        return port_answers(self.port)


_EXIM = """\
primary_hostname = localhost
exim_path = /usr/sbin/exim4
exim_user = {user}
exim_group = {group}
never_users =
# Everything, delivery too, runs as the one user that started it.
deliver_drop_privilege = true
spool_directory = {folder}/spool
log_file_path = {folder}/%s.log
pid_file_path = {folder}/exim.pid
keep_environment =
disable_ipv6 = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port} : {tls_port}
tls_on_connect_ports = {tls_port}
tls_certificate = {certificate}
tls_privatekey = {key}
tls_advertise_hosts =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 200
message_size_limit = 60M
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data

begin acl
acl_rcpt:
  # Knobs of the tests: files whose presence turns an answer.
  defer
    condition = ${{if exists{{{folder}/defer}}}}
    message = 451 4.3.0 coba lagi nanti
  deny
    condition = ${{if exists{{{folder}/refuse}}}}
    message = 550 5.1.1 kotak surat tidak ada
  deny
    condition = ${{if eq{{$received_port}}{{{tls_port}}}}}
    !authenticated = *
    message = 530 5.7.0 harus masuk dulu
  accept
    verify = recipient
  deny
    message = 550 5.1.1 kotak surat tidak ada
acl_data:
  accept
    delay = ${{if exists{{{folder}/slow}}{{${{readfile{{{folder}/slow}}{{}}}}}}{{0s}}}}

begin routers
maildirs:
  driver = accept
  # siti+1@, siti+2@ ...: many citizens with one mailbox.
  local_part_suffix = +*
  local_part_suffix_optional
  condition = ${{lookup{{$local_part@$domain}}lsearch{{{addresses}}}{{yes}}{{no}}}}
  address_data = ${{lookup{{$local_part@$domain}}lsearch{{{addresses}}}}}
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = {maildirs}/$address_data/Maildir
  maildir_format
  create_directory = false
  return_path_add
  envelope_to_add
  delivery_date_add
  user = {user}
  group = {group}

begin retry
* * F,1h,1s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{${{lookup{{$auth2}}lsearch{{{passwords}}}{{$value}}{{*}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if eq{{$auth2}}{{${{lookup{{$auth1}}lsearch{{{passwords}}}{{$value}}{{*}}}}}}}}
  server_set_id = $auth1
"""


class Exim(Server):
    """port: plain SMTP, no login (how the world's mail comes in); tls_port: implicit TLS, login demanded."""

    name = "exim"

    def __init__(self, folder, maildirs, certificates):
        super().__init__(folder)
        self.port = free_port()
        self.tls_port = free_port()
        self._configuration = folder / "exim.conf"
        user = servers_user()
        self._configuration.write_text(_EXIM.format(
            folder=folder, user=user, group=_group_of(user), port=self.port, tls_port=self.tls_port,
            addresses=maildirs.addresses, passwords=maildirs.smtp_passwords, maildirs=maildirs.root,
            certificate=certificates.certificate, key=certificates.key))
        give_to_servers(self._configuration)

    def argv(self):
        return ["/usr/sbin/exim4", "-bdf", "-q1s", "-C", str(self._configuration)]

    def is_ready(self):
        return port_answers(self.port) and port_answers(self.tls_port)

    def log(self):
        """What Exim wrote about each mail."""
        path = self.folder / "main.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def knob(self, name, on=True, value=""):
        """"defer": every recipient 451. "refuse": every recipient 550. "slow": wait `value` ("30s") before the
        answer to the final dot, the moment a client cannot know what became of its mail."""
        path = self.folder / name
        if on:
            path.write_text(value)
            give_to_servers(path)
        else:
            path.unlink(missing_ok=True)


def _group_of(user):
    import grp
    import pwd
    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


class _Watch:
    """inotify on one folder: wakes when a file was moved or written into it."""

    _IN_CLOSE_WRITE, _IN_MOVED_TO, _IN_CREATE = 0x8, 0x80, 0x100

    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        mask = self._IN_CLOSE_WRITE | self._IN_MOVED_TO | self._IN_CREATE
        if self._fd < 0 or libc.inotify_add_watch(self._fd, os.fsencode(str(folder)), mask) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def wait(self, seconds):
        if select.select([self._fd], [], [], max(seconds, 0))[0]:
            os.read(self._fd, 65536)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._fd)


class Mailbox:
    """One person's mailbox, read over IMAP as his mail program would."""

    def __init__(self, dovecot, certificates, maildirs, address):
        self.address = address
        self._user, self._password = maildirs.accounts[address]
        self._dovecot, self._ca = dovecot, str(certificates.ca)
        self._new = maildirs.new_folder(self._user)

    def open(self):
        """A logged-in imaplib connection with INBOX selected; the caller closes it (`with`)."""
        imap = imaplib.IMAP4_SSL("localhost", self._dovecot.port, timeout=20,
                                 ssl_context=ssl.create_default_context(cafile=self._ca))
        imap.login(self._user, self._password)
        imap.select("INBOX")
        return imap

    def messages(self):
        """Every mail in INBOX, oldest first, as EmailMessage."""
        with self.open() as imap:
            _, found = imap.uid("search", None, "ALL")
            uids = found[0].split()
            if not uids:
                return []
            _, parts = imap.uid("fetch", b",".join(uids), "(BODY.PEEK[])")
        return [email.message_from_bytes(part[1], policy=email.policy.default)
                for part in parts if isinstance(part, tuple)]

    def wait(self, wanted=lambda message: True, seconds=20.0, what="surat"):
        """The first mail for which wanted(message) is true, as soon as it is there."""
        end = deadline(seconds)
        with _Watch(self._new) as watch:
            while True:
                seen = self.messages()
                for message in seen:
                    if wanted(message):
                        return message
                left = end - time.monotonic()
                if left <= 0:
                    subjects = [message["subject"] for message in seen]
                    raise Missed(f"{what} untuk {self.address}: tidak datang dalam {seconds:g} detik; ada: {subjects}")
                watch.wait(left)

    def wait_count(self, count, seconds=20.0):
        """All mails, once there are at least `count`."""
        return await_that(lambda: (lambda seen: seen if len(seen) >= count else None)(self.messages()),
                          seconds, f"{count} surat untuk {self.address}")

    def uids(self):
        with self.open() as imap:
            return [int(uid) for uid in imap.uid("search", None, "ALL")[1][0].split()]


def text_of(message):
    """The plain text of a mail, lines ended by \\n."""
    part = message.get_body(preferencelist=("plain", "html"))
    return part.get_content().replace("\r\n", "\n") if part else ""


def compose(sender, to, subject, text, attachments=(), in_reply_to=None, name=None, **headers):
    """A citizen's mail. attachments: (filename, content type, bytes). Further headers: X_Name="…"."""
    witness.keep("text", name, subject if in_reply_to is None else None, text)
    if sender != OFFICE_ADDRESS:
        witness.keep("address", sender)
    message = EmailMessage()
    message["From"] = f"{name} <{sender}>" if name else sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.split("@")[1])
    if in_reply_to is not None:
        message["In-Reply-To"] = in_reply_to["Message-ID"]
        message["References"] = f"{in_reply_to['References'] or ''} {in_reply_to['Message-ID']}".strip()
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    message.set_content(text)
    for filename, content_type, data in attachments:
        maintype, subtype = content_type.split("/")
        message.add_attachment(data, maintype=maintype, subtype=subtype, filename=filename)
    return message


def send(exim, message, sender=None, recipients=None):
    """Hands a mail in by plain SMTP, as another town's mail server would. sender "" = the null sender."""
    with smtplib.SMTP("127.0.0.1", exim.port, local_hostname="warga.example", timeout=20) as smtp:
        smtp.send_message(message, from_addr=sender, to_addrs=recipients)


def send_raw(exim, raw, sender, recipients):
    with smtplib.SMTP("127.0.0.1", exim.port, local_hostname="warga.example", timeout=20) as smtp:
        smtp.sendmail(sender, recipients, raw)
