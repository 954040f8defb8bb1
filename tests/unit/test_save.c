// Saving: the bytes of the layout wherever blocks begin and end, and an output that is absent, old,
// or new and whole.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/generator.h"
#include "support/models.h"

static owi_model *check_opens(const bytes *file) {
    owi_model *model;
    owi_error error;
    if (open_bytes(file, &model, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    return model;
}

// The model of `file` with every initializer filled: number i makes initializer i.
static owi_layout filled(owi_model *model, const uint64_t *lengths, const size_t *numbers,
                         size_t count) {
    owi_splice *splice = owi_splice_new(model);
    for (size_t i = 0; i < count; i++) {
        const Onnx__TensorProto *tensor = model->proto->graph->initializer[i];
        splice_fill(splice, owi_record_of(model, &tensor->base), lengths[i], numbers[i]);
    }
    owi_layout layout;
    assert_int_equal(owi_splice_layout(splice, OWI_LIMIT_MESSAGE, &layout, NULL), OWI_OK);
    return layout;
}

static owi_layout unchanged(owi_model *model) {
    return filled(model, NULL, NULL, 0);
}

static owi_status save_with(owi_model *model, const owi_layout *layout, const char *path,
                            unsigned flags, unsigned threads, owi_error *error) {
    owi_write_options write = OWI_WRITE_INIT;
    write.flags = flags;
    owi_save_options options = {.threads = threads, .window = OWI_PAGE_WINDOW, .write = &write};
    owi_file file = {path, layout};
    return owi_save(model, &file, 1, &fake_generator, &options, error);
}

static owi_status save(owi_model *model, const owi_layout *layout, const char *path, unsigned flags,
                       owi_error *error) {
    return save_with(model, layout, path, flags, 2, error);
}

static void check_saved(const char *path, const bytes *expected) {
    bytes got = read_file(path);
    assert_int_equal(got.length, expected->length);
    assert_memory_equal(got.data, expected->data, got.length);
    bytes_free(&got);
}

static size_t files_in_folder(void) {
    size_t count = 0;
    DIR *listing = opendir(test_path("."));
    while (readdir(listing)) {
        count++;
    }
    closedir(listing);
    return count;
}

// ---- system calls that fail ----

// These stand in for the C library's. `fail_at` counts down to the call that fails (0: none);
// `clumsy` interrupts every other call and moves few bytes; `plain` hides what is special to Linux.
static int fail_at;
static bool clumsy, plain;

static bool fails(void) {
    errno = EIO;
    return fail_at && __atomic_sub_fetch(&fail_at, 1, __ATOMIC_SEQ_CST) == 0;
}

static bool interrupts(size_t *length) {
    static int calls;
    *length = clumsy && *length > 1000 ? 1000 : *length;
    errno = EINTR;
    return clumsy && __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) % 2;
}

ssize_t pread(int fd, void *into, size_t length, off_t offset) {
    return fails() || interrupts(&length) ? -1 : syscall(SYS_pread64, fd, into, length, offset);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t offset) {
    return fails() || interrupts(&length) ? -1 : syscall(SYS_pwrite64, fd, from, length, offset);
}

int fsync(int fd) {
    return fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int linkat(int from, const char *old, int to, const char *name, int flags) {
    return fails() ? -1 : (int)syscall(SYS_linkat, from, old, to, name, flags);
}

int renameat2(int from, const char *old, int to, const char *name, unsigned flags) {
    if (plain && flags) {
        errno = EINVAL;
        return -1;
    }
    return fails() ? -1 : (int)syscall(SYS_renameat2, from, old, to, name, flags);
}

int access(const char *path, int mode) {
    if (plain && strcmp(path, "/proc/self/fd") == 0) {
        errno = ENOENT;
        return -1;
    }
    return (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

// ---- bytes ----

// Tensors of these lengths, with `padding` bytes of name before them; made parts from `input`.
static bytes several(const uint64_t *lengths, const size_t *numbers, size_t count, size_t padding,
                     bool made) {
    bytes graph = {0};
    for (size_t i = 0; i < count; i++) {
        char name[64] = {0};
        memset(name, (int)('a' + i), 1 + padding % 60);
        bytes tensor = {0};
        put_number(&tensor, 1, lengths[i]);
        put_number(&tensor, 2, OWI_DTYPE_INT8);
        put_text(&tensor, 8, name);
        if (made) {
            put_fake(&tensor, numbers[i], (size_t)lengths[i]);
        }
        put_message(&graph, 5, &tensor);
    }
    return model_of(&graph);
}

static void check_lengths(const uint64_t *lengths, const size_t *numbers, size_t count,
                          size_t padding, unsigned threads) {
    bytes input = several(lengths, numbers, count, padding, false);
    bytes expected = several(lengths, numbers, count, padding, true);
    owi_model *model = check_opens(&input);
    owi_layout layout = filled(model, lengths, numbers, count);
    const char *path = test_path("out.onnx");
    owi_error error;
    unlink(path);
    if (save_with(model, &layout, path, 0, threads, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    check_saved(path, &expected);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

enum { BLOCK = 1 << 20 };

static void test_blocks(void **state) {
    (void)state;
    static const size_t numbers[] = {0, 1, 2, 3, 4};
    for (size_t padding = 0; padding < 9; padding++) { // every place within the grain
        check_lengths((uint64_t[]){BLOCK + 3, 5, 0, 2 * BLOCK + 1, 17}, numbers, 5, padding, 3);
    }
    check_lengths((uint64_t[]){7}, numbers, 1, 0, 64);
    check_lengths((uint64_t[]){3 * BLOCK}, numbers, 1, 5, 1);
    for (uint64_t around = BLOCK - 60; around < BLOCK + 10; around += 3) { // ends beside a boundary
        check_lengths((uint64_t[]){around, 9}, numbers, 2, 0, 2);
    }
}

static void test_whole_tensors(void **state) {
    (void)state;
    // A tensor that is made as a whole has its length as its number.
    check_lengths((uint64_t[]){2000}, (size_t[]){2000}, 1, 0, 2);
    check_lengths((uint64_t[]){300, 2 * BLOCK + 77, 3, 1500, 40},
                  (size_t[]){1, 2 * BLOCK + 77, 2, 1500, 3}, 5, 11, 3);
    check_lengths((uint64_t[]){BLOCK, BLOCK + 1}, (size_t[]){BLOCK, BLOCK + 1}, 2, 0, 2);
}

static void test_copy(void **state) {
    (void)state;
    bytes tensor = make_typed(OWI_DTYPE_INT8, 3 * BLOCK + 5);
    put_fake(&tensor, 9, 3 * BLOCK + 5);
    bytes input = with_initializer(tensor);
    owi_model *model = check_opens(&input);
    owi_layout layout = unchanged(model);
    unlink(test_path("copy.onnx"));
    assert_int_equal(save(model, &layout, test_path("copy.onnx"), OWI_SYNC, NULL), OWI_OK);
    check_saved(test_path("copy.onnx"), &input);
    bytes_free(&input);
    owi_model_close(model);
}

// ---- where it goes ----

static void expect_usage(owi_model *model, const char *path, unsigned flags, const char *text) {
    owi_layout layout = unchanged(model);
    owi_error error;
    assert_int_equal(save(model, &layout, path, flags, &error), OWI_USAGE);
    if (!strstr(error.text, text)) {
        fail_msg("expected \"%s\", got \"%s\"", text, error.text);
    }
}

static void test_existing(void **state) {
    (void)state;
    bytes input = with_initializer(make_tensor("w"));
    owi_model *model = check_opens(&input);
    const char *path = test_path("old.onnx");
    write_file(path, "old", 3);
    size_t files = files_in_folder();
    expect_usage(model, path, 0, "old.onnx: exists");
    check_saved(path, &(bytes){(uint8_t[]){'o', 'l', 'd'}, 3, 3});
    owi_layout layout = unchanged(model);
    assert_int_equal(save(model, &layout, path, OWI_REPLACE, NULL), OWI_OK);
    check_saved(path, &input);
    assert_int_equal(files_in_folder(), files);
    struct stat status;
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0666 & ~mask);
    unlink(path);
    assert_int_equal(save(model, &layout, path, OWI_REPLACE, NULL), OWI_OK); // nothing to replace
    check_saved(path, &input);
    bytes_free(&input);
    owi_model_close(model);
}

static void test_input_itself(void **state) {
    (void)state;
    bytes tensor = make_tensor("w"), pair = make_entry("location", "w.bin");
    put_message(&tensor, 13, &pair);
    put_number(&tensor, 14, 1);
    bytes input = with_initializer(tensor);
    owi_model *model = check_opens(&input);
    const char *path = test_path("model.onnx"), *hard = test_path("hard.onnx");
    const char *soft = test_path("soft.onnx"), *data = test_path("w.bin");
    assert_int_equal(link(path, hard) | symlink("model.onnx", soft), 0);
    write_file(data, "weights", 7);
    expect_usage(model, path, OWI_REPLACE, "model.onnx: is the input itself");
    expect_usage(model, hard, OWI_REPLACE, "hard.onnx: is the input itself");
    expect_usage(model, soft, OWI_REPLACE, "soft.onnx: is the input itself");
    expect_usage(model, data, OWI_REPLACE, "w.bin: holds values of the input");
    unlink(soft);
    assert_int_equal(symlink("nowhere", soft), 0);
    expect_usage(model, soft, OWI_REPLACE, "soft.onnx: is a symbolic link that leads nowhere");
    unlink(soft);
    write_file(test_path("other"), "other", 5);
    assert_int_equal(symlink("other", soft), 0);
    expect_usage(model, soft, OWI_REPLACE, "soft.onnx: is a symbolic link");
    expect_usage(model, test_path("."), OWI_REPLACE, "is not a regular file");
    expect_usage(model, test_path(""), OWI_REPLACE, "names no file");
    check_saved(path, &input);
    check_saved(data, &(bytes){(uint8_t *)"weights", 7, 7});
    bytes_free(&input);
    owi_model_close(model);
}

static void test_no_folder(void **state) {
    (void)state;
    bytes input = with_initializer(make_tensor("w"));
    owi_model *model = check_opens(&input);
    owi_layout layout = unchanged(model);
    owi_error error;
    assert_int_equal(save(model, &layout, test_path("no/out.onnx"), 0, &error), OWI_SYSTEM);
    assert_non_null(strstr(error.text, "no/out.onnx: cannot be written: No such file"));
    assert_int_equal(save(model, &layout, test_path("model.onnx/out"), 0, &error), OWI_SYSTEM);
    assert_non_null(strstr(error.text, "cannot be written: Not a directory"));
    bytes_free(&input);
    owi_model_close(model);
}

// ---- streams ----

typedef struct reader {
    const char *path;
    bytes got;
} reader;

static void *read_pipe(void *context) {
    reader *task = context;
    task->got = read_file(task->path);
    return NULL;
}

static void test_pipe(void **state) {
    (void)state;
    uint64_t lengths[] = {BLOCK + 5, 2000, 9};
    size_t numbers[] = {1, 2000, 2};
    bytes input = several(lengths, numbers, 3, 3, false);
    bytes expected = several(lengths, numbers, 3, 3, true);
    owi_model *model = check_opens(&input);
    owi_layout layout = filled(model, lengths, numbers, 3);
    reader task = {.path = test_path("pipe")};
    pthread_t thread;
    assert_int_equal(mkfifo(task.path, 0600), 0);
    assert_int_equal(pthread_create(&thread, NULL, read_pipe, &task), 0);
    assert_int_equal(save(model, &layout, task.path, 0, NULL), OWI_OK);
    pthread_join(thread, NULL);
    assert_int_equal(task.got.length, expected.length);
    assert_memory_equal(task.got.data, expected.data, expected.length);
    assert_int_equal(save(model, &layout, "/dev/null", 0, NULL), OWI_OK);
    struct stat status;
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    owi_error error;
    assert_int_equal(save(model, &layout, "/dev/full", 0, &error), OWI_SYSTEM);
    assert_string_equal(error.text, "/dev/full: cannot be written: No space left on device");
    bytes_free(&task.got);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

// ---- failures ----

// Whatever fails, nothing is left and the old file stands.
static void test_failures(void **state) {
    (void)state;
    uint64_t lengths[] = {FAKE_WHOLE, 5};
    size_t numbers[] = {FAKE_WHOLE, 1}; // making this one fails
    bytes input = several(lengths, numbers, 2, 0, false);
    owi_model *model = check_opens(&input);
    owi_layout layout = filled(model, lengths, numbers, 2);
    owi_error error;
    const char *path = test_path("kept.onnx"), *fresh = test_path("fresh.onnx");
    write_file(path, "old", 3);
    size_t files = files_in_folder();
    assert_int_equal(save(model, &layout, path, OWI_REPLACE, &error), OWI_SYSTEM);
    assert_string_equal(error.text, "no such luck");
    assert_int_equal(save(model, &layout, fresh, 0, &error), OWI_SYSTEM);
    check_saved(path, &(bytes){(uint8_t *)"old", 3, 3});
    assert_int_equal(access(fresh, F_OK), -1);
    assert_int_equal(files_in_folder(), files);
    bytes_free(&input);
    owi_model_close(model);
}

// Each call fails once, until a run gets by without a failure.
static void test_every_call(void **state) {
    (void)state;
    uint64_t lengths[] = {2000, 500};
    size_t numbers[] = {2000, 1};
    bytes input = several(lengths, numbers, 2, 0, false);
    bytes expected = several(lengths, numbers, 2, 0, true);
    owi_model *model = check_opens(&input);
    owi_layout layout = filled(model, lengths, numbers, 2);
    for (int round = 0; round < 4; round++) {
        bool replace = round & 1;
        owi_status status = OWI_SYSTEM;
        plain = round & 2;
        for (int call = 1; status != OWI_OK; call++) {
            const char *path = test_path("each.onnx");
            owi_error error = {OWI_OK, ""};
            unlink(path);
            if (replace) {
                write_file(path, "old", 3);
            }
            size_t files = files_in_folder();
            fail_at = call;
            status = save(model, &layout, path, OWI_SYNC | (replace ? OWI_REPLACE : 0), &error);
            fail_at = 0;
            if (status == OWI_OK) {
                check_saved(path, &expected);
                assert_int_equal(files_in_folder(), files + !replace);
                assert_true(call > 8); // reads, writes, two flushes, a link or two
                continue;
            }
            assert_non_null(strstr(error.text, "Input/output error"));
            if (strstr(error.text, "flushed")) { // the folder, after all was done
                check_saved(path, &expected);
            } else {
                assert_int_equal(files_in_folder(), files);
                assert_int_equal(access(path, F_OK), replace ? 0 : -1);
            }
        }
    }
    plain = false;
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

// Of two files the first is there before the last, and goes again when the last does not come.
static void test_every_call_of_two(void **state) {
    (void)state;
    uint64_t lengths[] = {2000, 500};
    size_t numbers[] = {2000, 1};
    bytes input = several(lengths, numbers, 2, 0, false);
    bytes expected = several(lengths, numbers, 2, 0, true);
    owi_model *model = check_opens(&input);
    owi_layout layout = filled(model, lengths, numbers, 2), copy = unchanged(model);
    char first[512], last[512]; // test_path keeps no more than 16
    snprintf(first, sizeof first, "%s", test_path("first.data"));
    snprintf(last, sizeof last, "%s", test_path("last.onnx"));
    owi_file files[] = {{first, &layout}, {last, &copy}};
    for (int round = 0; round < 4; round++) {
        bool replace = round & 1;
        owi_status status = OWI_SYSTEM;
        plain = round & 2;
        for (int call = 1; status != OWI_OK; call++) {
            owi_write_options write = OWI_WRITE_INIT;
            owi_save_options options = {.threads = 2, .window = OWI_PAGE_WINDOW, .write = &write};
            owi_error error = {OWI_OK, ""};
            write.flags = OWI_SYNC | (replace ? OWI_REPLACE : 0);
            unlink(first);
            unlink(last);
            if (replace) {
                write_file(last, "old", 3);
            }
            size_t files_before = files_in_folder();
            fail_at = call;
            status = owi_save(model, files, 2, &fake_generator, &options, &error);
            fail_at = 0;
            bytes got = access(last, F_OK) == 0 ? read_file(last) : (bytes){0};
            if (got.length > 3) { // it is there: so is what it refers to
                check_saved(first, &expected);
                check_saved(last, &input);
            } else {
                assert_int_equal(got.length, replace ? 3 : 0);
                assert_int_equal(files_in_folder(), files_before);
            }
            bytes_free(&got);
        }
        check_saved(first, &expected);
    }
    plain = false;
    unlink(first);
    unlink(last);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

static void test_clumsy(void **state) {
    (void)state;
    clumsy = true;
    check_lengths((uint64_t[]){20000, 30000, 7}, (size_t[]){1, 30000, 2}, 3, 5, 2);
    test_copy(state);
    clumsy = false;
}

static void test_plain(void **state) {
    plain = true;
    test_existing(state);
    test_failures(state);
    test_copy(state);
    plain = false;
}

static void test_shrunk_input(void **state) {
    (void)state;
    bytes tensor = make_typed(OWI_DTYPE_INT8, 2 * BLOCK);
    put_fake(&tensor, 9, 2 * BLOCK);
    bytes input = with_initializer(tensor);
    owi_model *model = check_opens(&input);
    owi_layout layout = unchanged(model);
    owi_error error;
    assert_int_equal(truncate(test_path("model.onnx"), BLOCK), 0);
    assert_int_equal(save(model, &layout, test_path("short.onnx"), 0, &error), OWI_INPUT);
    assert_non_null(strstr(error.text, "it changed while it was read"));
    assert_int_equal(access(test_path("short.onnx"), F_OK), -1);
    bytes_free(&input);
    owi_model_close(model);
}

// A file system without room for the output.
static void test_no_room(void **state) {
    (void)state;
    bytes tensor = make_typed(OWI_DTYPE_INT8, 2 * BLOCK), input = with_initializer(tensor);
    owi_model *model = check_opens(&input);
    uint64_t length = 2 * BLOCK;
    owi_layout layout = filled(model, &length, (size_t[]){1}, 1);
    struct rlimit before, small = {BLOCK, BLOCK};
    owi_error error;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    owi_status status = save(model, &layout, test_path("large.onnx"), 0, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, OWI_SYSTEM);
    assert_non_null(strstr(error.text, "large.onnx: cannot be written: File too large"));
    assert_int_equal(access(test_path("large.onnx"), F_OK), -1);
    bytes_free(&input);
    owi_model_close(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),       cmocka_unit_test(test_whole_tensors),
        cmocka_unit_test(test_copy),         cmocka_unit_test(test_existing),
        cmocka_unit_test(test_input_itself), cmocka_unit_test(test_no_folder),
        cmocka_unit_test(test_pipe),         cmocka_unit_test(test_failures),
        cmocka_unit_test(test_shrunk_input), cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_every_call),   cmocka_unit_test(test_every_call_of_two),
        cmocka_unit_test(test_clumsy),       cmocka_unit_test(test_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
