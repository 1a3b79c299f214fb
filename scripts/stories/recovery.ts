import type { Teller } from './teller.ts'

/** A night on which things went wrong: the breaker, a crash that was recovered from, a worker that made things up. */
export async function tellRecovery(story: Teller): Promise<void> {
  story.ago(11)
  const sync = await story.make({
    title: 'Mirror the customer archive to the new storage',
    assignee: 'mover',
    priority: 2,
    max_retries: 3,
    body: 'Bucket by bucket; what is there is left alone.',
  })
  for (const minutes of [3, 2, 2]) {
    story.later(10)
    await story.run(sync, {
      minutes,
      log: [
        'listing bucket archive-2019 …',
        '18,204 objects',
        'PUT archive-2019/000017.tar.zst',
        'error: AccessDenied: the key may list but not write (403)',
      ],
      ends: { crashes: 'error: AccessDenied: the key may list but not write (403)' },
    })
  }
  story.ago(10)
  const report = await story.make(
    { title: 'Nightly report of the warehouse', assignee: 'analyst', body: 'As every night.' },
    'recurring',
  )
  await story.run(report, {
    minutes: 6,
    log: ['reading 48 tables', 'Killed'],
    ends: { crashes: 'Killed', signal: 'SIGKILL' },
  })
  story.later(1)
  await story.run(report, {
    minutes: 17,
    notes: ['Reading in halves this time', '48 of 48 tables'],
    ends: {
      summary:
        'Stock 1.2 % under plan, two shelves to look at. The first run was killed for want of memory; this one read in halves',
      metadata: { shelves: ['B14', 'C02'], stock: -0.012 },
    },
  })
  story.ago(9.5)
  const split = await story.make({
    title: 'Split the import into reviewable parts',
    assignee: 'planner',
  })
  await story.run(split, {
    minutes: 5,
    ends: {
      claims: ['t_5a1e77c0', 't_90b3d2f4'],
      summary: 'Three parts; see t_5a1e77c0 for the first of them.',
    },
  })
  story.ago(9)
  const quiet = await story.make({
    title: 'Tidy up the staging database',
    assignee: 'mover',
    body: 'Whatever is older than 90 days.',
  })
  await story.run(quiet, {
    minutes: 4,
    log: ['connected', 'nothing to do?'],
    ends: { saysNothing: 'connected\nnothing to do?' },
  })
  story.ago(8)
  const backup = await story.make({
    title: 'Check that last night’s backup can be read',
    assignee: 'analyst',
    priority: 1,
  })
  await story.run(backup, {
    minutes: 9,
    ends: { summary: 'Restored 3 of 214 archives at random; all sums match' },
  })
  story.ago(27)
  await story.make({
    title: 'Renew the certificate of the intake host',
    assignee: 'ops',
    priority: 3,
    body: 'Expires on Monday.',
  })
  story.ago(7)
  await story.make({
    title: 'Report to the warehouse lead',
    assignee: 'writer',
    parents: [report, sync],
  })
  await story.make({
    title: 'Delete the old storage',
    assignee: 'mover',
    parents: [sync],
    priority: -1,
  })
  const ask = await story.make({
    title: 'Decide what to do with orphaned invoices',
    assignee: 'analyst',
  })
  await story.run(ask, {
    minutes: 7,
    ends: {
      asks: '212 invoices have no order. Delete them, or keep them in a table of their own?',
    },
  })
}
