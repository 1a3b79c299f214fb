import { tables } from './tables.ts'
import type { Completion } from './words.ts'

/** For bash 3.2, which macOS has, and all later ones. */
export function bash(completion: Completion): string {
  return `# bash completion of hermes and hermes-kanban, made by: hermes completion bash

${tables(completion)}
_hermes_kanban() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at= place=1 flag= board= words= value= word= i
  local own=\${COMP_WORDS[0]##*/}
  COMPREPLY=()
  [[ $own == hermes-kanban ]] && at=kanban
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # bash takes --flag=value for three words
    [[ $word == = ]] && continue
    if [[ -n $flag ]]; then
      [[ $flag == --board ]] && board=$word
      flag=
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
  [[ $cur == = ]] && cur=

  if [[ -n $flag ]]; then
    value=$(_hermes_kanban_value "$at $flag")
  elif [[ $cur == -* ]]; then
    words=$(_hermes_kanban_flags "$at")
  else
    words=$(_hermes_kanban_next "$at")
    [[ $own == hermes-kanban && $at == kanban ]] && words+=$'\\n'$(_hermes_kanban_next '')
    [[ -z $words ]] && value=$(_hermes_kanban_value "$at $place")
  fi
  case $value in
    '' | @text) ;;
    @paths) words=$(compgen -f -- "$cur") && compopt -o filenames 2> /dev/null ;;
    @*) words=$(hermes-kanban __complete "\${value#@}" "$cur" "$board" 2> /dev/null) ;;
    *) words=\${value// /$'\\n'} ;;
  esac
  while IFS=$'\\t' read -r word _; do
    [[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("$word")
  done <<< "$words"
}

_hermes_kanban_known() {
  [[ -n $(_hermes_kanban_next "$1")$(_hermes_kanban_flags "$1") ]]
}

complete -F _hermes_kanban hermes hermes-kanban
`
}
