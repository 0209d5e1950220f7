// A page that was away for long ends where a fresh one begins, to the byte.

import { connected, post, say, sees, stored } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

test.use({ flags: ["--limits", "off"] });

type API = Page["request"];

const path = (number?: number) => `/api/v1/rooms/lobby/messages${number === undefined ? "" : `/${number}`}`;

/** Edits messages as the one who wrote them. */
async function edit(request: API, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const page = (await (await request.get(`${path()}?before=${number + 1}&limit=1`)).json()) as { messages: { version: number }[] };
    const answer = await request.patch(path(number), { data: { text: `number ${number}, edited`, version: page.messages[0]?.version } });
    expect(answer.status(), await answer.text()).toBe(200);
  }
}

async function remove(request: API, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) expect((await request.delete(path(number))).status()).toBe(200);
}

/** The list of messages as it stands, and whether it has come to rest. */
async function list(page: Page): Promise<string> {
  const read = () => page.getByRole("log").evaluate((log) => log.outerHTML);
  let html = "";
  await expect(async () => {
    const before = html;
    html = await read();
    expect(html).toBe(before);
    expect(html).not.toMatch(/^<div[^>]* aria-live="off"/); // while something has just been read in
  }).toPass({ intervals: [150], timeout: 15_000 });
  return html;
}

/** What is where on the screen: the first message that is fully to be seen, and its place. */
async function place(page: Page): Promise<[string, number]> {
  return page.getByRole("region", { name: "Messages" }).evaluate((box) => {
    const { top } = box.getBoundingClientRect();
    const first = [...box.querySelectorAll(".message")].find((m) => m.getBoundingClientRect().top >= top);
    return [first?.id ?? "", Math.round((first?.getBoundingClientRect().top ?? 0) - top)];
  });
}

/** How much ana has not read in the lobby. */
async function unread(ana: API): Promise<number> {
  const response = await ana.get("/api/v1/unread");
  expect(response.status(), await response.text()).toBe(200);
  const { rooms } = (await response.json()) as { rooms: { name: string; unread: number }[] };
  return rooms.find((room) => room.name === "lobby")?.unread ?? -1;
}

/** The room goes on: new messages, by ben and by ana herself elsewhere, some edited and some deleted, old and new ones. */
async function goOn(ben: API, ana: API, count: number): Promise<void> {
  const bens: number[] = [];
  for (let i = 0; i < count; i += 20) {
    const posted = Array.from({ length: 20 }, (_, j) => post(j % 7 === 3 ? ana : ben, "lobby", `while away ${i + j}`));
    for (const [j, number] of (await Promise.all(posted)).entries()) if (j % 7 !== 3) bens.push(number);
  }
  await edit(ben, [1, 3, 5, 41, 43, ...bens.slice(0, 5), ...bens.slice(-10)]);
  await remove(ben, [7, 9, 11, 45, 47, ...bens.slice(5, 10), ...bens.slice(-20, -10)]);
}

for (const [how, sleep] of [
  [
    "without a network",
    async (page: Page) => {
      await page.context().setOffline(true);
      return () => page.context().setOffline(false);
    },
  ],
  [
    "frozen by the browser",
    async (page: Page) => {
      const session = await page.context().newCDPSession(page);
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
      return async () => {
        await session.send("Page.setWebLifecycleState", { state: "active" });
      };
    },
  ],
] as const) {
  for (const [count, by] of [
    [500, "changes"],
    [1_000, "a reset"],
  ] as const) {
    test(`a page ${how} through ${count} new, 20 edited and 20 deleted messages equals a fresh one, by ${by}`, async ({ join, network, someone }) => {
      test.setTimeout(90_000);
      const ben = await join("ben", "lobby");
      const ana = await join("ana", "lobby", { baseURL: network.url });
      const elsewhere = await someone({ storageState: await ana.context().storageState() }); // ana too
      const requests = [ben.context().request, elsewhere.request] as const;
      for (let i = 1; i <= 60; i++) await post(requests[0], "lobby", `before ${i}`);
      await say(ana, "before I sleep");
      await sees(ana, "before I sleep");
      await ana.evaluate(() => Object.assign(window, { sameDocument: true }));
      const answers: string[] = [];
      ana.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => answers.push(String(payload))));
      const wake = await sleep(ana);
      network.cut();
      await goOn(requests[0], requests[1], count);
      network.down = false;
      await wake();
      const last = (await stored(requests[0], "lobby")).at(-1) ?? "";
      await expect(ana.getByTestId("message").last().locator(".text")).toHaveText(last, { timeout: 20_000 });
      if (how !== "frozen by the browser") expect(answers.some((a) => a.includes('"reset":true')), `by ${by}`).toBe(by === "a reset");
      // A fresh page draws a line before what has not been read: this one is at its end, and soon has read it.
      await expect(async () => expect(await unread(requests[1])).toBe(0)).toPass({ timeout: 10_000 });
      const fresh = await ana.context().newPage();
      await fresh.goto(`${network.url}/lobby/ana/`);
      await inRoom(fresh, "lobby");
      await connected(fresh);
      expect(await list(ana)).toBe(await list(fresh));
      expect(await place(ana)).toEqual(await place(fresh));
      expect(await ana.evaluate(() => "sameDocument" in window), "not reloaded").toBe(true);
    });
  }
}
