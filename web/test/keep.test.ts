import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ABSENCE } from "../src/keep.ts";
import { Browser, once, type Tab } from "./browser.ts";
import { settled } from "./clock.ts";

/** Another program does something to the database. */
async function meddle(browser: Browser, how: "upgrade" | "delete"): Promise<void> {
  const request = how === "delete" ? browser.databases.deleteDatabase("parley") : browser.databases.open("parley", 2);
  await once(request, "success");
  (request.result as IDBDatabase | undefined)?.close();
}

/** Leaves in the browser what an earlier version of the page did. */
function leave(browser: Browser): void {
  browser.earlier.set("parley/u1/draft/r1", "an old draft");
  browser.earlier.set("parley/u2/draft/r1", "of another");
  browser.earlier.set("parley/u1/outbox/K", JSON.stringify({ key: "K", room: "r1", text: "old", at: 1, owner: "t", epoch: "k1" }));
  browser.earlier.set("parley/theme", "dark");
}

/** Databases that cannot be opened. */
const broken = {
  open: () => {
    const request = new EventTarget();
    setImmediate(() => request.dispatchEvent(new Event("error")));
    return request;
  },
} as unknown as IDBFactory;

/** Databases that cannot even be asked for. */
const forbidden = {
  open: () => {
    throw new DOMException("not here", "SecurityError");
  },
} as unknown as IDBFactory;

/** The browser's databases; `opened` is told of each request that is made, and may keep its events back. */
function through(browser: Browser, opened: (request: IDBOpenDBRequest) => IDBOpenDBRequest): () => IDBFactory {
  return () => ({ open: (name: string, version: number) => opened(browser.databases.open(name, version)) }) as IDBFactory;
}

/** What a tab hears from others, as "key=value". */
function hearing(tab: Tab): string[] {
  const heard: string[] = [];
  tab.keep.watch((key, value, from) => heard.push(`${key}=${value} (${from})`));
  return heard;
}

suite("what is kept", () => {
  test("is there in the next tab, and not in that of somebody else", async () => {
    const browser = new Browser();
    const tab = await browser.open();
    tab.keep.set("draft/r1", "one");
    tab.keep.set("draft/r2", "two");
    tab.keep.remove("draft/r2");
    assert.equal(tab.keep.get("draft/r1"), "one", "at once");
    assert.equal(tab.keep.place("draft/r1"), "way");
    await settled();
    assert.equal(tab.keep.place("draft/r1"), "device");
    await tab.kill();
    assert.deepEqual((await browser.open()).keep.keys("draft/"), ["draft/r1"]);
    assert.deepEqual((await browser.open({ user: "u2" })).keep.keys(""), []);
    assert.deepEqual((await browser.open({ user: "u" })).keep.keys(""), [], "nor of who is called alike");
  });

  test("changes in the other tabs of the same person soon after, and only there", async () => {
    const browser = new Browser();
    const [one, two, other] = [await browser.open(), await browser.open(), await browser.open({ user: "u2" })];
    const [byTwo, byOne, byOther] = [hearing(one), hearing(two), hearing(other)];
    one.keep.set("draft/r1", "a");
    await settled();
    two.keep.set("draft/r1", "b");
    await settled();
    one.keep.remove("draft/r1");
    await settled();
    assert.deepEqual(byOne, ["draft/r1=a (tab)", "draft/r1=null (tab)"]);
    assert.deepEqual(byTwo, ["draft/r1=b (tab)"]);
    assert.deepEqual(byOther, []);
  });

  test("is the same in all tabs and on the device, however their writes cross", async () => {
    const browser = new Browser();
    const [one, two] = [await browser.open(), await browser.open()];
    for (let pause = 0; pause < 30; pause++) {
      one.keep.set(`draft/r${pause}`, "by one");
      for (let i = 0; i < pause; i++) await new Promise((resolve) => setImmediate(resolve));
      if (pause % 5 === 4) two.keep.remove(`draft/r${pause}`);
      else two.keep.set(`draft/r${pause}`, "by two");
      await settled();
    }
    const kept = [...(await browser.kept())].map(([name, value]) => [name.slice("u1/".length), value]);
    for (const tab of [one, two]) assert.deepEqual(tab.keep.keys("").map((key) => [key, tab.keep.get(key)]), kept);
    assert.ok(kept.length > 20);
  });

  test("is what was written last, when it is written while another tab's is being read", async () => {
    const browser = new Browser();
    let reading: (() => void) | undefined;
    const databases = through(browser, (request) => {
      request.addEventListener("success", () => {
        const { result } = request;
        const transaction = result.transaction.bind(result);
        result.transaction = (...args: Parameters<IDBDatabase["transaction"]>) => {
          if (args.length === 1 && reading) queueMicrotask(reading);
          return transaction(...args);
        };
      });
      return request;
    });
    const [one, two] = [await browser.open(), await browser.open({ keep: { databases } })];
    reading = () => two.keep.set("draft/r1", "by two");
    one.keep.set("draft/r1", "by one");
    await settled();
    assert.deepEqual([one.keep.get("draft/r1"), two.keep.get("draft/r1")], ["by two", "by two"]);
    assert.deepEqual([...(await browser.kept()).values()], ["by two"]);
  });

  test("is found by a tab that slept through the bell when it reads again", async () => {
    const browser = new Browser();
    const awake = await browser.open();
    const asleep = await browser.open({ keep: { bell: null } });
    awake.keep.set("draft/r1", "meanwhile");
    awake.keep.set("draft/r2", "too");
    await settled();
    assert.equal(asleep.keep.get("draft/r1"), null);
    asleep.keep.refresh();
    await settled();
    awake.keep.remove("draft/r2");
    await settled();
    asleep.keep.refresh();
    await settled();
    assert.deepEqual(asleep.keep.keys(""), ["draft/r1"]);
  });
});

