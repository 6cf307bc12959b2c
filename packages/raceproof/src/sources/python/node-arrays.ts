// The growing arrays a parser writes its nodes to, kept from one parse to the next.
// What enters: nothing. What leaves: arrays whose roles, details and names are all 0. Fresh memory for each file cost more
// than a tenth of the parse time.

/** Nodes; more grow the arrays. */
const initialCapacity = 1 << 14;
/** Larger arrays than this are not kept. */
const largestKept = 1 << 21;

export interface NodeArrays {
  readonly kind: Uint8Array;
  readonly role: Uint8Array;
  readonly detail: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly first: Uint32Array;
  readonly name: Uint32Array;
}

let idle: NodeArrays | undefined;

/** Arrays for one parse, which nobody else has until they are given back. */
export function borrowNodeArrays(): NodeArrays {
  const arrays = idle ?? allocateNodeArrays(initialCapacity);
  idle = undefined;
  return arrays;
}

/** Ends a borrowing, after `size` nodes were written. */
export function returnNodeArrays(arrays: NodeArrays, size: number): void {
  if (arrays.kind.length > largestKept) return;
  arrays.role.fill(0, 0, size);
  arrays.detail.fill(0, 0, size);
  arrays.name.fill(0, 0, size);
  idle = arrays;
}

/** The first `size` nodes, in arrays that are `capacity` long. */
export function copyNodeArrays(arrays: NodeArrays, size: number, capacity: number): NodeArrays {
  const copy = allocateNodeArrays(capacity);
  copy.kind.set(arrays.kind.subarray(0, size));
  copy.role.set(arrays.role.subarray(0, size));
  copy.detail.set(arrays.detail.subarray(0, size));
  copy.start.set(arrays.start.subarray(0, size));
  copy.end.set(arrays.end.subarray(0, size));
  copy.first.set(arrays.first.subarray(0, size));
  copy.name.set(arrays.name.subarray(0, size));
  return copy;
}

/** All seven lie in one buffer. */
function allocateNodeArrays(capacity: number): NodeArrays {
  const words = 4 * capacity;
  const buffer = new ArrayBuffer(4 * words + 3 * capacity);
  return {
    start: new Uint32Array(buffer, 0, capacity),
    end: new Uint32Array(buffer, words, capacity),
    first: new Uint32Array(buffer, 2 * words, capacity),
    name: new Uint32Array(buffer, 3 * words, capacity),
    kind: new Uint8Array(buffer, 4 * words, capacity),
    role: new Uint8Array(buffer, 4 * words + capacity, capacity),
    detail: new Uint8Array(buffer, 4 * words + 2 * capacity, capacity),
  };
}
