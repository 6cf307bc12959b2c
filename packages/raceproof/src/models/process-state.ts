// State that belongs to the whole process or interpreter: calls, attributes and containers of the standard library that change it.
// Source: docs.python.org/3/library of each module; POSIX for umask, chdir, environ, locale, uid and gid.
// Left out because each thread has its own: decimal contexts, sys.settrace and sys.setprofile, contextvars.
import type { ContainerKind } from "../vocabulary/index.ts";

/**
 * How a call treats the state. sets: the caller decides whether and how to put the old value back.
 * scoped: a context manager or patcher that changes it for a while and restores what it saw.
 * part: changes state that another call of the same row's state scopes; alone it is a setting.
 */
export type StateChange = "sets" | "scoped" | "part";

export interface ProcessStateRow {
  /** What is changed, as a location name. */
  readonly state: string;
  readonly change: StateChange;
  /** Where the change is confined to a thread or task, when that depends on the runtime. */
  readonly except?: string;
  /** Tells the present value, without arguments. */
  readonly getter?: string;
  readonly source: string;
}

const library = "docs.python.org/3/library";
const sets = (state: string, page: string, getter?: string): ProcessStateRow => ({
  state,
  change: "sets",
  source: `${library}/${page}`,
  ...(getter === undefined ? {} : { getter }),
});
const scoped = (state: string, page: string): ProcessStateRow => ({ state, change: "scoped", source: `${library}/${page}` });

const warningFilters = {
  state: "warning filters",
  except: "confined to the context on 3.14+ with -X context_aware_warnings, the default of free-threaded builds",
  source: `${library}/warnings.html#warnings.catch_warnings ("not thread-safe")`,
} as const;

export const processStateCalls: ReadonlyMap<string, ProcessStateRow> = new Map<string, ProcessStateRow>([
  ["os.umask", sets("process umask", "os.html#os.umask")],
  ["os.chdir", sets("working directory", "os.html#os.chdir", "os.getcwd")],
  ["os.fchdir", sets("working directory", "os.html#os.fchdir", "os.getcwd")],
  ["os.chroot", sets("root directory", "os.html#os.chroot")],
  ["os.putenv", sets("environment", "os.html#os.putenv")],
  ["os.unsetenv", sets("environment", "os.html#os.unsetenv")],
  ["os.setuid", sets("process user id", "os.html#os.setuid")],
  ["os.seteuid", sets("process user id", "os.html#os.seteuid", "os.geteuid")],
  ["os.setgid", sets("process group id", "os.html#os.setgid")],
  ["os.setegid", sets("process group id", "os.html#os.setegid", "os.getegid")],
  ["os.setgroups", sets("supplementary groups", "os.html#os.setgroups")],
  ["locale.setlocale", { state: "locale", change: "sets", source: `${library}/locale.html#locale.setlocale ("not thread-safe on most systems")` }],
  ["time.tzset", sets("time zone", "time.html#time.tzset")],
  ["socket.setdefaulttimeout", sets("socket default timeout", "socket.html#socket.setdefaulttimeout", "socket.getdefaulttimeout")],
  ["sys.setrecursionlimit", sets("recursion limit", "sys.html#sys.setrecursionlimit", "sys.getrecursionlimit")],
  ["sys.setswitchinterval", sets("switch interval", "sys.html#sys.setswitchinterval", "sys.getswitchinterval")],
  ["sys.set_int_max_str_digits", sets("integer digit limit", "sys.html#sys.set_int_max_str_digits", "sys.get_int_max_str_digits")],
  ["threading.setprofile", sets("thread profile function", "threading.html#threading.setprofile")],
  ["threading.settrace", sets("thread trace function", "threading.html#threading.settrace")],
  ["gc.disable", sets("garbage collector switch", "gc.html#gc.disable", "gc.isenabled")],
  ["gc.enable", sets("garbage collector switch", "gc.html#gc.enable", "gc.isenabled")],
  ["logging.disable", sets("logging threshold", "logging.html#logging.disable")],
  ["random.seed", sets("random state", "random.html#random.seed")],
  ["random.setstate", sets("random state", "random.html#random.setstate")],
  ["numpy.random.seed", { state: "numpy random state", change: "sets", source: "numpy.org/doc/stable/reference/random/generated/numpy.random.seed.html" }],
  ["numpy.random.set_state", { state: "numpy random state", change: "sets", source: "numpy.org/doc/stable/reference/random/legacy.html" }],
  ["faulthandler.enable", sets("fault handler", "faulthandler.html")],
  ["faulthandler.disable", sets("fault handler", "faulthandler.html")],
  ["asyncio.set_event_loop_policy", sets("event loop policy", "asyncio-policy.html", "asyncio.get_event_loop_policy")],
  ["multiprocessing.set_start_method", sets("process start method", "multiprocessing.html#multiprocessing.set_start_method")],
  ["warnings.simplefilter", { ...warningFilters, change: "part" }],
  ["warnings.filterwarnings", { ...warningFilters, change: "part" }],
  ["warnings.resetwarnings", { ...warningFilters, change: "part" }],
  ["warnings.catch_warnings", { ...warningFilters, change: "scoped" }],
  [
    "contextlib.redirect_stdout",
    scoped("sys.stdout", 'contextlib.html#contextlib.redirect_stdout ("not suitable for use in [...] most threaded applications")'),
  ],
  ["contextlib.redirect_stderr", scoped("sys.stderr", "contextlib.html#contextlib.redirect_stderr")],
  ["contextlib.chdir", scoped("working directory", 'contextlib.html#contextlib.chdir ("non parallel-safe")')],
  ["unittest.mock.patch", scoped("patched attributes", "unittest.mock.html#patch")],
  ["unittest.mock.patch.object", scoped("patched attributes", "unittest.mock.html#patch-object")],
  ["unittest.mock.patch.dict", scoped("patched attributes", "unittest.mock.html#patch-dict")],
  ["unittest.mock.patch.multiple", scoped("patched attributes", "unittest.mock.html#patch-multiple")],
]);

