# Part two: comments that answer for places. Reads them with `tokenize`, so the same words inside a string are none.


class Waiver:
    """A comment that answers for the places in its span."""

    def __init__(self, file, line, span, rules):
        self.file, self.line, self.span, self.rules = file, line, span, rules
        self.is_used = False

    def covers(self, place, span):
        rule = CONFIG["all_shapes"].get(place.shape, "")
        named = self.rules is None or any(rule == each or rule.endswith("/" + each) or rule.startswith(each.rstrip("*") + "/") for each in self.rules)
        return named and self.span[0] <= span[1] and span[0] <= self.span[1]


def read_waivers(file, text, tree, problems):
    headers = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min([node.lineno] + [each.lineno for each in node.decorator_list])
            for line in range(first, node.body[0].lineno):
                headers[line] = (first, node.end_lineno)
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        rules, problem = understand(token.string)
        if problem:
            problems.append("%s:%d %s" % (file, token.start[0], problem))
        if rules is False or problem:
            continue
        line = token.start[0]
        if not lines[line - 1][: token.start[1]].strip():
            line = next((n for n in range(line + 1, len(lines) + 1) if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")), line)
        yield Waiver(file, token.start[0], headers.get(line, (line, line)), rules)


def understand(comment):
    """(rules, problem): None for every rule, False when the comment says nothing."""
    allowance = ALLOWANCE.match(comment)
    if allowance is None:
        return (None if WAIVER.search(comment) else False), None
    until = UNTIL.search(allowance.group(2))
    reason = UNTIL.sub(" ", allowance.group(2)).strip(" :;,.-")
    if not reason:
        return False, "the waiver has no reason, so it does not count"
    if until and until.group(1) < datetime.date.today().isoformat():
        return False, "the waiver has ended on %s" % until.group(1)
    return [each.strip() for each in allowance.group(1).split(",")], None
