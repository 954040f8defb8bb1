// blocks.h: makes the bytes of a layout and writes them, block by block, by several threads,
// straight into their place.
#ifndef OWI_MODEL_BLOCKS_H
#define OWI_MODEL_BLOCKS_H

#include "model/generator.h"
#include "model/meter.h"
#include "model/output.h"
#include "model/share.h"

// A layout of at least `from` bytes is kept out of the page cache: what lies more than `behind`
// bytes behind is on the disk and forgotten. Writing then goes on at the speed of the disk, and
// neither waits for fresh memory nor for the system's limit of unwritten pages.
typedef struct owi_page_window {
    uint64_t from, behind;
} owi_page_window;

#define OWI_PAGE_WINDOW                                                                            \
    { (uint64_t)2 << 30, (uint64_t)256 << 20 }

typedef struct owi_blocks {
    const owi_model *model;
    const owi_layout *layout;
    const owi_generator *generator;
    const owi_output *output;
    owi_share share; // of the layout: what is written
    owi_page_window window;
    unsigned threads;
    owi_meter *meter;
} owi_blocks;

// Writes the share; to a stream, which takes everything in order, the whole layout.
owi_status owi_blocks_write(const owi_blocks *blocks, owi_error *error);

#endif
