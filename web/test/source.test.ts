import assert from "node:assert/strict";
import { afterEach, suite, test } from "node:test";
import { API, answersHTTP } from "../src/api.ts";
import type { Feed } from "../src/feed.ts";
import { dialHTTP } from "../src/http_link.ts";
import { Lines, type OpenSource, poll, stream } from "../src/source.ts";
import type { Request } from "../src/wire.ts";
import { settled, TestClock } from "./clock.ts";

interface Call {
  method: string;
  url: URL;
  headers: Headers;
  body: unknown;
  signal: AbortSignal | null;
}

const calls: Call[] = [];
const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
  calls.length = 0;
});

/** Has requests answered by a function; nothing is an answer that never comes. */
function serve(answer: (call: Call) => Response | undefined): void {
  globalThis.fetch = (input, init = {}) => {
    const call: Call = {
      method: init.method ?? "GET",
      url: new URL(String(input), "http://parley.example"),
      headers: new Headers(init.headers),
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      signal: init.signal ?? null,
    };
    calls.push(call);
    const response = answer(call);
    if (response) return Promise.resolve(response);
    return new Promise((_, reject) => call.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
  };
}

const api = new API("u7", "k3");

/** Opens a source and notes what it says. */
function open(source: OpenSource) {
  const said: string[] = [];
  const opened = source(new Map([["r1", 5], ["r2", 0]]), {
    frame: (data) => said.push(data),
    pulse: () => said.push("pulse"),
    down: (status) => said.push(`down ${status}`),
  });
  return { said, close: () => opened.close() };
}

const json = (body: unknown, status = 200) => Response.json(body, { status });

/** A stream that the test writes. */
function streaming() {
  let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (feed = controller) });
  serve(() => new Response(body));
  return { say: (text: string) => feed?.enqueue(new TextEncoder().encode(text)), end: () => feed?.close() };
}

suite("a stream", () => {
  test("gives frames and signs of life, however they are cut", async () => {
    const { say, end } = streaming();
    const { said } = open(stream(api));
    await settled();
    for (const letter of 'event: hello\ndata: {"hello":1}\n\n: alive\n\ndata: {"room":"r1","text":"ü"}\n\n') say(letter);
    end();
    await settled();
    assert.deepEqual(said, ['{"hello":1}', "pulse", '{"room":"r1","text":"ü"}', "down 0"]);
    const [call] = calls;
    assert.equal(call?.url.pathname + (call?.url.search ?? ""), "/api/v1/changes?at=r1%3A5%2Cr2%3A0&epoch=k3");
    assert.equal(call?.headers.get("Accept"), "text/event-stream");
    assert.equal(call?.headers.get("Parley-User"), "u7");
  });

  test("tells how it was refused", async () => {
    serve(() => json({}, 401));
    const { said } = open(stream(api));
    await settled();
    assert.deepEqual(said, ["down 401"]);
  });

  test("says nothing once it is closed", async () => {
    const { say } = streaming();
    const { said, close } = open(stream(api));
    await settled();
    say('data: {"a":1}\n\n');
    await settled();
    close();
    assert.equal(calls[0]?.signal?.aborted, true);
    say('data: {"a":2}\n\n');
    await settled();
    assert.deepEqual(said, ['{"a":1}']);
  });
});

