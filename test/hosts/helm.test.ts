import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { startFakeCluster } from '../support/fake-cluster.ts';
import { type Desk, makeDesk } from '../support/host.ts';
import { suite } from '../support/suite.ts';

async function succeed(desk: Desk, line: string): Promise<string> {
  const { code, stdout, stderr } = await desk.run(line);
  assert.equal([code, stderr], [0, ''], line);
  return stdout;
}

/** The names of the objects that were rewritten. */
function rewritten(manifests: string): string[] {
  const documents = manifests.split(/^(?:---|HOOKS:|MANIFEST:)\n/m);
  return documents
    .filter((text) => text.includes('guillotine/rewritten'))
    .map((text) => /^ {2}name: (.*)/m.exec(text)?.[1] ?? '')
    .sort();
}

/** A Job in the chart that cannot be rewritten as a sentinel. */
function breakChart({ folder }: Desk): void {
  const path = join(folder, 'chart/templates/report.yaml');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('fluent-bit:3.1', 'fluent-bit@sha256:'.padEnd(75, '0')),
  );
}

function onlyHooks({ folder }: Desk): void {
  for (const name of ['config', 'report']) rmSync(join(folder, `chart/templates/${name}.yaml`));
}

const ALL = ['shop-migrate', 'shop-report', 'shop-smoke'];

suite(
  'helm 3',
  (test) => {
    const render = 'helm template shop chart --post-renderer kubectl-guillotine';
    test('is the newest 3 that npm has', async () => {
      assert.match(await succeed(makeDesk('helm3'), 'helm version --short'), /^v3\./);
    });
    test('template: what is no hook is rewritten, and comments stay', async () => {
      const output = await succeed(makeDesk('helm3'), render);
      assert.equal(rewritten(output), ['shop-report']);
      assert.match(output, '  name: shop-config   # read by all\n');
      assert.match(output, '        # writes the report, then ends\n        - name: report\n');
      assert.match(output, '# Source: shop/templates/report.yaml\n');
    });
    test('a hook keeps its sidecar, to the byte', async () => {
      const desk = makeDesk('helm3');
      const plain = await succeed(desk, 'helm template shop chart');
      const hooks = (text: string): string => text.slice(text.indexOf('# Source: shop/templates/smoke.yaml'));
      assert.is(hooks(await succeed(desk, render)), hooks(plain));
    });
    test('install --dry-run', async () => {
      const cluster = await startFakeCluster();
      const desk = makeDesk('helm3', { KUBECONFIG: cluster.kubeconfig });
      const line = 'helm install shop chart --dry-run --post-renderer kubectl-guillotine';
      const output = await succeed(desk, line);
      cluster.close();
      const [hooks = '', manifest = ''] = output.split('MANIFEST:');
      assert.equal([rewritten(hooks), rewritten(manifest)], [[], ['shop-report']]);
      assert.match(hooks, 'name: shop-migrate');
      assert.equal(cluster.created, []);
    });
    test('flags, and an error that is shown whole', async () => {
      const desk = makeDesk('helm3');
      breakChart(desk);
      const { code, stdout, stderr } = await desk.run(`${render} --post-renderer-args --strategy=sentinel`);
      assert.equal([code, stdout], [1, '']);
      assert.match(stderr, 'error: container "fluent-bit" has no command');
      assert.match(stderr, 'Nothing was written.\n: exit status 2');
      assert.equal(rewritten(await succeed(desk, `${render} --post-renderer-args --strategy=native`)), [
        'shop-report',
      ]);
    });
    test('a chart of hooks alone is an error that says why', async () => {
      const desk = makeDesk('helm3');
      onlyHooks(desk);
      const { code, stdout, stderr } = await desk.run(render);
      assert.equal([code, stdout], [1, '']);
      assert.match(stderr, 'helm 3 gives no hooks to post-renderers');
    });
    test('template into a pipe has the hooks; they stay hooks in a frozen chart', async () => {
      const desk = makeDesk('helm3');
      const output = await succeed(desk, 'helm template shop chart | kubectl guillotine -q');
      assert.equal(rewritten(output), ALL);
      const config = join(desk.folder, 'chart/templates/config.yaml');
      writeFileSync(config, `${readFileSync(config, 'utf8')}  template: '{{ "{{ .Values.x }}" }}'\n`);
      await succeed(
        desk,
        `mkdir -p frozen/templates && cp chart/Chart.yaml frozen/ &&
         helm template shop chart | kubectl guillotine -q | sed 's/{{/{{ "{{" }}/g' > frozen/templates/all.yaml`,
      );
      const line = 'helm install shop frozen --dry-run=client --disable-openapi-validation';
      const cluster = await startFakeCluster();
      const stdout = await succeed(desk, `KUBECONFIG=${cluster.kubeconfig} ${line}`);
      cluster.close();
      const [hooks = '', manifest = ''] = stdout.split('MANIFEST:');
      assert.equal(rewritten(hooks), ['shop-migrate', 'shop-smoke']);
      assert.equal(rewritten(manifest), ['shop-report']);
      assert.match(manifest, `template: '{{ .Values.x }}'`);
    });
  },
  ['helm3', 'bash'],
);

