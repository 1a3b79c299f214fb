import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allOver, logOf, makeHome } from '../e2e/home.ts'

/** What the Python agent is to us: two programs side by side, of which the one has a name that we have too. */
const hermes = `#!/bin/sh
echo "said: $*"
echo "hermes is $(command -v hermes)"
echo "home: $HERMES_HOME"
if [ -n "$NOUS_API_KEY$AWS_SECRET_ACCESS_KEY" ]; then echo 'it has a key'; fi
hermes-kanban complete "$HERMES_KANBAN_TASK" --summary 'by its own flags'
`

test('the Python agent is started by its own flags, and finds only our other name on its PATH', async () => {
  const home = await makeHome()
  const own = join(home.root, 'elsewhere', 'bin')
  const bin = join(home.root, 'bin')
  await mkdir(own, { recursive: true })
  await mkdir(bin)
  await writeFile(join(own, 'hermes'), hermes)
  await writeFile(join(own, 'hermes-agent'), '#!/bin/sh\nexit 1\n')
  for (const name of ['hermes', 'hermes-agent']) await chmod(join(own, name), 0o755)
  await symlink(join(own, 'hermes-agent'), join(bin, 'hermes-agent'))
  const folder = join(home.root, 'profiles', 'w')
  await mkdir(join(folder, 'skills', 'own'), { recursive: true })
  await writeFile(join(folder, 'skills', 'own', 'SKILL.md'), '---\ndescription: d\n---\n')
  const kanban = {
    runtime: 'hermes-agent',
    model: 'm/1',
    skills: ['own'],
    env: { PATH: `${bin}:/usr/bin:/bin` },
  }
  await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
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
