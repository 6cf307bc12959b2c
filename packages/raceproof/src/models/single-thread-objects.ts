// Objects of the standard library that several threads must not use at once, by what makes them, with the methods that work on their state.
// Sources: docs.python.org/3/library of each module, CPython's C code where the documents are silent. Left out: what locks itself
// (queue, logging, threading), what each thread has of its own (decimal contexts), and objects whose methods are atomic (itertools.count).

export interface SingleThreadObjectRow {
  /** Completes "is ...". */
  readonly what: string;
  /** Fully qualified. */
  readonly constructors: readonly string[];
  /** Methods and subscript operations ("[]", "[]=", "del[]") that read or change the state; others are harmless. */
  readonly methods: readonly string[];
  /** What a second thread meets. */
  readonly trouble: string;
  /** certain: said by the documents, or an exception. careful: only when something shows that threads share the object. */
  readonly ground: "certain" | "careful";
  readonly source: string;
}

const library = "docs.python.org/3/library";
const replies = "commands and replies of two threads are mixed up";

/** What users of a mapping do with it. Source: docs.python.org/3/library/collections.abc.html#collections.abc.MutableMapping. */
export const mappingOperations: readonly string[] = ["[]", "[]=", "del[]", "get", "pop", "popitem", "setdefault", "update", "clear", "items", "keys", "values"];

