/**
 * Workers of every kind, as shell scripts. Each holds a lock on its task for as long as it or anything
 * that it started lives, and notes when it finds somebody else there. Once the file `calm` exists, all
 * of them complete.
 */

import { quote } from '../../src/lib/shell.ts'

const start = `
T="$HERMES_KANBAN_TASK"
exec 9>>"$C/lock.$T"
flock -n 9 || echo "$T in run $HERMES_KANBAN_RUN_ID" >> "$C/overlaps"
finish() { hermes kanban complete "$T" --summary done && echo "$T" >> "$C/done"; exit; }
[ -e "$C/calm" ] && finish
first() { mkdir "$C/seen.$T" 2>/dev/null; }
`

const rest: Readonly<Record<string, string>> = {
  steady: 'sleep 0.3; finish',
  asker: `hermes kanban block "$T" 'how?'`,
  crasher: 'first && exit 3; finish',
  broken: 'kill -SEGV $$',
  hanger: 'sleep 300',
  deaf: `trap '' TERM; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 0.2; done; finish`,
  forker: 'setsid sleep 300 & sh -c "sleep 300 & setsid sleep 300 & sleep 300" & sleep 0.2; finish',
  flooder: 'yes "a line that says nothing at all" | head -c 400000; finish',
  silent: 'first && exit 0; finish',
  busy: 'first && exit 75; finish',
}

export const kinds = Object.keys(rest)

/** They leave their notes in `folder`. */
export function scriptOf(kind: string, folder: string): string {
  return `C=${quote(folder)}${start}${rest[kind]}\n`
}
