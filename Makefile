# Makefile - deps, build, run, chat, test, lint, bench, clean, install.
#
# One build folder per variant: build/ (what is installed), build/asan and
# build/tsan (what the tests run): make VARIANT=asan build.

VARIANT ?= release
ifeq ($(VARIANT),release)
B := build
else
B := build/$(VARIANT)
endif

VERSION := 0.1.0
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
PKGS := libstrophe expat libpq libcrypto libical libutf8proc jansson inih \
	libcurl libmicrohttpd

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wvla -Wundef -Wswitch-enum \
	-Wimplicit-fallthrough -Wnull-dereference
ifneq ($(findstring gcc,$(shell $(CC) --version 2>/dev/null | head -n 1)),)
WARNINGS += -Wduplicated-cond -Wduplicated-branches -Wlogical-op
HARDEN := -ftrivial-auto-var-init=zero
endif
HARDEN += -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fno-common

FLAGS_release := -O2 -D_FORTIFY_SOURCE=3 -fPIE $(HARDEN)
LINK_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
FLAGS_asan := -O1 -g -Werror -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined $(HARDEN)
LINK_asan := -fsanitize=address,undefined
FLAGS_tsan := -O1 -g -Werror -fno-omit-frame-pointer -fsanitize=thread
LINK_tsan := -fsanitize=thread

# The parsers of foreign input under libFuzzer; needs CC=clang-14.
FLAGS_fuzz := -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
LINK_fuzz := -fsanitize=address,undefined

# Library headers by -isystem: their warnings are not ours.
PKG_FLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS)))
CFLAGS += -std=c17 -D_GNU_SOURCE -g -pthread -Ibot -include base/banned.h \
	-DCARELAY_VERSION='"$(VERSION)"' $(WARNINGS) $(FLAGS_$(VARIANT)) \
	$(PKG_FLAGS) -MMD -MP
LDFLAGS += -pthread $(LINK_$(VARIANT))
LDLIBS += $(shell pkg-config --libs $(PKGS))

# A file NAME_main.c, and main.c, is a program; everything else is one archive.
MAINS := bot/main.c $(shell find bot -name '*_main.c')
SOURCES := $(filter-out $(MAINS),$(shell find bot -name '*.c'))
OBJECTS := $(SOURCES:%.c=$(B)/o/%.o)
PROGRAMS := $(B)/carelay \
	$(patsubst %_main,$(B)/%,$(notdir $(basename $(filter %_main.c,$(MAINS)))))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))

.PHONY: build
build: $(PROGRAMS)

$(B)/o/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(B)/libcarelay.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(B)/carelay: $(B)/o/bot/main.o $(B)/libcarelay.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

define PROGRAM_RULE
$(B)/$(patsubst %_main,%,$(notdir $(basename $(1)))): $(B)/o/$(basename $(1)).o $(B)/libcarelay.a
	$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach main,$(filter %_main.c,$(MAINS)),$(eval $(call PROGRAM_RULE,$(main))))

$(B)/unit/%: tests/unit/%.c $(B)/libcarelay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LDLIBS) -lcmocka

# What the tests of the stream talk to.
$(B)/stream/%: tests/stream/%.c $(B)/libcarelay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LDLIBS)

# What the mirror's speed is compared with.
$(B)/mirror/%: tests/mirror/%.c $(B)/libcarelay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LDLIBS)

# What the tests of the calendar expand rules with.
$(B)/calendar/%: tests/calendar/%.c $(B)/libcarelay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LDLIBS)

# libical's own recurrence vectors, from a folder with its source code.
.PHONY: vectors
vectors: $(B)/calendar/recur
	@test -n "$(LIBICAL)" || { echo "make vectors LIBICAL=FOLDER"; exit 2; }
	@tests/calendar/vectors $(LIBICAL)

.PHONY: unit unit-programs
unit-programs: $(UNIT_TESTS) $(B)/stream/bare $(B)/calendar/expand
unit: $(UNIT_TESTS)
	@set -e; for test in $(UNIT_TESTS); do $$test; done

# Each fuzz program for FUZZ_S seconds; what it finds is left in build/fuzz.
FUZZ_S ?= 20
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)
$(B)/fuzz/%: tests/fuzz/%.c $(B)/libcarelay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ \
		$(filter %.c %.a,$^) $(LDLIBS)
fuzz:
	@$(MAKE) --no-print-directory -s VARIANT=fuzz CC=clang-14 fuzz-programs
	@FUZZ_S=$(FUZZ_S) tests/fuzz/run build/fuzz/fuzz

# Figures, not assertions: each part of the bot may add a bench-NAME.
# DATA: sentences with answers (see tests/bench/bench_when.c).
DATA ?= ../shared/data/appointment_phrases.jsonl
.PHONY: bench bench-when
bench:: bench-when
bench-when: $(B)/bench/bench_when
	@$< $(DATA)
$(B)/bench/%: tests/bench/%.c $(B)/libcarelay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LDLIBS)

# What is installed from Debian: to build, to run a clinic here, to test it.
DEPS_BUILD := gcc libc6-dev make pkg-config \
	libstrophe-dev libexpat1-dev libpq-dev libical-dev libutf8proc-dev \
	libjansson-dev libinih-dev libssl-dev libcurl4-openssl-dev \
	libmicrohttpd-dev
