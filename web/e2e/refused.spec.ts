// Messages that cannot be sent, now or ever: what the page shows, and what can be done about them.

import AxeBuilder from "@axe-core/playwright";
import { answering, type Fate } from "./answers.ts";
import { box, connected, messages, say, saying, sees, stored } from "./room.ts";
import { removeTicked, setUp } from "./office.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

/** Expects a message to be shown as not sent, with Retry or with Restore and Discard, never both. */
async function offers(page: Page, text: string, offered: "Retry" | "Restore Discard"): Promise<void> {
  const message = saying(page, text);
  await expect(message).toHaveAttribute("data-state", "failed", { timeout: 8_000 });
  await expect(message).toContainText("Not sent");
  await expect(message.locator(".unsent").getByRole("button")).toHaveText(offered.split(" "));
}

/** Somebody in the lobby, whose first posts become what the test says; those after them pass. */
async function meeting(ana: Page, fates: Fate[]): Promise<{ ana: Page; posts: string[] }> {
  const posted = await answering(ana, (_, nth) => fates[nth - 1] ?? "pass");
  await ana.reload();
  await connected(ana);
  return {
    ana,
    get posts() {
      return posted.map((p) => p.text);
    },
  };
}

for (const [code, status] of [
  ["forbidden", 403],
  ["key_reused", 409],
  ["too_long", 413],
  ["invalid", 422],
] as const) {
  test(`${code} (${status}) is for good: Restore or Discard, and the rest goes on`, async ({ join }) => {
    const ben = await join("ben", "lobby");
    const refusal = { code, message: "It cannot be." };
    const { ana } = await meeting(await join("ana", "lobby"), [refusal, refusal]);
    for (const text of ["no", "not either", "goes on"]) await say(ana, text);
    await sees(ben, "goes on");
    for (const text of ["no", "not either"]) await offers(ana, text, "Restore Discard");
    await expect(saying(ana, "no")).toContainText("Not sent: It cannot be.");

    await box(ana).pressSequentially("begun");
    await saying(ana, "no").getByRole("button", { name: "Restore" }).click();
    await expect(box(ana)).toHaveValue("begun\nno");
    await expect(box(ana)).toBeFocused();
    await saying(ana, "not either").getByRole("button", { name: "Discard" }).click();
    await expect(messages(ana).locator(".text")).toHaveText(["goes on"]);
    await ana.reload();
    await inRoom(ana, "lobby");
    await expect(messages(ana).locator(".text")).toHaveText(["goes on"]);
    await expect(box(ana)).toHaveValue("begun\nno");
    expect(await stored(ben.context().request, "lobby")).toEqual(["goes on"]);
  });
}

for (const [code, fates] of [
  ["unavailable", [{ code: "unavailable", message: "The disk is full." }]],
  ["rate_limited", Array.from({ length: 2 }, () => ({ code: "rate_limited", message: "Slow down.", retry_after: 1 }))],
] as const) {
  test(`${code} passes: Retry, the room waits in its order, and it is sent by itself`, async ({ join }) => {
    const ben = await join("ben", "lobby");
    const { ana } = await meeting(await join("ana", "lobby"), [...fates, ...fates]);
    await say(ana, "first");
    await offers(ana, "first", "Retry");
    await say(ana, "second");
    await expect(saying(ana, "second")).toHaveAttribute("data-state", "pending");
    expect(await stored(ben.context().request, "lobby")).toEqual([]);
    for (const text of ["first", "second"]) await sees(ana, text, 15_000);
    expect(await stored(ben.context().request, "lobby")).toEqual(["first", "second"]);
  });
}