export const singleThreadObjects: readonly SingleThreadObjectRow[] = [
  {
    what: "one database connection",
    constructors: ["sqlite3.connect", "sqlite3.dbapi2.connect", "sqlite3.Connection"],
    methods: ["execute", "executemany", "executescript", "cursor", "commit", "rollback", "backup"],
    trouble: "sqlite3.ProgrammingError in every thread but the one that opened it, or, with check_same_thread=False, one transaction for all",
    ground: "certain",
    source: `${library}/sqlite3.html#sqlite3.connect ("write operations may need to be serialized by the user to avoid data corruption")`,
  },
  {
    what: "one poll object",
    constructors: ["select.poll", "select.devpoll"],
    methods: ["register", "unregister", "modify", "poll"],
    trouble: "RuntimeError: concurrent poll() invocation, or the descriptors of another thread",
    ground: "certain",
    source: "CPython Modules/selectmodule.c, select_poll_poll_impl: poll_running",
  },
  {
    what: "one selector",
    constructors: ["selectors.DefaultSelector", "selectors.SelectSelector", "selectors.PollSelector", "selectors.EpollSelector", "selectors.KqueueSelector"],
    methods: ["register", "unregister", "modify", "select", "get_map"],
    trouble: "RuntimeError: dictionary changed size during iteration, or KeyError",
    ground: "careful",
    source: "CPython Lib/selectors.py: _fd_to_key is kept without a lock",
  },
  {
    what: "one connection of a request and its answer",
    constructors: ["http.client.HTTPConnection", "http.client.HTTPSConnection"],
    methods: ["request", "getresponse", "putrequest", "putheader", "endheaders", "send"],
    trouble: "http.client.CannotSendRequest or ResponseNotReady, or another thread's answer",
    ground: "certain",
    source: `${library}/http.client.html#http.client.HTTPConnection.getresponse ("you must have read the whole response before you can send a new request")`,
  },
  {
    what: "one connection of a command and its reply",
    constructors: ["smtplib.SMTP", "smtplib.SMTP_SSL", "ftplib.FTP", "ftplib.FTP_TLS", "imaplib.IMAP4", "imaplib.IMAP4_SSL", "poplib.POP3", "poplib.POP3_SSL"],
    methods: ["sendmail", "send_message", "docmd", "rset", "sendcmd", "cwd", "nlst", "retrbinary", "storbinary", "select", "search", "fetch", "retr", "dele"],
    trouble: replies,
    ground: "careful",
    source: `${library}/smtplib.html, ftplib.html, imaplib.html, poplib.html: one command after the other`,
  },
  {
    what: "one archive with one file position",
    constructors: ["tarfile.open", "tarfile.TarFile", "tarfile.TarFile.open"],
    methods: ["getmember", "getmembers", "getnames", "extractfile", "extract", "extractall", "next", "add", "addfile"],
    trouble: "members are read or written at the other thread's position",
    ground: "careful",
    source: "CPython Lib/tarfile.py: TarFile.next and _FileInFile.read seek in the one fileobj",
  },
  {
    what: "one archive being written",
    constructors: ["zipfile.ZipFile", "zipfile.PyZipFile"],
    methods: ["write", "writestr", "mkdir"],
    trouble: "ValueError: can't write to ZIP archive while there is another write handle open on it",
    ground: "careful",
    source: "CPython Lib/zipfile: ZipFile._open_to_write",
  },
  {
    what: "one stream of compressed data",
    constructors: ["zlib.compressobj", "zlib.decompressobj", "bz2.BZ2Compressor", "bz2.BZ2Decompressor", "lzma.LZMACompressor", "lzma.LZMADecompressor"],
    methods: ["compress", "decompress", "flush"],
    trouble: "the data of two threads end up in one stream",
    ground: "careful",
    source: `${library}/zlib.html#zlib.compressobj ("compressing data streams that won't fit into memory at once")`,
  },
  {
    what: "one parser",
    constructors: ["xml.parsers.expat.ParserCreate", "xml.etree.ElementTree.XMLParser", "xml.etree.ElementTree.XMLPullParser", "html.parser.HTMLParser"],
    methods: ["Parse", "ParseFile", "feed", "close"],
    trouble: "two documents are parsed as one",
    ground: "careful",
    source: `${library}/pyexpat.html#xml.parsers.expat.ParserCreate ("Parsers ... can only be used to parse a single document")`,
  },
  {
    what: "one writer of rows",
    constructors: ["csv.writer", "csv.DictWriter"],
    methods: ["writerow", "writerows", "writeheader"],
    trouble: "rows of two threads are mixed",
    ground: "careful",
    source: "CPython Modules/_csv.c: a Writer builds each record in its one buffer",
  },
  {
    what: "one pickler with one memo",
    constructors: ["pickle.Pickler", "pickle.Unpickler", "_pickle.Pickler"],
    methods: ["dump", "load", "clear_memo"],
    trouble: "references into the other thread's data, or RuntimeError",
    ground: "careful",
    source: `${library}/pickle.html#pickle.Pickler.memo; CPython Modules/_pickle.c: "Pickler object is already used by another thread"`,
  },
  {
    what: "one generator of random numbers in a given order",
    constructors: ["random.Random"],
    methods: ["seed", "setstate", "gauss"],
    trouble: "the order that the seed gives is lost, and gauss() may give two threads the same value",
    ground: "careful",
    source: `${library}/random.html#random.gauss ("when two threads call this function simultaneously, ... they will receive the same return value")`,
  },
  {
    what: "one cache that changes when it is read",
    constructors: ["Cache", "FIFOCache", "LFUCache", "LRUCache", "MRUCache", "RRCache", "TTLCache", "TLRUCache"].map((name) => `cachetools.${name}`),
    methods: [...mappingOperations],
    trouble: "KeyError or RuntimeError from inside the cache, or an order that no longer fits its items",
    ground: "careful",
    source: 'cachetools.readthedocs.io: "all these classes are not thread-safe. Access to a shared cache from multiple threads must be properly synchronized"',
  },
];

/** Methods of other objects that make one as well, where the name says it. Source: PEP 249, "Cursor Objects". */
export const singleThreadProducts: ReadonlyMap<string, SingleThreadObjectRow> = new Map([
  [
    "cursor",
    {
      what: "one database cursor",
      constructors: [],
      methods: ["execute", "executemany", "executescript", "fetchone", "fetchmany", "fetchall"],
      trouble: "a second execute() throws away the rows that the first is about to fetch",
      ground: "careful",
      source: `PEP 249 (threadsafety 1: "threads may share the module, but not connections"), ${library}/sqlite3.html#sqlite3.threadsafety`,
    } satisfies SingleThreadObjectRow,
  ],
]);
