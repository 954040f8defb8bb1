// listing.h: rules and presets as text.
#ifndef OWI_PLAN_LISTING_H
#define OWI_PLAN_LISTING_H

#include "base/status.h"

// Writes the built-in policy as a rules file. OWI_SYSTEM when the sink stops.
owi_status owi_policy_write(owi_sink sink, void *context, owi_error *error);

#endif
