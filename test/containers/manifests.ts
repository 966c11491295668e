// The Jobs of the cases, as a user would write them. What stands in flow style here is data of the case.

/** Where they are played: which images there are, and how those are told to serve and to ask for port 3306. */
export interface Stage {
  /** With /bin/sh and the usual tools. */
  readonly tools: string;
  /** With a shell, an ENTRYPOINT that executes its arguments, in no catalogue. */
  readonly unknown: string;
  /** Without a shell. */
  readonly server: string;
  readonly serve: readonly string[];
  /** The one that the supervisor's shell comes from; null: as the rewrite has it. */
  readonly shell: string | null;
}

export interface Part {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** More fields of the container. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface JobParts {
  readonly name: string;
  readonly policy?: 'Never' | 'OnFailure';
  readonly backoffLimit?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containers: readonly Part[];
  /** More fields of the pod. */
  readonly pod?: Readonly<Record<string, unknown>>;
}

export function printJob(parts: JobParts): string {
  const { name, annotations = {} } = parts;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: ${JSON.stringify(annotations)}
spec:
${printSpec(parts, '  ')}`;
}

export function printCronJob(parts: JobParts): string {
  return `apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${parts.name}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
${printSpec(parts, '      ')}`;
}

function printSpec(
  { policy = 'Never', backoffLimit = 0, containers, pod = {} }: JobParts,
  indent: string,
): string {
  const fields = { restartPolicy: policy, terminationGracePeriodSeconds: 5, ...pod };
  const lines = [
    `backoffLimit: ${backoffLimit}`,
    'template:',
    '  spec:',
    ...Object.entries(fields).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
    '    containers:',
    ...containers.flatMap(printContainer).map((line) => `    ${line}`),
  ];
  return lines.map((line) => `${indent}${line}\n`).join('');
}

function printContainer({ name, image, command, args, fields = {} }: Part): string[] {
  const rows = { image, ...(command ? { command } : {}), ...(args ? { args } : {}), ...fields };
  return [
    `- name: ${name}`,
    ...Object.entries(rows).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
  ];
}

/**
 * The Job that everybody has: a client of a database, and the proxy that it needs.
 * The client's command is in its image; what is given are arguments.
 */
export const CLOUD_SQL_JOB = `# inserts a row, and never completes: the proxy serves for ever
apiVersion: batch/v1
kind: Job
metadata:
  name: insert-order
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: OnFailure
      terminationGracePeriodSeconds: 5
      containers:
      - name: mysql
        image: mysql:5.7
        args: ["mysql", "$(DATABASE)", "--execute", "insert into orders values ()"]
        env:
        - name: DATABASE
          value: shop
      - name: sql-proxy
        image: gcr.io/cloudsql-docker/gce-proxy:1.33.16
        command: ["/cloud_sql_proxy", "-instances=my-project:europe-west1:shop=tcp:3306"]
`;
