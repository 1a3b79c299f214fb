/** The real gateway as a process of its own, killed while it sends. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { block, unblock } from '../../src/board/block.ts'
import { complete } from '../../src/board/complete.ts'
import { hermes, newHome } from '../operations/home.ts'
import { config, none, told } from './notified.ts'
import { startTelegram, type Telegram } from './platforms/telegram.ts'

const main = resolve('src/main.ts')

/** Kills it as often, each time when a message was accepted and that was not said yet: only that comes again. */
export async function killWhileSending(kills: number): Promise<void> {
  const telegram = await startTelegram()
  const home = await newHome()
  const { write } = home.board.store
  writeFileSync(join(home.root, 'config.yaml'), `kanban:\n  dispatcher: none\n${config}`)
  const env = envOf(telegram)
  let gateway = run(home.root, env)
  onTestFinished(() => void gateway.kill('SIGKILL'))
  const killed: string[] = []
  let accepted = 0
  telegram.onAccepted = async ({ text }) => {
    accepted += 1
    if (accepted % 3 !== 0 || killed.length === kills) return
    killed.push(text)
    const ended = once(gateway, 'exit')
    gateway.kill('SIGKILL')
    await ended
    gateway = run(home.root, env)
  }
  const ids: string[] = []
  for (let n = 0; n < kills * 2; n += 1) ids.push(await write((tx) => told(tx, `Task ${n}`)))
  for (const id of ids) {
    await write(async (tx) => {
      await block(tx, id, { reason: `why ${id}` })
      await unblock(tx, id)
      await complete(tx, id, {})
    })
  }
  await new Promise<void>((done, failed) => {
    const look = () => none(home).then((isSo) => isSo && done(), failed)
    onTestFinished(home.board.store.watch(look))
    void look()
  })
  expect(killed).toHaveLength(kills)
  const texts = telegram.sent.all.map(({ text }) => text)
  const wanted = ids.flatMap((id, n) => [
    `⏸ @writer ${id} blocked: why ${id}`,
    `✔ @writer ${id} done: Task ${n}`,
  ])
  expect(texts.toSorted()).toEqual([...wanted, ...killed].toSorted())
  const stopped = once(gateway, 'exit')
  expect((await hermes(home.root, ['gateway', 'stop'])).code).toBe(0)
  await stopped
}

function envOf(telegram: Telegram) {
  return { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_BASE_URL: telegram.url }
}

function run(root: string, env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [main, 'gateway', 'run'], {
    env: { HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  })
}
