import type { ProcessTable, Seen } from './table.ts'

let boot: string | undefined

const columns = 'pid=,ppid=,pgid=,uid=,stat=,lstart='

/** There is no /proc on macOS: `ps` tells, in a few milliseconds a look. */
export const darwin: ProcessTable = {
  bootId: () => {
    boot ??= run('/usr/sbin/sysctl', '-n', 'kern.bootsessionuuid').trim()
    return boot
  },
  see: (pid) => parsePs(run('/bin/ps', '-o', columns, '-p', String(pid)))[0],
  all: () => parsePs(run('/bin/ps', '-axo', columns)),
  holding: (text) => {
    const own = run(
      '/bin/ps',
      'eww',
      '-U',
      String(process.geteuid?.()),
      '-o',
      `${columns},command=`,
    )
    return parsePs(
      own
        .split('\n')
        .filter((line) => line.includes(text))
        .join('\n'),
    )
  },
}

/** Lines of `columns`; the start is a date such as `Fri Nov 20 20:15:00 2026`, of which `run` makes UTC. */
export function parsePs(text: string): Seen[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+\d+\s+(\S+)\s+(\w+\s+\w+\s+\d+ [\d:]+ \d+)/.exec(
      line,
    )
    if (found === null) return []
    const [, pid, parent, group, state = '', start] = found
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      start: String(Date.parse(`${start} UTC`) / 1000),
      zombie: state.startsWith('Z'),
    }
  })
}

/** Empty when the program has nothing to tell: `ps` exits 1 for a pid that is gone. */
function run(command: string, ...args: string[]): string {
  // Loaded here alone: every command of every system loads this file, and that module takes 4 ms.
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}
