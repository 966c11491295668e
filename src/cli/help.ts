import { STRATEGY_CHOICES } from '../strategies/names.ts';

/** What `completion --help` says: where the script goes, and how kubectl's own completion finds us. */
export function completionHelpText(name: string): string {
  return `
For kubectl-guillotine, in the shell's start file:

  source <(kubectl-guillotine completion bash)
  source <(kubectl-guillotine completion zsh)
  kubectl-guillotine completion fish | source

For kubectl guillotine, kubectl's own completion needs a second name for this program on the PATH,
which npm puts there; where krew has installed it:

  ln -s kubectl-guillotine ~/.krew/bin/kubectl_complete-guillotine

Containers for --main, --sidecar and --entrypoint are those of the files that -f has named before:

  ${name} -f job.yaml --main <TAB>`;
}

/** What `images --help` says below the flags: how the images become an index. */
export function imagesHelpText(name: string): string {
  return `
They become an index of images with crane (or docker image inspect, or skopeo inspect --config):

  ${name} images -f . | while read -r image; do
    printf '{"image":"%s","config":%s}\\n' "$image" "$(crane config "$image" | tr -d '\\n')"
  done > index.jsonl
  ${name} -f . --images index.jsonl | kubectl apply -f -

The same by hand, in YAML; an image without tag is meant with every tag:

  registry.example.com/team/worker: {entrypoint: [/app/worker], cmd: [serve], shell: true}`;
}

/** What `--help` says below the flags. */
export function helpText(name: string): string {
  return `
Examples:
  ${name} -f job.yaml | kubectl apply -f -
  helm template chart | ${name} | kubectl apply -f -
  ${name} --check -R -f k8s || ${name} -i -R -f k8s
  ${name} -f job.yaml --sidecar log-shipper --entrypoint log-shipper='["/ship"]'

Annotations, on the workload or its pod template:
  guillotine/main, guillotine/sidecars   container names, comma separated
  guillotine/strategy                    ${[...STRATEGY_CHOICES, 'skip'].join(', ')}
  guillotine/entrypoints                 {"container": ["argv", ...]}
  guillotine/options                     {"container": {"drain": "5s", "waitFor": "tcp:5432"}}

Exit codes: 0 done, 1 --check or --diff found work, 2 an error in the input or the
invocation, 70 a bug of guillotine.

GUILLOTINE_REPORT=FILE has --report json written to that file as well: helm and kustomize
show no stderr.`;
}
