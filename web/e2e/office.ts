// The admin site, as an administrator uses it.

import { expect, type Page } from "@playwright/test";
import type { Server } from "./server.ts";

export const PASSWORD = "a horse of no battery";

/** Makes the first owner by the set-up link, in this page's browser. */
export async function setUp(page: Page, server: Server, username: string): Promise<void> {
  await page.goto(server.setupLink);
  await page.getByLabel("Your name").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create the owner" }).click();
  await expect(page).toHaveURL(`${server.url}/`);
}

/** The row of a list that holds a text. */
export const row = (page: Page, text: string) => page.getByTestId("row").filter({ hasText: text });

/** Ticks rows of a list, and deletes what they show. */
export async function removeTicked(page: Page, ...texts: string[]): Promise<void> {
  for (const text of texts) await row(page, text).getByRole("checkbox").check();
  await page.getByRole("button", { name: /Delete the ticked/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Delete");
  for (const text of texts) await expect(page.getByRole("main")).toContainText(text);
  await page.getByRole("button", { name: /^Delete/ }).click();
  await expect(page.getByTestId("note")).toContainText("Deleted");
}
