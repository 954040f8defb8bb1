# onnx-winit: settings on top; nothing below "targets" needs changing to build it elsewhere.

CC       ?= cc
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
BUILD    ?= build
PROTOC   ?= $(firstword $(shell command -v protoc-c) $(shell command -v protoc))

PACKAGES  = libprotobuf-c jansson libpcre2-8 smartcols libxxhash yaml-0.1
WARNINGS  = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wvla $(WERROR)
override CFLAGS   += -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden -ffp-contract=off -pthread -MMD -MP
override CPPFLAGS += -Iinclude -Isrc -isystem $(BUILD)/proto $(shell pkg-config --cflags $(PACKAGES))
override LDLIBS   += $(shell pkg-config --libs $(PACKAGES)) -lm -pthread

# How the sampler and the audit are compiled, whatever CFLAGS say: their speed depends on it, the
# sampler's bits do not.
SAMPLER  ?= -O3 -fno-math-errno -fno-trapping-math $(SCHEDULE)
# gcc leaves independent chains one behind the other, longer than a processor looks ahead; clang
# has no such option and no such need.
SCHEDULE := $(shell $(CC) -Werror -fschedule-insns -fsched-pressure -E -x c /dev/null > /dev/null \
                2>&1 && echo -fschedule-insns -fsched-pressure -funroll-loops)

