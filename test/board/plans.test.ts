/** What is done all the time is done by looking rows up in an index, on a board of any size. */

import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { assign } from '../../src/board/assign.ts'
import { backfill } from '../../src/board/backfill.ts'
import { block, unblock } from '../../src/board/block.ts'
import { changesSince } from '../../src/board/changes.ts'
import { claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { workerContext } from '../../src/board/context.ts'
import { create } from '../../src/board/create.ts'
import { deletedAmong } from '../../src/board/disused.ts'
import { edit } from '../../src/board/edit.ts'
import { latestElsewhere, latestHostOf } from '../../src/board/elsewhere.ts'
import { fail } from '../../src/board/fail.ts'
import { findId } from '../../src/board/find.ts'
import { graph } from '../../src/board/graph.ts'
import { heartbeat, renew } from '../../src/board/heartbeat.ts'
import { doubts, eventsAfter, latestEventId } from '../../src/board/history.ts'
import { idsFrom } from '../../src/board/ids.ts'
import { link, unlink } from '../../src/board/links.ts'
import { list, progress } from '../../src/board/list.ts'
import { move } from '../../src/board/move.ts'
import { questions } from '../../src/board/overview/said.ts'
import { overview } from '../../src/board/overview.ts'
import { demoteChildren } from '../../src/board/parents.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { createDue, wasMade } from '../../src/board/recurring.ts'
import { remove } from '../../src/board/remove.ts'
import { reopen } from '../../src/board/reopen.ts'
import { shift } from '../../src/board/shift.ts'
import { show } from '../../src/board/show.ts'
import { adoptRun, exited, start } from '../../src/board/start.ts'
import { subscribe, unsubscribe } from '../../src/board/subscriptions.ts'
import { nextUntold, untold } from '../../src/board/untold.ts'
import {
  endingRuns,
  firstReady,
  readyCounts,
  readyTask,
  readyTasks,
} from '../../src/dispatcher/candidates.ts'
import { endsAfter } from '../../src/dispatcher/ends.ts'
import { liveRuns } from '../../src/dispatcher/live.ts'
import { promotable, promoteThese } from '../../src/dispatcher/promotions.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import { explaining, fill, type Step } from './explain.ts'
import { dispatched, fenceOf, forEachBoard, take, task } from './support.ts'

const parent = 't_10000001'
const waiting = 't_10010000'
const ready = 't_10001000'
const blocked = 't_10000000'
const done = 't_10030000'
const cards = [parent, waiting, ready, blocked, done]
const policy = { limit: 5, source: 'default', delay: 5 } as const
const here = 'here+1'
const worker = { pid: 7, start: 'boot:7', workspace: '/tmp' }

/** On one task, or a few that are known by name: never reads all that has some status. */
const byName: Record<string, (tx: Tx) => Promise<unknown>> = {
  create: (tx) => create(tx, task({ parents: [done, parent], idempotency_key: 'k' }), 'user'),
  claim: (tx) => claim(tx, ready, dispatched()),
  'claim a task that waits': (tx) => claim(tx, waiting, dispatched()).catch(() => {}),
  'claim while an earlier run ends': async (tx) => {
    await adoptRun(tx, await take(tx, ready), worker)
    await reclaim(tx, ready, 'user')
    await claim(tx, ready, dispatched()).catch(() => {})
  },
  'work on a task': async (tx) => {
    const fence = await take(tx, ready)
    await adoptRun(tx, fence, worker)
    await start(tx, ready, fence, worker)
    await heartbeat(tx, ready, { fence, note: 'half way', ttl: 900 })
    await renew(tx, ready, fence, 900)
    await complete(tx, ready, { fence, summary: 'see t_10030000', createdCards: [] })
    await exited(tx, fence.run, null)
  },
  fail: async (tx) => {
    await take(tx, ready)
    const fence = await fenceOf(tx, ready)
    await fail(tx, ready, { verb: 'crash', error: 'no', payload: {}, fence }, policy)
  },
  'complete a parent of many': (tx) => complete(tx, parent, { summary: 'so' }),
  'complete with cards': (tx) => complete(tx, ready, { createdCards: [done, 't_00000000'] }),
  'archive a parent of many': (tx) => archive(tx, blocked),
  'reopen a parent': async (tx) => {
    await move(tx, 'reopen', done)
    await demoteChildren(tx, done, 'parent_reopened')
  },
  block: (tx) => block(tx, ready, { reason: 'why' }),
  unblock: (tx) => unblock(tx, blocked),
  assign: (tx) => assign(tx, ready, 'somebody-else'),
  link: (tx) => link(tx, ready, waiting),
  unlink: (tx) => unlink(tx, parent, waiting),
  comment: (tx) => comment(tx, done, 'user', 'a word'),
  promote: (tx) => promoteThese(tx, [waiting, ready]),
  edit: async (tx) => {
    await edit(tx, done, { title: 'anew', priority: 9 })
    await backfill(tx, done, { summary: 'so it was' })
  },
  'reopen and delete': async (tx) => {
    await reopen(tx, done)
    await archive(tx, done)
    await remove(tx, done, 'user', here)
  },
  move: (tx) => shift(tx, blocked, 'triage'),
  'tell a chat': async (tx) => {
    const place = { task_id: ready, platform: 'telegram', chat_id: '1', thread_id: '' }
    await subscribe(tx, place, null)
    await comment(tx, ready, 'user', 'a word')
    await complete(tx, ready, { summary: 'so' })
    await untold(tx, [ready])
    await nextUntold(tx, place)
    await unsubscribe(tx, place)
  },
  'a task that the clock makes': async (tx) => {
    await wasMade(tx, 'daily', tx.now)
    await createDue(tx, 'daily', tx.now, task())
  },
  'what can be promoted since an event': async (tx) => {
    const since = await latestEventId(tx)
    await comment(tx, ready, 'user', 'a word')
    await promotable(tx, since)
  },
  'runs that are ending': (tx) => endingRuns(tx, here),
  'runs that are alive here': (tx) => liveRuns(tx, here),
  'how runs went since an event': async (tx) => {
    const since = await latestEventId(tx)
    const fence = await take(tx, ready)
    await complete(tx, ready, { fence, summary: 'so' })
    await endsAfter(tx, since, here)
  },
  'the tasks of somebody': (tx) => list(tx, { assignee: 'p1' }),
  'the tasks of nobody': (tx) => list(tx, { assignee: null }),
  'deleted tasks among names': (tx) => deletedAmong(tx, [done, ready, 'notes']),
  'the tasks of a tenant': (tx) => list(tx, { tenant: 'acme' }),
  'what is linked to a task': (tx) => graph(tx, waiting),
  'doubts, and where it was worked on': async (tx) => {
    await doubts(tx, done)
    await latestElsewhere(tx, done, here)
    await latestHostOf(tx, 'p1')
  },
  'ids that begin so': (tx) => idsFrom(tx, 't_1003', { limit: 200, archived: false }),
  'events after an id': (tx) => eventsAfter(tx, 100, 200),
  'the latest event': latestEventId,
  'find by prefix': (tx) => findId(tx, 't_1003000').catch(() => {}),
  show: (tx) => show(tx, done, 20),
  progress: (tx) => progress(tx, parent),
  'worker context': (tx) => workerContext(tx, waiting),
  'one ready task': (tx) => readyTask(tx, here, ready),
  'cards that changed': (tx) => overview(tx, { only: cards }),
  'questions of cards that changed': (tx) => questions(tx, cards),
  'what changed since an event': async (tx) => {
    const since = await latestEventId(tx)
    await comment(tx, ready, 'user', 'a word')
    await complete(tx, parent, { summary: 'so' })
    await changesSince(tx, since)
  },
}

/** In the order of dispatch: reads what is ready, in order, and no more than it needs. */
const inOrder: Record<string, (tx: Tx) => Promise<unknown>> = {
  'ready tasks': (tx) => readyTasks(tx, here, ['p1', 'p2'], 64, 0),
  'the first ready': (tx) => firstReady(tx, ['p1', ''], 100),
  'ready counts': readyCounts,
  'the tasks of a status': (tx) => list(tx, { status: 'blocked', limit: 50 }),
}

class Undo extends Error {}

/** What happens in `body` is explained, and undone. */
async function stepsOf(store: Store, body: (tx: Tx) => Promise<unknown>): Promise<Step[]> {
  const steps: Step[] = []
  const undone = store.write(async (tx) => {
    // Asked is whether an index serves, not whether this board is worth using one.
    if (tx.dialect === 'postgres') await tx.run(sql`set local enable_seqscan = off`)
    await body(explaining(tx, steps))
    throw new Undo()
  })
  await undone.catch((error) => {
    if (!(error instanceof Undo)) throw error
  })
  return steps
}

async function faults(store: Store): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  async function look(all: typeof byName, isFault: (step: Step) => boolean): Promise<void> {
    for (const [name, body] of Object.entries(all)) {
      const steps = await stepsOf(store, body)
      expect(steps.length, name).toBeGreaterThan(0)
      const bad = steps.filter(isFault).map(({ says }) => says)
      if (bad.length > 0) found[name] = [...new Set(bad)]
    }
  }
  await look(byName, ({ scans, walksStatus }) => scans || walksStatus)
  // PostgreSQL may sort the few that it expects.
  await look(inOrder, ({ scans, sorts }) => scans || (sorts && store.dialect === 'sqlite'))
  return found
}

