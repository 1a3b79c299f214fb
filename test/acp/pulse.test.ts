import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Pulse, takePulse } from '../../src/runner/drivers/acp/pulse.ts'

function taken(idle: number, tool: number): Pulse {
  const pulse = takePulse({ idle, tool })
  onTestFinished(() => pulse.stop())
  return pulse
}

test('a silence of its own is one, whatever a tool could take', async () => {
  const pulse = taken(0.05, 60)
  expect(await pulse.silence).toEqual({ what: 'silent', during: 'itself', seconds: 0.05 })
})

test('while a tool is at work it has as long as a tool may take', async () => {
  const pulse = taken(0.05, 0.1)
  pulse.toolBegan('a')
  expect(await pulse.silence).toEqual({ what: 'silent', during: 'tool', seconds: 0.1 })
})

test('when the last tool has ended it has its own time again', async () => {
  const pulse = taken(0.05, 60)
  pulse.toolBegan('a')
  pulse.toolBegan('b')
  pulse.toolEnded('a')
  await expect(Promise.race([pulse.silence, pause(150, 'patient')])).resolves.toBe('patient')
  pulse.toolEnded('b')
  expect(await pulse.silence).toMatchObject({ during: 'itself' })
})

test('tools whose end was not told end with the turn', async () => {
  const pulse = taken(0.05, 60)
  pulse.toolBegan('a')
  pulse.toolsEnded()
  expect(await pulse.silence).toMatchObject({ during: 'itself' })
})

test('a stopped pulse says nothing', async () => {
  const pulse = taken(0.05, 0.05)
  pulse.stop()
  await expect(Promise.race([pulse.silence, pause(150, 'nothing')])).resolves.toBe('nothing')
})