suite(
  'helm 4',
  (test) => {
    const render = 'helm template shop chart --post-renderer guillotine';
    const deskWithPlugin = async (): Promise<Desk> => {
      const desk = makeDesk('helm4');
      assert.is((await desk.run('kubectl guillotine plugin install helm')).code, 0);
      return desk;
    };
    test('lists the plugin where `plugin install` has put it', async () => {
      const desk = await deskWithPlugin();
      assert.match(
        await succeed(desk, 'helm plugin list'),
        /^guillotine\s+\d+\.\d+\.\d+\s+postrenderer\/v1\s/m,
      );
      const { stdout } = await desk.run('helm env HELM_PLUGINS');
      assert.ok(
        readFileSync(join(stdout.trim(), 'guillotine/plugin.yaml'), 'utf8').includes('postrenderer/v1'),
      );
    });
    test('takes it from another folder, too: by its own installer, or by HELM_PLUGINS', async () => {
      const desk = makeDesk('helm4');
      await succeed(desk, 'kubectl guillotine plugin install helm --to "my plugins"');
      assert.equal(rewritten((await desk.run(`HELM_PLUGINS="$PWD/my plugins" ${render}`)).stdout), ALL);
      const { stdout } = await desk.run('kubectl guillotine plugin install helm --to "my plugins"');
      const next = /^Next: (helm plugin install .*) && /m.exec(stdout)?.[1] ?? 'false';
      await succeed(desk, next);
      assert.equal(rewritten(await succeed(desk, render)), ALL);
    });
    test('template: everything is rewritten, hooks too, and comments stay', async () => {
      const output = await succeed(await deskWithPlugin(), render);
      assert.equal(rewritten(output), ALL);
      for (const comment of ['read by all', 'writes the report', 'brings the schema', 'never ends by itself'])
        assert.match(output, `# ${comment}`);
    });
    test('each object stays the one of its template', async () => {
      const desk = await deskWithPlugin();
      const output = await succeed(desk, render);
      assert.not.match(output, 'generated-by-postrender');
      assert.not.match(output, 'postrender-filename');
      const one = await succeed(desk, `${render} --show-only templates/migrate.yaml`);
      assert.equal(rewritten(one), ['shop-migrate']);
      assert.equal(one.match(/^# Source: .*/gm), ['# Source: shop/templates/migrate.yaml']);
    });
    test('install --dry-run', async () => {
      const output = await succeed(
        await deskWithPlugin(),
        'helm install shop chart --dry-run=client --post-renderer guillotine',
      );
      const [hooks = '', manifest = ''] = output.split('MANIFEST:');
      assert.equal(rewritten(hooks), ['shop-migrate', 'shop-smoke']);
      assert.equal(rewritten(manifest), ['shop-report']);
    });
    test('flags; an error of which helm keeps all but the fact, and a pipe that shows it', async () => {
      const desk = await deskWithPlugin();
      breakChart(desk);
      const { code, stdout, stderr } = await desk.run(`${render} --post-renderer-args --strategy=sentinel`);
      assert.equal([code, stdout], [1, '']);
      assert.match(stderr, 'plugin "guillotine" exited with error');
      assert.not.match(stderr, 'fluent-bit');
      const shown = await desk.run('helm template shop chart | kubectl guillotine --strategy sentinel');
      assert.is(shown.code, 2);
      assert.match(shown.stderr, 'error: container "fluent-bit" has no command');
      const output = await succeed(desk, `${render} --post-renderer-args --strategy=native`);
      assert.equal(rewritten(output), ALL);
    });
    test('what helm 4 has written anew can be undone', async () => {
      const desk = await deskWithPlugin();
      await succeed(desk, `${render} > out.yaml && kubectl guillotine undo -q -f out.yaml > back.yaml`);
      assert.not.match(readFileSync(join(desk.folder, 'back.yaml'), 'utf8'), 'guillotine');
    });
    test('helm 3 with the plugin in its folder complains, and renders', async () => {
      const desk = await deskWithPlugin();
      const other = makeDesk('helm3');
      mkdirSync(join(other.folder, '.local'));
      cpSync(join(desk.folder, '.local'), join(other.folder, '.local'), { recursive: true });
      const { code, stderr } = await other.run('helm template shop chart');
      assert.is(code, 0);
      assert.match(stderr, 'failed to load plugins');
    });
  },
  ['helm3', 'helm4', 'bash'],
);
