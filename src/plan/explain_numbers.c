// explain_numbers.c: the fans with their formula, and how the spread follows from them.
#include "base/real.h"
#include "plan/explain.h"
#include "plan/rows.h"

#include <inttypes.h>
#include <math.h>

enum { MOST_PARTS = 16, DIGITS = 6 };

static const struct {
    const char *shape, *fan_in, *fan_out;
} layouts[] = {
#define LAYOUT(id, shape, fan_in, fan_out) {shape, fan_in, fan_out},
#include "tables/layouts.def"
#undef LAYOUT
};

static const char *number(owi_arena *arena, double value) {
    char text[OWI_NUMBER_SIZE];
    return owi_arena_printf(arena, "%s", owi_real(text, value, DIGITS));
}

// Attributes that take part in the fans, where they are not 1.
static const char *attributes_of(owi_arena *arena, const owi_node *node) {
    size_t count = 0;
    const int64_t *strides = owi_attribute_integers(node, "strides", &count);
    int64_t group = owi_attribute_integer(node, "group", 1);
    const char *text = group > 1 ? owi_arena_printf(arena, ", group %" PRId64, group) : "";
    bool strided = false;
    for (size_t i = 0; strides && i < count; i++) {
        strided |= strides[i] != 1;
    }
    return strided ? owi_arena_printf(arena, "%s, strides %s", text,
                                      owi_explain_dims(arena, strides, count))
                   : text;
}

static void tell_fans(const owi_planner *planner, const owi_fact *fact, const int64_t *seen,
                      size_t rank, owi_lines *lines) {
    owi_arena *arena = planner->arena;
    const owi_slot *slot = fact->node ? owi_slot_find(fact->node->op->id, fact->input) : NULL;
    if (!fact->part_count || !(fact->fan_in > 0)) {
        return;
    }
    bool known = slot && *layouts[slot->layout].fan_in;
    owi_tell(arena, lines, "fans", "fan_in %s%s%s, fan_out %s%s%s", number(arena, fact->fan_in),
             known ? " = " : "", known ? layouts[slot->layout].fan_in : "",
             number(arena, fact->fan_out), known ? " = " : "",
             known ? layouts[slot->layout].fan_out : "");
    if (known && seen) {
        owi_tell(arena, lines, "", "seen as %s = %s%s", layouts[slot->layout].shape,
                 owi_explain_dims(arena, seen, rank), attributes_of(arena, fact->node));
    }
}

static const char *fan_text(owi_arena *arena, const owi_spec *spec, double in, double out) {
    switch (spec->mode) {
    case OWI_FAN_IN: return number(arena, in);
    case OWI_FAN_OUT: return number(arena, out);
    case OWI_FAN_AVERAGE:
        return owi_arena_printf(arena, "(%s + %s)/2", number(arena, in), number(arena, out));
    case OWI_FAN_NONE: break;
    }
    return "";
}

static const char *fan_name(owi_fan mode) {
    return mode == OWI_FAN_IN ? "fan_in" : mode == OWI_FAN_OUT ? "fan_out" : "(fan_in + fan_out)/2";
}

// What divides the spread besides the fans: "" where nothing does.
static const char *divisors(owi_arena *arena, const owi_fact *fact, const owi_decision *made) {
    const char *text = "";
    if (made->branches > 1) {
        text =
            owi_arena_printf(arena, " / sqrt(%s residual branches)", number(arena, made->branches));
    }
    return fabs(fact->factor) > 0 && fabs(fact->factor) != 1
               ? owi_arena_printf(arena, "%s / %s, the factor on its way", text,
                                  number(arena, fabs(fact->factor)))
               : text;
}

static const char *bound(owi_arena *arena, double value) {
    return isfinite(value) ? number(arena, value) : value < 0 ? "-inf" : "inf";
}

