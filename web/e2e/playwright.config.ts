import { defineConfig } from "@playwright/test";

// The tests run real servers and a real browser, and nothing is tried twice: a test that fails now and then is a fault.
export default defineConfig({
  testDir: ".",
  // Pictures are for people, and drawn when asked for: make shots.
  testMatch: process.env.SHOTS ? "look*.spec.ts" : "*.spec.ts",
  testIgnore: process.env.SHOTS ? [] : "look*.spec.ts",
  globalSetup: "./build.ts",
  outputDir: "../test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: process.env.CI === "true",
  timeout: 45_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 5_000 },
  reporter: "list",
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 10_000,
    screenshot: "only-on-failure",
    trace: "off",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Vienna",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
