import pkg from '../../package.json' with { type: 'json' }

/** The terminal. Resolves with the exit code. */
export async function main({ argv, stdout, stderr }: NodeJS.Process): Promise<number> {
  if (argv[2] === '--version') {
    stdout.write(`${pkg.version}\n`)
    return 0
  }
  stderr.write('hermes: there are no commands yet, only --version\n')
  return 2
}
