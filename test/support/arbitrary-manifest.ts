import * as fc from 'fast-check';

// Job manifests in every layout: an object and, for each of its nodes, a choice of how it is written.

type Model = string | number | boolean | Model[] | { [key: string]: Model };

interface Look {
  readonly step: 2 | 3 | 4;
  /** Are dashes indented under their key? */
  readonly dashes: boolean;
  readonly eol: '\n' | '\r\n';
  readonly bom: boolean;
  readonly finalNewline: boolean;
  readonly marker: string;
  /** Taken in turn, one for each node: how it is written, and what comment stands there. */
  readonly whims: readonly Whim[];
}

interface Whim {
  readonly flow: number;
  readonly quote: 0 | 1 | 2;
  readonly comment: number;
  readonly blank: boolean;
}

export interface GeneratedManifest {
  readonly text: string;
  readonly name: string;
  /** Does it have two pod templates that are alike? */
  readonly hasTwins: boolean;
}

const word = fc.constantFrom(
  'run',
  '--all',
  '$(VAR)',
  '$$',
  'a b',
  "it's",
  '"',
  '#',
  ': ',
  'yes',
  '0755',
  '-',
  '{}',
  '*',
  'ü',
  '',
);

const command = fc.array(word, { minLength: 0, maxLength: 3 }).map((words) => ['/app', ...words]);

const env = fc.array(
  fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: word }) as fc.Arbitrary<Model>,
  { maxLength: 2 },
);

const mounts = fc.uniqueArray(fc.constantFrom('/data', '/tmp/x', '/etc/conf'), { maxLength: 2 });

function container(name: string, image: string): fc.Arbitrary<Model> {
  return fc
    .tuple(
      command,
      fc.option(fc.array(word, { maxLength: 2 })),
      fc.option(env),
      fc.option(mounts),
      fc.nat(5),
      fc.boolean(),
    )
    .map(([argv, args, variables, paths, cut, nulls]) => {
      const fields: [string, Model | null][] = [
        ['name', name],
        ['image', image],
        ['command', argv],
        ['args', args],
        ['env', variables ?? (nulls ? 'NULL' : null)],
        ['volumeMounts', paths?.map((mountPath) => ({ name: 'data', mountPath })) ?? null],
      ];
      const present = fields.filter((field): field is [string, Model] => field[1] !== null);
      const at = cut % present.length;
      return Object.fromEntries([...present.slice(at), ...present.slice(0, at)]);
    });
}

const pod = fc
  .record({
    restartPolicy: fc.constantFrom('Never', 'OnFailure'),
    mains: fc.integer({ min: 1, max: 2 }),
    sidecarAt: fc.nat(2),
    inits: fc.constantFrom('none', 'none', 'null', 'empty', 'one', 'two'),
    initsFirst: fc.boolean(),
    fetch: container('fetch', 'registry.example.com/fetch:1'),
    check: container('check', 'registry.example.com/check:1'),
    volumes: fc.constantFrom('list', 'null'),
    metadata: fc.constantFrom('none', 'labels', 'annotations', 'null', 'empty'),
    sidecar: container('proxy', 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.1'),
    first: container('worker', 'registry.example.com/worker:1'),
    second: container('other', 'registry.example.com/other:1'),
  })
  .map(({ restartPolicy, mains, sidecarAt, volumes, metadata, sidecar, first, second, ...more }): Model => {
    const all = mains === 1 ? [first] : [first, second];
    const containers = [...all.slice(0, sidecarAt), sidecar, ...all.slice(sidecarAt)];
    const lists: Record<string, Model> = {
      null: { initContainers: 'NULL' },
      empty: { initContainers: [] },
      one: { initContainers: [more.fetch] },
      two: { initContainers: [more.fetch, more.check] },
    };
    const inits = (lists[more.inits] ?? {}) as { [key: string]: Model };
    const spec: Model = {
      restartPolicy,
      ...(more.initsFirst ? inits : {}),
      containers,
      ...inits,
      volumes: [{ name: 'data', emptyDir: {} }],
    };
    const notes: Record<string, Model> = {
      labels: { labels: { app: 'x' } },
      annotations: { annotations: { note: 'yes' } },
      null: { annotations: 'NULL' },
      empty: { annotations: {} },
    };
    const extra: { [key: string]: Model } = metadata === 'none' ? {} : { metadata: notes[metadata] as Model };
    return volumes === 'null' ? { spec, ...extra } : { ...extra, spec };
  });

/** By kind, with one or two pod templates. */
const SPECS: Readonly<Record<string, (first: Model, second: Model) => Model>> = {
  'batch/v1 Job': (template) => ({ template }),
  'batch/v1 CronJob': (template) => ({ schedule: '@daily', jobTemplate: { spec: { template } } }),
  'jobset.x-k8s.io/v1alpha2 JobSet': (first, second) => ({
    replicatedJobs: [first, second].map((template, index) => ({
      name: `part-${index}`,
      template: { spec: { template } },
    })),
  }),
  'batch.volcano.sh/v1alpha1 Job': (template) => ({ tasks: [{ name: 'part', template }, { template }] }),
};

/** Most have one pod template. */
const kinds = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('batch/v1 Job', 'batch/v1 CronJob') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('batch.volcano.sh/v1alpha1 Job', 'jobset.x-k8s.io/v1alpha2 JobSet'),
  },
);