suite("polls", () => {
  test("go on where the last answer ended", async () => {
    const clock = new TestClock();
    const answers = [
      { changes: [], resets: [], hello: { me: { version: 3 }, server: { version: 4 } }, values: [{ room: "r1", typing: ["u9"] }], seen: "m1" },
      { changes: [{ room: "r1", version: 6 }, { room: "r1", version: 8 }], resets: [{ room: "r2", version: 9 }], values: [{ room: "r1", typing: ["u9"] }], seen: "m1" },
      { changes: [], resets: [], values: [{ room: "r1", typing: [] }], seen: "m2" },
    ];
    serve(() => {
      const next = answers.shift();
      return next && json(next);
    });
    const { said, close } = open(poll(api, clock));
    await clock.pass(1_000);
    assert.deepEqual(said, [
      "pulse",
      '{"hello":{"me":{"version":3},"server":{"version":4}}}',
      '{"room":"r1","typing":["u9"]}',
      "pulse",
      '{"reset":{"room":"r2","version":9}}',
      '{"room":"r1","version":6}',
      '{"room":"r1","version":8}',
      "pulse",
      '{"room":"r1","typing":[]}',
    ]);
    const asked = calls.map(({ url: { searchParams: q } }) => ["at", "wait", "me", "server", "seen"].map((name) => q.get(name)).join(" "));
    assert.deepEqual(asked, ["r1:5,r2:0 25 0 0 ", "r1:5,r2:0 25 3 4 m1", "r1:8,r2:9 25 3 4 m1", "r1:8,r2:9 25 3 4 m2"]);
    close();
    await clock.pass(60_000);
    assert.equal(calls.length, 4);
    assert.equal(said.length, 9);
  });

  test("that hold no connection are answered at once, and come once in a while", async () => {
    const clock = new TestClock();
    serve(() => json({ changes: [], resets: [] }));
    const { close } = open(poll(api, clock, 1_000));
    await clock.pass(3_500);
    assert.equal(calls.length, 4);
    assert.ok(calls.every((call) => call.url.searchParams.get("wait") === "0"));
    close();
    await clock.pass(5_000);
    assert.equal(calls.length, 4);
  });

  test("that are not answered are given up ten seconds after the server had to", async () => {
    const clock = new TestClock();
    serve(() => undefined);
    const { said } = open(poll(api, clock));
    await clock.pass(34_999);
    assert.deepEqual(said, []);
    await clock.pass(1);
    assert.deepEqual(said, ["down 0"]);
  });
});

test("lines are cut where they end", () => {
  const lines = new Lines();
  assert.deepEqual([lines.add("a"), lines.add("b\n\nc"), lines.add("\n")], [[], ["ab", ""], ["c"]]);
});

test("only the server's own word says that it answers", async () => {
  for (const [answer, want] of [
    [new Response("ok\n"), true],
    [new Response("<h1>Welcome to our network</h1>"), false],
    [new Response("ok\n", { status: 502 }), false],
  ] as const) {
    serve(() => answer);
    assert.equal(await answersHTTP(), want);
  }
});

