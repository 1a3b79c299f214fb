/** Work that is done one after another for each key, and for different keys beside each other. */

export interface Lanes {
  /** Begins when everything that was added for the key before has ended. `work` must not throw. */
  add(key: string, work: () => Promise<void>): void
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Promise<void>>()
  return {
    add(key, work) {
      const lane = (lanes.get(key) ?? Promise.resolve()).then(work)
      lanes.set(key, lane)
      void lane.then(() => lanes.get(key) === lane && lanes.delete(key))
    },
    async idle() {
      while (lanes.size > 0) await Promise.all(lanes.values())
    },
  }
}
