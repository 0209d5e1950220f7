// What is mine: taken along, and deleted, from my own page.

import { readFileSync } from "node:fs";
import { PASSWORD } from "./office.ts";
import { enrol } from "./people.ts";
import { messages, say, saying, sees } from "./room.ts";
import { expect, joinAs, test } from "./test.ts";

test("a member takes everything along, for the password", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await say(ana, "mine to keep");
  await sees(ana, "mine to keep");
  await enrol(ana);
  await ana.goto("/-/me");
  await ana.getByRole("link", { name: "Take it along" }).click();
  await ana.getByLabel("Password").fill("nonsense");
  await ana.getByRole("button", { name: "Download" }).click();
  await expect(ana.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await ana.getByLabel("Password").fill(PASSWORD);
  const downloading = ana.waitForEvent("download");
  await ana.getByRole("button", { name: "Download" }).click();
  const file = readFileSync(await (await downloading).path());
  expect(file.subarray(0, 2).toString(), "a zip").toBe("PK");
  expect(file.includes("parley.json") && file.includes("parley.html")).toBe(true);
});

for (const [what, choice, kept] of [
  ["stay under another name", "stays", 1],
  ["are deleted too", "is deleted too", 0],
] as const) {
  test(`whoever deletes the account is gone at once, and messages ${what}`, async ({ join, someone }) => {
    const ana = await join("ana", "lobby");
    const ben = await join("ben", "lobby");
    await say(ben, "I was ben");
    await sees(ana, "I was ben");
    await enrol(ben);
    const tab = await ben.context().newPage();
    await tab.goto("/-/me");
    await tab.getByRole("link", { name: /^Delete/ }).click();
    await tab.getByRole("radio", { name: choice }).check();
    await tab.getByLabel("Password").fill(PASSWORD);
    await tab.getByRole("button", { name: "Delete my account" }).click();
    await expect(tab.getByRole("heading", { name: "Your account is gone" })).toBeVisible();

    await expect(ben.getByTestId("status"), "the other tab").toContainText("session has ended");
    await expect(saying(ana, "I was ben")).toHaveCount(kept);
    if (kept === 1) await expect(messages(ana).locator(".name")).toHaveText("former member");
    await ana.reload();
    await expect(messages(ana)).toHaveCount(kept);
    await expect(ana.getByRole("region", { name: "Messages" }).getByText("ben", { exact: true })).toHaveCount(0);

    const again = await (await someone()).newPage();
    await again.goto("/");
    await joinAs(again, "ben", "lobby");
    await expect(again.getByTestId("message").locator(".name", { hasText: "You" }), "another ben").toHaveCount(0);
  });
}

test("a guest types the name instead of a password", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await ana.goto("/-/me/delete");
  await ana.getByLabel("Type your name, ana").fill("anna");
  await ana.getByRole("button", { name: "Delete my account" }).click();
  await expect(ana.getByLabel("Type your name, ana")).toHaveAttribute("aria-invalid", "true");
  await ana.getByLabel("Type your name, ana").fill("ana");
  await ana.getByRole("button", { name: "Delete my account" }).click();
  await expect(ana.getByRole("heading", { name: "Your account is gone" })).toBeVisible();
  await ana.goto("/");
  await expect(ana.getByLabel("Your name")).toHaveValue("");
});
