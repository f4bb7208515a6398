# SPDX-License-Identifier: Apache-2.0
# Bandstand. `make help` lists the targets. All output goes below build/.
#
# Nothing here runs a program while the file is read, so `make deps`, `make demo` and `make check`
# work on a machine that has only make and git: they fetch what is missing and then call make again.
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

VARIANT  ?= release
PREFIX   ?= /usr/local
DESTDIR  ?=
CLANG    ?= clang
RE2C     ?= re2c
LEMON    ?= lemon
LEMPAR   ?= /usr/share/lemon/lempar.c
GRAMMAR  ?= lang/grammar.y
FUZZ_SECONDS ?= 60

O        := build/$(VARIANT)
GEN      := $(O)/gen

# -- flags ----------------------------------------------------------------------------------------
SANITIZE       := -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_release  := -O3 -g -DNDEBUG
FLAGS_debug    := -O0 -g3
FLAGS_asan     := -O1 -g -fno-omit-frame-pointer $(SANITIZE)
FLAGS_coverage := -O0 -g --coverage
FLAGS_fuzz     := -O1 -g -fno-omit-frame-pointer $(SANITIZE) -fsanitize=fuzzer-no-link
ifeq ($(FLAGS_$(VARIANT)),)
$(error VARIANT is $(VARIANT): it is one of release, debug, asan, coverage, fuzz)
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wundef -Wvla -Wwrite-strings -Wswitch-enum
# The code of the two generators is theirs; the warnings that it cannot satisfy are off there.
GEN_WARNINGS := -Wall -Wextra -Wno-unused-variable -Wno-unused-parameter -Wno-sign-compare \
            -Wno-type-limits -Wno-missing-prototypes
CPPFLAGS_ALL := -D_GNU_SOURCE -I. -Iruntime/include -I$(GEN) $(CPPFLAGS)
CFLAGS_ALL   := -std=c11 -pthread -fPIC -fvisibility=hidden $(FLAGS_$(VARIANT)) $(CFLAGS)
PC_REQUIRES  := json-c libutf8proc nettle libzstd zlib gmp expat
LIBS         := -ljson-c -lutf8proc -lnettle -lzstd -lz -lgmp -lexpat -pthread
CLI_LIBS     := -ledit -lm
TEST_LIBS    := -lcmocka -lcsv $(LIBS) -lzip