test("Retry sends it at once, and once", async ({ join }) => {
  const ben = await join("ben", "lobby");
  const meet = await meeting(await join("ana", "lobby"), Array.from({ length: 4 }, () => ({ code: "unavailable", message: "The disk is full.", retry_after: 600 })));
  await say(meet.ana, "urgent");
  for (let posts = 1; posts <= 4; posts++) {
    await expect.poll(() => meet.posts.length).toBe(posts);
    await offers(meet.ana, "urgent", "Retry");
    await meet.ana.getByTestId("retry").click();
  }
  await sees(meet.ana, "urgent");
  await expect.poll(() => meet.posts).toEqual(Array.from({ length: 5 }, () => "urgent"));
  expect(await stored(ben.context().request, "lobby")).toEqual(["urgent"]);
});

test("who restores while editing keeps the edited message as it is", async ({ join }) => {
  const { ana } = await meeting(await join("ana", "lobby"), ["pass", { code: "invalid", message: "It cannot be." }]);
  await say(ana, "fine");
  await sees(ana, "fine");
  await say(ana, "refused");
  await offers(ana, "refused", "Restore Discard");
  await saying(ana, "fine").hover();
  await saying(ana, "fine").getByRole("button", { name: /^More about/ }).click();
  await ana.getByRole("menuitem", { name: "Edit" }).click();
  await box(ana).pressSequentially(" indeed");
  await ana.getByTestId("restore").click();
  await expect(box(ana)).toHaveValue("refused");
  await expect(ana.getByText("Editing your message")).toHaveCount(0);
  await sees(ana, "fine");
});

test("what was refused in another room is marked there, and what was for a room that is gone can be taken along", async ({ join, server, someone }) => {
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  const ana = await join("ana", "lobby");
  const { ana: page } = await meeting(ana, ["swallow", { code: "not_found", message: "There is no such room." }]);
  await page.getByLabel("Join or make a room").fill("garden");
  await page.getByLabel("Join or make a room").press("Enter");
  await inRoom(page, "garden");
  await say(page, "to the garden");
  const lobby = page.getByTestId("room-list").getByRole("link", { name: "lobby" });
  await lobby.click();
  await inRoom(page, "lobby");
  await page.reload(); // posts again, and is refused
  await connected(page);
  const garden = page.getByTestId("room-list").getByRole("link", { name: /garden/ });
  await expect(garden).toHaveAccessibleName(/garden.*not sent/);
  await expect(page.getByRole("group", { name: "Messages to rooms that are gone" })).toHaveCount(0);

  await olga.goto("/admin/rooms/");
  await removeTicked(olga, "garden");
  const gone = page.getByRole("group", { name: "Messages to rooms that are gone" });
  await expect(gone).toContainText("to garden");
  await expect(gone).toContainText("to the garden");
  await gone.getByRole("button", { name: "Restore" }).click();
  await expect(gone).toHaveCount(0);
  await expect(box(page)).toHaveValue("to the garden");
});

