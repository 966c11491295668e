import type { Runtime } from '../supervisor/bench/runtime.ts';
import { BIN } from '../support/paths.ts';
import { start } from '../support/process.ts';
import type { Case } from './cases.ts';
import { playJob } from './job.ts';
import type { Stage } from './manifests.ts';
import { outcomeOf, printOutcome } from './outcome.ts';

export interface Row {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
  readonly seconds: number;
}

/** What the program makes of a manifest when a user starts it. Throws what it says when it does not. */
export async function rewrite(manifest: string, flags: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await start([process.execPath, BIN, ...flags], { input: manifest }).ended;
  if (code !== 0 || stdout === manifest) throw new Error(`not rewritten (exit ${code}): ${stderr}`);
  return stdout;
}

/** The manifest of a case, rewritten if it is to be. */
export async function writeManifest({ manifest, flags }: Case, stage: Stage): Promise<string> {
  const written = manifest(stage);
  if (flags === null) return written;
  return rewrite(written, stage.shell === null ? flags : [...flags, '--shell-image', stage.shell]);
}

/** Plays a case in a runtime; says how long it took. */
export async function playCase(row: Case, stage: Stage, runtime: Runtime): Promise<Row> {
  const begin = performance.now();
  const result = await playJob(await writeManifest(row, stage), {
    runtime,
    limit: row.limit ?? 40,
    backOff: [0, 1],
    ...(row.act ? { act: row.act } : {}),
  });
  return {
    name: row.name,
    expected: printOutcome(row.expected),
    got:
      printOutcome(outcomeOf(result)) +
      missingWords(row, (name) => {
        const { stdout = '', stderr = '' } = result.pods.at(-1)?.containers[name] ?? {};
        return `${stdout}${stderr}`;
      }),
    seconds: (performance.now() - begin) / 1000,
  };
}

/** What a container should have said, and what it said instead. */
export function missingWords({ says }: Case, read: (container: string) => string): string {
  if (says === undefined) return '';
  const [name, text] = says;
  const said = read(name).trimEnd();
  return text.test(said) ? '' : `; ${name} does not say ${text}: ${JSON.stringify(said.slice(-300))}`;
}
