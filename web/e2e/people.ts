// People with accounts, the rooms at the side, and dialogs.

import { expect, type Locator, type Page } from "@playwright/test";
import { PASSWORD } from "./office.ts";
import { inRoom } from "./test.ts";

/** Makes a member of the guest whose page this is, and comes back to the room. */
export async function enrol(page: Page): Promise<void> {
  const title = (await page.getByTestId("room").textContent()) ?? "";
  const name = (await page.locator(".me-name").textContent()) ?? "";
  const response = await page.request.post("/-/register", { form: { username: name, password: PASSWORD } });
  expect(response.ok(), await response.text()).toBe(true);
  await page.goto(page.url());
  await inRoom(page, title);
}

/** The line of a room in the list, by exactly what it is called. */
export const line = (page: Page, name: string): Locator =>
  page.getByTestId("room-list").getByRole("link").filter({ has: page.locator(".room-name").getByText(name, { exact: true }) });

/** The number in the pill of a room in the list. */
export const unread = (page: Page, name: string): Locator => line(page, name).getByTestId("unread");

/** Goes to a room of the list. */
export async function go(page: Page, name: string): Promise<void> {
  await line(page, name).click();
  await inRoom(page, name);
}

export const dialog = (page: Page): Locator => page.getByRole("dialog");

/** Does something that the menu of the room offers. */
export async function about(page: Page, words: string): Promise<void> {
  await page.getByTestId("room-menu").click();
  await page.getByRole("group", { name: "About this room" }).getByRole("button", { name: words, exact: true }).click();
}

/** Makes a room by the dialog, and is in it. */
export async function make(page: Page, name: string, kind: "public" | "private" = "public", topic = ""): Promise<void> {
  await page.getByTestId("new-room").click();
  await dialog(page).getByLabel("Name", { exact: true }).fill(name);
  if (topic !== "") await dialog(page).getByLabel("Topic").fill(topic);
  if (kind === "private") await dialog(page).getByRole("radio", { name: /Only who is invited/ }).check();
  await dialog(page).getByRole("button", { name: "Make the room" }).click();
  await inRoom(page, name);
}

/** Chooses somebody in the field that finds people, by keyboard. */
export async function pick(page: Page, name: string): Promise<void> {
  await dialog(page).getByRole("combobox").fill(name);
  await expect(dialog(page).getByRole("option", { name, exact: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("list", { name: "Chosen" })).toContainText(name);
}

/** Brings somebody into the room that is open. */
export async function add(page: Page, name: string): Promise<void> {
  await about(page, "Add people");
  await pick(page, name);
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
}

/** Opens a direct room with somebody. */
export async function writeTo(page: Page, ...names: string[]): Promise<void> {
  await page.getByTestId("write-to").click();
  for (const name of names) await pick(page, name);
  await dialog(page).getByRole("button", { name: "Write", exact: true }).click();
  await inRoom(page, names.join(", ")); // given in the order of their names
}

/** Opens the card of a member of the room. */
export async function card(page: Page, name: string): Promise<void> {
  await about(page, "Members");
  await dialog(page).getByTestId("members").getByRole("button", { name: new RegExp(`${name}$|${name}Moderator`) }).click();
  await expect(dialog(page).getByRole("heading", { name, exact: true })).toBeVisible();
}

/** Makes an invitation on the page for it of the room that is open, and gives its link. */
export async function invite(page: Page, fields: { uses?: string; life?: string; note?: string } = {}): Promise<string> {
  const id = await page.locator('.room-link[aria-current="page"]').getAttribute("data-room");
  await page.goto(`/-/room/${id}/invites`);
  if (fields.life !== undefined) await page.getByLabel("Good for").selectOption(fields.life);
  await page.getByLabel("For how many people").fill(fields.uses ?? "");
  await page.getByLabel("A word to them").fill(fields.note ?? "");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await expect(page.getByRole("img", { name: "The link as a QR code" })).toBeVisible();
  return page.getByTestId("link").inputValue();
}
