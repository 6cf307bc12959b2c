# Part three: what is watched, what is found, and how pytest or a person is told.


def is_watched(place):
    if place.shape not in CONFIG["shapes"]:
        return False
    if not CONFIG["names"]:
        return True
    for wanted in CONFIG["names"]:
        function, _, name = wanted.rpartition(":")
        if fnmatch.fnmatchcase(place.name, name.replace("[", "[[]", 1)) and (not function or fnmatch.fnmatchcase(place.function, function)):
            return True
    return False


def check_text(file, text, report):
    tree = ast.parse(text, file)
    waivers = list(read_waivers(file, text, tree, report.problems))
    accepted = report_budget(report)
    for place, span, exempt in Finder(file, tree).places:
        covering = [waiver for waiver in waivers if waiver.covers(place, span)]
        for waiver in covering:
            waiver.is_used = True
        if not is_watched(place):
            continue
        if covering:
            report.waived.append(place)
        elif exempt:
            report.exempt.append((place, exempt))
        elif accepted.get(key_of(place), 0) > 0:
            accepted[key_of(place)] -= 1
        else:
            report.flagged.append(place)
    report.stale.extend("%s:%d the waiver stands at nothing" % (waiver.file, waiver.line) for waiver in waivers if not waiver.is_used)


def key_of(place):
    return "%s::%s %s %s" % (place.file, place.function, place.shape, place.name)


_BUDGETS = {}


def report_budget(report):
    """How many places of each key were there when the guard was written and accepted."""
    return _BUDGETS.setdefault(id(report), dict(CONFIG["accepted"]))


def roots():
    for module in CONFIG["modules"]:
        found = importlib.util.find_spec(module)
        if found is None or not (found.submodule_search_locations or found.origin):
            raise ImportError("%s cannot be found: run the guard where it is installed or importable" % module)
        yield list(found.submodule_search_locations)[0] if found.submodule_search_locations else found.origin


def files_below(root):
    if os.path.isfile(root):
        yield os.path.basename(root), root
        return
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not re.match(r"(.*_)?tests?$|\.|__pycache__", name))
        for name in sorted(files):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                yield os.path.relpath(path, os.path.dirname(root)).replace(os.sep, "/"), path


def check(places=None):
    report = Report([], [], [], [], [])
    for root in places or roots():
        for file, path in files_below(root):
            with tokenize.open(path) as source:
                check_text(file, source.read(), report)
    left = _BUDGETS.pop(id(report), {})
    report.stale.extend("%s is accepted and not there any more" % key for key, count in sorted(left.items()) if count)
    return report


def describe(place):
    return "%s:%d %s: %s of %s (%s)" % (place.file, place.line, place.function, place.shape, place.name, CONFIG["all_shapes"].get(place.shape, ""))


def test_fixed_shapes_have_not_come_back():
    report = check()
    fail_with("not thread-safe", [describe(place) for place in report.flagged])
    fail_with("waivers that do not count", report.problems)


def test_every_waiver_is_needed():
    fail_with("stale waivers", check().stale)


def fail_with(title, lines):
    if lines:
        raise AssertionError(title + ":\n" + "\n".join(lines))


def main(places):
    if places[:1] == ["--present"]:  # what a new guard would have to accept
        print(json.dumps(collections.Counter(map(key_of, check(places[1:]).flagged)), sort_keys=True))
        return 0
    report = check(places)
    for place in report.flagged:
        print("flagged  " + describe(place))
    for place in report.waived:
        print("waived   " + describe(place))
    for place, why in report.exempt:
        print("exempt   %s, %s" % (describe(place), why))
    for line in report.stale:
        print("stale    " + line)
    for line in report.problems:
        print("problem  " + line)
    counts = (len(report.flagged), len(report.waived) + len(report.exempt), len(report.waived), len(report.stale), len(report.problems))
    print("%d flagged, %d waived (%d by comments), %d stale, %d problems" % counts)
    return 1 if report.flagged or report.stale or report.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
