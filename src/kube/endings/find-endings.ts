import type { PodTemplate } from '../../model/pod.ts';
import { byFile, byLoneTrap } from './by-file.ts';
import { byKill, byWatch } from './by-kill.ts';
import { byQuit } from './by-quit.ts';
import { byTime } from './by-time.ts';
import { byGuillotine, byKubexit } from './by-tool.ts';
import type { Ending } from './ending.ts';

/** Every way in which the containers of a pod end each other by hand, as far as it can be seen. */
export function findEndings(pod: PodTemplate): Ending[] {
  return [byKubexit, byGuillotine, byFile, byLoneTrap, byKill, byQuit, byWatch, byTime].flatMap((find) =>
    find(pod),
  );
}
