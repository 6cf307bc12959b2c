// The macros a file finds defined before its first line.
// What enters: a build configuration and the language. What leaves: fixed macros (prelude) and predefined ones, as MacroTable takes them.
// Models GCC on Linux, x86-64. What pyconfig.h says is reduced to what such a system has everywhere.
import type { BuildConfiguration } from "./build-configuration.ts";
import { readMacro, type Macro } from "./macro.ts";
import { noFile } from "./position-map.ts";
import * as prelude from "./prelude.ts";

const compilerDefines = `
#define __GNUC__ 13
#define __GNUC_MINOR__ 2
#define __STDC__ 1
#define __STDC_HOSTED__ 1
#define __linux__ 1
#define __linux 1
#define linux 1
#define __unix__ 1
#define __x86_64__ 1
#define __LP64__ 1
#define _LP64 1
#define __SIZEOF_POINTER__ 8
#define __SIZEOF_LONG__ 8
#define __SIZEOF_LONG_LONG__ 8
#define __SIZEOF_INT__ 4
#define __SIZEOF_SHORT__ 2
#define __SIZEOF_SIZE_T__ 8
#define __SIZEOF_INT128__ 16
#define __CHAR_BIT__ 8
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ 1234
#define __SSE2__ 1
#define CHAR_BIT 8
#define SHRT_MAX 32767
#define INT_MAX 2147483647
#define UINT_MAX 4294967295
#define LONG_MAX 9223372036854775807
#define ULONG_MAX 18446744073709551615
#define LLONG_MAX 9223372036854775807
#define ULLONG_MAX 18446744073709551615
#define SIZE_MAX 18446744073709551615
#define INTPTR_MAX 9223372036854775807
`;

const pythonConfiguration = `
#define SIZEOF_VOID_P 8
#define SIZEOF_LONG 8
#define SIZEOF_LONG_LONG 8
#define SIZEOF_INT 4
#define SIZEOF_SHORT 2
#define SIZEOF_SIZE_T 8
#define SIZEOF_TIME_T 8
#define SIZEOF_OFF_T 8
#define SIZEOF_WCHAR_T 4
#define SIZEOF_DOUBLE 8
#define SIZEOF_FLOAT 4
#define PY_SSIZE_T_MAX 9223372036854775807
#define PY_LITTLE_ENDIAN 1
#define PY_BIG_ENDIAN 0
#define WITH_THREAD 1
#define PYTHON_API_VERSION 1013
#define PYTHON_ABI_VERSION 3
#define HAVE_PTHREAD_H 1
#define HAVE_UNISTD_H 1
#define HAVE_STDINT_H 1
#define HAVE_DYNAMIC_LOADING 1
#define HAVE_FORK 1
#define HAVE_LONG_LONG 1
#define HAVE_STD_ATOMIC 1
#define HAVE_BUILTIN_ATOMIC 1
`;

export interface PredefinedMacros {
  readonly fixed: ReadonlyMap<string, Macro>;
  readonly predefined: ReadonlyMap<string, Macro>;
}

export function predefinedMacros(configuration: BuildConfiguration, language: "c" | "cpp"): PredefinedMacros {
  const fixed = new Map(readDefinitions(prelude.pythonMacros + prelude.compilerMacros + (language === "c" ? prelude.macrosOfC : prelude.macrosOfCpp)));
  for (const name of prelude.keptNames) fixed.set(name, keptMacro(name));
  const predefined = new Map(readDefinitions(compilerDefines + pythonConfiguration + textOf(configuration, language)));
  const version = configuration.pythonVersion >>> 16;
  for (const [name, macro] of fixed) if (/^_?Py/.test(name) && (prelude.introducedIn.get(name) ?? 0) <= version) predefined.set(name, macro);
  return { fixed, predefined };
}

function textOf({ threading, pythonVersion, defines }: BuildConfiguration, language: "c" | "cpp"): string {
  const lines = Object.entries(defines).map(([name, value]) => `#define ${name} ${value}`);
  lines.push(language === "c" ? "#define __STDC_VERSION__ 201112" : "#define __cplusplus 201703");
  lines.push(`#define PY_VERSION_HEX ${pythonVersion}`, `#define PY_MAJOR_VERSION ${pythonVersion >>> 24}`);
  lines.push(`#define PY_MINOR_VERSION ${(pythonVersion >>> 16) & 0xff}`, `#define PY_MICRO_VERSION ${(pythonVersion >>> 8) & 0xff}`);
  if (threading === "free-threaded") lines.push("#define Py_GIL_DISABLED 1");
  return `${lines.join("\n")}\n`;
}

function* readDefinitions(text: string): Generator<[string, Macro]> {
  const source = { text, file: noFile };
  for (const match of text.matchAll(/^#define (.*)$/gm)) {
    const macro = readMacro(source, match.index + "#define ".length, match.index + match[0].length);
    if (macro !== undefined) yield [macro.name, macro];
  }
}

/** Never expanded, as constants are not; without a body it is none. */
function keptMacro(name: string): Macro {
  return { name, parameters: undefined, isVariadic: false, source: { text: "", file: noFile }, body: [], isConstant: true };
}
