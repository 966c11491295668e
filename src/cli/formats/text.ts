import { choosePalette } from '../palette.ts';
import { createDiagnosticPrinter, reportPlan } from '../report.ts';
import type { PrintReport } from './formats.ts';

/** For people: what is wrong, with the lines it is about, then a line or two for each workload. */
export const printText: PrintReport = ({ request, plans, findings, nameSources }, _, streams) => {
  const palette = choosePalette(request.color, streams.stderr, streams.env);
  const { quiet, verbose, command } = request;
  const style = { palette, verbose, nameSources, isCheck: command === 'check' };
  const lines = quiet ? [] : plans.map((plan) => reportPlan(plan, style));
  const print = createDiagnosticPrinter(palette);
  // An info is the reason in a workload's own line.
  const loud = findings.filter(({ severity }) => severity === 'error' || (severity === 'warning' && !quiet));
  return [...loud.map(print), ...lines].join('');
};
