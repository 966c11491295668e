import type * as V1 from 'kubernetes-types/core/v1.js';
import { argvOf } from '../container-text.ts';
import { scriptOf } from '../evidence/script.ts';

/**
 * Why a sign is not given when main fails, or is given although main is started again. With Never the pod is over
 * whatever main's end; with OnFailure a failed main is started again and needs its sidecar.
 */
export function findFlaw(spec: V1.Container, sign: RegExp, policy: string | undefined): string | null {
  const { text } = scriptOf(spec);
  const at = text.search(sign);
  const before = text.slice(0, Math.max(at, 0));
  const statement = /[^\n;]*$/.exec(before)?.[0] ?? '';
  const traps = [...text.matchAll(/\btrap\s+(?:"[^"]*"|'[^']*'|[^\n;"']\S*)[^\n;]*/g)].map(([trap]) => trap);
  const isInTrap = /\btrap\s+[^\n]*$/.test(statement) || /\w+\s*\(\)\s*\{[^}]*$/.test(before);
  const isTrap = isInTrap && traps.some((trap) => /(?:\bEXIT\b|\s0\b)/.test(trap));
  // With exec the program takes the shell's place, so that neither its traps nor the rest of the script run.
  if (isReplaced(isInTrap ? text : before))
    return 'exec takes the place of the shell, so the sign is never given';
  const onlySuccess = !isTrap && isOnlyForSuccess(spec, before, statement, sign);
  if (policy !== 'OnFailure') return onlySuccess ? LOST : null;
  return onlySuccess || (isAware(text) && !isTrap)
    ? null
    : 'a main that failed is started again, but its sidecar was ended';
}

function isAware(text: string): boolean {
  return /\bif\s+\[\[?\s+["']?\$\{?(?:\?|\w*(?:code|status|rc|ret|result|exit)\w*)/i.test(text);
}

function isOnlyForSuccess(spec: V1.Container, before: string, statement: string, sign: RegExp): boolean {
  const { text } = scriptOf(spec);
  if (isGuarded(text, before, sign)) return true;
  if (isAware(text)) return false;
  if (/&&[^&|]*$/.test(statement)) return true;
  return isStrict(spec, before) && mayFail(before);
}

const LOST = 'when main fails, the sign is never given';

/** Is the shell told to stop at a failure, in front of its script or in it? */
function isStrict(spec: V1.Container, before: string): boolean {
  const words = argvOf(spec);
  const script = words.findIndex((word) => /\s/.test(word));
  const flags = words.slice(0, Math.max(script, 0));
  return (
    flags.some((word) => /^-\w*e\w*$/.test(word)) ||
    /\bset\s+-\w*e|-o\s+errexit/.test(`${flags.join(' ')}\n${before}`)
  );
}

function isReplaced(script: string): boolean {
  return /(?:^|[\n;&|]\s*)exec\s+[^\s<>\d&]/.test(script);
}

/** Does a test on success stand around the sign, or a way out on failure before it? */
function isGuarded(text: string, before: string, sign: RegExp): boolean {
  if (/\|\|\s*(?:[{(][^})]*)?\bexit\b/.test(before)) return true;
  if (/\bif\b[^\n;]*(?:-ne|-gt|!=)\s*["']?0\b[\s\S]*?\bexit\b[\s\S]*?\bfi\b/.test(before)) return true;
  const open = before.lastIndexOf('if ');
  const block = open < 0 ? '' : before.slice(open);
  if (!/^if\b/.test(block) || /\b(?:fi|else|elif)\b/.test(block)) return false;
  const isOnFailure = /^if\s+!|(?:-ne|-gt|!=)\s*["']?0\b/.test(block);
  const later = text.slice(before.length);
  const elsewhere = later.slice(Math.max(later.search(/\b(?:else|fi)\b/), 0));
  return !isOnFailure && elsewhere.search(sign) < 0;
}

const SAFE =
  /^(?:$|(?:echo|printf|sleep|set|export|mkdir|cd|trap|until|while|do|done|for|if|then|else|fi|date|local|source|wait|[.{}])(?:\s|$)|\w+=|[\w-]+\s*\(\))/;

/** Under `set -e`: is there a statement whose failure ends the script? */
function mayFail(before: string): boolean {
  const last = before.slice(Math.max(before.lastIndexOf('set +e'), 0));
  if (last.startsWith('set +e') && !/\bset\s+-\w*e/.test(last)) return false;
  const statements = last.split(/[\n;]/).slice(0, -1);
  return statements.some((statement) => !SAFE.test(statement.trim()) && !/\|\|/.test(statement));
}
