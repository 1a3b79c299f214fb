import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { isAlive } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import { noDisk, smallDisk } from '../support/disks.ts'
import { allOver, makeHome } from './home.ts'

describe.skipIf(noDisk !== undefined)('on a disk of its own', () => {
  test('work that is created while the disk fills up starts when there is room, and no failure is counted', async () => {
    const disk = smallDisk(8)
    const home = await makeHome('  failure_limit: 2\n', disk.path)
    await home.profile('quick', 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary done')
    const gateway = await home.gateway()
    disk.fill(96 * 1024)
    const tasks: string[] = []
    for (let nth = 0; nth < 3; nth += 1) {
      const { code, out } = await home.hermes(
        ...['kanban', 'create', 'x', '--assignee', 'quick', '--json'],
      )
      if (code === 0) tasks.push(JSON.parse(out).id)
    }
    disk.fill()
    await pause(3_000)
    expect(isAlive(gateway.pid, null)).toBe(true)
    disk.free()
    await home.board.store.write((tx) => tx.run(sql`delete from kanban_holds`))
    for (const task of tasks) {
      const shown = await home.comes(task, 'done')
      expect(shown.task.consecutive_failures).toBe(0)
      expect(shown.events.map(({ kind }) => kind)).not.toContain('gave_up')
    }
    await allOver(home)
  })
})
