import { type PlaceOf, type PodAnnotations, placeOfAnnotation } from '../kube/annotations.ts';
import { isElsewhere } from '../kube/roles.ts';
import { type Diagnostic, diagnose } from '../model/diagnostic.ts';
import type { PodTemplate } from '../model/pod.ts';

/** Annotations that speak of containers which are not there. */
export function checkNames(pod: PodTemplate, annotations: PodAnnotations, place: PlaceOf): Diagnostic[] {
  const names = pod.containers.map(({ spec }) => spec.name);
  const spokenOf = { entrypoints: annotations.entrypoints, options: annotations.options };
  return Object.entries(spokenOf).flatMap(([key, map]) =>
    Object.keys(map)
      .filter((name) => !names.includes(name) && !isElsewhere(pod, name, `guillotine/${key}`))
      .map((name) =>
        diagnose(
          'name-unknown',
          { name, by: `the annotation guillotine/${key}`, names },
          placeOfAnnotation(pod, `guillotine/${key}`, place),
        ),
      ),
  );
}
