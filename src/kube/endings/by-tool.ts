import type * as V1 from 'kubernetes-types/core/v1.js';
import type { PodTemplate } from '../../model/pod.ts';
import { argvText } from '../container-text.ts';
import { WRITES, writesOf } from './by-file.ts';
import { type Ending, variable } from './ending.ts';
import { findFlaw } from './flaw.ts';
import { placeOf, samePlace } from './place.ts';

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

const FILE = 'GUILLOTINE_WATCHED_FILE';

/** The hand-made form of github.com/aktsk/guillotine: it waits for one file, and whoever knows its name may leave it. */
export function byGuillotine(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  const to = containers.findIndex(({ spec }) => /(?:^|\/)guillotine$/.test(String(spec.command?.[0] ?? '')));
  const spec = containers[to]?.spec;
  if (spec === undefined) return [];
  const file = variable(spec, FILE) ?? '';
  const place = placeOf(pod, spec, file);
  const isThere = (other: V1.Container, path: string): boolean =>
    samePlace(placeOf(pod, other, path), place, path, file);
  const writer = containers.findIndex(
    (other, index) => index !== to && writesOf(other.spec).some((path) => isThere(other.spec, path)),
  );
  const knowing = containers.findIndex(
    (other, index) => index !== to && isThere(other.spec, variable(other.spec, FILE) ?? ''),
  );
  const from = writer >= 0 ? writer : knowing;
  return [
    {
      from: from < 0 ? null : from,
      to,
      by: 'guillotine',
      why: 'it is ended when a file appears',
      flaw: findFileFlaw(),
    },
  ];

  function findFileFlaw(): string | null {
    if (file === '') return `it has no ${FILE}`;
    if (from < 0) return `no container leaves ${file}`;
    if (place === null) return `${file} stands on no volume that both have`;
    const known = containers[writer]?.spec;
    return known === undefined ? null : findFlaw(known, WRITES, pod.restartPolicy);
  }
}
