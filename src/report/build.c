// build.c: how this library was built, and with what it runs.
#include "fill/cpu.h"
#include "report/report.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <jansson.h>
#include <libsmartcols.h>
#include <pcre2.h>
#include <protobuf-c/protobuf-c.h>
#include <string.h>
#include <xxhash.h>
#include <yaml.h>

static void write_compiler(owi_writer *to) {
#if defined(__clang__)
    owi_writef(to, "compiler   %s\n", __VERSION__);
#else
    owi_writef(to, "compiler   gcc %s\n", __VERSION__);
#endif
}

static void write_cpu(owi_writer *to) {
    owi_writef(to, "cpu        %s, of", owi_cpu_best());
    for (size_t i = 0; owi_cpu_level(i); i++) {
        owi_writef(to, "%s %s", i ? "," : "", owi_cpu_level(i));
    }
    owi_write(to, "\n");
}

static void write_libraries(owi_writer *to) {
    char pcre2[64] = "";
    const char *smartcols = "";
    unsigned hash = XXH_versionNumber();
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    pcre2[strcspn(pcre2, " ")] = '\0'; // then comes its date
    scols_get_library_version(&smartcols);
    owi_writef(to, "libraries  protobuf-c %s, jansson %s, PCRE2 %s, libsmartcols %s,\n",
               protobuf_c_version(), jansson_version_str(), pcre2, smartcols);
    owi_writef(to, "           xxHash %u.%u.%u, libyaml %s\n", hash / 10000, hash / 100 % 100,
               hash % 100, yaml_get_version_string());
}

void owi_build_list(owi_writer *to) {
    write_compiler(to);
    write_cpu(to);
    write_libraries(to);
}
