// Callables that make an object which stands for another one in each thread, task or request.
// Source: werkzeug.palletsprojects.com/en/stable/local/#werkzeug.local.LocalProxy ("a proxy to the object bound to a context-local").

/** Fully qualified. */
export const contextProxies: ReadonlySet<string> = new Set(["werkzeug.local.LocalProxy"]);