suite("the link by HTTP", () => {
  const HELLO = { epoch: "k3", me: { user: { id: "u7" } } };
  const OPENED = { room: "r1", epoch: "k3", version: 5, number: 3 };

  function dial(answer: (call: Call) => Response | undefined) {
    serve((call) => (call.url.pathname === "/api/v1/me" ? json(HELLO) : answer(call)));
    const said: string[] = [];
    const followed: [string, number][] = [];
    let frame: ((data: string) => void) | undefined;
    let closed = false;
    const fake = {
      follow: (room: string, version: number) => void followed.push([room, version]),
      leave: (room: string) => void followed.push([room, -1]),
      check: () => {},
      close: () => void (closed = true),
    };
    const feed = (_: API, __: unknown, ___: unknown, arrived: (data: string) => void) => {
      frame = arrived;
      return fake as unknown as Feed;
    };
    const link = dialHTTP({ user: "u7", epoch: "k3", feed })({ frame: (data) => said.push(data), down: (code) => said.push(`down ${code}`) });
    return { link, said, followed, arrive: (data: string) => frame?.(data), isClosed: () => closed };
  }

  test("says hello first, then what came before it", async () => {
    const { said, arrive } = dial(() => undefined);
    arrive('{"early":1}');
    await settled();
    arrive('{"late":1}');
    assert.deepEqual(said, [JSON.stringify({ hello: HELLO }), '{"early":1}', '{"late":1}']);
  });

  test("follows a room from the version that its opening gave, after the answer", async () => {
    const { link, said, followed } = dial(() => json(OPENED));
    await settled();
    link.send(1, { do: "open", room: "a b", at: { epoch: "k3", version: 4 }, limit: 50, around: 9 });
    await settled();
    assert.equal(calls.at(-1)?.url.pathname + (calls.at(-1)?.url.search ?? ""), "/api/v1/rooms/a%20b?version=4&epoch=k3&limit=50&around=9");
    assert.equal(said.at(-1), JSON.stringify({ re: 1, ok: OPENED }));
    assert.deepEqual(followed, [["r1", 5]]);
    link.send(2, { do: "close", room: "r1" });
    await settled();
    assert.deepEqual(followed.at(-1), ["r1", -1]);
    assert.equal(said.at(-1), '{"re":2,"ok":{}}');
  });

  for (const [request, want] of [
    [{ do: "post", room: "r1", key: "k", text: "hi" }, 'POST /rooms/r1/messages {"text":"hi"} k'],
    [{ do: "edit", room: "r1", number: 2, version: 3, text: "ho" }, 'PATCH /rooms/r1/messages/2 {"text":"ho","version":3}'],
    [{ do: "delete", room: "r1", number: 2 }, "DELETE /rooms/r1/messages/2"],
    [{ do: "history", room: "r1", before: 9, limit: 50 }, "GET /rooms/r1/messages?before=9&limit=50"],
    [{ do: "typing", room: "r1", on: true }, 'POST /rooms/r1/typing {"on":true}'],
    [{ do: "join", room: "tea/room" }, "POST /rooms/tea%2Froom/join"],
    [{ do: "leave", room: "r1" }, "POST /rooms/r1/leave"],
    [{ do: "people", users: ["u1", "u2"] }, "GET /people?ids=u1%2Cu2"],
    [{ do: "create", kind: "direct", users: ["u2"] }, 'POST /rooms {"kind":"direct","users":["u2"]}'],
    [{ do: "change", room: "r1", name: "a", no_preview: true }, 'PATCH /rooms/r1 {"name":"a","no_preview":true}'],
    [{ do: "drop", room: "r1" }, "DELETE /rooms/r1"],
    [{ do: "add", room: "r1", users: ["u2", "u3"] }, 'POST /rooms/r1/members {"users":["u2","u3"]}'],
    [{ do: "remove", room: "r1", user: "u2", ban: true, why: "a b" }, "DELETE /rooms/r1/members/u2?ban=true&why=a+b"],
    [{ do: "member", room: "r1", user: "u2", muted_until: 0, why: "" }, 'PATCH /rooms/r1/members/u2 {"muted_until":0,"why":""}'],
    [{ do: "members", room: "r1", after: "u2", limit: 100 }, "GET /rooms/r1/members?after=u2&limit=100"],
    [{ do: "find", q: "b n" }, "GET /people?q=b+n"],
    [{ do: "read", room: "r1", number: 4 }, 'POST /rooms/r1/read {"number":4}'],
    [{ do: "notify", room: "r1", level: "hidden" }, 'POST /rooms/r1/notify {"level":"hidden"}'],
    [{ do: "unread", rooms: ["r1", "r2"] }, "GET /unread?rooms=r1%2Cr2"],
    [{ do: "report", room: "r1", number: 4, why: "rude" }, 'POST /rooms/r1/messages/4/report {"why":"rude"}'],
  ] as [Request, string][]) {
    test(`asks "${request.do}" as its own user`, async () => {
      const { link, said } = dial(() => json({ fine: 1 }));
      await settled();
      link.send(1, request);
      await settled();
      const call = calls.at(-1);
      const parts = [call?.method, (call?.url.pathname ?? "").replace("/api/v1", "") + (call?.url.search ?? "")];
      if (call?.body !== undefined) parts.push(JSON.stringify(call.body));
      const key = call?.headers.get("Idempotency-Key");
      if (key) parts.push(key);
      assert.equal(parts.join(" "), want);
      assert.equal(call?.headers.get("Parley-User"), "u7");
      assert.equal(said.at(-1), '{"re":1,"ok":{"fine":1}}');
    });
  }

  test("passes a refusal on, and goes down with one that says whose browser it is not", async () => {
    const { link, said, isClosed } = dial((call) => json({ code: "no" }, call.method === "DELETE" ? 401 : 403));
    await settled();
    link.send(1, { do: "typing", room: "r1", on: true });
    await settled();
    assert.equal(said.at(-1), '{"re":1,"error":{"code":"no"}}');
    link.send(2, { do: "delete", room: "r1", number: 1 });
    await settled();
    assert.deepEqual([said.at(-1), isClosed()], ["down 1006", true]);
  });

  test("goes down when an answer is not the server's", async () => {
    const { link, said } = dial(() => new Response("<html>bad gateway</html>", { status: 502 }));
    await settled();
    link.send(1, { do: "leave", room: "r1" });
    await settled();
    assert.equal(said.at(-1), "down 1006");
  });
});