suite("what earlier versions kept", () => {
  test("is taken over once, and sent once", async () => {
    const browser = new Browser();
    leave(browser);
    const tab = await browser.open();
    assert.equal(tab.drafts.get("r1"), "an old draft");
    tab.outbox.connected();
    await tab.rest();
    assert.deepEqual(browser.server.texts(), ["old"]);
    assert.deepEqual([...browser.earlier.keys()], ["parley/theme"]);
    const again = await browser.open();
    again.outbox.connected();
    await again.rest();
    assert.equal(browser.server.posts, 1);
    assert.equal((await browser.open({ user: "u2" })).drafts.get("r1"), "of another");
  });

  test("does not take the place of what is newer", async () => {
    const browser = new Browser();
    const before = await browser.open();
    before.drafts.set("r1", "newer");
    await before.kill();
    leave(browser);
    assert.equal((await browser.open()).drafts.get("r1"), "newer");
  });

  test("stays where it is when there is no database, until it is sent", async () => {
    const browser = new Browser();
    leave(browser);
    const options = { keep: { databases: () => undefined } };
    const tab = await browser.open(options);
    assert.equal(tab.drafts.get("r1"), "an old draft");
    assert.equal(browser.earlier.size, 4);
    tab.outbox.connected();
    await tab.rest();
    assert.deepEqual(browser.server.texts(), ["old"]);
    assert.deepEqual([...browser.earlier.keys()].toSorted(), ["parley/theme", "parley/u1/draft/r1", "parley/u2/draft/r1"]);
  });
});

test("people who have not been back for long leave nothing; the one who is here keeps everything", async () => {
  const browser = new Browser();
  const long = { keep: { now: () => 0 } };
  for (const user of ["u1", "u2"]) {
    const tab = await browser.open({ user, ...long });
    tab.drafts.set("r1", `of ${user}`);
    await tab.kill();
  }
  await (await browser.open({ keep: { now: () => ABSENCE } })).kill();
  assert.deepEqual([...(await browser.kept()).keys()], ["u1/draft/r1", "u2/draft/r1"]);
  await (await browser.open({ keep: { now: () => ABSENCE + 1 } })).kill();
  assert.deepEqual([...(await browser.kept()).keys()], ["u1/draft/r1"]);
});

