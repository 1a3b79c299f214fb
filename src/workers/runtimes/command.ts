import { plain, type Runtime } from './runtime.ts'

/** Any program: its exit code decides. */
export const command: Runtime = {
  ...plain,
  name: 'command',
  title: 'any command',
  driver: 'command',
  program: 'profile',
  about: {
    install: 'name its program in kanban.command',
    login: 'see the documentation of the program',
    credentials: [],
  },
}
