import { HANDLED_WORDS, wordsOfWorkloads } from './kube/kinds.ts';
import { DEFAULT_OPTIONS, type Options } from './model/options.ts';
import type { Document, Source } from './model/source.ts';
import { splitDocuments } from './text/documents.ts';
import { mayHoldWord, type WordSearch, wordSearch } from './text/probe.ts';

/** A document is a candidate if all searches of one of the rows may succeed in it. */
export type Probe = readonly (readonly WordSearch[])[];

/** For the documents that may hold a workload. */
export function workloadProbe(options: Options): Probe {
  const workloads = wordsOfWorkloads(options).map(wordSearch);
  return options.listsHandled ? [workloads, [wordSearch(HANDLED_WORDS)]] : [workloads];
}

/**
 * bytes ─split─▶ spans ─probe─▶ candidates: the half of the pipeline that reads bytes only. A run in which no
 * document is a candidate needs nothing else, so it loads nothing else.
 */
export function findDocuments(source: Source, probe: Probe = workloadProbe(DEFAULT_OPTIONS)): Document[] {
  const { bytes } = source;
  return splitDocuments(bytes).map((span, index) => ({
    source,
    span,
    index,
    candidate: probe.some((row) => row.every((search) => mayHoldWord(bytes, span, search))),
  }));
}
