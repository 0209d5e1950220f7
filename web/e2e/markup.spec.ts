// Markup in names, rooms and messages is text everywhere. What would run it raises an alarm of the `someone` fixture: a
// dialog, an error, or a violation of the policy in the console.

import { messages, say, sees } from "./room.ts";
import { expect, inRoom, joinAs, test } from "./test.ts";

const texts = [
  `<script>alert(1)</script>`,
  `<img src=x onerror=alert(1)>`,
  `<svg/onload=alert(1)>`,
  `"><script>alert(1)</script>`,
  `'-alert(1)-'`,
  `</textarea><script>alert(1)</script>`,
  `</script><script>alert(1)</script>`,
  `<!--<script>`,
  `javascript:alert(1)`,
  `<a href="javascript:alert(1)">go</a>`,
  `https://example.org/"onmouseover="alert(1)`,
  `{{constructor.constructor('alert(1)')()}}`,
  `&lt;b&gt; &amp; &#60;`,
  `<iframe srcdoc="<script>alert(1)</script>">`,
  `x\u2028\u2029</title><style>*{display:none}</style>`,
];

test("in messages it is shown as it was written", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  for (const text of texts) await say(ana, text);
  const check = async () => {
    await expect(messages(ben)).toHaveCount(texts.length);
    const shown = await messages(ben)
      .locator(".text")
      .evaluateAll((all) => all.map((e) => e.textContent));
    expect(shown).toEqual(texts);
    await expect(messages(ben).locator("script, img, svg, iframe, style, b")).toHaveCount(0);
  };
  await check();
  await messages(ben).first().click();
  await ben.reload();
  await inRoom(ben, "lobby");
  await check();
});

test("in messages it is shown as it was written, without JavaScript too", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  for (const text of texts) {
    await say(ana, text);
    await expect(messages(ana)).toHaveCount(texts.indexOf(text) + 1);
  }
  await expect(messages(ana).last()).not.toHaveAttribute("data-state");
  const plain = await someone({ javaScriptEnabled: false, storageState: await ana.context().storageState() });
  const page = await plain.newPage();
  await page.goto("/lobby/ana/");
  const shown = await messages(page)
    .locator(".text")
    .evaluateAll((all) => all.map((e) => e.textContent));
  expect(shown).toEqual(texts);
});

const names = [
  [`<img src=x onerror=alert(1)>`, `<script>alert(1)<script>`],
  [`"><svg onload=alert(1)>`, `'"><img src=x onerror=alert(1)>`],
  [`</title><b>`.replace("/", "\\"), `{{7*7}}<b onmouseover=alert(1)>`],
  [`javascript:alert(1)`, `&lt;img src=x onerror=alert(1)&gt;`],
] as const;

for (const [name, room] of names) {
  test(`a person ${name} in a room ${room} does no harm`, async ({ join, someone }) => {
    const mallory = await join(name, room);
    const ana = await join("ana", room);
    await say(mallory, "hello");
    await sees(ana, "hello");
    await expect(messages(ana).getByText(name, { exact: true })).toBeVisible();
    await ana.getByTestId("who").click();
    await expect(ana.getByRole("group", { name: "Who is here" })).toContainText(name);
    await expect(ana.getByTestId("room-list").getByText(room, { exact: true })).toBeVisible();
    await expect(ana).toHaveTitle(`${room} · Parley`);
    await mallory.getByTestId("message-box").pressSequentially("typing");
    await expect(ana.getByTestId("typing")).toContainText(name);

    const visitor = await (await someone()).newPage();
    await visitor.goto("/");
    await expect(visitor.getByText(room, { exact: true })).toBeVisible();
    await visitor.goto(`/?room=${encodeURIComponent(room)}`);
    await expect(visitor.locator("input[name=room]")).toHaveValue(room);
    await joinAs(visitor, "visitor", room);
    await visitor.goto(`/${encodeURIComponent(room)}/${encodeURIComponent(name)}/`);
    await expect(visitor.locator("input[name=room]")).toHaveValue(room);
    await visitor.goto(`/${encodeURIComponent(`${room} 2`)}/${encodeURIComponent(name)}/`);
    await expect(visitor.getByRole("button", { name: "Make this room" })).toBeVisible();
    await expect(visitor.locator("script:not([src]), main img, svg")).toHaveCount(0);
  });
}
