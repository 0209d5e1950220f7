// An empty server: the printed link makes its owner, once, however many hold it.

import { PASSWORD } from "./office.ts";
import { expect, type Page, test } from "./test.ts";

test("of two people at the form at the same moment one becomes the owner, and the other is told", async ({ someone, server }) => {
  const both = [await (await someone()).newPage(), await (await someone()).newPage()];
  for (const [i, page] of both.entries()) {
    await page.goto(server.setupLink);
    await page.getByLabel("Your name").fill(["olga", "oleg"][i] ?? "");
    await page.getByLabel("Password").fill(PASSWORD);
  }
  await Promise.all(both.map((page) => page.getByRole("button", { name: "Create the owner" }).click()));
  const owns = (page: Page) => page.url() === `${server.url}/`;
  expect(both.filter(owns)).toHaveLength(1);
  for (const page of both) {
    const owner = owns(page);
    if (!owner) await expect(page.getByRole("main")).toContainText(/owner already|no longer/);
    await page.goto("/admin/");
    await expect(page.getByRole("heading", { name: "Administration", exact: true })).toHaveCount(owner ? 1 : 0);
  }
});

test("after ten wrong passwords in a row the next is told to wait", async ({ someone, server }) => {
  const token = new URL(server.setupLink).searchParams.get("token") ?? "";
  const context = await someone();
  await context.request.post("/-/setup", { form: { token, username: "olga", password: PASSWORD } });
  const page = await (await someone()).newPage();
  const tries = 10;
  for (let n = 0; n < tries; n++) {
    const answer = await page.request.post("/-/sign-in", { form: { username: "olga", password: `wrong ${n}` } });
    expect(answer.status(), await answer.text()).toBe(401);
  }
  await page.goto("/-/sign-in");
  await page.locator("input[name=username]").fill("olga");
  await page.getByLabel("Password").fill(PASSWORD);
  const answered = page.waitForResponse((r) => r.request().method() === "POST");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const response = await answered;
  expect(response.status()).toBe(429);
  expect(Number(response.headers()["retry-after"])).toBeGreaterThan(0);
  await expect(page.getByRole("alert")).toContainText(/wait/i);
});
