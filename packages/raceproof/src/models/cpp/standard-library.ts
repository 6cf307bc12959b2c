// Types and methods of C++'s standard library as far as threads are concerned, by their last name: `std::vector` is "vector".
// What enters: nothing. What leaves: tables. Sources: cppreference.com, Containers library (thread safety: const members may run at once, others not),
// Concurrency support library; [res.on.data.races] of the standard.

/** Their memory moves or goes when they change; so do smart pointers' targets. */
export const movingTypes: ReadonlySet<string> = new Set(
  "vector deque list forward_list map multimap unordered_map unordered_multimap set multiset unordered_set unordered_multiset string basic_string wstring queue priority_queue stack unique_ptr shared_ptr weak_ptr optional variant any function".split(
    " ",
  ),
);

/** Methods of them that only look. */
export const readingMethods: ReadonlySet<string> = new Set(
  "size empty length capacity max_size begin end cbegin cend rbegin rend find count contains at front back top data c_str get use_count has_value value value_or lower_bound upper_bound equal_range substr compare rfind find_first_of find_last_of hash_function load_factor bucket_count owner_before expired".split(
    " ",
  ),
);

export const cppMutex: RegExp = /^(mutex|recursive_mutex|timed_mutex|recursive_timed_mutex|shared_mutex|shared_timed_mutex|ft_mutex|spinlock)$/;
export const cppAtomic: RegExp = /^(atomic|atomic_ref|atomic_flag|atomic_[a-z]\w*|once_flag)$/;

/** Guards that hold the lock they are made with until their block ends; nanobind's only on builds without the GIL. */
export const lockGuards: ReadonlySet<string> = new Set("lock_guard unique_lock scoped_lock shared_lock ft_lock_guard".split(" "));
/** The same for critical sections on Python objects. */
export const sectionGuards: ReadonlySet<string> = new Set(
  "scoped_critical_section ft_object_guard ft_object2_guard PyCriticalSection PyCriticalSection2".split(" "),
);
/** The thread lets go of the interpreter until their block ends. */
export const releaseGuards: ReadonlySet<string> = new Set(["gil_scoped_release", "gil_scoped_release_simple"]);
/** It has the interpreter again until their block ends. */
export const attachGuards: ReadonlySet<string> = new Set(["gil_scoped_acquire", "gil_scoped_acquire_simple"]);

/** Methods of mutexes and guards. */
export const takingMethods: ReadonlySet<string> = new Set(["lock", "lock_shared"]);
export const releasingMethods: ReadonlySet<string> = new Set(["unlock", "unlock_shared"]);
