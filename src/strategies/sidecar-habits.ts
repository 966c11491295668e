import type * as V1 from 'kubernetes-types/core/v1.js';
import { argvText, hookText } from '../kube/container-text.ts';

// What a sidecar's own words say of how it starts and ends.

const LOOP = /\b(?:until|while)\b/;
/** A look at a file, or at something on the pod's loopback address: in a pod that is most often main's doing. */
const LOOKS_FOR_MAIN =
  /(?:\[\[?|\btest)\s+(?:!\s+)?-[efsdSpr]\s|\b(?:127\.0\.0\.1|localhost)\b|\binotifywait\b/;
const WAITS_BY_TOOL =
  /\b(?:wait-for-it(?:\.sh)?|wait-for|dockerize)\b[^\n;&|]*(?:\b(?:127\.0\.0\.1|localhost)\b|file:\/\/)/;
const KILLS = /(?:^|[\s;&|({])(?:p?kill|killall)\s/;

/** Does it wait for a file, or for something on loopback, before it serves, or in a hook that main would wait for? */
export function isWaiting(spec: V1.Container): boolean {
  const texts = [argvText(spec), hookText(spec.lifecycle?.postStart)];
  return texts.some((text) => {
    const waits = (LOOP.test(text) && LOOKS_FOR_MAIN.test(text)) || WAITS_BY_TOOL.test(text);
    return waits && !KILLS.test(text);
  });
}

/** Rows of reasons for which a program ends by itself. */
const ENDS: readonly { readonly why: string; readonly text: RegExp }[] = [
  { why: 'it runs under timeout', text: /(?:^|[\s;&|({])(?:\/usr\/bin\/)?timeout\s+(?:-\S+\s+)*\d/ },
  { why: 'it kills its own process', text: KILLS },
  { why: 'it runs once', text: /(?:^|\s)--?(?:one-?time|once|oneshot|one-shot)(?![\w-])(?!=false)/ },
];

/** Why a sidecar ends by design, so that a kubelet would start it again and again; null if nothing says so. */
export function findEnd(spec: V1.Container): string | null {
  const argv = argvText(spec);
  const row = ENDS.find(({ text }) => text.test(argv));
  if (row !== undefined) return row.why;
  const isTold = (spec.env ?? []).some(({ name, value }) => {
    const isOnce = /^(?:GIT_?SYNC_ONE_TIME)$/.test(name) && /^(?:true|1)$/i.test(String(value));
    return isOnce || (name === 'METHOD' && String(value) === 'LIST');
  });
  return isTold ? 'it runs once' : null;
}
