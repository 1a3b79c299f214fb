import { join } from 'node:path'
import type { OwnRuntimes, RuntimeSettings } from '../../config/runtimes.ts'
import { BoardError } from '../../model/error.ts'
import { plain, type Runtime } from './runtime.ts'

/** Those of the user before ours, of which one with the same name takes the place. Throws `config`. */
export function withOwn(
  builtIn: readonly Runtime[],
  own: OwnRuntimes,
  root: string,
): readonly Runtime[] {
  const all = Object.entries(own).map(([name, settings]) => {
    const { like } = settings
    const model = like === null ? undefined : builtIn.find((one) => one.name === like)
    if (like !== null && model === undefined) {
      const names = builtIn.map((one) => one.name).join(', ')
      throw unusable(root, `${name}.like must be one of ${names}`)
    }
    // Profiles that name no runtime have it, and whoever starts them need not read the configuration.
    if (name === 'command') throw unusable(root, 'command must have another name')
    return made(name, settings, model)
  })
  return [...all, ...builtIn.filter(({ name }) => !(name in own))]
}

function made(name: string, settings: RuntimeSettings, model: Runtime | undefined): Runtime {
  const base = model ?? blank
  const { driver, command, env, keys, modes } = settings
  const [program, ...args] = command ?? []
  const { allow } = base.permissions
  return {
    ...base,
    name,
    title: model === undefined ? name : `${model.title} as ${name}`,
    driver: driver ?? base.driver,
    ...(program === undefined ? {} : { program: { programs: [program], folders: [] }, args }),
    ...(settings.model === null ? {} : { model: { args: settings.model } }),
    env: { ...base.env, ...env },
    keys: [...base.keys, ...(keys ?? [])],
    ...(modes === null ? {} : { permissions: { ...base.permissions, allow: { ...allow, modes } } }),
    signs: [...signs('quota', settings.quota), ...signs('login', settings.login), ...base.signs],
  }
}

const blank = {
  ...plain,
  driver: 'command',
  program: 'profile',
  about: {
    install: 'put its program on the PATH',
    login: 'see the documentation of its program',
    credentials: [],
  },
} as const satisfies Omit<Runtime, 'name' | 'title'>

/** Wherever it says them, in an error or at its end. */
function signs(means: 'quota' | 'login', words: readonly string[] | null): Runtime['signs'] {
  return (words ?? []).flatMap((text) => {
    const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')
    return [
      { means, error: pattern },
      { means, words: pattern },
    ]
  })
}

function unusable(root: string, fault: string): BoardError {
  const file = join(root, 'config.yaml')
  return new BoardError('config', `cannot use ${file}: kanban.runtimes.${fault}`, { file })
}