/** As another program makes them; without statistics the planner takes the first that looks good. */
const foreignIndexes = [
  'idx_tasks_status on tasks(status)',
  'idx_tasks_assignee_status on tasks(assignee, status)',
  'idx_tasks_tenant on tasks(tenant)',
  'idx_tasks_idempotency on tasks(idempotency_key)',
  'idx_links_child on task_links(child_id)',
  'idx_links_parent on task_links(parent_id)',
  'idx_comments_task on task_comments(task_id, created_at)',
  'idx_events_task on task_events(task_id, created_at)',
  'idx_events_run on task_events(task_id, run_id, id)',
  'idx_runs_task on task_runs(task_id, started_at)',
  'idx_runs_status on task_runs(status)',
  'idx_notify_task on kanban_notify_subs(task_id)',
]

forEachBoard((open, dialect) => {
  test('every hot query looks its rows up', async () => {
    const store = await open()
    await store.write(fill)
    expect(await faults(store)).toEqual({})
  })

  if (dialect === 'sqlite') {
    test('every hot query looks its rows up beside the indexes of another program', async () => {
      const store = await open()
      await store.write(async (tx) => {
        for (const index of foreignIndexes) {
          await tx.run({ strings: [`create index ${index}`], parts: [] })
        }
        await fill(tx)
      })
      expect(await faults(store)).toEqual({})
    })
  }

  test('a walk, a scan and a sort are seen as such', async () => {
    const store = await open()
    await store.write(fill)
    const seen = async (query: Parameters<Tx['all']>[0]) => {
      const steps = await stepsOf(store, (tx) => tx.all(query))
      const fault = (of: keyof Step) => steps.some((step) => step[of] === true)
      return [fault('scans'), fault('walksStatus'), fault('sorts')]
    }
    expect(await seen(sql`select id from tasks where title = 'x'`)).toEqual([true, false, false])
    expect(await seen(sql`select count(*) from tasks where status = 'ready'`)).toEqual([
      false,
      true,
      false,
    ])
    expect(
      await seen(sql`select id, title from tasks where id > 't_1' order by title limit 9`),
    ).toMatchObject({ 2: true })
  })
})
