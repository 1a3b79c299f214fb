import { valueText } from './tables.ts'
import type { Completion, Word } from './words.ts'

export function fish({ next, flags, values }: Completion): string {
  return `# fish completion of hermes and hermes-kanban, made by: hermes completion fish

${table('next', next, lines)}
${table('flags', flags, lines)}
${table('value', values, (value) => `echo ${quoted(valueText(value))}`)}
function __hermes_kanban_known
    set -l found (__hermes_kanban_next $argv[1]) (__hermes_kanban_flags $argv[1])
    test (count $found) -gt 0
end

function __hermes_kanban
    set -l words (commandline -opc)
    set -l cur (commandline -ct)
    set -l own (basename $words[1])
    set -l at ''
    set -l place 1
    set -l flag ''
    set -l board ''
    set -l before ''
    set -l value ''
    test $own = hermes-kanban; and set at kanban
    for word in $words[2..-1]
        set -l path (string trim "$at $word")
        if test -n "$flag"
            test "$flag" = --board; and set board $word
            set flag ''
        else if string match -q -- '-*=*' $word
            string match -q -- '--board=*' $word; and set board (string replace -- '--board=' '' $word)
        else if string match -q -- '-*' $word
            test -n "$(__hermes_kanban_value "$at $word")"; and set flag $word
        else if __hermes_kanban_known $path
            set at $path
        else if test "$at" = kanban -a $place -eq 1; and __hermes_kanban_known $word
            set at $word
        else
            set place (math $place + 1)
        end
    end
    if test -z "$flag"; and string match -q -- '--*=*' $cur
        set flag (string replace -r '=.*' '' -- $cur)
        set before $flag=
        set cur (string replace -r '^[^=]*=' '' -- $cur)
    end

    if test -n "$flag"
        set value (__hermes_kanban_value "$at $flag")
    else if string match -q -- '-*' $cur
        __hermes_kanban_flags $at
    else if test (count (__hermes_kanban_next $at)) -gt 0
        __hermes_kanban_next $at
        test $own = hermes-kanban -a "$at" = kanban; and __hermes_kanban_next ''
    else
        set value (__hermes_kanban_value "$at $place")
    end
    switch "$value"
        case '' @text
        case @paths
            __fish_complete_path $cur
        case '@*'
            printf "$before%s\\n" (hermes-kanban __complete (string sub -s 2 -- $value) "$cur" "$board" 2>/dev/null)
        case '*'
            printf "$before%s\\n" (string split ' ' -- $value)
    end
end

complete -c hermes -f -a '(__hermes_kanban)'
complete -c hermes-kanban -f -a '(__hermes_kanban)'
`
}

function table<Row>(
  name: string,
  rows: ReadonlyMap<string, Row>,
  body: (row: Row) => string,
): string {
  const cases = [...rows].flatMap(([key, row]) => [
    `        case ${quoted(key)}`,
    `            ${body(row)}`,
  ])
  return [
    `function __hermes_kanban_${name}`,
    '    switch "$argv[1]"',
    ...cases,
    '    end',
    'end',
    '',
  ].join('\n')
}

function lines(words: readonly Word[]): string {
  const all = words.flatMap(({ word, says }) => [word, says].map(quoted))
  return `printf '%s\\t%s\\n' ${all.join(' ')}`
}

/** As fish quotes: a backslash takes away what a quote means, within one too. */
function quoted(word: string): string {
  return `'${word.replace(/[\\']/g, '\\$&')}'`
}
