/** `npm run reference`: writes docs/reference from the code, so that it cannot say anything else. */

import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { z } from 'zod'
import { type Cleared, lifecycle, type Move } from '../src/board/lifecycle.ts'
import { dashboardSettings, pageSettings } from '../src/config/dashboard.ts'
import { gatewaySettings, platformSettings, webhookSettings } from '../src/config/gateway.ts'
import { profileSettings } from '../src/config/profile.ts'
import { recurringEntry } from '../src/config/recurring.ts'
import { foreignSettings, settings } from '../src/config/settings.ts'
import { eventKinds } from '../src/model/event.ts'
import { satisfying, statuses } from '../src/model/status.ts'
import { commands } from '../src/operations/command/find.ts'
import { pathOf } from '../src/operations/command/grammar.ts'
import { commandHelp } from '../src/operations/command/help.ts'
import type { Style } from '../src/operations/command/style.ts'
import { rest } from './reference-rest.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'docs', 'reference')

const note = '<!-- Written by `npm run reference` from the code: change that, not this. -->'

/** What each file of the folder is to hold, by its name. */
export async function reference(): Promise<ReadonlyMap<string, string>> {
  const pages: Record<string, readonly string[]> = {
    'cli.md': await cli(),
    'config.md': config(),
    'events.md': events(),
    'lifecycle.md': lifecyclePage(),
    'rest.md': await rest(table),
    'statuses.md': statusPage(),
  }
  return new Map(
    Object.entries(pages).map(([name, lines]) => [name, `${[note, '', ...lines].join('\n')}\n`]),
  )
}

async function cli(): Promise<string[]> {
  const plain: Style = { colour: false, width: undefined, now: 0 }
  const help = await helpOf()
  const sections = (await commands()).flatMap((operation) => [
    ...[`### ${pathOf(operation).join(' ')}`, ''],
    ...[...fenced(commandHelp(operation, 'hermes kanban', plain)), ''],
  ])
  return [
    ...['# Command line', '', ...fenced(help), ''],
    ...[
      '`hermes-kanban <verb>` is `hermes kanban <verb>`, and the other commands stand after it too.',
      '',
    ],
    ...['Exit codes: 0 done, 1 refused or failed, 2 not understood.', ''],
    ...['## hermes kanban', '', ...sections],
    ...(await otherCommands(help)),
  ]
}

/** The commands that are not of the board, and their verbs. */
async function otherCommands(help: string): Promise<string[]> {
  const names = namesIn(help).filter((name) => name !== 'kanban')
  const sections = await Promise.all(
    names.map(async (name) => {
      const own = await helpOf(name)
      const verbs = await Promise.all(namesIn(own).map((verb) => helpOf(name, verb)))
      return [`## hermes ${name}`, '', ...[own, ...verbs].flatMap((text) => [...fenced(text), ''])]
    }),
  )
  return sections.flat().slice(0, -1)
}

/** What is listed below `Commands:` or `Verbs:`. */
function namesIn(help: string): string[] {
  const [, list = ''] = /^(?:Commands|Verbs):\n((?: {2}.*\n?)+)/m.exec(help) ?? []
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name)
}

async function helpOf(...words: string[]): Promise<string> {
  const main = join(root, 'src', 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...words, '--help'])
  return stdout.trimEnd()
}

function fenced(text: string): string[] {
  return ['```text', text, '```']
}

function events(): string[] {
  const rows = Object.entries(eventKinds).map(([kind, { says, payload }]) => [
    code(kind),
    says,
    payload.map(code).join(', '),
  ])
  return ['# Events', '', ...table(['Event', 'Says that', 'Payload'], rows)]
}

const clearedSays: Record<Cleared, string> = {
  failures: 'failures in a row and the last error',
  delay: 'the time before which it is not claimed',
  block: 'why it is blocked',
  completion: 'when it was completed',
}

function lifecyclePage(): string[] {
  const moves: [string, Move][] = Object.entries(lifecycle)
  const rows = moves.map(([name, { from, to, event, outcome, clears = [] }]) => [
    code(name),
    from.join(', '),
    to === 'settled' ? 'todo or ready' : to === 'origin' ? 'where it was claimed from' : to,
    code(event),
    outcome === undefined ? '' : code(outcome),
    clears.map((what) => clearedSays[what]).join('; '),
  ])
  return [
    '# Lifecycle',
    '',
    'Every way a task can change its status: the table that the program itself decides by. "todo or ready" is',
    'todo while a parent is open, else ready.',
    '',
    ...table(['Move', 'From', 'To', 'Event', 'An open run closes as', 'Forgets'], rows),
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...['triage', 'todo', 'ready'].map((status) => `  [*] --> ${status}: create`),
    ...arrows(moves),
    '  archived --> [*]: delete',
    '```',
  ]
}

