import type { Options } from '../model/options.ts';
import type { PodTemplate } from '../model/pod.ts';
import { fitsWorkload } from './roles.ts';

/** What is wrong with `--main`, `--sidecar` and `--entrypoint` whose names match nowhere. */
export function findUnusedNames(pods: readonly PodTemplate[], { roleFlags, entrypoints }: Options): string[] {
  const has = (pod: PodTemplate, name: string): boolean =>
    pod.containers.some(({ spec }) => spec.name === name);
  const lacksCommand = (pod: PodTemplate, name: string): boolean =>
    pod.containers.some(({ spec }) => (spec.name === name || spec.image === name) && !spec.command?.length);
  const unused = roleFlags.filter((flag) => {
    return !pods.some((pod) => fitsWorkload(flag, pod.workload) && has(pod, flag.container));
  });
  const names = Object.keys(entrypoints).filter((name) => !pods.some((pod) => lacksCommand(pod, name)));
  return [
    ...unused.map(({ role, text }) => `--${role} ${text}: no workload of the input has such a container`),
    ...names.map(
      (name) => `--entrypoint ${name}: no workload of the input has such a container without command`,
    ),
  ];
}
