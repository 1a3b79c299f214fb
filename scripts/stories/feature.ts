import type { Teller } from './teller.ts'

/** One person and a few agents build a feature: design, work side by side, a question, a review. */
export async function tellFeature(story: Teller): Promise<void> {
  story.ago(26)
  const design = await story.make({
    title: 'Design the sign-in flow',
    assignee: 'architect',
    priority: 2,
    body: 'Passwordless: a link by mail, a passkey once one is registered.\n\n- no third-party scripts\n- works without JavaScript up to the passkey\n- one page, two states',
  })
  await story.run(design, {
    minutes: 14,
    notes: ['Reading the routes there are', 'Writing docs/sign-in.md'],
    ends: {
      summary:
        'Two states on one page. The link is good for 10 minutes and once. See docs/sign-in.md',
      metadata: { files: ['docs/sign-in.md'], decisions: { link_minutes: 10, uses: 1 } },
    },
  })
  story.ago(25)
  const parents = [design]
  const api = await story.make({
    title: 'Sign-in API: issue, redeem and revoke links',
    assignee: 'backend',
    priority: 2,
    parents,
    skills: ['kanban-worker'],
    workspace_kind: 'worktree',
    body: 'As docs/sign-in.md says.\n\n1. `POST /session/link` answers the same whether the address is known or not\n2. `POST /session` redeems\n3. `DELETE /session` revokes\n\nRate limits come with their own task.',
  })
  const form = await story.make({
    title: 'Sign-in page with both states',
    assignee: 'frontend',
    priority: 1,
    parents,
    body: 'Keyboard first. The error is said next to the field, and read out.',
  })
  const mail = await story.make({
    title: 'Mail with the link, in English and German',
    assignee: 'writer',
    parents,
    body: 'Plain text and HTML. Nothing is fetched.',
  })
  const limits = await story.make({
    title: 'Rate limits for asking for a link',
    assignee: 'backend',
    parents: [api],
    body: '5 in 10 minutes for an address, 30 for a network.',
  })
  const keys = await story.make({
    title: 'Register a passkey after the first sign-in',
    assignee: 'frontend',
    parents: [api, form],
  })
  const tests = await story.make({
    title: 'End-to-end tests of sign-in',
    assignee: 'tester',
    parents: [api, form, mail],
  })
  const review = await story.make({
    title: 'Security review of sign-in',
    assignee: 'reviewer',
    priority: 3,
    parents: [limits, keys, tests],
  })
  await story.make({ title: 'Announce sign-in by link', assignee: 'writer', parents: [review] })

  await story.run(mail, {
    minutes: 9,
    ends: {
      summary:
        'Both languages, 41 words each. The button is a link that also stands below as text.',
      metadata: { languages: ['en', 'de'] },
    },
  })
  await story.say(mail, 'you', 'Reads well. Leave out “simply”.')
  story.ago(3.2)
  await story.run(form, {
    minutes: 22,
    notes: ['Looking at the components there are', 'First state works with the keyboard'],
    ends: {
      asks: 'How long should a session last: until the browser closes, or 30 days? The design leaves it open, and the page has to say it.',
    },
  })
  story.ago(6)
  await story.make({
    title: 'Sign-out everywhere, from the account page',
    triage: true,
    body: 'Somebody asked for it twice.',
  })
  await story.make({ title: 'Do we need a password at all for support staff?', triage: true })
  story.ago(30)
  const kit = await story.make({
    title: 'Take the old login form out',
    assignee: 'frontend',
    body: 'It is linked from nowhere.',
  })
  await story.run(kit, {
    minutes: 6,
    ends: { summary: 'Removed the form, two routes and 312 lines of tests that only it needed.' },
  })
  const icons = await story.make({
    title: 'One icon for each account action',
    assignee: 'designer',
  })
  await story.run(icons, {
    minutes: 11,
    ends: { summary: 'Six icons, one weight, 1.4 KB together.' },
  })
  story.ago(2)
  await story.make({
    title: 'Copy for the empty account page',
    assignee: 'anna',
    body: 'Two sentences.',
  })
}
