import { pickTelling } from '../kube/evidence/evidence.ts';
import type { Diagnostic, Severity } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import { printPath, type Value } from '../model/object.ts';
import { type Plan, printPodName } from '../model/pod.ts';
import { escapeControls } from '../text/lines.ts';
import type { Explained, ExplainedContainer } from './explained.ts';
import type { Palette } from './palette.ts';

const WIDTH = 80;

/** One workload for people: what becomes of it and why, its containers, what changes, what to mind. */
export function printTable(plan: Plan, explained: Explained, nameSource: boolean, palette: Palette): string {
  const source = nameSource ? `${explained.source}: ` : '';
  const name = escapeControls(`${source}${printPodName(plan.pod)}`);
  const { reason } = explained;
  const lines = [
    `${palette.bold(name)}  ${printAction(explained, palette)}`,
    ...wrap(sentence(reason), 2),
    ...printHint(plan.diagnostics.find(({ message }) => message === reason)),
    ...(plan.action === 'rewrite' ? plan.notes.flatMap((note) => wrap(sentence(note), 2)) : []),
    ...(explained.containers.length === 0 ? [] : ['', ...printContainers(explained.containers, palette)]),
  ];
  if (plan.action === 'rewrite') {
    const { path } = plan.pod;
    lines.push(
      '',
      `  ${palette.dim('CHANGES')}`,
      ...plan.edits.map((edit) => `  ${printEdit(edit, path.length)}`),
    );
  }
  const rest = plan.diagnostics.filter(({ message }) => message !== reason);
  if (rest.length > 0) lines.push('', ...rest.flatMap((diagnostic) => printDiagnostic(diagnostic, palette)));
  return `${lines.join('\n')}\n`;
}

function printAction({ action, strategy, code }: Explained, palette: Palette): string {
  if (action === 'rewrite') return palette.green(`rewrite (${strategy})`);
  return action === 'refuse' ? palette.red(`refuse [${code}]`) : palette.dim(`leave alone [${code}]`);
}

function printContainers(containers: readonly ExplainedContainer[], palette: Palette): string[] {
  const nameWidth = Math.max(9, ...containers.map(({ name }) => Math.min(name.length, 24)));
  const roleWidth = Math.max(4, ...containers.map(({ role }) => role.length));
  const indent = 2 + nameWidth + 2 + roleWidth + 2 + 4 + 2;
  const head = `  ${'CONTAINER'.padEnd(nameWidth)}  ${'ROLE'.padEnd(roleWidth)}  SURE  WHY`;
  const rows = containers.flatMap(({ name, role, confidence, evidence }) => {
    const isTold = role === 'init' || role === 'native-sidecar';
    const sure = isTold ? '' : `${Math.round(confidence * 100)}%`;
    const why =
      pickTelling(evidence)
        .map((row) => row.why)
        .join('; ') || (isTold ? '' : 'nothing tells');
    const [first = '', ...more] = wrap(why, indent);
    const paint = role === 'sidecar' ? palette.yellow : role === 'main' ? palette.green : palette.dim;
    const shown = escapeControls(name);
    const own = shown.length > nameWidth ? [`  ${shown}`] : [];
    const cells = `  ${(own.length > 0 ? '' : shown).padEnd(nameWidth)}  ${paint(role)}`;
    const rest = `${' '.repeat(roleWidth - role.length)}  ${sure.padStart(4)}  ${first.trimStart()}`;
    return [...own, cells + rest.trimEnd(), ...more];
  });
  return [palette.dim(head), ...rows];
}

/** An edit in a line: what is done, the field within the pod template, and the value as far as there is room. */
function printEdit(edit: Edit, root: number): string {
  const field = printPath(edit.path.slice(root));
  const line = (text: string): string => cut(escapeControls(`${edit.op.padEnd(7)}  ${text}`), WIDTH - 2);
  switch (edit.op) {
    case 'set':
      return line(`${field}: ${printValue(edit.value)}`);
    case 'append':
    case 'prepend':
      return line(`${field}: ${edit.values.map(printValue).join(', ')}`);
    case 'move': {
      const where = edit.before === null ? ', last' : `[${edit.before}]`;
      return line(`${field} to ${printPath(edit.to.slice(root))}${where}`);
    }
  }
}

function printValue(value: Value): string {
  return typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

const SEVERITIES: Readonly<Record<Severity, 'red' | 'yellow' | 'dim'>> = {
  error: 'red',
  warning: 'yellow',
  info: 'dim',
};

function printDiagnostic({ severity, message, hint, code }: Diagnostic, palette: Palette): string[] {
  const label = severity === 'info' ? 'note' : severity;
  const [first = '', ...more] = wrap(`${label}: ${message} [${code}]`, 2);
  return [
    first.replace(`${label}:`, palette[SEVERITIES[severity]](`${label}:`)),
    ...more.map((line) => `  ${line}`),
    ...printHint({ hint }),
  ];
}

function printHint(diagnostic: { readonly hint?: string | undefined } | undefined): string[] {
  const hint = diagnostic?.hint;
  return hint === undefined ? [] : wrap(`= ${hint}`, 4);
}

function sentence(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

/** Lines of at most 80 columns, each indented; a longer word has a line of its own. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of escapeControls(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(' '.repeat(indent) + word);
  }
  return lines;
}
