// Reading back through a long room.

import { messages, numbers, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

/** How many messages the long room has, each "line N" with N its number. */
const LONG = 600;

test.use({ flags: ["--limits", "off"] });

/** The box that scrolls. */
const view = (page: Page) => page.getByRole("region", { name: "Messages" });

/** Somebody in a room of LONG messages by someone else. */
async function longRoom(join: (username: string, room: string) => Promise<Page>): Promise<Page> {
  const writer = await join("writer", "long");
  for (let i = 1; i <= LONG; i++) await post(writer.context().request, "long", `line ${i}`);
  await writer.close();
  return join("ana", "long");
}

/** Expects the messages in the page to be a row of numbers without a gap or a repetition, each with its own text. */
async function unbroken(page: Page): Promise<number[]> {
  const shown = await messages(page).evaluateAll((all) =>
    all.map((m) => [Number((m as HTMLElement).dataset.number), m.querySelector(".text")?.textContent ?? ""] as const),
  );
  const first = shown[0]?.[0] ?? 0;
  expect(shown).toEqual(shown.map((_, i) => [first + i, `line ${first + i}`]));
  return shown.map(([number]) => number);
}

/** Which message is at the middle of the view, and how far from its top, in CSS pixels. */
async function place(page: Page, number?: number): Promise<{ number: number; top: number }> {
  return view(page).evaluate((box, wanted) => {
    const frame = box.getBoundingClientRect();
    const all = [...box.querySelectorAll<HTMLElement>("[data-testid=message]")];
    const found =
      wanted === undefined
        ? all.find((m) => m.getBoundingClientRect().bottom > frame.top + frame.height / 2)
        : all.find((m) => Number(m.dataset.number) === wanted);
    if (!found) throw new Error("no message in sight");
    return { number: Number(found.dataset.number), top: found.getBoundingClientRect().top - frame.top };
  }, number);
}

/** Scrolls to near an end of what is loaded, waits until more is, and gives by how many pixels the view jumped meanwhile. */
async function readOn(page: Page, to: "start" | "end"): Promise<number> {
  const edge = async () => (await numbers(page)).at(to === "start" ? 0 : -1) ?? 0;
  const before = await edge();
  const anchor = await view(page).evaluate((box, end) => {
    box.scrollTop = end === "start" ? 40 : box.scrollHeight - box.clientHeight - 120;
    const frame = box.getBoundingClientRect();
    const all = [...box.querySelectorAll<HTMLElement>("[data-testid=message]")];
    const found = all.find((m) => m.getBoundingClientRect().bottom > frame.top + frame.height / 2);
    return { number: Number(found?.dataset.number), top: (found?.getBoundingClientRect().top ?? 0) - frame.top };
  }, to);
  await expect.poll(edge, { timeout: 5_000 }).not.toBe(before);
  const now = await place(page, anchor.number);
  return now.top - anchor.top;
}

test("back to the beginning and forth to the end there is no jump, no gap and no repetition", async ({ join }) => {
  const ana = await longRoom(join);
  expect((await unbroken(ana)).at(-1)).toBe(LONG);
  while ((await unbroken(ana))[0] !== 1) {
    expect(Math.abs(await readOn(ana, "start")), "pixels that the view jumped").toBeLessThanOrEqual(2);
  }
  await view(ana).evaluate((box) => (box.scrollTop = 0));
  await expect(ana.getByText("This is the beginning of long.")).toBeInViewport();
  expect((await numbers(ana)).length, "messages in the page").toBeLessThanOrEqual(500);

  while ((await unbroken(ana)).at(-1) !== LONG) {
    expect(Math.abs(await readOn(ana, "end")), "pixels that the view jumped").toBeLessThanOrEqual(2);
  }
  await view(ana).evaluate((box) => (box.scrollTop = box.scrollHeight));
  await expect(saying(ana, `line ${LONG}`)).toBeInViewport({ ratio: 1 });
  await expect(ana.getByTestId("jump")).toHaveCount(0);
});

test("the wheel reads back", async ({ join }) => {
  const ana = await longRoom(join);
  const first = (await numbers(ana))[0] ?? 0;
  await view(ana).hover();
  await expect
    .poll(async () => {
      await ana.mouse.wheel(0, -1500);
      return (await unbroken(ana))[0];
    })
    .toBeLessThan(first - 60);
});

test("scrolled up, nothing moves when a message comes, and a button leads to it", async ({ join }) => {
  const ana = await longRoom(join);
  const ben = await join("ben", "long");
  await view(ana).evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await expect(ana.getByTestId("jump")).toBeVisible();
  // What is loaded because of the scrolling is there when two looks in a row are the same.
  let before = await place(ana);
  await expect
    .poll(async () => {
      const last = before;
      before = await place(ana);
      return before.number === last.number && before.top === last.top;
    })
    .toBe(true);
  await say(ben, "line 601");
  await sees(ben, "line 601");
  await expect(ana.getByTestId("jump")).toContainText("1");
  expect(await place(ana, before.number)).toEqual(before);
  await ana.getByTestId("jump").click();
  await expect(saying(ana, "line 601")).toBeInViewport({ ratio: 1 });
  await expect(ana.getByTestId("jump")).toHaveCount(0);
  await unbroken(ana);
});

test("a message's address opens it in the middle, with what is around it", async ({ join }) => {
  const ana = await longRoom(join);
  await ana.goto("/long/ana/?at=300#m300");
  await inRoom(ana, "long");
  await expect(saying(ana, "line 300")).toBeInViewport({ ratio: 1 });
  const { top } = await place(ana, 300);
  const height = await view(ana).evaluate((box) => box.clientHeight);
  expect(top).toBeGreaterThan(height / 4);
  expect(top).toBeLessThan((height * 3) / 4);
  const shown = await unbroken(ana);
  expect(shown[0]).toBeLessThan(300);
  expect(shown.at(-1)).toBeGreaterThan(300);
  expect(Math.abs(await readOn(ana, "start"))).toBeLessThanOrEqual(2);
  await unbroken(ana);
  expect(Math.abs(await readOn(ana, "end"))).toBeLessThanOrEqual(2);
  await unbroken(ana);
  await ana.getByTestId("jump").click();
  await expect(saying(ana, `line ${LONG}`)).toBeInViewport({ ratio: 1 });
  await unbroken(ana);
});

test("a copied link opens its message", async ({ join }) => {
  const ana = await join("ana", "lobby");
  for (let i = 1; i <= 80; i++) await post(ana.context().request, "lobby", `line ${i}`);
  await sees(ana, "line 80");
  await ana.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await saying(ana, "line 70").hover();
  await saying(ana, "line 70").getByRole("button", { name: /^More about/ }).click();
  await ana.getByRole("menuitem", { name: "Copy link" }).click();
  const link = await ana.evaluate(() => navigator.clipboard.readText());
  await ana.goto(link);
  await inRoom(ana, "lobby");
  await expect(saying(ana, "line 70")).toBeInViewport({ ratio: 1 });
});
