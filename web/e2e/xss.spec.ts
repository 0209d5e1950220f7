// Thousands of texts that are meant to run, in every field that takes a text, through the real API; and every page that shows them.
// What runs raises an alarm of the `someone` fixture, or is found by inspect().

import type { APIResponse, Page } from "@playwright/test";
import { payloads, shipped } from "./payloads.ts";
import { messages } from "./room.ts";
import { expect, inRoom, test } from "./test.ts";

test.use({ flags: ["--limits", "off"] });
test.setTimeout(120_000);

declare global {
  interface Window {
    violations?: string[];
  }
}

/** Has a page note what its policy stops. */
const watch = (page: Page) =>
  page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (e) => window.violations?.push(`${e.effectiveDirective} ${e.blockedURI}`));
  });

/** Expects that a page has nothing that runs but what is Parley's own, and that its policy had nothing to stop. */
async function inspect(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const foreign = document.querySelectorAll(
      "script:not([src^='/-/assets/'], #boot[type='application/json']), link:not([href^='/']), iframe, object, embed, base, meta[http-equiv], style, math, frame, applet, form[action*=':']",
    );
    const bad = [...foreign].map((e) => e.outerHTML.slice(0, 200));
    for (const e of document.querySelectorAll("*")) {
      for (const { name, value } of e.attributes) {
        const runs = name.startsWith("on") || name === "srcdoc" || /^(href|src|action|formaction|xlink:href)$/.test(name) && /^\s*(javascript|data|vbscript):/i.test(value);
        if (runs) bad.push(`${e.tagName} ${name}=${value}`);
      }
    }
    return [...bad, ...(window.violations ?? ["nothing was watched"])];
  });
  expect(found, page.url()).toEqual([]);
}

/** Does something with each, some at a time. */
async function all<T, R>(list: readonly T[], each: (one: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += 16) results.push(...(await Promise.all(list.slice(i, i + 16).map((one, j) => each(one, i + j)))));
  return results;
}

/** Lists of at most so many, whose texts have at most so many characters together. */
function batches(list: readonly string[], most: number, characters: number): string[] {
  const out: string[] = [];
  let now: string[] = [];
  for (const one of list) {
    if (now.length === most || now.join("\n").length + one.length > characters) {
      out.push(now.join("\n"));
      now = [];
    }
    now.push(one);
  }
  return [...out, now.join("\n")];
}

const taken = (answers: readonly APIResponse[]): number => answers.filter((a) => a.ok()).length;

test("in messages nothing runs", async ({ join }) => {
  const texts = payloads();
  expect(texts.length, "payloads").toBeGreaterThanOrEqual(4_000);
  const page = await join("ana", "lobby");
  await watch(page);
  const posts = batches(texts, 10, 2_000);
  const answers = await all(posts, (text) => page.request.post("/api/v1/rooms/lobby/messages", { data: { text } }));
  expect(taken(answers), "messages that were posted").toBe(posts.length);
  const seen = new Set<string>();
  for (let number = 20; number < posts.length + 20; number += 40) {
    await page.goto(`/lobby/ana/?at=${Math.min(number, posts.length)}`);
    await inRoom(page, "lobby");
    const shown = await messages(page)
      .locator(".text")
      .evaluateAll((list) => list.map((e) => e.textContent ?? ""));
    for (const text of shown) seen.add(text.replaceAll(/\s/g, ""));
    await inspect(page);
  }
  const missed = posts.filter((text) => !seen.has(text.replaceAll(/\s/g, "")));
  expect(missed, "texts that were not shown as they were written").toEqual([]);
});

test("in all other fields nothing runs", async ({ server, someone }) => {
  const context = await someone();
  const page = await context.newPage();
  await page.goto(server.setupLink);
  await page.locator("input[name=username]").fill("olga");
  await page.locator("input[name=password]").fill("correct horse battery");
  await page.locator("form.form button").first().click();
  await page.goto("/");
  await page.request.post("/", { form: { username: "olga", room: "lobby" } });
  await watch(page);
  const texts = shipped();
  const rooms = await all(texts.slice(0, 160), (text, i) =>
    page.request.post("/api/v1/rooms", {
      data: { kind: "public", name: `${i} ${text}`.replaceAll("/", "∕").slice(0, 200), topic: text.slice(0, 200), description: text },
    }),
  );
  expect(taken(rooms), "rooms").toBeGreaterThan(120);
  const names = await all(texts.filter((t) => t.length <= 40).slice(0, 80), async (username) => {
    const guest = await someone();
    const answer = await guest.request.post("/", { form: { username, room: "lobby" }, maxRedirects: 0 });
    await guest.request.post("/api/v1/rooms/lobby/messages", { data: { text: "hello" } });
    await guest.close();
    return answer;
  });
  expect(names.filter((a) => a.status() === 303).length, "names").toBeGreaterThan(10);
  await page.request.post("/api/v1/rooms/lobby/messages", { data: { text: texts[0] } });
  const notes = await all(batches(texts, 1, 190).slice(0, 60), (note) => page.request.post("/api/v1/invites", { data: { room: "lobby", note: note.slice(0, 190) } }));
  expect(taken(notes), "notes").toBeGreaterThan(30);
  const reasons = await all(texts.slice(0, 40), (why, i) => page.request.post(`/api/v1/rooms/lobby/messages/${i + 1}/report`, { data: { why: why.slice(0, 190) } }));
  expect(taken(reasons), "reasons").toBeGreaterThan(5);
  for (const address of ["/", "/lobby/olga/", "/-/room/lobby/invites", "/-/room/lobby/moderate", "/admin/", "/admin/rooms/", "/admin/users/", "/admin/reports/", "/admin/log/", "/-/rooms/new"]) {
    await page.goto(address);
    await inspect(page);
  }
  const made = await Promise.all(rooms.filter((a) => a.ok()).slice(0, 20).map(async (a) => ((await a.json()) as { room: { id: string } }).room.id));
  for (const id of made) {
    await page.goto(`/-/room/${id}`);
    await inspect(page);
  }
  for (const bio of batches(texts, 20, 280).slice(0, 15)) {
    expect((await page.request.patch("/api/v1/me", { data: { bio } })).status()).toBeLessThan(500);
    await page.goto("/-/people/u1");
    await inspect(page);
  }
  await page.goto("/-/me");
  await inspect(page);
});
