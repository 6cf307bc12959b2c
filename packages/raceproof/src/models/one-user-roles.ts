// Roles whose objects serve one piece of work, by the word a class's name ends in: what no lock, thread or global contradicts.
// Sources: the names of such classes in the standard library and their documentation: a parser or compiler holds the state of one run (ast, html.parser,
// xml, argparse), a request, response, message or form belongs to one exchange (http, email, wsgiref), nodes, elements and tokens are parts
// of one tree (ast, xml.etree, tokenize), a query, statement or cursor belongs to the connection's user (sqlite3: threadsafety 1), a
// test case or fixture to one test (unittest).

const roles: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "works through one input",
    ["Parser", "Lexer", "Tokenizer", "Scanner", "Compiler", "Assembler", "Translator", "Visitor", "Walker", "Transformer", "Transform", "Machine"],
  ],
  ["builds one output", ["Generator", "Formatter", "Builder", "Printer", "Serializer", "Deserializer", "Editor", "Converter", "Highlighter", "Drawing"]],
  [
    "belongs to one exchange",
    ["Request", "Response", "Headers", "Message", "Form", "Formset", "Cookie", "Cookies", "Part", "Multipart", "Body", "Context", "Transaction"],
  ],
  [
    "is a part of one tree or document",
    ["Node", "Element", "Token", "Tag", "Document", "Worksheet", "Workbook", "Sheet", "Cell", "Paragraph", "Text", "Tree", "Directive"],
  ],
  ["describes one question to a database", ["Query", "Queryset", "Statement", "Select", "Clause", "Criteria", "Cursor", "Migration", "Autodetector"]],
  ["belongs to one command or test", ["Command", "Fixture", "Test", "Reporter", "Options", "Symbols"]],
]);

const byWord: ReadonlyMap<string, string> = new Map([...roles].flatMap(([because, words]) => words.map((word): [string, string] => [word, because])));

/** "belongs to one exchange" for HttpRequest; undefined for names that say nothing. */
export function oneUserRole(className: string): string | undefined {
  const words = className.match(/[A-Z]?[a-z]+(?=[A-Z_0-9]|$)/g) ?? [];
  const [before = "", last = ""] = words.slice(-2).length === 2 ? words.slice(-2) : ["", ...words];
  if (last === "Set" || last === "Case") return byWord.get(before);
  return byWord.get(last.charAt(0).toUpperCase() + last.slice(1));
}
