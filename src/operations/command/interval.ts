import type { Shorthand } from './binding.ts'

/** Of an older edition, which looked every so often; events arrive by themselves. */
export const interval: Shorthand = {
  flag: '--interval <seconds>',
  says: 'accepted for older scripts, without effect',
  sets: [],
  parse: () => ({}),
}