/** Containers of the interpreter that any code may change, each reached through the same name everywhere. */
export interface ProcessContainerRow {
  readonly kind: ContainerKind;
  /** Who else changes it in every program, at any time; undefined: only code that means to. */
  readonly changedBy: string | undefined;
  /** Adding entries is how the interpreter itself uses it: only taking them away, or replacing them, is a change. */
  readonly filledByDesign?: boolean;
  readonly source: string;
}

const loggers: ProcessContainerRow = {
  kind: "dict",
  changedBy: "logging.getLogger in another thread",
  filledByDesign: true,
  source: "Lib/logging/__init__.py: Manager.getLogger adds to loggerDict under the module's lock",
};
const threads: ProcessContainerRow = {
  kind: "dict",
  changedBy: "any thread that starts or ends",
  source: "Lib/threading.py: _active and _limbo change under _active_limbo_lock; threading.enumerate() copies them under it",
};

const sysPage = `${library}/sys.html`;

export const processContainers: ReadonlyMap<string, ProcessContainerRow> = new Map<string, ProcessContainerRow>([
  ["sys.modules", { kind: "dict", changedBy: "any import in another thread", filledByDesign: true, source: `${sysPage}#sys.modules` }],
  ["sys.path", { kind: "list", changedBy: undefined, source: `${sysPage}#sys.path` }],
  ["sys.meta_path", { kind: "list", changedBy: undefined, source: `${sysPage}#sys.meta_path` }],
  ["sys.path_hooks", { kind: "list", changedBy: undefined, source: `${sysPage}#sys.path_hooks` }],
  ["sys.path_importer_cache", { kind: "dict", changedBy: "any import in another thread", filledByDesign: true, source: `${sysPage}#sys.path_importer_cache` }],
  ["os.environ", { kind: "dict", changedBy: undefined, source: `${library}/os.html#os.environ` }],
  ["warnings.filters", { kind: "list", changedBy: undefined, source: `${library}/warnings.html#the-warnings-filter` }],
  ["linecache.cache", { kind: "dict", changedBy: undefined, source: `${library}/linecache.html` }],
  ["logging.root.manager.loggerDict", loggers],
  ["logging.Logger.manager.loggerDict", loggers],
  [
    "logging._handlers",
    {
      kind: "weak-values",
      changedBy: "any handler made or dropped in another thread",
      filledByDesign: true,
      source: "Lib/logging/__init__.py: _addHandlerRef",
    },
  ],
  ["threading._active", threads],
  ["threading._limbo", threads],
  ["threading._dangling", { ...threads, kind: "weak-set" }],
  [
    "multiprocessing.process._children",
    { kind: "set", changedBy: "any process started or joined in another thread", source: "Lib/multiprocessing/process.py" },
  ],
  ["gc.garbage", { kind: "list", changedBy: undefined, source: `${library}/gc.html#gc.garbage` }],
  ["gc.callbacks", { kind: "list", changedBy: undefined, source: `${library}/gc.html#gc.callbacks` }],
]);

/** Attributes that the standard library consults on each use: replacing one takes it away from threads that are using it. */
export const processSettings: ReadonlyMap<string, string> = new Map<string, string>([
  ["sys.path", `${sysPage}#sys.path`],
  ["sys.modules", `${sysPage}#sys.modules ("replacing the dictionary will not necessarily work as expected")`],
  ["sys.meta_path", `${sysPage}#sys.meta_path`],
  ["os.environ", `${library}/os.html#os.environ`],
  ["tempfile.tempdir", `${library}/tempfile.html#tempfile.tempdir ("using tempdir directly is not recommended")`],
  ["warnings.filters", `${library}/warnings.html#the-warnings-filter`],
]);

/** Attributes of functions that decide what every caller gets. Source: docs.python.org/3/reference/datamodel.html, "User-defined functions". */
export const functionInternals: ReadonlySet<string> = new Set(["__defaults__", "__kwdefaults__", "__code__"]);
