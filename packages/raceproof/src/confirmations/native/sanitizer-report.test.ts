// Reports as the sanitizers of gcc and clang and the interpreter print them, shortened.
import { describe, expect, it } from "vitest";
import type { Hazard } from "../../vocabulary/index.ts";
import { describePair, foldFaults, pairOf } from "./fold-faults.ts";
import { matchFault } from "./match-faults.ts";
import { faultsOf } from "./process-faults.ts";
import { readNativeFaults } from "./sanitizer-report.ts";

const useAfterFree = `=================================================================
==11==ERROR: AddressSanitizer: heap-use-after-free on address 0x61b0 at pc 0x7f18 bp 0x7f18 sp 0x7f18
READ of size 8 at 0x61b0 thread T2
    #0 0x7f18b1 in entry_at pkg/table.h:40
    #1 0x7f18b2 in table_next pkg/table.h:64
    #2 0x7f18b3 in iter_next pkg/iter.c:79
    #3 0x562721 in list_extend Objects/listobject.c:1266

0x61b0 is located 104 bytes inside of 1432-byte region [0x61b0,0x61c0)
freed by thread T1 here:
    #0 0x7f18b2 in __interceptor_free ../../../../src/libsanitizer/asan/asan_malloc_linux.cpp:52
    #1 0x7f18b4 in table_free /build/copy/pkg/table.h:314
    #2 0x7f18b5 in table_clear pkg/table.c:233

previously allocated by thread T1 here:
    #0 0x7f18b2 in __interceptor_malloc ../../../../src/libsanitizer/asan/asan_malloc_linux.cpp:69
    #1 0x7f18b9 in table_new pkg/table.c:12

SUMMARY: AddressSanitizer: heap-use-after-free pkg/table.h:40 in entry_at
`;

const segv = `AddressSanitizer:DEADLYSIGNAL
==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000010 (pc 0x7f bp 0x7f sp 0x7f T3)
==7==The signal is caused by a WRITE memory access.
    #0 0x7f0 in table_put /copy/pkg/table.c:99:12
    #1 0x7f1 in put (python3+0x12)
`;

const race = `WARNING: ThreadSanitizer: data race (pid=3)
  Write of size 8 at 0x7b by thread T1:
    #0 bump pkg/table.c:5 (table.so+0x11)
  Previous read of size 8 at 0x7b by thread T2:
    #0 look pkg/table.c:9 (table.so+0x12)
`;

const files = ["pkg/table.h", "pkg/table.c", "pkg/iter.c"];

function faultOf(text: string): ReturnType<typeof pairOf> {
  const [fault] = readNativeFaults(text);
  if (fault === undefined) throw new Error("no fault");
  return pairOf(fault, { files });
}

function hazard(fields: { readonly function: string; readonly file: string; readonly line: number; readonly writer?: string }): Hazard {
  const span = { file: fields.file, line: fields.line, column: 0, endLine: fields.line, endColumn: 1 };
  const accesses = fields.writer === undefined ? [] : [{ span: { ...span, line: 999, endLine: 999 }, function: fields.writer, kind: "write" }];
  return { id: fields.function, function: fields.function, span, accesses } as unknown as Hazard;
}

const nothing = (): ReadonlySet<string> => new Set();

describe("faults of built extensions", () => {
  it("are pairs of the innermost own frames", () => {
    expect(describePair(faultOf(useAfterFree))).toBe("heap-use-after-free reading at pkg/table.h:40 in entry_at, freed at pkg/table.h:314 in table_free");
    expect(describePair(faultOf(segv))).toBe("SEGV writing at pkg/table.c:99 in table_put");
    expect(describePair(faultOf(race))).toBe("data race writing at pkg/table.c:5 in bump, against reading at pkg/table.c:9 in look");
  });

  it("are read from failed asserts and fatal errors, and not from a plain death", () => {
    expect(readNativeFaults("python: pkg/table.c:12: put: Assertion `n >= 0' failed.\n")).toMatchObject([{ kind: "assertion n >= 0", use: [{ line: 12 }] }]);
    expect(readNativeFaults("Fatal Python error: PyMutex_Unlock: unlocking mutex that is not locked\n")[0]?.kind).toBe(
      "fatal error: PyMutex_Unlock: unlocking mutex that is not locked",
    );
    expect(readNativeFaults("Fatal Python error: Segmentation fault\n")).toEqual([]);
    expect(readNativeFaults("Traceback (most recent call last):\n")).toEqual([]);
  });

  it("are one when they are the same, whoever called", () => {
    const again = useAfterFree.replace("iter_next pkg/iter.c:79", "other pkg/table.c:1");
    expect(foldFaults([faultOf(useAfterFree), faultOf(segv), faultOf(again)]).map(({ count }) => count)).toEqual([2, 1]);
  });

  it("are all read where the process goes on after a report; races of the interpreter with itself are none", () => {
    const turned = race.replace("Write of size 8 at 0x7b by thread T1", "Read of size 8 at 0x7b by thread T1").replace("Previous read", "Previous write");
    const mirrored = turned.replace("bump pkg/table.c:5", "look pkg/table.c:9").replace("#0 look pkg/table.c:9 (table.so+0x12)", "#0 bump pkg/table.c:5");
    const ofPython = race.replaceAll("pkg/table.c", "Objects/dictobject.c");
    const lost = race.replace(/ +#0 look.*/, "    [failed to restore the stack]");
    const ends = { signal: null, isKilled: false };
    expect(faultsOf({ stderr: race + ofPython + lost + mirrored, ...ends }, { files }).map(describePair)).toEqual([describePair(faultOf(race))]);
    expect(faultsOf({ stderr: race + segv, ...ends }, { files }).map(({ kind }) => kind)).toEqual(["data race", "SEGV"]);
    expect(faultsOf({ stderr: "", signal: "SIGSEGV", isKilled: false }, { files }).map(({ kind }) => kind)).toEqual(["SIGSEGV"]);
    expect(faultsOf({ stderr: "", signal: "SIGKILL", isKilled: true }, { files })).toEqual([]);
  });

  it("show the hazards of both sides, and no others", () => {
    const hazards = [
      hazard({ function: "table_next", file: "pkg/table.h", line: 60, writer: "table_clear" }),
      hazard({ function: "table_next", file: "pkg/table.h", line: 61, writer: "elsewhere" }),
      hazard({ function: "unrelated", file: "pkg/table.h", line: 64, writer: "table_clear" }),
    ];
    expect(matchFault(faultOf(useAfterFree), hazards, nothing).map(({ span }) => span.line)).toEqual([60]);
    const known = (): ReadonlySet<string> => new Set(["table_free"]);
    expect(matchFault(faultOf(useAfterFree), hazards, known)).toHaveLength(2);
  });

  it("without a second stack show hazards at their line or in their function", () => {
    const hazards = [hazard({ function: "table_put", file: "pkg/table.c", line: 80 }), hazard({ function: "put", file: "pkg/table.c", line: 99 })];
    expect(matchFault(faultOf(segv), hazards, nothing).map(({ id }) => id)).toEqual(["table_put"]);
  });
});
