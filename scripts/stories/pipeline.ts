import type { Teller } from './teller.ts'

/** A release goes from step to step; one step breaks, is tried again and goes on. */
export async function tellPipeline(story: Teller): Promise<void> {
  story.ago(4)
  const notes = await story.make(
    {
      title: 'Collect what changed since 2.3',
      assignee: 'researcher',
      tenant: 'release-2.4',
      priority: 1,
    },
    'release',
  )
  const bump = await story.make(
    {
      title: 'Bump the version to 2.4.0',
      assignee: 'releaser',
      tenant: 'release-2.4',
      parents: [notes],
      workspace_kind: 'worktree',
      branch: 'release/2.4',
    },
    'release',
  )
  const linux = await story.make(
    {
      title: 'Build for Linux',
      assignee: 'builder',
      tenant: 'release-2.4',
      parents: [bump],
      max_runtime_seconds: '30m',
    },
    'release',
  )
  const mac = await story.make(
    {
      title: 'Build for macOS',
      assignee: 'builder',
      tenant: 'release-2.4',
      parents: [bump],
      max_runtime_seconds: '30m',
    },
    'release',
  )
  const test = await story.make(
    {
      title: 'Run the long tests on both builds',
      assignee: 'tester',
      tenant: 'release-2.4',
      parents: [linux, mac],
      max_retries: 3,
      body: 'All of `npm run test:long`, on both builds.\n\n| build | machine |\n| --- | --- |\n| Linux | runner-1 |\n| macOS | runner-4 |',
    },
    'release',
  )
  const log = await story.make(
    { title: 'Write the changelog', assignee: 'writer', tenant: 'release-2.4', parents: [notes] },
    'release',
  )
  const docs = await story.make(
    {
      title: 'Bring the manual up to 2.4',
      assignee: 'writer',
      tenant: 'release-2.4',
      parents: [notes],
    },
    'release',
  )
  const sign = await story.make(
    {
      title: 'Sign the packages',
      assignee: 'releaser',
      tenant: 'release-2.4',
      parents: [test, log],
      priority: 2,
    },
    'release',
  )
  const publish = await story.make(
    {
      title: 'Publish 2.4.0',
      assignee: 'release-manager',
      tenant: 'release-2.4',
      parents: [sign, docs],
      priority: 3,
      body: 'By hand. Look at the tests once more.',
    },
    'release',
  )
  await story.make(
    {
      title: 'Tell the mailing list',
      assignee: 'writer',
      tenant: 'release-2.4',
      parents: [publish],
    },
    'release',
  )

  await story.run(notes, {
    minutes: 8,
    ends: {
      summary: '41 changes: 3 features, 22 fixes, 16 below the surface',
      metadata: { features: 3, fixes: 22, other: 16 },
    },
  })
  await story.run(bump, { minutes: 2, ends: { summary: '2.4.0 on branch release/2.4' } })
  await story.run(log, {
    minutes: 12,
    ends: {
      summary: 'Changelog of 2.4.0, 34 lines, each with its issue',
      result: '## 2.4.0\n\n- Boards can be imported\n- The graph of a board is drawn\n- 22 fixes',
    },
  })
  await story.run(linux, {
    minutes: 7,
    ends: {
      summary: 'x64 and arm64, 48 MB',
      metadata: { artifacts: ['app-2.4.0-x64.tar.gz', 'app-2.4.0-arm64.tar.gz'] },
    },
  })
  await story.run(mac, {
    minutes: 4,
    log: [
      'fetching the toolchain …',
      'compiling 214 files',
      'ld: library not found for -lz',
      'build failed',
    ],
    ends: { crashes: 'ld: library not found for -lz' },
  })
  story.later(1)
  await story.say(mac, 'you', 'zlib was missing on runner-4, it is there now.')
  await story.run(mac, {
    minutes: 9,
    log: ['fetching the toolchain …', 'compiling 214 files', 'linking', 'done in 8m 41s'],
    ends: {
      summary: 'Universal binary, 61 MB. The first try had no zlib to link against',
      metadata: { artifacts: ['app-2.4.0.dmg'] },
    },
  })
  await story.run(test, {
    minutes: 31,
    notes: ['Linux: 1,204 of 1,204', 'macOS: 890 of 1,204'],
    ends: { exceeds: 1800 },
  })
}
