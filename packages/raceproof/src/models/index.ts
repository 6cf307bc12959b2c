// The models shelf: what we know of APIs, as tables with a source for each row. Decides nothing.
export * from "./identity-objects.ts";
export * from "./lock-constructors.ts";
export * from "./atomicity.ts";
export * from "./family-versions.ts";
export * from "./fork-calls.ts";
export * from "./locked-hooks.ts";
export * from "./one-user-roles.ts";
export * from "./process-state.ts";
export * from "./python-containers.ts";
export * from "./registrations.ts";
export * from "./set-up-names.ts";
export * from "./single-thread-objects.ts";
export * from "./resource-names.ts";
export * from "./single-user-bases.ts";
export * from "./thread-starts.ts";
export * from "./waiting-calls.ts";
