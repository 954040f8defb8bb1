// regroup.c: a strided box under Reshape: which axes of the output stand for which of the input.
#include "graph/view.h"

static bool is_whole(const owi_view_axis *axis, int64_t size) {
    return axis->at == 0 && axis->extent == size;
}

// Axes [from, to) of a piece as one: possible when they are whole and their strides run on.
static bool merge_axes(const owi_view_axis *axes, const int64_t *dims, size_t from, size_t to,
                       owi_view_axis *merged) {
    bool begun = false;
    *merged = (owi_view_axis){0, 1, 0};
    for (size_t i = to; i-- > from;) {
        int64_t run;
        if (dims[i] == 1) {
            continue;
        }
        if (!begun) {
            *merged = axes[i];
            begun = true;
            continue;
        }
        if (!is_whole(merged, owi_extent(dims, i + 1, to)) ||
            __builtin_mul_overflow(merged->stride, merged->extent, &run) || axes[i].stride != run) {
            return false;
        }
        merged->at = axes[i].at * merged->extent;
        merged->extent =
            axes[i].extent == OWI_UNKNOWN ? OWI_UNKNOWN : axes[i].extent * merged->extent;
    }
    return true;
}

// One axis as axes [from, to) of the output; only the outermost may be cut.
static bool split_axis(const owi_view_axis *axis, const int64_t *dims, size_t from, size_t to,
                       owi_view_axis *axes) {
    owi_view_axis rest = *axis;
    size_t outermost = from;
    while (outermost + 1 < to && dims[outermost] == 1) {
        outermost++;
    }
    for (size_t i = to; i-- > from;) {
        if (i == outermost) {
            axes[i] = rest;
            continue;
        }
        if (dims[i] == 1) {
            axes[i] = (owi_view_axis){0, 1, 0};
            continue;
        }
        if (dims[i] <= 0 || rest.extent == OWI_UNKNOWN || rest.at % dims[i] ||
            rest.extent % dims[i]) {
            return false;
        }
        axes[i] = (owi_view_axis){0, dims[i], rest.stride};
        rest.at /= dims[i];
        rest.extent /= dims[i];
        if (__builtin_mul_overflow(rest.stride, dims[i], &rest.stride)) {
            return false;
        }
    }
    return true;
}

bool owi_piece_regroup(const owi_piece *piece, const int64_t *in, size_t in_rank,
                       const int64_t *out, size_t out_rank, owi_view_axis *axes) {
    size_t a = in_rank, b = out_rank;
    while (a > 0 || b > 0) {
        size_t a_end = a, b_end = b;
        int64_t left = 1, right = 1;
        if (a > 0 && b > 0 && (in[a - 1] == OWI_UNKNOWN || out[b - 1] == OWI_UNKNOWN)) {
            break;
        }
        left = a > 0 ? in[--a] : 1;
        right = b > 0 ? out[--b] : 1;
        while (left != right) {
            bool grow_left = left < right;
            size_t *side = grow_left ? &a : &b;
            int64_t next = *side == 0 ? OWI_UNKNOWN : (grow_left ? in : out)[*side - 1];
            int64_t *total = grow_left ? &left : &right;
            if (next == OWI_UNKNOWN || next < 0 || __builtin_mul_overflow(*total, next, total) ||
                (*total == 0)) {
                return false;
            }
            (*side)--;
        }
        while (a > 0 && in[a - 1] == 1 && (b == 0 || out[b - 1] != 1)) {
            a--;
        }
        while (b > 0 && out[b - 1] == 1 && (a == 0 || in[a - 1] != 1)) {
            b--;
        }
        owi_view_axis merged;
        if (!merge_axes(piece->axes, in, a, a_end, &merged) ||
            (b < b_end && !split_axis(&merged, out, b, b_end, axes))) {
            return false;
        }
    }
    for (size_t i = 0; i < a; i++) {
        if (piece->axes[i].stride != 0) {
            return false;
        }
    }
    for (size_t i = 0; i < b; i++) {
        axes[i] = (owi_view_axis){0, out[i], 0};
    }
    return true;
}
