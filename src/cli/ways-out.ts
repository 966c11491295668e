import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Document } from '../model/source.ts';
import { type Input, joinStream } from '../protocols/stream.ts';
import type { DiffLine } from '../text/diff.ts';
import type { Outcome } from '../transform.ts';
import { choosePalette, type Palette } from './palette.ts';
import { remark } from './report-all.ts';
import type { RewriteRequest, WayOut } from './request.ts';
import { type Streams, write } from './streams.ts';

/** A rewrite that is decided. */
interface Decided {
  readonly request: RewriteRequest;
  readonly streams: Streams;
  readonly inputs: readonly Input[];
  /** null: no document can hold a workload. */
  readonly outcome: Outcome | null;
}

interface Prepared {
  /** What is to be said: of the manifests, and of what cannot leave in this way. */
  readonly findings: readonly Diagnostic[];
  /** Writes, and returns the exit code. Called only when no finding is an error. */
  readonly deliver: () => Promise<number>;
}

/** Prepares the output without writing any of it. */
export function prepare(decided: Decided): Promise<Prepared> {
  return WAYS_OUT[decided.request.wayOut](decided);
}

const WAYS_OUT: Readonly<Record<WayOut, (decided: Decided) => Promise<Prepared>>> = {
  manifests: async (decided) => ({
    findings: findingsOf(decided),
    deliver: () => writeStream(decided, textsOf(decided)),
  }),
  yaml: async (decided) => {
    const [{ toYaml }, { replaceUnread }] = await loadConverters();
    const { texts, diagnostics } = toYaml(decided.inputs, textsOf(decided));
    return {
      findings: replaceUnread(findingsOf(decided), diagnostics),
      deliver: () => writeStream(decided, texts),
    };
  },
  json: async (decided) => {
    const [{ toJson }, { replaceUnread }] = await loadConverters();
    const { text, diagnostics } = toJson(decided.inputs, textsOf(decided));
    return {
      findings: replaceUnread(findingsOf(decided), diagnostics),
      deliver: () => writeText(decided, text),
    };
  },
  patch: async (decided) => {
    const { toPatches } = await import('../protocols/patch.ts');
    const { text, diagnostics } = toPatches(decided.outcome?.plans ?? []);
    return {
      findings: [...findingsOf(decided), ...diagnostics],
      deliver: () => writeText(decided, text),
    };
  },
  diff: async (decided) => ({ findings: findingsOf(decided), deliver: () => writeDiff(decided) }),
  'in-place': async (decided) => ({
    findings: findingsOf(decided),
    deliver: () => writeFiles(decided),
  }),
};

function loadConverters() {
  return Promise.all([import('../protocols/convert.ts'), import('../read.ts')]);
}

function findingsOf({ outcome }: Decided): readonly Diagnostic[] {
  return outcome?.diagnostics ?? [];
}

function textsOf({ outcome }: Decided): ReadonlyMap<Document, string> {
  return outcome?.texts ?? new Map();
}

async function writeStream(
  { inputs, streams }: Decided,
  texts: ReadonlyMap<Document, string>,
): Promise<number> {
  for (const piece of joinStream(inputs, texts)) await write(streams.stdout, piece);
  return 0;
}

async function writeText({ streams }: Decided, text: string): Promise<number> {
  await write(streams.stdout, text);
  return 0;
}

async function writeDiff({ request, streams, inputs, outcome }: Decided): Promise<number> {
  if (outcome === null || outcome.splices.size === 0) return 0;
  const { diffStream } = await import('../protocols/diff.ts');
  const palette = choosePalette(request.color, streams.stdout, streams.env);
  const lines = diffStream(inputs, outcome.splices, nameForPatch);
  await write(streams.stdout, Buffer.concat(lines.map((line) => paintLine(line, palette))));
  return 1;
}

/** `patch` refuses absolute names and those that lead out of the working directory, so they lead down where they can. */
function nameForPatch(name: string): string {
  const path = relative(process.cwd(), resolve(name));
  return path === '' || path.startsWith('..') ? name : path;
}

const PAINTS: Readonly<Record<DiffLine['kind'], keyof Palette | null>> = {
  file: 'bold',
  hunk: 'dim',
  same: null,
  old: 'red',
  new: 'green',
};

/** The bytes stay as they are, whatever their encoding; the end of the line is not painted. */
function paintLine({ kind, bytes }: DiffLine, palette: Palette): Uint8Array {
  const paint = PAINTS[kind];
  if (paint === null) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(text.replace(/^[^\r\n]+/, palette[paint]), 'latin1');
}

async function writeFiles({ request, streams, inputs, outcome }: Decided): Promise<number> {
  const { describeWritten, writeInPlace } = await import('./in-place.ts');
  const count = outcome === null ? 0 : writeInPlace(inputs, outcome.texts);
  if (!request.quiet) await remark(describeWritten(count), request, streams);
  return 0;
}
