/** Text of people and workers is text: it runs nothing, fetches nothing, and steers nothing. */

import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { link } from '../../src/board/links.ts'
import { drawer, isBlind, listens, useWorld } from './world.ts'

const attacks = [
  '<script>window.hit=1</script>',
  '<img src=x onerror="window.hit=2">',
  '<svg onload="window.hit=3">',
  '[link](javascript:window.hit=4)',
  '[data](data:text/html,<script>parent.hit=5</script>)',
  '![picture](https://evil.example/track.png)',
  '<iframe srcdoc="<script>parent.hit=6</script>"></iframe>',
  '<a href="vbscript:x">a</a>',
  '[[x]](  javascript&colon;alert(1))',
  '<style>*{display:none}</style>',
  '" onmouseover="window.hit=7',
  '{{constructor.constructor("window.hit=8")()}}',
].join('\n\n')

const oneLine = attacks.replaceAll('\n\n', ' ')

describe.skipIf(isBlind)('text from outside', () => {
  const world = useWorld()

  test('runs nothing and fetches nothing, wherever it stands', async () => {
    const desk = await world.desk()
    const name = '<img src=x onerror=hit=9>'
    const parent = await desk.make(`Parent ${oneLine.slice(0, 400)}`, { tenant: name })
    const id = await desk.make(`Title ${oneLine.slice(0, 400)}`, {
      ...{ body: attacks, assignee: name, tenant: name, skills: [name], branch: name },
      ...{ workspace_kind: 'dir', workspace_path: `/srv/${name}`, model: name },
    })
    await desk.board.store.write(async (tx) => {
      await comment(tx, id, name, attacks)
      await link(tx, parent, id)
      await complete(tx, parent, {
        summary: attacks,
        result: attacks,
        metadata: { [name]: attacks },
      })
      await complete(tx, id, {
        summary: attacks,
        result: `${attacks} t_00000000`,
        metadata: { [name]: name },
      })
    })
    await mkdir(desk.board.logs, { recursive: true })
    await writeFile(`${desk.board.logs}/${id}.log`, `${attacks}\n\u001b]52;c;aGl0\u0007\u001b[2J`)

    const page = await world.window()
    const outside: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(world.url())) outside.push(request.url())
    })
    await page.goto(desk.at())
    await page.locator('[data-card]').first().waitFor()
    for (const tab of ['task', 'runs', 'log', 'activity', 'graph']) {
      await page.goto(desk.at(`&task=${id}&tab=${tab}`))
      await drawer(page).getByRole('tabpanel').waitFor()
      await page.waitForLoadState('networkidle')
    }
    await page.goto(desk.at('&view=graph'))
    await page.locator('[data-node]').first().waitFor()
    expect(await page.evaluate('window.hit')).toBeUndefined()
    expect(outside).toEqual([])
    await page.goto(desk.at(`&task=${id}`))
    await drawer(page).locator('.prose').first().waitFor()
    const links = await drawer(page)
      .locator('.prose a')
      .evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.getAttribute('rel')]))
    expect(links.length).toBeGreaterThan(0)
    for (const [href, rel] of links) {
      expect(href).toMatch(/^(https?:\/\/|mailto:)/)
      expect(rel).toBe('noopener noreferrer nofollow')
    }
    expect(await drawer(page).locator('.prose :is(script, img, iframe, svg, style)').count()).toBe(
      0,
    )
    expect(await drawer(page).locator('.prose').first().textContent()).toContain('<script>')
  })

  test('turns no line around and hides nothing by control characters', async () => {
    const desk = await world.desk()
    const id = await desk.make('safe\u202egpj.exe \u001b[31mred\u001b[0m \u0007bell')
    await desk.board.store.write((tx) => comment(tx, id, 'a\u202eb', 'x\u2066y\u001b]0;t\u0007z'))
    const page = await world.window()
    await page.goto(desk.at(`&task=${id}`))
    await drawer(page).getByRole('heading', { name: 'safegpj.exe red bell' }).waitFor()
    await drawer(page).getByText('xyz').waitFor()
    expect(await page.locator('body').textContent()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  })

  test('stands on a page whose policy forbids whatever is not its own', async () => {
    const desk = await world.desk()
    await desk.make('Here')
    const page = await world.window()
    await page.addInitScript(
      "addEventListener('securitypolicyviolation', (e) => { (window.broken ??= []).push(e.violatedDirective + ' ' + e.blockedURI) })",
    )
    const answer = await page.goto(desk.at())
    const policy = answer?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    await page.locator('[data-card]').waitFor()
    await listens(page)
    await page.getByRole('button', { name: 'Display' }).hover()
    await page.keyboard.press('c')
    await page.getByRole('dialog', { name: 'New task' }).getByLabel('Assignee').click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Here' }).click()
    await drawer(page).waitFor()
    expect(await page.evaluate('window.broken')).toBeUndefined()
  })
})
