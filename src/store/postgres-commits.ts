import { randomHex } from '../lib/random.ts'

/**
 * Holds the latest commit of every program, so that one whose answer was lost can be asked for. The number that
 * the server itself gives to a transaction will not do: after a crash the next one may be given the same.
 */
export const commitsTable = `create table if not exists kanban_commits (
  client text collate "C" primary key, number bigint not null, at bigint not null)`

/** Nobody asks for a commit as long as this after it, in seconds. */
const keptFor = 2 * 24 * 3600

export interface Mark {
  /** Leaves the mark, in the transaction that it is of. */
  readonly leave: string
  /** Answers with `kept`: whether the mark is there. */
  readonly ask: string
}

/** Marks for the transactions of one store, which come one after another. */
export function createMarks(): (now: number) => Mark {
  const client = randomHex(8)
  let number = 0
  return (now) => {
    number += 1
    const old = `delete from kanban_commits where at < ${now - keptFor};`
    return {
      leave: `${number === 1 ? old : ''} insert into kanban_commits (client, number, at)
        values ('${client}', ${number}, ${now})
        on conflict (client) do update set number = excluded.number, at = excluded.at`,
      ask: `select exists (
        select from kanban_commits where client = '${client}' and number = ${number}) as kept`,
    }
  }
}
