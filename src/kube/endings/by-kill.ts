import type * as V1 from 'kubernetes-types/core/v1.js';
import type { PodTemplate } from '../../model/pod.ts';
import { argvText, hookText } from '../container-text.ts';
import { worksAfterWait } from '../evidence/commands.ts';
import { scriptOf } from '../evidence/script.ts';
import type { Ending } from './ending.ts';
import { findFlaw } from './flaw.ts';

const KILLS =
  /\b(?:pkill|killall)\s+([^\n;&|]+)|\bkill\s+(?:-\w+\s+)*\$\(\s*(?:pidof|pgrep)\s+([^)]+)\)|\bkill\s+(?:-\w+\s+)*`\s*(?:pidof|pgrep)\s+([^`]+)`/g;

/** A process of another container, in a shared process namespace. */
export function byKill(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  return containers.flatMap(({ spec }, from): Ending[] => {
    const { text } = scriptOf(spec);
    const all = `${text}\n${hookText(spec.lifecycle?.preStop)}`;
    if (all.search(KILLS) < 0) return [];
    const flaw = pod.spec.shareProcessNamespace
      ? findFlaw(spec, KILLS, pod.restartPolicy)
      : 'the containers do not share their processes';
    const targets = containers.flatMap((other, index) =>
      index !== from && speaksOfProcess(all, other.spec) ? [index] : [],
    );
    const why = 'its process is ended by name';
    if (targets.length === 0) return findLostKill(pod, from, flaw);
    return targets.map((to): Ending => ({ from, to, by: 'kill', why, flaw }));
  });
}

/** A process of which no container is known to be it. Where a command is not in the manifest, it may be that. */
function findLostKill(pod: PodTemplate, from: number, flaw: string | null): Ending[] {
  if (!pod.spec.shareProcessNamespace) return [];
  const isKnown = pod.containers.every(({ spec }, index) => index === from || spec.command?.length);
  const lost = isKnown ? 'no container runs a process of that name' : flaw;
  return [{ from, to: null, by: 'kill', why: 'its process is ended by name', flaw: lost }];
}

/** Does the text name the container's program: as its command, its name or its image says? */
function speaksOfProcess(text: string, spec: V1.Container): boolean {
  const words = [
    scriptOf(spec).program,
    spec.name ?? '',
    (spec.image ?? '')
      .replace(/[:@].*$/, '')
      .split('/')
      .at(-1) ?? '',
    ...argvText(spec)
      .split(/\s+/)
      .slice(0, 2)
      .map((word) => word.split('/').at(-1) ?? ''),
  ].flatMap((word) => [word, word.replaceAll('-', '_'), word.replaceAll('_', '-')]);
  return words.some(
    (word) =>
      word.length > 2 &&
      !/^(?:sh|bash|ash|dash|exec)$/.test(word) &&
      new RegExp(`(?:^|[\\s"'/|^\\\\])${word.replace(/[^\w-]/g, '.')}`).test(text),
  );
}

/** A sidecar that looks by itself whether main is there still. */
export function byWatch(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  return containers.flatMap(({ spec }, to): Ending[] => {
    const { text } = scriptOf(spec);
    const looks =
      /\b(?:pgrep|pidof)\b/.test(text) && pod.spec.shareProcessNamespace === true && text.search(KILLS) < 0;
    const asks =
      /\bkubectl\b[^\n]*\b(?:get|wait)\b[^\n]*\bpods?\b/.test(text) ||
      /\/api\/v1\/namespaces\/\S*pods/.test(text);
    if (!(looks || asks) || !/\b(?:while|until|for)\b|\bwait\b/.test(text) || worksAfterWait(text)) return [];
    const from = containers.findIndex((other, index) => index !== to && speaksOfProcess(text, other.spec));
    return [
      { from: from < 0 ? null : from, to, by: 'watch', why: 'it looks whether main has ended', flaw: null },
    ];
  });
}
