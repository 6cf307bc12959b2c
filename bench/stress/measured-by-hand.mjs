// What a person measured with hand-written threads: failing repeats of 20 per workload of examples/pyfakefs-1321/stress, one process per repeat,
// on two loaded processors. Keys: interpreter family, with the switch interval in seconds where there is a GIL (CPython 3.13.0, 3.13.5t, PyPy 7.3.19).
const everywhere = (failing) => ({ "gil 0.005": failing, "gil 0.000001": failing, "free-threaded": failing, pypy: failing });

export const byHand = {
  "control-listdir": everywhere(0),
  "shape-1-add-entry": { "gil 0.005": 6, "gil 0.000001": 11, "free-threaded": 18, pypy: 13 },
  "shape-2-descriptor-calls": { "gil 0.005": 0, "gil 0.000001": 0, "free-threaded": 16, pypy: 6 },
  "shape-2-open-close": { "gil 0.005": 0, "gil 0.000001": 0, "free-threaded": 3, pypy: 17 },
  "shape-3-scandir": { "gil 0.005": 0, "gil 0.000001": 0, "free-threaded": 20, pypy: 0 },
  "shape-3-ordered-dirs": { "gil 0.005": 4, "free-threaded": 20, pypy: 17 },
  "shape-6-patcher": { "gil 0.005": 18, "gil 0.000001": 20, "free-threaded": 20, pypy: 20 },
  "shape-7-user-id": { "gil 0.005": 0, "gil 0.000001": 19, "free-threaded": 20, pypy: 4 },
  "shape-5-link": everywhere(20),
  "shape-3-mount-points": everywhere(20),
  "shape-3-create-dir": everywhere(20),
  "shape-3-directory-size": everywhere(20),
  "shape-7-permission": everywhere(20),
  "shape-7-umask": { ...everywhere(20), "gil 0.005": 19 },
};

/** So many of 20 by hand must show here too. */
export const mustShow = 16;
