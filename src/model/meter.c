#include "model/meter.h"

#include <time.h>

// Operations on large matrices that a core does in the time that a byte takes to be drawn and
// written. One figure for all: vectors make both faster, and shards of one job share out by it,
// whatever machines they are on. Measured, thousand million operations over bytes a second:
//     Zen 4: 25 / 1.38 = 18 (SSE2), 51 / 2.43 = 21 (AVX2), 72 / 3.30 = 22 (AVX-512)
//     Zen 1: 20 / 1.11 = 18 (AVX2; tools/bench/scale.py tells it for any machine)
static const double OPERATIONS_PER_BYTE = 20;

static const double INTERVAL = 0.1; // seconds between two reports

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double owi_meter_work(uint64_t bytes, double operations) {
    return (double)bytes + operations / OPERATIONS_PER_BYTE;
}

void owi_meter_begin(owi_meter *meter, const owi_write_options *options) {
    *meter = (owi_meter){
        .report = options->progress, .context = options->progress_context, .reported = now()};
    pthread_mutex_init(&meter->lock, NULL);
}

void owi_meter_add(owi_meter *meter, uint64_t bytes, double operations) {
    if (!meter->report) {
        return;
    }
    pthread_mutex_lock(&meter->lock);
    meter->bytes += bytes;
    meter->work += owi_meter_work(bytes, operations);
    double time = now();
    if (time - meter->reported >= INTERVAL) {
        meter->reported = time;
        owi_progress progress = {meter->bytes, meter->bytes_total, meter->work / meter->work_total};
        meter->report(meter->context, &progress);
    }
    pthread_mutex_unlock(&meter->lock);
}

void owi_meter_end(owi_meter *meter) {
    pthread_mutex_destroy(&meter->lock);
}
