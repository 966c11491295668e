import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cli, folder } from '../support/cli.ts';
import { FIXTURES } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

function fixture(name: string): string {
  return readFileSync(join(FIXTURES, 'injected', name, 'input.yaml'), 'utf8');
}

suite('injected sidecars, as they are reported', (test) => {
  test('a Job that is left alone has the warning all the same', async () => {
    const { code, stdout, stderr } = await cli([], fixture('istio'));
    assert.equal([code, stdout], [0, fixture('istio')]);
    assert.match(stderr, /warning: istio injects a sidecar at admission.* \[injected-sidecar\]/);
    assert.match(stderr, 'left alone: it has one container');
  });
  test('with --strict it is an error', async () => {
    const { code, stdout } = await cli(['--strict'], fixture('istio'));
    assert.equal([code, stdout], [2, '']);
  });
  test('where a main makes the call, the report says so', async () => {
    const { stderr } = await cli([], fixture('quit-by-id'));
    assert.match(stderr, 'rewritten (sentinel): injected sidecars are told to end when report has ended\n');
    assert.match(stderr, 'the call when all mains are done: POST http://127.0.0.1:15020/quitquitquit\n');
    assert.not.match(stderr, 'warning');
  });
  test('what ends by itself is a note of explain', async () => {
    assert.match(
      (await cli(['explain'], fixture('gcsfuse'))).stdout,
      /note: gcsfuse injects gcsfuse-sidecar/,
    );
    assert.not.match((await cli([], fixture('gcsfuse'))).stderr, 'gcsfuse-sidecar');
  });
  test('a Namespace of another input counts', async () => {
    const job = '---\n'.concat(fixture('namespace').split('---\n')[1] ?? '');
    const namespace = fixture('namespace').split('---\n')[0] ?? '';
    const path = folder({ 'a.yaml': job, 'z.yaml': namespace });
    assert.match((await cli(['-f', path])).stderr, /into the pods of namespace "shop" at admission/);
  });
  test('with a new cluster auto takes the sentinel, native by name is refused', async () => {
    const input = fixture('quit-beside-sidecar');
    const { stdout, stderr } = await cli(['--kube-version', '1.33'], input);
    assert.match(stdout, 'guillotine/rewritten: sentinel/1');
    assert.match(stderr, 'only the supervisor of the sentinel can keep the option quit');
    const refused = await cli(['--strategy', 'native'], input);
    assert.equal([refused.code, refused.stdout], [2, '']);
    assert.match(refused.stderr, '[option-unusable]');
  });
  test('a quit that the config cannot mean', async () => {
    const path = folder({
      'c.yaml': `apiVersion: guillotine/v1alpha1
kind: GuillotineTransformer
spec:
  workloads:
  - match: {}
    options: {report: {quit: "PUT http://127.0.0.1:1/"}}
`,
    });
    const { code, stderr } = await cli(['--config', join(path, 'c.yaml')], fixture('istio'));
    assert.is(code, 2);
    assert.match(stderr, 'c.yaml:6:30: spec.workloads[0].options.report.quit must be a known sidecar');
  });
});
