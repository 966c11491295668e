import type { PodTemplate } from '../../model/pod.ts';
import { argvText } from '../container-text.ts';
import { startsChildToKill } from '../evidence/commands.ts';
import { scriptOf } from '../evidence/script.ts';
import { READS } from './by-file.ts';
import type { Ending } from './ending.ts';

/** A sidecar with a time limit of its own. */
export function byTime({ containers }: PodTemplate): Ending[] {
  return containers.flatMap(({ spec }, to): Ending[] => {
    const { text, isShell } = scriptOf(spec);
    const isLimited = /(?:^|[\n;&|(]\s*)(?:\S*\/)?timeout\s+(?:-\S+\s+)*\d+\w?\s/.test(
      isShell ? text : argvText(spec),
    );
    const isKilled =
      startsChildToKill(text) &&
      /\bsleep\s+\d+\b[\s\S]*\bkill\b/.test(text) &&
      text.search(READS) < 0 &&
      !/\bwhile\b/.test(text);
    if (!isLimited && !isKilled) return [];
    return [{ from: null, to, by: 'time', why: 'it ends after a time', flaw: null }];
  });
}
