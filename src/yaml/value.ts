import {
  type Alias,
  isAlias,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
  type Document as YamlDocument,
} from 'yaml';
import { isMap, type Value, type ValueMap } from '../model/object.ts';

/** Says why a tree has no value, and where. */
export type OnTrouble = (why: string, node: Node) => void;

interface Reading {
  readonly sources: Sources;
  readonly onTrouble: OnTrouble;
  /** How many more nodes may come out of aliases. */
  budget: number;
  depth: number;
}

/** Aliases may multiply a document, but not without end. */
const ALIAS_BUDGET = 1_000_000;

/**
 * The value of a node as kubectl reads it. Nothing is shared: what an alias stands for is a copy. In a map the last one
 * counts, also where a merge (`<<`) stands below the key that it provides; of the maps of one merge the first one
 * counts (go-yaml v2; other tools let the key win).
 */
export function readValue(node: unknown, sources: Sources, onTrouble: OnTrouble): Value {
  return read(node, { sources, onTrouble, budget: ALIAS_BUDGET, depth: 0 });
}

/** What each alias stands for: the node that had its anchor last. */
export type Sources = ReadonlyMap<Alias, Node>;

/** Finds the sources of all aliases in one walk. */
export function findSources(tree: YamlDocument): Sources {
  const anchors = new Map<string, Node>();
  const sources = new Map<Alias, Node>();
  visit(tree, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const source = anchors.get(node.source);
        if (source !== undefined) sources.set(node, source);
      } else if ('anchor' in node && node.anchor) anchors.set(node.anchor, node as Node);
    },
  });
  return sources;
}

function read(node: unknown, reading: Reading): Value {
  if (isAlias(node)) {
    const source = resolve(node, reading);
    reading.depth++;
    const value = source === undefined ? null : read(source, reading);
    reading.depth--;
    return value;
  }
  if (reading.depth > 0 && --reading.budget < 0) {
    if (reading.budget === -1) reading.onTrouble('aliases multiply beyond measure', node as Node);
    return null;
  }
  if (isSeq(node)) return node.items.map((item) => read(item, reading));
  if (isYamlMap(node)) return readMap(node, reading);
  return isScalar(node) ? readScalar(node.value, node.tag) : null;
}

function resolve(node: Alias, reading: Reading): Node | undefined {
  const source = reading.sources.get(node);
  if (source === undefined) reading.onTrouble(`no anchor &${node.source} stands before this alias`, node);
  else if (reading.depth > 100) reading.onTrouble('this alias stands in what it stands for', node);
  else return source;
  return undefined;
}

/** go-yaml takes a whole number that is tagged as a float for one; our parser takes it for a string. */
function readScalar(value: unknown, tag: string | undefined): Value {
  if (tag === 'tag:yaml.org,2002:float' && typeof value === 'string') return Number(value);
  return value === undefined ? null : (value as Value);
}

function readMap(map: YAMLMap, reading: Reading): Value {
  const result: { [key: string]: Value } = {};
  const own = new Set<string>();
  for (const pair of map.items) {
    if (isMerge(pair)) {
      for (const source of mergeSources(pair, reading)) {
        for (const [key, value] of Object.entries(source)) {
          if (own.has(key)) {
            reading.onTrouble(
              `this merge stands below "${key}": for kubectl it wins, for other tools it does not`,
              pair.key as Node,
            );
          }
          define(result, key, value);
        }
      }
    } else {
      const key = keyOf(pair);
      own.add(key);
      define(result, key, read(pair.value, reading));
    }
  }
  return result;
}

/** In the order in which they are taken: the last one counts. */
function mergeSources(pair: Pair, reading: Reading): ValueMap[] {
  const nodes = isSeq(pair.value) ? [...pair.value.items].reverse() : [pair.value];
  return nodes.map((node) => {
    const value = read(node, reading);
    if (isMap(value)) return value;
    reading.onTrouble('only maps can be merged', pair.key as Node);
    return {};
  });
}

/** An ordinary property even for `__proto__`. */
export function define(map: { [key: string]: Value }, key: string, value: Value): void {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A plain `<<`, which our parser reads as a symbol. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && typeof pair.key.value === 'symbol';
}

/** The key as it stands in the object (`<<` for a merge): kubectl turns booleans and numbers into strings. */
export function keyOf(pair: Pair): string {
  const value = isScalar(pair.key) ? pair.key.value : pair.key;
  if (typeof value === 'symbol') return value.description ?? '';
  return value === null || value === undefined ? '' : String(value);
}
