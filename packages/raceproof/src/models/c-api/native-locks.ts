// How C code keeps other threads out, or lets them in: macros that open and close a span, and calls that take and give back a lock.
// What enters: nothing. What leaves: tables.
// Sources: docs.python.org/3/c-api/init.html (critical sections, PyMutex, Py_BEGIN_ALLOW_THREADS, PyGILState), PEP 703; POSIX threads; C11 threads.h.

/**
 * section: a critical section on one or two objects, suspended whenever the thread detaches or blocks. detached: the thread has let go of the
 * interpreter, and of all its critical sections.
 */
export type NativeSpanKind = "section" | "detached";

export interface NativeSpanRow {
  readonly kind: NativeSpanKind;
  readonly closedBy: string;
  /** How many leading arguments of the opening macro name objects that are locked. */
  readonly objects: 0 | 1 | 2;
}

/** Opening macro or call -> the span it opens. */
export const nativeSpans: ReadonlyMap<string, NativeSpanRow> = new Map<string, NativeSpanRow>([
  ["Py_BEGIN_CRITICAL_SECTION", { kind: "section", closedBy: "Py_END_CRITICAL_SECTION", objects: 1 }],
  ["Py_BEGIN_CRITICAL_SECTION2", { kind: "section", closedBy: "Py_END_CRITICAL_SECTION2", objects: 2 }],
  ["Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST", { kind: "section", closedBy: "Py_END_CRITICAL_SECTION_SEQUENCE_FAST", objects: 1 }],
  ["Py_BEGIN_CRITICAL_SECTION_MUTEX", { kind: "section", closedBy: "Py_END_CRITICAL_SECTION", objects: 1 }],
  ["Py_BEGIN_CRITICAL_SECTION2_MUTEX", { kind: "section", closedBy: "Py_END_CRITICAL_SECTION2", objects: 2 }],
  ["Py_BEGIN_ALLOW_THREADS", { kind: "detached", closedBy: "Py_END_ALLOW_THREADS", objects: 0 }],
  ["PyEval_SaveThread", { kind: "detached", closedBy: "PyEval_RestoreThread", objects: 0 }],
]);

/** Calls by which a detached thread gets the interpreter for a while, and those that end it. */
export const attachingCalls: ReadonlySet<string> = new Set(["Py_BLOCK_THREADS", "PyGILState_Ensure", "PyEval_RestoreThread", "PyEval_AcquireThread"]);
export const detachingCalls: ReadonlySet<string> = new Set(["Py_UNBLOCK_THREADS", "PyGILState_Release", "PyEval_SaveThread", "PyEval_ReleaseThread"]);

/** What ends a span. */
export const nativeSpanEnds: ReadonlySet<string> = new Set([...nativeSpans.values()].map(({ closedBy }) => closedBy));

export interface NativeLockRow {
  readonly releasedBy: string;
  /** Waiting for it lets go of the interpreter, so it cannot deadlock with the collector or the GIL. */
  readonly detachesWhileWaiting: boolean;
}

/** Acquiring call -> its release; the lock is the first argument. */
export const nativeLocks: ReadonlyMap<string, NativeLockRow> = new Map<string, NativeLockRow>([
  ["PyMutex_Lock", { releasedBy: "PyMutex_Unlock", detachesWhileWaiting: true }],
  ["PyMutex_LockFlags", { releasedBy: "PyMutex_Unlock", detachesWhileWaiting: true }],
  ["PyThread_acquire_lock", { releasedBy: "PyThread_release_lock", detachesWhileWaiting: false }],
  ["PyThread_acquire_lock_timed", { releasedBy: "PyThread_release_lock", detachesWhileWaiting: false }],
  ["pthread_mutex_lock", { releasedBy: "pthread_mutex_unlock", detachesWhileWaiting: false }],
  ["pthread_rwlock_rdlock", { releasedBy: "pthread_rwlock_unlock", detachesWhileWaiting: false }],
  ["pthread_rwlock_wrlock", { releasedBy: "pthread_rwlock_unlock", detachesWhileWaiting: false }],
  ["pthread_spin_lock", { releasedBy: "pthread_spin_unlock", detachesWhileWaiting: false }],
  ["mtx_lock", { releasedBy: "mtx_unlock", detachesWhileWaiting: false }],
  ["EnterCriticalSection", { releasedBy: "LeaveCriticalSection", detachesWhileWaiting: false }],
  ["AcquireSRWLockExclusive", { releasedBy: "ReleaseSRWLockExclusive", detachesWhileWaiting: false }],
]);

export const nativeUnlocks: ReadonlySet<string> = new Set([...nativeLocks.values()].map(({ releasedBy }) => releasedBy));