LIBRARY  := $(filter-out src/cli/%,$(wildcard src/*/*.c))
PROGRAM  := $(wildcard src/cli/*.c)
SUPPORT  := $(wildcard tests/support/*.c)
UNITS    := $(wildcard tests/unit/test_*.c)
FUZZERS  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

object    = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
ARCHIVE   = $(BUILD)/libonnxwinit.a
TESTS     = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNITS))
TOOLS     = $(BUILD)/tools/text-to-onnx $(BUILD)/tools/disguise
JOBS     ?= $(shell nproc)
AGAIN     = $(MAKE) -s --no-print-directory
SANITIZE  = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# gcc's analyzer but for uninitialised values: gcc 12 loses sight of structures that a loop or a
# function fills, and clang's analyzer and valgrind look at them, too. Where it errs otherwise, the
# source has to say so.
ANALYZER  = -fanalyzer -Wno-analyzer-use-of-uninitialized-value

# targets

.PHONY: all tools tests unit cli terminal shards spoiled readme strict sanitized corpus replay fuzz fuzz-campaign \
        hostile faults threaded tsan valgrind analyze coverage model-tests layers check check-ecosystem demo \
        deps bits bench bench-fill bench-graphs check-audit check-sampler check-tables \
        format clean list
.PHONY: bits-large bits-foreign check-power
.SECONDARY:

all: $(BUILD)/onnx-winit  ## build the program

$(BUILD)/onnx-winit: $(call object,$(PROGRAM)) $(ARCHIVE)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(ARCHIVE): $(call object,$(LIBRARY)) $(BUILD)/obj/proto/onnx.pb-c.o
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/proto/onnx.pb-c.h $(BUILD)/proto/onnx.pb-c.c &: proto/onnx.proto
	@mkdir -p $(BUILD)/proto
	$(PROTOC) --proto_path=proto --c_out=$(BUILD)/proto onnx.proto

$(BUILD)/obj/proto/onnx.pb-c.o: $(BUILD)/proto/onnx.pb-c.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -O2 -g -fPIC -fvisibility=hidden -c -o $@ $<

$(BUILD)/obj/%.o: %.c | $(BUILD)/proto/onnx.pb-c.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Itests -c -o $@ $<

$(BUILD)/obj/src/audit/%.o: override CFLAGS += $(SAMPLER)

$(BUILD)/obj/src/fill/%.o: override CFLAGS += $(SAMPLER) $(LEVEL)
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(BUILD)/obj/src/fill/kernels_avx2.o: LEVEL = -mavx2
$(BUILD)/obj/src/fill/kernels_avx512.o: LEVEL = -march=x86-64-v4 -mprefer-vector-width=512
# These processors look far ahead; what gcc interleaves for them, it has to move between registers.
$(BUILD)/obj/src/fill/kernels_avx512.o: SCHEDULE := $(filter-out -fschedule-insns,$(SCHEDULE))
endif

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(call object,$(SUPPORT)) $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

$(BUILD)/tools/text-to-onnx: $(BUILD)/obj/tests/tools/text_to_onnx.o $(call object,$(SUPPORT)) $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

$(BUILD)/tools/disguise: $(BUILD)/obj/tests/tools/disguise.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Fuzz targets: with replay.c an ordinary test, with libFuzzer (clang, CFLAGS of `make fuzz`) a fuzzer.
$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/fuzz.o \
                 $(BUILD)/obj/tests/fuzz/replay.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/fuzzers/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/fuzz.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

$(BUILD)/tools/bench-fill: $(BUILD)/obj/tools/bench_fill.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tools/bench-graphs: $(BUILD)/obj/tools/bench_graphs.o $(call object,$(SUPPORT)) $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

$(BUILD)/tools/measure: $(BUILD)/obj/tools/bench/measure.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/tools/check-audit: $(BUILD)/obj/tools/check_audit.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tools/check-sampler: $(call object,$(addprefix tools/,check_sampler.c faults.c law.c probability.c)) $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A locale with a decimal comma, for the tests of number formats; without localedef they are skipped.
$(BUILD)/locale/de_DE.UTF-8:
	@mkdir -p $(@D)
	@localedef -i de_DE -f UTF-8 $@ 2>/dev/null || true

tools: $(TOOLS)

tests: $(TESTS)

unit: tests $(BUILD)/locale/de_DE.UTF-8  ## build and run the unit tests and the cases
	@failed=0; for test in $(TESTS); do \
	    echo "== $$test"; LOCPATH=$(BUILD)/locale $$test || failed=1; done; exit $$failed

cli: all tools  ## run the program as a user would
	@tests/cli/run.sh $(BUILD)

shards: all tools  ## write one output with several processes, also under mpirun
	@tests/shards/run.sh $(BUILD)

spoiled: all tools  ## audit copies of fresh models with one fault each
	@tests/audit/run.sh $(BUILD)

terminal: all tools  ## what the program shows on a terminal
	@python3 tests/terminal/run.py $(BUILD)

readme: all  ## run the examples of README.md and docs/
	@tools/check-docs.py $(BUILD)

strict:  ## build everything with gcc and with clang, warnings as errors
	@echo "== gcc and clang, warnings as errors"
	+@$(AGAIN) -j$(JOBS) CC=gcc BUILD=build/gcc WERROR=-Werror all tests tools
	+@$(AGAIN) -j$(JOBS) CC=clang BUILD=build/clang WERROR=-Werror all tests tools

sanitized:  ## all tests under ASan and UBSan
	@echo "== ASan and UBSan"
	+@$(AGAIN) -j$(JOBS) CC=clang BUILD=build/asan CFLAGS="-O1 -g $(SANITIZE)" all tests tools \
	    $(patsubst %,build/asan/fuzz/%,$(FUZZERS))
	+@$(AGAIN) CC=clang BUILD=build/asan CFLAGS="-O1 -g $(SANITIZE)" unit cli shards replay

FUZZ_SECONDS ?= 60
FUZZ_FLAGS    = -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link

replay: tools $(patsubst %,$(BUILD)/fuzz/%,$(FUZZERS))  ## replay the corpora of the fuzz targets
	@rm -rf $(BUILD)/fuzz/seeds
	@for target in $(FUZZERS); do tests/fuzz/replay.sh $(BUILD) $$target || exit 1; done

fuzz:  ## fuzz each target for FUZZ_SECONDS (clang)
	+@$(AGAIN) -j$(JOBS) CC=clang BUILD=build/fuzz CFLAGS="$(FUZZ_FLAGS)" tools \
	    $(patsubst %,build/fuzz/fuzzers/%,$(FUZZERS))
	@tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS) $(FUZZERS)

hostile: all  ## files made to break it: exit code, error line, time and memory of each
	@python3 -B tests/hostile/run.py $(BUILD)

# Where the public models and the exports lie; both are optional.
PUBLIC  ?= ../shared/corpus/public
EXPORTS ?= ../shared/corpus/exports

corpus: all tools  ## models renamed and trained; public ones against tests/corpus/public.tsv
	@tests/corpus/run.sh $(BUILD) $(PUBLIC) $(EXPORTS)

$(BUILD)/faulty.so: tests/faults/faulty.c
	@mkdir -p $(@D)
	$(CC) -O1 -g -Wall -Wextra -shared -fPIC -o $@ $< -ldl

# FAULTS=--fast leaves out what takes minutes; FAULTS="--table tests/README.md" writes the table there.
faults: all $(BUILD)/faulty.so  ## memory, disk, system calls and signals fail under it
	@python3 -B tests/faults/run.py $(BUILD) $(FAULTS)

# For example make fuzz-campaign EXECUTIONS=100000000 RUN="nice -n 19"
fuzz-campaign:  ## fuzz scan and loader until the log counts EXECUTIONS in all
	@tools/fuzz-campaign.sh $(or $(EXECUTIONS),100000000) scan scan scan load

THREADED = $(addprefix $(BUILD)/tests/test_,apply fill orthogonal save streams threads)

threaded: $(THREADED)
	@set -e; for test in $^; do $$test; done

tsan:  ## the tests that use threads under ThreadSanitizer
	+@$(AGAIN) -j$(JOBS) CC=clang BUILD=build/tsan CFLAGS="-O1 -g -fsanitize=thread" threaded

valgrind: all  ## whole runs under valgrind: no error, no leak
	@tests/faults/valgrind.sh $(BUILD)

analyze:  ## gcc's analyzer, cppcheck and clang-tidy: fails while any finding is left
	+@$(AGAIN) -j$(JOBS) CC=gcc BUILD=build/analyzer WERROR=-Werror \
	    CFLAGS="-O1 -g $(ANALYZER)" SAMPLER= build/analyzer/libonnxwinit.a
	@tools/analyze.sh $(CPPFLAGS)

COVERAGE_FLAGS = BUILD=build/coverage CC=gcc CFLAGS="-O1 -g --coverage -fprofile-update=atomic" \
                 LDFLAGS=--coverage

coverage:  ## lines of src/model that the tests reach; fails below 95 %
	+@$(AGAIN) -j$(JOBS) $(COVERAGE_FLAGS) all tests tools
	@find build/coverage -name '*.gcda' -delete
	+@SANITIZED=1 $(AGAIN) $(COVERAGE_FLAGS) model-tests cli shards hostile replay > build/coverage/log
	@gcovr --root . --filter src/model/ --fail-under-line 95 build/coverage/obj/src/model

model-tests: $(addprefix $(BUILD)/tests/test_,apply cases damage load memory save scan splice streams threads wire)
	@set -e; for test in $^; do $$test; done

# CASES is a word that stands in the rows to break, for example CASES="OP(Conv".
check-tables: export MUTANT_FLAGS = $(CPPFLAGS) -std=c11 -ffp-contract=off -pthread
check-tables: export MUTANT_LIBS = $(LDLIBS)
check-tables: tests  ## break each row of the tables: a case must notice (minutes)
	@tools/check-tables.py $(BUILD) $(CASES)

layers:  ## house rules: who may include whom, who may print or exit, and the form of the sources
	@tools/check-layers.sh
	@clang-format --dry-run --Werror $$(git ls-files '*.c' '*.h') && echo "ok - format"

check: deps  ## all of the above
	+@$(AGAIN) layers
	+@$(AGAIN) strict
	+@$(AGAIN) -j$(JOBS) all tests tools
	+@$(AGAIN) unit cli terminal shards spoiled readme check-install hostile replay
	+@$(AGAIN) faults FAULTS=--fast
	+@$(AGAIN) bits check-power
	+@$(AGAIN) sanitized
	@echo "== everything holds"

check-ecosystem: all tools  ## outputs in onnx.checker and ONNX Runtime (needs the network once)
	@tests/ecosystem/run.sh $(BUILD)

.PHONY: training-curves
CURVES = docs/training/curves
training-curves: all  ## train ten nets from five starts, and draw docs/training.md (20 minutes)
	@tests/ecosystem/training/environment.sh
	@build/venv-training/bin/python tests/ecosystem/training/curves.py $(BUILD)/onnx-winit $(CURVES).json
	@build/venv-training/bin/python tests/ecosystem/training/draw.py $(CURVES).json $(CURVES).svg \
	    docs/training.md README.md

demo:  ## build, and initialise a real export
	@tools/install-deps.sh build
	+@$(AGAIN) -s -j$(JOBS) all
	@tools/demo.sh $(BUILD)

deps:  ## install the Debian packages that are missing
	@tools/install-deps.sh

COMPILED = $(foreach cc,gcc clang,$(foreach level,-O0 -O3,build/bits/$(cc)$(level)))

bits: all tools  ## the same bits from gcc and clang, -O0 and -O3, each CPU level, any number of threads
	@echo "== the same bits everywhere"
	+@for cc in gcc clang; do for level in -O0 -O3; do \
	    build=build/bits/$$cc$$level; $(AGAIN) -j$(JOBS) CC=$$cc CFLAGS=$$level SAMPLER=$$level \
	        BUILD=$$build all $$build/tests/test_golden || exit 1; done; done
	@tests/bits/run.sh $(BUILD) $(COMPILED)

bits-large:  ## the same with orthogonal matrices of 2048 (an hour)
	+@SIZE=large $(AGAIN) bits

bits-foreign:  ## the sampler's pinned bits on aarch64 and s390x (cross compilers and qemu-user)
	@tests/bits/foreign.sh

bench-fill: $(BUILD)/tools/bench-fill  ## measure the sampler's speed on each CPU level
	@$<

bench-graphs: $(BUILD)/tools/bench-graphs  ## measure the time of a plan against the number of nodes
	@$< $(shell find $(wildcard $(PUBLIC) $(EXPORTS)) -name '*.onnx' 2>/dev/null)

SEEDS   ?= 100
TRAINED ?= $(wildcard $(addprefix $(PUBLIC)/,$(file < tests/audit/trained.txt)))

check-audit: all tools $(BUILD)/tools/check-audit  ## measure the false alarms of the audit: schemes, SEEDS, TRAINED models
	@$(BUILD)/tools/check-audit
	@echo; tools/check_fresh.py $(BUILD)/onnx-winit $(BUILD)/tools/text-to-onnx $(SEEDS) $(TRAINED)

check-sampler: $(BUILD)/tools/check-sampler  ## the sampler's laws with 100 million samples a stream (minutes)
	@$<

check-power: $(BUILD)/tools/check-sampler  ## whether those tests find generators with a fault
	@$< --power 3000000

# What takes part is told with BENCH, for example BENCH="--cases kernels,vgg16 --runs 15".
bench: all $(addprefix $(BUILD)/tools/,measure bench-fill bench-graphs)  ## speed and memory against cp, numpy and torch (minutes)
	@$(BUILD)/tools/bench-graphs
	@tools/bench/run.sh $(BUILD) $(BENCH)

include install.mk

format:  ## reformat the sources
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:  ## remove what was built
	rm -rf build

list:  ## these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile install.mk | expand -t 20

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
