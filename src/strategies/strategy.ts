import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import type { FieldPath } from '../model/object.ts';
import type { ContainerOptions, Options, QuitCall } from '../model/options.ts';
import type { ClassifiedPod } from '../model/pod.ts';
import type { StrategyName } from './names.ts';

/** What holds for one container, after annotations, config and flags. */
export interface ContainerSettings {
  readonly entrypoint: readonly string[] | null;
  /** A row of SHELL_SOURCES, or `auto`. */
  readonly shell: string;
  /** Seconds, never above the pod's own grace period. */
  readonly grace: number;
  /** `first`, `last` or `before:NAME`; null: by evidence. */
  readonly place: string | null;
  /** What it calls as a main when all mains are done. */
  readonly quit: readonly QuitCall[];
  /** What was written for this container alone. */
  readonly own: ContainerOptions;
}

/** A call that a container is asked to make. */
export interface QuitWish {
  readonly container: string;
  readonly call: QuitCall;
}

export interface StrategyContext {
  readonly options: Options;
  readonly settings: (containerName: string) => ContainerSettings;
  /** Of all containers of the pod. */
  readonly quits: readonly QuitWish[];
  /** For diagnostics: a place in the workload's document. */
  readonly place: (path: FieldPath) => Place;
}

export interface StrategyResult {
  readonly edits: readonly Edit[];
  readonly diagnostics: readonly Diagnostic[];
  /** For the report: what was decided on the way. */
  readonly notes: readonly string[];
}

/** What can go wrong with a strategy in a certain pod. */
export interface Hazard {
  /** Does `auto` look for another strategy? */
  readonly avoid: boolean;
  readonly diagnostic: Diagnostic;
}

/** A way to make a pod complete. */
export interface Strategy {
  readonly id: StrategyName;
  readonly findHazards: (pod: ClassifiedPod, context: StrategyContext) => readonly Hazard[];
  /** The edits, or the errors for which there are none. */
  readonly plan: (pod: ClassifiedPod, context: StrategyContext) => StrategyResult;
}
