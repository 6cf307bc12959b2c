// Races of published libraries that others found by hand, and uses of the same libraries that are right. What is called, nothing else:
// no invariant, no expected result. Sources: the case studies of frontrun 0.1.0 (L1-L14, without its invariants).
const cache = (kind) => `from cachetools import ${kind}`;
const filled = (kind, ...keys) => [`cache = ${kind}(maxsize=100)`, ...keys.map((key) => `cache["${key}"] = "${key.toUpperCase()}"`), "return cache"];
const memo = (options) => ["@cached(LRUCache(maxsize=100)" + options + ")", "def compute(x):", "    return x * 2"];
const calls = (...numbers) => numbers.map((number) => `compute(${number})`);

/** `setup` ends with a return; every line of a thread is one operation on what setup returned, called `cache`, `compute` or `pool`. */
export const libraryCases = [
  {
    id: "L1 add_thread during _should_keep_going",
    subject: "TPool",
    racy: true,
    imports: ["import threading", "from TPool import WildPool"],
    name: "pool",
    setup: ["pool = WildPool(pool_size=2)", "return pool"],
    threads: [["pool._should_keep_going()"], ["pool.join()"]],
  },
  {
    id: "L2 _get_libc makes two",
    subject: "threadpoolctl",
    racy: true,
    imports: ["from threadpoolctl import ThreadpoolController"],
    name: "kind",
    setup: ["ThreadpoolController._system_libraries.clear()", "return ThreadpoolController"],
    threads: [["kind._get_libc()"], ["kind._get_libc()"]],
  },
  {
    id: "L3 Cache set, size",
    racy: true,
    imports: [cache("Cache")],
    setup: filled("Cache"),
    threads: [
      ['cache["a"] = 1', 'cache["b"] = 2'],
      ['cache["c"] = 3', 'cache["d"] = 4'],
    ],
  },
  {
    id: "L4 Cache delete, size",
    racy: true,
    imports: [cache("Cache")],
    setup: filled("Cache", "a", "b", "c", "d"),
    threads: [['del cache["a"]'], ['del cache["b"]']],
  },
  {
    id: "L5 LRUCache get and delete",
    racy: true,
    imports: [cache("LRUCache")],
    setup: filled("LRUCache", "a", "b"),
    threads: [['cache["a"]'], ['del cache["a"]']],
  },
  {
    id: "L6 RRCache index",
    racy: true,
    imports: [cache("RRCache")],
    setup: filled("RRCache"),
    threads: [
      ['cache["a"] = 1', 'cache["b"] = 2'],
      ['cache["c"] = 3', 'cache["d"] = 4'],
    ],
  },
  {
    id: "L7 @cached counts hits",
    racy: true,
    imports: [cache("LRUCache, cached")],
    name: "compute",
    setup: [...memo(", info=True"), ...calls(1, 2), "return compute"],
    threads: [calls(1, 2), calls(1, 2)],
    observe: "compute.cache_info()",
  },
  {
    id: "L8 LFUCache links",
    racy: true,
    imports: [cache("LFUCache")],
    setup: filled("LFUCache", "a", "b", "c"),
    threads: [
      ['cache["a"]', 'cache["b"]'],
      ['cache["a"]', 'cache["c"]'],
    ],
  },
  { id: "L9 Cache set and delete", racy: true, imports: [cache("Cache")], setup: filled("Cache", "a"), threads: [['cache["new"] = 1'], ['del cache["a"]']] },
  {
    id: "L10 TTLCache timer nesting",
    racy: true,
    imports: [cache("TTLCache")],
    setup: ["cache = TTLCache(maxsize=10, ttl=600)", 'cache["a"] = 1', 'cache["b"] = 2', "return cache"],
    threads: [
      ['cache.get("a")', 'cache.get("b")'],
      ['cache.get("a")', 'cache.get("b")'],
    ],
  },
  {
    id: "L11 @cached with a lock, hits",
    racy: false,
    imports: ["import threading", cache("LRUCache, cached")],
    name: "compute",
    setup: [...memo(", lock=threading.Lock(), info=True"), ...calls(1, 2), "return compute"],
    threads: [calls(1, 2), calls(1, 2)],
    observe: "compute.cache_info()",
  },
  {
    id: "L12 @cached with a lock, results",
    racy: false,
    imports: ["import threading", cache("LRUCache, cached")],
    name: "compute",
    setup: [...memo(", lock=threading.Lock()"), "return compute"],
    threads: [calls(1, 2), calls(3, 4)],
    observe: "sorted(compute.cache.items())",
  },
  {
    id: "L13 @cached with a condition",
    racy: false,
    imports: ["import threading", cache("LRUCache, cached")],
    name: "compute",
    setup: [...memo(", condition=threading.Condition(), info=True"), "return compute"],
    threads: [calls(42), calls(42)],
    observe: "compute.cache_info()",
  },
  {
    id: "L14 Cache, a key of one's own (a lost update that an invariant about keys does not see)",
    racy: true,
    imports: [cache("Cache")],
    setup: filled("Cache"),
    threads: [
      ['cache["one"] = 1', 'cache["one"]'],
      ['cache["two"] = 2', 'cache["two"]'],
    ],
  },
];

/** The driver of a case. */
export function driverOf({ id, imports, setup, threads, name = "cache", observe }) {
  const isStatement = (line) => /^del |^\w+\[[^\]]*\] = /.test(line);
  const operations = threads.map((lines, thread) => lines.map((line, place) => ({ name: `step_${thread}_${place}`, line })));
  const functions = operations.flat().map((each) => `def ${each.name}(${name}):\n    ${isStatement(each.line) ? "" : "return "}${each.line}\n`);
  const list = operations.map((each) => `[${each.map((one) => one.name).join(", ")}]`).join(", ");
  const body = setup.map((line) => `    ${line}`).join("\n");
  const parts = [imports.join("\n"), `def setup():\n${body}\n`, ...functions, `threads = [${list}]\n`];
  if (observe !== undefined) parts.push(`def observe(${name}):\n    return ${observe}\n`);
  return { name: id, source: parts.join("\n\n") };
}
