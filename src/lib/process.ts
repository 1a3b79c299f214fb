/** Processes of this machine: which they are, whether they live, and how they are ended to the last one. */

export { endProcesses } from './process/end.ts'
export { groupIsEmpty } from './process/group.ts'
export { bootId, identityOf, isAlive } from './process/identity.ts'
export { strays } from './process/strays.ts'