// "std = gain / sqrt(fan_in) = 1.41421 / sqrt(27) = 0.272166".
static const char *spread(owi_arena *arena, const owi_fact *fact, const owi_share *share) {
    const owi_decision *made = &share->made;
    const owi_spec *spec = &made->rule->spec;
    double in = share->part ? share->part->fan_in : fact->fan_in;
    double out = share->part ? share->part->fan_out : fact->fan_out;
    const char *std = number(arena, made->std);
    if (!(in > 0) && !(out > 0)) { // a bias
        in = fact->op_fan_in;
        out = fact->op_fan_out;
    }
    switch (made->distribution) {
    case OWI_DISTRIBUTION_KEEP: return "the values stay";
    case OWI_DISTRIBUTION_CONSTANT:
        return owi_arena_printf(arena, "every value is %s", number(arena, made->value));
    case OWI_DISTRIBUTION_NORMAL:
    case OWI_DISTRIBUTION_TRUNCATED:
    case OWI_DISTRIBUTION_UNIFORM:
    case OWI_DISTRIBUTION_ICNR: break;
    case OWI_DISTRIBUTION_BOUNDED:
        return owi_arena_printf(arena, "std %s of what N(%s, %s^2) has in [%s, %s]%s", std,
                                number(arena, made->bounded.mean), number(arena, made->bounded.std),
                                bound(arena, made->bounded.low), bound(arena, made->bounded.high),
                                divisors(arena, fact, made));
    case OWI_DISTRIBUTION_ORTHOGONAL:
    case OWI_DISTRIBUTION_DELTA_ORTHOGONAL:
        return owi_arena_printf(
            arena, "std = gain / sqrt(longer side) = %s / sqrt(%s) = %s", number(arena, made->gain),
            number(arena, made->gain * made->gain / made->std / made->std), std);
    default: return owi_arena_printf(arena, "std %s", std);
    }
    const char *by = divisors(arena, fact, made);
    const char *law = spec->mode == OWI_FAN_NONE
                          ? owi_arena_printf(arena, "std %s%s", std, by)
                          : owi_arena_printf(arena, "std = gain / sqrt(%s) = %s / sqrt(%s)%s = %s",
                                             fan_name(spec->mode), number(arena, made->gain),
                                             fan_text(arena, spec, in, out), by, std);
    return made->distribution == OWI_DISTRIBUTION_UNIFORM
               ? owi_arena_printf(arena, "%s; uniform in [%s, %s]", law, number(arena, made->low),
                                  number(arena, made->high))
               : law;
}

static const char *place_of(owi_arena *arena, const owi_box *box, const owi_tensor *tensor) {
    const char *text = "";
    for (size_t i = 0; i < tensor->rank; i++) {
        text = owi_arena_printf(arena, "%s%s%" PRId64 ":%" PRId64, text, i ? ", " : "",
                                box->offset[i], box->offset[i] + box->extent[i]);
    }
    return text;
}

static void tell_part(owi_arena *arena, const owi_fact *fact, const owi_share *share,
                      owi_lines *lines, size_t index) {
    owi_tell(arena, lines, index ? "" : "parts", "%s%s[%s] %s: %s",
             share->label ? owi_shown(arena, share->label) : "", share->label ? " " : "",
             place_of(arena, &share->box, fact->tensor), owi_scheme_name(share->made.scheme),
             spread(arena, fact, share));
}

void owi_explain_numbers(const owi_planner *planner, const owi_fact *fact, const owi_row *row,
                         const int64_t *seen, size_t rank, owi_lines *lines) {
    owi_arena *arena = planner->arena;
    tell_fans(planner, fact, seen, rank, lines);
    if (!row->fill) {
        return;
    }
    owi_outcome all = owi_outcome_make(planner, fact);
    if (!row->block_count) {
        owi_tell(arena, lines, "scheme", "%s: %s", row->scheme,
                 spread(arena, fact, &all.shares[0]));
        return;
    }
    for (size_t i = 0; i < all.count && i < MOST_PARTS; i++) {
        tell_part(arena, fact, &all.shares[i], lines, i);
    }
    if (all.count > MOST_PARTS) {
        owi_tell(arena, lines, "", "and %zu more", all.count - MOST_PARTS);
    }
}
