import { expect, test } from 'vitest'
import { clip, width } from '../../src/operations/command/table.ts'

test('a text is as wide as a terminal shows it', () => {
  const shown = {
    plain: 5,
    'e\u0301ve\u0301': 3,
    太郎: 4,
    '👍🏽': 2,
    '👩‍👧‍👦': 2,
    '…': 1,
    ｆｕｌｌ: 8,
  }
  for (const [text, columns] of Object.entries(shown)) expect(width(text), text).toBe(columns)
})

test('what does not fit is cut where a character ends, accents included', () => {
  expect(clip('plain', 5)).toBe('plain')
  expect(clip('plains', 5)).toBe('plai…')
  expect(clip('太郎太郎', 6)).toBe('太郎…')
  expect(clip('ae\u0301iou', 3)).toBe('ae\u0301…')
  expect(clip('as long as you like', undefined)).toBe('as long as you like')
})
