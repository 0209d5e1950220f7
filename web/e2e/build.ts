// Builds the server once for all tests, into a directory that goes when they have ended.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export default function build(): () => void {
  const dir = mkdtempSync(join(tmpdir(), "parley-e2e-"));
  const binary = join(dir, "parley");
  const root = fileURLToPath(new URL("../..", import.meta.url));
  execFileSync("go", ["build", "-buildvcs=false", "-o", binary, "./cmd/parley"], { cwd: root, stdio: "inherit" });
  process.env.E2E_SERVER = binary;
  return () => rmSync(dir, { recursive: true, force: true });
}
