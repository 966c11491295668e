import type * as V1 from 'kubernetes-types/core/v1.js';
import { argvText } from '../container-text.ts';
import { scriptOf } from '../evidence/script.ts';

/**
 * Why a sign is not given when main fails, or is given although main is started again. With Never the pod is over
 * whatever main's end; with OnFailure a failed main is started again and needs its sidecar.
 */
export function findFlaw(spec: V1.Container, sign: RegExp, policy: string | undefined): string | null {
  const { text } = scriptOf(spec);
  const at = text.search(new RegExp(sign.source, sign.flags.replace('g', '')));
  const before = text.slice(0, Math.max(at, 0));
  const statement = /[^\n;]*$/.exec(before)?.[0] ?? '';
  const traps = [...text.matchAll(/\btrap\s+(?:"[^"]*"|'[^']*'|[^\n;"']\S*)[^\n;]*/g)].map(([trap]) => trap);
  const isInTrap = /\btrap\s+[^\n]*$/.test(statement) || /\w+\s*\(\)\s*\{[^}]*$/.test(before);
  const isTrap = isInTrap && traps.some((trap) => /(?:\bEXIT\b|\s0\b)/.test(trap));
  const isAware =
    /\bif\s+\[\[?\s+["']?\$\{?(?:\?|\w*(?:code|status|rc|ret|result|exit)\w*)/i.test(text) && !isTrap;
  if (isAware) return null;
  const stopsBefore =
    /&&[^&|]*$/.test(statement) ||
    /\bset\s+-\w*e|-o\s+errexit|\b(?:sh|bash)\s+-\w*e\w*c\b/.test(
      `${argvText(spec).slice(0, 40)}\n${before}`,
    );
  const onlySuccess = !isTrap && stopsBefore && !/\|\|\s*(?:true|:|\w+=\$\?)|set\s+\+e/.test(before);
  if (policy === 'OnFailure')
    return onlySuccess ? null : 'a main that failed is started again, but its sidecar was ended';
  return onlySuccess ? 'when main fails, the sign is never given' : null;
}