# The stack's scripts are Python; its certificate is made by openssl.
DEPS_RUN := $(DEPS_BUILD) python3 python3-slixmpp openssl prosody postgresql
# cmocka: unit tests; pgtap and its harness: schema tests; aiortc: calls with
# sound and pictures; the rest: lint.
DEPS_TEST := $(DEPS_RUN) ejabberd libcmocka-dev postgresql-15-pgtap \
	libtap-parser-sourcehandler-pgtap-perl python3-aiortc clang-14 \
	libclang-rt-14-dev clang-format-14 cppcheck shellcheck git

# Real clients and what drives them without a screen: make clients.
DEPS_CLIENTS := $(DEPS_RUN) iproute2 sqlite3 profanity tmux gajim gajim-omemo \
	dino-im chromium xvfb openbox dbus at-spi2-core gir1.2-atspi-2.0 \
	python3-gi xdotool imagemagick libglib2.0-bin pulseaudio \
	pulseaudio-utils gstreamer1.0-pulseaudio gstreamer1.0-plugins-base \
	gstreamer1.0-plugins-good gstreamer1.0-plugins-bad

.PHONY: deps deps-run deps-clients
deps:
	@tests/stack/install $(DEPS_TEST)
deps-run:
	@tests/stack/install $(DEPS_RUN)
# Debian's npm gets in the way of others: it is for who has none.
deps-clients:
	@tests/stack/install $(DEPS_CLIENTS) \
		$$(command -v npm >/dev/null || echo nodejs npm)

# A clinic for people, kept under var/; CLINIC_PORT: where clients log in.
.PHONY: run chat clean-run
run: deps-run
	@$(MAKE) --no-print-directory -s -j2 build
	@tests/stack/run
# make has an AS of its own: the assembler.
ifneq ($(origin AS),command line)
AS := jane
endif
chat:
	@[ -x $(B)/chat ] || $(MAKE) --no-print-directory -s -j2 build
	@$(B)/chat --env var/env $(AS)
clean-run:
	@tests/stack/run --forget

# Random histories of reminders against a model: many more than the tests play.
.PHONY: histories
histories: build
	@/usr/bin/python3 tests/remind/test_histories.py --histories 300

# Everything, with what it needs; one line at the end. make test PARTS=talk-asan
.PHONY: test lint
test: deps
	@tests/run $(PARTS)
lint:
	@tests/lint

# Real clients at the desk and through the mirror. make clients ONLY="dino call"
.PHONY: clients
clients: deps-clients build/npm/installed
	@$(MAKE) --no-print-directory -s -j2 build
	@tests/clients/run $(ONLY)
build/npm/installed: tests/clients/package.json
	@mkdir -p $(@D)
	@cp $< $(@D)
	@cd $(@D) && npm install --ignore-scripts --no-package-lock \
		--no-audit --no-fund --loglevel=error
	@touch $@
# The schema's tests alone, on a private PostgreSQL.
.PHONY: test-schema
test-schema:
	@tests/schema/run

# Benchmarks print their figures; each makes and ends what it needs. The large
# clinic of bench-calendar stays for the next time; CALENDAR=--new forgets it.
.PHONY: bench bench-calendar
bench:: bench-calendar
bench-calendar: $(B)/bench/bench_calendar
	@tests/bench/calendar $(CALENDAR)
$(B)/bench/bench_calendar: tests/bench/calendar_calls.h

# Stanzas a second through the stream, on a private Prosody.
.PHONY: bench-stream
bench-stream:
	@$(MAKE) --no-print-directory -s -j2 build build/stream/bare
	@/usr/bin/python3 tests/stream/bench.py

# Two people who chat through the mirror, against a component that only echoes.
.PHONY: bench-mirror
bench-mirror:
	@$(MAKE) --no-print-directory -s -j2 build build/mirror/echo
	@/usr/bin/python3 tests/mirror/bench.py

# Program, schema, sample of the settings, systemd files, manual page. Settings
# that are there already stay.
.PHONY: install
install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)/etc/carelay
	install -m 755 $(B)/carelay $(DESTDIR)$(PREFIX)/bin/carelay
	@for file in schema/migrate $$(find schema -name '*.sql' | sort); do \
		mode=644; [ ! -x $$file ] || mode=755; \
		install -D -m $$mode $$file \
			$(DESTDIR)$(PREFIX)/share/carelay/$$file || exit 1; \
	done
	install -D -m 644 config/carelay.conf \
		$(DESTDIR)$(PREFIX)/share/carelay/carelay.conf
	[ -e $(DESTDIR)/etc/carelay/carelay.conf ] || install -m 640 \
		config/carelay.conf $(DESTDIR)/etc/carelay/carelay.conf
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|' systemd/carelay.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/carelay.service
	install -D -m 644 systemd/carelay.sysusers \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d/carelay.conf
	install -D -m 644 systemd/carelay.tmpfiles \
		$(DESTDIR)$(PREFIX)/lib/tmpfiles.d/carelay.conf
	[ ! -e docs/carelay.1 ] || install -D -m 644 docs/carelay.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/carelay.1

.PHONY: clean
clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