const whim: fc.Arbitrary<Whim> = fc.record({
  flow: fc.nat(9),
  quote: fc.constantFrom(0, 1, 2),
  comment: fc.nat(9),
  blank: fc.boolean(),
});

const look: fc.Arbitrary<Look> = fc.record({
  step: fc.constantFrom(2, 3, 4),
  dashes: fc.boolean(),
  eol: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  finalNewline: fc.boolean(),
  marker: fc.constantFrom('', '---\n', '--- # doc\n', '# head\n'),
  whims: fc.array(whim, { minLength: 5, maxLength: 40 }),
});

export const manifest: fc.Arbitrary<GeneratedManifest> = fc
  .tuple(pod, look, kinds, fc.nat(99_999), pod)
  .map(([first, style, type, number, second]) => {
    const name = `job-${number}`;
    const [apiVersion = '', kind = ''] = type.split(' ');
    const spec = SPECS[type]?.(first, second) ?? {};
    const text = print({ apiVersion, kind, metadata: { name }, spec }, style);
    return { name, text, hasTwins: !type.startsWith('batch/') };
  });

function print(model: Model, look: Look): string {
  const printer = createPrinter(look);
  const lines = look.marker + printer.block(model, 0);
  const text = look.finalNewline ? lines : lines.replace(/\n$/, '');
  return (look.bom ? '\ufeff' : '') + text.replaceAll('\n', look.eol);
}

function createPrinter(look: Look): { readonly block: (model: Model, column: number) => string } {
  let turn = 0;
  const next = (): Whim => look.whims[turn++ % look.whims.length] as Whim;

  const scalar = (value: Model, { quote }: Whim): string => {
    if (value === 'NULL') return ['', 'null', '~'][quote] ?? '';
    if (typeof value !== 'string') return String(value);
    const isPlain =
      /^[A-Za-z/][\w./-]*$/.test(value) && !/^(?:yes|no|on|off|y|n|null|true|false)$/i.test(value);
    if (isPlain && quote === 0) return value;
    return quote === 1 ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
  };

  const flow = (value: Model): string => {
    const own = next();
    const gap = own.blank ? ' ' : '';
    if (Array.isArray(value)) return `[${gap}${value.map(flow).join(', ')}${gap}]`;
    if (typeof value === 'object') {
      return `{${gap}${Object.entries(value)
        .map(([key, item]) => `${key}: ${flow(item)}`)
        .join(', ')}${gap}}`;
    }
    return value === 'NULL' ? 'null' : scalar(value, own);
  };

  const comment = (own: Whim, column: number): string =>
    own.comment === 0 ? `${' '.repeat(column)}# above\n` : '';
  const tail = (own: Whim): string =>
    own.comment === 1 ? '   # behind\n' : own.comment === 2 ? ' \n' : '\n';

  const value = (model: Model, column: number, own: Whim): string => {
    const isEmpty = typeof model === 'object' && Object.keys(model).length === 0;
    if (isEmpty || (typeof model === 'object' && own.flow === 0)) return ` ${flow(model)}${tail(own)}`;
    if (Array.isArray(model)) {
      const at = look.dashes ? column + look.step : column;
      return (
        tail(own) + model.map((item) => `${comment(next(), at)}${' '.repeat(at)}-${item_(item, at)}`).join('')
      );
    }
    if (typeof model === 'object') return tail(own) + block(model, column + look.step);
    return ` ${scalar(model, own)}`.trimEnd() + tail(own);
  };

  const item_ = (model: Model, column: number): string => {
    const own = next();
    if (typeof model !== 'object' || Array.isArray(model) || own.flow === 0)
      return ` ${flow(model)}${tail(own)}`;
    return ` ${block(model, column + 2).trimStart()}`;
  };

  const block = (model: Model, column: number): string =>
    Object.entries(model as { [key: string]: Model })
      .map(([key, item], index) => {
        const own = next();
        const above = index === 0 ? '' : comment(own, column) + (own.blank && own.comment === 3 ? '\n' : '');
        return `${above}${' '.repeat(column)}${key}:${value(item, column, own)}`;
      })
      .join('');

  return { block };
}
