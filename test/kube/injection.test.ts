import * as assert from 'uvu/assert';
import { CATALOGUE } from '../../src/catalogue/catalogue.ts';
import { findInjections, INJECTION_WORDS, INJECTORS, type Marks } from '../../src/kube/injection.ts';
import { findNamespaces } from '../../src/kube/namespace.ts';
import type { KubeVersion } from '../../src/model/options.ts';
import type { PodTemplate } from '../../src/model/pod.ts';
import { suite } from '../support/suite.ts';

interface Said {
  readonly labels?: Marks;
  readonly annotations?: Marks;
  readonly workload?: Marks;
  readonly namespace?: Marks;
  readonly spec?: Partial<PodTemplate['spec']>;
  readonly version?: KubeVersion | null;
}

const SOURCE = { name: 'x', bytes: new Uint8Array() };

function injectionsOf({ labels = {}, annotations = {}, workload = {}, spec = {}, ...said }: Said): string[] {
  const main = { name: 'main', image: 'registry.example.com/main:1' };
  const podSpec = { restartPolicy: 'Never', containers: [main], ...spec };
  const containers = podSpec.containers.map((row, index) => ({ spec: row, path: ['containers', index] }));
  const pod: PodTemplate = {
    workload: {
      document: { source: SOURCE, span: { start: 0, end: 0 }, index: 0, candidate: true },
      id: { apiVersion: 'batch/v1', kind: 'Job', namespace: null, name: 'job' },
      root: [],
      labels: {},
      annotations: workload,
      object: {},
      containerNames: new Set(['main']),
      handling: null,
    },
    path: ['spec', 'template'],
    part: null,
    labels,
    annotations,
    spec: podSpec,
    restartPolicy: podSpec.restartPolicy,
    containers,
    initContainers: (podSpec.initContainers ?? []).map((row, index) => ({
      spec: row,
      path: ['init', index],
    })),
  };
  return findInjections(pod, said.namespace ?? {}, said.version ?? null).map(({ injector }) => injector.id);
}

const INJECT = 'sidecar.istio.io/inject';

suite('what is injected', (test) => {
  const rows: readonly (readonly [string, Said, readonly string[]])[] = [
    ['nothing', {}, []],
    ['istio by label', { labels: { [INJECT]: 'true' } }, ['istio']],
    ['istio by annotation', { annotations: { [INJECT]: 'true' } }, ['istio']],
    ['a label wins', { labels: { [INJECT]: 'false' }, annotations: { [INJECT]: 'true' } }, []],
    ['istio, as nobody spells it', { labels: { [INJECT]: 'yes' } }, []],
    ['istio by revision', { labels: { 'istio.io/rev': 'stable' } }, ['istio']],
    ['istio by an empty revision', { labels: { 'istio.io/rev': '' } }, []],
    ['istio by Namespace', { namespace: { 'istio-injection': 'enabled' } }, ['istio']],
    ['istio by revision of the Namespace', { namespace: { 'istio.io/rev': '1-24' } }, ['istio']],
    [
      'istio off in the pod',
      { labels: { [INJECT]: 'false' }, namespace: { 'istio-injection': 'enabled' } },
      [],
    ],
    [
      'istio off in the Namespace',
      { labels: { [INJECT]: 'true' }, namespace: { 'istio-injection': 'disabled' } },
      [],
    ],
    [
      'off on the workload is not seen by a webhook',
      { workload: { [INJECT]: 'false' }, namespace: { 'istio-injection': 'enabled' } },
      ['istio'],
    ],
    ['on the workload is meant for the pod', { workload: { [INJECT]: 'true' } }, ['istio']],
    ['linkerd', { annotations: { 'linkerd.io/inject': 'enabled' } }, ['linkerd']],
    ['linkerd ingress', { namespace: { 'linkerd.io/inject': 'ingress' } }, ['linkerd']],
    ['linkerd, no such mode', { annotations: { 'linkerd.io/inject': 'true' } }, []],
    [
      'linkerd off in the pod',
      { annotations: { 'linkerd.io/inject': 'disabled' }, namespace: { 'linkerd.io/inject': 'enabled' } },
      [],
    ],
    [
      'linkerd: the pod wins over the Namespace',
      { annotations: { 'linkerd.io/inject': 'enabled' }, namespace: { 'linkerd.io/inject': 'disabled' } },
      ['linkerd'],
    ],
    ['dapr', { annotations: { 'dapr.io/enabled': 'true' } }, ['dapr']],
    ['dapr off', { annotations: { 'dapr.io/enabled': 'false' } }, []],
    ['dapr is not by Namespace', { namespace: { 'dapr.io/enabled': 'true' } }, []],
    ['consul', { annotations: { 'consul.hashicorp.com/connect-inject': 'True' } }, ['consul']],
    ['vault', { annotations: { 'vault.hashicorp.com/agent-inject': 'true' } }, ['vault']],
    [
      'vault, init only',
      {
        annotations: {
          'vault.hashicorp.com/agent-inject': 'true',
          'vault.hashicorp.com/agent-pre-populate-only': 'true',
        },
      },
      [],
    ],
    ['gcsfuse', { annotations: { 'gke-gcsfuse/volumes': 'true' } }, ['gcsfuse']],
    ['azwi', { annotations: { 'azure.workload.identity/inject-proxy-sidecar': 'true' } }, ['azwi']],
    ['on the network of the node', { labels: { [INJECT]: 'true' }, spec: { hostNetwork: true } }, []],
    [
      'dapr, on the network of the node',
      { annotations: { 'dapr.io/enabled': 'true' }, spec: { hostNetwork: true } },
      ['dapr'],
    ],
    ['`constructor` is no label', { labels: {}, namespace: { constructor: 'enabled' } }, []],
  ];
  for (const [name, said, expected] of rows) test(name, () => assert.equal(injectionsOf(said), expected));
});

