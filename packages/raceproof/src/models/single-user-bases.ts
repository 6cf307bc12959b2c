// Base classes outside the program whose instances serve one user at a time: what extends one is not shared by design.
// Sources: the standard library's documentation of each module (docs.python.org/3/library): a visitor walks one tree, a handler serves one
// request or connection, a parser holds the state of one parse, a protocol lives on one event loop ("asyncio objects are not thread safe",
// asyncio-dev.html), a file object's position belongs to whoever reads it (io.html: only BufferedReader and its like lock).

export interface SingleUserBaseRow {
  /** Fully qualified names. */
  readonly bases: readonly string[];
  /** Completes the sentence "C is ...". */
  readonly because: string;
  /** Why one thread runs the methods of all such objects, when that is so; completes "runs ...". */
  readonly runs?: string;
}

export const singleUserBases: readonly SingleUserBaseRow[] = [
  { bases: ["ast.NodeVisitor", "ast.NodeTransformer"], because: "a visitor: it walks one tree for one caller" },
  { bases: ["html.parser.HTMLParser", "xml.sax.ContentHandler", "xml.sax.handler.ContentHandler"], because: "a parser: it holds the state of one parse" },
  {
    bases: ["socketserver.BaseRequestHandler", "socketserver.StreamRequestHandler", "socketserver.DatagramRequestHandler"],
    because: "a request handler: the server makes one per request",
  },
  {
    bases: ["http.server.BaseHTTPRequestHandler", "http.server.SimpleHTTPRequestHandler", "wsgiref.simple_server.WSGIRequestHandler"],
    because: "a request handler: the server makes one per request",
  },
  {
    bases: ["asyncio.BaseProtocol", "asyncio.Protocol", "asyncio.BufferedProtocol", "asyncio.DatagramProtocol", "asyncio.SubprocessProtocol"],
    because: "a protocol of one event loop, which calls it from one thread",
  },
  { bases: ["asyncio.BaseTransport", "asyncio.Transport"], because: "a transport of one event loop, which uses it from one thread" },
  {
    bases: ["io.IOBase", "io.RawIOBase", "io.BufferedIOBase", "io.TextIOBase", "io.StringIO", "io.BytesIO", "io.TextIOWrapper"],
    because: "a file object: its position belongs to one reader or writer",
  },
  {
    bases: ["unittest.TestCase", "unittest.IsolatedAsyncioTestCase"],
    because: "a test case: the runner makes one per test",
    runs: "in the one thread of a test session",
  },
  {
    bases: ["cmd.Cmd", "bdb.Bdb", "pdb.Pdb", "code.InteractiveInterpreter", "code.InteractiveConsole"],
    because: "an interactive session with one user",
    runs: "for the one user of an interactive session",
  },
  {
    bases: ["argparse.ArgumentParser", "argparse.HelpFormatter", "argparse.Action", "optparse.OptionParser", "setuptools.Command", "distutils.cmd.Command"],
    because: "part of a command line, read once by one thread",
    runs: "as a command, in the thread that the process began with",
  },
];
