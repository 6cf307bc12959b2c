// Nouns that people give to what must exist once: a second one is another connection, another queue of work, another lock.
// Source: the class names of the standard library's threading, queue, socket, sqlite3, concurrent.futures and asyncio, and PEP 249.

const nouns =
  /(?:^|_)(?:lock|mutex|pool|connection|conn|engine|session|client|socket|sock|thread|worker|executor|registry|scheduler|channel|queue|server|instance|singleton)s?$/;

/** `self._pools`, `ConnectionPool`, `_new_pool`: by the last word. Subscripts do not count. */
export function namesResource(text: string): boolean {
  const last = text.replace(/\[.*$/, "").split(".").at(-1) ?? "";
  return nouns.test(last.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
}
