import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Live, Runtime, Sandbox } from './runtime.ts';

/** What the kubelet knows of one container. */
export interface State {
  readonly spec: V1.Container;
  readonly role: 'init' | 'native-sidecar' | 'regular';
  readonly codes: (number | null)[];
  starts: number;
  stdout: string;
  stderr: string;
  endedAfter: number;
  /** Its startup probe has passed, if it has one. */
  isStarted: boolean;
  /** It has ended and will not be started again. */
  isDone: boolean;
  /** Why it cannot be made at all, which is tried again and again. */
  waiting: string | null;
  live: Live | null;
}

/** What the parts of the kubelet share. */
export interface Kubelet {
  readonly spec: V1.PodSpec;
  readonly runtime: Runtime;
  readonly sandbox: Promise<Sandbox>;
  readonly volumes: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, State>;
  /** How long it takes to pull an image, and those that are pulled. */
  readonly pulls: Readonly<Record<string, number>>;
  readonly pulled: Map<string, Promise<void>>;
  /** Before restart 1, 2 …; the last one holds for those after it. */
  readonly backOff: readonly number[];
  /** In milliseconds since 1970. */
  readonly begin: number;
  /** The containers have ended, and the native sidecars are told to. */
  isEnding: boolean;
  /** It is being deleted, or its time is over: nothing is started any more. */
  isClosed: boolean;
  isOver: boolean;
}

export function newStates({ initContainers = [], containers }: V1.PodSpec): ReadonlyMap<string, State> {
  const init = initContainers.map((spec) =>
    newState(spec, isNativeSidecar(spec) ? 'native-sidecar' : 'init'),
  );
  const regular = containers.map((spec) => newState(spec, 'regular'));
  return new Map([...init, ...regular].map((state) => [state.spec.name, state]));
}

function newState(spec: V1.Container, role: State['role']): State {
  const begun = { starts: 0, stdout: '', stderr: '', endedAfter: 0 };
  return { spec, role, codes: [], ...begun, isStarted: false, isDone: false, waiting: null, live: null };
}

/** The field is newer than the types. */
function isNativeSidecar(container: V1.Container): boolean {
  return (container as { readonly restartPolicy?: string }).restartPolicy === 'Always';
}

export function stateOf({ states }: Pick<Kubelet, 'states'>, name: string): State {
  const state = states.get(name);
  if (state === undefined) throw new Error(`no container "${name}"`);
  return state;
}

export function statesWith({ states }: Kubelet, ...roles: readonly State['role'][]): State[] {
  return [...states.values()].filter(({ role }) => roles.includes(role));
}
