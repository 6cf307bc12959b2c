// Makes sure that no agent outlives this process: whatever is registered runs when it exits or is told to end.

type Ending = () => void;

const endings = new Set<Ending>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let isListening = false;

/** Returns a function that takes the registration back. */
export function endWithUs(ending: Ending): () => void {
  endings.add(ending);
  listen();
  return () => {
    endings.delete(ending);
    if (endings.size === 0) stopListening();
  };
}

function runAll(): void {
  for (const ending of endings) ending();
  endings.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  // Somebody else handles the signal too: whether the process ends, and what with it, is then theirs to say.
  if (process.listenerCount(signal) > 1) return;
  runAll();
  stopListening();
  process.kill(process.pid, signal);
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  process.on("exit", runAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function stopListening(): void {
  isListening = false;
  process.off("exit", runAll);
  for (const signal of signals) process.off(signal, onSignal);
}
