/** The board as it is looked at: columns, cards, why each is where it is. */

import { describe, expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { block } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { link } from '../../src/board/links.ts'
import { shift } from '../../src/board/shift.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { sql } from '../../src/store/sql.ts'
import { card, column, drawer, isBlind, styleOf, useWorld } from './world.ts'

describe.skipIf(isBlind)('the board', () => {
  const world = useWorld({ max_workers_per_profile: 1 }, { default_tenant: '' })

  test('stands in six columns in one row, each with its count and its meaning', async () => {
    const desk = await world.desk()
    await desk.make('Idea', { triage: true })
    const parent = await desk.make('First')
    await desk.make('Second', { parents: [parent] })
    const page = await world.window({ viewport: { width: 1000, height: 700 } })
    await page.goto(desk.at())
    await card(page, 'Idea').waitFor()
    const heads = await page.locator('[data-column] h2').allTextContents()
    expect(heads).toEqual(['Triage', 'Todo', 'Ready', 'Running', 'Blocked', 'Done'])
    const tops = await page
      .locator('[data-column]')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top))
    expect(new Set(tops).size).toBe(1)
    const ready = column(page, 'Ready')
    expect(await ready.locator('[data-count]').getAttribute('data-count')).toBe('1')
    expect(await ready.getByText('Can be started').isVisible()).toBe(true)
    expect(await column(page, 'Blocked').getByText('Nothing waits for you.').isVisible()).toBe(true)
    expect(await column(page, 'Todo').getByRole('link').allTextContents()).toEqual(['Second'])
  })

  test('shows what is archived only when asked to, and keeps that in the address', async () => {
    const desk = await world.desk()
    const id = await desk.make('Old thing')
    await desk.board.store.write((tx) => archive(tx, id))
    const page = await world.window()
    await page.goto(desk.at())
    await column(page, 'Ready').waitFor()
    expect(await column(page, 'Archived').count()).toBe(0)
    await page.getByRole('button', { name: 'Display' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Archived tasks' }).click()
    await card(page, 'Old thing').waitFor()
    expect(page.url()).toContain('archived=1')
    await page.reload()
    await card(page, 'Old thing').waitFor()
    expect(await column(page, 'Archived').locator('[data-card]').count()).toBe(1)
  })

  test('a card says whose it is, for whom, how urgent, what hangs on it and how old it is', async () => {
    const desk = await world.desk()
    const id = await desk.make('Write the report', {
      assignee: 'anna',
      tenant: 'acme',
      priority: 3,
    })
    const done = await desk.make('Part one')
    const open = await desk.make('Part two')
    await desk.board.store.write(async (tx) => {
      await link(tx, id, done)
      await link(tx, id, open)
      await comment(tx, id, 'bo', 'Please hurry')
      await tx.run(sql`update tasks set status = 'done' where id = ${done}`)
    })
    const page = await world.window()
    await page.goto(desk.at())
    const said = await card(page, 'Write the report').textContent()
    for (const word of [id, 'Write the report', 'anna', 'acme', '3', '1/2', '2', '1']) {
      expect(said).toContain(word)
    }
    expect(said).toMatch(/\d+s$/)
    const pill = card(page, 'Write the report').getByTitle('1 of 2 child tasks finished')
    const before = await styleOf(pill, 'color')
    await desk.board.store.write((tx) =>
      tx.run(sql`update tasks set status = 'done' where id = ${open}`),
    )
    await desk.board.store.write((tx) => comment(tx, open, 'bo', 'Done'))
    const full = card(page, 'Write the report').getByTitle('2 of 2 child tasks finished')
    await full.waitFor()
    expect(await styleOf(full, 'color')).not.toBe(before)
  })

  test('a card that has waited too long has an amber edge, and later a red one', async () => {
    const desk = await world.desk()
    const now = systemClock()
    await desk.make('Fresh')
    await desk.madeAt(now - 2 * 3600, 'Two hours')
    await desk.madeAt(now - 25 * 3600, 'A day and more')
    // However old it is: it came to where it is just now.
    const idea = await desk.madeAt(now - 48 * 3600, 'Promoted now', { triage: true })
    await desk.board.store.write((tx) => shift(tx, idea, 'ready'))
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, 'Fresh').waitFor()
    const lateness = (title: string) => card(page, title).getAttribute('data-late')
    expect(await lateness('Fresh')).toBe(null)
    expect(await lateness('Promoted now')).toBe(null)
    expect(await lateness('Two hours')).toBe('late')
    expect(await lateness('A day and more')).toBe('wrong')
    const edge = (title: string) => styleOf(card(page, title), 'background-color', '::before')
    expect(
      new Set([await edge('Fresh'), await edge('Two hours'), await edge('A day and more')]).size,
    ).toBe(3)
    const strip = page.getByRole('region', { name: '1 card needs attention' })
    await strip.getByRole('button', { name: /A day and more/ }).click()
    await drawer(page).waitFor()
    await page.keyboard.press('Escape')
    await strip.getByRole('button', { name: 'Dismiss for this session' }).click()
    await strip.waitFor({ state: 'detached' })
    await page.reload()
    await card(page, 'Fresh').waitFor()
    expect(await strip.count()).toBe(0)
  })

  test('a card says why it is where it is, in the words of why', async () => {
    await world.profile('slow', 'sleep 300')
    const desk = await world.desk()
    const lane = await desk.make('By hand', { assignee: 'anna' })
    await desk.make('Nobody’s')
    const waits = await desk.make('Waits', { parents: [lane] })
    const first = await desk.make('Runs', { assignee: 'slow' })
    await desk.comes(first, 'running')
    await desk.make('Has to wait its turn', { assignee: 'slow' })
    const asks = await desk.make('Asks')
    await desk.board.store.write((tx) => block(tx, asks, { reason: 'Which colour?' }))
    const page = await world.window()
    await page.goto(desk.at())
    const told = JSON.parse(
      await world.hermes('kanban', '--board', desk.slug, 'why', lane, '--json'),
    )
    for (const [title, words] of [
      ['By hand', told.why],
      ['Nobody’s', 'nobody is assigned: assign it to a profile'],
      ['Has to wait its turn', 'profile slow has 1 running, as many as it may have at once'],
      ['Asks', 'it waits for an answer: Which colour?'],
    ]) {
      await card(page, title)
        .getByText(new RegExp(escaped(words), 'i'))
        .waitFor()
    }
    expect(await card(page, 'Waits').textContent()).toContain('It waits for “By hand” (ready)')
    await page.goto(desk.at(`&task=${waits}`))
    await drawer(page).getByText(`It waits for ${lane} (ready).`).waitFor()
    await drawer(page).getByRole('link', { name: lane }).click()
    await page.getByRole('dialog', { name: `Task ${lane}` }).waitFor()
  })

  test('groups what runs by assignee, and shows what each worker said last', async () => {
    const says =
      'hermes kanban heartbeat "$HERMES_KANBAN_TASK" --note "Reading chapter 3"; sleep 300'
    await world.profile('reader', says)
    await world.profile('other', 'sleep 300')
    const desk = await world.desk()
    await desk.make('Read the book', { assignee: 'reader' })
    await desk.make('Something else', { assignee: 'other' })
    const page = await world.window()
    await page.goto(desk.at())
    const running = column(page, 'Running')
    await card(page, 'Something else').and(page.locator('[data-status=running]')).waitFor()
    await card(page, 'Read the book').getByText('Reading chapter 3').waitFor()
    expect(await running.locator('h3').allTextContents()).toEqual(['oother1', 'rreader1'])
    await page.getByRole('button', { name: 'Display' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Running by assignee' }).click()
    expect(await running.locator('h3').count()).toBe(0)
    expect(page.url()).toContain('lanes=0')
  })

  test('a board with nothing on it says what to do', async () => {
    const desk = await world.desk()
    const page = await world.window()
    await page.goto(desk.at())
    await page.getByText('Nothing is on this board yet').waitFor()
    await page.getByRole('button', { name: 'Make the first task' }).click()
    await page.getByRole('dialog', { name: 'New task' }).waitFor()
  })

  test('a card that cannot be drawn leaves the others where they are', async () => {
    const desk = await world.desk()
    const id = await desk.make('Broken')
    await desk.make('Well')
    const page = await world.window({}, /TypeError/)
    await page.route('**/api/plugins/kanban/board?*', async (route) => {
      const answer = await (await route.fetch()).json()
      for (const { tasks } of answer.columns) {
        for (const task of tasks) if (task.id === id) task.title = null
      }
      await route.fulfill({ json: answer })
    })
    await page.goto(desk.at())
    await page.getByRole('alert').getByText(`${id} cannot be shown.`).waitFor()
    expect(await card(page, 'Well').isVisible()).toBe(true)
  })

  test('a board that cannot be read says so, and is read again', async () => {
    const page = await world.window()
    await page.goto(`${world.url()}/?board=no-such-board`)
    await page.getByText('The board cannot be shown').waitFor()
    expect(await page.getByRole('main').textContent()).toContain('there is no board no-such-board')
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true)
  })

  test('a status of another program has a column of its own, without moves', async () => {
    const desk = await world.desk()
    const id = await desk.make('Theirs')
    await desk.board.store.write((tx) =>
      tx.run(sql`update tasks set status = 'review' where id = ${id}`),
    )
    const page = await world.window()
    await page.goto(desk.at(`&task=${id}`))
    await column(page, 'review').waitFor()
    await drawer(page).getByText('another program', { exact: false }).first().waitFor()
    expect(
      await drawer(page)
        .getByRole('button', { name: /^(Complete|Archive|Block)$/ })
        .count(),
    ).toBe(0)
  })
})

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
