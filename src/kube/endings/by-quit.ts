import type * as V1 from 'kubernetes-types/core/v1.js';
import { matchEntry } from '../../catalogue/match.ts';
import type { PodTemplate } from '../../model/pod.ts';
import { argvText, containerText } from '../container-text.ts';
import { scriptOf } from '../evidence/script.ts';
import { type Ending, variable } from './ending.ts';
import { findFlaw } from './flaw.ts';

const QUITS =
  /(?<![-\w])quitquitquit|\/graceful_shutdown|\/agent\/v1\/quit|\/v1\.0\/shutdown|(?:localhost|127\.0\.0\.1|0\.0\.0\.0)\S{0,40}\/(?:shutdown|kill|quit|exit|stop|die|terminate)(?=[\s"'?;)|&]|$)|pilot-agent\s+request\s+POST|cloud-sql-proxy\s+shutdown/gi;

/** Wrappers that end a mesh's proxy, and how to tell that they are switched off. */
const WRAPPERS: readonly { readonly command: RegExp; readonly needs?: RegExp; readonly variables: RegExp }[] =
  [
    {
      command: /\b(?:scuttle|envoy-preflight)\b/,
      variables: /^(?:ENVOY_ADMIN_API|ISTIO_QUIT_API|SCUTTLE_\w+)$/,
    },
    { command: /\blinkerd-await\b/, needs: /\s(?:--shutdown|-S)\b/, variables: /^LINKERD_AWAIT_\w+$/ },
  ];

/** A program around main that ends the other one; null: none. */
function findWrapperFlaw(
  spec: V1.Container,
  policy: string | undefined,
): { readonly flaw: string | null } | null {
  const argv = argvText(spec);
  const names = (spec.env ?? []).map(({ name }) => name);
  for (const { command, needs, variables } of WRAPPERS) {
    if (!command.test(argv)) {
      if (names.some((name) => variables.test(name)))
        return { flaw: 'the program that its variables are for is not started' };
      continue;
    }
    if (needs !== undefined && !needs.test(argv)) return { flaw: 'it is not told to end the sidecar' };
    if (variable(spec, 'NEVER_KILL_ISTIO') === 'true') return { flaw: 'NEVER_KILL_ISTIO forbids that' };
    const isKept = policy === 'Never' && variable(spec, 'NEVER_KILL_ISTIO_ON_FAILURE') === 'true';
    return { flaw: isKept ? 'when main fails, NEVER_KILL_ISTIO_ON_FAILURE forbids that' : null };
  }
  return null;
}

/** A call that ends the other one: whether it listens to that cannot be seen but for a flag. */
export function byQuit(pod: PodTemplate): Ending[] {
  const { containers } = pod;
  return containers.flatMap(({ spec }, from): Ending[] => {
    const wrapper = findWrapperFlaw(spec, pod.restartPolicy);
    const { text } = scriptOf(spec);
    if (wrapper === null && text.search(QUITS) < 0) return [];
    const to = findListener(pod, from);
    const isOff = wrapper === null && to !== null && isSwitchedOff(containers[to]?.spec);
    const own = wrapper === null ? findFlaw(spec, QUITS, pod.restartPolicy) : wrapper.flaw;
    const flaw = isOff ? 'that is not switched on there' : own;
    return [{ from, to, by: 'quit', why: 'it is ended by a call', flaw }];
  });
}

function findListener({ containers }: PodTemplate, from: number): number | null {
  const others = containers.flatMap((_, index) => (index === from ? [] : [index]));
  const listeners = others.filter((index) => {
    const spec = containers[index]?.spec;
    return (
      spec &&
      /quitquitquit|envoy|istio|proxy|linkerd/i.test(`${spec.name} ${spec.image} ${containerText(spec)}`)
    );
  });
  const found = listeners.length === 1 ? listeners : others;
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The catalogue knows the flag that opens the endpoint; a variable may say the same. */
function isSwitchedOff(spec: V1.Container | undefined): boolean {
  if (spec === undefined) return false;
  const needs = matchEntry(spec.name ?? '', spec.image ?? '')?.entry.quit?.needs;
  if (needs === undefined || !needs.startsWith('-')) return false;
  const word = needs.replace(/^-+/, '');
  const names = (spec.env ?? []).map(({ name }) => name.toLowerCase().replaceAll('_', ''));
  return !argvText(spec).includes(needs) && !names.some((name) => name.includes(word.replaceAll('-', '')));
}
