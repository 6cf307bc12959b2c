/* Where threads of CPython hand over the GIL; loaded before the interpreter by handovers.py. Enters: every signal of the condition variables of the
   GIL, which a thread sends when it lets go (and, once more from the same place, when it has it again). Leaves: print_handovers(), per function and
   offset in its byte code how often. Not for free-threaded builds. */
#define _GNU_SOURCE
#define Py_BUILD_CORE 1
#include <Python.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#if PY_VERSION_HEX >= 0x030d0000
#include <internal/pycore_code.h>
#endif
#if PY_VERSION_HEX >= 0x030b0000
#include <internal/pycore_frame.h>
#else
#include <frameobject.h>
#endif

#define MOST_PLACES 4096

static struct place {
    PyCodeObject *code;
    int offset;
    long count;
} places[MOST_PLACES];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static void note(PyCodeObject *code, int offset) {
    for (int i = 0; i < MOST_PLACES; i++) {
        struct place *place = &places[i];
        if (place->count > 0 && (place->code != code || place->offset != offset)) continue;
        if (place->count == 0) Py_INCREF(code); /* while the signal is sent, nobody else has the GIL */
        place->code = code;
        place->offset = offset;
        place->count++;
        return;
    }
}

static void look(PyThreadState *state) {
#if PY_VERSION_HEX >= 0x030d0000
    struct _PyInterpreterFrame *frame = state->current_frame;
    if (frame == NULL || frame->f_executable == NULL || !PyCode_Check(frame->f_executable)) return;
    PyCodeObject *code = (PyCodeObject *)frame->f_executable;
    note(code, (int)((char *)frame->instr_ptr - (char *)_PyCode_CODE(code)));
#elif PY_VERSION_HEX >= 0x030b0000
    struct _PyInterpreterFrame *frame = state->cframe == NULL ? NULL : state->cframe->current_frame;
    if (frame == NULL || frame->f_code == NULL) return;
    note(frame->f_code, (int)((char *)frame->prev_instr - (char *)_PyCode_CODE(frame->f_code)));
#else
    PyFrameObject *frame = state->frame;
    if (frame == NULL) return;
    note(frame->f_code, 2 * frame->f_lasti);
#endif
}

int pthread_cond_signal(pthread_cond_t *condition) {
    static int (*original)(pthread_cond_t *);
    if (original == NULL) original = dlsym(RTLD_NEXT, "pthread_cond_signal");
    PyThreadState *state = PyGILState_GetThisThreadState();
    if (state != NULL) {
        pthread_mutex_lock(&guard);
        look(state);
        pthread_mutex_unlock(&guard);
    }
    return original(condition);
}

void print_handovers(const char *file) {
    for (int i = 0; i < MOST_PLACES && places[i].count > 0; i++) {
        const char *name = PyUnicode_AsUTF8(places[i].code->co_filename);
        if (name == NULL || strstr(name, file) == NULL) continue;
        printf("%s %d %ld\n", PyUnicode_AsUTF8(places[i].code->co_name), places[i].offset, places[i].count);
    }
    fflush(stdout);
}
