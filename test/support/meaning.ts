import * as assert from 'uvu/assert';
import type { Value, ValueMap } from '../../src/model/object.ts';

// A judge that never sees an Edit: what an object may look like after the rewrite, told from the object before it.

type Json = { [key: string]: Json } & Json[] & string;

/** The pod templates of an object: whatever holds a spec with containers. */
function podsIn(value: Json): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value['spec']?.['containers'])) return [value];
  return Object.values(value).flatMap((field) => podsIn(field as Json));
}

/** Asserts that `after` is `before` with working additions of ours and nothing else. */
export function assertMeaning(before: ValueMap, after: ValueMap): void {
  const [was, is] = [clone(before), clone(after)];
  if (is['kind'] === 'List') {
    is['items']?.forEach((item, index) => {
      assertMeaning((was['items'] as Json)[index] as never, item as never);
    });
    return;
  }
  const marked = is['metadata']?.['annotations']?.['guillotine/rewritten'] !== undefined;
  const alreadyMarked = was['metadata']?.['annotations']?.['guillotine/rewritten'] !== undefined;
  if (marked && !alreadyMarked) takeAway(was, is);
  assert.equal(prune(is as never), prune(was as never));
}

/** Takes our additions from `is`, and asserts that each works. */
function takeAway(was: Json, is: Json): void {
  const [podsWas, podsIs] = [podsIn(was), podsIn(is)];
  assert.is(podsIs.length, podsWas.length, 'no pod template is lost');
  const strategies = String(is['metadata']?.['annotations']?.['guillotine/rewritten']).split('/')[0] ?? '';
  dropAnnotations(is, ['guillotine/rewritten', 'guillotine/undo']);
  const found = podsIs.map((pod, index) => takeFromPod(podsWas[index] as Json, pod));
  const used = [...new Set(found)].filter((strategy) => strategy !== null);
  assert.equal(used.sort(), strategies.split('+').sort(), 'the mark names the strategies');
}

/** Takes our additions from a pod template. Returns by which strategy they are there; null: there are none. */
function takeFromPod(was: Json, is: Json): string | null {
  if (JSON.stringify(was) === JSON.stringify(is)) return null;
  const [specWas, specIs] = [was['spec'] as Json, is['spec'] as Json];
  assertConsistent(specIs);
  if (is['metadata']?.['annotations']?.['guillotine/supervisor'] === undefined) {
    moveBack(specWas, specIs);
    return 'native';
  }
  dropAnnotations(is, ['guillotine/supervisor']);
  const isBinary = (specIs['containers'] as unknown as Json[]).some((row) =>
    /main-of-binary/.test(String((row['command'] as unknown as string[])?.slice(0, 4))),
  );
  const strategy = isBinary ? 'binary' : 'sentinel';
  unwrap(specWas, specIs, strategy);
  return strategy;
}

function names(list: Json | undefined): string[] {
  return list?.map((item) => String((item as Json)['name'])) ?? [];
}

/** Takes the volumes, init containers and wrappings of the sentinel, or of the binary, away. */
function unwrap(was: Json, is: Json, strategy: string): void {
  for (const key of ['volumes', 'initContainers']) {
    const known = names(was[key]);
    is[key] = is[key]?.filter((item) => known.includes(String(item['name']))) as Json;
  }
  is['containers']?.forEach((container, index) => {
    takeFromContainer((was['containers'] as Json)[index] as Json, container as Json, strategy);
  });
}

/** Gives native sidecars back to the containers; the init containers that were there keep their order. */
function moveBack(was: Json, is: Json): void {
  const known = names(was['initContainers']);
  const inits = (is['initContainers'] ?? []) as unknown as Json[];
  const moved = inits.filter((item) => !known.includes(String(item['name'])));
  assert.ok(moved.length > 0, 'something was moved');
  assert.ok(((is['containers'] ?? []) as Json[]).length > 0, 'a main container is left');
  for (const container of moved) {
    assert.is(container['restartPolicy'], 'Always');
    delete container['restartPolicy'];
    const before = (was['containers'] ?? []).find((item) => item['name'] === container['name']);
    const probe = container['startupProbe'];
    if (before?.['startupProbe'] !== undefined || probe === undefined) continue;
    const seconds = Number(probe['periodSeconds'] ?? 10) * Number(probe['failureThreshold'] ?? 3);
    assert.ok(seconds >= 600, 'a sidecar has time to start');
    delete container['startupProbe'];
  }
  const back = new Map(
    [...moved, ...((is['containers'] ?? []) as Json[])].map((item) => [String(item['name']), item]),
  );
  is['containers'] = names(was['containers']).map((name) => back.get(name)) as unknown as Json;
  is['initContainers'] = inits.filter((item) => known.includes(String(item['name']))) as unknown as Json;
}