# -- files ----------------------------------------------------------------------------------------
LIB_SRC  := $(sort $(wildcard runtime/*/*.c lang/*.c))
CLI_SRC  := $(sort $(wildcard repl/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/*_test.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))

obj       = $(patsubst %.c,$(O)/%.o,$(1))
LIB_OBJ  := $(call obj,$(LIB_SRC)) $(GEN)/lexer.o $(GEN)/grammar.o
CLI_OBJ  := $(call obj,$(CLI_SRC))
TEST_OBJ := $(call obj,$(UNIT_SRC) $(FUZZ_SRC) tests/fuzz/replay.c)
UNIT_BIN := $(patsubst %.c,$(O)/%,$(UNIT_SRC))
FUZZ_BIN := $(patsubst %.c,$(O)/%,$(FUZZ_SRC))
REPLAY   := $(addsuffix .replay,$(FUZZ_BIN))

STATIC   := $(O)/libbandstand.a
SHARED   := $(O)/libbandstand.so
PROGRAM  := $(O)/bandstand
LIBRARIES := $(STATIC) $(SHARED)

.PHONY: all help deps demo check check-built check-long unit cli-tests docs-tests pages-tests \
        fix-tests prompt-tests rules-tests differential bless asan coverage fuzz fuzz-built fuzz-replay \
        check-symbols check-layers bench-vm check-errors-doc check-install errors-doc tests format install uninstall clean FORCE

all: $(PROGRAM) $(LIBRARIES)  ## build the command and the library

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo
	@echo '  VARIANT=release|debug|asan|coverage|fuzz   PREFIX=/usr/local   CC=gcc|clang   V=1'

# -- the machine ----------------------------------------------------------------------------------
deps:  ## install the Debian packages that are missing
	@tests/tools/deps.sh

# `make -j` passes its jobs on; plain make uses every processor.
JOBS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(nproc))

demo: deps  ## build and show the scorecard example
	@$(MAKE) --no-print-directory $(JOBS) all
	@tests/tools/demo.sh $(PROGRAM)

# -- generated sources ----------------------------------------------------------------------------
$(GEN)/lexer.c: lang/lexer.re Makefile
	@mkdir -p $(@D)
	$(SAY) RE2C $@
	$(Q)$(RE2C) -W -Werror --no-generation-date -o $@ $<

# Lemon fails, and so does the build, when the grammar has a conflict. It leaves a header alone that
# would not change; the touch makes that one count as new too.
$(GEN)/grammar.c $(GEN)/grammar.h &: $(GRAMMAR) $(LEMPAR) Makefile
	@mkdir -p $(GEN)
	$(SAY) LEMON $(GEN)/grammar.c
	$(Q)$(LEMON) -q -T$(LEMPAR) -d$(GEN) $(GRAMMAR) && touch $(GEN)/grammar.h || \
	    { rm -f $(GEN)/grammar.*; exit 1; }

# -- objects --------------------------------------------------------------------------------------
SAY = @printf '  %-6s %s\n'
Q   = $(if $(V),,@)

# A stamp changes when its text does, so a changed compiler, flag or list of files rebuilds what
# hangs on it and nothing else does.
COMPILE := $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL)
LINK    := $(CC) $(CFLAGS_ALL) $(LDFLAGS) $(LIB_OBJ) $(CLI_OBJ)
define stamp
ifneq ($$(file <$(O)/$(1)),$$($(2)))
$(O)/$(1): FORCE
endif
$(O)/$(1):
	@mkdir -p $$(@D)
	@printf '%s\n' '$$($(2))' >$$@
endef
$(eval $(call stamp,compile.stamp,COMPILE))
$(eval $(call stamp,link.stamp,LINK))

define compile
@mkdir -p $(@D)
$(SAY) CC $@
$(Q)$(COMPILE) $(1) -MMD -MP -c -o $@ $<
endef

# The first build needs the token header before any compile; later ones know who includes it.
$(LIB_OBJ) $(TEST_OBJ): | $(GEN)/grammar.h
$(GEN)/%.o: $(GEN)/%.c $(O)/compile.stamp Makefile
	$(call compile,$(GEN_WARNINGS))
$(O)/%.o: %.c $(O)/compile.stamp Makefile
	$(call compile,$(WARNINGS))

# -- what is built --------------------------------------------------------------------------------
# The archive holds one object whose internal names are local, so they need no library prefix and
# cannot clash with the host program's.
$(STATIC): $(LIB_OBJ) $(O)/link.stamp
	$(SAY) AR $@
	$(Q)$(LD) -r -o $(O)/bandstand.o $(LIB_OBJ)
	$(Q)objcopy --localize-hidden $(O)/bandstand.o
	$(Q)rm -f $@ && $(AR) rcs $@ $(O)/bandstand.o

$(SHARED): $(LIB_OBJ) $(O)/link.stamp
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -shared -Wl,-soname,libbandstand.so.$(SOVERSION) \
	    -o $@ $(LIB_OBJ) $(LIBS)

$(PROGRAM): $(CLI_OBJ) $(STATIC) $(O)/link.stamp
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(CLI_OBJ) $(STATIC) $(CLI_LIBS) $(LIBS)

# Unit tests see the library's inside; the fuzz targets only its public face.
$(UNIT_BIN): %: %.o $(LIB_OBJ) $(O)/link.stamp
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $< $(LIB_OBJ) $(TEST_LIBS)

$(REPLAY): %.replay: %.o $(O)/tests/fuzz/replay.o $(STATIC)
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $^ $(LIBS) -lzip

$(FUZZ_BIN): %: %.o $(STATIC)
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LIBS) -lzip

# The machine alone against C; see tests/bench.
VM_BENCH := $(O)/tests/bench/vm_bench
$(O)/tests/bench/vm_bench.o: | $(GEN)/grammar.h
$(VM_BENCH): %: %.o $(LIB_OBJ) $(O)/link.stamp
	$(SAY) LD $@
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $< $(LIB_OBJ) $(LIBS)
bench-vm: $(VM_BENCH)  ## time the machine alone against the same rules in C
	@$(VM_BENCH)

tests: all $(UNIT_BIN) $(REPLAY)

# -- tests ----------------------------------------------------------------------------------------
# Each suite is a script that ends with `N passed, N failed`; run_all.sh runs them and adds up.
check: deps  ## build, run every quick test, end with `N passed, N failed`
	@$(MAKE) --no-print-directory $(JOBS) check-built

check-built:
	@$(MAKE) --no-print-directory VARIANT=release tests
	@$(MAKE) --no-print-directory VARIANT=asan tests
	@tests/tools/run_all.sh build/release build/asan

check-long: check  ## the same, then every fuzz target for FUZZ_SECONDS
	@mkdir -p $(O)/generated
	@python3 tests/differential/proofs.py $(PROGRAM) 5000 11
	@python3 tests/differential/proofs.py $(PROGRAM) 400 12 $(O)/generated
	@python3 tests/differential/differences.py $(PROGRAM) 5000 11
	@LONG_TESTS=1 $(O)/tests/unit/prove_brute_test
	@LONG_TESTS=1 $(O)/tests/unit/prove_brute_test $(O)/generated/*.rag
	@$(MAKE) --no-print-directory fuzz

unit: $(UNIT_BIN)  ## unit tests
	@tests/tools/run_units.sh $^
cli-tests: $(PROGRAM)  ## golden tests of the command (CASES="name name" for a few)
	@tests/run_cli.sh $(PROGRAM) $(CASES)
bless: $(PROGRAM)  ## write the expected output of the golden tests afresh (CASES=...)
	@tests/run_cli.sh --bless $(PROGRAM) $(CASES)
prompt-tests: $(PROGRAM)  ## the prompt, typed at through a pseudo-terminal
	@tests/prompt/run_prompt.py $(PROGRAM)
rules-tests: $(PROGRAM)  ## annotated rule files, and those that are shipped
	@tests/run_rules.py $(PROGRAM) tests/rules rules examples
docs-tests: $(PROGRAM)  ## every example in the documentation
	@tests/run_docs.py $(PROGRAM)
pages-tests: $(PROGRAM)  ## the examples on the pages of docs/errors.md
	@tests/run_pages.py $(PROGRAM)
fix-tests: $(PROGRAM)  ## suggestions applied to faulty rule files
	@tests/run_fix.py $(PROGRAM) tests/rules tests/cli
differential: $(PROGRAM)  ## generated expressions and files against other implementations
	@tests/tools/run_differential.sh $(PROGRAM)
fuzz-replay: $(REPLAY)  ## run the fuzz targets over their stored inputs
	@tests/tools/run_replay.sh $^

check-symbols: $(LIBRARIES)  ## the libraries show bs_ names only
	@tests/tools/check_symbols.sh $^
check-layers:  ## includes go downwards only
	@tests/tools/check_layers.sh
check-errors-doc: $(PROGRAM)  ## docs/errors.md is what the program prints
	@tests/tools/check_errors_doc.sh $(PROGRAM)
errors-doc: $(PROGRAM)  ## write docs/errors.md
	$(PROGRAM) help errors --format markdown >docs/errors.md
check-install: all  ## install into a temporary folder and use it from there
	@tests/tools/check_install.sh $(VARIANT)

asan:  ## unit and command tests under ASan and UBSan
	@$(MAKE) --no-print-directory VARIANT=asan unit cli-tests rules-tests fuzz-replay
coverage:  ## line coverage of the tests
	@$(MAKE) --no-print-directory VARIANT=coverage tests
	@tests/tools/coverage.sh build/coverage

fuzz:  ## fuzz every target for FUZZ_SECONDS each (clang)
	@tests/tools/deps.sh fuzz
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=$(CLANG) fuzz-built
	@tests/tools/run_fuzz.sh $(FUZZ_SECONDS) $(patsubst %.c,build/fuzz/%,$(FUZZ_SRC))
fuzz-built: $(FUZZ_BIN)

format:  ## format the C files
	clang-format -i $(LIB_SRC) $(CLI_SRC) $(UNIT_SRC) $(wildcard runtime/*/*.h lang/*.h repl/*.h)

# -- install --------------------------------------------------------------------------------------
# Expanded where they are used only, after the tools are there.
VERSION   = $(shell sed -n 's/^.define BS_VERSION "\(.*\)"/\1/p' runtime/include/bandstand.h)
SOVERSION = $(firstword $(subst ., ,$(VERSION)))
TO        = $(DESTDIR)$(PREFIX)

install: all  ## install under $(DESTDIR)$(PREFIX)
	install -D -m 755 $(PROGRAM) $(TO)/bin/bandstand
	install -D -m 644 runtime/include/bandstand.h $(TO)/include/bandstand.h
	install -D -m 644 $(STATIC) $(TO)/lib/libbandstand.a
	install -D -m 755 $(SHARED) $(TO)/lib/libbandstand.so.$(VERSION)
	ln -sf libbandstand.so.$(VERSION) $(TO)/lib/libbandstand.so.$(SOVERSION)
	ln -sf libbandstand.so.$(SOVERSION) $(TO)/lib/libbandstand.so
	install -d $(TO)/lib/pkgconfig $(TO)/share/bandstand/rules
	install -m 644 $(wildcard rules/*.rag) $(TO)/share/bandstand/rules
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
	    'Name: bandstand' 'Description: Rules language for KPI thresholds and RAG status' \
	    'Version: $(VERSION)' 'Requires.private: $(PC_REQUIRES)' \
	    'Libs: -L$${libdir} -lbandstand' 'Cflags: -I$${includedir}' \
	    >$(TO)/lib/pkgconfig/bandstand.pc

uninstall:  ## remove what install put there
	rm -f $(TO)/bin/bandstand $(TO)/include/bandstand.h $(TO)/lib/libbandstand.a \
	    $(TO)/lib/libbandstand.so $(TO)/lib/libbandstand.so.$(SOVERSION) \
	    $(TO)/lib/libbandstand.so.$(VERSION) $(TO)/lib/pkgconfig/bandstand.pc \
	    $(patsubst rules/%,$(TO)/share/bandstand/rules/%,$(wildcard rules/*.rag))
	-rmdir $(TO)/share/bandstand/rules $(TO)/share/bandstand

clean:  ## remove build/
	rm -rf build

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CLI_OBJ) $(TEST_OBJ)) $(VM_BENCH).d
