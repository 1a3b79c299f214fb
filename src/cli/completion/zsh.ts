import { tables } from './tables.ts'
import type { Completion } from './words.ts'

/** For a file in the fpath, or to be sourced. */
export function zsh(completion: Completion): string {
  return `#compdef hermes hermes-kanban
# zsh completion of hermes and hermes-kanban, made by: hermes completion zsh

${tables(completion)}
_hermes_kanban() {
  local cur=\${words[CURRENT]} at= place=1 flag= board= lines= value= word= says=
  local own=\${words[1]:t}
  local -i i
  local -a offered
  [[ $own == hermes-kanban ]] && at=kanban
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $flag ]]; then
      [[ $flag == --board ]] && board=$word
      flag=
    elif [[ $word == -*=* ]]; then
      [[ $word == --board=* ]] && board=\${word#*=}
    elif [[ $word == -* ]]; then
      [[ -n $(_hermes_kanban_value "$at $word") ]] && flag=$word
    elif _hermes_kanban_known "\${at:+$at }$word"; then
      at="\${at:+$at }$word"
    elif [[ $at == kanban && $place == 1 ]] && _hermes_kanban_known "$word"; then
      at=$word
    else
      place=$((place + 1))
    fi
  done
  if [[ -z $flag && $cur == --*=* ]]; then
    flag=\${cur%%=*}
    cur=\${cur#*=}
    compset -P '*='
  fi

  if [[ -n $flag ]]; then
    value=$(_hermes_kanban_value "$at $flag")
  elif [[ $cur == -* ]]; then
    lines=$(_hermes_kanban_flags "$at")
  else
    lines=$(_hermes_kanban_next "$at")
    [[ $own == hermes-kanban && $at == kanban ]] && lines+=$'\\n'$(_hermes_kanban_next '')
    [[ -z $lines ]] && value=$(_hermes_kanban_value "$at $place")
  fi
  case $value in
    '' | @text) ;;
    @paths) _files && return ;;
    @*) lines=$(hermes-kanban __complete "\${value#@}" "$cur" "$board" 2> /dev/null) ;;
    *) lines=\${value// /$'\\n'} ;;
  esac
  while IFS=$'\\t' read -r word says; do
    [[ -n $word ]] && offered+=("\${word//:/\\\\:}\${says:+:$says}")
  done <<< "$lines"
  _describe 'hermes' offered
}

_hermes_kanban_known() {
  [[ -n $(_hermes_kanban_next "$1")$(_hermes_kanban_flags "$1") ]]
}

if [[ \${funcstack[1]} == _hermes* ]]; then
  _hermes_kanban "$@"
else
  compdef _hermes_kanban hermes hermes-kanban
fi
`
}
