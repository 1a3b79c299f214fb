/** Usable by everybody, on everything: screen readers, keyboards, small and large screens, less motion. */

import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { block } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { link } from '../../src/board/links.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { card, type Desk, drawer, isBlind, listens, styleOf, useWorld } from './world.ts'

describe.skipIf(isBlind)('the page', () => {
  const world = useWorld()

  /** A board on which everything is shown that can be shown. */
  async function full(): Promise<{ desk: Desk; id: string }> {
    await world.profile(
      'slow',
      'hermes kanban heartbeat "$HERMES_KANBAN_TASK" --note "Half way"; sleep 300',
    )
    const desk = await world.desk()
    const id = await desk.make('Write the report', {
      ...{
        body: '# Heading\n\n- [ ] one\n\n`code` and [a link](https://example.org)',
        tenant: 'acme',
      },
      ...{ assignee: 'anna', priority: 2, skills: ['writing'] },
    })
    const parent = await desk.make('Collect', { tenant: 'acme' })
    const running = await desk.make('Run', { assignee: 'slow' })
    await desk.make('Idea', { triage: true })
    await desk.madeAt(systemClock() - 30 * 3600, 'Forgotten')
    const asks = await desk.make('Asks')
    await desk.board.store.write(async (tx) => {
      await link(tx, parent, id)
      await comment(tx, id, 'bo', 'How far?')
      await complete(tx, parent, { summary: 'See t_00000000', metadata: { files: ['a', 'b'] } })
      await block(tx, asks, { reason: 'Which?' })
    })
    await desk.comes(running, 'running')
    return { desk, id: parent }
  }

  async function faults(page: Page, what: string, rules: readonly string[]): Promise<string[]> {
    // What catches the keyboard around a popup is hidden, and passes it on at once.
    const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]')
    const asked = rules.length > 0 ? axe.withRules([...rules]) : axe
    // A menu stands in no landmark, as everywhere.
    const { violations } = await (what === 'menu' ? asked.disableRules('region') : asked).analyze()
    return violations.map(
      ({ id, nodes }) =>
        `${what}: ${id} ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    )
  }

  // What is not colour is the same in the dark.
  const themes = [
    { colorScheme: 'light', rules: [] },
    { colorScheme: 'dark', rules: ['color-contrast'] },
  ] as const

  for (const { colorScheme, rules } of themes) {
    test(`has nothing that keeps anybody out, in ${colorScheme}`, async () => {
      const { desk, id } = await full()
      const page = await world.window({ colorScheme, reducedMotion: 'reduce' })
      const found: string[] = []
      const look = async (what: string) => void found.push(...(await faults(page, what, rules)))
      await page.goto(desk.at('&archived=1'))
      await card(page, 'Run').getByText('Half way').waitFor()
      await look('board')
      for (const tab of ['task', 'runs', 'log', 'activity', 'graph']) {
        await page.goto(desk.at(`&task=${id}&tab=${tab}`))
        await drawer(page).getByRole('tabpanel').waitFor()
        await page.waitForLoadState('networkidle')
        await look(tab)
      }
      await page.keyboard.press('Escape')
      await drawer(page).waitFor({ state: 'detached' })
      await card(page, 'Idea').click({ modifiers: ['ControlOrMeta'] })
      await look('selection')
      await card(page, 'Idea').click({ button: 'right' })
      await page.getByRole('menuitem').first().waitFor()
      await look('menu')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.getByRole('menuitem').first().waitFor({ state: 'detached' })
      await page.keyboard.press('c')
      await page.getByRole('dialog', { name: 'New task' }).getByText('Workspace, skills').click()
      await look('create')
      await page.keyboard.press('Escape')
      await page.goto(desk.at('&view=graph'))
      await page.locator('[data-node]').first().waitFor()
      await look('graph')
      await page.goto((await world.desk()).at())
      await page.getByText('Nothing is on this board yet').waitFor()
      await look('empty')
      expect(found).toEqual([])
    })
  }

  test('goes from making a task to its end by keyboard alone', async () => {
    const desk = await world.desk()
    await desk.make('There already')
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, 'There already').waitFor()
    await listens(page)
    const keys = async (...all: string[]) => {
      for (const key of all) await page.keyboard.press(key)
    }
    await keys('c')
    await page.getByLabel('Title').waitFor()
    await page.keyboard.type('By keys')
    await keys('Enter')
    await card(page, 'By keys').waitFor()
    await page.getByRole('dialog', { name: 'New task' }).waitFor({ state: 'detached' })
    await keys('/')
    await page.keyboard.type('By keys')
    await card(page, 'There already').waitFor({ state: 'detached' })
    await page.keyboard.press('Tab')
    await page.locator('body').press('j')
    await keys('Enter')
    await drawer(page).getByRole('tab', { name: 'Task' }).waitFor()
    await keys('e')
    await page.keyboard.type('Said without a mouse')
    await keys('Control+Enter')
    await drawer(page).locator('.prose', { hasText: 'Said without a mouse' }).waitFor()
    await keys('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    expect(await page.locator(':focus').textContent()).toBe('By keys')
    await keys('Space', 'ArrowRight', 'ArrowRight', 'Space')
    await page.getByRole('dialog', { name: /Complete/ }).waitFor()
    await keys('Control+Enter')
    const id = (await card(page, 'By keys').getAttribute('data-card')) ?? ''
    await desk.comes(id, 'done')
  })

  test('fits every width from a small phone to a wall', async () => {
    const { desk, id } = await full()
    const page = await world.window()
    for (const width of [360, 768, 1280, 2560, 3840]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(desk.at())
      await card(page, 'Write the report').waitFor()
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect([width, await page.evaluate(overflow)]).toEqual([width, 0])
      await page.goto(desk.at(`&task=${id}`))
      await drawer(page).getByRole('tab', { name: 'Task' }).waitFor()
      const box = await drawer(page).boundingBox()
      expect(box?.width).toBeLessThanOrEqual(width)
      expect([width, await page.evaluate(overflow)]).toEqual([width, 0])
    }
  })

  test('moves nothing for who wants less motion', async () => {
    const { desk } = await full()
    const page = await world.window({ reducedMotion: 'reduce' })
    await page.goto(desk.at())
    const sign = page.locator('[data-column=running] h2').locator('xpath=..').locator('svg g')
    await sign.waitFor()
    expect(await styleOf(sign, 'animation-iteration-count')).toBe('1')
    expect(await styleOf(sign, 'animation-duration')).toBe('0.001s')
  })

  test('keeps its theme', async () => {
    const desk = await world.desk()
    await desk.make('Here')
    const page = await world.window({ colorScheme: 'light' })
    await page.goto(desk.at())
    await card(page, 'Here').waitFor()
    const light = await styleOf(page.locator('html'), 'background-color')
    await page.getByRole('button', { name: 'Display' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
    expect(await styleOf(page.locator('html'), 'background-color')).not.toBe(light)
    await page.reload()
    await card(page, 'Here').waitFor()
    expect(await styleOf(page.locator('html'), 'background-color')).not.toBe(light)
  })
})
