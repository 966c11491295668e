import type { PodTemplate } from '../model/pod.ts';

/** Ways in which people make such a workload complete by hand, as they show in commands, arguments and variables. */
const WORKAROUNDS: readonly { readonly why: string; readonly text: RegExp }[] = [
  { why: 'a process is ended by name', text: /\b(?:pkill|killall5?)\b/ },
  { why: 'a process is ended by a signal', text: /\bkill\s+(?:-\w+\s+(?:\w+\s+)?|--\s+)*["'`$%{\d]/ },
  {
    why: 'a quit endpoint is used',
    text: /quitquitquit|\/graceful_shutdown|\/agent\/v1\/quit|(?:localhost|127\.0\.0\.1)\S{0,80}\/(?:shutdown|kill|quit|exit|stop)\b/i,
  },
  {
    why: 'a loop waits for a file',
    text: /\b(?:while|until)\b[^\n]{0,80}?(?:\[|\btest\b)[^\n]{0,80}?-[fes]\s|\binotifywait\b/,
  },
  {
    why: 'a tool that ends sidecars is used',
    text: /\b(?:kubexit|scuttle|linkerd-await|envoy-preflight)\b|(?:^|\n)(?:KUBEXIT_|ENVOY_ADMIN_API\b|GUILLOTINE_|KRUISE_TERMINATE_SIDECAR)/,
  },
];

/** Why this pod seems to end its sidecars by itself; null when nothing points to that. */
export function findWorkaround(pod: PodTemplate): string | null {
  const text = [...pod.initContainers, ...pod.containers]
    .flatMap(({ spec }) => [
      [...(spec.command ?? []), ...(spec.args ?? [])].join(' '),
      ...(spec.env ?? []).flatMap(({ name, value }) => [name, String(value ?? '')]),
    ])
    .join('\n');
  const shares = pod.spec.shareProcessNamespace ? 'its containers see each other’s processes' : null;
  return WORKAROUNDS.find((row) => row.text.test(text))?.why ?? shares;
}

/** The name of a container that Kubernetes itself treats as a sidecar; null if there is none. */
export function findNativeSidecar(pod: PodTemplate): string | null {
  const native = pod.initContainers.find(({ spec }) => spec.restartPolicy === 'Always');
  return native === undefined ? null : native.spec.name;
}
