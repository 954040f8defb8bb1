// guard.h: the edge of the library, where an exhausted arena comes back to.
//
//     owi_status owi_something(owi_model *model, ..., owi_error *error) {
//         OWI_GUARD(&model->arena, error);
//         owi_status status = something(model, ..., error);
//         OWI_UNGUARD(&model->arena);
//         return status;
//     }
//
// One guarded call for each function, which does nothing else: what lies between the two must hold
// nothing that the arena does not own, and must not return.
#ifndef OWI_MODEL_GUARD_H
#define OWI_MODEL_GUARD_H

#include "base/status.h"

// Makes the calling function return OWI_SYSTEM, or OWI_UNSUPPORTED past a cap of the arena, when
// the arena cannot give what is asked of it.
#define OWI_GUARD(arena, error)                                                                    \
    jmp_buf guard_here;                                                                            \
    jmp_buf *const guard_outer = (arena)->exhausted;                                               \
    if (setjmp(guard_here)) {                                                                      \
        (arena)->exhausted = guard_outer;                                                          \
        return owi_exhausted((arena), (error));                                                    \
    }                                                                                              \
    (arena)->exhausted = &guard_here

#define OWI_UNGUARD(arena) ((arena)->exhausted = guard_outer)

#endif