test.describe("a browser that keeps nothing", () => {
  for (const [how, script] of [
    ["has no database", () => Object.defineProperty(window, "indexedDB", { value: undefined })],
    [
      "forbids it",
      () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("denied", "SecurityError");
        };
      },
    ],
    ["never answers", () => (IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest)],
    [
      "is full",
      () => {
        const { transaction } = IDBDatabase.prototype;
        IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
          const begun = transaction.apply(this, args);
          if (args[2]) begun.commit = () => begun.abort();
          return begun;
        };
      },
    ],
  ] as const) {
    test(`because it ${how}, works from memory, and says once what that means`, async ({ someone, join, network }) => {
      const ben = await join("ben", "lobby");
      const context = await someone({ baseURL: network.url });
      await context.addInitScript(script);
      const ana = await context.newPage();
      await ana.goto("/");
      await ana.locator("input[name=username]").fill("ana");
      await ana.locator("input[name=room]").fill("lobby");
      await ana.locator("input[name=room]").press("Enter");
      await inRoom(ana, "lobby");
      await connected(ana);
      await expect(ana.getByTestId("status")).toHaveText("");
      await box(ana).pressSequentially("h");
      await expect(ana.getByTestId("status")).toContainText("This browser keeps nothing");
      await box(ana).pressSequentially("ello");
      await box(ana).press("Enter");
      await sees(ben, "hello");
      await sees(ana, "hello");
      await expect(ana.getByTestId("status"), "said once").toHaveText("");

      network.cut();
      await say(ana, "held up");
      await expect(ana.getByTestId("status")).toContainText("Keep this page open");
      const leaving = context.waitForEvent("dialog"); // the browser asks before it closes the page
      await ana.close({ runBeforeUnload: true });
      expect((await leaving).type()).toBe("beforeunload");
      network.down = false;
      await sees(ana, "held up");
      expect(await stored(ben.context().request, "lobby")).toEqual(["hello", "held up"]);
    });
  }

  test("or gives it late, when something is typed already, has the draft and what was typed", async ({ join }) => {
    const ana = await join("ana", "lobby");
    await box(ana).fill("from before");
    await ana.addInitScript(() => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (this: IDBFactory, ...args: Parameters<typeof open>) {
        const late = new EventTarget();
        addEventListener("come", () => {
          const request = open.apply(this, args);
          request.addEventListener("success", () => Object.assign(late, { result: request.result }).dispatchEvent(new Event("success")));
        });
        return late as IDBOpenDBRequest;
      };
    });
    await ana.reload();
    await expect(ana.locator("form.box.idle")).toBeVisible(); // the client's own box
    await box(ana).pressSequentially("typed");
    await expect(box(ana)).toHaveValue("typed");
    await ana.evaluate(() => dispatchEvent(new Event("come")));
    await expect(box(ana)).toHaveValue("from before\ntyped");
    await box(ana).pressSequentially(" on");
    await expect(box(ana)).toHaveValue("from before\ntyped on");
  });
});

test("what is typed while the page loads stays, below the draft", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await box(ana).fill("from before");
  await ana.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (this: IDBFactory, ...args: Parameters<typeof open>) {
      const area = document.querySelector("textarea");
      area?.focus();
      if (area) area.value = "typed";
      return open.apply(this, args);
    };
  });
  await ana.reload();
  await expect(box(ana)).toHaveValue("from before\ntyped");
  await expect(box(ana)).toBeFocused();
});

test("what is sent while the page loads is sent, and once", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await box(ana).fill("an old draft");
  await ana.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (this: IDBFactory, ...args: Parameters<typeof open>) {
      const area = document.querySelector("textarea");
      if (area) area.value = "one";
      area?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      if (area) area.value = "two";
      area?.form?.requestSubmit();
      return open.apply(this, args);
    };
  });
  await ana.reload();
  for (const text of ["one", "two"]) await sees(ana, text);
  await expect(box(ana)).toHaveValue("an old draft");
  expect(await stored(ana.request, "lobby")).toEqual(["one", "two"]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing wrong with unsent messages in ${colorScheme} colours, and all can be done by keyboard`, async ({ join }) => {
    const page = await join("ana", "lobby", { colorScheme, reducedMotion: "reduce" });
    const { ana } = await meeting(page, [{ code: "invalid", message: "It cannot be." }, { code: "unavailable", message: "The disk is full.", retry_after: 60 }]);
    await say(ana, "never");
    await say(ana, "not now");
    await offers(ana, "never", "Restore Discard");
    await offers(ana, "not now", "Retry");
    await say(ana, "on its way");
    const { violations } = await new AxeBuilder({ page: ana }).analyze();
    expect(violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id)).toEqual([]);
    const reached: string[] = [];
    for (let i = 0; i < 8; i++) {
      await ana.keyboard.press("Shift+Tab");
      reached.push(await ana.evaluate(() => document.activeElement?.textContent?.trim() ?? ""));
    }
    expect(reached.join(" ")).toContain("Retry Discard Restore");
    await ana.getByTestId("restore").focus();
    await ana.keyboard.press("Enter");
    await expect(box(ana)).toHaveValue("never");
    await expect(box(ana)).toBeFocused();
    await ana.getByTestId("retry").focus();
    await ana.keyboard.press("Enter");
    await sees(ana, "not now");
  });
}
