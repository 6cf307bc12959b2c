// Which files are C or C++ by their name.

const native = /\.(c|h|cc|cpp|cxx|hh|hpp|hxx)$/;

export function isNativeSource(path: string): boolean {
  return native.test(path);
}
