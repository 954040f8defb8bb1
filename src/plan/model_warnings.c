// model_warnings.c: what is to be said about the model as a whole.
#include "plan/rows.h"

static size_t warn_of_rules(const owi_planner *planner, owi_texts *warnings) {
    size_t count = 0;
    for (size_t i = 0; i < planner->wishes.rules.count; i++) {
        const owi_rule *rule = &planner->wishes.rules.items[i];
        if (rule->used || rule->policy) {
            continue;
        }
        const char *why = rule->barred
                              ? "fits constants only, which have to be called by their full name"
                              : "decides nothing: no tensor fits, or earlier rules took them all";
        const char *about = rule->name ? owi_names_text(rule->name, 0) : rule->scheme;
        count++;
        *owi_push(planner->arena, warnings) =
            about ? owi_arena_printf(planner->arena, "%s (%s) %s", rule->place, about, why)
                  : owi_arena_printf(planner->arena, "%s %s", rule->place, why);
    }
    return count;
}

static bool fits_a_tensor(const owi_planner *planner, const owi_names *names, size_t index) {
    for (size_t i = 0; i < planner->facts.count; i++) {
        if (owi_names_fits(names, index, planner->facts.items[i].tensor->name)) {
            return true;
        }
    }
    return false;
}

static bool fits_an_input(const owi_planner *planner, const owi_names *names, size_t index) {
    for (size_t i = 0; i < planner->graph->inputs.count; i++) {
        if (owi_names_fits(names, index, planner->graph->inputs.items[i]->name)) {
            return true;
        }
    }
    return false;
}

// --keep and its kin: a pattern that fits nothing is a mistake, too.
static size_t warn_of_patterns(const owi_planner *planner, owi_texts *warnings) {
    const owi_wishes *wishes = &planner->wishes;
    const struct {
        const char *option;
        const owi_names *names;
        bool of_inputs;
    } lists[] = {{"--keep", wishes->keep, false},
                 {"--only", wishes->only, false},
                 {"--freeze", wishes->freeze, false},
                 {"--promote", wishes->promote, true}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const owi_names *names = lists[i].names;
        for (size_t k = 0; names && owi_names_text(names, k); k++) {
            bool fits = lists[i].of_inputs ? fits_an_input(planner, names, k)
                                           : fits_a_tensor(planner, names, k);
            if (!fits) {
                count++;
                *owi_push(planner->arena, warnings) =
                    owi_arena_printf(planner->arena, "%s %zu (%s) fits no %s", lists[i].option,
                                     k + 1, owi_shown(planner->arena, owi_names_text(names, k)),
                                     lists[i].of_inputs ? "input of the graph" : "tensor");
            }
        }
    }
    return count;
}

// Exporters fold BatchNormalization into the convolution before it unless told not to; what is left
// is a deep residual net of convolutions with biases and not one norm.
static void warn_of_folding(const owi_planner *planner, owi_texts *warnings) {
    const owi_residuals *residuals = &planner->facts.residuals;
    size_t kernels = 0, biases = 0;
    for (size_t i = 0; i < planner->facts.count; i++) {
        const owi_fact *fact = &planner->facts.items[i];
        bool conv = fact->node && fact->node->op->signal == OWI_SIGNAL_WEIGHTED;
        kernels += fact->role == OWI_ROLE_CONV_WEIGHT;
        biases += conv && fact->role == OWI_ROLE_BIAS;
    }
    if (residuals->sums >= 2 && !residuals->norms && kernels && biases * 2 >= kernels) {
        *owi_push(planner->arena, warnings) =
            "a residual net of convolutions without norms: if batch normalisation was folded into "
            "them, export in training mode to keep it";
    }
}

static void warn_of_gradients(const owi_planner *planner, owi_texts *warnings) {
    if (planner->facts.has_gradients) {
        *owi_push(planner->arena, warnings) =
            "operators unknown here use weights that are inputs, as in a training graph: they stay "
            "inputs and whoever trains feeds them; initialise the forward model";
    }
}

owi_texts owi_warn_of_model(const owi_planner *planner, size_t *unused_rules) {
    owi_texts warnings = {0};
    *unused_rules = warn_of_rules(planner, &warnings); // first: --strict shows the first
    *unused_rules += warn_of_patterns(planner, &warnings);
    warn_of_folding(planner, &warnings);
    warn_of_gradients(planner, &warnings);
    return warnings;
}