suite("a browser without a database", () => {
  const none = [
    ["gives none", () => undefined],
    ["throws", () => assert.fail("not here")],
    ["forbids it", () => forbidden],
    ["fails to open it", () => broken],
  ] as const;
  for (const [how, databases] of none) {
    test(`that ${how}: it works from memory, and says so once, when there is something to keep`, async () => {
      const browser = new Browser();
      const tab = await browser.open({ keep: { databases } });
      await tab.rest();
      assert.equal(tab.told, 0);
      tab.drafts.set("r1", "half");
      tab.outbox.connected();
      tab.outbox.add("r1", "whole");
      await tab.rest();
      tab.drafts.set("r1", "half a thought");
      await tab.rest();
      assert.equal(tab.told, 1);
      assert.equal(tab.drafts.get("r1"), "half a thought");
      assert.deepEqual(browser.server.texts(), ["whole"]);
    });
  }

  test("whose database comes late: nothing of before and nothing written meanwhile is dropped", async () => {
    const browser = new Browser();
    const before = await browser.open();
    before.drafts.set("r1", "from before");
    before.drafts.set("r2", "untouched");
    before.outbox.add("r1", "unsent");
    await before.kill();
    const late = new EventTarget();
    const databases = through(browser, (request) => {
      Object.assign(late, { open: () => Object.assign(late, { result: request.result }).dispatchEvent(new Event("success")) });
      return late as IDBOpenDBRequest;
    });
    const tab = await browser.open({ keep: { databases, patience: 1 } });
    const heard = hearing(tab);
    tab.drafts.set("r1", "typed");
    tab.drafts.set("r2", "sent");
    tab.drafts.set("r2", "");
    await tab.rest();
    assert.equal(tab.told, 1);
    (late as unknown as { open: () => void }).open();
    await settled();
    assert.deepEqual(heard.toSorted().filter((h) => h.startsWith("draft")), ["draft/r1=from before\ntyped (device)", "draft/r2=untouched (device)"]);
    tab.outbox.connected();
    await tab.rest();
    assert.deepEqual(browser.server.texts(), ["unsent"]);
    assert.deepEqual([...(await browser.kept())], [["u1/draft/r1", "from before\ntyped"], ["u1/draft/r2", "untouched"]]);
  });
});

suite("a database that", () => {
  test("is full: what is written stays in memory, is told once, and is kept when there is room again", async () => {
    const browser = new Browser();
    let full = true;
    const databases = through(browser, (request) => {
      request.addEventListener("success", () => {
        const { result } = request;
        const transaction = result.transaction.bind(result);
        result.transaction = (...args: Parameters<IDBDatabase["transaction"]>) => {
          const begun = transaction(...args);
          if (full && args[2]) begun.commit = () => begun.abort();
          return begun;
        };
      });
      return request;
    });
    const tab = await browser.open({ keep: { databases } });
    tab.drafts.set("r1", "one");
    await settled();
    tab.drafts.set("r2", "two");
    await settled();
    assert.equal(tab.told, 1);
    assert.equal(tab.keep.place("draft/r1"), "memory");
    assert.equal((await browser.kept()).size, 0);
    full = false;
    tab.drafts.set("r3", "three");
    await settled();
    assert.deepEqual([...(await browser.kept()).values()], ["one", "two", "three"]);
    assert.equal(tab.keep.place("draft/r1"), "device");
  });

  test("the person has deleted is made again, with what is still unsent here", async () => {
    const browser = new Browser();
    const tab = await browser.open();
    tab.outbox.add("r1", "still here");
    await settled();
    await meddle(browser, "delete");
    await settled();
    assert.equal((await browser.kept()).size, 1);
    tab.drafts.set("r1", "and on");
    await settled();
    assert.equal((await browser.kept()).size, 2);
    assert.equal(tab.told, 0);
  });

  test("a newer version of the page has taken is left to it: this one goes on from memory and says so", async () => {
    const browser = new Browser();
    const tab = await browser.open();
    tab.outbox.add("r1", "unsent");
    await settled();
    await meddle(browser, "upgrade");
    await settled();
    tab.drafts.set("r1", "a word");
    await settled();
    assert.equal(tab.told, 1);
    assert.equal(tab.outbox.atRisk(), true);
    tab.outbox.connected();
    await tab.rest();
    assert.deepEqual(browser.server.texts(), ["unsent"]);
    assert.equal(tab.drafts.get("r1"), "a word");
  });
});
