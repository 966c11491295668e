import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { BROKEN_JOB, cli, folder, JOB } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const HEAD = 'apiVersion: guillotine/v1alpha1\nkind: GuillotineTransformer\n';

async function withConfig(
  text: string,
  input = JOB,
): Promise<{ code: number; stdout: string; stderr: string; path: string }> {
  const path = join(folder({ 'c.yaml': text }), 'c.yaml');
  return { ...(await cli(['--config', path], input)), path };
}

suite('config', (test) => {
  test('sets what flags set; flags win', async () => {
    const path = join(
      folder({ 'c.yaml': `${HEAD}spec: {grace: 20s, poll: 5, shell: {image: "my/busybox:1"}}\n` }),
      'c.yaml',
    );
    const { stdout } = await cli(['--config', path, '--poll', '7s'], JOB);
    assert.match(stdout, /GUILLOTINE_INTERVAL\n {10}value: "7"/);
    assert.match(stdout, /GUILLOTINE_GRACE\n {10}value: "20"/);
    assert.match(stdout, /image: "my\/busybox:1"/);
  });
  test('onError: leave is --keep-going', async () => {
    const broken = BROKEN_JOB;
    const { code, stdout } = await withConfig(`${HEAD}spec: {onError: leave, strategy: sentinel}\n`, broken);
    assert.equal([code, stdout], [0, broken]);
  });
  test('the first rule that matches counts', async () => {
    const rules = `spec:
  workloads:
  - match: {kind: CronJob}
    strategy: skip
  - match: {name: "exp*", namespace: default}
    main: [db]
  - match: {}
    strategy: skip
`;
    assert.match((await withConfig(HEAD + rules)).stderr, /worker ends when db has ended/);
  });
});

