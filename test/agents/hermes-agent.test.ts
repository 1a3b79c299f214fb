import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { show } from '../../src/board/show.ts'
import { sql } from '../../src/store/sql.ts'
import { findServer } from '../../tools/postgres-server.mjs'
import { allOver, logOf, makeHome } from '../e2e/home.ts'
import { makeFleet } from '../hosts/fleet.ts'

/** What the Python agent is to us: two programs side by side, of which the one has a name that we have too. */
const hermes = `#!/bin/sh
echo "said: $*"
echo "hermes is $(command -v hermes)"
echo "home: $HERMES_HOME"
if [ -n "$NOUS_API_KEY$AWS_SECRET_ACCESS_KEY" ]; then echo 'it has a key'; fi
hermes-kanban complete "$HERMES_KANBAN_TASK" --summary 'by its own flags'
`

/** With the profile `w`, which is worked by it; returns the folder of the profile. */
async function install(root: string): Promise<string> {
  const own = join(root, 'elsewhere', 'bin')
  const bin = join(root, 'bin')
  await mkdir(own, { recursive: true })
  await mkdir(bin)
  await writeFile(join(own, 'hermes'), hermes)
  await writeFile(join(own, 'hermes-agent'), '#!/bin/sh\nexit 1\n')
  for (const name of ['hermes', 'hermes-agent']) await chmod(join(own, name), 0o755)
  await symlink(join(own, 'hermes-agent'), join(bin, 'hermes-agent'))
  const folder = join(root, 'profiles', 'w')
  await mkdir(join(folder, 'skills', 'own'), { recursive: true })
  await writeFile(join(folder, 'skills', 'own', 'SKILL.md'), '---\ndescription: d\n---\n')
  const kanban = {
    runtime: 'hermes-agent',
    model: 'm/1',
    skills: ['own'],
    env: { PATH: `${bin}:/usr/bin:/bin` },
  }
  await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
  return folder
}

test('the Python agent is started by its own flags, and finds only our other name on its PATH', async () => {
  const home = await makeHome()
  const folder = await install(home.root)
  const task = await home.create('x', '--assignee', 'w')
  await home.gateway()
  const { runs } = await home.comes(task, 'done')
  expect(runs).toMatchObject([{ runtime: 'hermes-agent', model: 'm/1', outcome: 'completed' }])
  await allOver(home)
  const log = await logOf(home, task)
  expect(log).toContain(`said: chat -q work kanban task ${task} -m m/1 --skills own\n`)
  expect(log).toContain('hermes is \n')
  expect(log).toContain(`home: ${folder}\n`)
  expect(log).not.toContain('it has a key')
})

test.skipIf(findServer() === undefined)(
  'the Python agent, which opens the file of a board, is started on no board that has none',
  async () => {
    const fleet = await makeFleet(['anna'])
    const [anna] = fleet.hosts
    if (anna === undefined) throw new TypeError('a fleet has its hosts')
    await install(anna.root)
    await anna.start()
    const { out } = await anna.hermes('kanban', 'create', 'x', '--assignee', 'w', '--json')
    const hold = await fleet.until('the profile is held', (reader) =>
      reader.get<{ reason: string }>(sql`select reason from kanban_holds where scope = 'profile'`),
    )
    expect(hold.reason).toContain('Hermes Agent opens the file of a board by itself')
    const { task } = await fleet.board.store.read((reader) => show(reader, JSON.parse(out).id, 1))
    expect(task.consecutive_failures).toBe(0)
  },
)
