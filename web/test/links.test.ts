import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { linkify, type Part } from "../src/links.ts";
import { golden } from "./golden.ts";

interface Case {
  name: string;
  text: string;
  parts: Part[];
}

suite("addresses become links as the golden file says", () => {
  for (const { name, text, parts } of JSON.parse(golden("internal/markup/testdata/links.json")) as Case[]) {
    test(name, () => assert.deepEqual(linkify(text), parts));
  }
});

test("the parts are the text, whatever it is, and only http and https are links", () => {
  const pieces = ["https://", "HTTP://", "a", ".", "(", ")", "]", "\u202e", "@", "/", " ", "\n", "é", "。", "javascript:", "🎉", "\ud800"];
  let state = 7;
  for (let i = 0; i < 5000; i++) {
    let text = "";
    for (let j = 0; j < 12; j++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      text += pieces[Math.floor(state / 65536) % pieces.length];
    }
    const parts = linkify(text);
    assert.equal(parts.map((p) => p.text).join(""), text);
    for (const p of parts) if (p.href !== undefined) assert.match(p.href, /^https?:\/\/[^@/?#]+/iu);
  }
});

test("a hostile text takes no time", () => {
  const start = performance.now();
  linkify(`https://a${")".repeat(8192)}`);
  linkify("https://a".repeat(900));
  linkify("https:// ".repeat(900));
  assert.ok(performance.now() - start < 500);
});