suite('what is injected, but ends', (test) => {
  const native = 'sidecar.istio.io/nativeSidecar';
  const istio = { labels: { [INJECT]: 'true' } };
  test('a native sidecar does', () =>
    assert.equal(injectionsOf({ ...istio, annotations: { [native]: 'true' } }), []));
  test('but not in an old cluster', () => {
    const version = { minor: 28, patch: null };
    assert.equal(injectionsOf({ ...istio, annotations: { [native]: 'true' }, version }), ['istio']);
  });
  for (const prefix of ['config', 'config.beta', 'config.alpha']) {
    const namespace = {
      'linkerd.io/inject': 'enabled',
      [`${prefix}.linkerd.io/proxy-enable-native-sidecar`]: 'true',
    };
    test(`linkerd, ${prefix}`, () => assert.equal(injectionsOf({ namespace }), []));
    const annotations = { [`${prefix}.linkerd.io/proxy-enable-native-sidecar`]: 'false' };
    test(`linkerd, ${prefix}, not in this pod`, () =>
      assert.equal(injectionsOf({ namespace, annotations }), ['linkerd']));
  }
  const proxy = { name: 'istio-proxy', image: 'auto' };
  const main = { name: 'main', image: 'x' };
  test('a proxy in the manifest is no surprise', () => {
    assert.equal(injectionsOf({ ...istio, spec: { containers: [main, proxy] } }), []);
    assert.equal(injectionsOf({ ...istio, spec: { initContainers: [proxy], containers: [main] } }), []);
  });
  const byHand: readonly (readonly [string, Said, boolean])[] = [
    [
      'curl',
      { ...istio, spec: { containers: [{ ...main, args: ['curl -XPOST :15020/quitquitquit'] }] } },
      true,
    ],
    [
      'pilot-agent',
      {
        ...istio,
        spec: { containers: [{ ...main, args: ['pilot-agent', 'request', 'POST', 'quitquitquit'] }] },
      },
      true,
    ],
    [
      'scuttle',
      { ...istio, spec: { containers: [{ ...main, env: [{ name: 'ISTIO_QUIT_API', value: 'x' }] }] } },
      true,
    ],
    [
      'another one',
      { ...istio, spec: { containers: [{ ...main, args: ['localhost:3500/v1.0/shutdown'] }] } },
      false,
    ],
    ['pkill alone', { ...istio, spec: { containers: [{ ...main, args: ['pkill', 'envoy'] }] } }, false],
    [
      'pkill in a shared process namespace',
      {
        ...istio,
        spec: { shareProcessNamespace: true, containers: [{ ...main, args: ['pkill', 'envoy'] }] },
      },
      true,
    ],
  ];
  for (const [name, said, isEnded] of byHand)
    test(`by hand: ${name}`, () => assert.equal(injectionsOf(said), isEnded ? [] : ['istio']));
});

suite('the table of injectors', (test) => {
  test('is sorted', () => {
    const ids = INJECTORS.map(({ id }) => id);
    assert.equal(ids, [...ids].sort());
  });
  test('names sidecars of the catalogue', () => {
    for (const { sidecar } of INJECTORS)
      assert.ok(
        CATALOGUE.some(({ id }) => id === sidecar),
        sidecar,
      );
  });
  test('knows each native annotation of the catalogue', () => {
    for (const { sidecar, native } of INJECTORS) {
      const annotation = CATALOGUE.find(({ id }) => id === sidecar)?.native ?? '';
      assert.is(native.length > 0, annotation !== '');
      assert.ok(native.length === 0 || native.some(({ key }) => annotation.startsWith(`${key}: `)), sidecar);
    }
  });
  test('reads of Namespaces only what the probe looks for', () => {
    for (const { namespaceOn, namespaceOff } of INJECTORS) {
      for (const { key } of [...namespaceOn, ...namespaceOff])
        assert.ok(
          INJECTION_WORDS.some((word) => key.includes(word)),
          key,
        );
    }
  });
});

suite('Namespaces of a document', (test) => {
  const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { a: 'b', n: 1 } } };
  test('one', () => assert.equal(findNamespaces(shop), [['shop', { a: 'b', n: '1' }]]));
  test('in a List', () =>
    assert.equal(findNamespaces({ apiVersion: 'v1', kind: 'List', items: [shop, null] }), [
      ['shop', { a: 'b', n: '1' }],
    ]));
  const odd = [
    null,
    'x',
    {},
    { ...shop, metadata: null },
    { ...shop, metadata: {} },
    { ...shop, kind: 'Job' },
  ];
  for (const value of odd) test(JSON.stringify(value), () => assert.equal(findNamespaces(value), []));
});
