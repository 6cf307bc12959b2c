// What is known of PyO3's releases: defects with the versions that have them, and what each release supports.
export * from "./breaking-releases.ts";
export * from "./known-defects.ts";
export * from "./supported-pythons.ts";
