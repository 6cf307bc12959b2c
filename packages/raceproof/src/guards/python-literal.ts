// Plain values in, Python source of the same values out. Text is kept readable: several lines stay several lines.

/** A literal that Python reads back as the same value; objects become dictionaries. */
export function pythonLiteral(value: unknown, indent = ""): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return `${value}`;
  if (typeof value === "string") return quote(value);
  const inner = `${indent}    `;
  const entries = Array.isArray(value)
    ? value.map((each) => pythonLiteral(each, inner))
    : Object.entries(value).map(([key, each]) => `${quote(key)}: ${pythonLiteral(each, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const line = `${open}${entries.join(", ")}${close}`;
  if (indent.length + line.length <= 110 && !line.includes("\n")) return line;
  return `${open}\n${entries.map((entry) => `${inner}${entry},\n`).join("")}${indent}${close}`;
}

/** Program text as a raw string over several lines where Python can read it so. */
export function pythonText(text: string): string {
  const isPlain = !text.includes("'''") && !/['\\]$/.test(text) && !text.includes("\r") && !text.includes("\0");
  return isPlain ? `r'''${text}'''` : quote(text);
}

/** Escapes of JSON mean the same in Python, but for characters beyond the basic plane, which JSON.stringify leaves as they are. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
