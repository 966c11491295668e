import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValueMap } from '../../src/model/object.ts';
import { realTool } from './real-tools.ts';
import { makeFolder } from './temp.ts';

/** The real kubectl; only a name where it does not run. */
export const KUBECTL: string = realTool('kubectl') ?? 'kubectl';

/** The objects of a stream as kubectl reads them; throws what kubectl says when it does not. */
export function readWithKubectl(manifests: string | Uint8Array): ValueMap[] {
  return readAllWithKubectl([manifests])[0] ?? [];
}

const BOUNDARY = 'guillotine-test-boundary';

/** The objects of many streams, read by one process: an object of ours stands between them. */
export function readAllWithKubectl(streams: readonly (string | Uint8Array)[]): ValueMap[][] {
  const boundary = `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${BOUNDARY}"}}`;
  const folder = writeInputs(streams.flatMap((stream) => [stream, boundary]));
  const output = run(['annotate', '--local', '-f', folder, 'guillotine-test=1', '-o', 'json']);
  const read: ValueMap[][] = [[]];
  for (const json of splitObjects(output)) {
    const object = JSON.parse(json) as ValueMap;
    if ((object['metadata'] as ValueMap)?.['name'] === BOUNDARY) read.push([]);
    else read.at(-1)?.push(withoutTestAnnotation(object));
  }
  return read.slice(0, -1);
}

/**
 * Decodes workloads into kubectl's own types, as an API server of its version would, and prints them; throws what it
 * says, but not that other objects have no pod template, or that an empty item of a JobList has no container.
 */
export function decodeWithKubectl(streams: readonly (string | Uint8Array)[]): ValueMap[] {
  const args = ['set', 'image', '--local', '-f', writeInputs(streams), '*=image', '-o', 'json'];
  const { stdout, stderr } = spawnSync(KUBECTL, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const errors = stderr
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' && !/does not have a pod template|unable to find container named/.test(line),
    );
  if (errors.length > 0) throw new Error(`kubectl: ${errors.join('\n')}`);
  return splitObjects(stdout).map((json) => JSON.parse(json) as ValueMap);
}

/** Builds the kustomization of a folder. */
export function kustomize(folder: string): string {
  return run(['kustomize', folder]);
}

/** A folder with a file for each stream, in their order. */
function writeInputs(streams: readonly (string | Uint8Array)[]): string {
  const folder = makeFolder();
  for (const [index, stream] of streams.entries()) {
    writeFileSync(join(folder, `${String(index).padStart(6, '0')}.yaml`), stream);
  }
  return folder;
}

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(KUBECTL, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`kubectl: ${stderr}`);
  return stdout;
}

/** kubectl prints several objects one after the other; each ends with a brace in the first column. */
function splitObjects(output: string): string[] {
  return output.split(/(?<=^\})\n(?=\{)/m);
}

/** Takes away again what was asked of kubectl only to make it print. */
function withoutTestAnnotation(object: ValueMap): ValueMap {
  if (object['kind'] === 'List' && Array.isArray(object['items'])) {
    return { ...object, items: object['items'].map((item) => withoutTestAnnotation(item as ValueMap)) };
  }
  const metadata = object['metadata'] as ValueMap;
  const { 'guillotine-test': _, ...annotations } = metadata['annotations'] as ValueMap;
  return { ...object, metadata: { ...metadata, annotations } };
}
