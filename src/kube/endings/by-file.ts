import type * as V1 from 'kubernetes-types/core/v1.js';
import type { PodTemplate } from '../../model/pod.ts';
import { hookText } from '../container-text.ts';
import { startsChildToKill, worksAfterWait } from '../evidence/commands.ts';
import { scriptOf } from '../evidence/script.ts';
import type { Ending } from './ending.ts';
import { findFlaw } from './flaw.ts';
import { expand, placeOf, samePlace } from './place.ts';

const PATH = String.raw`["']?((?:\$[\{(]?\w+[)}]?)?(?:/[\w.@$\{}-]+)+|\$[\{(]?[A-Z_]+[)}]?)["']?`;
export const READS = new RegExp(
  String.raw`(?:\[\[?|\btest)\s+(?:!\s+)?-[efsrd]\s+${PATH}|\binotifywait\b(?![^\n;|&]*\s-\w*m)[^\n;|&]*\s${PATH}`,
  'g',
);
export const WRITES = new RegExp(
  String.raw`\btouch\s+${PATH}|(?<![\d&])>{1,2}\s*${PATH}|\btee\s+(?:-a\s+)?${PATH}`,
  'g',
);

/** A file that one container leaves and another one waits for, to end then. */
export function byFile(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  return containers.flatMap(({ spec }, to): Ending[] => {
    const { text } = scriptOf(spec);
    if (!isWatcher(text)) return [];
    const files = new Set(
      [...text.matchAll(READS)]
        .map((match) => expand(match[1] ?? match[2] ?? '', spec))
        .filter((path) => !path.startsWith('/proc/')),
    );
    // Of a file below /proc it learns whether a child of its own still runs.
    const endings = [...files].map((file): Ending => {
      const place = placeOf(pod, spec, file);
      const from = containers.findIndex((other, index) => {
        return (
          index !== to &&
          writesOf(other.spec).some((path) => samePlace(placeOf(pod, other.spec, path), place, path, file))
        );
      });
      const why = `it is ended when ${file} appears`;
      if (from < 0) return { from: null, to, by: 'file', why, flaw: `no container writes ${file}` };
      const writer = containers[from]?.spec;
      const flaw =
        place === null
          ? `${file} stands on no volume that both have`
          : writer === undefined
            ? null
            : findFlaw(writer, WRITES, pod.restartPolicy);
      return { from, to, by: 'file', why, flaw };
    });
    const whole = endings.filter(({ from }) => from !== null);
    return whole.length > 0 ? whole : endings.slice(0, 1);
  });
}

/** A trap that leaves a file on a shared volume, for which nobody waits. */
export function byLoneTrap(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  if (byFile(pod).length > 0) return [];
  return containers.flatMap(({ spec }, from): Ending[] => {
    const trap = /\btrap\s+[^\n]*\b(?:EXIT|0)\b/.exec(scriptOf(spec).text)?.[0];
    const file =
      trap === undefined ? undefined : [...trap.matchAll(WRITES)].map((match) => match[1] ?? match[2])[0];
    const place = file === undefined ? null : placeOf(pod, spec, expand(file, spec));
    if (file === undefined || place === null) return [];
    const volume = place.split(':')[0];
    const isShared = containers.some(
      (other, index) => index !== from && other.spec.volumeMounts?.some(({ name }) => name === volume),
    );
    const flaw = 'no container waits for that file';
    return isShared ? [{ from, to: null, by: 'file', why: `it is ended when ${file} appears`, flaw }] : [];
  });
}

/** It waits in a loop, to end itself or its child; what works after it has waited is a main. */
function isWatcher(text: string): boolean {
  const loops = /\b(?:while|until|for)\b|\binotifywait\b/.test(text) && [...text.matchAll(READS)].length > 0;
  return (
    loops &&
    !worksAfterWait(text) &&
    (startsChildToKill(text) || /\b(?:kill|pkill|exit|break|done)\b/.test(text))
  );
}

/** The paths that a container's script and hooks write to. */
export function writesOf(spec: V1.Container): string[] {
  const hooks = [spec.lifecycle?.preStop, spec.lifecycle?.postStart].map(hookText).join(' ');
  return [...`${scriptOf(spec).text}\n${hooks}`.matchAll(WRITES)].map((match) =>
    expand(match[1] ?? match[2] ?? match[3] ?? '', spec),
  );
}
