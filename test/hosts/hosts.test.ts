/** Two machines and more on one board, whatever happens to one of them, to its network, or to the server. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { feed } from '../../src/board/feed.ts'
import { runs } from '../../src/board/history.ts'
import { sql } from '../../src/store/sql.ts'
import { findServer } from '../../tools/postgres-server.mjs'
import { allOver as everyEndSeen } from '../e2e/home.ts'
import { type Fleet, type Host, makeFleet } from './fleet.ts'

const short = '  claim_ttl_seconds: 6\n  dispatch_interval_seconds: 5\n'

/** Holds a lock while it lives, in all of the fleet, and notes whoever else has it. */
const alone = `
  exec 9>>"$S/lock.$T"
  flock -n 9 || echo "$T in run $HERMES_KANBAN_RUN_ID" >> "$S/overlaps"
`

const finish = `hermes kanban complete "$T" --summary done && echo "$T" >> "$S/done"\n`

/** Goes on for ever on the first machine that it comes to, and finishes on the next. */
const stuckOnce = `${alone} mkdir "$S/seen.$T" 2>/dev/null && { echo "$$" > "$S/at"; sleep 300; }\n${finish}`

async function create(host: Host, ...words: string[]): Promise<string> {
  const { out, err } = await host.hermes('kanban', 'create', 'work', ...words, '--json')
  if (err !== '' && out === '') throw new Error(err)
  return JSON.parse(out).id
}

function runsOf({ board }: Fleet, task: string) {
  return board.store.read((reader) => runs(reader, task))
}

/** Waits for a worker of the task; returns the run. */
function atWork(fleet: Fleet, task: string) {
  return fleet.until(`${task} has a worker`, async (reader) =>
    (await runs(reader, task)).find((run) => run.worker_pid !== null && run.ended_at === null),
  )
}

/** A task of the first machine that never ends there, and a second machine that would finish it. */
async function stuckOnTheFirst() {
  const fleet = await makeFleet(['anna', 'bert'], short)
  const [anna, bert] = fleet.hosts as [Host, Host]
  for (const host of fleet.hosts) await host.profile('worker', stuckOnce)
  await anna.start()
  const task = await create(anna, '--assignee', 'worker')
  const first = await atWork(fleet, task)
  await bert.start()
  return { fleet, anna, task, first }
}

/** No run has a process that nobody has seen the end of, and no task ever had two workers. */
async function allOver(fleet: Fleet): Promise<void> {
  await everyEndSeen(fleet)
  expect(fleet.notes('overlaps'), 'two workers at once').toEqual([])
}

