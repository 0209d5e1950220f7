import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The root of the repository, found from where the tests are run. */
function root(): string {
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (existsSync(join(at, "internal", "markup", "testdata"))) return at;
    if (at === dirname(at)) throw new Error("run the tests inside the repository");
  }
}

/** Reads a file of the repository. */
export function golden(path: string): string {
  return readFileSync(join(root(), path), "utf8");
}

/** The names of the files in a folder of the repository that end with the suffix. */
export function goldens(folder: string, suffix: string): string[] {
  const at = join(root(), folder);
  return existsSync(at) ? readdirSync(at, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(suffix)) : [];
}
