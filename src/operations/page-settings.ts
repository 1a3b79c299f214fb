import { z } from 'zod'
import { readDashboardConfig } from '../config.ts'
import { operation } from './operation.ts'

export const pageSettings = operation({
  name: 'page_settings',
  summary: 'Say how the page begins: dashboard.kanban of config.yaml.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({}),
  run: async (_input, { environment }) =>
    (await readDashboardConfig(environment.root)).config.kanban,
})
