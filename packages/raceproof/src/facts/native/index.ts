// Facts of C and C++: parsed units in, a NativeProgram out.
export { analyzeNative } from "./analyze-native.ts";
