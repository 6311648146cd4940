# pengaduand: make, make demo, make run, make check, make bench, make install. `make help` lists all.

VERSION := 0.1.0
# One short line a file; V=1 shows the whole commands.
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@echo "  $(1)")
PREFIX ?= /usr
DESTDIR ?=
BUILD ?= build/release
CC ?= gcc
PKG_CONFIG ?= pkg-config

# Each program links only what it needs: a hole in one library is a hole in an empty room.
DAEMON_PACKAGES := libevent libevent_openssl libevent_pthreads openssl sqlite3 jansson inih libsodium libmosquitto libcurl libqrencode
MAILBOX_PACKAGES := libetpan jansson libseccomp
PARSER_PACKAGES := gmime-3.0 gumbo jansson libmagic libseccomp
PRINTER_PACKAGES := pangocairo pangoft2 cairo-pdf cairo-ft fontconfig xlsxwriter minizip jansson libqrencode libseccomp

WARNINGS := -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
HARDENING := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
OPTIMISE ?= -O2 -g
SANITIZE ?=
WERROR ?=
CPPFLAGS += -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -I$(BUILD)
CFLAGS := -std=gnu11 $(OPTIMISE) $(WARNINGS) $(WERROR) $(if $(SANITIZE),,$(HARDENING)) $(SANITIZE) -pthread $(EXTRA_CFLAGS)
# Builds with sanitizers link a hundred programs: by the linker that takes a quarter of the time, where there is one.
FAST_LINK := $(if $(shell command -v ld.lld),-fuse-ld=lld)
LDFLAGS := $(if $(SANITIZE),$(SANITIZE) $(FAST_LINK),-pie -Wl,-z,relro,-z,now) -pthread
DAEMON_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(DAEMON_PACKAGES))
DAEMON_LIBS = $(shell $(PKG_CONFIG) --libs $(DAEMON_PACKAGES)) -lstemmer
MAILBOX_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(MAILBOX_PACKAGES))
MAILBOX_LIBS = $(shell $(PKG_CONFIG) --libs $(MAILBOX_PACKAGES))
PARSER_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PARSER_PACKAGES))
PARSER_LIBS = $(shell $(PKG_CONFIG) --libs $(PARSER_PACKAGES))
PRINTER_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PRINTER_PACKAGES))
PRINTER_LIBS = $(shell $(PKG_CONFIG) --libs $(PRINTER_PACKAGES)) -lm

BASE_SOURCES := $(wildcard daemon/base/*.c)
CHILD_SOURCES := daemon/base/fault.c daemon/base/str.c daemon/base/shortage.c daemon/base/frame.c daemon/base/step.c $(wildcard channels/confine/*.c)
DAEMON_SOURCES := $(BASE_SOURCES) $(wildcard rules/*.c config/*.c daemon/*.c daemon/loop/*.c daemon/book/*.c daemon/desk/*.c \
	daemon/web/*.c channels/*/*.c)
