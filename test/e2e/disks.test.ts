/** Disks that are full or can only be read: said in a sentence, nothing half-written, and everything goes on afterwards. */

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { show } from '../../src/board/show.ts'
import { isAlive } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { everything } from '../board/support.ts'
import { noDisk, shut, smallDisk } from '../support/disks.ts'
import { allOver, type Home, logOf, makeHome } from './home.ts'

/** Where a test can say `go` to its workers although their own disk is full. */
async function starter() {
  const folder = await mkdtemp(join(tmpdir(), 'kanban-go-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'go')
  return { wait: `until [ -e '${file}' ]; do sleep 0.1; done`, go: () => writeFile(file, '') }
}

interface Working {
  readonly runner_pid: number
  readonly runner_start: string
  readonly worker_pid: number
  readonly process_start: string
}

function atWork(home: Home, task: string): Promise<Working> {
  return home.until(`${task} has a worker`, (reader) =>
    reader.get<Working>(sql`
      select runner_pid, runner_start, worker_pid, process_start from task_runs
      where task_id = ${task} and worker_pid is not null and exited_at is null`),
  )
}

describe.skipIf(noDisk !== undefined)('on a disk of its own', () => {
  test('a full disk is said by every verb in a sentence, and nothing is half-written', async () => {
    const disk = smallDisk(6)
    const home = await makeHome('', disk.path)
    await home.gateway()
    const task = await home.create('there before')
    const before = await home.board.store.read(everything)
    disk.fill()
    const long = 'words '.repeat(20_000)
    const verbs = [
      ['create', 'another', '--body', long],
      ['comment', task, long],
      ['block', task, long],
      ['edit', task, '--body', long],
    ]
    for (const words of verbs) {
      const { code, out, err } = await home.hermes('kanban', ...words)
      expect([code, out], words[0]).toEqual([1, ''])
      expect(err, words[0]).toMatch(/^hermes: [^\n]*the disk is full; free some space[^\n]*\n$/)
    }
    expect((await home.hermes('kanban', 'show', task)).code).toBe(0)
    const status = await home.hermes('gateway', 'status')
    expect(status.code).toBe(3)
    expect(status.out).toMatch(/^Warning: .* cannot be used: the disk is full; free some space/m)
    expect((await home.hermes('doctor')).out).toMatch(
      /^warning +dispatcher +runs: process \d+; .*: the disk is full/m,
    )
    expect(await home.board.store.read(everything)).toEqual(before)
    disk.free()
    expect((await home.hermes('gateway', 'status')).code).toBe(0)
    expect((await home.hermes('kanban', 'comment', task, long)).code).toBe(0)
    await home.board.store.read(expectInvariants)
  })

  test('runs whose end meets a full disk lose nothing, and end as they did', async () => {
    const disk = smallDisk(8)
    const home = await makeHome('  failure_limit: 1\n', disk.path)
    const { wait, go } = await starter()
    const completes = 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary kept'
    await home.profile('patient', `${wait}; until ${completes}; do sleep 0.2; done`)
    await home.profile('crasher', `${wait}; exit 3`)
    const gateway = await home.gateway()
    const tasks = [
      await home.create('one', '--assignee', 'patient'),
      await home.create('two', '--assignee', 'crasher'),
    ]
    const runs = await Promise.all(tasks.map((task) => atWork(home, task)))
    disk.fill()
    await go()
    const [, crashing] = runs
    while (isAlive(crashing?.worker_pid ?? 0, crashing?.process_start ?? '')) await pause(20)
    // The crashed worker is gone; its runner stays and tries again and again to say so.
    await home.hermes('kanban', 'dispatch')
    await pause(1_000)
    expect(runs.map((run) => isAlive(run.runner_pid, run.runner_start))).toEqual([true, true])
    expect(isAlive(gateway.pid, null)).toBe(true)
    disk.free()
    const [patient = '', crasher = ''] = tasks
    expect((await home.comes(patient, 'done')).runs).toMatchObject([
      { outcome: 'completed', summary: 'kept' },
    ])
    const crashed = await home.comes(crasher, 'blocked')
    expect(crashed.runs).toMatchObject([{ outcome: 'gave_up', exit_code: 3 }])
    await allOver(home)
    const left = (): string[] => readdirSync(join(home.root, 'kanban', 'run'))
    while (left().some((name) => name.startsWith('t_') || name.endsWith('.tmp'))) await pause(20)
  })

  test('a log that cannot be rotated grows on, and its worker works on', async () => {
    const disk = smallDisk(8)
    const home = await makeHome('  log_max_bytes: 262144\n', disk.path)
    const { wait, go } = await starter()
    const line = 'x'.repeat(99)
    await home.profile(
      'talker',
      `until [ -e start ]; do sleep 0.1; done; yes ${line} | head -n 4000; ${wait}
       hermes kanban complete "$HERMES_KANBAN_TASK" --summary done`,
    )
    const task = await home.create('talk', '--assignee', 'talker')
    await home.gateway()
    const { runner_pid, runner_start } = await atWork(home, task)
    const log = join(home.board.logs, `${task}.log`)
    disk.fill(600 * 1024)
    await writeFile(join(home.board.workspaces, task, 'start'), '')
    while (statSync(log).size < 400_000) await pause(20)
    // Rotation is tried twice a second, and needs as much room as the log has.
    await pause(1_200)
    expect(existsSync(`${log}.1`)).toBe(false)
    expect(isAlive(runner_pid, runner_start)).toBe(true)
    expect((await logOf(home, task)).match(/^x{99}$/gm)).toHaveLength(4000)
    disk.free()
    while (!existsSync(`${log}.1`)) await pause(20)
    await go()
    await home.comes(task, 'done')
    expect((await readFile(`${log}.1`, 'utf8')).match(/^x{99}$/gm)).toHaveLength(4000)
    await allOver(home)
  })

  test('a task whose worktree finds no room waits alone, counts nothing, and goes on', async () => {
    const disk = smallDisk(8)
    const repo = join(disk.path, 'repo')
    const git = (...words: string[]) => execFileSync('git', ['-C', repo, ...words])
    execFileSync('git', ['init', '-q', repo])
    await writeFile(join(repo, 'large'), randomBytes(1 << 20))
    git('add', '.')
    git('-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-qm', 'large')
    disk.fill(512 * 1024)
    const home = await makeHome('  failure_limit: 1\n')
    await home.profile('quick', 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary done')
    await home.gateway()
    const workspace = `worktree:${repo}`
    const tree = await home.create('x', '--assignee', 'quick', '--workspace', workspace)
    await home.until('it could not start', (reader) =>
      reader.get(sql`select 1 from task_runs where task_id = ${tree} and exited_at is not null`),
    )
    await home.comes(await home.create('elsewhere', '--assignee', 'quick'), 'done')
    const { out } = await home.hermes('kanban', 'why', tree)
    expect(out).toMatch(/is on hold: cannot use a worktree of .*: the disk is full; free some/)
    disk.free()
    await home.board.store.write((tx) => tx.run(sql`delete from kanban_holds`))
    const shown = await home.comes(tree, 'done')
    expect(shown.task.consecutive_failures).toBe(0)
    expect(shown.events.map(({ kind }) => kind)).not.toContain('gave_up')
    await allOver(home)
  })

  test('a home that can only be read is said in a sentence, and used as before when it can be written', async () => {
    const home = await makeHome('', smallDisk(8).path)
    const task = await home.create('there before')
    const reopen = shut(home.root)
    for (const words of [
      ['kanban', 'create', 'another'],
      ['kanban', 'archive', task],
      ['kanban', 'dispatch'],
      ['gateway', 'start'],
      ['gateway', 'run'],
    ]) {
      const { code, err } = await home.hermes(...words)
      expect(code, words.join(' ')).toBe(1)
      expect(err, words.join(' ')).toMatch(/^hermes: [^\n]+\n$/)
      expect(err, words.join(' ')).not.toContain('unexpected')
    }
    const { out } = await home.hermes('doctor')
    expect(out).toContain('cannot be written')
    reopen()
    expect((await home.hermes('kanban', 'archive', task)).code).toBe(0)
    await home.board.store.read(expectInvariants)
  })

  test('runs go on while their folder can only be read, and status says that no other can start', async () => {
    const home = await makeHome('', smallDisk(8).path)
    const { wait, go } = await starter()
    const completes = 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary done'
    await home.profile('patient', `${wait}; ${completes}`)
    await home.gateway()
    const running = await home.create('before', '--assignee', 'patient')
    await atWork(home, running)
    const reopen = shut(join(home.root, 'kanban', 'run'))
    const waiting = await home.create('while', '--assignee', 'patient')
    await home.until('its start has failed', (reader) =>
      reader.get(sql`select 1 from kanban_holds where scope = 'board'`),
    )
    const status = await home.hermes('gateway', 'status')
    expect(status.code).toBe(3)
    const words = 'kanban/run cannot be used: the disk can only be read; make it writable'
    expect(status.out).toContain(words)
    expect(status.out).toMatch(
      /^Warning: nothing of the board default starts: .* can only be read/m,
    )
    await go()
    await home.comes(running, 'done')
    await home.board.store.write((tx) => tx.run(sql`delete from kanban_holds`))
    await home.until('it is held again', (reader) =>
      reader.get(sql`select 1 from kanban_holds where scope = 'board'`),
    )
    reopen()
    await home.board.store.write((tx) => tx.run(sql`delete from kanban_holds`))
    const { task, runs } = await home.comes(waiting, 'done')
    expect(task.consecutive_failures).toBe(0)
    expect(runs.filter(({ outcome }) => outcome === 'spawn_failed')).toHaveLength(2)
    await allOver(home)
    expect((await home.hermes('gateway', 'status')).code).toBe(0)
  })

  test('a board whose folders cannot be written any more is held, counts nothing, and goes on', async () => {
    const home = await makeHome('  failure_limit: 1\n', smallDisk(16).path)
    await home.profile('quick', 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary done')
    await home.gateway()
    const first = await home.create('before', '--assignee', 'quick')
    await home.comes(first, 'done')
    await allOver(home)
    for (const folder of [home.board.logs, home.board.workspaces]) {
      const reopen = shut(folder)
      const task = await home.create('while', '--assignee', 'quick')
      const shown = await home.until('it could not start', async (reader) => {
        const now = await show(reader, task, 20)
        return now.runs.some((run) => run.exited_at !== null) && now
      })
      expect(shown.runs[0]).toMatchObject({
        outcome: 'spawn_failed',
        error: expect.stringMatching(/ cannot be used: the disk can only be read; make it/),
      })
      expect(shown.task).toMatchObject({ status: 'ready', consecutive_failures: 0 })
      const { out } = await home.hermes('kanban', 'why', task)
      expect(out).toMatch(/this board is on hold: .* can only be read/)
      reopen()
      await home.board.store.write((tx) => tx.run(sql`delete from kanban_holds`))
      await home.comes(task, 'done')
    }
    await allOver(home)
  })
})
