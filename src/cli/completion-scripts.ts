/** What `completion SHELL` prints, by shell. Each asks the program by `__complete`, in Cobra's protocol. */
export const COMPLETION_SCRIPTS = {
  bash: `# bash completion for kubectl-guillotine: source <(kubectl-guillotine completion bash)
_kubectl_guillotine() {
  local words=() piece glue= lines line directive
  # readline splits words at "=" and ":".
  for piece in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ \${#words[@]} -gt 0 && ( -n $glue || $piece == [=:] ) ]]; then
      words[\${#words[@]}-1]+=$piece
    else
      words+=("$piece")
    fi
    glue=
    [[ $piece == [=:] ]] && glue=1
  done
  COMPREPLY=()
  lines=$(kubectl-guillotine __complete "\${words[@]}" 2>/dev/null) || return
  directive=\${lines##*:}
  while IFS= read -r line; do
    [[ $line == :* ]] || COMPREPLY+=("\${line%%$'\\t'*}")
  done <<<"$lines"
  # Outside of readline there is nothing to tell; bash 3 does not know it.
  (( directive & 2 )) && compopt -o nospace 2>/dev/null
  (( directive & 4 )) && compopt +o default 2>/dev/null
  (( directive & 16 )) && compopt -o dirnames 2>/dev/null
  return 0
}
complete -o default -F _kubectl_guillotine kubectl-guillotine
`,
  fish: `# fish completion for kubectl-guillotine: kubectl-guillotine completion fish | source
function __kubectl_guillotine_complete
    set -l last (commandline -ct)
    set -l words (commandline -opc) $last
    set -l lines (kubectl-guillotine __complete $words[2..-1] 2>/dev/null)
    set -l flag (string match -r -- '^--[^=]+=' $last)
    switch "$lines[-1]"
        case ':0'
            __fish_complete_path (string replace -r -- '^--[^=]+=' '' $last)
        case ':16'
            __fish_complete_directories (string replace -r -- '^--[^=]+=' '' $last)
    end
    for line in $lines[1..-2]
        echo "$flag$line"
    end
end
complete -c kubectl-guillotine -f -a '(__kubectl_guillotine_complete)'
`,
  zsh: `#compdef kubectl-guillotine
# zsh completion for kubectl-guillotine: source <(kubectl-guillotine completion zsh)
_kubectl_guillotine() {
  local -a lines candidates
  local line directive suffix
  lines=("\${(@f)$(kubectl-guillotine __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  directive=\${lines[-1]#:}
  for line in "\${(@)lines[1,-2]}"; do
    line=\${line//:/\\\\:}
    candidates+=("\${line/$'\\t'/:}")
  done
  compset -P '--*='
  (( directive & 2 )) && suffix=-S
  case $directive in
    0) _files ;;
    16) _files -/ ;;
    *) _describe kubectl-guillotine candidates \${suffix:+-S ''} ;;
  esac
}
# Sourced, or loaded from a folder of fpath.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _kubectl_guillotine "$@"
else compdef _kubectl_guillotine kubectl-guillotine
fi
`,
} as const;

export type CompletionShell = keyof typeof COMPLETION_SCRIPTS;

/** In the order of their names. */
export const COMPLETION_SHELLS = Object.keys(COMPLETION_SCRIPTS) as CompletionShell[];