DAEMON_SOURCES := $(filter-out channels/confine/%,$(DAEMON_SOURCES))
MAILBOX_SOURCES := $(CHILD_SOURCES) $(wildcard channels/email/mailbox/*.c)
PARSER_SOURCES := $(CHILD_SOURCES) $(wildcard channels/parser/program/*.c rules/text_*.c) channels/parser/parser_answer.c rules/picture.c
PRINTER_SOURCES := $(CHILD_SOURCES) daemon/base/arena.c $(wildcard channels/printer/program/*.c)
# Files compiled into the daemon: views, style sheet, schema steps, gateway presets (build/.../embedded.c).
# Style sheet and scripts stand beside themselves as .gz, made here so that the daemon needs no library for it.
STATIC_GZ = $(patsubst %,$(BUILD)/gz/%.gz,$(wildcard daemon/web/static/*.css daemon/web/static/*.js))
EMBEDDED := $(wildcard daemon/web/views/*.html daemon/web/static/* daemon/book/schema/*.sql config/gateways/*.json config/replies/*.txt config/libur-nasional.json config/rules.conf)

DAEMON_OBJECTS := $(DAEMON_SOURCES:%.c=$(BUILD)/daemon-objects/%.o) $(BUILD)/daemon-objects/embedded.o
MAILBOX_OBJECTS := $(MAILBOX_SOURCES:%.c=$(BUILD)/mailbox-objects/%.o)
PARSER_OBJECTS := $(PARSER_SOURCES:%.c=$(BUILD)/parser-objects/%.o)
PRINTER_OBJECTS := $(PRINTER_SOURCES:%.c=$(BUILD)/printer-objects/%.o)

PROGRAMS := $(BUILD)/pengaduand $(BUILD)/libexec/mailbox $(BUILD)/libexec/parser $(BUILD)/libexec/printer

.PHONY: all
all: $(PROGRAMS)

$(BUILD)/pengaduand: $(DAEMON_OBJECTS)
	$(call say,LD $@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(DAEMON_LIBS)
$(BUILD)/libexec/mailbox: $(MAILBOX_OBJECTS)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(MAILBOX_LIBS)
$(BUILD)/libexec/parser: $(PARSER_OBJECTS)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PARSER_LIBS)
$(BUILD)/libexec/printer: $(PRINTER_OBJECTS)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PRINTER_LIBS)

$(BUILD)/daemon-objects/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DAEMON_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/mailbox-objects/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(MAILBOX_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/parser-objects/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(PARSER_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/printer-objects/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(PRINTER_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/embed: daemon/web/tools/embed.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=gnu11 -O1 -Wall -Wextra -o $@ $<
$(BUILD)/gz/%.gz: %
	@mkdir -p $(@D)
	$(Q)gzip -9nc $< >$@
$(BUILD)/embedded.c: $(BUILD)/embed $(EMBEDDED) $(STATIC_GZ)
	$(BUILD)/embed $(EMBEDDED) $(STATIC_GZ:$(BUILD)/%=$(BUILD)//%) >$@.new && mv $@.new $@
$(BUILD)/daemon-objects/embedded.o: $(BUILD)/embedded.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# ---- what tests link: everything but main(). A test takes what it names and what that needs; its own stand-in for a
# function wins.
ARCHIVES := $(addprefix $(BUILD)/,daemon.a parser.a mailbox.a printer.a)
# Of the daemon's objects, so many.
REACH ?= %
$(BUILD)/daemon.a: $(filter $(REACH:%=$(BUILD)/daemon-objects/%),$(filter-out %/daemon/main.o,$(DAEMON_OBJECTS)))
$(BUILD)/parser.a: $(filter-out %/program/main.o,$(PARSER_OBJECTS))
$(BUILD)/mailbox.a: $(filter-out %/mailbox/main.o,$(MAILBOX_OBJECTS))
$(BUILD)/printer.a: $(filter-out %/program/main.o,$(PRINTER_OBJECTS))
$(ARCHIVES): Makefile
	$(call say,AR $@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

# ---- written from the option table; committed, so that they can be read without building (a test compares)
PRINT_OPTIONS_SOURCES := config/tools/print_options.c config/options.c config/options_print.c daemon/base/str.c daemon/base/shortage.c
$(BUILD)/print_options: $(PRINT_OPTIONS_SOURCES) config/options.h daemon/base/str.h
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)
.PHONY: sample man
sample: $(BUILD)/print_options
	$< sample >$(BUILD)/sample.new && mv $(BUILD)/sample.new config/pengaduand.conf.sample
man: $(BUILD)/print_options
	$< man >$(BUILD)/man.new && mv $(BUILD)/man.new config/pengaduand.conf.5

# ---- unit tests: tests/unit/*.c against the daemon's objects, tests/unit/parser|mailbox/*.c against the child's
UNIT_PACKAGES := cmocka
UNIT_DAEMON := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))
UNIT_PARSER := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/parser/*.c))
UNIT_MAILBOX := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/mailbox/*.c))
# A test's own text is run once; what it tests is optimised.
UNIT_CFLAGS = $(CFLAGS) $(if $(SANITIZE),-O0)
UNIT_TESTS := $(UNIT_DAEMON) $(UNIT_PARSER) $(UNIT_MAILBOX)

.PHONY: unit
unit: $(UNIT_TESTS) $(BUILD)/routes $(BUILD)/tamper $(BUILD)/simulate
# The table of pages, so that tests go through every page there is (tests/support/routes.py); what `verify` says of changes.
$(BUILD)/tamper: LDFLAGS += -Wl,--wrap=migrate_blank
$(BUILD)/routes $(BUILD)/tamper: $(BUILD)/%: tests/support/%.c $(BUILD)/daemon.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DAEMON_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(DAEMON_LIBS)
$(UNIT_DAEMON): $(BUILD)/unit/%: tests/unit/%.c $(BUILD)/daemon.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(UNIT_CFLAGS) $(DAEMON_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.a,$^) $(DAEMON_LIBS) -lcmocka
$(BUILD)/unit/test_reserve $(BUILD)/unit/test_email_letter: LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc # which it refuses
$(BUILD)/unit/test_email_channel: LDFLAGS += -Wl,--wrap=malloc
$(UNIT_PARSER): $(BUILD)/unit/%: tests/unit/%.c $(BUILD)/parser.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(UNIT_CFLAGS) $(PARSER_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.a,$^) $(PARSER_LIBS) -lcmocka
$(UNIT_MAILBOX): $(BUILD)/unit/%: tests/unit/%.c $(BUILD)/mailbox.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(UNIT_CFLAGS) $(MAILBOX_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.a,$^) $(MAILBOX_LIBS) -lcmocka

# ---- faults: the library by which a test makes calls of the running programs fail (tests/fault)
FAULT_STORIES := $(BUILD)/book_story $(BUILD)/index_story

.PHONY: fault-programs
fault-programs: $(BUILD)/fault.so $(FAULT_STORIES)
$(BUILD)/fault.so: tests/fault/preload.c tests/fault/preload.h
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARNINGS) $(WERROR) -fPIC -shared -o $@ $<
$(FAULT_STORIES): $(BUILD)/%: tests/fault/%.c $(BUILD)/daemon.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DAEMON_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.a,$^) $(DAEMON_LIBS) -lcmocka

# ---- a simulated year: tests/simulate/year.c against the daemon's objects
.PHONY: simulate-program
simulate-program: $(BUILD)/simulate
$(BUILD)/simulate: tests/simulate/year.c $(BUILD)/daemon.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DAEMON_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.a,$^) $(DAEMON_LIBS) -lcmocka

# ---- the benchmark's own programs: the load and the bare side of each comparison
BENCH_PACKAGES := libevent sqlite3 jansson libsodium libetpan gmime-3.0
BENCH_PROGRAMS := $(addprefix $(BUILD)/bench/,load bare_hook bare_mail fill_book)
BENCH_LINK = $(LDFLAGS) -Wl,--as-needed

.PHONY: bench-programs
bench-programs: $(BENCH_PROGRAMS)
$(BUILD)/bench/load: $(BUILD)/bench/load.o
$(BUILD)/bench/bare_hook $(BUILD)/bench/bare_mail: $(BUILD)/bench/%: $(BUILD)/bench/%.o $(BUILD)/bench/bare_book.o
$(BUILD)/bench/fill_book: tests/bench/fill_book.c $(BUILD)/daemon.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DAEMON_CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ $(filter %.c %.a,$^) $(DAEMON_LIBS) -lcmocka
$(filter-out %/fill_book,$(BENCH_PROGRAMS)):
	$(call say,LD $@)
	$(Q)$(CC) $(BENCH_LINK) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(BENCH_PACKAGES))
$(BUILD)/bench/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(shell $(PKG_CONFIG) --cflags $(BENCH_PACKAGES)) -MMD -MP -c -o $@ $<

# ---- fuzzing: tests/fuzz/fuzz_NAME.c against the objects of daemon and parser, built by clang into build/fuzz (make fuzz).
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
# Half of the daemon is all that harnesses reach; one for which the linker misses something names it here.
FUZZ_REACH := embedded.o $(addsuffix .o,daemon/base/% rules/% config/% channels/gateway/% channels/website/% channels/parser/parser channels/printer/printer_command \
	$(addprefix channels/email/,authenticity inbound_mail letter letter_code letter_html) \
	$(addprefix daemon/,control control_client command command_args command_table run_as web/api_body web/api_routes web/gate web/limit) \
	$(addprefix daemon/book/,alike backup_file batch book chain chat connection job_queue journal journal_read manifest memory migrate password \
		reply_text seal sealed search secret stmt storage timetable) \
	$(addprefix daemon/desk/,classify_source reply site_form) \
	$(addprefix daemon/loop/,address child child_start http_chunk http_connection http_form http_head http_listen http_multipart http_reply \
		http_request http_route http_server http_share http_stream http_unix loop smtp_verdict))
FUZZ_SETTINGS := REACH="$(FUZZ_REACH)" BUILD=build/fuzz CC=clang OPTIMISE="-O1 -g1" \
	SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" WARNINGS="$(WARNINGS) -Wno-conversion"

.PHONY: fuzz-build fuzz-programs
fuzz-build:
	$(Q)$(MAKE) -s --no-print-directory $(FUZZ_SETTINGS) fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)
$(FUZZ_PROGRAMS): $(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/parser.a $(BUILD)/printer.a $(BUILD)/daemon.a
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DAEMON_CFLAGS) $(PARSER_CFLAGS) $(PRINTER_CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -MMD -MP -MF $@.d -o $@ \
		$(filter %.c %.a,$^) -Wl,--as-needed $(DAEMON_LIBS) $(PARSER_LIBS) $(PRINTER_LIBS)

# The functions that the table of commands names.
$(BUILD)/never_run.h: daemon/command_table.c
	@mkdir -p $(@D)
	$(Q)sed -n 's/.*\.[a-z]* = \(serve_command\|command_[a-z_]*\)[},].*/NEVER_RUN(\1);/p' $< | sort -u >$@
$(BUILD)/fuzz/fuzz_control: $(BUILD)/never_run.h

.PHONY: clean
clean:
	rm -rf build

-include $(DAEMON_OBJECTS:.o=.d) $(MAILBOX_OBJECTS:.o=.d) $(PARSER_OBJECTS:.o=.d) $(PRINTER_OBJECTS:.o=.d) $(UNIT_TESTS:=.d) $(wildcard $(BUILD)/bench/*.d $(BUILD)/simulate.d) $(FUZZ_PROGRAMS:=.d) $(FAULT_STORIES:=.d)

# ---- commands for people: each installs what it needs (tests/support/packages.sh) and says so
PYTHON := /usr/bin/python3
CORES := $(shell nproc)
CONFIGURATION ?= var/pengaduand.conf
TIME ?= 60

.PHONY: help demo check check-crash check-fault soak simulate lint run fuzz bench screenshots install deps-build deps-demo deps-check deps-lint deps-bench deps-fuzz
help: # this list
	@sed -n 's/^\([a-z-]*\):[^#=]*# \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
deps-build deps-demo deps-check deps-lint deps-bench deps-fuzz:
	@tests/support/packages.sh $(@:deps-%=%)
demo: deps-demo # complaints by e-mail, website and WhatsApp, walked to their answers on real servers; then open pages
	@$(MAKE) -s --no-print-directory -j$(CORES) all
	@$(PYTHON) -B tests/support/demo.py
screenshots: deps-check # the pictures of README.md into docs/pictures, from an office with a fixed morning's work
	@$(MAKE) -s --no-print-directory -j$(CORES) all
	@$(PYTHON) -B tests/support/screenshots.py
check: deps-check # strict build with sanitizers, all tests and lints; last line: N passed, N failed
	@$(PYTHON) -B tests/support/check.py
check-crash: deps-check # kill -9 at every durable step of every program, then at random under load; some minutes
	@$(MAKE) -s --no-print-directory -j$(CORES) all
	@PENGADUAND_BUILD=$(BUILD) $(PYTHON) -B tests/crash/sweep.py
soak: deps-check # twenty busy days of a kabupaten at once for TIME=60 seconds (600 for the real run); last line: N passed, N failed
	@$(MAKE) -s --no-print-directory -j$(CORES) all
	@PENGADUAND_BUILD=$(BUILD) $(PYTHON) -B tests/soak/soak.py $(TIME)
check-fault: deps-check # fails every call of memory, disk, SQLite and sockets in turn, then machine and servers in trouble; about an hour
	@$(MAKE) -s --no-print-directory -j$(CORES) all fault-programs
	@PENGADUAND_BUILD=$(BUILD) $(PYTHON) -B tests/fault/run.py
simulate: deps-check # a year with 20,000 complaints, every clock and reminder recounted; some minutes; last line: N passed, N failed
	@$(MAKE) -s --no-print-directory -j$(CORES) simulate-program
	@$(BUILD)/simulate
lint: deps-lint # the lints alone, with clang-tidy
	@$(PYTHON) -B tests/lint/lint.py --deep --summary
run: deps-build # starts it for real use in ./var; the first start makes configuration, book and admin
	@$(MAKE) -s --no-print-directory -j$(CORES) all
	@mkdir -p -m 700 $(dir $(CONFIGURATION))
	@test -e $(CONFIGURATION) || $(BUILD)/pengaduand init -c $(CONFIGURATION)
	@exec $(BUILD)/pengaduand serve -c $(CONFIGURATION)
fuzz: deps-fuzz # throws random input at every parser of outside bytes, TIME=60 seconds each; last line: N passed, N failed
	@$(MAKE) -s --no-print-directory -j$(CORES) fuzz-build
	@$(PYTHON) -B tests/fuzz/run.py $(TIME)
bench: deps-bench # measures against the bare libraries: BENCHMARKS.md
	@$(MAKE) -s --no-print-directory -j$(CORES) all bench-programs
	@$(PYTHON) -B tests/bench/bench.py

install: all # programs, units, samples into DESTDIR and PREFIX (/usr)
	install -D -m 755 $(BUILD)/pengaduand $(DESTDIR)$(PREFIX)/bin/pengaduand
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/libexec/pengaduand $(BUILD)/libexec/*
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in pengaduand.service pengaduand@.service; do \
		sed 's|/usr/bin/pengaduand|$(PREFIX)/bin/pengaduand|' config/$$unit >$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit 1; done
	install -D -m 644 config/pengaduand.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/pengaduand.conf
	$(foreach preset,$(wildcard config/gateways/*.json),\
		install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/pengaduand/gateways $(preset);)
	$(foreach sample,$(wildcard config/pengaduand.conf.sample config/rules.conf config/nginx.conf.sample config/Caddyfile.sample),\
		install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/pengaduand $(sample);)
	$(foreach page,$(wildcard config/*.1 config/*.5 config/*.8),\
		install -D -m 644 $(page) $(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page));)
