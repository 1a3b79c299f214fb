import { expect, test } from 'vitest'
import { errorCodes, exitCode, httpStatus } from '../../src/model/error.ts'

test('an error exits with 2 exactly where REST says 422', () => {
  for (const code of errorCodes) {
    expect([code, exitCode(code) === 2]).toEqual([code, httpStatus(code) === 422])
  }
})
