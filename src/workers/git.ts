import { execFile } from 'node:child_process'
import { onPath } from './runtimes/locate.ts'

/** Nothing that a repository brings along is run, nobody is asked for a password, and messages are as expected. */
const careful = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']

/** What it passes on in words of the system, which are the same for every program. */
const systemWords: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'ENOSPC'],
  [/Dis[ck] quota exceeded/, 'EDQUOT'],
  [/Input\/output error/, 'EIO'],
  [/Cannot allocate memory|[Oo]ut of memory/, 'ENOMEM'],
  [/Too many open files/, 'EMFILE'],
  [/Resource temporarily unavailable/, 'EAGAIN'],
  // Why a write failed, unlike an open, it keeps to itself: hardly ever for anything else.
  [/(unable to|couldn't|failed to) write(?!.*(denied|permitted|Read-only))|write error/, 'ENOSPC'],
]

/**
 * Runs git in `folder` and returns what it printed. `path` and `home` are all it gets of an environment: a
 * GIT_DIR of ours would send it elsewhere. Throws what git said, in a line, with the code of a system error
 * that it met.
 */
export function git(
  { folder, path, home }: { folder: string; path: string; home: string },
  ...args: string[]
): Promise<string> {
  const env = { PATH: path, HOME: home, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' }
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  execFile(
    // The system's own search gives up at a folder that it cannot follow.
    onPath('git', path) ?? 'git',
    [...careful, '-C', folder, ...args],
    { env, maxBuffer: 16 << 20 },
    (error, stdout, stderr) => {
      if (error === null) return resolve(stdout.trim())
      // Of a git that could not be started it is a word, else the number that it exited with.
      const { code } = error as { code?: string | number | null }
      if (code === 'ENOENT') return reject(new Error('git is not on the PATH'))
      const met = typeof code === 'string' ? code : systemErrorIn(stderr)
      reject(Object.assign(new Error(complaint(stderr) || error.message), { code: met }))
    },
  )
  return promise
}

function systemErrorIn(stderr: string): string | undefined {
  return systemWords.find(([words]) => words.test(stderr))?.[1]
}

/** What it complained about first: the rest follows from it. */
function complaint(stderr: string): string {
  const lines = stderr.trim().split('\n')
  const first = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? ''
  return first.replace(/^(fatal|error): /, '')
}
