import { execFile } from 'node:child_process'

/** Nothing that a repository brings along is run, nobody is asked for a password, and messages are as expected. */
const careful = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']

/**
 * Runs git in `folder` and returns what it printed. `path` and `home` are all it gets of an environment: a
 * GIT_DIR of ours would send it elsewhere. Throws what git said, in a line.
 */
export function git(
  { folder, path, home }: { folder: string; path: string; home: string },
  ...args: string[]
): Promise<string> {
  const env = { PATH: path, HOME: home, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' }
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  execFile(
    'git',
    [...careful, '-C', folder, ...args],
    { env, maxBuffer: 16 << 20 },
    (error, stdout, stderr) => {
      if (error === null) return resolve(stdout.trim())
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      reject(new Error(missing ? 'git is not on the PATH' : lastWord(stderr) || error.message))
    },
  )
  return promise
}

function lastWord(stderr: string): string {
  const lines = stderr.trim().split('\n')
  return (lines.findLast((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? '').replace(
    /^(fatal|error): /,
    '',
  )
}
