// A guest who stays: an account in place, its devices, a forgotten password, another device.

import AxeBuilder from "@axe-core/playwright";
import { Postbox } from "./postbox.ts";
import { box, messages, say, saying, sees } from "./room.ts";
import { freePort, Server } from "./server.ts";
import { expect, inRoom, joinAs, type Page, test } from "./test.ts";

const PASSWORD = "five small boats at sea";
const OTHER = "six large boats on land";

/** Makes a member of whoever uses the page, of that name or of the guest's. */
async function register(page: Page, name = "", email = ""): Promise<void> {
  await page.goto("/-/register");
  if (name !== "") await page.getByLabel("Your name").fill(name);
  if (email !== "") await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Become a member" }).click();
  await expect(page.getByRole("status")).toContainText("You are a member now.");
}

async function signIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.goto("/-/sign-in");
  await page.getByLabel("Your name or e-mail").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Says something as soon as the page takes it: while its session has ended the text stays in the box. */
async function insist(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await expect(async () => {
    await box(page).press("Enter");
    await expect(box(page)).toHaveValue("", { timeout: 500 });
  }).toPass();
}

test("a guest with three messages claims the name, and a second browser signs in to the same rooms", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  for (const text of ["one", "two", "three"]) {
    await say(ana, text);
    await sees(ben, text);
  }
  await ana.getByTestId("nudge").getByRole("link", { name: "Keep it" }).click();
  await expect(ana.getByLabel("Your name")).toHaveValue("ana");
  await ana.getByLabel("Your name").fill("Ana Lisa");
  await ana.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await ana.getByRole("button", { name: "Become a member" }).click();
  await expect(ana).toHaveURL(/\/-\/me|\/lobby\//);
  await expect(messages(ben).getByText("Ana Lisa", { exact: true }).first(), "the others see it live").toBeVisible();
  await expect(messages(ben).getByText("ana", { exact: true })).toHaveCount(0);

  await ana.goto("/lobby/Ana%20Lisa/");
  await inRoom(ana, "lobby");
  await expect(saying(ana, "three").getByText("You", { exact: true })).toHaveCount(1);
  await expect(ana.getByTestId("nudge")).toHaveCount(0);
  await expect(ana.getByTestId("me")).toContainText("Member");

  const second = await (await someone()).newPage();
  await signIn(second, "ana lisa");
  await second.getByRole("link", { name: /lobby/ }).click();
  await inRoom(second, "lobby");
  for (const text of ["one", "two", "three"]) await expect(saying(second, text).getByText("You", { exact: true })).toHaveCount(1);
  await say(second, "from the second browser");
  await sees(ana, "from the second browser");
});

