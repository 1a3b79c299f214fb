import { expect, test } from 'vitest'
import { taskId, token } from '../../src/lib/ids.ts'
import { sameSecret } from '../../src/lib/secret.ts'

test('ids and tokens have their shape, and differ', () => {
  expect(taskId()).toMatch(/^t_[0-9a-f]{8}$/)
  expect(token()).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(Array.from({ length: 100 }, token)).size).toBe(100)
})

test('secrets are the same or not, whatever their length', () => {
  const secret = token()
  expect(sameSecret(secret, secret)).toBe(true)
  expect(sameSecret(secret, token())).toBe(false)
  expect(sameSecret(secret, `${secret}0`)).toBe(false)
  expect(sameSecret(secret, '')).toBe(false)
  expect(sameSecret('', '')).toBe(true)
})
