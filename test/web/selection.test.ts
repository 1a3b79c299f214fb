/** Several cards at once. */

import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { block } from '../../src/board/block.ts'
import { card, column, type Desk, hasKeyboard, isBlind, listens, until, useWorld } from './world.ts'

describe.skipIf(isBlind)('a selection', () => {
  const world = useWorld()

  async function four(desk: Desk): Promise<{ page: Page; ids: string[] }> {
    const ids: string[] = []
    for (const name of ['One', 'Two', 'Three', 'Four']) ids.push(await desk.make(name))
    // As many made in one second stand in the order of their ids.
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, 'Four').waitFor()
    await listens(page)
    return { page, ids }
  }

  const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected cards' })
  const titles = (page: Page) => column(page, 'Ready').getByRole('link').allTextContents()
  const statuses = async (desk: Desk, ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await desk.show(id)).task.status))

  test('is made with boxes, with shift, with ctrl, and of a whole column', async () => {
    const desk = await world.desk()
    const { page } = await four(desk)
    const [first = '', second = '', , last = ''] = await titles(page)
    await card(page, first).hover()
    await card(page, first).getByRole('checkbox').check()
    await bar(page).getByText('1 selected').waitFor()
    await card(page, last).click({ modifiers: ['Shift'] })
    await bar(page).getByText('4 selected').waitFor()
    await card(page, second).click({ modifiers: ['ControlOrMeta'] })
    await bar(page).getByText('3 selected').waitFor()
    await page.keyboard.press('Escape')
    await bar(page).waitFor({ state: 'detached' })
    await column(page, 'Ready').getByRole('button', { name: 'What can be done with Ready' }).click()
    await page.getByRole('menuitem', { name: 'Select all in Ready' }).click()
    await bar(page).getByText('4 selected').waitFor()
  })

  test('is completed, blocked, unblocked, ranked, assigned and archived together', async () => {
    const desk = await world.desk()
    const { page, ids } = await four(desk)
    const all = async () => {
      await page.keyboard.press('Escape')
      for (const title of ['One', 'Two', 'Three', 'Four']) {
        await card(page, title).click({ modifiers: ['ControlOrMeta'] })
      }
    }
    const are = (status: string) =>
      until(async () => (await statuses(desk, ids)).every((one) => one === status))
    await all()
    await bar(page).getByRole('button', { name: 'Priority' }).click()
    await page.getByLabel('Priority', { exact: true }).fill('7')
    await page.keyboard.press('Enter')
    await until(async () => (await desk.show(ids[3] ?? '')).task.priority === 7)
    await all()
    await bar(page).getByRole('button', { name: 'Assign' }).click()
    await page.getByLabel('To', { exact: true }).fill('anna')
    await page.keyboard.press('Enter')
    await until(async () => (await desk.show(ids[3] ?? '')).task.assignee === 'anna')
    await all()
    await bar(page).getByRole('button', { name: 'Block', exact: true }).click()
    await hasKeyboard(page)
    await page.keyboard.type('Wait for May')
    await page.keyboard.press('Control+Enter')
    await are('blocked')
    expect((await desk.show(ids[2] ?? '')).latest_summary).toBe('Wait for May')
    await all()
    await bar(page).getByRole('button', { name: 'Unblock' }).click()
    await are('ready')
    await all()
    await bar(page).getByRole('button', { name: 'Complete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click()
    await are('done')
    await all()
    await bar(page).getByRole('button', { name: 'Ready' }).click()
    await are('ready')
    await all()
    await bar(page).getByRole('button', { name: 'Archive' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
    await are('archived')
  })

  test('that is refused in part says so card by card, and leaves those selected', async () => {
    const desk = await world.desk()
    const { page, ids } = await four(desk)
    const parent = await desk.make('Still open')
    const waits = await desk.make('Waits', { parents: [parent] })
    await desk.board.store.write((tx) => block(tx, ids[0] ?? '', { reason: 'So' }))
    await card(page, 'Waits').waitFor()
    await card(page, 'One').click({ modifiers: ['ControlOrMeta'] })
    await card(page, 'Waits').click({ modifiers: ['ControlOrMeta'] })
    await bar(page).getByRole('button', { name: 'Complete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click()
    const refused = page.getByRole('dialog', { name: 'Done: 1 of 2 cards refused' })
    await refused.getByRole('listitem').filter({ hasText: 'Waits' }).waitFor()
    expect(await refused.getByRole('listitem').count()).toBe(1)
    expect(await refused.getByRole('listitem').textContent()).toContain('todo')
    await page.keyboard.press('Escape')
    await bar(page).getByText('1 selected').waitFor()
    expect(await statuses(desk, [ids[0] ?? '', waits])).toEqual(['done', 'todo'])
  })

  test('can be made of other cards while the server still answers about some', async () => {
    const desk = await world.desk()
    const { page } = await four(desk)
    const held = Promise.withResolvers<void>()
    await page.route('**/tasks/bulk?*', async (route) => {
      await held.promise
      await route.continue()
    })
    for (const title of ['One', 'Two']) {
      await card(page, title).click({ modifiers: ['ControlOrMeta'] })
    }
    const answered = page.waitForResponse('**/tasks/bulk?*')
    await bar(page).getByRole('button', { name: 'Priority' }).click()
    await page.getByLabel('Priority', { exact: true }).fill('7')
    await page.keyboard.press('Enter')
    await bar(page).waitFor({ state: 'detached' })
    await card(page, 'Three').click({ modifiers: ['ControlOrMeta'] })
    held.resolve()
    await answered
    await desk.make('Told after it')
    await card(page, 'Told after it').waitFor()
    await bar(page).getByText('1 selected').waitFor()
  })

  test('is dragged as a whole', async () => {
    const desk = await world.desk()
    const { page, ids } = await four(desk)
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await bar(page).getByText('3 selected').waitFor()
    await page.keyboard.press('Space')
    await page.getByText('Picked up 3 cards', { exact: false }).waitFor({ state: 'attached' })
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Space')
    await until(
      async () => (await statuses(desk, ids)).filter((one) => one === 'triage').length === 3,
    )
  })

  test('running cards are reassigned with their worker taken back first', async () => {
    await world.profile('slow', 'sleep 300')
    const desk = await world.desk()
    const id = await desk.make('Under way', { assignee: 'slow' })
    await desk.make('Beside', { assignee: 'anna' })
    await desk.comes(id, 'running')
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, 'Under way').click({ modifiers: ['ControlOrMeta'] })
    await card(page, 'Beside').click({ modifiers: ['ControlOrMeta'] })
    await bar(page).getByRole('button', { name: 'Assign' }).click()
    await page.getByLabel('To', { exact: true }).fill('bo')
    await page.getByLabel('Take 1 running card back').check()
    await page.getByRole('button', { name: 'Assign', exact: true }).last().click()
    await desk.comes(id, 'ready')
    expect((await desk.show(id)).task.assignee).toBe('bo')
    expect((await desk.show(id)).runs[0]?.outcome).toBe('reclaimed')
  })
})
