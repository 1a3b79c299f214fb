/** What a worker has of the board: seven tools, for its own task and the tasks around it. */

import type { Bindings } from './tool.ts'

const own = 'Your own task is meant when it is left out.'

export const workerTools: Bindings = {
  show: {
    says: `Read a task: its text, the results that its parents handed over, comments, earlier attempts and their outcome, and worker_context, all of it as one text. Call it first, before any work. ${own}`,
    fields: ['task_id'],
    about: { task_id: `the id of a task, such as t_1a2b3c4d. ${own}` },
    fixed: { events: 50, worker_context: true },
    bare: true,
  },
  complete: {
    says: 'Finish your task. Call it once, as the last thing, when the work is done and checked; what you put in it is all that the next worker gets. Say in summary what came out and where it is, for somebody who saw nothing of it; one of summary and result is needed.',
    fields: ['summary', 'result', 'metadata', 'created_cards', 'task_id'],
    about: {
      summary: 'two to five sentences: what was done, what was found or decided, where it is',
      result: 'the result itself, where it is text to be kept with the task',
      metadata:
        'facts for programs, such as {"files": ["report.md"], "tests": {"passed": 12, "failed": 0}}',
      created_cards:
        'ids that kanban_create returned to you during this task, and no others; leave it out when you created none',
      task_id: own,
    },
    returns: ['task_id', 'run_id'],
  },
  block: {
    says: 'Stop, because you cannot go on without a decision, an access or a fact that only a person has. The task waits until somebody answers; then another worker goes on with it. Call it once, as the last thing. Try first what you can try yourself.',
    fields: ['reason', 'task_id'],
    needs: ['reason'],
    about: {
      reason:
        'one question that can be answered without looking anything up: what you need, what you have tried, the choices you see',
      task_id: own,
    },
    returns: ['task_id', 'run_id'],
  },
  heartbeat: {
    says: 'Say that your work goes on, and renew your claim. Call it before and during anything that takes minutes, with a note that tells how far you are.',
    fields: ['note', 'task_id'],
    about: { note: 'how far the work is, such as "4 of 9 files read"', task_id: own },
    returns: ['task_id'],
  },
  comment: {
    says: 'Add a comment to a task, for whoever works on it next or reads along: a finding, a decision and its reason. It is signed with your profile. It wakes nobody up: a question belongs into kanban_block.',
    fields: ['task_id', 'body'],
    needs: ['task_id'],
    about: { task_id: 'the id of the task, such as t_1a2b3c4d' },
    ignores: ['author'],
    returns: ['task_id', 'comment_id'],
  },
  create: {
    says: 'Create a task for another profile: work that you came across and that is not yours, or a part of what you plan. It starts as soon as its parents are done, so give them in the same call. Its worker knows nothing but what you write here.',
    fields: [
      'title',
      'assignee',
      'body',
      'parents',
      'tenant',
      'priority',
      'workspace_kind',
      'workspace_path',
      'branch',
      'triage',
      'idempotency_key',
      'max_runtime_seconds',
      'max_retries',
      'skills',
      'model',
    ],
    needs: ['assignee'],
    about: {
      title: 'what is to be done, in a line that begins with a verb',
      assignee: 'the profile that does it: one of those that your brief names',
      body: 'everything that its worker needs: goal, where to find what, limits, how to tell that it is done',
      parents: 'ids of tasks that must be done first; their results are handed over to it',
      tenant: 'the project or customer that it belongs to; that of your task when left out',
      priority: 'larger numbers start first',
      workspace_kind:
        'where it is worked on: scratch is an empty folder of its own, dir an existing folder, worktree a git worktree on a branch of its own',
      workspace_path: 'absolute path: the folder for dir, the repository for worktree',
      branch: 'the branch of a worktree; one is made when it is left out',
      triage: 'true parks it until a person lets it go',
      idempotency_key: 'an open task with this key is returned in place of a second one',
      max_runtime_seconds: 'the longest time that a run of it may take, in seconds',
      max_retries: 'failures in a row after which it is blocked',
      skills: 'names of skills that its worker loads besides its own',
      model: 'the model that its worker uses; that of its profile when left out',
    },
    ignores: ['created_by', 'author'],
    returns: ['task_id', 'status', 'warning'],
  },
  link: {
    says: 'Let one existing task wait for another: the child starts when the parent is done, and is given its result. A task that you are just creating takes its parents in kanban_create instead.',
    fields: ['parent_id', 'child_id'],
    about: {
      parent_id: 'the id of the task that is done first',
      child_id: 'the id of the task that waits for it',
    },
    returns: ['parent_id', 'child_id'],
  },
}
