// The cache room: what an audit found out in, the same for the next audit out, as long as the disk keeps it. Deciding what of it still
// holds is not done here.
export { FactMemory } from "./fact-memory.ts";
export { openFactStore, type FactStore } from "./fact-store.ts";
export { openResultStore, openStateStore, type ResultStore } from "./result-store.ts";
export { analyzerIdentity } from "./analyzer-identity.ts";
export { openJournal, type JournalKey, type ResultJournal } from "./result-journal.ts";
