// What all browser tests begin with: a server, people, and an eye on what must never happen in any page.

import { type BrowserContext, type BrowserContextOptions, type Page, test as base, expect } from "@playwright/test";
import { Network } from "./network.ts";
import { type Server, startServer } from "./server.ts";

export { expect, type Page } from "@playwright/test";

export interface Fixtures {
  /** Flags of the server. */
  flags: string[];
  server: Server;
  /** Another way to the server, by its url, that can be disturbed. */
  network: Network;
  /** A browser of somebody new, without any page. */
  someone: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Somebody new, who has joined a room by the front door. */
  join: (username: string, room: string, options?: BrowserContextOptions) => Promise<Page>;
}

/** What a browser says when a page tries what the policy forbids, or fails. */
const alarming = /Content Security Policy|TrustedHTML|TrustedScript|Uncaught/i;

export const test = base.extend<Fixtures>({
  flags: [[], { option: true }],

  server: async ({ flags }, use) => {
    const server = await startServer(flags);
    await use(server);
    const code = await server.stop();
    server.remove();
    expect(code, "the server's exit code").toBe(0);
  },

  network: async ({ server }, use) => {
    const network = await Network.before(server);
    await use(network);
    await network.close();
  },

  someone: async ({ browser, server, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    const alarms: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: server.url, viewport: { width: 1280, height: 800 }, ...options });
      contexts.push(context);
      context.on("dialog", (dialog) => {
        if (dialog.type() !== "beforeunload") alarms.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      context.on("weberror", (error) => alarms.push(`error: ${error.error().message}`));
      context.on("console", (said) => alarming.test(said.text()) && alarms.push(`console: ${said.text()}`));
      return context;
    });
    for (const context of contexts) await context.close();
    expect(alarms, "what no page may do").toEqual([]);
  },

  join: async ({ someone }, use) => {
    await use(async (username, room, options) => {
      const context = await someone(options);
      const page = await context.newPage();
      await page.goto("/");
      await joinAs(page, username, room);
      return page;
    });
  },
});

/** Fills in the join page, and waits for the room. */
export async function joinAs(page: Page, username: string, room: string): Promise<void> {
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=room]").fill(room);
  await page.locator("input[name=room]").press("Enter");
  await inRoom(page, room);
}

/** Waits until the page shows a room, and the client has taken it over. */
export async function inRoom(page: Page, room: string): Promise<void> {
  await expect(page.getByTestId("room")).toHaveText(room.trim());
  await expect(page.getByRole("log")).toBeVisible();
}
