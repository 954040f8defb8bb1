// poison.h: under AddressSanitizer, bytes of an arena that were not handed out are as forbidden as
// those past the end of an allocation of the system; a gap keeps neighbours apart.
#ifndef OWI_BASE_POISON_H
#define OWI_BASE_POISON_H

#if defined(__SANITIZE_ADDRESS__)
#define OWI_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWI_POISONS 1
#endif
#endif

#ifdef OWI_POISONS
#include <sanitizer/asan_interface.h>
#define OWI_POISON(bytes, length)   __asan_poison_memory_region((bytes), (length))
#define OWI_UNPOISON(bytes, length) __asan_unpoison_memory_region((bytes), (length))
enum { OWI_POISON_GAP = 16 };
#else
#define OWI_POISON(bytes, length)   ((void)(bytes), (void)(length))
#define OWI_UNPOISON(bytes, length) ((void)(bytes), (void)(length))
enum { OWI_POISON_GAP = 0 };
#endif

#endif
