// How far a run says it is.
#include "model/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void keep(void *context, const owi_progress *progress) {
    *(owi_progress *)context = *progress;
}

// Adds to the meter as if nobody had been told for long.
static owi_progress after(owi_meter *meter, uint64_t bytes, double operations) {
    owi_progress *told = meter->context;
    meter->reported = -1;
    owi_meter_add(meter, bytes, operations);
    return *told;
}

static void test_operations_count_beside_bytes(void **state) {
    (void)state;
    enum { BYTES = 1000 };
    const double operations = BYTES / owi_meter_work(0, 1); // that take as long as the bytes
    owi_progress told;
    owi_write_options options = {.progress = keep, .progress_context = &told};
    owi_meter meter;
    owi_meter_begin(&meter, &options);
    meter.bytes_total = BYTES;
    meter.work_total = owi_meter_work(BYTES, operations);
    told = after(&meter, BYTES / 2, 0);
    assert_int_equal(told.bytes, BYTES / 2);
    assert_int_equal(told.bytes_total, BYTES);
    assert_float_equal(told.share, 0.25, 1e-9);
    told = after(&meter, BYTES / 2, 0);
    assert_float_equal(told.share, 0.5, 1e-9);
    told = after(&meter, 0, operations);
    assert_float_equal(told.share, 1, 1e-9);
    owi_meter_end(&meter);
}

// Cores of every level were measured between these.
static void test_operations_of_a_byte(void **state) {
    (void)state;
    assert_in_range((unsigned)(1 / owi_meter_work(0, 1) + 0.5), 18, 22);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations_count_beside_bytes),
        cmocka_unit_test(test_operations_of_a_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