describe.skipIf(findServer() === undefined)('on PostgreSQL', () => {
  test('each machine starts what its profiles allow and what asks for it, in folders of its own', async () => {
    const fleet = await makeFleet(['anna', 'bert'])
    const [anna, bert] = fleet.hosts as [Host, Host]
    const shows = `env > "$S/env.$T"; pwd > "$S/folder.$T"; echo "said by $T"; ${finish}`
    await anna.profile('painter', shows)
    await bert.profile('printer', shows)
    for (const host of fleet.hosts) await host.profile('either', shows)
    await Promise.all(fleet.hosts.map((host) => host.start()))
    const wanted = [
      [await create(anna, '--assignee', 'printer'), bert],
      [await create(bert, '--assignee', 'painter'), anna],
      [await create(anna, '--assignee', 'either', '--host', 'Bert'), bert],
      [await create(bert, '--assignee', 'either', '--host', 'anna'), anna],
    ] as const
    for (const [task, host] of wanted) {
      await fleet.comes(task, 'done')
      const [run] = await runsOf(fleet, task)
      expect(run?.host).toMatch(new RegExp(`^${host.name}\\+[0-9a-f]{8}$`))
      expect(run?.workspace).toBe(join(host.root, 'kanban', 'workspaces', task))
      expect(fleet.notes(`folder.${task}`)).toEqual([run?.workspace])
      expect(fleet.notes(`env.${task}`).join('\n')).not.toMatch(/postgres|HERMES_KANBAN_DB=/)
    }
    await bert.hermes('kanban', 'boards', 'create', 'second')
    const second = await create(bert, '--assignee', 'painter', '--board', 'second')
    await fleet.noted('done', (tasks) => tasks.includes(second))
    const [[printed]] = wanted
    const there = await bert.hermes('kanban', 'log', printed)
    expect(there).toMatchObject({ code: 0, out: expect.stringContaining(`said by ${printed}`) })
    expect(await anna.hermes('kanban', 'log', printed)).toEqual({
      code: 0,
      out: '',
      err: `hermes: run 1 of ${printed} is on the machine bert, and its log with it: type hermes kanban log ${printed} there\n`,
    })
    await allOver(fleet)
  })

  test('a task that asks for a machine waits for it, and says so', async () => {
    const fleet = await makeFleet(['anna', 'bert'])
    const [anna, bert] = fleet.hosts as [Host, Host]
    for (const host of fleet.hosts) await host.profile('either', finish)
    await anna.start()
    const task = await create(anna, '--assignee', 'either', '--host', 'bert')
    const other = await create(anna, '--assignee', 'either')
    await fleet.comes(other, 'done')
    const why = await anna.hermes('kanban', 'why', task)
    expect(why.out).toBe(`${task} is ready: it is for the machine bert, and this is anna\n`)
    const dry = await anna.hermes('kanban', 'dispatch', '--dry-run')
    expect(dry.out).toContain('Skipped:      1 held back')
    await bert.hermes('kanban', 'edit', task, '--host', 'none')
    await fleet.comes(task, 'done')
    const [run] = await runsOf(fleet, task)
    expect(run?.host).toMatch(/^anna\+/)
  })

  test('what a machine that died was doing is done by another, but not before its lease has ended', async () => {
    const { fleet, anna, task, first } = await stuckOnTheFirst()
    await anna.die()
    const shown = await fleet.comes(task, 'done')
    const [lost, done] = shown.runs
    expect(lost).toMatchObject({ id: first.id, outcome: 'reclaimed', summary: 'lease expired' })
    expect(lost?.ended_at).toBeGreaterThanOrEqual(Number(lost?.claim_expires))
    expect(done?.host).toMatch(/^bert\+/)
    expect(lost?.exited_at).toBeNull()
    // The machine itself says what became of its processes, when it is there again.
    await anna.start()
    await allOver(fleet)
    expect(await runsOf(fleet, task)).toHaveLength(2)
    expect(fleet.notes('done')).toEqual([task])
  })

  test('a machine that is cut off ends its worker before its lease ends, and comes too late with the end', async () => {
    const { fleet, anna, task, first } = await stuckOnTheFirst()
    anna.network.cut()
    const shown = await fleet.comes(task, 'done')
    expect(shown.runs.map(({ outcome }) => outcome)).toEqual(['reclaimed', 'completed'])
    // Its runner still tries to tell how it ended.
    expect(anna.processes()).not.toContain(first.worker_pid)
    anna.network.resume()
    await allOver(fleet)
    const [late] = await runsOf(fleet, task)
    expect(late).toMatchObject({ id: first.id, outcome: 'reclaimed', summary: 'lease expired' })
    expect(late?.exited_at).toBeGreaterThanOrEqual(Number(late?.ended_at))
    expect(fleet.notes('done')).toEqual([task])
  })

  // Of a network that is cut one is told at once, of one that stands still never.
  test.each(['cut', 'stall'] as const)(
    'a worker whose runner dies while its machine hears nothing (%s) is ended all the same',
    async (how) => {
      const { fleet, anna, task, first } = await stuckOnTheFirst()
      anna.network[how]()
      process.kill(Number(first.runner_pid), 'SIGKILL')
      await fleet.comes(task, 'done')
      expect(anna.processes()).not.toContain(first.worker_pid)
      anna.network.resume()
      await allOver(fleet)
    },
  )

  test('while the server is away everybody says so, and nothing of what goes on is lost', async () => {
    const fleet = await makeFleet(['anna', 'bert'])
    const [anna, bert] = fleet.hosts as [Host, Host]
    const waits = `until [ -e "$S/go" ]; do sleep 0.1; done; echo asked >> "$S/asked"; ${finish}`
    for (const host of fleet.hosts) await host.profile('worker', waits)
    await Promise.all(fleet.hosts.map((host) => host.start()))
    const [here, there] = [
      await create(anna, '--assignee', 'worker', '--host', 'anna'),
      await create(anna, '--assignee', 'worker', '--host', 'bert'),
    ]
    for (const task of [here, there]) await atWork(fleet, task)
    const seen: number[] = []
    const over = new AbortController()
    const watching = (async () => {
      for await (const events of feed(fleet.board.store, 0, over.signal)) {
        seen.push(...events.map((event) => event.id))
      }
    })()
    await fleet.cluster.halt('badly')
    const list = await anna.hermes('kanban', 'list')
    expect(list).toMatchObject({ code: 1, out: '' })
    expect(list.err).toMatch(
      /^hermes: postgres:\/\/kanban@127\.0\.0\.1:\d+\/postgres cannot be reached \(.*\): is its server running\?\n$/,
    )
    const status = await anna.hermes('gateway', 'status')
    expect(status.code).toBe(3)
    expect(status.out).toMatch(/^Warning: (no board can be dispatched: )?postgres:\/\//m)
    expect(status.out).toContain('where this machine is anna')
    const doctor = await bert.hermes('doctor')
    expect(doctor.code).toBe(1)
    expect(doctor.out).toMatch(/^broken +database +postgres.* cannot be reached/m)
    // Both workers ask for their end while nobody can answer.
    await writeFile(join(fleet.shared, 'go'), '')
    await fleet.noted('asked', (lines) => lines.length === 2)
    await fleet.cluster.resume()
    for (const task of [here, there]) await fleet.comes(task, 'done')
    await allOver(fleet)
    expect(fleet.notes('done').toSorted()).toEqual([here, there].toSorted())
    for (const task of [here, there]) expect(await runsOf(fleet, task)).toHaveLength(1)
    const more = await create(bert, '--assignee', 'worker')
    await fleet.comes(more, 'done')
    const all = await fleet.board.store.read((reader) =>
      reader.all<{ id: number }>(sql`select id from task_events order by id`),
    )
    const ids = all.map(({ id }) => id)
    while (seen.length < ids.length) await new Promise((soon) => setTimeout(soon, 20))
    over.abort()
    await watching
    expect(seen).toEqual(ids)
    expect((await anna.hermes('doctor')).out).toMatch(
      /^ok +database +postgres:\/\/.*: PostgreSQL \d+.*, answers in .* connections in use$/m,
    )
  })
})
