// meter.h: how far a run is.
#ifndef OWI_MODEL_METER_H
#define OWI_MODEL_METER_H

#include "onnx_winit.h"

#include <pthread.h>

typedef struct owi_meter {
    owi_progress_function *report; // NULL: nobody wants to know
    void *context;
    uint64_t bytes_total;
    double work_total;
    pthread_mutex_t lock; // of what follows
    uint64_t bytes;
    double work;
    double reported; // when, in seconds
} owi_meter;

// What `bytes` bytes of output, of which a part takes `operations` floating-point operations, cost:
// in bytes that are written.
double owi_meter_work(uint64_t bytes, double operations);

void owi_meter_begin(owi_meter *meter, const owi_write_options *options);

// Adds what has been done. Thread-safe; the report is called by one thread at a time, at most ten
// times a second.
void owi_meter_add(owi_meter *meter, uint64_t bytes, double operations);

void owi_meter_end(owi_meter *meter);

#endif
