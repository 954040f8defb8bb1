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
        const char *about = rule->name ? owi_names_text(rule->name) : rule->scheme;
        count++;
        *owi_push(planner->arena, warnings) =
            about ? owi_arena_printf(planner->arena, "%s (%s) %s", rule->place, about, why)
                  : owi_arena_printf(planner->arena, "%s %s", rule->place, why);
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
    warn_of_folding(planner, &warnings);
    warn_of_gradients(planner, &warnings);
    return warnings;
}
