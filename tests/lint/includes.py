"""Who may include whom (README.md), read from the #include lines.

    base <- rules, loop <- book <- desk <- web <- main
    channels: base, rules, loop, config, channel.h, their own folder, the parser's front
    desk: channel.h, never a concrete channel · children: base and their own protocol
"""
import posixpath
import re

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)

# Folder of the including file (longest match) -> folders or files it may include besides its own folder.
_ALLOWED = {
    "daemon/base": [],
    "daemon/loop": ["daemon/base"],
    "daemon/book": ["daemon/base", "daemon/loop", "rules"],
    "daemon/desk": ["daemon/base", "daemon/loop", "daemon/book", "rules", "config", "channels/channel.h"],
    "daemon/web": ["daemon/base", "daemon/loop", "daemon/book", "daemon/desk", "rules", "config",
                   "channels/channel.h", "channels/parser", "channels/printer"],
    "daemon/web/tools": [],
    "daemon": ["daemon", "channels", "rules", "config"],
    "rules": ["daemon/base"],
    "config": ["daemon/base", "rules"],  # rules are pure: the number format is checked where it is read
    "channels": ["daemon/base", "daemon/loop", "rules", "config", "channels/channel.h", "channels/parser"],
    "channels/parser": ["daemon/base", "daemon/loop", "rules", "config", "channels/channel.h"],
    "channels/printer": ["daemon/base", "daemon/loop"],
    # Children: another program; nothing of the daemon above base.
    "channels/confine": ["daemon/base"],
    "channels/email/mailbox": ["daemon/base", "channels/confine", "channels/email/mailbox_protocol.h"],
    "channels/parser/program": ["daemon/base", "channels/confine", "channels/parser/parser_protocol.h",
                                "channels/parser/parser_answer.h", "rules/text_", "rules/picture.h"],
    "channels/printer/program": ["daemon/base", "channels/confine", "channels/printer/printer_protocol.h"],
}

# Insides of the children are nobody else's, whatever the folder above allows.
_PRIVATE = ("channels/email/mailbox/", "channels/parser/program/", "channels/printer/program/", "channels/confine/")

# A library lives in one place: a hole in it is a hole in one room.
_LIBRARY_HOMES = {
    "sqlite3.h": ("daemon/book/",),
    "curl/": ("daemon/loop/",),
    "openssl/ssl.h": ("daemon/loop/",),
    "mosquitto.h": ("channels/mqtt/",),
    "libetpan/": ("channels/email/mailbox/",),
    "gmime/": ("channels/parser/program/",),
    "gumbo.h": ("channels/parser/program/",),
    "magic.h": ("channels/parser/program/",),
    "cairo": ("channels/printer/program/",),
    "pango/": ("channels/printer/program/",),
    "fontconfig/": ("channels/printer/program/",),
    "xlsxwriter": ("channels/printer/program/",),
    "minizip/": ("channels/printer/program/",),
    "seccomp.h": ("channels/confine/",),
    "ini.h": ("config/",),
}


def _rule(name):
    """(folder whose rule applies, what it allows); None for folders without a rule."""
    folder = posixpath.dirname(name)
    while folder:
        if folder in _ALLOWED:
            return folder, _ALLOWED[folder]
        folder = posixpath.dirname(folder)
    return None


def _own_folder(name, rule_folder):
    """daemon/base for daemon/base/str.c; channels/gateway for channels/gateway/send.c."""
    if rule_folder == "channels" and name.count("/") > 1:
        return "/".join(name.split("/")[:2])
    return rule_folder


def _may(name, target):
    rule = _rule(name)
    if rule is None:
        return False
    own = _own_folder(name, rule[0])
    if not any(target.startswith(private) and not name.startswith(private) and private.rstrip("/") not in rule[1]
               for private in _PRIVATE):
        if target.startswith(own + "/"):
            # A folder with a stricter rule inside is not "own" (daemon/*.c has everything anyway).
            return own == "daemon" or _rule(target)[0] == rule[0] or target in rule[1]
        return any(target == allowed or target.startswith(allowed if allowed.endswith("_") else allowed + "/")
                   for allowed in rule[1])
    return False


def _resolve(tree, name, quoted):
    """The file an #include "..." means: beside the including file first, else from the root."""
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(name), quoted))
    return beside if (tree.root / beside).is_file() else quoted


def include_directions(tree):
    for name in tree.product:
        text = tree.text(name)
        for match in _INCLUDE.finditer(text):
            line, what = text.count("\n", 0, match.start(1)) + 1, match.group(2)
            if match.group(1) == "<":
                homes = next((homes for lead, homes in _LIBRARY_HOMES.items() if what.startswith(lead)), None)
                if homes and not name.startswith(homes):
                    yield f"{name}:{line}: <{what}> belongs to {homes[0]}"
                continue
            target = _resolve(tree, name, what)
            if not (tree.root / target).is_file():
                yield f"{name}:{line}: \"{what}\" is not in the tree"
            elif not _may(name, target):
                yield f"{name}:{line}: must not include {target} (README.md)"


def include_lint_sees_a_wrong_arrow(_tree):
    """The lint itself: known right and wrong arrows."""
    right = [("daemon/book/event.c", "rules/state.h"), ("daemon/desk/intake.c", "channels/channel.h"),
             ("channels/gateway/send.c", "channels/parser/parser.h"), ("daemon/main.c", "channels/mqtt/mqtt.h"),
             ("channels/email/mailbox/fetch.c", "channels/email/mailbox_protocol.h"),
             ("channels/parser/program/html.c", "rules/text_clean.h"), ("channels/mqtt/mqtt.c", "config/config.h"),
             ("daemon/web/tracking.c", "daemon/desk/desk.h"), ("channels/email/email.c", "channels/email/email.h")]
    wrong = [("daemon/base/str.c", "daemon/loop/loop.h"), ("rules/state.c", "daemon/book/book.h"),
             ("daemon/desk/reply.c", "channels/email/email.h"), ("daemon/loop/child.c", "rules/state.h"),
             ("channels/mqtt/mqtt.c", "daemon/book/outbox.h"), ("channels/mqtt/mqtt.c", "channels/gateway/map.h"),
             ("channels/email/email.c", "channels/email/mailbox/fetch.h"), ("daemon/book/book.c", "daemon/desk/desk.h"),
             ("channels/email/mailbox/fetch.c", "daemon/loop/loop.h"), ("daemon/desk/reply.c", "daemon/web/page.h"),
             ("channels/parser/program/html.c", "rules/state.h"), ("daemon/main.c", "channels/parser/program/html.h")]
    for name, target in right:
        if not _may(name, target):
            yield f"{name} -> {target} is refused but right"
    for name, target in wrong:
        if _may(name, target):
            yield f"{name} -> {target} is let through but wrong"


LINTS = [include_directions, include_lint_sees_a_wrong_arrow]
