import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { complete } from '../../src/board/complete.ts'
import type { Policy } from '../../src/board/fail.ts'
import { holds } from '../../src/board/holds.ts'
import { settle } from '../../src/board/settle.ts'
import { adoptRun } from '../../src/board/start.ts'
import type { End } from '../../src/model/end.ts'
import { publicLock } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import {
  dispatched,
  everything,
  forEachBoard,
  kinds,
  lastEvent,
  make,
  runRows,
  stoppedClock,
  take,
  taskRow,
} from './support.ts'

const policy: Policy = { limit: 5, source: 'default', delay: 5 }
const clock = stoppedClock()
const pid = 7

interface Case {
  readonly end: End
  /** How the run closes when nobody has closed it before. */
  readonly outcome: string
  readonly status: string
  /** Whether it counts as a failure of the task. */
  readonly counted: boolean
  readonly event: { readonly kind: string; readonly payload: Record<string, unknown> }
  /** What is left of the process. */
  readonly exit?: { readonly exit_code: number | null; readonly exit_signal: string | null }
  readonly error?: string | null
}

const claimer = publicLock(dispatched().lock)

function exitedWith(code: number | null, signal: string | null = null, said = ''): End {
  return { how: 'exited', pid, exit: { code, signal }, said }
}

const cases: Record<string, Case> = {
  'an exit code': {
    end: exitedWith(3, null, 'no such file\n'),
    outcome: 'crashed',
    status: 'ready',
    counted: true,
    event: { kind: 'crashed', payload: { pid, claimer, exit_code: 3 } },
    exit: { exit_code: 3, exit_signal: null },
    error: 'exit code 3: no such file',
  },
  'a signal': {
    end: exitedWith(null, 'SIGSEGV'),
    outcome: 'crashed',
    status: 'ready',
    counted: true,
    event: { kind: 'crashed', payload: { pid, claimer, signal: 'SIGSEGV' } },
    exit: { exit_code: null, exit_signal: 'SIGSEGV' },
    error: 'signal SIGSEGV',
  },
  'exit code 75': {
    end: exitedWith(75, null, 'quota'),
    outcome: 'rate_limited',
    status: 'ready',
    counted: false,
    event: { kind: 'rate_limited', payload: { retry_at: clock() + 300 } },
    exit: { exit_code: 75, exit_signal: null },
    error: 'met a quota: quota',
  },
  'exit code 0 without a word': {
    end: exitedWith(0),
    outcome: 'gave_up',
    status: 'blocked',
    counted: false,
    event: {
      kind: 'gave_up',
      payload: {
        failures: 0,
        error: 'ended without complete or block',
        trigger_outcome: 'protocol_violation',
      },
    },
    exit: { exit_code: 0, exit_signal: null },
    error: 'ended without complete or block',
  },
  'its time limit': {
    end: {
      how: 'timed_out',
      pid,
      exit: { code: null, signal: 'SIGKILL' },
      elapsed: 61,
      limit: 60,
      sigkill: true,
    },
    outcome: 'timed_out',
    status: 'ready',
    counted: true,
    event: {
      kind: 'timed_out',
      payload: { pid, elapsed_seconds: 61, limit_seconds: 60, sigkill: true },
    },
    exit: { exit_code: null, exit_signal: 'SIGKILL' },
    error: 'ran longer than its limit of 1 m',
  },
  'a silence of its agent': {
    end: {
      how: 'timed_out',
      pid,
      exit: { code: 0, signal: null },
      elapsed: 600,
      limit: 600,
      sigkill: false,
      silent: 'itself',
    },
    outcome: 'timed_out',
    status: 'ready',
    counted: true,
    event: {
      kind: 'timed_out',
      payload: { pid, elapsed_seconds: 600, limit_seconds: 600, sigkill: false },
    },
    exit: { exit_code: 0, exit_signal: null },
    error: 'gave no sign of life for 10 m',
  },
  'an agent that has nothing more to say': {
    end: { how: 'unfinished', pid, exit: { code: null, signal: 'SIGTERM' }, said: 'Bye.' },
    outcome: 'gave_up',
    status: 'blocked',
    counted: false,
    event: {
      kind: 'gave_up',
      payload: {
        failures: 0,
        error: 'ended without complete or block: Bye.',
        trigger_outcome: 'protocol_violation',
      },
    },
    exit: { exit_code: null, exit_signal: 'SIGTERM' },
    error: 'ended without complete or block: Bye.',
  },
  'an agent that gives up': {
    end: { how: 'failed', pid, exit: { code: 0, signal: null }, said: 'no tea' },
    outcome: 'crashed',
    status: 'ready',
    counted: true,
    event: { kind: 'crashed', payload: { pid, claimer, reason: 'no tea' } },
    exit: { exit_code: 0, exit_signal: null },
    error: 'its agent gave up: no tea',
  },
  'an agent that is not logged in': {
    end: { how: 'locked_out', exit: null, reason: 'log in first', profile: 'writer' },
    outcome: 'blocked',
    status: 'blocked',
    counted: false,
    event: { kind: 'blocked', payload: { reason: 'log in first' } },
    error: 'log in first',
  },
  'no start, for which the task is to blame': {
    end: { how: 'not_started', error: 'no such folder', counted: true },
    outcome: 'spawn_failed',
    status: 'ready',
    counted: true,
    event: { kind: 'spawn_failed', payload: { error: 'no such folder', failures: 1 } },
    error: 'no such folder',
  },
  'no start, for which nobody is to blame': {
    end: { how: 'not_started', error: 'no sign of life', counted: false },
    outcome: 'spawn_failed',
    status: 'ready',
    counted: false,
    event: { kind: 'spawn_failed', payload: { error: 'no sign of life', failures: 0 } },
    error: 'no sign of life',
  },
  'the death of its runner': {
    end: { how: 'runner_gone', pid },
    outcome: 'crashed',
    status: 'ready',
    counted: true,
    event: { kind: 'crashed', payload: { pid, claimer, reason: 'runner_gone' } },
  },
  'a stop from outside': {
    end: { how: 'stopped', exit: null, reason: 'host restarted' },
    outcome: 'reclaimed',
    status: 'ready',
    counted: false,
    event: { kind: 'reclaimed', payload: { stale_lock: claimer, reason: 'host restarted' } },
    error: null,
  },
}

