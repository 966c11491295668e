import { STRATEGY_CHOICES } from '../strategies/names.ts';

/** What `--help` says below the flags. */
export function helpText(name: string): string {
  return `
Examples:
  ${name} -f job.yaml | kubectl apply -f -
  helm template chart | ${name} | kubectl apply -f -
  ${name} -f job.yaml --sidecar log-shipper --entrypoint log-shipper='["/ship"]'

Annotations, on the workload or its pod template:
  guillotine/main, guillotine/sidecars   container names, comma separated
  guillotine/strategy                    ${[...STRATEGY_CHOICES, 'skip'].join(', ')}
  guillotine/entrypoints                 {"container": ["argv", ...]}
  guillotine/options                     {"container": {"shell": "inject", "grace": "30s"}}

Exit codes: 0 done, 2 an error in the input or the invocation, 70 a bug of guillotine.`;
}
