# install.mk: libraries, manual and completions, and what `make install` does with them.

BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
BASH_COMPLETIONS ?= $(DATADIR)/bash-completion/completions
ZSH_COMPLETIONS  ?= $(DATADIR)/zsh/site-functions
FISH_COMPLETIONS ?= $(DATADIR)/fish/vendor_completions.d
OBJCOPY    ?= objcopy
SCDOC      ?= scdoc

VERSION := $(shell sed -n 's/^.define OWI_VERSION "\(.*\)"/\1/p' include/onnx_winit.h)
SONAME   = libonnxwinit.so.0
SHARED   = $(BUILD)/lib/libonnxwinit.so.$(VERSION)
STATIC   = $(BUILD)/lib/libonnxwinit.a
PAGES    = $(patsubst man/%.scd,%,$(wildcard man/*.scd))
MANUAL   = $(addprefix $(BUILD)/man/,$(PAGES))
SHELLS   = $(addprefix $(BUILD)/completions/,bash zsh fish)
DESCRIBE = $(BUILD)/tools/describe

.PHONY: lib man completions install uninstall check-install deb wheel check-python
.DELETE_ON_ERROR:

# Programs may rely on what the header declares, and on nothing else: the map says so for the shared
# library; in the static one everything else is made local to its one object.
lib: $(SHARED) $(STATIC) $(BUILD)/lib/onnx-winit.pc  ## build the shared and the static library

$(SHARED): $(ARCHIVE) src/libonnxwinit.map
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,-z,defs \
	    -Wl,--version-script=src/libonnxwinit.map -o $@ \
	    -Wl,--whole-archive $(ARCHIVE) -Wl,--no-whole-archive $(LDLIBS)
	@ln -sf $(notdir $@) $(@D)/$(SONAME) && ln -sf $(SONAME) $(@D)/libonnxwinit.so

$(STATIC): $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) -r -nostdlib -o $(BUILD)/lib/onnxwinit.o -Wl,--whole-archive $<
	$(OBJCOPY) --localize-hidden $(BUILD)/lib/onnxwinit.o
	rm -f $@ && $(AR) rcs $@ $(BUILD)/lib/onnxwinit.o && rm $(BUILD)/lib/onnxwinit.o

# Folders are part of what is installed, so a change of them makes everything anew that knows them.
$(BUILD)/folders: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX) $(LIBDIR) $(INCLUDEDIR) $(DATADIR)' | cmp -s - $@ || \
	    echo '$(PREFIX) $(LIBDIR) $(INCLUDEDIR) $(DATADIR)' > $@
FORCE:

$(BUILD)/obj/src/plan/presets.o: $(BUILD)/folders
$(BUILD)/obj/src/plan/presets.o: override CPPFLAGS += \
	-DOWI_PRESETS='"$(DATADIR)/onnx-winit/presets"'

$(BUILD)/lib/onnx-winit.pc: onnx-winit.pc.in include/onnx_winit.h $(BUILD)/folders
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@PACKAGES@|$(PACKAGES)|' \
	    -e 's|@LIBDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))|' \
	    -e 's|@INCLUDEDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(INCLUDEDIR))|' $< > $@

$(DESCRIBE): $(call object,$(wildcard tools/describe/*.c))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

tools: $(DESCRIBE)

man: $(MANUAL)  ## build the man pages (scdoc)

$(BUILD)/man/%: man/%.scd $(DESCRIBE) tools/describe/functions.awk include/onnx_winit.h
	@mkdir -p $(@D)
	awk -f tools/describe/functions.awk include/onnx_winit.h > $@.functions
	sed -e '/^@FUNCTIONS@$$/{r $@.functions' -e 'd}' $< | $(DESCRIBE) manual > $@.scd
	$(SCDOC) < $@.scd > $@
	@rm $@.scd $@.functions

completions: $(SHELLS)  ## make the completions for bash, zsh and fish

$(BUILD)/completions/%: $(DESCRIBE)
	@mkdir -p $(@D)
	$< $* > $@

# FILE:MODE:PLACE of all that is installed, and by the same list taken away.
INSTALLED = $(BUILD)/onnx-winit:755:$(BINDIR)/onnx-winit \
    $(SHARED):644:$(LIBDIR)/$(notdir $(SHARED)) \
    $(STATIC):644:$(LIBDIR)/libonnxwinit.a \
    $(BUILD)/lib/onnx-winit.pc:644:$(LIBDIR)/pkgconfig/onnx-winit.pc \
    include/onnx_winit.h:644:$(INCLUDEDIR)/onnx_winit.h \
    $(foreach file,$(wildcard presets/*.yaml),$(file):644:$(DATADIR)/onnx-winit/$(file)) \
    $(foreach page,$(PAGES),$(BUILD)/man/$(page):644:$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(page)) \
    $(BUILD)/completions/bash:644:$(BASH_COMPLETIONS)/onnx-winit \
    $(BUILD)/completions/zsh:644:$(ZSH_COMPLETIONS)/_onnx-winit \
    $(BUILD)/completions/fish:644:$(FISH_COMPLETIONS)/onnx-winit.fish

# The loader is told of the library unless this only fills a package.
install: all lib man completions  ## install everything under DESTDIR and PREFIX
	@for item in $(INSTALLED); do \
	    IFS=:; set -- $$item; install -D -m $$2 $$1 "$(DESTDIR)$$3" || exit 1; done
	@ln -sf $(notdir $(SHARED)) $(DESTDIR)$(LIBDIR)/$(SONAME)
	@ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libonnxwinit.so
	@[ -n "$(DESTDIR)" ] || ldconfig 2> /dev/null || true

uninstall:  ## take away what `make install` installed, with the same DESTDIR and PREFIX
	@for item in $(INSTALLED); do IFS=:; set -- $$item; rm -f "$(DESTDIR)$$3"; done
	@rm -f $(DESTDIR)$(LIBDIR)/$(SONAME) $(DESTDIR)$(LIBDIR)/libonnxwinit.so
	@rm -rf $(DESTDIR)$(DATADIR)/onnx-winit

check-install: all tools lib man completions  ## install into a folder, use it from there, uninstall
	@tests/install/run.sh $(BUILD)

# DEB_BUILD_OPTIONS=nocheck: what `make check` tests is not tested again; that the packaged program
# makes the same bytes is.
deb: all  ## build the Debian packages in build/deb and check them with lintian
	@rm -rf build/deb && mkdir -p build/deb/onnx-winit-$(VERSION)
	@test "$$(dpkg-parsechangelog -S Version)" = $(VERSION)
	@git ls-files -z | xargs -0 cp --parents -t build/deb/onnx-winit-$(VERSION)
	@cd build/deb/onnx-winit-$(VERSION) && DEB_BUILD_OPTIONS=nocheck \
	    dpkg-buildpackage -us -uc -b -j$(JOBS) > ../build.log 2>&1 || { tail -30 ../build.log; exit 1; }
	@lintian --fail-on error,warning --display-info --allow-root build/deb/*.changes
	@for package in build/deb/*.deb; do dpkg-deb -x $$package build/deb/root; done
	@build/deb/root/usr/bin/onnx-winit tests/models/unet.train.onnx -o build/deb/packaged.onnx
	@$(BUILD)/onnx-winit tests/models/unet.train.onnx -o - | cmp - build/deb/packaged.onnx
	@ls build/deb/*.deb

wheel: lib  ## build the Python wheel, with the library in it, in build/wheel (needs the network once)
	@python/build.sh $(BUILD)

check-python: all wheel  ## test the wheel in an environment of its own
	@python/check.sh $(BUILD)
