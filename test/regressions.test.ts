import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { DEFAULT_OPTIONS } from '../src/model/options.ts';
import { undoText } from '../src/text/undo.ts';
import { rewriteBytes } from './support/fixtures.ts';
import { suite } from './support/suite.ts';

// What review and fuzzing found, kept small.

const OPTIONS = { ...DEFAULT_OPTIONS, strategy: 'native', kubeVersion: { minor: 36, patch: null } };

function native(text: string): string {
  return rewriteBytes(Buffer.from(text), OPTIONS).output.toString();
}

/** Undo after an edit elsewhere gives what the edit would have made of the input, or refuses. */
function assertUndo(input: string, edit: (text: string) => string): void {
  const edited = edit(native(input));
  assert.is.not(edited, native(input), 'the edit does something');
  const undone = undoText(edited);
  if ('text' in undone) assert.is(undone.text, edit(input));
}

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: j}\nspec:\n  restartPolicy: Never\n';
const PROXY = '{name: proxy, image: cloud-sql-connectors/cloud-sql-proxy:2}';

suite('undo after edits elsewhere', (test) => {
  test('JSON with init containers, a key added to one of them', () => {
    const job = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'j' },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'm' }, parse(PROXY)],
        initContainers: [{ name: 'i1', image: 'reg/i1:1', env: [{ name: 'A', value: 'b' }] }],
      },
    };
    const add = (text: string): string =>
      text.replace(/"image":( ?)"reg\/i1:1",(\s*)/, '"image":$1"reg/i1:1",$2"tty":$1true,$2');
    assertUndo(`${JSON.stringify(job, null, 2)}\n`, add);
    assertUndo(`${JSON.stringify(job)}\n`, add);
  });
  test('a flow item in a block list, an init container added in front', () => {
    const input = `${HEAD}  containers: [{name: main, image: m}, ${PROXY}]\n  initContainers:\n  - name: init1\n    image: reg/init1\n  - name: init2\n    image: reg/init2\n`;
    assertUndo(input, (text) =>
      text.replace('  initContainers:\n', '  initContainers:\n  - name: added\n    image: a\n'),
    );
  });
  test('a trailing comma, a volume changed', () => {
    const input = `${HEAD}  containers: [{name: main, image: m}, ${PROXY},]\n  volumes:\n  - name: v\n    emptyDir: {}\n  initContainers: [{name: init1, image: reg/init1},]\n`;
    assertUndo(input, (text) => text.replace('emptyDir: {}', 'emptyDir: {medium: Memory}'));
  });
  test('a native sidecar added in front of ours or behind it', () => {
    const input = `${HEAD}  containers:\n  - name: proxy\n    image: cloud-sql-connectors/cloud-sql-proxy:2\n  - name: main\n    image: m\n`;
    const added = '  - name: added\n    image: a\n    restartPolicy: Always\n';
    const output = native(input);
    for (const edited of [
      output.replace('  initContainers:\n', `  initContainers:\n${added}`),
      output + added,
      output.replace(/\n$/, `\n\n  # theirs\n${added}`),
      output.replace(/\n$/, `\n    stdin: true\n${added}`),
    ])
      assert.is('reason' in undoText(edited), true, edited);
    const inside = undoText(output.replace(/\n$/, '\n    stdin: true\n'));
    if ('text' in inside) assert.match(inside.text, /proxy:2\n {4}stdin: true\n {2}- name: main/);
  });
  test('a key added behind ours goes back with what was moved', () => {
    const input = `${HEAD}  containers:\n  - name: proxy\n    image: cloud-sql-connectors/cloud-sql-proxy:2\n  - name: main\n    image: m\n  volumes: []\n  hostNetwork: false\n`;
    const undone = undoText(native(input).replace('  volumes:', '    stdin: true\n  volumes:'));
    assert.match('text' in undone ? undone.text : '', /proxy:2\n {4}stdin: true\n {2}- name: main/);
  });
  test('one other line end in a CRLF file', () => {
    const input =
      `${HEAD}  containers:\n  - name: proxy\n    image: cloud-sql-connectors/cloud-sql-proxy:2\n\n  - name: main\n    image: m\n`.replaceAll(
        '\n',
        '\r\n',
      );
    assertUndo(input, (text) => text.replace('restartPolicy: Never\r\n', 'restartPolicy: Never\n'));
  });
  test('2000 changed workloads of one List', () => {
    const item = (index: number): string =>
      `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p${index}\n  spec:\n    restartPolicy: Never\n    containers:\n    - name: main\n      image: reg/main:1\n    - name: proxy\n      image: cloud-sql-connectors/cloud-sql-proxy:2\n    volumes: []\n`;
    const list = (count: number): string =>
      `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: count }, (_, index) => item(index)).join('')}`;
    const bump = (text: string): string => text.replaceAll('main:1', 'main:77');
    const undone = undoText(bump(native(list(2000))));
    assert.is('text' in undone ? undone.text : '', bump(list(2000)));
  });
});

