import type * as V1 from 'kubernetes-types/core/v1.js';

/** The words that start a container's program, as far as the manifest has them. */
export function argvOf({ command, args }: V1.Container): string[] {
  return [...(command ?? []), ...(args ?? [])];
}

export function argvText(spec: V1.Container): string {
  return argvOf(spec).join(' ');
}

const SOCKET_FLAG = /(?:^|\s)--?(?:dir|unix-socket(?:-path)?|u)[= ](\/[\w./-]+)/;

/** Where it is told to put its sockets; null if it is not. */
export function socketFolder(spec: V1.Container): string | null {
  return SOCKET_FLAG.exec(argvText(spec))?.[1] ?? null;
}

/** The values of its variables, one a line; those that come from elsewhere cannot be seen. */
export function envText({ env }: V1.Container): string {
  return (env ?? []).map(({ value }) => String(value ?? '')).join('\n');
}

/** All that a container is told: its argv and its variables. */
export function containerText(spec: V1.Container): string {
  return `${argvText(spec)}\n${envText(spec)}`;
}

export function hookText(handler: V1.LifecycleHandler | undefined): string {
  return (handler?.exec?.command ?? []).join(' ');
}

/**
 * A loopback address and the number behind it: first, where a colon says that it is a port; second, where it is written
 * otherwise, as for nc, bash's /dev/tcp, libpq and most languages, and may be seconds or a count as well.
 */
const LOOPBACK =
  /(?:127\.0\.0\.1|\blocalhost|\[::1\])(?::(\d{2,5})|(?:[ "',]+(?:port=)?|(?<=\/dev\/tcp\/\S+)\/)(\d{2,5})(?![\w.-]))?/g;

/** Does it speak of a program on the pod's own loopback address? */
export function mentionsLoopback(text: string): boolean {
  return text.search(LOOPBACK) >= 0;
}

const PORT_FLAG = /(?:^|\s)(?:--?(?:port|listen|p|P)[= ]|tcp:|[?&]port=)(?:[\w.*]*:)?(\d{2,5})\b/g;

/** The ports that it speaks of: behind a loopback address, in a flag, in a variable that is called so. */
export function mentionedPorts(spec: V1.Container): number[] {
  const argv = argvText(spec);
  const all = `${argv}\n${envText(spec)}`;
  const variables = (spec.env ?? []).filter(({ name }) => /port/i.test(name));
  const found = [...all.matchAll(LOOPBACK), ...argv.matchAll(PORT_FLAG)].flatMap(([, port]) => port ?? []);
  return [...numbersIn(variables), ...found.map(Number)];
}

/**
 * Besides, any number behind a loopback address or in a variable: enough to say which of two starts first, too little to
 * tell their roles.
 */
export function possiblePorts(spec: V1.Container): number[] {
  const behind = [...containerText(spec).matchAll(LOOPBACK)].flatMap(([, , number]) => number ?? []);
  return [...mentionedPorts(spec), ...behind.map(Number), ...numbersIn(spec.env ?? [])];
}

/** The variables that are mere numbers. */
function numbersIn(variables: readonly V1.EnvVar[]): number[] {
  return variables
    .map(({ value }) => String(value ?? ''))
    .filter((value) => /^\d{2,5}$/.test(value))
    .map(Number);
}
