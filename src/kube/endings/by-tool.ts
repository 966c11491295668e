import type * as V1 from 'kubernetes-types/core/v1.js';
import type { PodTemplate } from '../../model/pod.ts';
import { argvText, containerText } from '../container-text.ts';
import { type Ending, variable } from './ending.ts';
import { placeOf } from './place.ts';

/** github.com/karlkfi/kubexit: tombstones in a shared folder. */
export function byKubexit(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  return containers.flatMap(({ spec }, to): Ending[] => {
    const deps = variable(spec, 'KUBEXIT_DEATH_DEPS');
    if (deps === null) {
      const isLone =
        variable(spec, 'KUBEXIT_NAME') !== null &&
        !containers.some((other) => variable(other.spec, 'KUBEXIT_DEATH_DEPS') !== null);
      return isLone && to === 0
        ? [
            {
              from: null,
              to: null,
              by: 'kubexit',
              why: 'it is ended by kubexit',
              flaw: 'no container has KUBEXIT_DEATH_DEPS',
            },
          ]
        : [];
    }
    return deps.split(',').map((dep): Ending => {
      const from = containers.findIndex((other) => variable(other.spec, 'KUBEXIT_NAME') === dep.trim());
      const flaw =
        from < 0 ? `no container is called ${dep.trim()} for kubexit` : findGraveyardFlaw(pod, from, to);
      return { from: from < 0 ? null : from, to, by: 'kubexit', why: 'it is ended by kubexit', flaw };
    });
  });
}

function findGraveyardFlaw(pod: PodTemplate, from: number, to: number): string | null {
  const isStarted = (spec: V1.Container): boolean =>
    !spec.command?.length || argvText(spec).includes('kubexit');
  if (![from, to].every((index) => isStarted(pod.containers[index]?.spec ?? { name: '' })))
    return 'kubexit is not started in both containers';
  const places = [from, to].map((index) => {
    const spec = pod.containers[index]?.spec;
    const folder = spec && variable(spec, 'KUBEXIT_GRAVEYARD');
    return spec && folder ? placeOf(pod, spec, folder) : 'unknown';
  });
  return places[0] === places[1] ? null : 'they do not share the graveyard';
}

/** The hand-made form of github.com/aktsk/guillotine. */
export function byGuillotine({ containers }: PodTemplate): Ending[] {
  const to = containers.findIndex(({ spec }) => /(?:^|\/)guillotine$/.test(String(spec.command?.[0] ?? '')));
  if (to < 0) return [];
  const from = containers.findIndex(
    ({ spec }, index) => index !== to && containerText(spec).includes('GUILLOTINE_WATCHED_FILE'),
  );
  const named = containers.findIndex(
    ({ spec }, index) => index !== to && variable(spec, 'GUILLOTINE_WATCHED_FILE') !== null,
  );
  const writer = from >= 0 ? from : named;
  const flaw = writer < 0 ? 'no container leaves the file that it waits for' : null;
  return [
    { from: writer < 0 ? null : writer, to, by: 'guillotine', why: 'it is ended when a file appears', flaw },
  ];
}