suite('mistakes in the config', (test) => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'an unknown key',
      'spec:\n  strategi: auto\n',
      '4:3: spec.strategi is no setting of guillotine\n  = did you mean strategy?',
    ],
    [
      'an unknown key far from any',
      'spec:\n  xyzzy: 1\n',
      '4:3: spec.xyzzy is no setting of guillotine\n  = known here: strategy, kubeVersion, onError',
    ],
    ['a wrong type', 'spec:\n  workloads:\n  - match: []\n', '5:5: spec.workloads[0].match must be object'],
    ['a wrong choice', 'spec:\n  strategy: nativ\n', '4:13: spec.strategy must be one of auto, sentinel'],
    ['a bad duration', 'spec:\n  grace: soon\n', '4:10: spec.grace must be whole seconds: 10s, 2m'],
    ['no interval', 'spec:\n  poll: 0s\n', '4:9: spec.poll must be whole seconds, at least 1'],
    ['no interval, as a number', 'spec:\n  poll: 0\n', '4:9: spec.poll must be whole seconds, at least 1'],
    [
      'a bad volume',
      'spec:\n  volume: {name: A_b}\n',
      '4:18: spec.volume.name must be a volume name (lower-case letters',
    ],
    [
      'a version that YAML reads as a number',
      'spec:\n  kubeVersion: 1.30\n',
      '4:16: spec.kubeVersion must be the oldest cluster that must run the result, in quotes: "1.31"',
    ],
    ['no version', 'spec:\n  kubeVersion: new\n', '4:16: spec.kubeVersion must be the oldest cluster'],
    [
      'no place',
      'spec:\n  workloads:\n  - match: {}\n    options: {db: {place: second}}\n',
      '6:27: spec.workloads[0].options.db.place must be where a native sidecar goes',
    ],
    ['no match', 'spec:\n  workloads:\n  - main: [a]\n', '5:5: spec.workloads[0] has no match'],
    ['a key twice', 'spec:\n  grace: 1s\n  grace: 2s\n', '5:3: the key "grace" stands twice'],
    ['an entry without id', 'spec:\n  sidecars:\n  - images: [a/b]\n', '5:5: spec.sidecars[0] has no id'],
    ['an entry of nothing', 'spec:\n  sidecars:\n  - {id: a}\n', '5:6: spec.sidecars[0] has no images'],
    [
      'a misspelt field of an entry',
      'spec:\n  sidecars:\n  - {id: a, images: [a/b], entripoint: [/a]}\n',
      '5:28: spec.sidecars[0].entripoint is no setting of guillotine\n  = did you mean entrypoint?',
    ],
    [
      'a misspelt field of a row by tag',
      'spec:\n  sidecars:\n  - {id: a, images: [a/b], shell: [{tag: "*", tags: "*", shell: true}]}\n',
      '5:37: spec.sidecars[0].shell[0].tag is no setting of guillotine\n  = did you mean tags?',
    ],
    [
      'a wrong kind of entry',
      'spec:\n  sidecars:\n  - {id: a, images: [a/b], kind: proxy}\n',
      '5:34: spec.sidecars[0].kind must be one of sidecar, server, injected, self-ending',
    ],
    [
      'a wrong id',
      'spec:\n  sidecars:\n  - {id: A B, images: [a/b]}\n',
      '5:10: spec.sidecars[0].id must match pattern "^[a-z0-9]+(-[a-z0-9]+)*$"\n  = Name of the entry in kebab case; unique.',
    ],
    [
      'a mirror with a scheme',
      'spec:\n  mirrors: ["https://registry.example.com/"]\n',
      '4:13: spec.mirrors[0] must be a registry or a folder in one, without https://',
    ],
    [
      'a word as an entrypoint',
      'spec:\n  images:\n    a/b: {entrypoint: /a}\n',
      "5:23: spec.images['a/b'].entrypoint must be a list of strings, as the image has it",
    ],
    [
      'a misspelt field of an image',
      'spec:\n  images:\n    a/b: {entrypont: [/a]}\n',
      "5:11: spec.images['a/b'].entrypont is no setting of guillotine\n  = did you mean entrypoint?",
    ],
    [
      'a kind without its path',
      'spec:\n  kinds:\n  - {group: example.com, kind: BatchRun}\n',
      '5:6: spec.kinds[0] has no podTemplate',
    ],
    [
      'a misspelt field of a kind',
      'spec:\n  kinds:\n  - {group: example.com, kind: BatchRun, podTemplat: spec.template}\n',
      '5:42: spec.kinds[0].podTemplat is no setting of guillotine\n  = did you mean podTemplate?',
    ],
    [
      'a group with a version',
      'spec:\n  kinds:\n  - {group: example.com/v1, kind: BatchRun, podTemplate: spec.template}\n',
      '5:13: spec.kinds[0].group must be an API group, without version: example.com',
    ],
    [
      'no kind',
      'spec:\n  kinds:\n  - {group: example.com, kind: batch-runs, podTemplate: spec.template}\n',
      '5:32: spec.kinds[0].kind must be a kind as it stands in manifests: BatchRun',
    ],
    ...['spec.template.spec', 'spec', '$.spec.template', 'spec..template', 'spec.tasks[0].template'].map(
      (path): readonly [string, string, string] => [
        `a wrong path: ${path}`,
        `spec:\n  kinds:\n  - {group: example.com, kind: BatchRun, podTemplate: "${path}"}\n`,
        '5:55: spec.kinds[0].podTemplate must be the path of what holds the metadata and the spec of a pod: spec.template',
      ],
    ),
    [
      'a policy that never ends',
      'spec:\n  kinds:\n  - {group: example.com, kind: BatchRun, podTemplate: pod, restartPolicy: Always}\n',
      '5:75: spec.kinds[0].restartPolicy must be one of Never, OnFailure',
    ],
    [
      'a wrong option',
      'spec:\n  workloads:\n  - match: {}\n    options: {db: {shel: image}}\n',
      '6:20: spec.workloads[0].options.db.shel is no setting of guillotine\n  = did you mean shell?',
    ],
  ];
  for (const [name, text, expected] of rows) {
    test(name, async () => {
      const { code, stdout, stderr, path } = await withConfig(HEAD + text);
      assert.equal([code, stdout], [2, '']);
      assert.ok(stderr.startsWith(`error: ${path}:${expected}`), stderr);
    });
  }
  test('no YAML', async () =>
    assert.match((await withConfig('a: [')).stderr, /^error: .*c\.yaml:1:\d: flow sequence/));
  test('another kind', async () => {
    assert.match(
      (await withConfig('apiVersion: guillotine/v1alpha1\nkind: Job\n')).stderr,
      /c\.yaml:2:7: kind must be GuillotineTransformer/,
    );
  });
  test('a missing file', async () => {
    assert.match((await cli(['--config', 'none.yaml'], JOB)).stderr, /^error: none\.yaml: no such file/);
  });
});
