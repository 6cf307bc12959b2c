// The door of the guards room: what was proved or fixed in, text of tests that keep it so out. Writes no file, runs nothing.
export { renderParallelGuard } from "./parallel-guard.ts";
export { renderReplayGuard, type ReplayGuard } from "./replay-guard.ts";
export { renderStaticGuard, type StaticGuardRequest } from "./static-guard.ts";
