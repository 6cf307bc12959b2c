// Names as small numbers, for the kind and role tables of each language. Enters: names. Leaves: each with its position plus one; 0 means none.

export function numbered<const T extends readonly string[]>(names: T): { readonly [K in T[number]]: number } {
  return Object.fromEntries(names.map((name, index) => [name, index + 1])) as { readonly [K in T[number]]: number };
}
