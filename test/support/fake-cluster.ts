import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ValueMap } from '../../src/model/object.ts';
import { makeFolder } from './temp.ts';

/** As much of an API server as `kubectl apply` and `helm install --dry-run` need: nothing is there, everything can be made. */
export interface FakeCluster {
  readonly kubeconfig: string;
  /** What was made, as it was sent. */
  readonly created: readonly ValueMap[];
  readonly close: () => void;
}

const GROUPS: Readonly<Record<string, readonly (readonly [resource: string, kind: string])[]>> = {
  'api/v1': [
    ['configmaps', 'ConfigMap'],
    ['pods', 'Pod'],
    ['secrets', 'Secret'],
  ],
  'apis/batch/v1': [['jobs', 'Job']],
};

const BATCH = { groupVersion: 'batch/v1', version: 'v1' };

const FIXED: Readonly<Record<string, unknown>> = {
  version: { major: '1', minor: '36', gitVersion: 'v1.36.0' },
  api: { kind: 'APIVersions', versions: ['v1'] },
  apis: {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [{ name: 'batch', versions: [BATCH], preferredVersion: BATCH }],
  },
  'openapi/v3': {
    paths: Object.fromEntries(
      Object.keys(GROUPS).map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }]),
    ),
  },
};

export async function startFakeCluster(): Promise<FakeCluster> {
  const created: ValueMap[] = [];
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '').slice(1);
    const body = await readBody(request);
    const isNew = request.method === 'POST';
    if (isNew) created.push(JSON.parse(body) as ValueMap);
    const answer = isNew ? body : describe(path);
    response.writeHead(isNew ? 201 : answer === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(answer ?? '{"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A test that fails before it closes it must not wait for it.
  server.unref();
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(makeFolder(), 'config');
  const context = { name: 'fake', context: { cluster: 'fake', user: 'fake' } };
  const clusters = [{ name: 'fake', cluster: { server: `http://127.0.0.1:${port}` } }];
  const users = [{ name: 'fake', user: {} }];
  const config = { apiVersion: 'v1', kind: 'Config', clusters, users, contexts: [context] };
  writeFileSync(kubeconfig, JSON.stringify({ ...config, 'current-context': 'fake' }));
  return { kubeconfig, created, close: () => server.close() };
}

/** null: it is not there. */
function describe(path: string): string | null {
  const list = GROUPS[path];
  const fixed = FIXED[path] ?? (list ? listResources(path, list) : describeSchema(path));
  return fixed === null ? null : JSON.stringify(fixed);
}

function listResources(path: string, list: readonly (readonly [string, string])[]): unknown {
  const resources = list.map(([name, kind]) => {
    return {
      name,
      kind,
      singularName: kind.toLowerCase(),
      namespaced: true,
      verbs: ['create', 'get', 'patch'],
    };
  });
  return { kind: 'APIResourceList', groupVersion: path.replace(/^apis?\//, ''), resources };
}

/** Says that the server validates fields itself; kubectl would ask for all schemas otherwise. */
function describeSchema(path: string): unknown {
  const group = path.replace('openapi/v3/', '');
  const kinds = path === group ? undefined : GROUPS[group];
  if (kinds === undefined) return null;
  const paths = kinds.map(([resource, kind]) => {
    const gvk = { group: group === 'api/v1' ? '' : 'batch', version: 'v1', kind };
    const parameters = [{ name: 'fieldValidation', in: 'query' }];
    return [
      `/${group}/${resource}`,
      { patch: { 'x-kubernetes-group-version-kind': gvk, parameters, responses: {} } },
    ];
  });
  return { openapi: '3.0.0', info: { title: '', version: '' }, paths: Object.fromEntries(paths) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
