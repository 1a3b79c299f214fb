import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder, writePrivate } from '../../lib/files.ts'
import { oneLine } from '../../lib/text.ts'
import { BoardError } from '../../model/error.ts'
import { answers, ask, typed } from './ask.ts'
import { type Command, type Service, signature } from './service.ts'

export interface InstallOptions {
  readonly service: Service
  readonly user: string
  /** A gateway of the same home runs already, by other means. */
  readonly running: boolean
}

/** Writes the file and has the system start it, where that answers; returns what a person should know. */
export async function install({ service, user, running }: InstallOptions): Promise<string[]> {
  const { file, text, name, enable, logs } = service
  await refuseForeign(file)
  await makeFolder(dirname(file))
  await writePrivate(file, text, 0o644)
  const wrote = `Wrote ${file}`
  if (running) {
    return [
      wrote,
      'A gateway is running already. Let the service take over with:',
      ...lines(['hermes gateway stop'], enable),
    ]
  }
  if (!(await answers(service.probe))) {
    return [
      wrote,
      `${name} does not answer here. Where it does, start it with:`,
      ...lines([], enable),
    ]
  }
  for (const command of enable) await must(command)
  return [
    wrote,
    `It is started now, and with every login. Its log: ${logs}`,
    ...(await lingering(service, user)),
  ]
}

/** Removes what `install` wrote, and nothing else. */
export async function uninstall(service: Service): Promise<string[]> {
  const { file, disable, forget } = service
  const found = await textOf(file)
  if (found === undefined) return [`Nothing is installed: there is no ${file}`]
  await refuseForeign(file)
  const answering = await answers(service.probe)
  // What is not loaded cannot be stopped, and that is as good.
  if (answering) for (const command of disable) await ask(command)
  await rm(file)
  if (answering) for (const command of forget) await ask(command)
  return [
    `Removed ${file}`,
    ...(answering
      ? []
      : [
          `${service.name} does not answer here. Where it does, finish with:`,
          ...lines([], [...disable, ...forget]),
        ]),
  ]
}

async function refuseForeign(file: string): Promise<void> {
  const found = await textOf(file)
  if (found === undefined || found.includes(signature)) return
  throw new BoardError(
    'conflict',
    `${file} is there, and was not written by hermes-kanban: it is left as it is; move it away first`,
  )
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new BoardError('environment', `cannot read ${file}: ${(error as Error).message}`)
  }
}

/** A user's services end with the last session, unless they linger. */
async function lingering({ name }: Service, user: string): Promise<string[]> {
  if (name !== 'systemd') return []
  const { out } = await ask(['loginctl', 'show-user', user, '--property=Linger'])
  if (out.trim() === 'Linger=yes') return []
  return [
    'Lingering is off: the gateway ends when you log out, and does not start before you log in. Switch it on with:',
    ...lines([`loginctl enable-linger ${user}`], []),
  ]
}

/** Throws `environment` with what it said. */
export async function must(command: Command): Promise<void> {
  const { code, err } = await ask(command)
  if (code === 0) return
  throw new BoardError('environment', `${typed(command)} has failed: ${oneLine(err)}`)
}

function lines(own: readonly string[], commands: readonly Command[]): string[] {
  return [...own, ...commands.map(typed)].map((line) => `  ${line}`)
}
