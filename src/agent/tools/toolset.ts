/** Which tools a profile has: those of its toolsets, without what acts where it permits nothing. */

import { toolsetNames } from '../../config/profile.ts'
import type { Profile } from '../../workers/profiles.ts'
import type { Tool } from './tool.ts'

type ToolsetName = (typeof toolsetNames)[number]

export function has({ toolsets }: Profile, name: ToolsetName): boolean {
  return toolsets?.includes(name) ?? true
}

export function chooseTools(
  profile: Profile,
  tools: Readonly<Partial<Record<ToolsetName, readonly Tool[]>>>,
): Tool[] {
  return toolsetNames
    .filter((name) => has(profile, name))
    .flatMap((name) => tools[name] ?? [])
    .filter(({ acts }) => !acts || profile.permissions === 'allow')
}