/** Takes our hook from a main on a lifeline. Returns whether it is one. */
function takeHook(was: Json, is: Json): boolean {
  const exec = is['lifecycle']?.['postStart']?.['exec'] as Json | undefined;
  const words = (exec?.['command'] ?? []) as string[];
  if (words[3] !== 'lifeline') return false;
  assert.ok(words[2]?.endsWith('/bin/run'), 'the hook runs the supervisor');
  assert.equal(is['command'] ?? null, was['command'] ?? null, 'the command is untouched');
  assert.equal(is['env'] ?? null, was['env'] ?? null, 'the variables are untouched');
  const theirs = words.slice(5);
  const before = (was['lifecycle']?.['postStart']?.['exec']?.['command'] ?? []) as string[];
  assert.equal(theirs, before, "the user's hook is verbatim behind ours");
  is['lifecycle'] = was['lifecycle'] as Json;
  return true;
}

function takeFromContainer(was: Json, is: Json, strategy: string): void {
  const ownMounts = (was['volumeMounts'] as Json | undefined)?.length ?? 0;
  const isHeld = takeHook(was, is);
  is['volumeMounts'] = is['volumeMounts']?.slice(0, ownMounts) as Json;
  if (!isHeld) takeSupervisor(was, is, strategy);
}

function takeSupervisor(was: Json, is: Json, strategy: string): void {
  const command = (was['command'] ?? []) as string[];
  const rewritten = (is['command'] ?? []) as string[];
  const own = rewritten.slice(0, rewritten.length - command.length);
  assert.equal(rewritten.slice(own.length), command, 'the argv is verbatim behind ours');
  const isBinary = strategy === 'binary' && own[0] === '/guillotine';
  assert.ok(
    isBinary || own.some((word) => word.endsWith('/bin/run')),
    'the supervisor is in front of the command',
  );
  // The image's ENTRYPOINT and CMD are ours to write where neither command nor args say anything else.
  const args = (was['args'] ?? []) as string[];
  const added = command.length + args.length === 0 ? ((is['args'] ?? []) as string[]) : [];
  assert.not.ok(
    [...own, ...added].some((word) => /(?<!\$)(?:\$\$)*\$\(/.test(word)),
    'ours holds nothing that the kubelet expands',
  );
  if (added.length > 0) is['args'] = was['args'] as Json;
  is['command'] = was['command'] as Json;
  const variables = is['env'] as Json;
  const sentinel = variables.at(-1) && variables.find((row) => row['name'] === 'GUILLOTINE_WATCHED_FILE');
  assert.ok(sentinel, 'the sentinel is told');
  is['env'] = variables.slice(0, (was['env'] as Json | undefined)?.length ?? 0) as Json;
}

/** Names are unique, and every mount has its volume and a path of its own. */
function assertConsistent(spec: Json): void {
  const containers = [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])] as Json[];
  const volumes = (spec['volumes'] ?? []).map((volume) => String(volume['name']));
  assertUnique(containers.map((container) => String(container['name'])));
  assertUnique(volumes);
  for (const container of containers) {
    const mounts = (container['volumeMounts'] ?? []) as Json[];
    assertUnique(mounts.map((mount) => String(mount['mountPath'])));
    for (const { name } of mounts as unknown as { name: string }[]) {
      assert.ok(volumes.includes(name), `the mounted volume ${name} exists`);
    }
  }
}

function assertUnique(names: readonly string[]): void {
  assert.equal([...new Set(names)], [...names]);
}

function dropAnnotations(object: Json, keys: readonly string[]): void {
  for (const key of keys) delete object['metadata']?.['annotations']?.[key];
}

function clone(value: ValueMap): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Without nulls and empty lists and maps: kubectl takes them as absent. */
function prune(value: Value): Value | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => prune(item) ?? null);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, item]) => [key, prune(item)] as const)
    .filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as ValueMap);
}