test("a device is signed out from another, which closes its sockets at once", async ({ join, someone }) => {
  const here = await join("ana", "lobby");
  await register(here);
  const there = await (await someone()).newPage();
  await signIn(there, "ana");
  await there.getByRole("link", { name: /lobby/ }).click();
  await inRoom(there, "lobby");

  await here.goto("/-/me");
  const devices = here.getByTestId("devices").getByRole("listitem");
  await expect(devices).toHaveCount(2);
  await expect(devices.filter({ hasText: "this one" })).toContainText("Chrome on Linux");
  await here.getByTestId("devices").getByRole("button", { name: /^Sign out/ }).click();
  await expect(here.getByRole("status")).toHaveText("That device has been signed out.");
  await expect(there.getByTestId("status"), "its page says so").toContainText("session has ended", { timeout: 1_000 });
  await expect(devices).toHaveCount(1);
  await there.goto("/-/me");
  await expect(there.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the other tabs of the browser go on when a guest becomes a member, and when the password changes", async ({ join }) => {
  const tab = await join("ana", "lobby");
  const other = await tab.context().newPage();
  await register(other);
  await insist(tab, "as a member");
  await sees(tab, "as a member", 10_000);
  await expect(tab.getByTestId("me")).toContainText("Member");
  await other.goto("/-/me");
  await other.getByLabel("Your password now").fill(PASSWORD);
  await other.getByLabel("The new one").fill(OTHER);
  await other.getByRole("button", { name: "Change the password" }).click();
  await expect(other.getByRole("status")).toContainText("Your password has been changed");
  await insist(tab, "with a new password");
  await sees(tab, "with a new password", 10_000);
  await expect(tab.getByTestId("status")).toHaveText("");
});

test("a phone goes on by a code that works once", async ({ join, someone }) => {
  const desk = await join("ana", "lobby");
  await desk.goto("/-/me");
  await desk.getByRole("button", { name: "Go on with your phone" }).click();
  await expect(desk.getByTestId("move-code")).toBeVisible();
  await desk.getByText("No camera?").click();
  const link = (await desk.getByTestId("move-link").textContent()) ?? "";
  const phone = await (await someone({ viewport: { width: 390, height: 844 } })).newPage();
  await phone.goto(link);
  await expect(phone.getByRole("heading", { name: "Go on as ana?" })).toBeVisible();
  await phone.getByRole("button", { name: "Go on as ana" }).click();
  await phone.getByRole("link", { name: /lobby/ }).click();
  await inRoom(phone, "lobby");
  await say(phone, "from my phone");
  await sees(phone, "from my phone");

  const late = await (await someone()).newPage();
  await late.goto(link);
  await expect(late.getByText("This link is not valid, or no longer")).toBeVisible();
});

test("a forgotten password is replaced by a letter, without JavaScript as well", async ({ browser }) => {
  const letters = await Postbox.start();
  const port = await freePort();
  const server = new Server(port, ["--base-url", `http://127.0.0.1:${port}`, "--smtp", letters.url, "--mail-from", "chat@example.org"]);
  await server.start();
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await register(page, "ana", "ana@example.org");
  const first = await letters.next();
  expect(first.to).toBe("ana@example.org");
  await page.goto(first.link);
  await expect(page.getByRole("heading", { name: "Thank you" })).toBeVisible();

  const other = await (await browser.newContext({ baseURL: server.url, javaScriptEnabled: false })).newPage();
  await other.goto("/-/sign-in");
  await other.getByRole("link", { name: "Forgot your password?" }).click();
  await other.getByLabel("E-mail").fill("ana@example.org");
  await other.getByRole("button", { name: "Send me a link" }).click();
  await expect(other.getByText("is on its way to it")).toBeVisible();
  const second = await letters.next();
  await other.goto(second.link);
  await other.getByLabel("Password").fill(OTHER);
  await other.getByRole("button", { name: "Set the password" }).click();
  await expect(other.getByRole("status")).toHaveText("You have a new password. Sign in with it.");
  await signIn(other, "ana@example.org", OTHER);
  await expect(other.getByText("You are ana.")).toBeVisible();
  await other.goto(second.link);
  await expect(other.getByText("This link is not valid, or no longer")).toBeVisible();
  await other.context().close();
  await context.close();
  expect(await server.stop()).toBe(0);
  server.remove();
  await letters.stop();
});

test("ten wrong passwords, and the next is told to wait", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await register(ana);
  const guesser = await (await someone()).newPage();
  for (let n = 0; n < 10; n++) {
    await signIn(guesser, "ana", `wrong password ${n}`);
    await expect(guesser.getByRole("alert")).toHaveText("The name or the password is wrong.");
  }
  await signIn(guesser, "ana");
  await expect(guesser.getByRole("alert")).toContainText("Please wait");
});

test("a guest in another browser is asked before the name is given up", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await register(ana);
  const page = await (await someone()).newPage();
  await page.goto("/");
  await joinAs(page, "guest", "lobby");
  await page.goto("/-/sign-in");
  await expect(page.getByText("You are here as the guest guest. Signing in gives up that name.")).toBeVisible();
  await signIn(page, "ana");
  await expect(page.getByText("You are ana.")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the pages of one's own in ${colorScheme} colours are for everybody`, async ({ join }) => {
    const ana = await join("ana", "lobby", { colorScheme, reducedMotion: "reduce" });
    const look = async () => {
      const { violations } = await new AxeBuilder({ page: ana }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join("; ")}`)).toEqual([]);
    };
    for (const path of ["/-/me", "/-/register", "/-/sign-in", "/-/reset", "/-/move"]) {
      await ana.goto(path);
      await look();
    }
    await ana.getByRole("button", { name: "Show the code" }).click();
    await look();
    await register(ana);
    await look();
  });
}
