// Calls that keep a callback and run it later, from whatever thread the event happens in.
// Source: docs.python.org/3/library of atexit, signal, asyncio, concurrent.futures, logging; names common to event libraries.

/** By fully qualified name. */
export const registrations: ReadonlySet<string> = new Set(["atexit.register", "signal.signal", "sys.settrace", "threading.settrace", "sys.addaudithook"]);

/** By method name alone, on objects of unknown class. */
export const registrationMethods: ReadonlySet<string> = new Set([
  "register",
  "connect",
  "subscribe",
  "add_listener",
  "add_callback",
  "add_done_callback",
  "add_observer",
  "add_handler",
  "addHandler",
  "attach",
  "schedule",
  "call_soon",
  "call_later",
  "call_soon_threadsafe",
]);
