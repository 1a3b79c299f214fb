/** Whether work that is ready would be done here: the configuration, the dispatcher, runtimes and profiles. */

import { existsSync } from 'node:fs'
import { allBoards } from '../../board/places.ts'
import { type Config, type Environment, readConfig } from '../../config.ts'
import { dispatcherAlive } from '../../dispatcher/holder.ts'
import { runFolder } from '../../dispatcher/host.ts'
import { otherEdition, otherGateway } from '../../dispatcher/other-edition.ts'
import { isHere } from '../../workers/check-profile.ts'
import { type Entry, profileBook } from '../../workers/profile-book.ts'
import { profileFile } from '../../workers/profile-paths.ts'
import { type Profile, readProfile } from '../../workers/profiles.ts'
import { settingFlags } from '../profile/settings.ts'
import { type Finding, fine, orBroken, warning } from './finding.ts'

const untilThen =
  'correct the file: until then a gateway that runs goes on with the settings from before, and one that is started dispatches nothing'

export function checkConfig(facts: Environment): Promise<readonly Finding[]> {
  const { root } = facts
  return orBroken('config', untilThen, async () => {
    const { config, warnings } = await readConfig(root)
    const all = warnings.map((says) => warning('config', says, 'correct the name, or take it out'))
    return [
      ...(all.length === 0 ? [fine('config', 'is in order')] : all),
      ...(await homeless(config, facts)),
      await dispatcher(root, config),
      ...(await otherProgram(root)),
    ]
  })
}

/** Entries of `kanban.recurring` that no board is there for. */
async function homeless({ recurring }: Config, facts: Environment): Promise<Finding[]> {
  if (recurring.length === 0) return []
  const slugs = (await allBoards(facts)).map(({ slug }) => slug)
  return recurring.flatMap(({ name, board }) => {
    if (slugs.includes(board)) return []
    const says = `is never made, for there is no board ${board}`
    return [warning(`recurring ${name}`, says, `hermes kanban boards create ${board}`)]
  })
}

async function dispatcher(root: string, { dispatcher: who }: Config): Promise<Finding> {
  const about = 'dispatcher'
  // Asking makes the folder that it asks in, and a doctor makes nothing.
  const isThere = existsSync(runFolder(root))
  const { alive, holder, trouble } = isThere
    ? await dispatcherAlive(root)
    : { alive: false, holder: undefined, trouble: null }
  const runs = `runs${holder === undefined ? '' : `: process ${holder.pid}`}`
  if (trouble !== null) return warning(about, `${runs}; ${trouble}`, 'hermes gateway status')
  if (alive) return fine(about, runs)
  if (who !== 'hermes-kanban') {
    return fine(about, `is left to ${who === 'none' ? 'nobody' : who} by kanban.dispatcher`)
  }
  return warning(about, 'none is running, so tasks that are ready wait', 'hermes gateway start')
}

/** Each of the two may be used, and both in turn; at the same moment only with some versions of the other. */
async function otherProgram(root: string): Promise<Finding[]> {
  const pid = await otherGateway(root)
  if (pid === undefined) return []
  const says = `process ${pid}, the gateway of Hermes Agent, uses this home too; later versions of it drop SQLite's locks, and a board that both write at the same moment can be damaged`
  const next = (await otherEdition(root)) ?? 'stop one of the two; one after the other is safe'
  return [warning('hermes-agent', says, next)]
}

export function checkPrograms({ variables }: Environment): Finding[] {
  const git = isHere('git', variables)
    ? fine('git', 'is here')
    : warning('git', 'is not on the PATH, and worktrees need it', 'install git')
  return [git]
}

export async function checkProfiles({ root, variables }: Environment): Promise<Finding[]> {
  const entries = [...(await profileBook(root, variables).entries()).values()]
  const findings: Finding[] = []
  for (const entry of entries) findings.push(...(await checkProfile(root, entry)))
  if (entries.some(({ fault }) => fault === null)) return findings
  return [
    ...findings,
    warning(
      'profiles',
      'none can start workers here',
      'hermes profile install researcher (in a script, with --yes)',
    ),
  ]
}

async function checkProfile(root: string, { name, profile, fault }: Entry): Promise<Finding[]> {
  const about = `profile ${name}`
  // The home is a profile too, whether or not somebody gives it work.
  const isUnused = name === 'default' && profile?.runtime === null && profile.command === null
  if (isUnused) return [fine(about, 'has no runtime: it is given no work')]
  if (profile === undefined) {
    return [warning(about, fault ?? 'cannot be read', `correct ${profileFile(root, name)}`)]
  }
  if (fault !== null) return [warning(about, fault, mendOf(profile, fault))]
  const { warnings } = await readProfile(root, name)
  const odd = warnings.map((says) => warning(about, says, 'correct the name, or take it out'))
  return odd.length === 0 ? [fine(about, 'can start workers')] : odd
}

/** What changes the setting that a fault speaks of. */
function mendOf({ name }: Profile, fault: string): string {
  const [, flag] = mends.find(([about]) => about.test(fault)) ?? mends[0]
  return `hermes profile edit ${name} ${flag}`
}

/** The first is for whatever another runtime does not need: a key, a program that is not here. */
const mends = [
  [/^kanban\.runtime|^its runtime/, settingFlags.runtime],
  [/^kanban\.command|^its command/, settingFlags.command],
  [/^kanban\.skills/, settingFlags.skills],
  [/^kanban\.env/, settingFlags.env],
  [/^no model is set/, settingFlags.model],
] as const