const noExit = { exit_code: null, exit_signal: null }

/** A task whose runner has adopted its run. */
async function underWay(tx: Tx) {
  const id = await make(tx, { assignee: 'writer' })
  const fence = await take(tx, id)
  await adoptRun(tx, fence, { pid: 6, start: 'boot:6' })
  return { id, fence }
}

forEachBoard((open) => {
  for (const [what, { end, outcome, status, counted, event, exit, error }] of Object.entries(
    cases,
  )) {
    test(`${what} closes an open run as ${outcome}`, async () => {
      const store = await open({ clock })
      const { id, fence } = await store.write(underWay)
      await store.write((tx) => settle(tx, id, fence, end, policy))
      await store.read(async (reader) => {
        expect(await taskRow(reader, id)).toMatchObject({
          status,
          consecutive_failures: counted ? 1 : 0,
          current_run_id: null,
        })
        const [run] = await runRows(reader, id)
        expect(run).toMatchObject({ outcome, exited_at: clock(), ...(exit ?? noExit) })
        if (error !== undefined) expect(run?.error).toBe(error)
        expect(await lastEvent(reader, id)).toMatchObject({ ...event, run_id: fence.run })
        await expectInvariants(reader)
      })
    })

    test(`${what} leaves an end that came before as it is, and notes the exit`, async () => {
      const store = await open({ clock })
      const earlierEnds: ((tx: Tx, id: string) => Promise<unknown>)[] = [
        (tx, id) => complete(tx, id, { summary: 'so', metadata: { files: 3 } }),
        archive,
      ]
      for (const earlier of earlierEnds) {
        const { id, fence } = await store.write(underWay)
        await store.write((tx) => earlier(tx, id))
        const before = await store.read((reader) => taskRow(reader, id))
        const [ended] = await store.read((reader) => runRows(reader, id))
        const told = await store.read((reader) => kinds(reader, id))
        await store.write((tx) => settle(tx, id, fence, end, policy))
        await store.read(async (reader) => {
          expect(await taskRow(reader, id)).toEqual(before)
          expect(await kinds(reader, id)).toEqual(told)
          expect(await runRows(reader, id)).toEqual([
            { ...ended, exited_at: clock(), ...(exit ?? noExit) },
          ])
        })
      }
    })

    test(`${what} of a run whose task was deleted is no fault`, async () => {
      const store = await open({ clock })
      const { id, fence } = await store.write(underWay)
      await store.write(async (tx) => {
        for (const rows of [
          sql`tasks where id = ${id}`,
          sql`task_runs where task_id = ${id}`,
          sql`task_events where task_id = ${id}`,
        ]) {
          await tx.run(sql`delete from ${rows}`)
        }
      })
      const before = await store.read(everything)
      await store.write((tx) => settle(tx, id, fence, end, policy))
      expect(await store.read(everything)).toEqual(before)
    })
  }

  test('a silent exit 0 says what happened before it gives up', async () => {
    const store = await open({ clock })
    const { id, fence } = await store.write(underWay)
    await store.write((tx) => settle(tx, id, fence, exitedWith(0, null, 'bye\n'), policy))
    await store.read(async (reader) => {
      expect(await kinds(reader, id)).toEqual([
        'created',
        'claimed',
        'protocol_violation',
        'gave_up',
      ])
      expect(await taskRow(reader, id)).toMatchObject({
        block_kind: 'protocol',
        last_failure_error: 'ended without complete or block: bye',
      })
    })
  })

  test('a quota delays the next try and keeps the failures as they are', async () => {
    const store = await open({ clock })
    const { id, fence } = await store.write(underWay)
    await store.write((tx) => settle(tx, id, fence, exitedWith(1), policy))
    const again = await store.write((tx) => take(tx, id))
    await store.write((tx) => settle(tx, id, again, exitedWith(75), policy))
    expect(await store.read((reader) => taskRow(reader, id))).toMatchObject({
      status: 'ready',
      not_before: clock() + 300,
      consecutive_failures: 1,
      last_failure_error: 'exit code 1',
    })
  })

  test('what the log said is kept to 500 bytes of error', async () => {
    const store = await open({ clock })
    const said = 'word '.repeat(1000)
    for (const end of [
      exitedWith(0, null, said),
      exitedWith(1, null, said),
      exitedWith(75, null, said),
      { how: 'not_started', error: said, counted: true },
      { how: 'not_started', error: said, counted: false },
    ] satisfies End[]) {
      const { id, fence } = await store.write(underWay)
      await store.write((tx) => settle(tx, id, fence, end, policy))
      await store.read(async (reader) => {
        const [run] = await runRows(reader, id)
        expect(run?.error?.length).toBeLessThanOrEqual(500)
        expect(run?.error).toContain('word word')
        const event = await lastEvent(reader, id)
        expect(JSON.stringify(event?.payload).length).toBeLessThan(1000)
      })
    }
  })

  test('what is wrong with the machine holds the board for a minute, and is no failure', async () => {
    const store = await open({ clock })
    const { id, fence } = await store.write(underWay)
    const error = 'kanban/logs cannot be used: the disk is full; free some space and try again'
    const end: End = { how: 'not_started', error, counted: false, board: 'default' }
    await store.write((tx) => settle(tx, id, fence, end, policy))
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({ status: 'ready', consecutive_failures: 0 })
      expect(await holds(reader)).toMatchObject([
        {
          scope: 'board',
          key: expect.stringMatching(/^default(@1)?$/),
          until: clock() + 60,
          reason: error,
        },
      ])
    })
  })

  test('the first exit that is noted stays', async () => {
    const store = await open({ clock })
    const { id, fence } = await store.write(underWay)
    await store.write((tx) => settle(tx, id, fence, exitedWith(3), policy))
    await store.write((tx) => settle(tx, id, fence, exitedWith(4), policy))
    await store.read(async (reader) => {
      expect(await runRows(reader, id)).toMatchObject([{ exit_code: 3, error: 'exit code 3' }])
      expect(await taskRow(reader, id)).toMatchObject({ consecutive_failures: 1 })
    })
  })

  test('a run that was closed and claimed again is not closed twice', async () => {
    const store = await open({ clock })
    const { id, fence } = await store.write(underWay)
    await store.write((tx) => settle(tx, id, fence, exitedWith(1), policy))
    const next = await store.write((tx) => take(tx, id))
    for (const { end } of Object.values(cases)) {
      await store.write((tx) => settle(tx, id, fence, end, policy))
    }
    await store.read(async (reader) => {
      expect(await taskRow(reader, id)).toMatchObject({
        status: 'running',
        current_run_id: next.run,
        consecutive_failures: 1,
      })
    })
  })
})
