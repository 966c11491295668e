import { CONTAINER_WORDS, KIND_WORDS } from './kube/kinds.ts';
import type { Document, Source } from './model/source.ts';
import { splitDocuments } from './text/documents.ts';
import { mayHoldWord, type WordSearch, wordSearch } from './text/probe.ts';

/** A workload needs both: one of the kinds, and the key of its containers. */
const WORKLOAD: readonly WordSearch[] = [wordSearch(KIND_WORDS), wordSearch(CONTAINER_WORDS)];

/**
 * bytes ─split─▶ spans ─probe─▶ candidates: the half of the pipeline that reads bytes only. A run in which no
 * document is a candidate needs nothing else, so it loads nothing else. A candidate is where each search may succeed.
 */
export function findDocuments(source: Source, searches: readonly WordSearch[] = WORKLOAD): Document[] {
  return splitDocuments(source.bytes).map((span, index) => ({
    source,
    span,
    index,
    candidate: searches.every((search) => mayHoldWord(source.bytes, span, search)),
  }));
}
