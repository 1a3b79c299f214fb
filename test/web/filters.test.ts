/** Finding cards: search, tenant, assignee, and the address that keeps them. */

import { describe, expect, test } from 'vitest'
import { complete } from '../../src/board/complete.ts'
import { card, column, isBlind, listens, until, useWorld } from './world.ts'

describe.skipIf(isBlind)('filters', () => {
  const world = useWorld({}, { default_tenant: 'acme' })

  test('find a card by its id, title, assignee, summary and by its text, which only the board knows', async () => {
    const desk = await world.desk()
    const id = await desk.make('Translate', { body: 'Mind the Zeppelin', assignee: 'anna' })
    await desk.make('Another')
    await desk.board.store.write((tx) => complete(tx, id, { summary: 'All is quiet' }))
    const page = await world.window()
    await page.goto(desk.at('&tenant='))
    await card(page, 'Another').waitFor()
    await listens(page)
    await page.keyboard.press('/')
    for (const word of [id.slice(0, 6), 'transl', 'ANNA', 'quiet', 'zeppelin']) {
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type(word)
      await card(page, 'Another').waitFor({ state: 'detached' })
      await card(page, 'Translate').waitFor()
      expect(page.url()).toContain(`q=${word}`)
    }
    await page.keyboard.press('Escape')
    await card(page, 'Another').waitFor()
    expect(page.url()).not.toContain('q=')
  })

  test('live in the address, and win over what is configured', async () => {
    const desk = await world.desk()
    await desk.make('For acme', { tenant: 'acme', assignee: 'anna' })
    await desk.make('For globex', { tenant: 'globex', assignee: 'bo' })
    await desk.make('For globex too', { tenant: 'globex' })
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, 'For acme').waitFor()
    expect(await page.locator('[data-card]').count()).toBe(1)
    await page.getByRole('button', { name: 'Tenant: acme' }).click()
    await page.getByRole('menuitem', { name: 'globex' }).click()
    await card(page, 'For globex').waitFor()
    expect(await page.locator('[data-card]').count()).toBe(2)
    await page.getByRole('button', { name: 'Assignee: Assignee' }).click()
    await page.getByRole('menuitem', { name: 'Nobody' }).click()
    await until(async () => (await page.locator('[data-card]').count()) === 1)
    expect(new URL(page.url()).searchParams.get('tenant')).toBe('globex')
    await page.reload()
    await card(page, 'For globex too').waitFor()
    expect(await page.locator('[data-card]').count()).toBe(1)
    const counted = column(page, 'Ready').locator('[data-count]')
    expect(await counted.textContent()).toContain('1 / 3')
    await page.getByRole('button', { name: 'Tenant: globex' }).click()
    await page.getByRole('menuitem', { name: 'acme' }).click()
    await page.getByText('No card matches the filter').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await until(async () => (await page.locator('[data-card]').count()) === 3)
  })
})
