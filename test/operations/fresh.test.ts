/** Any verb works on a machine that has nothing yet. */

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { environment } from '../../src/config.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { commands } from '../../src/operations/command/find.ts'
import { grammarOf } from '../../src/operations/command/grammar.ts'
import { newHome, newRoot } from './home.ts'

for (const operation of await commands()) {
  const { path, places, flags } = grammarOf(operation)

  test(`${path.join(' ')} makes the home that it needs, or says what is missing`, async () => {
    const { runOn } = await newHome()
    const root = join(newRoot(), 'not', 'there yet')
    const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root })
    let opened: Promise<Board> | undefined
    const board = () => {
      opened ??= chooseBoard(facts).then((place) => openBoard(place, systemClock))
      return opened
    }
    onTestFinished(async () => (await opened?.catch(() => undefined))?.store.close())
    const values: Record<string, string> = { title: 'x', slug: 'website', status: 'todo' }
    const words = places
      .filter(({ required }) => required)
      .map(({ key, choices }) => values[key] ?? choices?.[0] ?? '/none')
    const needed = flags.filter(
      ({ key }) =>
        ['platform', 'chat_id', 'title'].includes(key) ||
        operation.input.shape[key]?.safeParse(undefined).success === false,
    )
    // What goes on for ever ends at once; an export that is stopped has failed.
    const signal = operation.name === 'export' ? new AbortController().signal : AbortSignal.abort()
    const { code, out, err } = await runOn(
      { live: true, context: { board, environment: facts, signal } },
      ...[...path, ...words],
      ...needed.flatMap(({ long, choices }) => [long, choices?.[0] ?? 'x']),
    )
    const named = places.find(({ key }) => /_id$|^slug$|^path$/.test(key))
    if (named?.required && operation.name !== 'boards_create') {
      expect({ code, out }).toEqual({ code: 1, out: '' })
      expect(err).toMatch(/^(?!unexpected)[^\n]+$/)
    } else {
      expect({ code, err }).toMatchObject({ code: 0 })
    }
  })
}
