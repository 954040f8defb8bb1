// describe.h: what a model file says about itself.
#ifndef OWI_MODEL_DESCRIBE_H
#define OWI_MODEL_DESCRIBE_H

#include "model/model.h"

// Texts point into the model or the arena and are not escaped.
owi_model_info owi_describe(const owi_model *model, owi_arena *arena);

#endif
