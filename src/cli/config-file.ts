import { fullReference } from '../catalogue/published.ts';
import { parseContainerOptions } from '../kube/container-options.ts';
import { parseKubeVersion } from '../kube/version.ts';
import type { CatalogueEntry } from '../model/catalogue-entry.ts';
import { parseSeconds } from '../model/duration.ts';
import { invariant } from '../model/invariant.ts';
import type { Kind } from '../model/kind.ts';
import { isMap, type Value } from '../model/object.ts';
import type { ContainerOptions, ImageConfig, Options, WorkloadRule } from '../model/options.ts';
import { SHELL_CHOICES } from '../supervisor/shells.ts';
import type { Parsed } from '../yaml/parse.ts';
import { checkValue, checkYaml, readText } from './checked-yaml.ts';
import type { Config } from './config.ts';

type Duration = string | number;

/** The file as it is written, once the schema holds. */
interface ConfigFile {
  readonly spec?: {
    readonly strategy?: string;
    readonly kubeVersion?: string;
    readonly onError?: 'fail' | 'leave';
    readonly workloads?: readonly RuleInFile[];
    readonly images?: ImagesInFile;
    readonly mirrors?: readonly string[];
    readonly sidecars?: readonly EntryInFile[];
    readonly kinds?: readonly KindInFile[];
    readonly shell?: {
      readonly source?: string;
      readonly image?: string;
      readonly runAsUser?: number | null;
    };
    readonly volume?: { readonly name?: string; readonly mountPath?: string };
    readonly grace?: Duration;
    readonly poll?: Duration;
  };
}
interface RuleInFile extends Omit<WorkloadRule, 'options'> {
  readonly options?: Readonly<Record<string, unknown>>;
}

interface KindInFile {
  readonly group: string;
  readonly kind: string;
  readonly podTemplate: string;
  readonly restartPolicy?: string;
}

/** The schema has it that `id` stands there, and images or names. */
type EntryInFile = Partial<CatalogueEntry> & Pick<CatalogueEntry, 'id'>;

/** A map of images as it is written, once the schema holds. */
export type ImagesInFile = Readonly<Record<string, Omit<ImageConfig, 'user'> & { readonly user?: unknown }>>;

/** Reads and checks a config file. Throws a UsageError that names the file, the line and the key. */
export function readConfigFile(path: string): Config {
  return toConfig(checkYaml(path, readText(path)) as unknown as ConfigFile);
}

/**
 * The config in a ResourceList's functionConfig: an object of ours, or a ConfigMap whose `data` holds settings that are
 * plain words (`kpt fn eval … -- strategy=native`). Throws a UsageError that names the place.
 */
export function readFunctionConfig(path: string, parsed: Parsed, value: Value): Config {
  const root = ['functionConfig'];
  if (!isMap(value) || value['kind'] !== 'ConfigMap') {
    checkValue(path, parsed, value, (field) => [...root, ...field]);
    return toConfig(value as unknown as ConfigFile);
  }
  const config: Value = {
    apiVersion: 'guillotine/v1alpha1',
    kind: 'GuillotineTransformer',
    spec: isMap(value['data']) ? value['data'] : {},
  };
  checkValue(path, parsed, config, ([, ...rest]) => [...root, 'data', ...rest]);
  return toConfig(config as unknown as ConfigFile);
}

function toConfig({ spec = {} }: ConfigFile): Config {
  const { strategy, kubeVersion, workloads, images, mirrors, sidecars, kinds, shell, volume, grace, poll } =
    spec;
  const options: { -readonly [K in keyof Options]?: Options[K] } = {};
  if (strategy !== undefined) options.strategy = strategy;
  if (kubeVersion !== undefined) options.kubeVersion = parseKubeVersion(kubeVersion);
  if (workloads !== undefined) options.workloads = workloads.map(toRule);
  if (images !== undefined) options.images = toImages(images);
  if (mirrors !== undefined) options.mirrors = mirrors;
  if (sidecars !== undefined) options.sidecars = sidecars.map(toEntry);
  if (kinds !== undefined) options.kinds = kinds.map(toKind);
  if (shell?.source !== undefined) options.shell = shell.source;
  if (shell?.image !== undefined) options.shellImage = shell.image;
  if (shell?.runAsUser !== undefined) options.shellUser = shell.runAsUser;
  if (volume?.name !== undefined) options.volume = volume.name;
  if (volume?.mountPath !== undefined) options.mountPath = volume.mountPath;
  if (grace !== undefined) options.grace = toSeconds(grace);
  if (poll !== undefined) options.poll = toSeconds(poll);
  return { options, keepGoing: spec.onError === 'leave' };
}

function toRule({ options, ...rule }: RuleInFile): WorkloadRule {
  if (options === undefined) return rule;
  const entries = Object.entries(options).map(([name, written]): [string, ContainerOptions] => {
    const read = parseContainerOptions(written, SHELL_CHOICES);
    invariant('options' in read, 'the schema lets pass what the annotation would not');
    return [name, read.options];
  });
  return { ...rule, options: Object.fromEntries(entries) };
}

/** A map of images; one without tag and digest is meant with every tag. */
export function toImages(images: ImagesInFile): Options['images'] {
  const entries = Object.entries(images).map(([image, { user, ...config }]): [string, ImageConfig] => {
    return [fullReference(image), user === undefined ? config : { ...config, user: String(user) }];
  });
  return Object.fromEntries(entries);
}

/** Who writes an entry knows the images it speaks of. */
function toEntry(written: EntryInFile): CatalogueEntry {
  return {
    about: written.id,
    images: [],
    names: [],
    kind: 'sidecar',
    repositories: [],
    source: 'the config file',
    confidence: 'high',
    ...written,
  };
}

/** Any version of the group is meant: versions of a kind hardly ever differ in where the pod template stands. */
function toKind({ group, kind, podTemplate, restartPolicy }: KindInFile): Kind {
  return {
    apiVersions: [`${group}/*`],
    kind,
    podTemplate,
    restartPolicy: restartPolicy ?? null,
    mayRunForever: true,
  };
}

/** The schema has checked the form. */
function toSeconds(duration: Duration): number {
  return parseSeconds(String(duration)) ?? 0;
}
