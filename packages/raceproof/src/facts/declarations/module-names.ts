// File paths in, dotted module names out. It does not look into files.

/** "pkg/sub/__init__.py" -> "pkg.sub"; "src/" and other folders above the first package are dropped by the caller. */
export function moduleNameOf(file: string): string {
  const parts = file.replace(/\.(?:py|pyx|pxd|pxi)$/, "").split("/");
  if (parts.at(-1) === "__init__") parts.pop();
  return parts.join(".");
}

/** Absolute name of a possibly relative import (docs.python.org/3/reference/import.html#package-relative-imports). */
export function absoluteImport(current: { name: string; isPackage: boolean }, level: number, module: string): string {
  if (level === 0) return module;
  const parts = current.name.split(".");
  const keep = parts.length - level + (current.isPackage ? 1 : 0);
  const base = parts.slice(0, Math.max(0, keep));
  return module === "" ? base.join(".") : [...base, module].join(".");
}
