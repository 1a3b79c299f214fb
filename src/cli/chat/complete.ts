/** What Tab makes of a line of the chat: a command of its own, or anything of `/kanban`. */

import type { Environment } from '../../config.ts'
import { offered } from '../candidates.ts'
import { type Completion, completionOf, type Value } from '../completion/words.ts'

const commands = ['/kanban', '/help', '/new', '/exit']

/** The words that the end of the line can become, and that end. */
export async function completeLine(line: string, facts: Environment): Promise<[string[], string]> {
  if (!line.startsWith('/')) return [[], line]
  const words = line.split(/\s+/)
  const word = words.pop() ?? ''
  const all = words.length === 0 ? commands : await behind(words, word, facts)
  return [all.filter((one) => one.startsWith(word)).map((one) => `${one} `), word]
}

async function behind(
  [command, ...words]: readonly string[],
  word: string,
  facts: Environment,
): Promise<readonly string[]> {
  if (command !== '/kanban') return []
  const completion = await completionOf({})
  const { at, flag, place, board } = read(completion, words)
  const { next, flags, values } = completion
  if (flag !== undefined) {
    return valuesOf(values.get(`${at} ${flag}`) ?? values.get(`* ${flag}`), word, board, facts)
  }
  if (word.startsWith('-')) return (flags.get(at) ?? []).map((one) => one.word)
  const below = next.get(at)
  if (below !== undefined) {
    const own = at === 'kanban' ? ['help'] : []
    return [...below.map((one) => one.word), ...own]
  }
  return valuesOf(values.get(`${at} ${place}`) ?? values.get(`${at} *`), word, board, facts)
}

/** Where the words lead: to a verb, behind a flag that wants a value, to a place of the verb. */
function read({ next, values }: Completion, words: readonly string[]) {
  let at = 'kanban'
  let place = 1
  let flag: string | undefined
  let board: string | undefined
  for (const word of words) {
    if (flag !== undefined) {
      if (flag === '--board') board = word
      flag = undefined
    } else if (word.startsWith('-')) {
      const wantsValue = values.has(`${at} ${word}`) || values.has(`* ${word}`)
      flag = wantsValue ? word : undefined
    } else if (next.get(at)?.some((one) => one.word === word)) {
      at += ` ${word}`
    } else {
      place += 1
    }
  }
  return { at, flag, place, board }
}

async function valuesOf(
  value: Value | undefined,
  word: string,
  board: string | undefined,
  facts: Environment,
): Promise<readonly string[]> {
  if (value === undefined || value === '@text' || value === '@paths') return []
  if (typeof value !== 'string') return value
  const found = await offered(facts, value.slice(1), word, board)
  return found.map(([name]) => name)
}
