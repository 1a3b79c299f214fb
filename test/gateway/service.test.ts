import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { environment } from '../../src/config.ts'
import { serviceOf } from '../../src/gateway/service/choose.ts'
import { launchd } from '../../src/gateway/service/launchd.ts'
import { systemd } from '../../src/gateway/service/systemd.ts'
import { temporaryFolder } from '../lib/folder.ts'
import { hermes, newRoot } from '../operations/home.ts'

const odd = {
  root: '/home/me/a "b" 100% $HOME\\x',
  home: '/home/me',
  config: '/home/me/.config',
  uid: 501,
  program: ['/usr/bin/node', '/opt/a $b 50% <c>/main.js'],
  path: '/usr/bin:/bin',
  log: '/home/me/a/gateway.log',
}

test('the unit keeps workers alive when the gateway ends, whatever ends it', () => {
  const { text, file } = systemd({ ...odd, root: '/home/me/.hermes' })
  expect(file).toBe('/home/me/.config/systemd/user/hermes-kanban.service')
  const lines = text.split('\n')
  expect(lines).toContain('KillMode=process')
  expect(lines).toContain('OOMPolicy=continue')
  expect(lines).toContain('Restart=always')
  expect(lines).toContain('WantedBy=default.target')
  expect(lines).toContain('Environment="HERMES_KANBAN_HOME=/home/me/.hermes"')
})

test('nothing in a path means anything to systemd', () => {
  const { text } = systemd(odd)
  expect(text).toContain('ExecStart="/usr/bin/node" "/opt/a $$b 50%% <c>/main.js" "gateway" "run"')
  expect(text).toContain('Environment="HERMES_KANBAN_HOME=/home/me/a \\"b\\" 100%% $HOME\\\\x"')
})

const analyzer = 'systemd-analyze'
const canAnalyze = spawnSync(analyzer, ['--version']).status === 0

test.skipIf(!canAnalyze)('systemd understands every line of the unit', () => {
  const folder = temporaryFolder()
  const main = join(folder, 'a $b 50% main.js')
  writeFileSync(main, '')
  const { text } = systemd({ ...odd, program: [process.execPath, main] })
  const unit = join(folder, 'hermes-kanban.service')
  writeFileSync(unit, text)
  const verify = ['--user', 'verify', '--man=no', '--recursive-errors=no', unit]
  const env = { PATH: process.env.PATH, HOME: folder, XDG_RUNTIME_DIR: folder }
  const { status, stderr } = spawnSync(analyzer, verify, { encoding: 'utf8', env })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('the agent of launchd leaves the process group of the gateway alone', () => {
  const { text, file } = launchd(odd)
  expect(file).toBe('/home/me/Library/LaunchAgents/hermes-kanban.plist')
  expect(text).toMatch(/<key>AbandonProcessGroup<\/key>\s*<true\/>/)
  expect(text).toMatch(/<key>KeepAlive<\/key>\s*<true\/>/)
  expect(text).toContain('<string>/opt/a $b 50% &lt;c&gt;/main.js</string>')
})

test('a service starts the program under the name that no other program takes', () => {
  const folder = temporaryFolder()
  const main = join(folder, 'main.js')
  const [plain, own] = [join(folder, 'hermes'), join(folder, 'hermes-kanban')]
  writeFileSync(main, '')
  symlinkSync(main, plain)
  const facts = environment({ HOME: folder })
  const text = () =>
    serviceOf(facts, ['/usr/bin/node', plain], { platform: 'linux', getuid: () => 1 }).text
  expect(text()).toContain(`"${plain}" "gateway"`)
  symlinkSync(main, own)
  expect(text()).toContain(`"${own}" "gateway"`)
  expect(() => serviceOf(facts, ['node', plain], { platform: 'win32' })).toThrow(
    'there is no service to install on win32',
  )
})

/** Programs of the system that write down how they are called; loginctl says that lingering is off. */
function system(answering: boolean) {
  const root = newRoot()
  const bin = join(root, 'bin')
  const calls = join(root, 'calls')
  mkdirSync(bin)
  for (const name of ['systemctl', 'loginctl']) {
    const script = `#!/bin/sh\necho "${name} $*" >> '${calls}'\n${answering ? 'echo Linger=no' : 'exit 1'}\n`
    writeFileSync(join(bin, name), script, { mode: 0o755 })
  }
  const env = { PATH: `${bin}:${process.env.PATH}`, XDG_CONFIG_HOME: join(root, 'config') }
  return {
    root,
    unit: join(root, 'config', 'systemd', 'user', 'hermes-kanban.service'),
    called: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    gateway: (verb: string, more: Readonly<Record<string, string>> = {}) =>
      hermes(root, ['gateway', verb], { env: { ...env, ...more } }),
  }
}

test.runIf(process.platform === 'linux')(
  'install starts the service and says that lingering is off',
  async () => {
    const { unit, called, gateway } = system(true)
    const { code, out } = await gateway('install')
    expect(code).toBe(0)
    expect(out).toContain(`Wrote ${unit}`)
    expect(out).toContain(
      'It is started now, and with every login. Its log: journalctl --user -u hermes-kanban.service',
    )
    expect(out).toMatch(/Lingering is off[^\n]*\n {2}loginctl enable-linger \S+/)
    expect(called().slice(1, 3)).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now hermes-kanban.service',
    ])
    expect(statSync(unit).mode & 0o777).toBe(0o644)
    const gone = await gateway('uninstall')
    expect(gone.out).toBe(`Removed ${unit}\n`)
    expect(existsSync(unit)).toBe(false)
    expect(called().slice(-2)).toEqual([
      'systemctl --user disable --now hermes-kanban.service',
      'systemctl --user daemon-reload',
    ])
  },
)

test.runIf(process.platform === 'linux')(
  'where systemd does not answer, the commands are said',
  async () => {
    const { unit, gateway } = system(false)
    const { code, out } = await gateway('install')
    expect(code).toBe(0)
    expect(out).toContain('  systemctl --user enable --now hermes-kanban.service\n')
    expect(readFileSync(unit, 'utf8')).toContain(`ExecStart="${process.execPath}"`)
    expect((await gateway('uninstall')).out).toContain(`Removed ${unit}\n`)
    expect((await gateway('uninstall')).out).toBe(`Nothing is installed: there is no ${unit}\n`)
  },
)

test.runIf(process.platform === 'linux')(
  'a database that only this terminal knows of is no database of a service',
  async () => {
    const { root, unit, gateway } = system(true)
    const names = { HERMES_KANBAN_DB: 'postgres://me@db.example.org/kanban' }
    const refused = await gateway('install', names)
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining('write it as kanban.database into'),
    })
    expect(existsSync(unit)).toBe(false)
    writeFileSync(join(root, 'config.yaml'), `kanban:\n  database: ${names.HERMES_KANBAN_DB}\n`)
    expect((await gateway('install', names)).out).toContain(`Wrote ${unit}`)
  },
)

test.runIf(process.platform === 'linux')(
  'a unit that somebody else wrote is neither replaced nor removed',
  async () => {
    const { unit, gateway, called } = system(true)
    mkdirSync(dirname(unit), { recursive: true })
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\n')
    for (const verb of ['install', 'uninstall']) {
      const { code, err } = await gateway(verb)
      expect(code).toBe(1)
      expect(err).toContain(`${unit} is there, and was not written by hermes-kanban`)
    }
    expect(readFileSync(unit, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n')
    expect(called()).toEqual([])
  },
)
