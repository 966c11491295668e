import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { ROOT } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

// What krew checks of a manifest (internal/index/validation, cmd/validate-krew-manifest) and what its reviewers ask for.

interface Platform {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly uri: string;
  readonly sha256: string;
  readonly bin: string;
  readonly files?: readonly { readonly from: string; readonly to: string }[];
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly homepage: string;
    readonly shortDescription: string;
    readonly description: string;
    readonly caveats?: string;
    readonly platforms: readonly Platform[];
  };
}

const TARGETS = [
  ...['386', 'amd64', 'arm64'].map((arch) => ({ os: 'windows', arch })),
  ...['386', 'amd64', 'arm', 'arm64', 'ppc64le'].map((arch) => ({ os: 'linux', arch })),
  ...['386', 'amd64', 'arm64'].map((arch) => ({ os: 'darwin', arch })),
];

const UNRELEASED = '0'.repeat(64);
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

const text = readFileSync(join(ROOT, 'krew-manifest.yaml'), 'utf8');
const manifest = parse(text) as Manifest;

/** What krew would say against it. */
function findFaults({ apiVersion, kind, metadata, spec }: Manifest): string[] {
  const faults = [
    apiVersion !== 'krew.googlecontainertools.github.com/v1alpha2' && 'apiVersion',
    kind !== 'Plugin' && 'kind',
    (!/^[\w-]+$/.test(metadata.name) || WINDOWS_DEVICE.test(metadata.name)) && 'name',
    (!spec.shortDescription || /[\r\n]/.test(spec.shortDescription)) && 'shortDescription',
    !spec.description && 'description',
    !/^v\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(spec.version) && 'version',
    spec.platforms.length === 0 && 'platforms',
    ...spec.platforms.flatMap((platform) => findPlatformFaults(platform)),
    ...TARGETS.map((target) => {
      return (
        spec.platforms.filter((platform) => fits(platform, target)).length > 1 &&
        'two platforms for one target'
      );
    }),
  ];
  return faults.filter((fault) => fault !== false);
}

function findPlatformFaults({ uri, sha256, bin, files, selector }: Platform): (string | false)[] {
  const { matchLabels } = selector;
  const keys = Object.keys(matchLabels);
  return [
    !uri && 'uri',
    !/^[a-f0-9]{64}$/.test(sha256) && 'sha256',
    !bin && 'bin',
    files?.length === 0 && 'files',
    files?.some(({ from, to }) => !from || !to) === true && 'files',
    (keys.length === 0 || keys.some((key) => key !== 'os' && key !== 'arch')) && 'selector',
    !TARGETS.some((target) => fits({ selector }, target)) && 'a platform for no target',
  ];
}

function fits({ selector }: Pick<Platform, 'selector'>, target: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector.matchLabels).every(([key, value]) => target[key] === value);
}

suite('krew-manifest.yaml', (test) => {
  const { spec } = manifest;
  test('passes the checks of krew', () => assert.equal(findFaults(manifest), []));
  test('checks that see faults', () => {
    const [first] = spec.platforms;
    assert.ok(first);
    const faulty: readonly (readonly [Manifest, string])[] = [
      [{ ...manifest, apiVersion: 'v1' }, 'apiVersion'],
      [{ ...manifest, metadata: { name: 'a.b' } }, 'name'],
      [{ ...manifest, metadata: { name: 'con' } }, 'name'],
      [{ ...manifest, spec: { ...spec, version: '0.1.0' } }, 'version'],
      [{ ...manifest, spec: { ...spec, shortDescription: 'a\nb' } }, 'shortDescription'],
      [{ ...manifest, spec: { ...spec, platforms: [] } }, 'platforms'],
      [{ ...manifest, spec: { ...spec, platforms: [first, first] } }, 'two platforms for one target'],
      [{ ...manifest, spec: { ...spec, platforms: [{ ...first, sha256: 'A'.repeat(64) }] } }, 'sha256'],
      [
        { ...manifest, spec: { ...spec, platforms: [{ ...first, selector: { matchLabels: {} } }] } },
        'selector',
      ],
      [{ ...manifest, spec: { ...spec, platforms: [{ ...first, files: [] }] } }, 'files'],
    ];
    for (const [broken, fault] of faulty) assert.equal([...new Set(findFaults(broken))], [fault]);
  });
  test('is about this version, for every platform that programs are built for', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.is(spec.version, `v${version}`);
    const built = spec.platforms.map(
      ({ selector: { matchLabels } }) => `${matchLabels['os']}-${matchLabels['arch']}`,
    );
    assert.equal(built, [
      'linux-amd64',
      'linux-arm64',
      'darwin-amd64',
      'darwin-arm64',
      'windows-amd64',
      'windows-arm64',
    ]);
    for (const [index, { uri, bin }] of spec.platforms.entries()) {
      const isWindows = built[index]?.startsWith('windows') ?? false;
      const archive = `kubectl-guillotine-v${version}-${built[index]}.${isWindows ? 'zip' : 'tar.gz'}`;
      assert.is(uri, `${spec.homepage}/releases/download/v${version}/${archive}`);
      assert.is(bin, isWindows ? 'kubectl-guillotine.exe' : 'kubectl-guillotine');
    }
  });
  test('has the digests of all archives, or none', () => {
    const released = spec.platforms.filter(({ sha256 }) => sha256 !== UNRELEASED).length;
    assert.ok(released === 0 || released === spec.platforms.length, `${released}`);
    assert.is(
      text.includes('A digest of zeros stands for an archive that is not released yet'),
      released === 0,
    );
  });
  test('reads as reviewers ask', () => {
    assert.ok(spec.shortDescription.length <= 50);
    assert.not.match(spec.shortDescription, /kubectl|plugin|kubernetes/i);
    for (const line of spec.description.split('\n')) assert.ok(line.length <= 80, line);
  });
});
