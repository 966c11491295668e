import * as assert from 'uvu/assert';
import { findDocuments } from '../src/candidates.ts';
import { DEFAULT_OPTIONS } from '../src/model/options.ts';
import { joinStream } from '../src/protocols/stream.ts';
import { transform } from '../src/transform.ts';
import { CONFIG_MAP, JOB } from './support/cli.ts';
import { rewriteBytes } from './support/fixtures.ts';
import { suite } from './support/suite.ts';

suite('cost, counted', (test) => {
  const deployment =
    'apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a}, {name: b}]}}}\n';

  test('a stream of 200 documents with one Job parses one document', () => {
    const documents = [...Array(199).fill(deployment), JOB].join('---\n');
    const { outcome, output } = rewriteBytes(Buffer.from(documents));
    assert.is(outcome.parsed, 1);
    assert.ok(output.toString().startsWith(`${deployment}---\n`.repeat(199)));
  });

  const namespace = (labels: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {${labels}}}\n`;

  test('of Namespaces only those that speak of injection are parsed, and counted apart', () => {
    const others = Array(99).fill(namespace('team: a'));
    const documents = [deployment, ...others, namespace('istio-injection: enabled'), JOB].join('---\n');
    const { outcome } = rewriteBytes(Buffer.from(documents));
    assert.equal([outcome.parsed, outcome.parsedNamespaces], [1, 1]);
    assert.equal(
      outcome.diagnostics.map(({ code }) => code),
      ['injected-sidecar'],
    );
  });

  test('without a workload no Namespace is parsed', () => {
    const { outcome } = rewriteBytes(Buffer.from(namespace('istio-injection: enabled')));
    assert.equal([outcome.parsed, outcome.parsedNamespaces], [0, 0]);
  });

  test('a List with a Namespace and a Job is parsed once', () => {
    const items = [namespace('istio-injection: enabled'), JOB].map(
      (text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`,
    );
    const list = `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
    const { outcome } = rewriteBytes(Buffer.from(list));
    assert.equal([outcome.parsed, outcome.parsedNamespaces], [1, 0]);
    assert.equal(
      outcome.diagnostics.map(({ code }) => code),
      ['injected-sidecar'],
    );
  });

  test('what stays is the same memory, and adjacent documents are one piece', () => {
    const source = {
      name: 'x',
      bytes: Buffer.from([deployment, CONFIG_MAP, JOB, deployment, CONFIG_MAP].join('---\n')),
    };
    const documents = findDocuments(source);
    const { texts } = transform(documents, DEFAULT_OPTIONS);
    const pieces = joinStream([{ source, documents }], texts);
    assert.is(pieces.length, 3);
    assert.is(pieces[0]?.buffer, source.bytes.buffer);
    assert.is(pieces[2]?.buffer, source.bytes.buffer);
  });
});
