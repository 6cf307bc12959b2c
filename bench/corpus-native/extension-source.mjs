// A path in, whether it is a source of an extension out: C and C++, without tests and examples.
export const isExtensionSource = (path) => /\.(c|h|cc|cpp|cxx|hpp)$/.test(path) && !/(^|\/)(tests?|testing|examples?)\//.test(path);
