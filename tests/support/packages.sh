#!/bin/sh
# Installs the Debian 12 packages that a purpose needs and that are missing: packages.sh build|demo|check|lint|bench|fuzz ...
#
# The one place where packages are listed. Needs nothing but a fresh Debian (dpkg, apt) and root or sudo. Silent
# when nothing is missing. Never removes a package, never starts a service and leaves none enabled for the next
# boot that was not there before: the tests start their own servers in a scratch folder.
set -eu
# Daemons live in sbin, which is not on every user's PATH.
PATH=$PATH:/usr/sbin:/sbin

# Security fixes (buffers among them) came with this version; an older one is unsafe.
LIBEVENT_LEAST=2.1.12-stable-8+deb12u1

packages_of() {
    case $1 in
    build)
        echo gcc libc6-dev make pkg-config libevent-dev libssl-dev libsqlite3-dev libjansson-dev libinih-dev \
            libsodium-dev libmosquitto-dev libcurl4-gnutls-dev libetpan-dev libgmime-3.0-dev libgumbo-dev \
            libmagic-dev libseccomp-dev libstemmer-dev libqrencode-dev ca-certificates \
            libpango1.0-dev libcairo2-dev libxlsxwriter-dev libminizip-dev fonts-noto-core fonts-dejavu-core
        ;;
    demo)
        packages_of build
        echo python3 openssl dovecot-imapd exim4-daemon-light mosquitto mosquitto-clients
        ;;
    check)
        packages_of demo
        packages_of fuzz
        echo libcmocka-dev python3-pytest chromium-headless-shell chromium-driver python3-selenium clang-format cppcheck shellcheck \
            poppler-utils
        # Node.js from elsewhere brings its own npm and refuses Debian's beside it.
        command -v npm >/dev/null 2>&1 || echo npm
        ;;
    lint)
        packages_of build
        echo python3 libcmocka-dev clang-format clang-tidy cppcheck shellcheck
        ;;
    bench)
        packages_of demo
        echo libcmocka-dev
        ;;
    fuzz)
        packages_of build
        echo python3 clang lld libclang-rt-14-dev
        ;;
    *)
        echo "packages.sh: tujuan tidak dikenal: $1 (yang ada: build demo check lint bench fuzz)" >&2
        exit 64
        ;;
    esac
}

installed_version() {
    dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p' | head -n 1
}

libevent_too_old() {
    version=$(installed_version libevent-2.1-7)
    [ -n "$version" ] && dpkg --compare-versions "$version" lt "$LIBEVENT_LEAST"
}

missing_of() {
    for package in $1; do
        [ -n "$(installed_version "$package")" ] || printf '%s ' "$package"
    done
    if libevent_too_old; then
        printf 'libevent-dev libevent-2.1-7 '
    fi
}

fail() {
    printf 'packages.sh: %s\n' "$@" >&2
    exit 69
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# 101 = "action forbidden by policy" (deb-systemd-invoke, invoke-rc.d). Another's policy is left alone.
forbid_services() {
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        scratch=$(mktemp)
        printf '#!/bin/sh\nexit 101\n' >"$scratch"
        policy=/usr/sbin/policy-rc.d
        as_root install -m 755 "$scratch" "$policy"
        rm -f "$scratch"
    fi
}

# A package enables its service for the next boot; a machine that only runs our tests does not want that.
disable_services() {
    for package in $1; do
        case $package in
        dovecot-imapd) units="$units dovecot.service dovecot.socket" ;;
        exim4-daemon-light) units="$units exim4.service exim4-base.timer" ;;
        mosquitto) units="$units mosquitto.service" ;;
        esac
    done
    if [ -n "$units" ] && command -v systemctl >/dev/null 2>&1; then
        for unit in $units; do
            as_root systemctl disable "$unit" >/dev/null 2>&1 || true
        done
    fi
}

clean_up() {
    [ -z "$policy" ] || as_root rm -f "$policy"
    [ -z "$record" ] || rm -f "$record"
}

install_missing() {
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        fail "perlu root atau sudo. Pasang sendiri: apt-get install $1"
    fi
    echo "Memasang paket Debian yang belum ada: $1"
    record=$(mktemp)
    forbid_services
    as_root apt-get update -qq >"$record" 2>&1 || true
    # --no-remove: a mail server or library that the office uses is never thrown out for ours.
    # shellcheck disable=SC2086
    if ! as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends \
        --no-remove -o DPkg::Lock::Timeout=300 $1 >>"$record" 2>&1; then
        tail -n 25 "$record" >&2
        fail "pemasangan paket gagal (lihat pesan di atas); tidak ada paket yang dibuang."
    fi
    disable_services "$1"
}

# axe-core, for the pages' accessibility tests: not in Debian. Only its lock file says which one.
install_node_modules() {
    cd "$(dirname "$0")/.."
    if ! cmp -s package-lock.json node_modules/.installed; then
        echo "Memasang paket npm untuk uji halaman: axe-core"
        npm ci --silent --no-audit --no-fund --ignore-scripts || fail "npm ci di tests/ gagal."
        cp package-lock.json node_modules/.installed
    fi
}

policy='' record='' units=''
trap clean_up EXIT
trap 'exit 130' INT TERM

[ $# -gt 0 ] || set -- build
wanted=$(for purpose in "$@"; do packages_of "$purpose"; done)
wanted=$(echo "$wanted" | tr ' ' '\n' | sort -u | tr '\n' ' ')
missing=$(missing_of "$wanted")
missing=${missing% }
[ -z "$missing" ] || install_missing "$missing"
if libevent_too_old; then
    fail "libevent $(installed_version libevent-2.1-7) tidak aman, perlu $LIBEVENT_LEAST atau lebih baru." \
        "Aktifkan bookworm-security di /etc/apt/sources.list, lalu: apt-get update && apt-get install libevent-2.1-7"
fi
case " $* " in
*' check '*) install_node_modules ;;
esac
