/** What a person's own agent has of the board: it sees to it for them, and works on no task itself. */

import type { Bindings } from './tool.ts'
import { workerTools } from './worker-tools.ts'

const id = 'the id of the task, such as t_1a2b3c4d'

export const operatorTools: Bindings = {
  list: {
    says: 'List tasks, the most urgent first. Narrow it by status or assignee before you read a whole board.',
    fields: ['status', 'assignee', 'tenant', 'archived', 'limit'],
    returns: ['board', 'tasks'],
  },
  show: {
    says: 'Read a task: its text, parents and children, comments, runs with what each handed over, and the latest events.',
    fields: ['task_id', 'events', 'worker_context'],
    needs: ['task_id'],
    about: { task_id: id },
    bare: true,
  },
  create: {
    says: 'Put a task on the board. A dispatcher starts a worker of the assigned profile as soon as its parents are done; the worker knows nothing but what you write here.',
    fields: [...(workerTools.create?.fields ?? []), 'host'],
    about: {
      ...workerTools.create?.about,
      tenant: 'the project or customer that it belongs to',
      host: 'the machine that it is to be worked on, where several share the board',
    },
    returns: ['task_id', 'status', 'warning', 'hint'],
  },
  edit: {
    says: 'Change the text or the priority of a task, or what a done one handed over. Only what you name is changed.',
    fields: ['task_id', 'title', 'body', 'priority', 'host', 'result', 'summary', 'metadata'],
    about: { task_id: id, body: 'its new text' },
  },
  link: {
    says: 'Let one task wait for another: the child starts when the parent is done, and is given its result.',
    fields: ['parent_id', 'child_id'],
  },
  assign: {
    says: 'Give a task that is not running to a profile; "none" for nobody.',
    fields: ['task_id', 'assignee'],
    about: { task_id: id },
  },
  comment: {
    says: 'Add a comment to a task. Its next worker reads it: the way to answer the question of a blocked task, before kanban_unblock.',
    fields: ['task_id', 'body'],
    needs: ['task_id'],
    about: { task_id: id },
    ignores: ['author'],
  },
  unblock: {
    says: 'Let a blocked task go on. Answer its question first, with kanban_comment or in reason.',
    fields: ['task_id', 'reason'],
    about: { task_id: id },
  },
  reclaim: {
    says: 'Take a running task back from its worker, which is ended, and have it tried again. What the worker had not handed over is lost.',
    fields: ['task_id', 'reason'],
    about: { task_id: id },
  },
  promote: {
    says: 'Let a task out of triage, so that it can be started.',
    fields: ['task_id'],
    about: { task_id: id },
  },
  archive: {
    says: 'Put a task away; tasks that wait for it no longer do. A running one is ended.',
    fields: ['task_id'],
    about: { task_id: id },
    returns: ['task_id'],
  },
  stats: {
    says: 'Count tasks by status and assignee: how the board is doing, in one look.',
    fields: [],
  },
  why: {
    says: 'Say why a task is where it is, and what would move it. The first thing to ask about a task that does not start.',
    fields: ['task_id'],
    needs: ['task_id'],
    about: { task_id: id },
  },
}
