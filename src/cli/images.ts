import { hasNativeSidecars } from '../kube/version.ts';
import { type FieldPath, printPath } from '../model/object.ts';
import type { Options } from '../model/options.ts';
import type { Plan } from '../model/pod.ts';
import { load } from './load.ts';
import { choosePalette } from './palette.ts';
import { createDiagnosticPrinter } from './report.ts';
import type { ImagesRequest } from './request.ts';
import { type Streams, write } from './streams.ts';

/** Prints the images whose entrypoint a rewrite must know and nothing says. Returns the exit code. */
export async function images(request: ImagesRequest, streams: Streams): Promise<number> {
  const { outcome } = await load(request, streams, asSentinel);
  const diagnostics = (outcome?.diagnostics ?? []).filter(
    ({ code, severity }) => severity !== 'info' && code !== 'entrypoint-unknown',
  );
  if (!request.quiet) {
    const print = createDiagnosticPrinter(choosePalette(request.color, streams.stderr, streams.env));
    await write(streams.stderr, diagnostics.map(print).join(''));
  }
  const found = new Set((outcome?.plans ?? []).flatMap(findUnknownImages));
  await write(
    streams.stdout,
    [...found]
      .sort()
      .map((image) => `${image}\n`)
      .join(''),
  );
  return 0;
}

/** Where `auto` tries the sentinel first: native must not hide what that would have needed. */
function asSentinel({ strategy, kubeVersion }: Options): Partial<Options> {
  const isFirst = strategy === 'auto' && (kubeVersion === null || !hasNativeSidecars(kubeVersion));
  return { takesLive: true, holdsMains: false, ...(isFirst ? { strategy: 'sentinel' } : {}) };
}

function findUnknownImages({ pod, diagnostics }: Plan): string[] {
  const unknown = diagnostics
    .filter(({ code }) => code === 'entrypoint-unknown')
    .map(({ path = [] }) => printPath(path));
  const { root } = pod.workload;
  const placeOf = (path: FieldPath): string => printPath([...path.slice(root.length), 'name']);
  return pod.containers
    .filter(({ path }) => unknown.includes(placeOf(path)))
    .map(({ spec }) => spec.image ?? '')
    .filter((image) => /^\S+$/.test(image));
}
