import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { startFakeCluster } from '../support/fake-cluster.ts';
import { makeDesk } from '../support/host.ts';
import { ROOT } from '../support/paths.ts';
import { suite } from '../support/suite.ts';

// Every command of a page about a host is typed, and prints what the page shows. `…` stands for some of a line, or some lines.

interface Section {
  readonly title: string;
  readonly text: string;
  readonly commands: readonly { readonly line: string; readonly shown: string }[];
}

function readSections(page: string): Section[] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  return text.split(/^#+ /m).map((section) => {
    const blocks = [...section.matchAll(/^```\n(\$ [\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
    const commands = blocks
      .flatMap((block) => block.split(/^\$ /m).slice(1))
      .map((command) => {
        const [line = '', ...shown] = command.split('\n');
        return { line, shown: shown.join('\n') };
      });
    return { title: section.split('\n')[0] ?? '', text: section, commands };
  });
}

function toPattern(shown: string): RegExp {
  const pattern = shown
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/^…\n/gm, '[\\s\\S]*?')
    .replaceAll('…', '.*');
  return new RegExp(`^${pattern}\\s*$`);
}

for (const page of ['kubectl.md', 'helm.md']) {
  suite(
    `docs/${page}`,
    (test) => {
      const sections = readSections(page);
      const given = /`job\.yaml`:\n\n```yaml\n([\s\S]*?)```/.exec(
        sections.map(({ text }) => text).join(''),
      )?.[1];
      for (const { title, commands } of sections.filter((section) => section.commands.length > 0)) {
        test(title, async () => {
          const cluster = await startFakeCluster();
          const desk = makeDesk(title === 'helm 3' ? 'helm3' : 'helm4', { KUBECONFIG: cluster.kubeconfig });
          if (given !== undefined) writeFileSync(join(desk.folder, 'job.yaml'), given);
          for (const { line, shown } of commands) {
            const { stdout } = await desk.run(`{ ${line}\n} 2>&1`);
            assert.match(stdout, toPattern(shown), `$ ${line}\n${stdout}`);
          }
          cluster.close();
        });
      }
      test('has commands', () => {
        assert.ok(sections.flatMap(({ commands }) => commands).length >= 5);
      });
    },
    ['bash', 'helm3', 'helm4', 'kubectl'],
  );
}

suite('docs/helm.md', (test) => {
  const text = readFileSync(join(ROOT, 'docs/helm.md'), 'utf8');
  test('shows the migration of the chart', () => {
    const migration = readFileSync(join(ROOT, 'test/hosts/chart/templates/migrate.yaml'), 'utf8');
    assert.is(/```yaml\n([\s\S]*?)```/.exec(text)?.[1], migration);
  });
});

suite(
  'what is applied',
  (test) => {
    test('is what guillotine has printed: a Job that completes', async () => {
      const cluster = await startFakeCluster();
      const desk = makeDesk('helm4', { KUBECONFIG: cluster.kubeconfig });
      const { code } = await desk.run(
        'helm template shop chart | kubectl guillotine -q | kubectl apply -f -',
      );
      cluster.close();
      assert.is(code, 0);
      assert.equal(
        cluster.created.map((object) => object['kind']),
        ['ConfigMap', 'Job', 'Pod', 'Job'],
      );
      const migration = JSON.stringify(cluster.created[3]);
      assert.match(migration, '"name":"shop-migrate"');
      assert.match(migration, '"/guillotine/bin/run","sidecar","/cloud-sql-proxy"]');
    });
  },
  ['bash', 'helm4', 'kubectl'],
);
