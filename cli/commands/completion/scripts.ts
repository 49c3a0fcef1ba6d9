/** What shells load to complete orchctl. Each asks `orchctl __complete`, which answers `WORD<tab>DESCRIPTION` lines. */

const bash = `# bash completion for orchctl. Load it with: source <(orchctl completion bash)
_orchctl() {
  local IFS=$'\\n' current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(orchctl __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  elif [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=/] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -o nosort -F _orchctl orchctl
`;

const zsh = `#compdef orchctl
# zsh completion for orchctl. Load it with: source <(orchctl completion zsh)
_orchctl() {
  local -a described
  local line word text
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    word=\${line%%$'\\t'*}
    text=""
    [[ $line == *$'\\t'* ]] && text=\${line#*$'\\t'}
    described+=("\${word//:/\\\\:}\${text:+:$text}")
  done < <(orchctl __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#described} )); then
    _describe -V orchctl described
  else
    _files
  fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _orchctl orchctl
`;

const fish = `# fish completion for orchctl. Load it with: orchctl completion fish | source
function __orchctl_complete
    set -l words (commandline -opc) (commandline -ct)
    orchctl __complete -- $words[2..-1] 2>/dev/null
end
complete -c orchctl -f -k -a '(__orchctl_complete)'
complete -c orchctl -F -n 'test (count (__orchctl_complete)) -eq 0'
`;

export const scripts = { bash, zsh, fish } as const;
