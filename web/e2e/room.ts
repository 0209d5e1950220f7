// A room's page, as people use it.

import { type APIRequestContext, expect, type Locator, type Page } from "@playwright/test";

export const box = (page: Page): Locator => page.getByTestId("message-box");
export const messages = (page: Page): Locator => page.getByTestId("message");

/** The messages that say exactly this. */
export function saying(page: Page, text: string): Locator {
  return messages(page).filter({ has: page.getByText(text, { exact: true }) });
}

/** Waits until the client has a connection: the server's word of who is here came over it, and stands on its button. */
export const connected = (page: Page): Promise<void> => expect(page.locator("button").and(page.getByTestId("who"))).toContainText(/\d/);

/** Writes a message and sends it with Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press("Enter");
}

/** Expects to see exactly one message with this text, which has been sent. */
export async function sees(page: Page, text: string, timeout = 5_000): Promise<void> {
  await expect(saying(page, text)).toHaveCount(1, { timeout });
  await expect(saying(page, text)).not.toHaveAttribute("data-state", { timeout });
}

/** Does something that the menu of a message offers. */
export async function choose(page: Page, text: string, item: string): Promise<void> {
  const message = saying(page, text);
  await message.hover();
  await message.getByRole("button", { name: /^More about/ }).click();
  await message.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Deletes a message by its menu. */
export async function remove(page: Page, text: string): Promise<void> {
  await choose(page, text, "Delete");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
}

/** The numbers of the messages in the page, from top to bottom. */
export async function numbers(page: Page): Promise<number[]> {
  return messages(page).evaluateAll((all) => all.map((m) => Number((m as HTMLElement).dataset.number)));
}

/** Posts by HTTP, as whoever the cookies are of, and gives the message's number. */
export async function post(request: APIRequestContext, room: string, text: string): Promise<number> {
  const response = await request.post(`/api/v1/rooms/${encodeURIComponent(room)}/messages`, { data: { text } });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { number: number }).number;
}

/** The texts of a room's newest messages, by HTTP. */
export async function stored(request: APIRequestContext, room: string): Promise<string[]> {
  const response = await request.get(`/api/v1/rooms/${encodeURIComponent(room)}/messages?limit=200`);
  expect(response.status(), await response.text()).toBe(200);
  return ((await response.json()) as { messages: { text: string }[] }).messages.map((m) => m.text);
}
