/* Gives memory of PyMem_* calls to malloc, where AddressSanitizer sees it. Free-threaded Python has no PYTHONMALLOC=malloc: its objects must
   stay where the collector looks for them (PEP 703), but this domain holds none. What was allocated before is freed as it was allocated. */
#include <stddef.h>
#include <stdlib.h>

/* As in pymem.h; no headers of Python are needed to build this. */
typedef struct {
    void *context;
    void *(*malloc)(void *, size_t);
    void *(*calloc)(void *, size_t, size_t);
    void *(*realloc)(void *, void *, size_t);
    void (*free)(void *, void *);
} Allocator;

extern void PyMem_GetAllocator(int domain, Allocator *allocator);
extern void PyMem_SetAllocator(int domain, Allocator *allocator);
extern int __sanitizer_get_ownership(const volatile void *address);
extern int __asan_address_is_poisoned(const volatile void *address);

enum { MEM_DOMAIN = 1 };

static Allocator before;

/* Freed memory is nobody's; it is poisoned, and freeing it again is for the sanitizer to report. */
static int is_ours(const void *address) { return __sanitizer_get_ownership(address) || __asan_address_is_poisoned(address); }

static void *ours_malloc(void *context, size_t size) {
    (void)context;
    return malloc(size ? size : 1);
}

static void *ours_calloc(void *context, size_t count, size_t size) {
    (void)context;
    return calloc(count ? count : 1, size ? size : 1);
}

static void *ours_realloc(void *context, void *address, size_t size) {
    (void)context;
    if (address != NULL && !is_ours(address)) return before.realloc(before.context, address, size);
    return realloc(address, size ? size : 1);
}

static void ours_free(void *context, void *address) {
    (void)context;
    if (address == NULL) return;
    if (is_ours(address)) free(address);
    else before.free(before.context, address);
}

void raceproof_give_memory_to_malloc(void) {
    Allocator ours = {NULL, ours_malloc, ours_calloc, ours_realloc, ours_free};
    PyMem_GetAllocator(MEM_DOMAIN, &before);
    PyMem_SetAllocator(MEM_DOMAIN, &ours);
}
