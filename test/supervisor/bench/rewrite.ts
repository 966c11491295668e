import type * as V1 from 'kubernetes-types/core/v1.js';
import { DEFAULT_OPTIONS, type Options } from '../../../src/model/options.ts';
import { parseDocument } from '../../../src/yaml/parse.ts';
import { rewriteBytes } from '../../support/fixtures.ts';
import { type Pod, type PodOptions, startPod } from './pod.ts';

interface Manifest {
  readonly spec: { readonly template: V1.PodTemplateSpec };
}

/** Starts the pod of a Job, as it is written. */
export function startJob(text: string, options: PodOptions): Pod {
  const parsed = parseDocument(text);
  if (!('value' in parsed)) throw new Error('the manifest cannot be read');
  const { metadata, spec } = (parsed.value as unknown as Manifest).spec.template;
  if (spec === undefined) throw new Error('the Job has no pod');
  return startPod(spec, metadata?.annotations ?? {}, options);
}

const rewritten = new Map<string, string>();

/** What guillotine makes of a Job, which is the same every time. Throws where it makes nothing of it. */
export function rewriteJob(text: string, options: Partial<Options> = {}): string {
  const key = JSON.stringify([text, options]);
  const known = rewritten.get(key) ?? rewriteAnew(text, options);
  rewritten.set(key, known);
  return known;
}

function rewriteAnew(text: string, options: Partial<Options>): string {
  const { output, outcome } = rewriteBytes(Buffer.from(text), { ...DEFAULT_OPTIONS, ...options });
  if (outcome.plans.some(({ action }) => action !== 'rewrite')) {
    throw new Error(outcome.diagnostics.map(({ message }) => message).join('; '));
  }
  return output.toString();
}