/** One arrow from each status to each other, with all that leads there. */
function arrows(moves: readonly [string, Move][]): string[] {
  const labels = new Map<string, string[]>()
  for (const [name, { from, to }] of moves) {
    const targets = to === 'settled' ? ['todo', 'ready'] : [to === 'origin' ? 'ready' : to]
    for (const arrow of from.flatMap((start) => targets.map((end) => [start, end]))) {
      if (arrow[0] === arrow[1]) continue
      const key = arrow.join(' --> ')
      labels.set(key, [...(labels.get(key) ?? []), name])
    }
  }
  return [...labels].map(([arrow, names]) => `  ${arrow}: ${names.join(', ')}`)
}

function statusPage(): string[] {
  const rows = statuses.map(({ name, icon, meaning }) => [icon, code(name), meaning])
  return [
    ...['# Statuses', '', ...table(['', 'Status', 'Means'], rows), ''],
    `A parent that is ${satisfying.join(' or ')} no longer holds its children back.`,
  ]
}

function config(): string[] {
  const columns = ['Key', 'Default', 'Says', 'A value']
  return [
    '# Configuration',
    '',
    'Nearly all of it stands under `kanban:` in a `config.yaml`. What is missing is as its default says; what nobody',
    'knows is named in a warning.',
    '',
    '## Of the installation: `config.yaml` in the home',
    '',
    ...table(columns, Object.entries(settings.shape).map(keyRow('kanban'))),
    '',
    '### An entry of `kanban.recurring`',
    '',
    ...table(['Key', 'Says'], Object.entries(recurringEntry.shape).flatMap(entryRow)),
    '',
    'Read by the Python edition and left alone by this one:',
    `${foreignSettings.map((key) => code(`kanban.${key}`)).join(', ')}.`,
    '',
    '## Of a profile: `profiles/<name>/config.yaml`, for `default` the file of the home',
    '',
    ...table(columns, Object.entries(profileSettings.shape).map(keyRow('kanban'))),
    '',
    '## Of the chats: `gateway:` in the same file of the home',
    '',
    '`<platform>` is telegram, discord or slack. [Gateway](../gateway.md) tells how each is set up. What is not',
    'named here belongs to the Python edition and is left alone.',
    '',
    ...table(columns, [
      ...Object.entries(platformSettings.shape).map(keyRow('gateway.<platform>')),
      ...Object.entries(gatewaySettings.shape)
        .filter(([, schema]) => schema.description !== undefined)
        .map(keyRow('gateway')),
      ...Object.entries(webhookSettings.shape).map(keyRow('gateway.webhooks.<name>')),
    ]),
    '',
    '## Of the dashboard: `dashboard:` in the same file of the home',
    '',
    'What is not named here belongs to the Python edition and is left alone.',
    '',
    ...table(columns, [
      keyRow('dashboard')(['allowed_hosts', dashboardSettings.shape.allowed_hosts]),
      ...Object.entries(pageSettings.shape).map(keyRow('dashboard.kanban')),
    ]),
  ]
}

/** What is allowed is what the error says of a value that no setting can have; what is needed has no default. */
function keyRow(section: string) {
  return ([key, schema]: [string, z.ZodType]): string[] => {
    const { success, data: usual } = schema.safeParse(undefined)
    const [fault] = schema.safeParse(Symbol('no setting')).error?.issues ?? []
    const shown = usual === null || usual === '' ? '' : code(JSON.stringify(usual))
    const says = `${schema.description ?? ''}${success ? '' : ' (needed)'}`
    return [code(`${section}.${key}`), success ? shown : '', says, fault?.message ?? '']
  }
}

/** None for a key that an entry cannot have. */
function entryRow([key, schema]: [string, z.ZodType]): string[][] {
  if (schema.description === undefined) return []
  const needed = schema.safeParse(undefined).success ? '' : ' (needed)'
  return [[code(key), `${schema.description}${needed}`]]
}

function code(text: string): string {
  return `\`${text}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)]
}

if (import.meta.main) {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of await reference()) await writeFile(join(folder, name), text)
}
