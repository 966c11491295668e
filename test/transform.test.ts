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
