// The rule by which addresses in a text become links. internal/markup follows the same rule on the server, and both are tested
// against internal/markup/testdata/links.json.
//
// An address begins with http:// or https:// (in ASCII, any case) that is not right behind an ASCII letter or digit, and ends before
// white space, a control or format character, a quotation mark, an angle bracket, a backslash, a backtick or full-width
// punctuation. Punctuation at its end, and a closing bracket that it did not open, belong to the sentence. Its host begins with a
// letter, a digit or "["; it has no "@" in its authority, and at most 2,048 characters. Anything else stays text.

/** A piece of a text: a link if it has an href, else plain text. */
export interface Part {
  text: string;
  href?: string;
}

const LONGEST = 2048;
const ADDRESS = /(?<![a-zA-Z0-9])[hH][tT][tT][pP][sS]?:\/\/[^\p{White_Space}\p{Cc}\p{Cf}<>"`\\。，、；：！？「」『』（）《》【】“”«»‹›]*/gu;
const SHAPE = /^[a-zA-Z]+:\/\/[\p{L}\p{N}[][^/?#@]*(?:[/?#]|$)/u;
const TRAILING = new Set(".,;:!?'*_~…");
const OPENER: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Splits a text into plain pieces and links. Joined together, the pieces are the text again. */
export function linkify(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    if (!SHAPE.test(address) || Array.from(address).length > LONGEST) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: address, href: address });
    from = match.index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function trim(address: string): string {
  const held = new Map<string, number>();
  for (const c of address) held.set(c, (held.get(c) ?? 0) + 1);
  let end = address.length;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    const opener = OPENER[last];
    if (opener !== undefined) {
      const closers = held.get(last) ?? 0;
      if (closers <= (held.get(opener) ?? 0)) break;
      held.set(last, closers - 1);
    } else if (!TRAILING.has(last)) break;
  }
  return address.slice(0, end);
}
