import type { Edit } from '../model/edit.ts';
import type { ClassifiedContainer, ClassifiedPod } from '../model/pod.ts';
import type { ShellSource } from '../supervisor/shells.ts';

/** What a container says to its supervisor. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** What becomes of a container that the sentinel strategy has to do with. */
export interface Supervised {
  readonly container: ClassifiedContainer;
  /** null: it needs none. */
  readonly shell: ShellSource | null;
  readonly variables: readonly Variable[];
  readonly edits: readonly Edit[];
  /** For the report. */
  readonly notes: readonly string[];
}

/** The sentinel of a main, in a container's view of the directory of the sentinels. */
export function sentinelOf(pod: ClassifiedPod, main: string, directory: string): string {
  const mains = pod.containers.filter(({ role }) => role === 'main');
  return `${directory}/completed${mains.length > 1 ? `-${main}` : ''}`;
}
