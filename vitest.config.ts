// Every TypeScript suite of the workspace: beside the code, beside the scripts, and the laws of the house.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "laws/**/*.test.ts",
      "scripts/**/*.test.ts",
      "litmus/**/*.test.ts",
      "examples/**/*.test.ts",
      "corpus/**/*.test.ts",
    ],
    // Suites start interpreters and measure schedules: two files at once is what two cores bear.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
