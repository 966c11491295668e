import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { DIAGNOSTICS, type Diagnostic, type Severity } from '../../model/diagnostic.ts';
import { printId, printKubectlName, printPath } from '../../model/object.ts';
import type { Source } from '../../model/source.ts';
import { isStdin } from '../inputs.ts';
import { createLocator, type Location } from '../locate.ts';
import { PROJECT, readVersion } from '../version.ts';
import { findTroubles, pathBelow, rootFolder } from './findings.ts';
import type { PrintReport } from './formats.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** The Static Analysis Results Interchange Format of OASIS, 2.1.0. */
export const printSarif: PrintReport = (report, exitCode, streams) => {
  const findings = findTroubles(report);
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const locate = createLocator();
  const folder = rootFolder(streams);
  const fingerprint = createFingerprints();
  const results = findings.map((finding) => {
    const { code, severity, document } = finding;
    const uri = printUri(document.source, folder);
    return {
      ruleId: code,
      ruleIndex: codes.indexOf(code),
      level: LEVELS[severity],
      message: { text: printMessage(finding) },
      locations: [describeLocation(finding, locate(finding), uri)],
      partialFingerprints: { 'objectAndField/v1': fingerprint(finding, uri) },
    };
  });
  const driver = {
    name: 'guillotine',
    informationUri: PROJECT,
    semanticVersion: readVersion(),
    rules: codes.map(describeRule),
  };
  const invocation = { executionSuccessful: exitCode !== null && exitCode < 2, exitCode: exitCode ?? 0 };
  const run = { tool: { driver }, columnKind: 'unicodeCodePoints', invocations: [invocation], results };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
};

function describeRule(code: Diagnostic['code']): object {
  const words = code.replaceAll('-', ' ');
  return {
    id: code,
    shortDescription: { text: words.replace(/^./, (first) => first.toUpperCase()) },
    defaultConfiguration: { level: LEVELS[DIAGNOSTICS[code].severity] },
  };
}

/** Braces would be placeholders (3.11.5), brackets before a parenthesis a link (3.11.6). */
function printMessage({ message, hint }: Diagnostic): string {
  return [message, ...(hint === undefined ? [] : [hint])]
    .join('\n')
    .replace(/[{}]/g, '$&$&')
    .replace(/\[(?=[^[\]]*\]\()/g, '\\[');
}

function describeLocation({ object, path = [] }: Diagnostic, location: Location, uri: string): object {
  const { line, column, endLine, endColumn } = location;
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  const physicalLocation = { artifactLocation: { uri }, region };
  if (object === undefined) return { physicalLocation };
  const name = printId(object);
  const field = path.length === 0 ? [] : [printPath(path)];
  const logical = { name: field[0] ?? name, fullyQualifiedName: [name, ...field].join(' ') };
  return {
    physicalLocation,
    logicalLocations: [{ ...logical, kind: field.length > 0 ? 'property' : 'object' }],
  };
}

function printUri(source: Source, folder: string): string {
  const path = pathBelow(folder, source);
  if (path !== null) return path.split('/').map(encodeURIComponent).join('/');
  return isStdin(source) ? encodeURIComponent(source.name) : pathToFileURL(source.name).href;
}

/** Of what a finding says and of which field, never of where that stands; alike ones are counted. */
function createFingerprints(): (finding: Diagnostic, uri: string) => string {
  const counts = new Map<string, number>();
  return ({ code, message, object, path = [] }, uri) => {
    const id = object === undefined ? null : [printKubectlName(object), object.namespace];
    const text = JSON.stringify([code, message, uri, id, printPath(path)]);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return `${createHash('sha256').update(text).digest('hex').slice(0, 32)}:${count}`;
  };
}
