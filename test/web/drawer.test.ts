/** The open task: what it shows, what is edited in it, and that nothing typed is ever lost. */

import { writeFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { block, unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { edit } from '../../src/board/edit.ts'
import { link } from '../../src/board/links.ts'
import { card, type Desk, drawer, isBlind, until, useWorld } from './world.ts'

describe.skipIf(isBlind)('the open task', () => {
  const world = useWorld({ failure_limit: 2 })

  async function open(desk: Desk, id: string, tab = ''): Promise<Page> {
    const page = await world.window()
    await page.goto(desk.at(`&task=${id}${tab && `&tab=${tab}`}`))
    await drawer(page).getByRole('tab', { name: 'Task' }).waitFor()
    return page
  }

  test('has an address, and closes with Escape, with its button and with a click beside it', async () => {
    const desk = await world.desk()
    const id = await desk.make('Look at me')
    const page = await open(desk, id)
    for (const close of [
      () => page.keyboard.press('Escape'),
      () => drawer(page).getByRole('button', { name: 'Close' }).click(),
      () => page.getByText('Parked, not decided yet').click(),
      () => page.goBack(),
    ]) {
      await drawer(page).waitFor()
      await close()
      await drawer(page).waitFor({ state: 'detached' })
      expect(page.url()).not.toContain('task=')
      await page.getByRole('link', { name: 'Look at me' }).click()
      expect(page.url()).toContain(`task=${id}`)
    }
  })

  test('shows every fact about it', async () => {
    const desk = await world.desk()
    const id = await desk.make('Facts', {
      ...{ tenant: 'acme', skills: ['painting'], workspace_kind: 'worktree', branch: 'fence' },
      ...{ workspace_path: '/srv/fence', max_runtime_seconds: '2h', max_retries: 4, priority: 2 },
      ...{ body: 'In **green**', assignee: 'anna' },
    })
    const page = await open(desk, id)
    const facts = await drawer(page).getByRole('complementary', { name: 'Facts' }).textContent()
    for (const fact of [
      'acme',
      'painting',
      'git worktree',
      '/srv/fence',
      'fence',
      '2h',
      '0 of 4',
    ]) {
      expect(facts).toContain(fact)
    }
    expect(facts).toMatch(/Created\d+s ago by user/)
    await drawer(page).locator('strong', { hasText: 'green' }).waitFor()
  })

  test('title, description, priority and assignee are edited where they stand', async () => {
    const desk = await world.desk()
    const id = await desk.make('Old title')
    const page = await open(desk, id)
    await drawer(page).getByRole('button', { name: 'Old title' }).click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('New title')
    await page.keyboard.press('Enter')
    await drawer(page).getByRole('heading', { name: 'New title' }).waitFor()
    await drawer(page).getByTitle('Change the priority').click()
    await page.keyboard.type('5')
    await page.keyboard.press('Enter')
    await until(async () => (await desk.show(id)).task.priority === 5)
    await drawer(page).getByTitle('Assign it to somebody else').click()
    await page.keyboard.type('Anna')
    await page.keyboard.press('Enter')
    await until(async () => (await desk.show(id)).task.assignee === 'anna')
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'New title' }).click()
    await drawer(page).getByText('None.').waitFor()
    await page.keyboard.press('e')
    await page.keyboard.type('- one\n- two')
    await page.keyboard.press('Control+Enter')
    await drawer(page).getByRole('listitem').filter({ hasText: 'two' }).waitFor()
    expect((await desk.show(id)).task).toMatchObject({ title: 'New title', body: '- one\n- two' })
  })

  test('what is being typed survives events, another card, a reload, and a refusal', async () => {
    const desk = await world.desk()
    const id = await desk.make('Mine', { body: 'Before' })
    await desk.make('Other')
    const page = await open(desk, id)
    const write = drawer(page).getByRole('textbox', { name: 'Write a comment' })
    await write.fill('A long thou')
    await page.keyboard.press('Escape')
    await page.keyboard.press('e')
    const text = drawer(page).getByRole('textbox', { name: 'Description' })
    await text.fill('Before and aft')
    await desk.board.store.write((tx) => comment(tx, id, 'bo', 'Hello there'))
    await drawer(page).getByText('Hello there').waitFor()
    expect(await text.inputValue()).toBe('Before and aft')
    expect(await write.inputValue()).toBe('A long thou')
    await text.focus()
    await page.keyboard.type('er')
    await page.goto(desk.at(`&task=${await desk.make('Third')}`))
    await drawer(page).getByRole('heading', { name: 'Third' }).waitFor()
    await page.goto(desk.at(`&task=${id}`))
    expect(await text.inputValue()).toBe('Before and after')
    expect(await write.inputValue()).toBe('A long thou')
    await page.route('**/tasks/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await text.focus()
    await page.keyboard.press('Control+Enter')
    await drawer(page).getByRole('alert').getByText('cannot be reached', { exact: false }).waitFor()
    expect(await text.inputValue()).toBe('Before and after')
    await page.unrouteAll()
    await page.keyboard.press('Control+Enter')
    await until(async () => (await desk.show(id)).task.body === 'Before and after')
    await text.waitFor({ state: 'detached' })
  })

  test('who edits what somebody else has changed meanwhile sees both', async () => {
    const desk = await world.desk()
    const id = await desk.make('Ours', { body: 'Before' })
    const page = await open(desk, id)
    await page.keyboard.press('e')
    const text = drawer(page).getByRole('textbox', { name: 'Description' })
    await text.fill('What I say')
    await desk.board.store.write((tx) => edit(tx, id, { body: 'What they say' }))
    const theirs = drawer(page).getByRole('status').filter({ hasText: 'What they say' })
    await theirs.waitFor()
    expect(await text.inputValue()).toBe('What I say')
    await theirs.getByRole('button', { name: 'Take theirs' }).click()
    await drawer(page).locator('.prose', { hasText: 'What they say' }).waitFor()
  })

  test('Enter sends a comment, Shift and Enter begins a line', async () => {
    const desk = await world.desk()
    const id = await desk.make('Talk')
    const page = await open(desk, id)
    await page.keyboard.press('r')
    await page.keyboard.type('First line')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('second line')
    await page.keyboard.press('Enter')
    await until(async () => (await desk.show(id)).comments.length === 1)
    expect((await desk.show(id)).comments[0]).toMatchObject({
      author: 'dashboard',
      body: 'First line\nsecond line',
    })
    const write = drawer(page).getByRole('textbox', { name: 'Write a comment' })
    await until(async () => (await write.inputValue()) === '')
  })

  test('dependencies are found, added and taken away; a cycle is refused in the board’s words', async () => {
    const desk = await world.desk()
    const id = await desk.make('Middle')
    const after = await desk.make('After')
    const before = await desk.make('Before it')
    await desk.board.store.write((tx) => link(tx, id, after))
    const page = await open(desk, id)
    await drawer(page).getByRole('button', { name: 'Waits for: add a task' }).click()
    await drawer(page).getByRole('combobox', { name: 'Waits for: search a task' }).fill('Before')
    await page.getByRole('option', { name: /Before it/ }).click()
    await drawer(page).getByRole('list', { name: 'Waits for' }).getByText('Before it').waitFor()
    expect((await desk.show(id)).parents.map((one) => one.id)).toEqual([before])
    await drawer(page).getByRole('button', { name: 'Waits for: add a task' }).click()
    await drawer(page).getByRole('combobox', { name: 'Waits for: search a task' }).fill('After')
    await page.getByRole('option', { name: /After/ }).click()
    const refusal = await drawer(page).getByRole('alert').textContent()
    expect(refusal).toContain(after)
    expect(refusal).toContain('circle')
    await drawer(page)
      .getByRole('button', { name: `Waits for: no longer ${before}` })
      .click()
    await until(async () => (await desk.show(id)).parents.length === 0)
    await drawer(page).getByRole('list', { name: 'Holds back' }).getByText('After').click()
    await page.getByRole('dialog', { name: `Task ${after}` }).waitFor()
  })

  test('runs tell how each ended; the log follows its worker to the last line', async () => {
    const desk = await world.desk()
    await world.profile(
      'worker',
      `if [ ! -f first ]; then touch first; echo "cannot find the paint"; exit 3; fi
      echo "line one"
      until [ -f "$HERMES_KANBAN_WORKSPACE/go" ]; do sleep 0.1; done
      printf '\\033[31mred line\\033[0m\\033]0;title\\007\\n'
      hermes kanban complete "$HERMES_KANBAN_TASK" --summary "Painted" --metadata '{"cans": {"green": 2}}'
      `,
    )
    const id = await desk.make('Paint', { assignee: 'worker' })
    const page = await open(desk, id, 'log')
    const log = drawer(page).getByRole('log')
    await log.getByText('line one').waitFor()
    await drawer(page).getByText('Following').waitFor()
    const path = (await desk.show(id)).runs.at(-1)?.workspace ?? ''
    await world.hermes('kanban', '--board', desk.slug, 'comment', id, 'Go on')
    await writeFile(`${path}/go`, '')
    await log.getByText('red line').waitFor()
    const said = await log.textContent()
    expect(said).toContain('cannot find the paint')
    for (const steering of ['\u001b', '[31m', 'title']) expect(said).not.toContain(steering)
    expect(await drawer(page).getByTitle('Copy the path').textContent()).toContain(`${id}.log`)
    await desk.comes(id, 'done')
    await drawer(page).getByRole('tab', { name: /Runs/ }).click()
    const runs = drawer(page).locator('[data-run]')
    await runs.filter({ hasText: 'completed' }).waitFor()
    expect(await runs.count()).toBe(2)
    expect(await runs.first().textContent()).toContain('Painted')
    expect(await runs.first().textContent()).toContain('green: 2')
    expect(await runs.last().textContent()).toContain('crashed')
    expect(await runs.last().textContent()).toContain('exit code 3')
    await drawer(page)
      .getByRole('tab', { name: /Activity/ })
      .click()
    await drawer(page).getByRole('heading', { name: 'Run 2' }).waitFor()
    expect(await drawer(page).getByRole('tabpanel').textContent()).toContain('crashed')
  })

  test('of many runs the latest three are open, the earlier ones folded under their number', async () => {
    const desk = await world.desk()
    const id = await desk.make('Often')
    for (const round of [1, 2, 3, 4, 5]) {
      await desk.board.store.write((tx) => block(tx, id, { reason: `Question ${round}` }))
      await desk.board.store.write((tx) => unblock(tx, id))
    }
    const page = await open(desk, id, 'runs')
    const runs = drawer(page).locator('[data-run]')
    expect(await runs.count()).toBe(5)
    const isOpen = await runs.evaluateAll((all) => all.map((one) => one.hasAttribute('open')))
    expect(isOpen).toEqual([true, true, true, false, false])
    await drawer(page).getByText('Run 1', { exact: true }).click()
    await drawer(page).getByText('Question 1').waitFor()
  })

  test('a running task is reclaimed with a reason, and reassigned', async () => {
    await world.profile('slow', 'sleep 300')
    const desk = await world.desk()
    const id = await desk.make('Under way', { assignee: 'slow' })
    await desk.comes(id, 'running')
    const page = await open(desk, id)
    await drawer(page).getByRole('button', { name: 'Reassign…' }).click()
    await drawer(page).getByLabel('To', { exact: true }).fill('anna')
    await drawer(page).getByRole('button', { name: 'Reassign', exact: true }).click()
    await desk.comes(id, 'ready')
    expect((await desk.show(id)).task.assignee).toBe('anna')
    const other = await desk.make('Another', { assignee: 'slow' })
    await desk.comes(other, 'running')
    await page.goto(desk.at(`&task=${other}`))
    await drawer(page).getByRole('button', { name: 'Reclaim…' }).click()
    await page.keyboard.type('It went astray')
    await page.keyboard.press('Enter')
    await until(async () => (await desk.show(other)).runs[0]?.outcome === 'reclaimed')
    const event = (await desk.show(other)).events.find(({ kind }) => kind === 'reclaimed')
    expect(event?.payload?.reason).toBe('It went astray')
  })

  test('a task whose breaker tripped shows the error and what to check', async () => {
    await world.profile('broken', 'echo "no such host" >&2; exit 9')
    const desk = await world.desk()
    const id = await desk.make('Fails', { assignee: 'broken' })
    await desk.comes(id, 'blocked')
    const page = await open(desk, id)
    const recovery = drawer(page).getByRole('region', { name: 'Recovery' })
    await recovery.getByText('no such host', { exact: false }).waitFor()
    await recovery.getByText('hermes profile show broken').waitFor()
    await page
      .getByRole('region', { name: /needs attention/ })
      .getByText('failed 2 times')
      .waitFor()
    await drawer(page).getByRole('button', { name: 'Unblock', exact: true }).click()
    await until(async () => (await desk.show(id)).runs.length > 2)
  })

  test('ids that a worker made up are shown as such', async () => {
    const desk = await world.desk()
    const id = await desk.make('Made up')
    await desk.board.store.write((tx) =>
      complete(tx, id, { summary: 'See t_00000000 and t_11111111' }),
    )
    const page = await open(desk, id)
    const chips = drawer(page).getByRole('list', { name: 'Ids that do not exist' })
    await chips.waitFor()
    expect(await chips.getByRole('listitem').allTextContents()).toEqual([
      't_00000000',
      't_11111111',
    ])
    await card(page, 'Made up')
      .getByTitle(/1 warning/)
      .waitFor()
  })

  test('a task that is not there says so', async () => {
    const desk = await world.desk()
    await desk.make('Here')
    const page = await world.window()
    await page.goto(desk.at('&task=t_deadbeef'))
    await drawer(page).getByText('This task is not here').waitFor()
    await drawer(page).getByRole('button', { name: 'Close' }).click()
    await card(page, 'Here').waitFor()
  })
})
