// Passkeys, with a device in the browser: a guest who becomes a member by one, and comes back with it elsewhere.

import AxeBuilder from "@axe-core/playwright";
import type { BrowserContextOptions } from "@playwright/test";
import { Authenticator } from "./authenticator.ts";
import { say, saying, sees } from "./room.ts";
import type { Server } from "./server.ts";
import { expect, inRoom, joinAs, type Page, test } from "./test.ts";

/** Passkeys belong to a name, and an address such as 127.0.0.1 is none. */
const byName = (server: Server): BrowserContextOptions => ({ baseURL: server.url.replace("127.0.0.1", "localhost") });

/** Becomes a member by a passkey, from the page where a guest is asked to. */
async function becomeMember(page: Page): Promise<void> {
  await page.goto("/-/register");
  await page.getByRole("button", { name: "Use a passkey, no password" }).click();
  await expect(page.getByRole("status")).toContainText("You are a member now.");
}

test("a guest becomes a member by a passkey, and signs in elsewhere to the same rooms", async ({ someone, server }) => {
  const ben = await (await someone(byName(server))).newPage();
  await ben.goto("/");
  await joinAs(ben, "ben", "garden");

  const ana = await (await someone(byName(server))).newPage();
  await ana.goto("/");
  await joinAs(ana, "ana", "garden");
  for (const text of ["one", "two", "three"]) {
    await say(ana, text);
    await sees(ana, text);
  }
  const device = await Authenticator.of(ana);
  await becomeMember(ana);
  const [passkey] = await device.passkeys();
  if (!passkey) throw new Error("the device has no passkey");
  await ana.goto("/garden/ana/");
  await inRoom(ana, "garden");
  for (const text of ["one", "two", "three"]) await expect(saying(ana, text)).toHaveClass(/mine/);
  await say(ana, "four");
  await sees(ben, "four");

  const elsewhere = await (await someone(byName(server))).newPage();
  await (await Authenticator.of(elsewhere)).keep(passkey);
  await elsewhere.goto("/-/sign-in?next=/garden/ana/");
  await elsewhere.getByRole("button", { name: "Use a passkey" }).click();
  await inRoom(elsewhere, "garden");
  for (const text of ["one", "two", "three", "four"]) await expect(saying(elsewhere, text)).toHaveClass(/mine/);
  await say(elsewhere, "five");
  await sees(ana, "five");
});

test("one's own page lists passkeys, names them, and keeps the last one", async ({ someone, server }) => {
  const page = await (await someone(byName(server))).newPage();
  await page.goto("/");
  await joinAs(page, "ana", "lobby");
  await Authenticator.of(page);
  await becomeMember(page);
  const name = page.getByLabel("Name of this passkey");
  await expect(name).toHaveValue("Passkey");
  await page.getByRole("button", { name: "Remove Passkey" }).click();
  await expect(page.getByRole("alert").first()).toContainText("the only way you can sign in");
  await name.fill("My phone");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(name).toHaveValue("My phone");
  // The device has one for this person already.
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("This device has a passkey for you already.")).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id)).toEqual([]);
});

test("somebody new needs nothing but a name and a passkey", async ({ someone, server }) => {
  const page = await (await someone(byName(server))).newPage();
  await Authenticator.of(page);
  await page.goto("/-/register");
  await page.getByLabel("Your name").fill("eva");
  await page.getByRole("button", { name: "Use a passkey, no password" }).click();
  await expect(page.getByRole("status")).toContainText("You are a member now.");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("eva");
});

test("a device without a passkey, and one that is not known here, sign nobody in", async ({ someone, server }) => {
  const page = await (await someone(byName(server))).newPage();
  const device = await Authenticator.of(page);
  await page.goto("/-/register");
  await page.getByLabel("Your name").fill("eva");
  await page.getByRole("button", { name: "Use a passkey, no password" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("eva");
  const [passkey] = await device.passkeys();
  if (!passkey) throw new Error("the device has no passkey");

  const other = await (await someone(byName(server))).newPage();
  const stranger = await Authenticator.of(other);
  await other.goto("/-/sign-in");
  const button = other.getByRole("button", { name: "Use a passkey" });
  await stranger.keep({ ...passkey, credentialId: "AAAAAAAAAAAAAAAAAAAAAA==" });
  await button.click();
  await expect(other.getByRole("alert")).toContainText("There is no such passkey.");
  await expect(other).toHaveURL(/\/-\/sign-in$/);
});

test("without JavaScript nothing is offered that would not work", async ({ someone, server }) => {
  const page = await (await someone({ ...byName(server), javaScriptEnabled: false })).newPage();
  await page.goto("/-/sign-in");
  await expect(page.getByRole("button", { name: "Use a passkey" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
});

test("nor in a browser without passkeys", async ({ someone, server }) => {
  const context = await someone(byName(server));
  await context.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
  const page = await context.newPage();
  await page.goto("/-/sign-in");
  await expect(page.getByRole("button", { name: "Use a passkey" })).toBeHidden();
});
