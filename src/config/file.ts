import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'

export interface Read<T> {
  readonly value: T
  /** Settings that nobody knows, with what was probably meant. */
  readonly warnings: readonly string[]
}

/**
 * What stands under `kanban:` in a config.yaml; a missing file says nothing, so that all is default.
 * Throws `config` with every fault of the file, or `environment` when it cannot be read.
 */
export async function readKanban<Schema extends z.ZodObject>(
  path: string,
  schema: Schema,
  alsoKnown: readonly string[] = [],
): Promise<Read<z.output<Schema>>> {
  const source = await textOf(path)
  return source === undefined
    ? checked({}, path, schema, alsoKnown)
    : parseKanban(source, path, schema, alsoKnown)
}

/** As `readKanban`, of a text that is at `path`, or will be. */
export async function parseKanban<Schema extends z.ZodObject>(
  source: string,
  path: string,
  schema: Schema,
  alsoKnown: readonly string[] = [],
): Promise<Read<z.output<Schema>>> {
  return checked(await sectionOf(source, path, 'kanban'), path, schema, alsoKnown)
}

async function checked<Schema extends z.ZodObject>(
  found: Record<string, unknown>,
  path: string,
  schema: Schema,
  alsoKnown: readonly string[],
): Promise<Read<z.output<Schema>>> {
  const result = await schema.safeParseAsync(found)
  if (!result.success) throw unusable(path, result.error.issues.map(fault))
  const known = [...Object.keys(schema.shape), ...alsoKnown]
  const unknown = Object.keys(found).filter((key) => !known.includes(key))
  return { value: result.data, warnings: unknown.map((key) => warning(path, key, known)) }
}

/** Undefined where there is no such file. Throws `environment` when it cannot be read. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new BoardError('environment', `cannot read ${path}: ${message}`, { file: path })
  }
}

/** The table that stands under `name`; empty when there is none. Throws `config`. */
export async function sectionOf(
  source: string,
  path: string,
  name: string,
  options: { readonly intAsBigInt?: boolean } = {},
): Promise<Record<string, unknown>> {
  // Loading it takes longer than most commands, and most homes have no file.
  const { parseDocument } = await import('yaml')
  const document = parseDocument(source, options)
  const [error] = document.errors
  if (error !== undefined) throw unusable(path, [yamlFault(error.message)])
  const whole: unknown = document.toJS({ maxAliasCount: 100 }) ?? {}
  if (!isTable(whole)) throw unusable(path, ['it must be a table of settings'])
  const section = whole[name] ?? {}
  if (!isTable(section)) throw unusable(path, [`${name} must be a table of settings`])
  return section
}

/** Without the excerpt that follows it, and the colon before that. */
export function yamlFault(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/:$/, '')
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function unusable(path: string, faults: readonly string[]): BoardError {
  return new BoardError('config', `cannot use ${path}: ${faults.join('; ')}`, {
    file: path,
    faults,
  })
}

/** The key and what is allowed, never the value: it may be a secret. */
function fault(issue: z.core.$ZodIssue): string {
  return `${['kanban', ...issue.path].join('.')} ${issue.message}`
}

function warning(path: string, key: string, known: readonly string[]): string {
  const meant = nearest(key, known)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return `${path}: kanban.${key} is no setting and is ignored${hint}`
}
