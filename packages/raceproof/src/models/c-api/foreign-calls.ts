// Calls into libraries that are neither Python nor the C library: nothing is known of them but their names.
// What enters: a function's name. What leaves: whether it is one. Sources: C11 7, POSIX.1-2017 for the names of the C library.

const ownOrPython = /^_?(Py|py)|^_Py|^(npy_|NPY_)|^[A-Z0-9_]+$/;
const cLibrary =
  /^(__|str|mem|wcs|wmem|is[a-z]+$|to(upper|lower)$|f?(printf|puts|putc|getc|gets|scanf|open|close|read|write|seek|tell|flush|lock)$|(s|sn|vsn|vs|as)printf$|malloc|calloc|realloc|free|abort|exit|assert|qsort|bsearch|ato[fil]|abs|labs|f?abs|floor|ceil|sqrt|pow|exp|log|sin|cos|tan|memcpy|read|write|close|open|ioctl|fcntl|dup|poll|select|send|recv|socket|bind|listen|accept|connect|pthread_|atomic_|std::|static_cast|reinterpret_cast|const_cast|dynamic_cast|sizeof|offsetof|likely|unlikely)/;

export function isForeignCall(callee: string): boolean {
  return callee !== "" && !ownOrPython.test(callee) && !cLibrary.test(callee) && !/^(tp|nb|sq|mp|bf|am)_/.test(callee);
}
