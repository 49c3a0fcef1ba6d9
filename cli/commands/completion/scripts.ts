/**
 * What shells load to complete orchctl. Each asks `orchctl __complete`, which answers `WORD<tab>DESCRIPTION` lines, and `:files` where names
 * of files may stand.
 */

const bash = `# bash completion for orchctl. Load it with: source <(orchctl completion bash)
_orchctl() {
  local line=$COMP_LINE word last i before reply files=no words=()
  # bash cuts words at = and : too: what no space stands between is one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $i -eq 0 || $line == [[:space:]]* ]]; then words+=("$word"); else words[-1]+=$word; fi
    line=\${line#"\${line%%[![:space:]]*}"}
    line=\${line#"$word"}
  done
  last=\${words[-1]}
  # Of the last word it replaces only what stands behind such a cut.
  before=""
  [[ $last == *=* && $COMP_WORDBREAKS == *=* ]] && before=\${last%"\${last##*=}"}
  [[ \${last#"$before"} == *:* && $COMP_WORDBREAKS == *:* ]] && before=\${last%"\${last##*:}"}
  COMPREPLY=()
  while IFS= read -r reply; do
    if [[ $reply == :files ]]; then files=yes; else COMPREPLY+=("\${reply#"$before"}"); fi
  done < <(orchctl __complete -- "\${words[@]:1}" 2>/dev/null | cut -f1)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=/:] ]]; then compopt -o nospace 2>/dev/null; fi
  if [[ $files == yes ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r reply; do COMPREPLY+=("$reply"); done < <(compgen -f -- "\${last#"$before"}")
  fi
}
complete -o nosort -F _orchctl orchctl
`;

const zsh = `#compdef orchctl
# zsh completion for orchctl. Load it with: source <(orchctl completion zsh)
_orchctl() {
  local -a described open
  local line word text files=no added=1
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    [[ $line == :files ]] && { files=yes; continue }
    word=\${line%%$'\\t'*}
    text=""
    [[ $line == *$'\\t'* ]] && text=\${line#*$'\\t'}
    line="\${word//:/\\\\:}\${text:+:$text}"
    if [[ $word == *[=/:] ]]; then open+=("$line"); else described+=("$line"); fi
  done < <(orchctl __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#described} )) && _describe -V orchctl described && added=0
  (( \${#open} )) && _describe -V orchctl open -S '' && added=0
  [[ $files == yes ]] && _files && added=0
  return added
}
if [[ $funcstack[1] == _orchctl ]]; then
  _orchctl "$@" # loaded from a folder of $fpath by its first use
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _orchctl orchctl
fi
`;

const fish = `# fish completion for orchctl. Load it with: orchctl completion fish | source
function __orchctl_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (orchctl __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c orchctl -f -k -a '(__orchctl_complete)'
`;

export const scripts = { bash, zsh, fish } as const;