suite('what once failed', (test) => {
  test('no final newline, a blank line, the sidecar last', () => {
    const input = `${HEAD}  initContainers:\n  - {name: i, image: x}\n  containers:\n  - {name: main, image: m}\n\n  - ${PROXY}`;
    const undone = undoText(native(input));
    assert.is('text' in undone ? undone.text : '', input);
  });
  for (const behind of ['', '\n'])
    for (const front of ['', '\n']) {
      for (const inits of ['', '  initContainers:\n  - {name: i, image: x}\n']) {
        test(`a scalar that keeps blank lines in front of what goes (${JSON.stringify([front, behind, inits])})`, () => {
          const main = `  - name: main\n    image: m\n    args:\n    - |+\n      echo hi\n${front}`;
          for (const last of ['', '  - name: last\n    image: m\n']) {
            const input = `${HEAD}${inits}  containers:\n${main}  - name: proxy\n    image: cloud-sql-connectors/cloud-sql-proxy:2\n${behind}${last}  volumes: []\n`;
            const undone = undoText(native(input));
            assert.is('text' in undone ? undone.text : '', input);
          }
        });
      }
    }
  test('an object without metadata that ends with its sidecar', () => {
    const input = `apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: Never\n  containers:\n  - {name: main, image: m}\n  - name: proxy\n    image: cloud-sql-connectors/cloud-sql-proxy:2\n`;
    const undone = undoText(native(input));
    assert.is('text' in undone ? undone.text : '', input);
  });
  test('an empty restartPolicy on the sidecar is refused', () => {
    const input = `${HEAD}  containers:\n  - {name: main, image: m}\n  - {name: proxy, image: cloud-sql-connectors/cloud-sql-proxy:2, restartPolicy: ""}\n`;
    assert.is(rewriteBytes(Buffer.from(input), OPTIONS).outcome.plans[0]?.action, 'refuse');
  });
  test('a sidecar that needs another one starts behind it, and both in front of who needs them', () => {
    const input = `${HEAD}  initContainers:\n  - {name: mig, image: m, command: [psql, -h, 127.0.0.1, -p, "6432"]}\n  containers:
  - name: pgbouncer
    image: edoburu/pgbouncer
    env: [{name: DB_HOST, value: 127.0.0.1}, {name: DB_PORT, value: "5433"}]
    readinessProbe: {exec: {command: [psql, "postgres://127.0.0.1:6432/app"]}}
  - name: sql
    image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
    args: [--port, "5433", a:b:c]
  - {name: main, image: m}\n`;
    const names = parse(native(input)).spec.initContainers.map(({ name }: { name: string }) => name);
    assert.equal(names, ['sql', 'pgbouncer', 'mig']);
  });
  test('a readiness probe that asks main becomes no startup probe', () => {
    const input = `${HEAD}  containers:\n  - name: main\n    image: m\n    ports: [{containerPort: 8080}]\n  - name: proxy\n    image: envoyproxy/envoy:v1\n    readinessProbe: {exec: {command: [curl, "localhost:8080"]}}\n`;
    assert.not.match(native(input), /curl[\s\S]*curl/);
  });
});
