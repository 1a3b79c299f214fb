/** Moving cards: by hand, by finger, by keyboard, from a menu; what is asked first, and what is refused. */

import type { CDPSession, Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import {
  card,
  column,
  type Desk,
  dragTo,
  drawer,
  hasKeyboard,
  isBlind,
  isOn,
  listens,
  useWorld,
} from './world.ts'

describe.skipIf(isBlind)('moving cards', () => {
  const world = useWorld()

  async function opened(desk: Desk, title: string): Promise<Page> {
    const page = await world.window()
    await page.goto(desk.at())
    await card(page, title).waitFor()
    await listens(page)
    return page
  }

  const inColumn = (page: Page, name: string, title: string): Locator =>
    column(page, name).locator('[data-card]', { hasText: title })

  test('a card dropped on another column is there, on the board too', async () => {
    const desk = await world.desk()
    const id = await desk.make('Park me')
    const page = await opened(desk, 'Park me')
    await dragTo(page, card(page, 'Park me'), column(page, 'Triage'))
    await inColumn(page, 'Triage', 'Park me').waitFor()
    await desk.comes(id, 'triage')
  })

  test('done asks for a summary, blocked for the question, archived whether; nothing happens before', async () => {
    const desk = await world.desk()
    const done = await desk.make('Finish me')
    const blocked = await desk.make('Stop me')
    const archived = await desk.make('Put me away')
    const page = await opened(desk, 'Finish me')
    await page.goto(desk.at('&archived=1'))

    await dragTo(page, card(page, 'Finish me'), column(page, 'Done'))
    const ask = page.getByRole('dialog', { name: /Finish me/ })
    await ask.getByRole('button', { name: 'Cancel' }).click()
    expect((await desk.show(done)).task.status).toBe('ready')
    await dragTo(page, card(page, 'Finish me'), column(page, 'Done'))
    await hasKeyboard(page)
    await page.keyboard.type('It is all in the folder')
    await ask.getByRole('button', { name: 'Complete' }).click()
    await desk.comes(done, 'done')
    expect((await desk.show(done)).latest_summary).toBe('It is all in the folder')

    await dragTo(page, card(page, 'Stop me'), column(page, 'Blocked'))
    const block = page.getByRole('dialog', { name: /Stop me/ })
    expect(await block.getByRole('button', { name: 'Block' }).isEnabled()).toBe(false)
    await hasKeyboard(page)
    await page.keyboard.type('Which one?')
    await page.keyboard.press('ControlOrMeta+Enter')
    await desk.comes(blocked, 'blocked')
    expect((await desk.show(blocked)).latest_summary).toBe('Which one?')

    await dragTo(page, card(page, 'Put me away'), column(page, 'Archived'))
    await hasKeyboard(page)
    await page.keyboard.press('Enter')
    await desk.comes(archived, 'archived')
  })

  test('a refused move goes back to where it was, with the board’s reason', async () => {
    const desk = await world.desk()
    const parent = await desk.make('Parent')
    const child = await desk.make('Child', { parents: [parent] })
    const page = await opened(desk, 'Child')
    const asked = page.waitForResponse((answer) => answer.request().method() === 'PATCH')
    await dragTo(page, card(page, 'Child'), column(page, 'Ready'))
    const { detail } = await (await asked).json()
    expect(detail).toContain(parent)
    await page.getByText(detail).first().waitFor()
    await inColumn(page, 'Todo', 'Child').waitFor()
    expect((await desk.show(child)).task.status).toBe('todo')
  })

  test('a move is seen before the board has answered', async () => {
    const desk = await world.desk()
    await desk.make('Quick')
    const page = await opened(desk, 'Quick')
    const held = Promise.withResolvers<void>()
    await page.route('**/tasks/*', async (route) => {
      if (route.request().method() === 'PATCH') await held.promise
      await route.continue()
    })
    await dragTo(page, card(page, 'Quick'), column(page, 'Triage'))
    await inColumn(page, 'Triage', 'Quick').waitFor()
    held.resolve()
    await inColumn(page, 'Triage', 'Quick').waitFor()
  })

  test('nothing can be dropped on running; a ready card offers to run now', async () => {
    await world.profile('busy', 'sleep 300')
    const desk = await world.desk()
    const held = await desk.make('Cannot start', { assignee: 'nobody-here' })
    const page = await opened(desk, 'Cannot start')
    await dragTo(page, card(page, 'Cannot start'), column(page, 'Running'))
    await inColumn(page, 'Ready', 'Cannot start').waitFor()
    await card(page, 'Cannot start').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Run now' }).click()
    await page.getByText('Not started: Cannot start').first().waitFor()
    await page
      .getByText('nobody-here is no profile on this machine', { exact: false })
      .first()
      .waitFor()
    await page.goto(desk.at(`&task=${held}`))
    await drawer(page).getByTitle('Assign it to somebody else').click()
    await page.keyboard.type('busy')
    await page.keyboard.press('Enter')
    await inColumn(page, 'Running', 'Cannot start').waitFor()
    await desk.comes(held, 'running')
  })

  test('the keyboard alone walks to a card, picks it up and puts it down', async () => {
    const desk = await world.desk()
    // What is made in one second stands in the order of its random ids.
    await desk.madeAt(systemClock() - 60, 'First')
    const id = await desk.make('Second')
    const page = await opened(desk, 'Second')
    await page.keyboard.press('j')
    await isOn(page, 'First')
    await page.keyboard.press('j')
    await isOn(page, 'Second')
    await page.keyboard.press('Space')
    await page.getByText('Picked up Second', { exact: false }).waitFor({ state: 'attached' })
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Escape')
    expect((await desk.show(id)).task.status).toBe('ready')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.getByText('Over Triage.').waitFor({ state: 'attached' })
    await page.keyboard.press('Space')
    await desk.comes(id, 'triage')
    await inColumn(page, 'Triage', 'Second').waitFor()
  })

  test('a carried card passes over running, where nothing can be put down', async () => {
    const desk = await world.desk()
    const id = await desk.make('Only')
    const page = await opened(desk, 'Only')
    await page.keyboard.press('j')
    await isOn(page, 'Only')
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowRight')
    await page.getByText('Over Blocked.').waitFor({ state: 'attached' })
    await page.keyboard.press('Space')
    await page.getByRole('dialog', { name: /Block/ }).waitFor()
    await hasKeyboard(page)
    await page.keyboard.type('Later')
    await page.keyboard.press('Control+Enter')
    await desk.comes(id, 'blocked')
  })

  test('a menu offers what fits the status, and does it', async () => {
    const desk = await world.desk()
    const id = await desk.make('Idea', { triage: true })
    const page = await opened(desk, 'Idea')
    await page.keyboard.press('j')
    await isOn(page, 'Idea')
    await page.keyboard.press('m')
    const offers = await page.getByRole('menuitem').allTextContents()
    expect(offers).toContain('Promote')
    expect(offers).not.toContain('Complete')
    await page.getByRole('menuitem', { name: 'Promote' }).click()
    await desk.comes(id, 'ready')
  })

  test('a finger that stays on a card carries it; one that moves on scrolls', async () => {
    const desk = await world.desk()
    const id = await desk.make('Carry me', { triage: true })
    const page = await world.window({ viewport: { width: 800, height: 700 }, hasTouch: true })
    await page.goto(desk.at())
    await card(page, 'Carry me').waitFor()
    const finger = await page.context().newCDPSession(page)
    const from = await middle(card(page, 'Carry me'))
    const to = await middle(column(page, 'Ready'))
    await swipe(finger, from, to)
    expect((await desk.show(id)).task.status).toBe('triage')
    await touch(finger, 'touchStart', from)
    await page
      .getByText('Only a worker’s claim moves a card here.', { exact: false })
      .waitFor({ state: 'attached' })
    for (const share of [0.3, 0.7, 1]) {
      await touch(finger, 'touchMove', {
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
      })
    }
    await touch(finger, 'touchEnd')
    await desk.comes(id, 'ready')
    await inColumn(page, 'Ready', 'Carry me').waitFor()
  })

  test('a finger that holds a card and lets go opens its menu', async () => {
    const desk = await world.desk()
    await desk.make('Hold me')
    const page = await world.window({ viewport: { width: 390, height: 800 }, hasTouch: true })
    await page.goto(desk.at())
    await card(page, 'Hold me').waitFor()
    const finger = await page.context().newCDPSession(page)
    await touch(finger, 'touchStart', await middle(card(page, 'Hold me')))
    await page.getByText('Only a worker’s claim', { exact: false }).waitFor({ state: 'attached' })
    await touch(finger, 'touchEnd')
    await page.getByRole('menuitem', { name: 'Park in triage' }).tap()
    await inColumn(page, 'Triage', 'Hold me').waitFor({ state: 'attached' })
  })
})

interface Point {
  readonly x: number
  readonly y: number
}

async function middle(what: Locator): Promise<Point> {
  const box = await what.boundingBox()
  if (box === null) throw new Error('it is not in view')
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 200) }
}

function touch(finger: CDPSession, type: 'touchStart' | 'touchMove' | 'touchEnd', at?: Point) {
  return finger.send('Input.dispatchTouchEvent', {
    type,
    touchPoints: at === undefined ? [] : [at],
  })
}

async function swipe(finger: CDPSession, from: Point, to: Point): Promise<void> {
  // All at once: a finger that waits for a busy machine would be one that stays.
  await Promise.all([
    touch(finger, 'touchStart', from),
    touch(finger, 'touchMove', to),
    touch(finger, 'touchEnd'),
  ])
}
