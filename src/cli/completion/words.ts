/** What can be typed where, read from the operations; the scripts of the shells are written from it. */

import { eventKinds } from '../../model/event.ts'
import { statusNames } from '../../model/status.ts'
import { commands } from '../../operations/command/find.ts'
import { everywhere, type Flag, grammarOf } from '../../operations/command/grammar.ts'
import { aliases } from '../../operations/registry.ts'
import type { Surfaces } from '../surface.ts'

export interface Word {
  readonly word: string
  readonly says: string
}

/** These words, what the home is asked for, a path, or text of one's own. */
export type Value = readonly string[] | '@tasks' | '@profiles' | '@boards' | '@paths' | '@text'

/** Keyed by what stands before, without flags: `kanban boards`; empty is the program itself. */
export interface Completion {
  readonly next: ReadonlyMap<string, readonly Word[]>
  readonly flags: ReadonlyMap<string, readonly Word[]>
  /** `kanban list --status`, `kanban move 2`; `*` stands for anything. The first that fits counts. */
  readonly values: ReadonlyMap<string, Value>
}

/** By the placeholder of a flag or a place: `<id>`, `[slug]`, `<id...>`. */
const known: Readonly<Record<string, Value>> = {
  id: '@tasks',
  parent: '@tasks',
  child: '@tasks',
  profile: '@profiles',
  slug: '@boards',
  path: '@paths',
  status: statusNames,
  kinds: Object.keys(eventKinds),
  where: ['scratch', 'worktree'],
}

export async function completionOf(surfaces: Surfaces): Promise<Completion> {
  const next = new Map<string, Word[]>()
  const flags = new Map<string, Word[]>()
  const values = new Map<string, Value>()

  for (const [name, entry] of Object.entries(surfaces)) {
    const { summary, does, words, profileAfter = [] } = entry
    if (summary !== undefined) add(next, '', { word: name, says: summary })
    if (does !== undefined) add(next, 'kanban', { word: name, says: does })
    const all = (words ?? []).map((word) => ({ word, says: '' }))
    if (words !== undefined) next.set(name, all)
    const dashed = all.filter(({ word }) => word.startsWith('-'))
    if (dashed.length > 0) flags.set(name, dashed)
    for (const word of profileAfter) {
      flags.set(`${name} ${word}`, [{ word: '--help', says: '' }])
      values.set(`${name} ${word} 1`, '@profiles')
    }
  }
  for (const operation of await commands()) {
    const { path, places, flags: own } = grammarOf(operation)
    const others = [...aliases].filter(([, verb]) => verb === path.join(' '))
    for (const words of [path, ...others.map(([alias]) => [alias])]) {
      const at = ['kanban', ...words].join(' ')
      for (const [index, word] of words.entries()) {
        const says = index === words.length - 1 ? operation.summary : `${word} …`
        add(next, ['kanban', ...words.slice(0, index)].join(' '), { word, says })
      }
      flags.set(at, [...own, ...everywhere].flatMap(wordsOf))
      for (const flag of own) addFlag(values, at, flag)
      for (const [index, { written, takesRest, choices }] of places.entries()) {
        const place = takesRest && index === 0 ? '*' : index + 1
        values.set(`${at} ${place}`, choices ?? valueIn(written))
      }
    }
  }
  for (const flag of everywhere) addFlag(values, '*', flag)
  return { next, flags, values }
}

function add(next: Map<string, Word[]>, at: string, word: Word): void {
  const words = next.get(at) ?? []
  if (!words.some((one) => one.word === word.word)) next.set(at, [...words, word])
}

function addFlag(values: Map<string, Value>, at: string, flag: Flag): void {
  if (flag.value === undefined) return
  for (const { word } of wordsOf(flag)) {
    values.set(`${at} ${word}`, flag.choices ?? valueIn(flag.value))
  }
}

function wordsOf({ long, short, says }: Flag): Word[] {
  return [long, ...(short === undefined ? [] : [short])].map((word) => ({ word, says }))
}

function valueIn(written: string): Value {
  return known[written.replace(/[^a-z]/g, '')] ?? '@text'
}
