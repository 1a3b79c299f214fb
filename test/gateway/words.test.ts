import { expect, test } from 'vitest'
import { discordText } from '../../src/gateway/chats/discord-text.ts'
import { clip, fit } from '../../src/gateway/chats/fit.ts'
import { typed } from '../../src/gateway/chats/on-command.ts'
import { meantBy } from '../../src/gateway/chats/on-reply.ts'
import { redact } from '../../src/gateway/chats/redact.ts'
import { plainText } from '../../src/gateway/chats/slack-text.ts'

test('the keys of bots are taken out of what is shown', () => {
  const text = 'request to http://x/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe failed'
  expect(redact(new Error(text))).toBe('request to http://x/bot<a key>/getMe failed')
  expect(
    redact('xoxb-12-ab xapp-1-A-2 MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs'),
  ).toBe('<a key> <a key> <a key>')
  expect(redact('t_1a2b3c4d at 10:15:04 in src/a.test.ts')).toBe(
    't_1a2b3c4d at 10:15:04 in src/a.test.ts',
  )
})

test('a reply is a comment, the word for going on, or both', () => {
  const cases: [said: string, words: string, resumes: boolean][] = [
    ['the red one', 'the red one', false],
    ['unblock', '', true],
    ['  Unblock. ', '', true],
    ['UNBLOCK!', '', true],
    ['unblock: the red one', 'the red one', true],
    ['unblock, the red one\nand the blue', 'the red one\nand the blue', true],
    ['unblock\nthe red one', 'the red one', true],
    ['unblock – the red one', 'the red one', true],
    ['unblocked it is not', 'unblocked it is not', false],
    ['unblock it only when ann says so', 'unblock it only when ann says so', false],
    ['do not unblock', 'do not unblock', false],
  ]
  for (const [said, words, resumes] of cases) {
    expect(meantBy(said, 'nothing'), said).toEqual({ words, resumes })
  }
  expect(meantBy('the red one', 'unblock')).toEqual({ words: 'the red one', resumes: true })
})

test('what phones make of hyphens and quotes is undone, and nothing else', () => {
  expect(typed('create “Tell – it” —assignee writer —json')).toBe(
    'create "Tell – it" --assignee writer --json',
  )
  expect(typed('comment t_1 a—b — c don’t')).toBe('comment t_1 a—b — c don’t')
})

test('what Slack marks in a text is read as it was written', () => {
  expect(
    plainText(
      'see <https://x.y/z|z> <http://a.b> <mailto:a@b.c|a@b.c> <@U1> <@U2|bob> <#C1|dev> <!here> &lt;b&gt; &amp;lt;',
    ),
  ).toBe('see https://x.y/z http://a.b a@b.c @U1 @bob #dev @here <b> &lt;')
})

test('what is cut keeps joined signs whole, and says that it is cut', () => {
  const family = '👨‍👩‍👧'
  expect(clip('abc', 3)).toBe('abc')
  expect(clip('abcd', 3)).toBe('ab…')
  expect(clip(family.repeat(3), 12)).toBe(`${family}…`)
  const cut = fit(`${'line\n'.repeat(100)}`, 200)
  expect(cut.length).toBeLessThanOrEqual(200)
  expect(cut).toMatch(/line\n… cut: 500 characters are too many here/)
})

test('the limit of Discord is on the text with its escapes, and an address is not escaped', () => {
  for (const columns of [false, true]) {
    const { content } = discordText({ text: '*_```'.repeat(1000), columns })
    expect(content.length).toBeLessThanOrEqual(2000)
    expect(content).toContain('use a terminal')
  }
  expect(discordText({ text: '1. a_b https://x.y/a_b*c d_e\n- f' }).content).toBe(
    '1\\. a\\_b https://x.y/a_b*c d\\_e\n\\- f',
  )
})
