import { CONTAINER_WORDS, KIND_WORDS } from './kube/kinds.ts';
import type { Document, Source } from './model/source.ts';
import { splitDocuments } from './text/documents.ts';
import { mayHoldWord, wordSearch } from './text/probe.ts';

const KIND_SEARCH = wordSearch(KIND_WORDS);
const CONTAINER_SEARCH = wordSearch(CONTAINER_WORDS);

/**
 * bytes ─split─▶ spans ─probe─▶ candidates: the half of the pipeline that reads bytes only. A run in which no
 * document is a candidate needs nothing else, so it loads nothing else.
 */
export function findDocuments(source: Source): Document[] {
  return splitDocuments(source.bytes).map((span, index) => ({
    source,
    span,
    index,
    candidate:
      mayHoldWord(source.bytes, span, KIND_SEARCH) && mayHoldWord(source.bytes, span, CONTAINER_SEARCH),
  }));
}
