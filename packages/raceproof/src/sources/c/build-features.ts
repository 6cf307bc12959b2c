// Macros by which a build switches features on, "HAVE_LIBTIFF", "USE_ZLIB": no file of the project defines them, the build's command line does.
// What enters: a name. What leaves: its definition, where the code behind it is to be read. Platforms and instruction sets are no features: one is modeled.
import { readMacro } from "./macro.ts";
import type { Macro } from "./macro.ts";
import { noFile } from "./position-map.ts";

const feature = /^([A-Z][A-Z0-9]*_)*(HAVE|HAS|WITH|USE|ENABLE)_[A-Z0-9_]+$|^[A-Z][A-Z0-9]*_(EXTENSIONS|SUPPORT)$/;
const notOfThisBuild =
  /_H_*$|WIN(32|64|DOWS|_)|MSVC|MSC_|MAC|DARWIN|APPLE|BSD|SOLARIS|SUN|AIX|CYGWIN|MINGW|ANDROID|WASI|EMSCRIPTEN|PYPY|ARM|NEON|SSE|AVX|ALTIVEC|VSX|VX|RVV|ASM|DEBUG|TRACE|SANITIZE|VALGRIND/;

/** @returns the macro that the build would define; undefined for any other name */
export function buildFeature(name: string): Macro | undefined {
  if (!feature.test(name) || notOfThisBuild.test(name)) return undefined;
  const text = `${name} 1`;
  return readMacro({ text, file: noFile }, 0, text.length);
}
