import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type Pod, startPod } from '../supervisor/bench/pod.ts';
import type { Runtime } from '../supervisor/bench/runtime.ts';
import { sleep } from '../support/process.ts';
import { readJob } from './job.ts';
import { type Part, printJob, type Stage } from './manifests.ts';
import { rewrite } from './play-case.ts';

// What the supervisor costs: the time in which a pod ends after its main, and the processes and memory in each container.

const SIDECAR = { 'guillotine/sidecars': 'proxy' };

/** A kind of pod whose end is timed. */
interface Ending {
  readonly name: string;
  readonly main: (stage: Stage) => Part;
}

const ENDINGS: readonly Ending[] = [
  {
    name: 'main is wrapped',
    main: ({ tools }) => ({ name: 'work', image: tools, command: ['sleep', '0.8'] }),
  },
  {
    name: 'main is on a lifeline',
    main: ({ unknown }) => ({ name: 'work', image: unknown, args: ['sleep', '1.5'] }),
  },
];

/** From the exit of main to the end of the last container, in seconds, sorted. */
export interface Times {
  readonly name: string;
  readonly seconds: readonly number[];
}

export async function timeEndings(stage: Stage, runtime: Runtime, runs: number): Promise<Times[]> {
  const times: Times[] = [];
  for (const { name, main } of ENDINGS) {
    const proxy = { name: 'proxy', image: stage.server, command: stage.serve };
    const text = printJob({ name: 'ending', annotations: SIDECAR, containers: [proxy, main(stage)] });
    const rewritten = await rewrite(text, ['--strategy', 'sentinel']);
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) seconds.push(await timeEnding(rewritten, runtime));
    times.push({ name, seconds: seconds.sort((a, b) => a - b) });
  }
  return times;
}

async function timeEnding(text: string, runtime: Runtime): Promise<number> {
  const { phase, containers } = await start(text, runtime).ended;
  if (phase !== 'Succeeded') throw new Error(`a pod that is timed has ${phase}`);
  const { work, proxy } = containers;
  return Math.max(0, (proxy?.endedAfter ?? 0) - (work?.endedAfter ?? 0));
}

function start(text: string, runtime: Runtime): Pod {
  const { template } = readJob(text);
  return startPod(template.spec ?? { containers: [] }, template.metadata?.annotations ?? {}, {
    runtime,
    limit: 40,
  });
}

/** What is ours in a container. */
export interface Footprint {
  readonly shell: string;
  readonly container: string;
  readonly processes: number;
  /** In KiB: a page that n processes share counts 1/n in each, and wholly in each. */
  readonly proportional: number;
  readonly resident: number;
}

interface Shell {
  readonly name: string;
  readonly image: (stage: Stage) => string;
  readonly program: string;
  readonly flags: readonly string[];
}

const SHELLS: readonly Shell[] = [
  { name: 'the image’s busybox', image: ({ tools }) => tools, program: 'sh', flags: ['--shell', 'image'] },
  { name: 'the image’s bash', image: ({ unknown }) => unknown, program: 'bash', flags: ['--shell', 'image'] },
  { name: 'injected busybox', image: ({ tools }) => tools, program: 'sh', flags: ['--shell', 'inject'] },
];

/** What the containers run, by which it is told from what is ours. */
const PROGRAM = 'sleep 600';

export async function weighSupervisors(stage: Stage, runtime: Runtime): Promise<Footprint[]> {
  const found: Footprint[] = [];
  for (const { name, image, program, flags } of SHELLS) {
    const parts = ['work', 'proxy'].map((container) => {
      return { name: container, image: image(stage), command: [program, '-c', `exec ${PROGRAM}`] };
    });
    const text = printJob({ name: 'weight', annotations: SIDECAR, containers: parts });
    const pod = start(await rewrite(text, ['--strategy', 'sentinel', ...flags]), runtime);
    await Promise.all([pod.catches('work', 'SIGUSR2'), pod.catches('proxy', 'SIGUSR2')]);
    for (const container of ['work', 'proxy'])
      found.push({ shell: name, container, ...(await weigh(pod, container)) });
    pod.giveUp();
    await pod.ended;
  }
  return found;
}

type Weight = Pick<Footprint, 'processes' | 'proportional' | 'resident'>;

/** The heaviest of some moments, because what only sleeps comes and goes. */
async function weigh(pod: Pod, container: string): Promise<Weight> {
  let heaviest: Weight = { processes: 0, proportional: 0, resident: 0 };
  for (let moment = 0; moment < 10; moment++) {
    await sleep(0.3);
    const weight = weighProcesses(listProcesses(pod.pid(container)));
    if (weight.processes >= heaviest.processes && weight.resident >= heaviest.resident) heaviest = weight;
  }
  return heaviest;
}

/** The processes of a container's PID namespace, without the command of the user. */
function listProcesses(first: number | null): number[] {
  const namespace = readlinkSync(`/proc/${first}/ns/pid`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return readlinkSync(`/proc/${pid}/ns/pid`) === namespace && command !== PROGRAM;
      } catch {
        return false;
      }
    });
}

function weighProcesses(pids: readonly number[]): Weight {
  const weight = { processes: 0, proportional: 0, resident: 0 };
  for (const pid of pids) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const read = (field: string): number =>
        Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
      weight.processes++;
      weight.proportional += read('Pss');
      weight.resident += read('Rss');
    } catch {
      // It has ended in the meantime.
    }
  }
  return weight;
}
