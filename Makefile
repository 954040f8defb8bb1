# onnx-winit: settings on top; nothing below "targets" needs changing to build it elsewhere.

CC       ?= cc
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
BUILD    ?= build
PROTOC   ?= $(firstword $(shell command -v protoc-c) $(shell command -v protoc))

PACKAGES  = libprotobuf-c jansson libpcre2-8 smartcols libxxhash
WARNINGS  = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wvla $(WERROR)
override CFLAGS   += -std=c11 $(WARNINGS) -fvisibility=hidden -ffp-contract=off -pthread -MMD -MP
override CPPFLAGS += -Iinclude -Isrc -isystem $(BUILD)/proto $(shell pkg-config --cflags $(PACKAGES))
override LDLIBS   += $(shell pkg-config --libs $(PACKAGES)) -lm -pthread

# How the sampler is compiled, whatever CFLAGS say: its speed depends on it, its bits do not.
SAMPLER  ?= -O3 -fno-math-errno -fno-trapping-math

LIBRARY  := $(filter-out src/cli/%,$(wildcard src/*/*.c))
PROGRAM  := $(wildcard src/cli/*.c)
SUPPORT  := $(wildcard tests/support/*.c)
UNITS    := $(wildcard tests/unit/test_*.c)

object    = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
ARCHIVE   = $(BUILD)/libonnxwinit.a
TESTS     = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNITS))

# targets

.PHONY: all
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
	$(CC) $(CPPFLAGS) -O2 -g -c -o $@ $<

$(BUILD)/obj/%.o: %.c | $(BUILD)/proto/onnx.pb-c.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Itests -c -o $@ $<

$(BUILD)/obj/src/fill/%.o: override CFLAGS += $(SAMPLER) $(LEVEL)
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(BUILD)/obj/src/fill/kernels_avx2.o: LEVEL = -mavx2
$(BUILD)/obj/src/fill/kernels_avx512.o: LEVEL = -march=x86-64-v4 -mprefer-vector-width=512
endif

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(call object,$(SUPPORT)) $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

.PHONY: unit
unit: $(TESTS)  ## build and run the unit tests
	@set -e; for test in $(TESTS); do echo "== $$test"; $$test; done

.PHONY: bits
bits:  ## check the sampler's pinned bits with each compiler, without and with optimisation
	@set -e; for cc in gcc clang; do for level in -O0 -O3; do \
	    build=build/bits/$$cc$$level; echo "== $$cc $$level"; \
	    $(MAKE) -s CC=$$cc SAMPLER=$$level BUILD=$$build $$build/tests/test_golden; \
	    $$build/tests/test_golden; done; done

.PHONY: format
format:  ## reformat the sources
	clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean:  ## remove what was built
	rm -rf build

.PHONY: list
list:  ## these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 20

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
