// What each guarded race's fix looks like, as edits of a copy: a lock around whole operations, or one value per thread.
// Enters: a copied package. Leaves: the copy without the race. No subject's code is kept here.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const lock = `import functools as _functools
import threading as _threading

_GUARD_LOCK = _threading.RLock()


def _locked(function):
    @_functools.wraps(function)
    def call(*args, **kwargs):
        with _GUARD_LOCK:
            return function(*args, **kwargs)

    return call

`;

/** Functions of one file that hold one lock while they run; "Class.name" is looked for below the class. Overloads are left alone. */
function locked(file, ...functions) {
  return (folder) => {
    let text = readFileSync(join(folder, file), "utf8");
    for (const each of functions) {
      const [name, owner] = each.split(".").toReversed();
      const from = owner === undefined ? 0 : text.search(new RegExp(`^class ${owner}\\b`, "m"));
      const definition = new RegExp(`^( *)(def ${name}\\((?!.*\\.\\.\\.$))`, "m");
      text = `${text.slice(0, from)}${replaceOnce(text.slice(from), definition, "$1@_locked\n$1$2")}`;
    }
    write(folder, file, insertAfterFuture(text, lock));
  };
}

/** Exact passages replaced. */
function edited(file, ...pairs) {
  return (folder) => {
    let text = readFileSync(join(folder, file), "utf8");
    for (const [from, to] of pairs) text = replaceOnce(text, from, to);
    write(folder, file, text);
  };
}

function replaceOnce(text, from, to) {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to fix: ${from}`);
  return changed;
}

function insertAfterFuture(text, addition) {
  const future = "from __future__ import annotations\n";
  const place = text.indexOf(future);
  return place >= 0 ? `${text.slice(0, place + future.length)}${addition}${text.slice(place + future.length)}` : `${addition}${text}`;
}

function write(folder, file, text) {
  writeFileSync(join(folder, file), text);
}

const filesystem = join("pyfakefs", "fake_filesystem.py");
const os = join("pyfakefs", "fake_os.py");

/** Driver name -> the edits that fix its race. */
export const fixes = {
  "shape-1-inode-counter": [locked(join("pyfakefs", "fake_file.py"), "add_entry")],
  "shape-1-used-size": [locked(filesystem, "change_disk_usage")],
  "shape-2-descriptor-heap": [locked(filesystem, "add_open_file", "close_open_file")],
  "shape-3-directory-entries": [locked(filesystem, "create_dir")],
  "shape-3-mount-points": [locked(filesystem, "add_mount_point", "exists")],
  "shape-5-exclusive-create": [locked(os, "open", "close")],
  "shape-6-patcher": [locked(join("pyfakefs", "fake_filesystem_unittest.py"), "Patcher.__new__", "Patcher.__init__")],
  "shape-6-use-original": [
    locked(os, "wrapped"),
    edited(os, [
      "    try:\n        FakeOsModule.use_original = True\n        yield\n    finally:\n        FakeOsModule.use_original = False",
      "    with _GUARD_LOCK:\n        try:\n            FakeOsModule.use_original = True\n            yield\n        finally:\n            FakeOsModule.use_original = False",
    ]),
  ],
  "shape-7-user-id": [
    edited(
      join("pyfakefs", "helpers.py"),
      ["import sysconfig\n", "import sysconfig\nimport threading\n"],
      ["    USER_ID = os.getuid()", "    USER_ID = threading.local()"],
      ["    return USER_ID\n", '    return getattr(USER_ID, "value", 0)\n'],
      ["    USER_ID = uid", "    USER_ID.value = uid"],
      ["return USER_ID == 0", "return get_uid() == 0"],
    ),
  ],
  "multidict-set-set": [locked(join("multidict", "_multidict_py.py"), "__setitem__")],
  "multidict-getall-getall": [locked(join("multidict", "_multidict_py.py"), "getall")],
};

/**
 * Edits the copy of the package below `folder`.
 * @param {string} driver
 * @param {string} folder
 */
export function applyFix(driver, folder) {
  for (const fix of fixes[driver]) fix(folder);
}
