import type { Plan } from '../model/pod.ts';

/** In a clause what a rewrite does: `db ends when worker has ended`. */
export function describeEnd(plan: Plan & { readonly action: 'rewrite' }): string {
  const named = (role: string): string[] =>
    plan.containers.filter((container) => container.role === role).map(({ spec }) => spec.name);
  const sidecars = named('sidecar');
  const mains = named('main');
  const isRetried = plan.strategy !== 'native' && plan.pod.restartPolicy === 'OnFailure';
  const end = isRetried ? 'succeeded' : 'ended';
  if (sidecars.length === 0)
    return `injected sidecars are told to end when ${list(mains)} ${mains.length > 1 ? 'have' : 'has'} ${end}`;
  return `${list(sidecars)} ${sidecars.length > 1 ? 'end' : 'ends'} when ${list(mains)} ${mains.length > 1 ? 'have' : 'has'} ${end}`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
