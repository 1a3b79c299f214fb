import { z } from 'zod'
import { passByHand } from '../dispatcher/by-hand.ts'
import type { Report } from '../dispatcher/report.ts'
import { systemClock } from '../lib/clock.ts'
import { silent } from '../lib/log.ts'
import { operation } from './operation.ts'

export const dispatch = operation({
  name: 'dispatch',
  summary: 'Do one pass now: end what is over, promote, claim and start.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({
    dry_run: z.boolean().default(false).describe('say what a pass would do, and do nothing'),
    max: z.number().int().min(0).optional().describe('how many runs to start at most'),
    failure_limit: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('failures in a row after which a task is blocked'),
  }),
  run: async ({ dry_run, max, failure_limit }, context) =>
    passByHand(
      {
        environment: context.environment,
        config: await context.config(),
        clock: systemClock,
        log: silent,
        program: context.program,
      },
      {
        dryRun: dry_run,
        ...(max === undefined ? {} : { max }),
        ...(failure_limit === undefined ? {} : { failureLimit: failure_limit }),
      },
    ),
  command: {
    flags: {
      dry_run: '--dry-run',
      max: '--max <n>',
      failure_limit: '--failure-limit <n>',
    },
    json: true,
    render: (report) => lines(report).join('\n'),
  },
})

function lines(report: Report): string[] {
  const { skipped } = report
  return [
    `Reclaimed:    ${report.reclaimed}`,
    listed('Crashed:     ', report.crashed),
    listed('Timed out:   ', report.timed_out),
    listed('Auto-blocked:', report.auto_blocked),
    `Promoted:     ${report.promoted}`,
    ...recurring(report),
    listed(
      'Spawned:     ',
      report.spawned.map(({ task_id, assignee }) => `${task_id} (${assignee})`),
    ),
    ...skip(skipped.unassigned, 'unassigned', report.skipped_unassigned),
    ...skip(
      skipped.nonspawnable,
      'with an assignee that is no profile',
      report.skipped_nonspawnable,
    ),
    ...skip(skipped.capped, 'beyond a cap', report.skipped_capped),
    ...skip(skipped.held, 'held back: ask why', []),
    ...report.faults.map((fault) => `Left out:     ${fault}`),
  ]
}

function recurring({ recurring: made }: Report): string[] {
  if (made.length === 0) return []
  return [
    listed(
      'Recurring:   ',
      made.map(({ name }) => name),
    ),
  ]
}

function listed(label: string, all: readonly string[]): string {
  return `${label} ${[all.length, ...all].join('  ')}`
}

function skip(count: number | undefined, why: string, ids: readonly string[]): string[] {
  if (!count) return []
  const shown = ids.slice(0, 10).join(' ')
  return [
    `Skipped:      ${count} ${why}${shown === '' ? '' : `  ${shown}`}${count > 10 ? ' …' : ''}`,
  ]
}
