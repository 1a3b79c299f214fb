/** What is on the page is how things are, or says that it is not. */

import { describe, expect, test } from 'vitest'
import { comment } from '../../src/board/comment.ts'
import { card, column, drawer, isBlind, isOn, listens, until, useWorld } from './world.ts'

describe.skipIf(isBlind)('a window that stays open', () => {
  const world = useWorld()

  test('sees what happens elsewhere, and what another window does', async () => {
    const desk = await world.desk()
    const id = await desk.make('Shared')
    const [one, two] = [await world.window(), await world.window()]
    for (const page of [one, two]) {
      await page.goto(desk.at())
      await card(page, 'Shared').waitFor()
      await page.locator('[data-connection=live]').waitFor()
    }
    await desk.make('From a terminal')
    for (const page of [one, two]) await card(page, 'From a terminal').waitFor()
    await one.goto(desk.at(`&task=${id}`))
    await two.goto(desk.at(`&task=${id}`))
    await drawer(one).getByRole('textbox', { name: 'Write a comment' }).fill('Seen?')
    await one.keyboard.press('Enter')
    await drawer(two).getByText('Seen?').waitFor()
    await drawer(one).getByRole('button', { name: 'Park in triage' }).click()
    await column(two, 'Triage').getByRole('link', { name: 'Shared' }).waitFor()
    await drawer(two).locator('[data-status=triage]').waitFor()
  })

  test('asks once for a burst of events', async () => {
    const desk = await world.desk()
    const id = await desk.make('Busy')
    const page = await world.window()
    await page.goto(desk.at())
    await page.locator('[data-connection=live]').waitFor()
    await card(page, 'Busy').waitFor()
    let asked = 0
    page.on('request', (request) => {
      if (request.url().includes('/board?')) asked += 1
    })
    for (let number = 0; number < 60; number += 1) {
      await desk.board.store.write((tx) => comment(tx, id, 'bo', `Number ${number}`))
    }
    await until(async () => (await card(page, 'Busy').textContent())?.includes('60 comments'))
    expect(asked).toBeLessThan(15)
  })

  test('says that it is offline, keeps what it shows, and catches up when it is back', async () => {
    const desk = await world.desk()
    await desk.make('Before')
    const page = await world.window()
    await page.goto(desk.at())
    await page.locator('[data-connection=live]').waitFor()
    await page.context().setOffline(true)
    await page.getByRole('region', { name: 'Offline' }).waitFor()
    await card(page, 'Before').waitFor()
    await desk.make('Meanwhile')
    await page.context().setOffline(false)
    await card(page, 'Meanwhile').waitFor()
    await page.locator('[data-connection=live]').waitFor()
    await page.getByRole('region', { name: 'Offline' }).waitFor({ state: 'detached' })
  })

  test('a change that cannot be sent is taken back, and says so', async () => {
    const desk = await world.desk()
    await desk.make('Stays')
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, 'Stays').waitFor()
    await listens(page)
    await page.context().setOffline(true)
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.keyboard.press('j')
    await isOn(page, 'Stays')
    await page.keyboard.press('m')
    await page.getByRole('menuitem', { name: 'Park in triage' }).click()
    await page.getByText('the server cannot be reached', { exact: false }).first().waitFor()
    await column(page, 'Ready').getByRole('link', { name: 'Stays' }).waitFor()
    // Asking again and again would leave the card where it is not.
    expect(asked.filter((path) => path.endsWith('/board'))).toEqual([])
  })

  test('a page that did not come whole loads itself again', async () => {
    const desk = await world.desk()
    const page = await world.window()
    let tries = 0
    await page.route('**/assets/dialogs-*.js', async (route) => {
      tries += 1
      if (tries === 1) await route.abort()
      else await route.continue()
    })
    await page.goto(desk.at())
    await until(async () => tries === 2)
    await listens(page)
    await page.keyboard.press('c')
    await page.getByRole('dialog', { name: 'New task' }).waitFor()
  })

  test('comes back by itself after the server was away', async () => {
    const desk = await world.desk()
    await desk.make('Before')
    const page = await world.window()
    await page.goto(desk.at())
    await page.locator('[data-connection=live]').waitFor()
    await world.endGateway()
    await page.locator('[data-connection=offline]').waitFor()
    await desk.make('While it was away')
    await world.startGateway()
    await page.locator('[data-connection=live]').waitFor({ timeout: 40_000 })
    await card(page, 'While it was away').waitFor()
  })

  test('says when no dispatcher starts anything', async () => {
    const desk = await world.desk()
    await desk.make('Waits', { assignee: 'anna' })
    await world.endGateway()
    await world.startDashboard()
    const page = await world.window()
    const notice = page.getByRole('region', { name: 'No dispatcher is running here' })
    await page.goto(desk.at())
    await notice.waitFor()
    await page.waitForLoadState('networkidle')
    await world.endGateway()
    await world.startGateway()
    await page.goto(desk.at())
    await card(page, 'Waits').waitFor()
    expect(await notice.count()).toBe(0)
  })

  test('a window that may no longer look says so, and how to come back', async () => {
    const desk = await world.desk()
    await desk.make('Secret')
    const page = await world.window()
    await page.goto(desk.at())
    await page.locator('[data-connection=live]').waitFor()
    await world.hermes('dashboard', '--no-open', '--new-token')
    await page.locator('[data-connection=denied]').waitFor()
    await page.getByRole('region', { name: 'This page is no longer authorised' }).waitFor()
  })
})
