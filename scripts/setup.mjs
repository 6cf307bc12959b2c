// Makes a checkout ready to run: dependencies, compiled code, copied agent. Idempotent, quiet, safe to run twice at once.
// Everything it says goes to stderr, so that `npm start --silent` keeps stdout for results.
import { requireNode } from "../packages/raceproof/bin/require-node.js";

requireNode();
// Later modules may use what an old Node.js does not have.
import("./prepare-checkout.mjs").then(({ prepareCheckout }) => prepareCheckout(process.argv.slice(2)));
