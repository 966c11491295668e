import { groupByWorkload, markRewritten, type WorkloadEdits } from '../kube/workload-edits.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import { invariant } from '../model/invariant.ts';
import { type ObjectId, printId, type ValueMap } from '../model/object.ts';
import type { Plan, Workload } from '../model/pod.ts';
import type { Document, Span } from '../model/source.ts';
import { decodeDocument } from '../text/decode.ts';
import { isSeparator } from '../text/documents.ts';
import { findFragileFold } from '../yaml/folded.ts';
import { type Parsed, parseDocument, spanOfPath } from '../yaml/parse.ts';
import { renderItem, renderMap, type Style } from '../yaml/render.ts';
import { toOperations } from './json-patch.ts';

export interface Patches {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

const STYLE: Style = { eol: '\n', step: 2, dash: 0, literals: true, quote: 'plain' };

/**
 * The rewrite as the `patches:` of a kustomization. They leave no undo record: the manifests stay as they are, and to
 * take the patches away is to undo them. What no patch can surely name is an error.
 */
export function toPatches(plans: readonly Plan[]): Patches {
  const known = countIds(new Set(plans.map(({ pod }) => pod.workload)));
  const patches: Patch[] = [];
  const diagnostics: Diagnostic[] = [];
  let last: Reading | null = null;
  for (const group of groupByWorkload(plans)) {
    const { workload } = group;
    if (last?.document !== workload.document) last = readAgain(workload.document);
    const obstacle = findObstacle(workload, last.parsed, known);
    if (obstacle === null) patches.push(toPatch(group));
    else diagnostics.push(describe(workload, last.parsed, obstacle));
  }
  return { text: `${renderMap({ patches }, 0, STYLE)}\n`, diagnostics };
}

interface Reading {
  readonly document: Document;
  readonly parsed: Parsed;
}

function readAgain(document: Document): Reading {
  const parsed = parseDocument(decodeDocument(document) ?? '');
  invariant('value' in parsed, 'a document with a plan cannot be read');
  return { document, parsed };
}

type Patch = { readonly target: ValueMap; readonly patch: string };

function toPatch(group: WorkloadEdits): Patch {
  const { object, root, id } = group.workload;
  const edits = [...group.edits, markRewritten(group)].map((edit) => fromRoot(edit, root.length));
  const items = toOperations(object, edits).map((operation) => renderItem(operation, 0, STYLE));
  return { target: toTarget(id), patch: `${items.join('\n')}\n` };
}

/** Paths of edits begin at the document, which may be a List. */
function fromRoot(edit: Edit, depth: number): Edit {
  const path = edit.path.slice(depth);
  return edit.op === 'move' ? { ...edit, path, to: edit.to.slice(depth) } : { ...edit, path };
}

/**
 * kustomize takes what stands here for regular expressions, and anchors them; before 5.0 (kubectl 1.27) group, version
 * and kind are taken word for word, so their dots stay as they are. An object without namespace is in `default` for it.
 */
function toTarget({ apiVersion, kind, name, namespace }: ObjectId): ValueMap {
  const [version = '', group] = apiVersion.split('/').reverse();
  return {
    ...(group === undefined ? {} : { group }),
    version,
    kind,
    name: quoteExpression(name),
    namespace: quoteExpression(namespace || 'default'),
  };
}

function quoteExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function keyOf({ apiVersion, kind, name, namespace }: ObjectId): string {
  return JSON.stringify([apiVersion, kind, namespace || 'default', name]);
}

function countIds(workloads: Iterable<Workload>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of workloads) counts.set(keyOf(id), (counts.get(keyOf(id)) ?? 0) + 1);
  return counts;
}

/** Why kustomize would not find this workload, or not leave the rest of it as it is. */
interface Obstacle {
  readonly why: string;
  readonly hint: string;
  /** Where, if not at the workload's name. */
  readonly span?: Span | undefined;
}

function findObstacle(
  { id, document, object, root }: Workload,
  parsed: Parsed,
  known: ReadonlyMap<string, number>,
): Obstacle | null {
  if (id.name === '') {
    return { why: 'it has no metadata.name', hint: 'give it a name, or rewrite the manifest itself (-i)' };
  }
  if (!object['kind']) {
    const why = 'kustomize reads no item of a list that does not say its kind';
    return { why, hint: 'say apiVersion and kind in each item', span: spanOfPath(parsed, root) };
  }
  if ((known.get(keyOf(id)) ?? 0) > 1) {
    const why = `another manifest of the input is ${printId(id)}, too`;
    return { why, hint: 'run guillotine once for each kustomization, or give them names of their own' };
  }
  const [duplicate] = parsed.duplicateKeys;
  if (duplicate !== undefined) {
    const why = 'kustomize reads no document in which a key stands twice';
    return { why, hint: `remove one "${duplicate.key}"`, span: duplicate.span };
  }
  if (!isFirstValue(document)) {
    const why = 'kustomize reads only the first value of a JSON stream';
    return { why, hint: 'begin every value with a line ---, or make them the items of a List' };
  }
  const fold = findFragileFold(parsed);
  if (fold === null) return null;
  const why = 'kustomize adds line breaks to this folded text in every manifest that it patches';
  return { why, hint: 'write it with | instead of >, or rewrite the manifest itself (-i)', span: fold };
}

/** Not one of several JSON values below one `---`? */
function isFirstValue({ source, span, index }: Document): boolean {
  return index === 0 || isSeparator(source.bytes, span.start);
}

function describe(
  { document, id, root }: Workload,
  parsed: Parsed,
  { why, hint, span }: Obstacle,
): Diagnostic {
  const place = span ?? spanOfPath(parsed, [...root, 'metadata', 'name']);
  return diagnose('patch-unaddressable', { why, hint }, { document, object: id, span: place });
}
