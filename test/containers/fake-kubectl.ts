import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../support/temp.ts';

/** A Job as the fake cluster shows it at last: the exit code and the restarts of each container; null: it runs. */
export interface FakeJob {
  readonly condition: 'Complete' | 'Failed' | null;
  readonly containers: Readonly<Record<string, readonly [code: number, restarts: number] | null>>;
  readonly log?: string;
}

export interface FakeCluster {
  readonly jobs?: Readonly<Record<string, FakeJob>>;
  readonly context?: string;
  readonly minor?: string;
  /** Commands that fail, as `create namespace`. */
  readonly refuses?: readonly string[];
}

/** A folder with a kubectl that knows these Jobs, writes down how it is called, and keeps what is applied. */
export function makeFakeKubectl({
  jobs = {},
  context = 'kind-test',
  minor = '31+',
  refuses = [],
}: FakeCluster): string {
  const folder = makeFolder();
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  write('context', `${context}\n`);
  write('version', JSON.stringify({ serverVersion: { minor } }));
  write('refuses', refuses.map((words) => `${words}\n`).join(''));
  for (const [name, job] of Object.entries(jobs)) {
    const conditions = job.condition === null ? [] : [{ type: job.condition, status: 'True' }];
    write(`${name}.job`, JSON.stringify({ status: { conditions } }));
    write(`${name}.pods`, JSON.stringify({ items: [printPod(name, job)] }));
    write(`${name}.log`, job.log ?? '');
  }
  write('kubectl', `#!/bin/sh\ncd ${folder} || exit\n${SCRIPT}`);
  return folder;
}

function printPod(job: string, { containers }: FakeJob): unknown {
  const containerStatuses = Object.entries(containers).map(([name, end]) => {
    const state = end === null ? { running: {} } : { terminated: { exitCode: end[0] } };
    return { name, state, restartCount: end?.[1] ?? 0 };
  });
  return { metadata: { name: `${job}-x`, creationTimestamp: '1' }, status: { containerStatuses } };
}

/** A Job has no status when it is looked at for the first time. */
const SCRIPT = `echo "$*" >> calls
while [ "$1" = --context ] || [ "$1" = --namespace ]; do shift 2; done
while read -r refused; do
  case "$*" in "$refused"*) echo "error: $refused is forbidden" >&2; echo more >&2; exit 1 ;; esac
done < refuses
case "$1 $2" in
  config*) cat context ;;
  version*) cat version ;;
  apply*)
    cat > applied
    kind=$(sed -n 's/^kind: //p' applied) name=$(sed -n '/^metadata:/,/^spec:/s/^  name: //p' applied)
    mv applied "$name.yaml"
    echo "{\\"kind\\": \\"$kind\\", \\"metadata\\": {\\"name\\": \\"$name\\"}}" ;;
  'get job') if [ -e "$3.seen" ]; then cat "$3.job"; else touch "$3.seen"; echo '{"status": {}}'; fi ;;
  'get pods') cat "\${4#job-name=}.pods" ;;
  logs*) cat "\${2%-x}.log" ;;
esac
`;
