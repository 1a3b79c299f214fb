/** The parts that speak with chats, in the real gateway, as whoever operates it sees them. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { library } from '../../src/gateway/chats/library.ts'
import { chatParts } from '../../src/gateway/parts.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { hermes, newRoot } from '../operations/home.ts'
import { startGateway } from './home.ts'
import { startDiscord } from './platforms/discord.ts'
import { startSlack } from './platforms/slack.ts'
import { startTelegram, type Telegram } from './platforms/telegram.ts'

// Each word to a gateway is the start of a program.
vi.setConfig({ testTimeout: 120_000 })

const telegramOf = ({ token, url }: Telegram) => ({
  TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_API_BASE_URL: url,
})

function dotenv(root: string, variables: Readonly<Record<string, string>>, mode = 0o600): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  const path = join(root, '.env')
  writeFileSync(path, lines.join(''))
  chmodSync(path, mode)
}

/** A program of that name that does nothing. */
async function stranger(root: string): Promise<number> {
  const path = join(root, 'hermes')
  writeFileSync(path, '#!/bin/sh\necho up\nread _\n', { mode: 0o755 })
  const child = spawn(path, ['gateway'], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

test('each part starts, fails and reports on its own, and no secret is written anywhere', async () => {
  const [telegram, slack, discord] = await Promise.all([
    startTelegram(),
    startSlack(),
    startDiscord(),
  ])
  await slack.down()
  const root = newRoot()
  const secrets = {
    ...telegramOf(telegram),
    SLACK_BOT_TOKEN: 'xoxb-very-secret',
    SLACK_APP_TOKEN: 'xapp-very-secret',
    SLACK_API_BASE_URL: slack.url,
    DISCORD_BOT_TOKEN: 'discord-very-secret',
    DISCORD_API_BASE_URL: discord.url,
    HOOK: 'hook-very-secret',
  }
  dotenv(root, secrets)
  writeFileSync(
    join(root, 'config.yaml'),
    'gateway:\n  telegram: {allowed_users: [1]}\n  webhooks: {w: {url: "http://127.0.0.1:9/t0ken", secret_env: HOOK}}\n',
  )
  const run = (...words: string[]) => hermes(root, words)
  onTestFinished(async () => void (await run('gateway', 'stop')))
  const { code, out } = await run('gateway', 'start')
  expect(code).toBe(1)
  expect(out).toContain('Its slack is not at work (failed: Slack cannot be reached (ECONNREFUSED)')
  expect(out).toContain('Its discord is not at work (failed: Discord does not know the token')
  await run('kanban', 'create', 'x', '--assignee', 'writer')
  await run('kanban', 'notify-subscribe', 't_', '--platform', 'webhook', '--chat-id', 'w')
  await run('kanban', 'block', 't_', 'why')
  telegram.write({ id: 1 }, 1, '/kanban list')
  await telegram.sent.count(1)
  const status = await run('gateway', 'status')
  expect(status.code).toBe(0)
  expect(status.out).toMatch(/^ {2}dispatcher {2}on$/m)
  expect(status.out).toMatch(/^ {2}telegram {4}on: as @kanban_bot$/m)
  expect(status.out).toMatch(/^ {2}slack {7}failed: Slack cannot be reached/m)
  expect(status.out).toMatch(/^ {2}notifier {4}on$/m)
  await run('gateway', 'stop')
  const places = filesIn(root).filter((path) => !path.endsWith('/.env'))
  expect(places.map((path) => path.slice(root.length))).toContain('/kanban/gateway.db')
  const hidden = [telegram.token, 'very-secret', 't0ken']
  for (const path of places) {
    const text = readFileSync(path, 'latin1')
    const isConfig = path.endsWith('config.yaml')
    for (const secret of hidden)
      expect(text.includes(secret) && !isConfig, `${path}: ${secret}`).toBe(false)
  }
  const ours = places.filter((path) => !path.endsWith('config.yaml'))
  expect(ours.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([])
  expect([status.out, out].join()).not.toMatch(/very-secret|AAHdq|t0ken/)
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

test('what a library forgets to catch is logged, and ends nothing', async () => {
  const slack = await startSlack()
  const root = newRoot()
  writeFileSync(
    join(root, 'config.yaml'),
    'kanban: {dispatcher: none}\ngateway:\n  slack: {allowed_users: [U1]}\n',
  )
  const run = (...words: string[]) =>
    hermes(root, words, {
      env: {
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_BASE_URL: slack.url,
      },
    })
  onTestFinished(async () => void (await run('gateway', 'stop')))
  expect((await run('gateway', 'start')).code).toBe(0)
  slack.sockets.all.at(-1)?.send('null')
  slack.slash({ id: 'U1', name: 'ann' }, 'D1', 'list')
  await slack.sent.first(({ text }) => text === 'No tasks.')
  const log = readFileSync(join(root, 'kanban', 'run', 'gateway.log'), 'utf8')
  expect(log).toMatch(/ error nobody caught: Cannot read properties of null/)
})

test('keys that others can read are not used', async () => {
  const telegram = await startTelegram()
  const root = newRoot()
  dotenv(root, telegramOf(telegram), 0o640)
  const gateway = await startGateway({ names: ['telegram'], variables: {}, config: '', root })
  const { says } = await gateway.when('telegram', ({ state }) => state === 'failed')
  const parts = await chatParts(
    {
      environment: gateway.environment,
      clock: systemClock,
      log: silent,
      pid: 1,
      program: [],
      service: null,
      signal: AbortSignal.abort(),
    },
    () => {},
  )
  expect(parts.map(({ name }) => name)).toEqual(['telegram', 'notifier'])
  expect(says).toBe(`${root}/.env can be read by others and is not used: chmod 600 ${root}/.env`)
  expect(telegram.calls.all).toEqual([])
})

test('a key that is missing is named', async () => {
  const gateway = await startGateway({
    names: ['slack', 'discord'],
    variables: { SLACK_BOT_TOKEN: 'xoxb-1', DISCORD_BOT_TOKEN: ' ' },
    config: '',
  })
  expect((await gateway.when('slack', ({ state }) => state === 'failed')).says).toMatch(
    /^SLACK_APP_TOKEN is not set: put it into \.env/,
  )
  expect((await gateway.when('discord', ({ state }) => state === 'failed')).says).toMatch(
    /^DISCORD_BOT_TOKEN is not set/,
  )
})

test("the other edition's bots are its own while its gateway lives, unless ours is named apart", async () => {
  const telegram = await startTelegram()
  const root = newRoot()
  dotenv(root, telegramOf(telegram))
  const pid = await stranger(root)
  writeFileSync(join(root, 'gateway.pid'), JSON.stringify({ pid }))
  const off = await startGateway({ names: ['telegram'], variables: {}, config: '', root })
  const { says } = await off.when('telegram', ({ state }) => state === 'off')
  expect(says).toContain(`process ${pid}, the gateway of Hermes Agent, uses the bot`)
  await off.stop()
  expect(telegram.calls.all).toEqual([])
  const variables = telegramOf(telegram)
  const on = await startGateway({ names: ['telegram'], variables, config: '', root })
  await on.when('telegram', ({ state }) => state === 'on')
})

test('a library that is not installed is named with the way to install it', async () => {
  const missing: string = 'no-such-library'
  await expect(library('no-such-library', () => import(missing))).rejects.toThrow(
    'the package no-such-library is not installed: npm install -g hermes-kanban --include=optional brings it',
  )
})

test('a section that is no good fails the chats alone, with its key, and is warned of where it is a slip', async () => {
  const root = newRoot()
  const run = (...words: string[]) => hermes(root, words)
  onTestFinished(async () => void (await run('gateway', 'stop')))
  writeFileSync(
    join(root, 'config.yaml'),
    'gateway:\n  platforms: {theirs: 1}\n  slack: {allowed_user: [1]}\n  telegram: {allowed_users: 7}\n',
  )
  const { code, out } = await run('gateway', 'start')
  expect(code).toBe(1)
  expect(out).toContain('gateway.telegram.allowed_users must be a list of ids')
  const status = await run('gateway', 'status')
  expect(status.out).toMatch(/^ {2}dispatcher {2}on$/m)
  expect(status.out).toContain('notifier    failed: cannot use')
  writeFileSync(join(root, 'config.yaml'), 'gateway:\n  slack: {allowed_user: [1]}\n  theirs: 1\n')
  const { warnings } = JSON.parse((await run('gateway', 'status', '--json')).out)
  expect(warnings.join()).toContain('gateway.slack.allowed_user is no setting of ours')
  expect(warnings.join()).toContain('did you mean allowed_users?')
  expect(warnings.join()).not.toContain('theirs')
})

test('Slack makes an app from what manifest prints', async () => {
  const { code, out } = await hermes(newRoot(), ['gateway', 'manifest', 'slack'])
  expect(code).toBe(0)
  const { features, oauth_config, settings } = JSON.parse(out)
  expect(features.slash_commands[0].command).toBe('/kanban')
  expect(oauth_config.scopes.bot).toEqual(expect.arrayContaining(['commands', 'chat:write']))
  expect(settings).toMatchObject({
    socket_mode_enabled: true,
    interactivity: { is_enabled: true },
  })
  expect((await hermes(newRoot(), ['gateway', 'manifest'])).code).toBe(2)
})
